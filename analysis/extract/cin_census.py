"""The children in need census of one year: its XML as the rows of the census's tables.

Editions differ little: `Sex` or `GenderCurrent`, assessment factors or none, with or without declaration and
namespace. Names of elements are compared without regard to case.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from lxml import etree

from analysis.errors import TableError
from analysis.extract.definitions import census_elements, statutory_returns
from analysis.extract.return_xml import NOT_A_RETURN, element_names, elements, in_order, local_name, texts

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
    rows: dict[str, list[list[str | None]]] = field(default_factory=lambda: {name: [] for name in TABLES})
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
    for name, element in elements(path, "CollectionDetails", "Child"):
        if name == "CollectionDetails":
            about = texts(element)
            collection = about.get("collection", "").strip().upper()
            census.reference_date = _day(about.get("referencedate"))
            if collection != "CIN":
                raise TableError(path.name, NOT_A_RETURN)
        else:
            children += 1
            _add_child(census, element)
    if not children:
        raise TableError(path.name, "it holds no child; export the census again" if collection else NOT_A_RETURN)
    census.unknown -= _known()
    return census


def _add_child(census: Census, child: etree._Element) -> None:
    about: dict[str, str] = {}
    details = []
    for section in child:
        name = local_name(section).lower()
        if name == "childidentifiers":
            about |= texts(section)
        elif name == "childcharacteristics":
            about |= texts(section) | _disability(section)
        elif name == "cindetails":
            details.append(section)
        elif name:
            census.unknown.add(name)
    census.unknown |= about.keys()
    identifier = {"lachildid": about["lachildid"]} if "lachildid" in about else {}
    for table, row in (("cin_child", about), *(row for one in details for row in _details(census, one))):
        census.rows[table].append(in_order(row | identifier, _columns()[table]))


def _details(census: Census, details: etree._Element) -> Iterator[tuple[str, dict[str, str]]]:
    own = texts(details)
    census.unknown |= own.keys()
    yield "cin_referral", own
    for section in details:
        name = local_name(section).lower()
        if table := _WITHIN.get(name):
            values = texts(section)
            census.unknown |= values.keys()
            yield table, values
        elif len(section):
            census.unknown.add(name)


def _disability(characteristics: etree._Element) -> dict[str, str]:
    # Any disability but NONE says that there is one.
    codes = [(leaf.text or "").strip() for leaf in characteristics.iter("{*}Disability") if (leaf.text or "").strip()]
    some = [code for code in codes if code.upper() != "NONE"]
    return {"disability": (some or codes)[0]} if codes else {}


@cache
def _columns() -> dict[str, list[tuple[str, ...]]]:
    return {name: element_names(statutory_returns().tables[name]) for name in TABLES}


def _known() -> set[str]:
    read = {name for columns in _columns().values() for names in columns for name in names}
    return read | census_elements() | _SECTIONS


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat((text or "").strip()[:10])
    except ValueError:
        return None
