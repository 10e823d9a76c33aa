"""One run at a time in a build folder: two would take each other's half-made products for whole ones."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis.errors import StepError

LOCK = ".lock"


@contextmanager
def only_run_in(build: Path) -> Iterator[None]:
    """Hold the build folder, created if need be, for this process alone.

    The lock is SQLite's, which locks a file by the means of the system at hand and by which a process that is killed
    holds nothing any more. Nothing is ever written to it.

    Raises
    ------
    StepError
        If another run holds it, or the folder cannot be made or locked.
    """
    try:
        build.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise StepError(str(build), "expected a folder for everything made, found a file; name a folder") from None
    connection = sqlite3.connect(build / LOCK, timeout=0, isolation_level=None)
    try:
        _begin(connection, build)
        yield
    finally:
        connection.close()


def _begin(connection: sqlite3.Connection, build: Path) -> None:
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            problem = "another run is at work in this folder; wait until it has ended, or name another with --build"
        else:
            problem = "expected a folder that can be written to and locked; name another with --build"
        raise StepError(str(build), problem) from None
