"""The parts of an .xlsx package, looked into before it is read: formula errors, stray cells, counts that cannot be.

The reader lays a sheet out up to its last cell and believes the counts that a package states. A cell far from its
table, or a count of thousands of millions, would cost gigabytes; both are corrected in a copy, and the cell is named.
"""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from posixpath import dirname, join, normpath

from analysis.errors import TableError
from analysis.extract.packages import (
    DAMAGED,
    MEGABYTE,
    MOST_CELLS,
    MOST_COLUMNS,
    PASSWORD,
    blocks,
    column_letter,
    column_number,
)

SPARSE_CELLS = 2_000_000  # an area beyond this that is less than a quarter filled is searched for stray cells
MOST_STRAY = 100  # cells; more of them are a table (ours)
GAP_ROWS = 1_000  # filled rows after this many empty ones do not belong to the table (ours)
LARGEST_MENDED = 256 * MEGABYTE  # bytes of a sheet that is corrected in memory (ours)
_ADDRESS = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\br=["']([A-Za-z]{1,9})(\d{1,12})["'][^>]*>""")


@dataclass
class Parts:
    """What a look into the package found, by name of sheet, and a corrected copy where one is needed."""

    errors: dict[str, tuple[str, ...]] = field(default_factory=dict)
    stray: dict[str, tuple[str, ...]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    from_1904: bool = False
    copy: io.BytesIO | None = None


def look_into(path: Path) -> Parts:
    """Look into an .xlsx package.

    Raises
    ------
    TableError
        If the package is damaged or protected by a password.
    """
    try:
        with zipfile.ZipFile(path) as package:
            return _look_into(package)
    except TableError:
        raise
    except Exception as error:
        locked = isinstance(error, RuntimeError) and "encrypted" in str(error)
        raise TableError(path.name, PASSWORD if locked else DAMAGED) from None


def _look_into(package: zipfile.ZipFile) -> Parts:
    names = {name.replace("\\", "/").lower(): name for name in package.namelist()}
    workbook = workbook_part(package, names)
    found, mended = Parts(), {}
    if workbook in names:
        found.from_1904 = bool(
            re.search(rb"""<(?:\w+:)?workbookPr\b[^>]*\bdate1904=["'](?:1|true)["']""", package.read(names[workbook]))
        )
    sheets = _sheet_names(package, names, workbook)
    for part in (part for part in names if re.search(r"(^|/)worksheets/[^/]+\.xml$", part)):
        _look_into_sheet(package, names[part], sheets.get(part, ""), found, mended)
    mended |= _honest_counts(package, names)
    usual = _usual_names(names, workbook)
    if mended or usual:
        found.copy = copy_of(package, mended, usual)
    return found


def workbook_part(package: zipfile.ZipFile, names: Mapping[str, str]) -> str:
    """The name, in small letters, of the part that lists the sheets; "" if there is none.

    Parameters
    ----------
    package : ZipFile
    names : mapping of str to str
        By name in small letters, the name of each part as it is written.

    Returns
    -------
    str
    """
    links = package.read(names["_rels/.rels"]).decode("utf-8", "replace") if "_rels/.rels" in names else ""
    for link in re.findall(r"<(?:\w+:)?Relationship\b[^>]*>", links):
        target = re.search(r"""\bTarget=["']/?([^"']+)["']""", link)
        if target and "/officeDocument" in (re.search(r"""\bType=["']([^"']*)["']""", link) or [link, ""])[1][-16:]:
            return target[1].replace("\\", "/").lower()
    return next((name for name in names if re.search(r"(^|/)workbook\d*\.xml$", name)), "")


def _sheet_names(package: zipfile.ZipFile, names: Mapping[str, str], workbook: str) -> dict[str, str]:
    # By the part that holds it, the name of each sheet.
    folder = dirname(workbook)
    links = names.get(join(folder, "_rels", workbook.rpartition("/")[2] + ".rels"))
    if workbook not in names or links is None:
        return {}
    targets = {}
    for link in re.findall(r"<(?:\w+:)?Relationship\b[^>]*>", package.read(links).decode("utf-8", "replace")):
        identifier, target = re.search(r"""\bId=["']([^"']+)""", link), re.search(r"""\bTarget=["']([^"']+)""", link)
        if identifier and target:
            place = target[1].replace("\\", "/").lower()
            targets[identifier[1]] = place[1:] if place.startswith("/") else normpath(join(folder, place))
    sheets = {}
    for sheet in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", package.read(names[workbook]).decode("utf-8", "replace")):
        name, identifier = re.search(r"""\bname="([^"]*)\"""", sheet), re.search(r"""\br?:?id=["']([^"']+)""", sheet)
        if name and identifier and identifier[1] in targets:
            sheets[targets[identifier[1]]] = unescape(name[1])
    return sheets


def _look_into_sheet(package: zipfile.ZipFile, part: str, name: str, found: Parts, mended: dict[str, bytes]) -> None:
    width, last_row, cells, errors = _extent(package, part)
    if errors:
        found.errors[name] = errors
    area = width * last_row
    if width <= MOST_COLUMNS and (area <= SPARSE_CELLS or (cells * 4 >= area and area <= MOST_CELLS)):
        return
    stray, width, last_row = _stray_cells(package, part)
    if width > MOST_COLUMNS:
        found.refused[name] = f"it has more than {MOST_COLUMNS} columns; keep the columns of the lists"
    elif width * last_row > MOST_CELLS or (stray and package.getinfo(part).file_size > LARGEST_MENDED):
        found.refused[name] = f"it spans more than {MOST_CELLS:,} cells; delete its empty rows and columns"
    elif stray:
        found.stray[name] = stray
        mended[part] = _without_cells(package.read(part), stray)


def _extent(package: zipfile.ZipFile, part: str) -> tuple[int, int, int, tuple[str, ...]]:
    columns, last_row, cells, errors = set(), 0, 0, []
    for block in blocks(package, part):
        columns.update(re.findall(rb"""\br=["']([A-Za-z]{1,9})\d""", block))
        rows = re.findall(rb"""\br=["'][A-Za-z]{0,9}(\d{1,12})["']""", block)
        cells += len(rows)
        last_row = max(last_row, int(max(rows, key=lambda row: (len(row), row), default=b"0")))
        if b'"e"' in block or b"'e'" in block:
            marked = re.findall(rb"""<(?:\w+:)?c\b[^>]*\bt=["']e["'][^>]*>""", block)
            addresses = (re.search(rb"""\br=["'](\w{1,20})["']""", cell) for cell in marked)
            errors += [address[1].decode() for address in addresses if address]
    width = max((column_number(letters.decode()) for letters in columns), default=0)
    return width, last_row, cells, tuple(errors)


def _stray_cells(package: zipfile.ZipFile, part: str) -> tuple[tuple[str, ...], int, int]:
    """The few cells far from the table of a sheet, and the columns and rows that the filled others span."""
    filled, empty = [], []
    for block in blocks(package, part):
        for cell in _ADDRESS.finditer(block):
            address = (column_number(cell[1].decode()), int(cell[2]))
            (empty if cell[0].endswith(b"/>") else filled).append(address)
        if len(filled) > MOST_CELLS:
            return (), max(column for column, _ in filled), MOST_CELLS + 1
    last = last_row_of_table(filled)
    far = [(column, row) for column, row in filled if row > last or column > MOST_COLUMNS]
    if len(far) > MOST_STRAY:
        far, last = [], max(row for _, row in filled)
    near = set(filled) - set(far)
    width = max((column for column, _ in near), default=0)
    far += [(column, row) for column, row in empty if row > last + GAP_ROWS or column > MOST_COLUMNS][:MOST_STRAY]
    return tuple(f"{column_letter(column - 1)}{row}" for column, row in sorted(far)), width, last


def last_row_of_table(filled: list[tuple[int, int]]) -> int:
    """The last row of the table, from the columns and rows of filled cells: after a gap only a few cells stand."""
    rows = Counter(row for _, row in filled)
    total = after = sum(rows.values())
    previous = 0
    for row in sorted(rows):
        if previous and row - previous > GAP_ROWS and after <= min(MOST_STRAY, total - after):
            break
        previous, after = row, after - rows[row]
    return previous


def _without_cells(sheet: bytes, addresses: tuple[str, ...]) -> bytes:
    wanted = "|".join(addresses).encode()
    cell = rb"""<(?P<tag>(?:\w+:)?c)\b[^>]*?\br=["'](?:%s)["'][^>]*?(?:/>|>.*?</(?P=tag)>)""" % wanted
    return re.sub(cell, b"", sheet, flags=re.DOTALL | re.IGNORECASE)


def _honest_counts(package: zipfile.ZipFile, names: Mapping[str, str]) -> dict[str, bytes]:
    # A count is only a hint, but the reader sets that much memory aside. A string takes at least five bytes.
    mended = {}
    for part in (names[name] for name in names if re.search(r"(^|/)(sharedstrings|styles)\.xml$", name)):
        most = package.getinfo(part).file_size // 4
        with package.open(part) as file:
            start = file.read(1 << 16)
        if any(int(count) > most for count in re.findall(rb"""[cC]ount=["'](\d{1,30})["']""", start)):
            mended[part] = re.sub(rb"""\b(c|uniqueC)ount=["']\d+["']""", b"", package.read(part))
    return mended


def _usual_names(names: Mapping[str, str], workbook: str) -> dict[str, str]:
    # The reader knows the list of sheets by one name alone; some systems number it.
    folder, name = dirname(workbook), workbook.rpartition("/")[2]
    if workbook not in names or name == "workbook.xml":
        return {}
    usual = {names[workbook]: join(folder, "workbook.xml")}
    if links := names.get(join(folder, "_rels", f"{name}.rels")):
        usual[links] = join(folder, "_rels", "workbook.xml.rels")
    return usual


def copy_of(package: zipfile.ZipFile, mended: Mapping[str, bytes], usual: Mapping[str, str]) -> io.BytesIO:
    """A package again, with other contents and other names of some of its parts.

    Parameters
    ----------
    package : zipfile.ZipFile
    mended : mapping of str to bytes
        The contents, by the part's name.
    usual : mapping of str to str
        The new names, by the old.

    Returns
    -------
    io.BytesIO
        From its beginning, uncompressed.
    """
    workbooks = [(old.encode(), new.encode()) for old, new in usual.items() if old.endswith(".xml")]
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as new:
        for name in dict.fromkeys(package.namelist()):
            content = mended[name] if name in mended else package.read(name)
            if name in ("_rels/.rels", "[Content_Types].xml"):
                for old, renamed in workbooks:
                    content = content.replace(old, renamed)
            new.writestr(usual.get(name, name), content)
    copy.seek(0)
    return copy
