"""A recognised sheet as a typed table: every row kept or explained, every doubtful cell counted."""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import zip_longest

import polars as pl

from analysis.extract import cells
from analysis.extract.definitions import Column, Table, accepted_values
from analysis.extract.files import Sheet
from analysis.extract.headings import Recognised
from analysis.extract.mapping import unknown_codes, unknown_headings
from analysis.extract.packages import column_letter
from analysis.extract.report import ColumnAccount, ListAccount, ReportBuilder, number, some
from analysis.extract.row_doubts import days_from_1904, note_blank_identifiers, note_no_rows, note_shifted_rows
from analysis.extract.stand_ins import filled_from_words, without_placeholders

LONGEST_PREGNANCY = timedelta(days=310)
PERSON = ("gender", "ethnicity", "birth_date", "disability")
CUT = "identifier with digits lost"
TYPES = {"date": pl.Date, "birth": pl.Date, "count": pl.Int64}


def read_table(
    sheet: Sheet, found: Recognised, *, extract: str, latest: date, notes: ReportBuilder, file: str = ""
) -> pl.DataFrame:
    """The rows of one list that can be used, one column per field that is read, and `row`, the sheet's row.

    A row is left out, and counted in `notes`, if it is blank, repeats the headings, is a total or footer, has no usable
    child identifier or, in a list of dated records, no usable date. Cells that cannot be read become missing, and are
    counted.

    Parameters
    ----------
    sheet : Sheet
    found : Recognised
        Which list it is, and which columns are which.
    extract : str
        Name of the extract.
    latest : date
        No record can be dated later.
    notes : ReportBuilder
    file : str
        The sheet's file in messages, where the extract is a folder of files.

    Returns
    -------
    polars.DataFrame
        With the columns of `schema` and `row`; of a list about adults, its cells as text.
    """
    table = found.table
    where = f"{file or extract}, {table.title}"
    body = sheet.rows[found.heading_row + 1 : found.end_row]
    if table.about_adults:
        explained = {"about adults, who are not studied": len(body)} if body else {}
        notes.lists.append(ListAccount(extract, table.title, len(body), 0, explained))
    if sheet.hidden:
        notes.problem(where, "this sheet is hidden, and was read all the same; delete it if it is an old copy")
    if sheet.errors:
        found_errors = f"{number(len(sheet.errors), 'cell')} with a formula error such as #N/A"
        notes.problem(where, f"{found_errors} ({some(sheet.errors)}) read as blank; correct the formula")
    note_shifted_rows(sheet, slice(found.heading_row, found.end_row), where=where, notes=notes)
    text = _text_columns(body, found, from_1904=sheet.from_1904)
    first = found.heading_row + 2
    frame = pl.DataFrame({**text, "row": pl.int_range(first, first + len(body), dtype=pl.Int64, eager=True)})
    if table.about_adults:
        describe_columns(found, {}, extract=extract, notes=notes, where=where)
        return frame
    unknown = [sheet.rows[found.heading_row][index] for index in found.unknown]
    notes.not_understood += unknown_headings(unknown, frame, table)
    note_blank_identifiers(frame, table, where=where, notes=notes, is_xml=found.is_xml)
    if not found.is_xml:  # a kind of element that a return has none of is no unused list
        note_no_rows(frame, where=where, notes=notes)
    frame = without_placeholders(frame, table, where=where, notes=notes)
    frame, explained = _explained(frame, table)
    if cut := explained[CUT]:
        sentence = f"{number(cut, 'identifier')} written like 1.23E+11, whose last digits are lost"
        notes.problem(where, f"{sentence}; left out; format the column as text and export again")
    blanks = {field: frame[field].null_count() for field in schema(table)}
    frame, unread = _typed(frame, found, where=where, latest=latest, notes=notes)
    tallies = {field: (len(frame), blanks[field], unread[field]) for field in blanks}
    describe_columns(found, tallies, extract=extract, notes=notes, where=where)
    if table.left_out:
        ours = (pl.col(table.left_out["field"]) != table.left_out["value"]).fill_null(True)
        explained[table.left_out["reason"]] = len(frame) - len(frame := frame.filter(ours))
    if table.dates:
        present = [name for name in table.dates if name in frame.columns]
        dated = pl.any_horizontal(pl.col(present).is_not_null()) if present else pl.lit(False)
        explained["no usable date"] = len(frame) - len(frame := frame.filter(dated))
        if explained["no usable date"] and frame.is_empty():
            cure = "if they are formulas, open the workbook in Excel and save it, so that their results are stored"
            notes.problem(where, f"no row has a date that can be read; {cure}")
    explained = {reason: count for reason, count in explained.items() if count}
    notes.lists.append(ListAccount(extract, table.title, len(body), len(frame), explained))
    return frame


def empty(table: Table) -> pl.DataFrame:
    """A table of this kind with no rows."""
    return pl.DataFrame(schema={**schema(table), "row": pl.Int64})


def schema(table: Table) -> dict[str, pl.DataType]:
    """The columns that a list has once it is read, with their types."""
    read = [column for column in table.columns.values() if column.kind != "unused"]
    return {column.field: TYPES.get(column.kind, pl.String) for column in read}


def describe_columns(
    found: Recognised, tallies: Mapping, *, extract: str, notes: ReportBuilder, where: str = ""
) -> None:
    """Note what each column became (with its cells, blanks and unread cells), which are missing or unknown.

    Parameters
    ----------
    found : Recognised
        Which list it is, and which columns are which.
    tallies : mapping of str to tuple of int
        By field: cells, blanks and cells that could not be read.
    extract : str
        Name of the extract.
    notes : ReportBuilder
    where : str
        What messages call the table; by default the extract and the list's title.
    """
    table, add = found.table, notes.columns.append
    for field, position in sorted(found.positions.items(), key=lambda item: item[1]):
        column = table.columns[field]
        letter = "element" if found.is_xml else column_letter(position)
        became = f"not read: {column.why}" if column.kind == "unused" else f"read as {field.replace('_', ' ')}"
        add(ColumnAccount(extract, table.title, letter, column.heading, became, *tallies.get(field, ())))
    for position in found.unknown:  # what an unknown heading says may be a record's value, so it is not shown
        add(
            ColumnAccount(
                extract, table.title, column_letter(position), "(not shown)", "not one of the list's: not read"
            )
        )
    for position in found.repeated:
        add(ColumnAccount(extract, table.title, column_letter(position), "(repeated)", "a second time: not read"))
    if found.missing:
        names = ", ".join(f"'{column.heading}'" for column in found.missing)
        sentence = f"{number(len(found.missing), 'column')} not found: {names}; add them or accept blanks"
        notes.problem(where or f"{extract}, {table.title}", sentence)


def _text_columns(body: list, found: Recognised, *, from_1904: bool) -> dict[str, pl.Series]:
    columns, text = tuple(zip_longest(*body)), {}  # rows may end early
    for field, column in found.table.columns.items():
        if column.kind == "unused":
            continue
        position = found.positions.get(field)
        if position is None or position >= len(columns):
            text[field] = pl.Series([None] * len(body), dtype=pl.String)
        else:
            values, is_day = columns[position], column.kind in ("date", "birth")
            text[field] = cells.cell_text(days_from_1904(values) if from_1904 and is_day else values)
        if column.kind == "identifier":
            text[field] = cells.identifiers(text[field])
    return text


def _explained(frame: pl.DataFrame, table: Table) -> tuple[pl.DataFrame, dict[str, int]]:
    read = list(schema(table))
    blank = pl.all_horizontal(pl.col(read).is_null())
    child = pl.col("child_id")
    person = [name for name in PERSON if name in read and frame[name].count()]
    nobody = pl.all_horizontal(pl.col(person).is_null()) if person else pl.lit(False)
    reasons = {
        "blank": blank,
        "headings repeated": child.str.to_lowercase() == table.columns["child_id"].heading.lower(),
        "no child identifier": child.is_null(),
        # "Grand total", "Report run on:" below the data: several words, and nothing said of any child.
        "a total or footer": child.str.contains(r"[A-Za-z] |:$|(?i)^total") & nobody,
        CUT: child.str.contains(r"^\d([.,]\d+)?[Ee]\+\d{1,3}$|^\d[.,]\d+[Ee]\d{1,3}$"),
        "an agency, not a person": child.str.contains(table.not_children or r"[^\s\S]"),
    }
    explained = {}
    for reason, mask in reasons.items():
        explained[reason] = len(frame) - len(frame := frame.filter(~mask.fill_null(False)))
    return frame, explained


def _typed(
    frame: pl.DataFrame, found: Recognised, *, where: str, latest: date, notes: ReportBuilder
) -> tuple[pl.DataFrame, dict[str, int]]:
    typed, unread = {}, {}
    for field, kind in ((c.field, c) for c in found.table.columns.values() if c.kind != "unused"):
        values, wrong = _read_column(frame[field], kind, latest)
        if kind.words:
            values, wrong = filled_from_words(values, wrong, frame[kind.words], kind.codes)
        typed[field], unread[field] = values, int(wrong.sum())
        if wrong.any() and kind.kind == "code":
            notes.not_understood += unknown_codes(frame, kind, wrong, found.table)
        if wrong.any():
            rows, letter = frame["row"].filter(wrong), column_letter(found.positions[field])
            at = (
                f"records {some([f'{row:,}' for row in rows])}"
                if found.is_xml
                else some([f"{letter}{row}" for row in rows])
            )
            narrow = bool(frame[field].filter(wrong).str.contains("^#{3,}$").all())
            sentence = _sentence(kind, len(rows), at, cells_present=frame[field].count(), narrow=narrow)
            if kind.kind in ("date", "birth") and cells.month_first(frame[field].filter(wrong)):
                sentence += "; some have the month first, so others may be misread: export them with the day first"
            notes.problem(where, sentence)
    return frame.with_columns(**typed), unread


def _read_column(text: pl.Series, column: Column, latest: date) -> tuple[pl.Series, pl.Series]:
    readers: Mapping[str, object] = {
        "identifier": lambda: cells.identifiers(text),
        "date": lambda: cells.dates(text, latest=latest),
        "birth": lambda: cells.dates(text, latest=latest + LONGEST_PREGNANCY),
        "count": lambda: cells.whole_numbers(text),
        "code": lambda: cells.codes(text, column.codes, column.meanings),
        "name": lambda: text,
        "words": lambda: text,
    }
    read = readers[column.kind]()
    return read if isinstance(read, tuple) else (read, pl.repeat(False, len(text), dtype=pl.Boolean, eager=True))


def _sentence(column: Column, wrong: int, at: str, *, cells_present: int, narrow: bool = False) -> str:
    # `narrow`: the cells hold what Excel shows, and saves, of a date in too narrow a column: #####.
    found = f"'{column.heading}': {wrong:,} of {number(cells_present, 'cell')}"
    if column.kind in ("date", "birth"):
        limits = f"between {cells.EARLIEST_YEAR} and today"
        cure = "widen the column and save again" if narrow else "write them as 31/01/2019"
        return f"{found} not a date {limits} ({at}); {cure}"
    if column.kind == "count":
        return f"{found} not a whole number of 0 or more ({at}); write a number or leave it blank"
    accepted = ", ".join(accepted_values(column.codes)[:8])
    return f"{found} not a known code ({at}); expected {accepted}… or what check --mapping says in mapping.xlsx"
