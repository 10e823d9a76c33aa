"""Where the tables are computed: DuckDB inside this process, with its tables on disk and few of them in memory."""

import tempfile
import weakref
from pathlib import Path

import ibis
import pyarrow as pa
from ibis.backends import BaseBackend
from ibis.expr.types import Table
from ibis.util import gen_name


def connect(*, memory: str = "4GB", threads: int = 2) -> BaseBackend:
    """An engine to compute on. Its tables lie, packed, in a temporary folder that is deleted when it is dropped.

    In memory they would take several times as much, and at ten times a country be written out and read back again
    by every count.

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
    folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    file = Path(folder.name, "tables.duckdb")
    backend = ibis.duckdb.connect(file, threads=threads, memory_limit=memory, temp_directory=folder.name)
    weakref.finalize(backend, folder.cleanup)
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
