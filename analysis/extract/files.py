"""Open what an analyst was given: a workbook or a CSV as sheets of cells; anything else is refused by its name.

Nothing in a file is executed: formulas are read as their stored values and macros are never loaded. Sizes are
checked before anything is unpacked, so that a file cannot exhaust the machine.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineWorkbook

from analysis.errors import TableError

MEGABYTE = 1 << 20
LARGEST_FILE = 512 * MEGABYTE
LARGEST_UNPACKED = 1024 * MEGABYTE
LARGEST_RATIO = 200  # an honest workbook packs about 10 to 1, an empty one 60 to 1
MOST_COLUMNS = 500
MOST_CELLS = 20_000_000
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
)


@dataclass(frozen=True)
class Sheet:
    """One sheet, or one CSV: its rows from the first, and how many of its formulas hold an error."""

    name: str
    rows: Rows
    formula_errors: int = 0


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
        return [Sheet(path.stem, _csv_rows(path))]
    errors = _check_package(path, kind) if start.startswith(b"PK") else {}
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        return [
            Sheet(name, workbook.get_sheet_by_name(name).to_python(skip_empty_area=False), errors.get(name, 0))
            for name in workbook.sheet_names
        ]
    except BaseException as error:
        # The reader signals some damage by a panic, which is not an Exception.
        if isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError, TimeoutError)):
            raise
        raise TableError(path.name, _damage(start)) from None


def has_macros(path: Path) -> bool:
    """Whether a workbook carries macros, which are never run."""
    try:
        with zipfile.ZipFile(path) as package:
            return any(name.lower().endswith("vbaproject.bin") for name in package.namelist())
    except (zipfile.BadZipFile, OSError):
        return False


def check_archive(package: zipfile.ZipFile, where: str) -> None:
    """Raise `TableError` if a zip package would unpack to far more than it weighs."""
    packed = sum(entry.compress_size for entry in package.infolist())
    unpacked = sum(entry.file_size for entry in package.infolist())
    if unpacked > LARGEST_UNPACKED or (unpacked > 20 * MEGABYTE and unpacked > LARGEST_RATIO * max(packed, 1)):
        raise TableError(where, "it unpacks to far more than a workbook holds; save it again from the source system")


def _beginning(path: Path) -> bytes:
    size = path.stat().st_size
    if not size:
        raise TableError(path.name, "the file is empty; export it again")
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
        raise TableError(path.name, "this is an XML or web page (a statutory return?), not a workbook or CSV")
    return "csv"


def _package_kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as package:
            check_archive(package, path.name)
            names = set(package.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise TableError(path.name, "the workbook is cut short or damaged; copy or export it again") from None
    for member, kind in (("xl/workbook.xml", "xlsx"), ("content.xml", "ods")):
        if member in names:
            return kind
    other = {
        "xl/workbook.bin": "a binary workbook (.xlsb)",
        "word/document.xml": "a Word document",
        "ppt/presentation.xml": "a slide presentation",
    }
    name = next((other[member] for member in other if member in names), "a zip archive")
    raise TableError(path.name, f"this is {name}, not a workbook or CSV; remove it or export the lists again")


def _check_package(path: Path, kind: str) -> dict[str, int]:
    """Refuse a sheet of impossible extent before it is unpacked; formula errors found, by sheet name."""
    try:
        with zipfile.ZipFile(path) as package:
            if kind == "ods":
                _check_repeats(package, path.name)
                return {}
            parts = [name for name in package.namelist() if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name)]
            errors = {part: _check_extent(package, part, path.name) for part in parts}
            return _by_sheet_name(package, errors) if any(errors.values()) else {}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, RuntimeError, KeyError) as error:
        raise TableError(path.name, _damage(b"PK", error)) from None
    except Exception as error:
        if isinstance(error, TableError):
            raise
        raise TableError(path.name, _damage(b"PK")) from None


def _check_extent(package: zipfile.ZipFile, part: str, where: str) -> int:
    columns, last_row, errors = set(), 0, 0
    for block in _blocks(package, part):
        columns.update(re.findall(rb"""\br=["']([A-Za-z]{1,9})\d""", block))
        rows = re.findall(rb"""\br=["'][A-Za-z]{0,9}(\d{1,12})["']""", block)
        last_row = max(last_row, int(max(rows, key=lambda row: (len(row), row), default=b"0")))
        errors += len(re.findall(rb"""\bt=["']e["']""", block))
    width = max((_column_number(letters.decode()) for letters in columns), default=0)
    if width > MOST_COLUMNS:
        raise TableError(where, f"a sheet has more than {MOST_COLUMNS} columns; keep the columns of the lists")
    if width * last_row > MOST_CELLS:
        raise TableError(where, f"a sheet spans more than {MOST_CELLS:,} cells; delete its empty rows and columns")
    return errors


def _check_repeats(package: zipfile.ZipFile, where: str) -> None:
    # A spreadsheet in the open document format may say "repeat this cell" a billion times.
    filled = re.compile(
        rb"<table:table-cell\b[^>]*number-columns-repeated=[\"'](\d+)[\"'][^>]*(?:office:value-type|office:value=)"
        rb"|<table:table-cell\b[^>]*(?:office:value-type|office:value=)[^>]*number-columns-repeated=[\"'](\d+)[\"']"
    )
    for block in _blocks(package, "content.xml"):
        widths = [int(first or second) for first, second in filled.findall(block)]
        rows = [int(found) for found in re.findall(rb"number-rows-repeated=[\"'](\d+)[\"']", block)]
        if max(widths, default=1) > MOST_COLUMNS:
            raise TableError(where, f"a sheet has more than {MOST_COLUMNS} columns; keep the columns of the lists")
        if widths and max(rows, default=1) * max(widths) > MOST_CELLS:
            raise TableError(where, f"a sheet spans more than {MOST_CELLS:,} cells; delete its empty rows and columns")


def _blocks(package: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    # Cut at a tag's end, so that no attribute is split between two blocks.
    with package.open(part) as file:
        rest, read = b"", 0
        while block := file.read(MEGABYTE):
            read += len(block)
            if read > LARGEST_UNPACKED:
                raise ValueError("unpacks to more than its directory says")
            head, separator, rest = (rest + block).rpartition(b">")
            if len(rest) > 8 * MEGABYTE:
                raise ValueError("one tag of more than eight megabytes")
            yield head + separator
        yield rest


def _by_sheet_name(package: zipfile.ZipFile, errors: dict[str, int]) -> dict[str, int]:
    workbook = package.read("xl/workbook.xml").decode("utf-8", "replace")
    links = package.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    targets = {}
    for link in re.findall(r"<Relationship\b[^>]*>", links):
        identifier, target = re.search(r'\bId="([^"]+)"', link), re.search(r'\bTarget="([^"]+)"', link)
        if identifier and target:
            targets[identifier[1]] = "xl/" + target[1].removeprefix("/").removeprefix("xl/")
    found = {}
    for sheet in re.findall(r"<sheet\b[^>]*>", workbook):
        name, identifier = re.search(r'\bname="([^"]*)"', sheet), re.search(r'\br:id="([^"]+)"', sheet)
        if name and identifier:
            found[name[1]] = errors.get(targets.get(identifier[1], ""), 0)
    return found


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _damage(start: bytes, error: Exception | None = None) -> str:
    if isinstance(error, RuntimeError) and "encrypted" in str(error):
        return "it is protected by a password; save it without one"
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return "it is protected by a password, damaged, or not a workbook; save it as .xlsx without a password"
    return "the workbook is cut short or damaged; copy or export it again"


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
