"""Recognise a sheet by its headings: which list it is, in which row its headings are, what each column is."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from analysis.extract.definitions import Column, Definitions, Table, words

ROWS_SEARCHED = 15  # first rows, for titles and notes may stand above the headings (ours)
LONGEST_HEADING = 300  # characters; of longer text no more is looked at (ours)

_OTHER_RETURNS = {
    "an SSDA903 return of looked-after children": {"child", "dob", "upn", "mother", "decom", "uasc", "rne", "dec"},
    "a list of children and young people with special educational needs (SEND Annex A)": {
        "ehc plan", "ehcp", "sen support", "sen need", "primary sen need", "sen provision", "senunit",
    },
    "a children in need census": {"lachildid", "referraldate", "cinclosuredate", "pcd"},
}  # fmt: skip


@dataclass(frozen=True)
class Recognised:
    """A sheet that is one of the lists."""

    table: Table
    heading_row: int  # index of the row of headings; the data begin below it (-1 of XML, which has none)
    positions: dict[str, int]  # field -> index of its column
    unknown: tuple[int, ...]  # indexes of columns with a heading that is not one of the list's
    missing: tuple[Column, ...]
    repeated: tuple[int, ...]  # indexes of columns whose heading stood for a field already found
    end_row: int | None = None  # index of the row at which another table begins

    @property
    def is_xml(self) -> bool:
        """Whether the rows were elements of XML, which has no columns to be named by letters."""
        return self.heading_row < 0


def recognise(name: str, rows: Sequence[Sequence[object]], definitions: Definitions) -> Recognised | None:
    """The list that a sheet is, or None for a sheet that is not a list (guidance, codes, a cover).

    A list has, within its first rows, a row with the heading of the child's identifier and most of the headings
    of one list. Where two lists fit equally the sheet's name decides.

    Parameters
    ----------
    name : str
        Of the sheet or file.
    rows : sequence of sequence of object
        Of the sheet; the first 15 are searched.
    definitions : Definitions
        The lists that are looked for.

    Returns
    -------
    Recognised or None
    """
    best: tuple[float, Recognised] | None = None
    for index, row in enumerate(rows[:ROWS_SEARCHED]):
        headings = [_bare(str(cell)[:LONGEST_HEADING]) if cell not in (None, "") else "" for cell in row]
        for table in definitions.tables.values():
            if not _names_a_child(table, headings):
                continue
            found = _match(table, headings, index)
            score = _score(found, name) if found else 0
            if found and (best is None or score > best[0]):
                best = score, found
    return best[1] if best else None


def known_heading(definitions: Definitions) -> Callable[[object], bool]:
    """Whether a cell is one of the headings of any list, by its exact words."""
    forms = frozenset(form for table in definitions.tables.values() for form in _exact(table))

    @lru_cache(maxsize=4096)
    def known(cell: object) -> bool:
        return isinstance(cell, str) and 0 < len(cell) <= LONGEST_HEADING and _joined(_bare(cell)) in forms

    return known


def identifier_columns(row: Sequence[object], definitions: Definitions) -> list[int]:
    """Indexes of the cells of a row that are headings of the child's identifier.

    Parameters
    ----------
    row : sequence of object
        Of headings.
    definitions : Definitions

    Returns
    -------
    list of int
        Counted from 0.
    """
    headings = [_bare(str(cell)[:LONGEST_HEADING]) if cell not in (None, "") else "" for cell in row]
    tables = definitions.tables.values()
    return [i for i, heading in enumerate(headings) if any(_names_a_child(table, [heading]) for table in tables)]


def lacks_identifier(rows: Sequence[Sequence[object]], definitions: Definitions) -> Table | None:
    """The list whose headings a sheet has, all but that of the child's identifier; None if there is no such list.

    Parameters
    ----------
    rows : sequence of sequence of object
        Of the sheet; the first 15 are searched.
    definitions : Definitions

    Returns
    -------
    Table or None
    """
    for row in rows[:ROWS_SEARCHED]:
        headings = {_joined(_bare(str(cell)[:LONGEST_HEADING])) for cell in row if cell not in (None, "")}
        for table in definitions.tables.values():
            fields = {field for heading, field in _exact(table).items() if heading in headings}
            if "child_id" not in fields and len(fields) >= 4 and _distinguishing(table) & fields:
                return table
    return None


def named_like(name: str, definitions: Definitions) -> Table | None:
    """The list that a sheet's or file's name announces, e.g. "List_3", "list 3 - referrals" or "Referrals".

    Parameters
    ----------
    name : str
        Of the sheet or file.
    definitions : Definitions

    Returns
    -------
    Table or None
    """
    plain = words(name)
    for table in definitions.tables.values():
        number = table.name.removeprefix("list_")
        if re.search(rf"\blist ?0?{number}\b", plain) or plain in (*table.sheets, words(table.title), table.name):
            return table
    return None


def other_return(rows: Sequence[Sequence[object]]) -> str | None:
    """What a table that is not one of the lists appears to be, by the headings of well-known returns."""
    for row in rows[:ROWS_SEARCHED]:
        headings = {words(str(cell)[:LONGEST_HEADING]) for cell in row if cell not in (None, "")}
        for name, signs in _OTHER_RETURNS.items():
            if len(headings & signs) >= 2 or any(
                sign in heading for heading in headings for sign in signs if " " in sign
            ):
                return name
    return None


def _match(table: Table, headings: Sequence[str], index: int) -> Recognised | None:
    positions, repeated = {}, []
    exact = _exact(table)
    waiting = []
    for position, heading in enumerate(headings):
        if not heading:
            continue
        field = exact.get(_joined(heading))
        if field is None:
            waiting.append(position)
        elif field in positions:
            repeated.append(position)
        else:
            positions[field] = position
    unknown = []
    for position in waiting:
        field = _by_pattern(table, headings[position], positions)
        if field:
            positions[field] = position
        elif table.prefix and headings[position].startswith(table.prefix.rstrip("_")):
            continue
        else:
            unknown.append(position)
    if not _enough(table, set(positions)):
        return None
    wanted = (column for column in table.columns.values() if column.kind != "unused" and not column.optional)
    missing = tuple(c for c in wanted if c.field not in positions and c.words not in positions)
    return Recognised(table, index, positions, tuple(unknown), missing, tuple(repeated))


def _exact(table: Table) -> dict[str, str]:
    return _exact_headings(tuple((c.field, form) for c in table.columns.values() for form in (c.heading, *c.also)))


@cache
def _exact_headings(forms: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {_joined(_bare(form)): field for field, form in forms}


def _names_a_child(table: Table, headings: Sequence[str]) -> bool:
    exact, pattern = _exact(table), table.columns["child_id"].pattern
    return any(
        exact.get(_joined(heading)) == "child_id" or (pattern and re.search(pattern, heading))
        for heading in headings
        if heading
    )


def _enough(table: Table, found: set[str]) -> bool:
    if table.prefix:
        return "child_id" in found and len(found) >= 2
    return "child_id" in found and len(found) >= 3 and bool(_distinguishing(table) & found)


def _by_pattern(table: Table, heading: str, positions: dict[str, int]) -> str | None:
    for column in table.columns.values():
        if column.pattern and column.field not in positions and re.search(column.pattern, heading):
            return column.field
    return None


def _bare(heading: str) -> str:
    # "1. Gender" and "Is the child ... (Y/N)" are the same headings with and without their ends.
    return re.sub(r"^\d{1,2} |( y n)+$", "", words(_apart(heading)).replace("'", ""))


def _apart(heading: str) -> str:
    # "DateOfContact" is three words, "CINStartDate" too; "NFA", "ICPCs" and "UASC" are one.
    heading = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", heading)
    return re.sub(r"(?<=[A-Z])(?=[A-Z][a-z]{2})", " ", heading)


def _joined(heading: str) -> str:
    # The same heading however its words are joined: "date of contact", "DateOfContact", "DATEOFCONTACT".
    return re.sub(r"(yn)+$", "", heading.replace(" ", ""))


def _distinguishing(table: Table) -> set[str]:
    # What sets a list apart from its neighbours: its dates, or, where it has none, what no other list has.
    shared = {
        "child_id",
        "gender",
        "ethnicity",
        "birth_date",
        "age",
        "disability",
        "team",
        "worker",
        "family",
        "asylum",
    }
    return set(table.dates) or set(table.columns) - shared


def _score(found: Recognised, name: str) -> float:
    named = found.table.name.removeprefix("list_")
    plain = words(name)
    bonus = re.search(rf"\blist ?0?{named}\b", plain) or plain in (*found.table.sheets, words(found.table.name))
    share = len(found.positions) / len(found.table.columns)
    return len(found.positions) + 2 * share + (1.5 if bonus else 0) - 0.01 * found.heading_row
