"""Waiting for what another process of a test writes."""

import time
from collections.abc import Callable
from pathlib import Path


def once_written(file: Path, read: Callable = str, gone: Callable = lambda: False):
    """What another process writes into a file, as soon as it can be read: a file exists before it holds anything.

    `read` raises ValueError on what is not whole; `gone` says that nobody is left to write it.
    """
    until = time.monotonic() + 300
    while not gone() and time.monotonic() < until:
        try:
            return read(file.read_text())
        except (FileNotFoundError, ValueError):
            time.sleep(0.1)
    raise AssertionError(f"{file.name} was not written")
