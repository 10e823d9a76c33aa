"""The children in need census of one year: its XML as the rows of the census's tables.

Editions differ little: `Sex` or `GenderCurrent`, assessment factors or none, with or without declaration and
namespace. Names of elements are compared without regard to case.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import polars as pl
from lxml import etree

from analysis.errors import TableError
from analysis.extract.cells import dates
from analysis.extract.definitions import Table, census_elements, statutory_returns
from analysis.extract.return_xml import NOT_A_RETURN, Names, element_names, elements, texts

TABLES = tuple(name for name in statutory_returns().tables if name.startswith("cin_"))
# Which table the rows of an element within `CINdetails` make.
_WITHIN = {"assessments": "cin_assessment", "section47": "cin_section_47", "childprotectionplans": "cin_plan"}
_SECTIONS = {"childidentifiers", "childcharacteristics", "cindetails", "cinplandates", *_WITHIN}


@dataclass
class Census:
    """One census file.

    Attributes
    ----------
    reference_date : date or None
        The last day of its year; None where the file does not say.
    rows : dict of str to list
        For each of `TABLES` its rows: text by the order of the table's columns.
    unknown : set of str
        Names of elements that no edition has.
    """

    reference_date: date | None = None
    rows: dict[str, list[tuple[str | None, ...]]] = field(default_factory=lambda: {name: [] for name in TABLES})
    unknown: set[str] = field(default_factory=set)

    @property
    def year(self) -> tuple[date, date] | None:
        """First and last day of the census year."""
        if self.reference_date is None:
            return None
        try:
            before = self.reference_date.replace(year=self.reference_date.year - 1)
        except ValueError:  # 29 February
            before = self.reference_date - timedelta(days=366)
        return before + timedelta(days=1), self.reference_date


def read_census(path: Path) -> Census:
    """The rows of a census file.

    Raises
    ------
    TableError
        If the file is not well-formed XML, is not a children in need census, or declares entities.
    """
    census, collection, children = Census(), "", 0
    names, columns = Names(_tables()), {table.name: element_names(table) for table in _tables()}
    for name, element in elements(path, "CollectionDetails", "Child"):
        if name == "Child":
            children += 1
            for table, row in _child(element, names):
                census.rows[table].append(tuple(map(row.get, columns[table])))
        else:
            about = texts(element, Names(()))
            collection = about.get("collection", "").strip().upper()
            census.reference_date = _day(about.get("referencedate"))
            if collection != "CIN":
                raise TableError(path.name, NOT_A_RETURN)
    if not children:
        raise TableError(path.name, "it holds no child; export the census again" if collection else NOT_A_RETURN)
    census.unknown = set(names.values()) - _known()
    return census


def _child(child: etree._Element, names: Names) -> Iterator[tuple[str, dict[str, str]]]:
    """The rows that a child's element makes: each with its table, its texts by their names."""
    about: dict[str, str] = {}
    rows = []
    for section in child:
        name = names[section.tag]
        if name == "childidentifiers":
            about |= texts(section, names)
        elif name == "childcharacteristics":
            about |= texts(section, names)
            about |= _disability(section, names)
        elif name == "cindetails":
            rows += _details(section, names)
    yield "cin_child", about
    identifier = about.get("lachildid")
    for table, row in rows:
        row["lachildid"] = identifier
        yield table, row


def _details(details: etree._Element, names: Names) -> Iterator[tuple[str, dict[str, str]]]:
    own: dict[str, str] = {}
    for section in details:
        name = names[section.tag]
        if not len(section):
            if section.text:
                own[name] = section.text
        elif name in _WITHIN:
            yield _WITHIN[name], texts(section, names)
    yield "cin_referral", own


def _disability(characteristics: etree._Element, names: Names) -> dict[str, str]:
    # Any disability but NONE says that there is one.
    codes = []
    for section in characteristics:
        if names[section.tag] == "disabilities":
            codes += [text for leaf in section if (text := (leaf.text or "").strip())]
    some = [code for code in codes if code.upper() != "NONE"]
    return {"disability": (some or codes)[0]} if codes else {}


@cache
def _tables() -> tuple[Table, ...]:
    return tuple(statutory_returns().tables[name] for name in TABLES)


@cache
def _known() -> frozenset[str]:
    read = {name for table in _tables() for name in element_names(table)}
    return frozenset(read | census_elements() | _SECTIONS | {""})


def _day(text: str | None) -> date | None:
    return dates(pl.Series([(text or "").strip() or None], dtype=pl.String), latest=date.max)[0].item()
