"""Open what an analyst was given: a workbook or a CSV as sheets of cells; anything else is refused by its name.

Nothing in a file is executed: formulas are read as their stored values and macros are never loaded.
"""

import csv
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from analysis.errors import TableError
from analysis.extract.cells import ERROR_VALUES
from analysis.extract.packages import (
    DAMAGED,
    MEGABYTE,
    MOST_CELLS,
    MOST_COLUMNS,
    PASSWORD,
    check_archive,
    check_package,
    column_letter,
)

LARGEST_FILE = 512 * MEGABYTE
SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".ods")

Rows = list[list[object]]

_OTHER_FILES = (
    (b"%PDF", "a PDF document"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"PAR1", "a parquet file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"{\\rtf", "a rich text document"),
    (b"L\0\0\0\x01\x14\x02\0", "a shortcut to a file, not the file itself"),
    (b"PK\5\6", "an empty zip archive"),
)


@dataclass(frozen=True)
class Sheet:
    """One sheet, or one CSV: its rows from the first, the cells (D2) that hold an error, and whether it is hidden."""

    name: str
    rows: Rows
    errors: tuple[str, ...] = ()
    hidden: bool = False


def read_sheets(path: Path) -> list[Sheet]:
    """Every sheet of a workbook, or the one table of a CSV.

    Raises
    ------
    TableError
        If the file is empty, too large, damaged, protected by a password, or not a workbook or CSV at all.
    """
    start = _beginning(path)
    kind = _kind(path, start)
    if kind == "csv":
        rows = _csv_rows(path)
        return [Sheet(path.stem, rows, _error_cells(rows))]
    errors = check_package(path, kind) if start.startswith(b"PK") else {}
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        return [
            Sheet(
                sheet.name,
                workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False),
                errors.get(sheet.name, ()),
                hidden=sheet.visible != SheetVisibleEnum.Visible,
            )
            for sheet in workbook.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet
        ]
    except BaseException as error:
        # The reader signals some damage by a panic, which is not an Exception.
        if isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError, TimeoutError)):
            raise
        raise TableError(path.name, _damage(path, start)) from None


def has_macros(path: Path) -> bool:
    """Whether a workbook carries macros, which are never run."""
    try:
        with zipfile.ZipFile(path) as package:
            return any(name.lower().endswith("vbaproject.bin") for name in package.namelist())
    except (zipfile.BadZipFile, OSError):
        return False


def _beginning(path: Path) -> bytes:
    size = path.stat().st_size
    if not size:
        raise TableError(
            path.name, "the file is empty (or was never downloaded from the cloud); export or download it again"
        )
    if size > LARGEST_FILE:
        raise TableError(path.name, f"the file is larger than {LARGEST_FILE // MEGABYTE:,} MB; split it by year")
    with path.open("rb") as file:
        return file.read(4096)


def _kind(path: Path, start: bytes) -> str:
    for magic, name in _OTHER_FILES:
        if start.startswith(magic):
            raise TableError(path.name, f"this is {name}, not a workbook or CSV; remove it or export the lists again")
    if start.startswith(b"PK"):
        return _package_kind(path)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return "xls"
    if start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"<?xml", b"<html", b"<!DOCTYPE", b"<table")):
        sentence = "this is an XML or web page (a statutory return?), not a workbook or CSV"
        raise TableError(path.name, f"{sentence}; if Excel opens it, save it from there as .xlsx")
    return "csv"


def _package_kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as package:
            check_archive(package, path.name)
            names = set(package.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise TableError(path.name, DAMAGED) from None
    for member, kind in (("xl/workbook.xml", "xlsx"), ("content.xml", "ods")):
        if member in names:
            return kind
    other = {
        "xl/workbook.bin": "a binary workbook (.xlsb); save it as .xlsx",
        "word/document.xml": "a Word document, not a workbook or CSV; remove it or export the lists again",
        "ppt/presentation.xml": "a slide presentation, not a workbook or CSV; remove it or export the lists again",
    }
    found = (other[member] for member in other if member in names)
    raise TableError(path.name, f"this is {next(found, 'a zip archive; unpack it and remove it')}")


def _damage(path: Path, start: bytes) -> str:
    if not start.startswith(b"\xd0\xcf\x11\xe0"):
        return DAMAGED
    if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
        return PASSWORD
    return "it is protected by a password, damaged, or not a workbook; save it as .xlsx without a password"


def _error_cells(rows: Rows) -> tuple[str, ...]:
    return tuple(
        f"{column_letter(position)}{number}"
        for number, row in enumerate(rows, start=1)
        for position, cell in enumerate(row)
        if cell[:1] == "#" and cell in ERROR_VALUES
    )


def _csv_rows(path: Path) -> Rows:
    text = _decoded(path)
    first_lines = "\n".join(text.split("\n", 20)[:20])
    separator = max(",;\t|", key=first_lines.count)
    rows, cells = [], 0
    limit = csv.field_size_limit(MEGABYTE)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            cells += len(row)
            if len(row) > MOST_COLUMNS:
                raise TableError(path.name, f"row {len(rows) + 1} has more than {MOST_COLUMNS} columns")
            if cells > MOST_CELLS:
                raise TableError(path.name, f"it holds more than {MOST_CELLS:,} cells; split it by year")
            rows.append(row)
    except csv.Error:
        raise TableError(path.name, f"row {len(rows) + 1} cannot be read as CSV; check its quotation marks") from None
    finally:
        csv.field_size_limit(limit)
    return rows


def _decoded(path: Path) -> str:
    content = path.read_bytes()
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if content.startswith(mark):
            return _decode(content, encoding, path)
    if b"\0" in content[:4096]:
        pairs = content[:4096]
        encoding = "utf-16-le" if pairs[1::2].count(0) > len(pairs) // 4 else "utf-16-be"
        if pairs[0::2].count(0) <= len(pairs) // 4 and encoding == "utf-16-be":
            raise TableError(path.name, "it is not a text file (it holds NUL bytes); export it as CSV again")
        return _decode(content, encoding, path)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    if "\0" in text:
        raise TableError(path.name, "it is not a text file (it holds NUL bytes); export it as CSV again")
    return text


def _decode(content: bytes, encoding: str, path: Path) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise TableError(path.name, f"it begins as {encoding.upper()} but is not; export it as CSV (UTF-8)") from None
    if "\0" in text:
        raise TableError(path.name, "it is not a text file (it holds NUL bytes); export it as CSV again")
    return text
