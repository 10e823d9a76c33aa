"""Where the tables are computed: DuckDB inside this process, or a Spark cluster for those who outgrow one machine."""

import tempfile

import ibis
import pyarrow as pa
from ibis.backends import BaseBackend
from ibis.expr.types import Table
from ibis.util import gen_name

from analysis.errors import AnalysisError

ENGINES = ("duckdb", "spark")


def connect(
    engine: str = "duckdb", *, address: str | None = None, memory: str = "4GB", threads: int = 2
) -> BaseBackend:
    """An engine to compute on.

    Parameters
    ----------
    engine : {"duckdb", "spark"}
        DuckDB writes to a temporary folder what does not fit into memory.
    address : str, optional
        Of a Spark cluster, e.g. "spark://host:7077"; without one Spark runs on this machine.
    memory : str
        Most memory that the engine may use.
    threads : int
        On this machine.

    Returns
    -------
    BaseBackend

    Raises
    ------
    AnalysisError
        If there is no such engine, or Spark is not installed.
    """
    if engine == "duckdb":
        backend = ibis.duckdb.connect(threads=threads, memory_limit=memory, temp_directory=tempfile.mkdtemp())
        backend.raw_sql("SET preserve_insertion_order = false; SET enable_progress_bar = false")
        return backend
    if engine == "spark":
        return ibis.pyspark.connect(_spark(address, memory, threads))
    raise AnalysisError("engine", f"expected one of {', '.join(ENGINES)}, found {engine!r}")


def register(backend: BaseBackend, frame: pa.Table) -> Table:
    """Register a table in memory with the engine.

    Parameters
    ----------
    backend : BaseBackend
    frame : pyarrow Table

    Returns
    -------
    ibis Table
        Under a name of its own.
    """
    name = gen_name("placed")
    if backend.name == "duckdb":
        backend.con.register(name, frame)
    else:
        backend._session.createDataFrame(frame).createOrReplaceTempView(name)
    return backend.table(name)


def materialise(table: Table) -> Table:
    """Compute a table once and store it on its engine, until the engine is closed."""
    backend = ibis.get_backend(table)
    if backend.name == "duckdb":
        return backend.create_table(gen_name("held"), table)
    return table.cache()


def _spark(address: str | None, memory: str, threads: int):
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        problem = "Spark is not installed; install pyspark 4 and Java 17, or leave the engine at duckdb"
        raise AnalysisError("engine spark", problem) from None
    options = {
        "spark.sql.session.timeZone": "UTC",
        "spark.driver.memory": memory.replace("GB", "g"),
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    if address is None:  # on one machine more parts than threads only cost
        options["spark.sql.shuffle.partitions"] = str(2 * threads)
    builder = SparkSession.builder.master(address or f"local[{threads}]").appName("family networks")
    for name, value in options.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()
