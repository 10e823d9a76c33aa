"""Documents: a table of texts, or a folder of files with an index, as dated texts of a known kind."""

from datetime import date
from pathlib import Path

import polars as pl

from analysis.errors import TableError
from analysis.extract import cells
from analysis.extract.definitions import words
from analysis.extract.files import read_sheets
from analysis.extract.report import ListAccount, Notes, number, some_rows
from analysis.schemas import DOCUMENT_KINDS
from analysis.text.plain_text import plain_text
from analysis.text.word_document import word_text

LONGEST_TEXT = 100_000  # characters; a longer document keeps its beginning
LONGEST_MARKUP = 10 * LONGEST_TEXT  # the same with its markup
HEADINGS = {
    "child_id": ("child id", "child unique id", "person id", "child", "id"),
    "date": ("date", "document date", "date of document", "created"),
    "kind": ("kind", "type", "document type", "kind of document", "document kind"),
    "text": ("text", "body", "content", "document text"),
    "file": ("file", "file name", "filename", "path", "document"),
    "family_id": ("family id", "family identifier", "family", "household id"),
    "name": ("name", "names", "full name", "child name"),
    "forename": ("forename", "first name", "given name"),
    "surname": ("surname", "last name", "family name"),
}


def read_documents(folder: Path, *, latest: date, notes: Notes) -> pl.DataFrame:
    """Documents with `child_id` (as supplied), `date`, `kind` and `text`; no rows where there are none.

    Looks for `documents.parquet`, `documents.csv`, or a folder `documents` whose `index.csv` gives the child, date,
    kind and file (.txt or .docx) of each.
    """
    if (index := folder / "documents" / "index.csv").is_file():
        table = _read_files(read_named_table(index, ("child_id", "date", "kind", "file"), notes), index.parent, notes)
    elif path := find_table(folder, "documents"):
        table = read_named_table(path, ("child_id", "date", "kind", "text"), notes)
    else:
        if (folder / "documents").is_dir():
            raise TableError("documents", "the folder has no index.csv; give one with child_id, date, kind and file")
        return pl.DataFrame(schema={"child_id": pl.String, "date": pl.Date, "kind": pl.String, "text": pl.String})
    return _checked(table, latest=latest, notes=notes)


def find_table(folder: Path, name: str) -> Path | None:
    """The table of this name beside the lists, in whichever format it comes."""
    candidates = (folder / f"{name}{suffix}" for suffix in (".parquet", ".csv", ".xlsx", ".ods", ".xls"))
    return next((path for path in candidates if path.is_file()), None)


def read_named_table(path: Path, fields: tuple[str, ...], notes: Notes) -> pl.DataFrame:
    """A small table by its headings, as trimmed text (its column `text` as it is).

    Raises
    ------
    TableError
        If the file cannot be read or a heading is missing.
    """
    frame = _read_parquet(path) if path.suffix == ".parquet" else _read_rows(path)
    found = {}
    for field in fields:
        wanted = HEADINGS[field]
        matches = [column for column in frame.columns if words(column) in wanted]
        if matches:
            found[field] = min(matches, key=lambda column: wanted.index(words(column)))
    if missing := [field for field in fields if field not in found]:
        raise TableError(path.name, [f"no column {field!r}; add it or correct its heading" for field in missing])
    columns = {field: frame[column] for field, column in found.items()}
    return pl.DataFrame(
        {
            field: values.cast(pl.String) if field == "text" else cells.cell_text(values)
            for field, values in columns.items()
        }
    ).with_row_index("row", offset=2)


def _read_parquet(path: Path) -> pl.DataFrame:
    try:
        frame = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError):
        raise TableError(path.name, "it is not a parquet file, or it is damaged; write it again") from None
    plain = {name: kind for name, kind in frame.schema.items() if kind.is_nested() or kind == pl.Binary}
    return frame.drop(plain)


def _read_rows(path: Path) -> pl.DataFrame:
    sheets = read_sheets(path)
    rows = sheets[0].rows if sheets else []
    if not rows:
        raise TableError(path.name, "it has no rows; it needs a row of headings")
    headings = [str(cell) for cell in rows[0]]
    columns = {}
    for position, heading in enumerate(headings):
        values = [row[position] if position < len(row) else None for row in rows[1:]]
        if heading.strip() and heading not in columns:
            is_text = words(heading) in HEADINGS["text"]
            values = (
                [str(value) if value is not None else None for value in values] if is_text else cells.cell_text(values)
            )
            columns[heading] = pl.Series(values, dtype=pl.String)
    return pl.DataFrame(columns)


def _checked(table: pl.DataFrame, *, latest: date, notes: Notes) -> pl.DataFrame:
    day, wrong_date = cells.dates(table["date"], latest=latest)
    kind, wrong_kind = cells.codes(table["kind"], "document_kind")
    text = table["text"].str.replace_all("\0", " ")
    if wrong_date.any():
        rows = some_rows(table["row"].filter(wrong_date).to_list())
        notes.problem(
            "documents", f"'date': {number(int(wrong_date.sum()), 'cell')} not a date ({rows}); write 31/01/2019"
        )
    if wrong_kind.any():
        rows = some_rows(table["row"].filter(wrong_kind).to_list())
        sentence = f"'kind': {number(int(wrong_kind.sum()), 'cell')} not a known kind ({rows})"
        notes.problem("documents", f"{sentence}; expected {', '.join(DOCUMENT_KINDS)}, or a synonym in synonyms.yml")
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


def _read_files(index: pl.DataFrame, folder: Path, notes: Notes) -> pl.DataFrame:
    texts: list[str | None] = []
    outside, absent, unreadable = [], [], []
    root = folder.resolve()
    for row, name in index.select("row", "file").iter_rows():
        path = (folder / (name or "")).resolve()
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


def _file_text(path: Path) -> str | None:
    try:
        if path.suffix.lower() == ".docx":
            return word_text(path)
        if path.suffix.lower() == ".txt":
            content = path.read_bytes()[: 8 * LONGEST_TEXT]
            encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                return content.decode("cp1252", "replace")
    except Exception:
        return None  # counted by the caller; the cause may quote the document
    return None
