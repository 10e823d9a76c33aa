"""Disclosure control: the only maker of `Released` tables, and of the files that hold them."""

from analysis.disclosure.catalogue import PAGE_TABLES, Column, TableSpecification
from analysis.disclosure.door import combine, release
from analysis.disclosure.files import read_released, write_released
from analysis.disclosure.released import Released

__all__ = [
    "PAGE_TABLES",
    "Column",
    "Released",
    "TableSpecification",
    "combine",
    "read_released",
    "release",
    "write_released",
]
