"""Headings and codes that were not understood: a workbook in which to say what they mean, and what it then says."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

import polars as pl
import xlsxwriter
from rapidfuzz import process

from analysis.errors import TableError
from analysis.extract.definitions import Column, Definitions, Table, accepted_values, code_forms, words
from analysis.extract.files import printable, read_sheets

COLUMNS = ("list", "column", "not understood", "how often", "likely match", "what it means")
FEWEST_CHILDREN = 5
"""A code of fewer children is not written out: it could say something of one of them (ours)."""
LONGEST = 60  # characters; longer text may tell of a child (ours)
LIKELY = 60.0
"""A match of a lower score, of 100, is not offered (ours)."""
MADE = datetime(2026, 11, 22)  # the same account gives the same file


@dataclass(frozen=True)
class NotUnderstood:
    """A heading, or a code of a column, that is none that is known.

    Attributes
    ----------
    title : str
        Of the list.
    column : str
        The official heading of the code's column; empty for a heading.
    text : str
        As it is written.
    often : int
        How many sheets have the heading, or rows of the sheets the code.
    """

    title: str
    column: str
    text: str
    often: int


def unknown_codes(frame: pl.DataFrame, column: Column, wrong: pl.Series, table: Table) -> list[NotUnderstood]:
    """The codes of a column that were not understood and that may be written out: those of several children.

    Parameters
    ----------
    frame : polars.DataFrame
        A list's rows as text.
    column : Column
        The column of the codes.
    wrong : polars.Series of bool
        Its rows whose code was not understood.
    table : Table
        The list.

    Returns
    -------
    list of NotUnderstood
        In the order of the codes. None that has three digits in a row, a date or an address, or that names a person of
        the list.
    """
    tally = frame.filter(wrong).group_by(column.field).agg(pl.len(), children=pl.col("child_id").n_unique())
    several = tally.filter(pl.col("children") >= FEWEST_CHILDREN).sort(column.field)
    private = _private(frame, table)
    return [
        NotUnderstood(table.title, column.heading, text, often)
        for text, often in several.select(column.field, "len").iter_rows()
        if _may_be_shown(text, private)
    ]


def unknown_headings(cells: Sequence[object], frame: pl.DataFrame, table: Table) -> list[NotUnderstood]:
    """The headings that were not understood, but for those that could be a value of a record.

    Parameters
    ----------
    cells : sequence of object
        The headings that were not understood.
    frame : polars.DataFrame
        The list's rows as text.
    table : Table
        The list.

    Returns
    -------
    list of NotUnderstood
        Each counted once.
    """
    private = _private(frame, table)
    texts = [str(cell).strip() for cell in cells if isinstance(cell, str) and cell.strip()]
    return [NotUnderstood(table.title, "", text, 1) for text in texts if _may_be_shown(text, private)]


def write_mapping(path: Path, unknown: Iterable[NotUnderstood], sources: Iterable[Definitions]) -> None:
    """Add what was not understood to the mapping workbook at `path`, whose filled rows are left as they are.

    Parameters
    ----------
    path : Path
        A workbook; it need not be there yet.
    unknown : iterable of NotUnderstood
        Those of lists that `sources` do not have are passed over.
    sources : iterable of Definitions
        Definitions of every source that was read.
    """
    rows = {tuple(row[:3]): list(row) for row in _rows(path)} if path.is_file() else {}
    tables = {table.title: table for source in sources for table in source.tables.values()}
    tally: dict[tuple[str, str, str], int] = {}
    for one in unknown:
        key = (one.title, one.column, one.text)
        tally[key] = tally.get(key, 0) + one.often
    for (title, column, text), often in tally.items():
        if title in tables and (title, column, text) not in rows:
            rows[title, column, text] = [title, column, text, often, _likely(tables[title], column, text), ""]
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(str(path), options) as workbook:
        workbook.set_properties({"created": MADE})
        sheet = workbook.add_worksheet("Mapping")
        sheet.set_column(0, len(COLUMNS) - 1, 32)
        sheet.write_row(0, 0, COLUMNS, workbook.add_format({"bold": True}))
        for number, key in enumerate(sorted(rows), start=1):
            sheet.write_row(number, 0, rows[key])


def with_mapping(definitions: Definitions, path: Path | None) -> Definitions:
    """The definitions with what a mapping workbook says that headings and codes mean; as they are without one.

    Parameters
    ----------
    definitions : Definitions
    path : Path or None
        The mapping workbook; None for none.

    Returns
    -------
    Definitions

    Raises
    ------
    TableError
        Naming each row whose meaning is not a heading of its list or a code of its column.
    """
    problems, tables = [], dict(definitions.tables)
    for number, (title, heading, text, _, _, meaning) in enumerate(_rows(path) if path else (), start=2):
        table = next((one for one in tables.values() if one.title == title), None)
        if not meaning or table is None:  # a list of another source
            continue
        changed = _with_code(table, heading, text, meaning) if heading else _with_heading(table, text, meaning)
        if changed is None:
            expected = f"a code of '{heading}'" if heading else f"a heading of {title}"
            problems.append(f"row {number}, 'what it means': expected {expected}, as it is officially written")
        else:
            tables[table.name] = changed
    if problems and path:
        raise TableError(printable(path.name), problems)
    return replace(definitions, tables=MappingProxyType(tables))


def _with_heading(table: Table, text: str, meaning: str) -> Table | None:
    column = _column(table, meaning)
    return _with_column(table, replace(column, also=(*column.also, text))) if column else None


def _with_code(table: Table, heading: str, text: str, meaning: str) -> Table | None:
    column = _column(table, heading)
    value = code_forms(column.codes).get(words(meaning)) if column else None
    if column is None or not value:
        return None
    return _with_column(table, replace(column, meanings={**column.meanings, words(text): value}))


def _column(table: Table, heading: str) -> Column | None:
    return next((one for one in table.columns.values() if words(one.heading) == words(heading)), None)


def _with_column(table: Table, column: Column) -> Table:
    return replace(table, columns=MappingProxyType({**table.columns, column.field: column}))


def _likely(table: Table, heading: str, text: str) -> str:
    column = _column(table, heading) if heading else None
    choices = list(accepted_values(column.codes)) if column else [one.heading for one in table.columns.values()]
    match = process.extractOne(text, choices, processor=words, score_cutoff=LIKELY)
    return match[0] if match else ""


def _rows(path: Path) -> list[list[str]]:
    rows = [row for sheet in read_sheets(path)[:1] for row in sheet.rows[1:]]
    # Excel keeps a code such as 6 as the number 6.0.
    whole = [[int(cell) if isinstance(cell, float) and cell.is_integer() else cell for cell in row] for row in rows]
    texts = [["" if cell is None else str(cell) for cell in row] for row in whole]
    return [(row + [""] * len(COLUMNS))[: len(COLUMNS)] for row in texts]


def _private(frame: pl.DataFrame, table: Table) -> set[str]:
    personal = [one.field for one in table.columns.values() if one.kind in ("identifier", "name")]
    return {words(value) for field in personal if field in frame.columns for value in frame[field].drop_nulls()}


def _may_be_shown(text: str, private: set[str]) -> bool:
    # No identifier, date, telephone number or address, no name of a list's own, and no sentence.
    dated = re.search(r"\d{3}|\d+[/.\-]\d+|@", text)
    return len(text) <= LONGEST and not dated and private.isdisjoint({words(text), *words(text).split()})
