"""Where the tables are computed: DuckDB inside this process, which writes to disk what does not fit into memory."""

import tempfile

import ibis
import pyarrow as pa
from ibis.backends import BaseBackend
from ibis.expr.types import Table
from ibis.util import gen_name


def connect(*, memory: str = "4GB", threads: int = 2) -> BaseBackend:
    """An engine to compute on.

    Parameters
    ----------
    memory : str
        Most memory that the engine may use.
    threads : int
        On this machine.

    Returns
    -------
    BaseBackend
    """
    backend = ibis.duckdb.connect(threads=threads, memory_limit=memory, temp_directory=tempfile.mkdtemp())
    backend.raw_sql("SET preserve_insertion_order = false; SET enable_progress_bar = false")
    return backend


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
    backend.con.register(name, frame)
    return backend.table(name)


def materialise(table: Table) -> Table:
    """Compute a table once and store it on its engine, until the engine is closed."""
    return ibis.get_backend(table).create_table(gen_name("held"), table)
