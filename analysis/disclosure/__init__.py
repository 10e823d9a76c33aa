"""Disclosure control: the only maker of `Released` tables, and of the files that hold them."""

from analysis.disclosure.attack import Finding, attack
from analysis.disclosure.catalogue import PAGE_TABLES
from analysis.disclosure.files import add_page, read_earlier, read_released, write_released
from analysis.disclosure.joint import add_up, attack_jointly
from analysis.disclosure.notes import describe_preset
from analysis.disclosure.release_gate import combine, release, release_all
from analysis.disclosure.released import Released
from analysis.disclosure.specification import Column, Support, TableSpecification

__all__ = [
    "PAGE_TABLES",
    "Column",
    "Finding",
    "Released",
    "Support",
    "TableSpecification",
    "add_page",
    "add_up",
    "attack",
    "attack_jointly",
    "combine",
    "describe_preset",
    "read_earlier",
    "read_released",
    "release",
    "release_all",
    "write_released",
]
