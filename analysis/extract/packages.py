"""Look into a packed workbook before it is unpacked: refuse what would exhaust the machine, find formula errors."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from analysis.errors import TableError

MEGABYTE = 1 << 20
LARGEST_UNPACKED = 1024 * MEGABYTE
LARGEST_RATIO = 200  # an honest workbook packs about 10 to 1, an empty one 60 to 1
MOST_COLUMNS = 500
MOST_CELLS = 20_000_000
DAMAGED = "the workbook is cut short or damaged; copy or export it again"
PASSWORD = "it is protected by a password; save it without one"


def check_archive(package: zipfile.ZipFile, where: str) -> None:
    """Raise `TableError` if a zip package would unpack to far more than it weighs."""
    packed = sum(entry.compress_size for entry in package.infolist())
    unpacked = sum(entry.file_size for entry in package.infolist())
    if unpacked > LARGEST_UNPACKED or (unpacked > 20 * MEGABYTE and unpacked > LARGEST_RATIO * max(packed, 1)):
        raise TableError(where, "it unpacks to far more than a workbook holds; save it again from the source system")


def check_package(path: Path, kind: str) -> dict[str, tuple[str, ...]]:
    """Refuse a sheet of impossible extent before it is unpacked.

    Parameters
    ----------
    path : Path
    kind : str
        ``xlsx`` or ``ods``.

    Returns
    -------
    dict
        By name of sheet, the addresses (such as D2) of the cells whose formula ended in an error, in a workbook that
        has any. An open-document spreadsheet is not searched for them.

    Raises
    ------
    TableError
        If a sheet has more columns or cells than an extract can have, or the package is damaged.
    """
    try:
        with zipfile.ZipFile(path) as package:
            if kind == "ods":
                _check_repeats(package, path.name)
                return {}
            parts = [name for name in package.namelist() if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name)]
            errors = {part: _check_extent(package, part, path.name) for part in parts}
            return _by_sheet_name(package, errors) if any(errors.values()) else {}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, RuntimeError, KeyError) as error:
        locked = isinstance(error, RuntimeError) and "encrypted" in str(error)
        raise TableError(path.name, PASSWORD if locked else DAMAGED) from None
    except Exception as error:
        if isinstance(error, TableError):
            raise
        raise TableError(path.name, DAMAGED) from None


def _check_extent(package: zipfile.ZipFile, part: str, where: str) -> tuple[str, ...]:
    columns, last_row, errors = set(), 0, []
    for block in _blocks(package, part):
        columns.update(re.findall(rb"""\br=["']([A-Za-z]{1,9})\d""", block))
        rows = re.findall(rb"""\br=["'][A-Za-z]{0,9}(\d{1,12})["']""", block)
        last_row = max(last_row, int(max(rows, key=lambda row: (len(row), row), default=b"0")))
        if b'"e"' in block or b"'e'" in block:
            cells = re.findall(rb"""<c\b[^>]*\bt=["']e["'][^>]*>""", block)
            errors += [
                found[1].decode() for cell in cells if (found := re.search(rb"""\br=["'](\w{1,20})["']""", cell))
            ]
    width = max((_column_number(letters.decode()) for letters in columns), default=0)
    if width > MOST_COLUMNS:
        raise TableError(where, f"a sheet has more than {MOST_COLUMNS} columns; keep the columns of the lists")
    if width * last_row > MOST_CELLS:
        raise TableError(where, f"a sheet spans more than {MOST_CELLS:,} cells; delete its empty rows and columns")
    return tuple(errors)


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


def _by_sheet_name(package: zipfile.ZipFile, errors: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
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
            found[name[1]] = errors.get(targets.get(identifier[1], ""), ())
    return found


def column_letter(index: int) -> str:
    """The letter of a column as a spreadsheet shows it: 0 is A, 26 is AA."""
    letters, index = "", index + 1
    while index:
        index, remainder = divmod(index - 1, 26)
        letters = chr(65 + remainder) + letters
    return letters


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
