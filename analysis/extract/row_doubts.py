"""Doubts about whole rows of a list: shifted cells, identifiers left blank, days counted from 1904."""

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from analysis.extract.definitions import Table
from analysis.extract.files import Sheet
from analysis.extract.report import ReportBuilder, number, some_rows

FIRST_DAY_OF_1904 = date(1904, 1, 1)  # day 0 of a workbook that counts from 1904
LAST_SERIAL = 80_000  # in the twenty-second century


def note_shifted_rows(sheet: Sheet, rows: slice, *, where: str, notes: ReportBuilder) -> None:
    """Note the rows of a CSV with more filled cells than there are headings, as an unquoted comma leaves them.

    Parameters
    ----------
    sheet : Sheet
    rows : slice
        Those of one table, its headings first.
    where : str
        What messages call the table.
    notes : ReportBuilder
    """
    if not sheet.is_text:
        return
    headings, *body = sheet.rows[rows]
    width = max((position for position, cell in enumerate(headings, start=1) if cell not in (None, "")), default=0)
    first = rows.start + 2
    shifted = [index for index, row in enumerate(body, start=first) if len(row) > width and any(row[width:])]
    if shifted:
        sentence = f"{number(len(shifted), 'row')} with more cells than there are headings ({some_rows(shifted)})"
        cure = "an unquoted comma in a cell moves what follows it, so the row may be misread"
        notes.problem(where, f"{sentence}; {cure}; put quotation marks round such cells and export again")


def note_blank_identifiers(
    frame: pl.DataFrame, table: Table, *, where: str, notes: ReportBuilder, is_xml: bool = False
) -> None:
    """Note the rows that say something dated of nobody, as merged cells and grouped reports leave them.

    Parameters
    ----------
    frame : polars.DataFrame
        A list's rows as text, with `row`, the sheet's row.
    table : Table
        The list.
    where : str
        What messages call the table.
    notes : ReportBuilder
    is_xml : bool
        Whether the rows were elements of XML, which has no merged cells.
    """
    dated = [name for name in table.dates if name in frame.columns]
    blank = pl.all_horizontal(pl.exclude("row").is_null())
    nobody = frame.filter(pl.col("child_id").is_null() & ~blank)
    if dated:
        nobody = nobody.filter(pl.any_horizontal(pl.col(dated).is_not_null()))
    total = frame.filter(~blank).height
    if rows := nobody["row"].to_list():
        sentence = f"{len(rows):,} of {number(total, 'row')} have no identifier ({some_rows(rows)}); left out"
        cure = "if cells are merged, or left blank under the first row of each child, fill them down"
        cure = "give every child its identifier and export the return again" if is_xml else cure
        notes.problem(where, f"{sentence}; {cure}")


def note_no_rows(frame: pl.DataFrame, *, where: str, notes: ReportBuilder) -> None:
    """Note a list that has its headings and nothing else.

    Parameters
    ----------
    frame : polars.DataFrame
        A list's rows as text, with `row`, the sheet's row.
    where : str
        What messages call the table.
    notes : ReportBuilder
    """
    if frame.is_empty() or frame.select(pl.all_horizontal(pl.exclude("row").is_null()).all()).item():
        notes.ignored.append(f"{where}: headings, and no rows under them")  # as a template's unused lists have


def days_from_1904(values: Sequence[object]) -> list[object]:
    """Numbers that stand for days as the days that they are in a workbook that counts from 1904."""
    return [
        FIRST_DAY_OF_1904 + timedelta(days=int(value))
        if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < LAST_SERIAL
        else value
        for value in values
    ]
