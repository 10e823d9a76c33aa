"""Open what an analyst was given: a workbook or a CSV as sheets of cells; anything else is refused by its name.

Nothing in a file is executed: formulas are read as their stored values and macros are never loaded.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from analysis.errors import TableError
from analysis.extract.cells import ERROR_VALUES
from analysis.extract.delimited import Delimited, Known, NotText, Rows, decode, parse
from analysis.extract.old_workbooks import read_old_workbook
from analysis.extract.open_documents import look_into_open_document
from analysis.extract.packages import (
    DAMAGED,
    MEGABYTE,
    MOST_CELLS,
    MOST_COLUMNS,
    PASSWORD,
    check_archive,
    check_open_document,
    column_letter,
)
from analysis.extract.report import number, some, some_rows
from analysis.extract.workbook_parts import Parts, look_into

LARGEST_FILE = 512 * MEGABYTE  # bytes (ours)
SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".ods")
TEXT_TABLES = (".csv", ".tsv", ".txt")

_REMOVE = "remove it or export the lists again"
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
_PACKAGES = (  # what the list of content types says of a package, what a part is called, what the package is
    ("spreadsheetml", r"(^|/)workbook\d*\.xml$", "xlsx"),
    ("opendocument.spreadsheet", r"^content\.xml$", "ods"),
    ("sheet.binary", r"(^|/)workbook\.bin$", "a binary workbook (.xlsb); save it as .xlsx"),
    ("wordprocessingml", r"^word/document", f"a Word document, not a workbook or CSV; {_REMOVE}"),
    ("presentationml", r"^ppt/", f"a slide presentation, not a workbook or CSV; {_REMOVE}"),
)


@dataclass(frozen=True)
class Sheet:
    """One sheet, or one CSV.

    Attributes
    ----------
    name : str
    rows : list of list
        Its cells, from the first row.
    errors : tuple of str
        Cells (D2) that hold an error.
    problems : tuple of str
        What of the sheet could not be read as it stands.
    hidden : bool
    from_1904 : bool
        Whether the numbers of its days count from 1904.
    is_text : bool
        Whether it was saved as text, so that a row may have more cells than there are headings.
    """

    name: str
    rows: Rows
    errors: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    hidden: bool = False
    from_1904: bool = False
    is_text: bool = False


def read_sheets(path: Path, known: Known | None = None) -> list[Sheet]:
    """Every sheet of a workbook, or the one table of a CSV.

    Parameters
    ----------
    path : Path
    known : callable, optional
        Whether a cell is a heading that is looked for; what separates the cells of a CSV is found by it.

    Returns
    -------
    list of Sheet
        In the order of the workbook.

    Raises
    ------
    TableError
        If the file is empty, too large, damaged, protected by a password, or not a workbook or CSV at all.
    """
    start = _beginning(path)
    kind = _kind(path, start)
    if kind == "csv":
        return [_text_sheet(path, known)]
    if kind == "xls":
        return [Sheet(problems=_far(sheet.pop("stray")), **sheet) for sheet in read_old_workbook(path)]
    parts = look_into(path) if kind == "xlsx" else look_into_open_document(path)
    try:
        # The reader would believe the ending of a path; of a file it looks at what is in it.
        workbook = CalamineWorkbook.from_filelike(parts.copy or io.BytesIO(path.read_bytes()))
        sheets = [sheet for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        return [_workbook_sheet(workbook, sheet, parts) for sheet in sheets]
    except BaseException as error:
        # The reader signals some damage by a panic, which is not an Exception.
        if isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError, TimeoutError)):
            raise
        raise TableError(path.name, DAMAGED) from None


def has_macros(path: Path) -> bool:
    """Whether a workbook carries macros, which are never run."""
    try:
        with zipfile.ZipFile(path) as package:
            return any(name.lower().endswith("vbaproject.bin") for name in package.namelist())
    except (zipfile.BadZipFile, OSError):
        return False


def printable(name: str) -> str:
    """A name of a file or folder without the characters that would steer a terminal."""
    return "".join(c if c.isprintable() else "?" for c in name)


def _workbook_sheet(workbook: CalamineWorkbook, sheet, parts: Parts) -> Sheet:
    problems = _far(parts.stray.get(sheet.name, ()))
    if refused := parts.refused.get(sheet.name):
        return Sheet(sheet.name, [], problems=(f"{refused}; this sheet was not read",))
    return Sheet(
        sheet.name,
        workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False),
        parts.errors.get(sheet.name, ()),
        problems,
        hidden=sheet.visible != SheetVisibleEnum.Visible,
        from_1904=parts.from_1904,
    )


def _far(stray: Sequence[str]) -> tuple[str, ...]:
    far = f"{number(len(stray), 'cell')} far from the table ({some(stray)})"
    return (f"{far}; not read; delete the rows and columns outside the table",) if stray else ()


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
            raise TableError(path.name, f"this is {name}, not a workbook or CSV; {_REMOVE}")
    if start.startswith(b"PK"):
        return _package_kind(path)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return "xls"
    if page := _page(start):
        raise TableError(path.name, f"this is {page}; if Excel opens it, save it from there as .xlsx")
    return "csv"


def _page(start: bytes) -> str:
    text = start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").lower()
    if re.match(rb"mime-version:|content-type: ?multipart|from: ?<?saved by", text):
        return "a web page saved as one file (MHTML), not a workbook or CSV"
    if not re.match(rb"< ?[a-z!?]", text):
        return ""
    if b"office:spreadsheet" in text:
        return "an XML spreadsheet, not a workbook or CSV"
    if re.match(rb"< ?(html|!doctype html|table|meta|style|div|body|head)\b", text) or b"<html" in text:
        return "an XML or web page (HTML), not a workbook or CSV"
    return "XML, and not a list; a children in need census or SSDA903 stands in a folder cin_census or ssda903"


def _package_kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as package:
            check_archive(package, path.name)
            names = [name.replace("\\", "/").lower() for name in package.namelist()]
            types = package.read("[Content_Types].xml").lower() if "[Content_Types].xml" in package.namelist() else b""
            kind = _content_kind(names, types.decode("utf-8", "replace"))
            if kind == "ods":
                check_open_document(package, path.name)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, KeyError, zlib.error):
        raise TableError(path.name, DAMAGED) from None
    except RuntimeError as error:
        raise TableError(path.name, PASSWORD if "encrypted" in str(error) else DAMAGED) from None
    if kind in ("xlsx", "ods"):
        return kind
    raise TableError(path.name, f"this is {kind}")


def _content_kind(names: list[str], types: str) -> str:
    for _, part, kind in _PACKAGES:
        if any(re.search(part, name) for name in names):
            return kind
    said = (kind for content, _, kind in _PACKAGES if content in types)
    return next(said, "a zip archive; unpack it and remove it")


def _text_sheet(path: Path, known: Known | None) -> Sheet:
    try:
        table = parse(decode(path.read_bytes()), known)
    except NotText as error:
        raise TableError(path.name, str(error)) from None
    cells = 0
    for index, row in enumerate(table.rows, start=1):
        cells += len(row)
        if len(row) > MOST_COLUMNS:
            raise TableError(path.name, f"row {index} has more than {MOST_COLUMNS} columns")
    if cells > MOST_CELLS:
        raise TableError(path.name, f"it holds more than {MOST_CELLS:,} cells; split it by year")
    return Sheet(path.stem, table.rows, _error_cells(table.rows), _astray(table), is_text=True)


def _astray(table: Delimited) -> tuple[str, ...]:
    problems = []
    if stray := [index + 1 for index in table.stray]:
        sentence = f"{number(len(stray), 'quotation mark')} opened and not closed on the same line ({some_rows(stray)})"
        after = f"; {number(table.swallowed, 'line')} it would have swallowed read as rows of their own"
        problems.append(f"{sentence}{after if table.swallowed else ''}; correct it")
    if unclosed := [index + 1 for index in table.unclosed]:
        lines = len("".join(map(str, table.rows[-1])).splitlines())
        sentence = f"a quotation mark that is never closed ({some_rows(unclosed)})"
        problems.append(f"{sentence}; the {lines:,} lines after it were read as one cell; correct it")
    return tuple(problems)


def _error_cells(rows: Rows) -> tuple[str, ...]:
    return tuple(
        f"{column_letter(position)}{number}"
        for number, row in enumerate(rows, start=1)
        for position, cell in enumerate(row)
        if isinstance(cell, str) and cell[:1] == "#" and cell in ERROR_VALUES
    )
