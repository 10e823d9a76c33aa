"""Documents: a table of texts, or a folder of files with an index, as dated texts of a known kind."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl

from analysis.errors import TableError
from analysis.extract import cells
from analysis.extract.definitions import words
from analysis.extract.files import Sheet, printable, read_sheets
from analysis.extract.folders import folder_called, left_by_the_system, table_called
from analysis.extract.headings import LONGEST_HEADING, ROWS_SEARCHED
from analysis.extract.report import ListAccount, ReportBuilder, number, some_rows
from analysis.extract.row_doubts import days_from_1904, note_shifted_rows
from analysis.extract.word_document import word_text
from analysis.schemas import DOCUMENT_KINDS
from analysis.text.plain_text import plain_text, without_pictures

LONGEST_TEXT = 100_000  # characters; a longer document keeps its beginning
LONGEST_MARKUP = 10 * LONGEST_TEXT  # the same with its markup
WORD, TEXT = (".docx", ".docm"), (".txt", ".rtf", ".htm", ".html")
HEADINGS = {
    "child_id": ("child id", "child unique id", "person id", "child", "id"),
    "date": ("date", "document date", "date of document", "created", "score date", "date of score"),
    "kind": ("kind", "type", "document type", "kind of document", "document kind"),
    "text": ("text", "body", "content", "document text"),
    "file": ("file", "file name", "filename", "path", "document"),
    "family_id": ("family id", "family identifier", "family", "household id"),
    "name": ("name", "names", "full name", "child name"),
    "forename": ("forename", "first name", "given name"),
    "surname": ("surname", "last name", "family name"),
    "score": ("score", "risk score", "risk", "probability", "prediction"),
    "version": ("version", "model version", "tool version", "score version", "model"),
}


def read_documents(folder: Path, *, latest: date, notes: ReportBuilder) -> pl.DataFrame:
    """Documents with `child_id` (as supplied), `date`, `kind` and `text`; no rows where there are none.

    Looks for `documents.parquet`, `documents.csv`, or a folder `documents` whose `index.csv` gives the child, date,
    kind and file (see `WORD` and `TEXT`) of each.

    Parameters
    ----------
    folder : Path
        The authority's.
    latest : date
        No document can be dated later.
    notes : ReportBuilder

    Returns
    -------
    polars.DataFrame
        At most 100,000 characters of each text, not yet redacted.

    Raises
    ------
    TableError
        If a table or the index cannot be read or lacks a heading, or a folder of documents has no index.
    """
    texts = folder_called(folder, "documents")
    if texts and (index := table_called(texts, "index")):
        listed = read_named_table(index, ("child_id", "date", "kind", "file"), notes)
        _note_unlisted(listed, index, notes)
        table = _read_files(listed, texts, notes)
    elif texts:
        raise TableError("documents", "the folder has no index.csv; give one with child_id, date, kind and file")
    elif path := table_called(folder, "documents"):
        table = read_named_table(path, ("child_id", "date", "kind", "text"), notes)
    else:
        return pl.DataFrame(schema={"child_id": pl.String, "date": pl.Date, "kind": pl.String, "text": pl.String})
    return _checked(table, latest=latest, notes=notes)


def read_named_table(
    path: Path, fields: tuple[str, ...], notes: ReportBuilder, *, optional: tuple[str, ...] = ()
) -> pl.DataFrame:
    """A small table by its headings, as trimmed text (its column `text` as it is), and `row`, the sheet's row.

    Parameters
    ----------
    path : Path
    fields : tuple of str
        Columns that it must have.
    notes : ReportBuilder
    optional : tuple of str
        Columns that it may have.

    Returns
    -------
    polars.DataFrame

    Raises
    ------
    TableError
        If the file cannot be read or a heading is missing.
    """
    is_parquet = path.suffix.lower() == ".parquet"
    frame = _read_parquet(path) if is_parquet else _read_rows(path, (*fields, *optional), notes)
    columns = _columns_of(frame.columns, (*fields, *optional))
    if missing := [field for field in fields if field not in columns]:
        named = printable(path.name)
        raise TableError(named, [f"no column {field!r}; add it or correct its heading" for field in missing])
    values = {
        field: frame[column].cast(pl.String) if field == "text" else cells.cell_text(frame[column])
        for field, column in columns.items()
    }
    rows = pl.int_range(2, 2 + len(frame), dtype=pl.Int64, eager=True) if is_parquet else frame["row"]
    return pl.DataFrame({"row": rows, **values})


def _columns_of(headings: Sequence[str], fields: Sequence[str]) -> dict[str, str]:
    columns = {}
    for field in fields:
        wanted = HEADINGS[field]
        if matches := [heading for heading in headings if words(heading) in wanted]:
            columns[field] = min(matches, key=lambda heading: wanted.index(words(heading)))
    return columns


def _read_parquet(path: Path) -> pl.DataFrame:
    try:
        frame = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError):
        raise TableError(path.name, "it is not a parquet file, or it is damaged; write it again") from None
    plain = {name: kind for name, kind in frame.schema.items() if kind.is_nested() or kind == pl.Binary}
    return frame.drop(plain)


def _read_rows(path: Path, fields: tuple[str, ...], notes: ReportBuilder) -> pl.DataFrame:
    forms = {form for field in fields for form in HEADINGS[field]}
    sheets = read_sheets(path, lambda cell: isinstance(cell, str) and words(cell[:LONGEST_HEADING]) in forms)
    if not any(sheet.rows for sheet in sheets):
        raise TableError(path.name, "it has no rows; it needs a row of headings")
    sheet, start = max(
        ((sheet, index) for sheet in sheets for index in range(min(len(sheet.rows), ROWS_SEARCHED))),
        key=lambda place: len(_columns_of([str(cell)[:LONGEST_HEADING] for cell in place[0].rows[place[1]]], fields)),
    )
    for position, other in enumerate(sheets, start=1):
        if other is not sheet and other.rows:
            notes.ignored.append(f"{printable(path.name)}, sheet {position}: another sheet holds the table")
    _note_doubts(sheet, start, printable(path.name), notes)
    return _as_text(sheet, start)


def _note_doubts(sheet: Sheet, start: int, name: str, notes: ReportBuilder) -> None:
    for problem in sheet.problems:
        notes.problem(name, problem)
    note_shifted_rows(sheet, slice(start, None), where=name, notes=notes)


def _as_text(sheet: Sheet, start: int) -> pl.DataFrame:
    body = sheet.rows[start + 1 :]
    first = start + 2
    columns = {"row": pl.int_range(first, first + len(body), dtype=pl.Int64, eager=True)}
    for position, cell in enumerate(sheet.rows[start]):
        heading = str(cell)[:LONGEST_HEADING]
        if not heading.strip() or heading in columns:
            continue
        values = [row[position] if position < len(row) else None for row in body]
        if words(heading) in HEADINGS["text"]:
            values = [None if value is None else str(value) for value in values]
        elif words(heading) in HEADINGS["date"] and sheet.from_1904:
            values = cells.cell_text(days_from_1904(values))
        else:
            values = cells.cell_text(values)
        columns[heading] = pl.Series(values, dtype=pl.String)
    return pl.DataFrame(columns)


def _checked(table: pl.DataFrame, *, latest: date, notes: ReportBuilder) -> pl.DataFrame:
    day, wrong_date = cells.dates(table["date"], latest=latest)
    kind, wrong_kind = cells.codes(table["kind"], "document_kind")
    text = without_pictures(table["text"].str.replace_all("\0", " "))
    if wrong_date.any():
        rows = some_rows(table["row"].filter(wrong_date).to_list())
        notes.problem(
            "documents", f"'date': {number(int(wrong_date.sum()), 'cell')} not a date ({rows}); write 31/01/2019"
        )
    if wrong_kind.any():
        rows = some_rows(table["row"].filter(wrong_kind).to_list())
        sentence = f"'kind': {number(int(wrong_kind.sum()), 'cell')} not a known kind ({rows})"
        notes.problem("documents", f"{sentence}; expected {', '.join(DOCUMENT_KINDS)}")
    long = text.str.len_chars().gt(LONGEST_MARKUP).fill_null(False)
    text, marked_up = plain_text(text.str.head(LONGEST_MARKUP))
    if marked_up:
        notes.problem("documents", f"{number(marked_up, 'text')} held HTML or RTF; the words were kept")
    long |= text.str.len_chars().gt(LONGEST_TEXT).fill_null(False)
    if long.any():
        notes.problem(
            "documents", f"{number(int(long.sum()), 'text')} longer than {LONGEST_TEXT:,} characters; cut there"
        )
    text = text.str.head(LONGEST_TEXT)
    frame = table.select(child_id=cells.identifiers(table["child_id"]), date=day, kind=kind, text=text)
    explained = {}
    for reason, column in (("no child identifier", "child_id"), ("no usable date", "date"), ("no known kind", "kind")):
        explained[reason] = len(frame) - len(frame := frame.drop_nulls(column))
    has_text = pl.col("text").str.strip_chars().str.len_chars() > 0
    explained["no text"] = len(frame) - len(frame := frame.filter(has_text.fill_null(False)))
    explained["the same document again"] = len(frame) - len(frame := frame.unique(maintain_order=True))
    explained = {reason: count for reason, count in explained.items() if count}
    notes.lists.append(ListAccount("documents", "Documents", len(table), len(frame), explained))
    return frame


def _read_files(index: pl.DataFrame, folder: Path, notes: ReportBuilder) -> pl.DataFrame:
    texts: list[str | None] = []
    outside, absent, unreadable = [], [], []
    root = folder.resolve()
    for row, name in index.select("row", "file").iter_rows():
        path = (folder / (name or "").replace("\\", "/")).resolve()
        text = None
        if not path.is_relative_to(root):
            outside.append(row)
        elif not name or not path.is_file():
            absent.append(row)
        else:
            text = _file_text(path)
            if text is None:
                unreadable.append(row)
        texts.append(text)
    # File names may hold a child's name, so only the index's rows are given.
    for rows, what, cure in (
        (outside, "lies outside the folder", "copy it into the folder"),
        (absent, "does not exist", "add it or take out its row"),
        (unreadable, "cannot be read", "save it as .txt or .docx"),
    ):
        if rows:
            notes.problem("documents/index.csv", f"{number(len(rows), 'file')} that {what} ({some_rows(rows)}); {cure}")
    return index.with_columns(text=pl.Series(texts, dtype=pl.String))


def _note_unlisted(listed: pl.DataFrame, index: Path, notes: ReportBuilder) -> None:
    named = {(index.parent / name.replace("\\", "/")).resolve() for name in listed["file"].drop_nulls()}
    files = (path for path in index.parent.rglob("*") if path.is_file() and not left_by_the_system(path))
    unlisted = [path for path in files if path != index and path.resolve() not in named]
    if unlisted:
        # Their names may hold a child's name.
        notes.ignored.append(f"documents: {number(len(unlisted), 'file')} that {printable(index.name)} does not name")


def _file_text(path: Path) -> str | None:
    try:
        if path.suffix.lower() in WORD:
            return word_text(path)
        if path.suffix.lower() in TEXT:
            content = path.read_bytes()[: 8 * LONGEST_MARKUP]
            encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                return content.decode("cp1252", "replace")
    except Exception:
        return None  # counted by the caller; the cause may quote the document
    return None
