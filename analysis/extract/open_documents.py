"""An open-document spreadsheet (.ods), looked into before it is read: cells far from the table are left out and named.

The reader lays a sheet out up to its last cell, and a file may say "repeat this row" a million times before it.
"""

import re
import zipfile
from pathlib import Path

from analysis.errors import TableError
from analysis.extract.packages import DAMAGED, MOST_COLUMNS, column_letter
from analysis.extract.workbook_parts import LARGEST_MENDED, MOST_STRAY, Parts, copy_of, last_row_of_table

_CONTENT = "content.xml"
_TABLE = re.compile(rb"<table:table\b[^>]*?(?<!/)>.*?</table:table>", re.DOTALL)
_NAME = re.compile(rb"""<table:table\b[^>]*\btable:name=["']([^"']*)""")
_ROW = re.compile(rb"<table:table-row\b[^>]*?(?:/>|(?<!/)>.*?</table:table-row>)", re.DOTALL)
_CELL = re.compile(
    rb"<table:(?:covered-)?table-cell\b[^>]*?(?:/>|(?<!/)>.*?</table:(?:covered-)?table-cell>)", re.DOTALL
)
_FILLED = re.compile(rb"office:value-type=|<text:p\b[^>]*(?<!/)>")


def look_into_open_document(path: Path) -> Parts:
    """The cells far from the table of each sheet, and a copy of the spreadsheet without them where there are any.

    Raises
    ------
    TableError
        If the package is damaged.
    """
    found = Parts()
    try:
        with zipfile.ZipFile(path) as package:
            if package.getinfo(_CONTENT).file_size > LARGEST_MENDED:
                return found
            content = package.read(_CONTENT)
            mended = _TABLE.sub(lambda table: _without_far_cells(table[0], found), content)
            if found.stray:
                found.copy = copy_of(package, {_CONTENT: mended}, {})
    except Exception:
        raise TableError(path.name, DAMAGED) from None
    return found


def _without_far_cells(table: bytes, found: Parts) -> bytes:
    rows, number = [], 1  # begin, end, number and count of each row, and the columns of its filled cells
    for row in _ROW.finditer(table):
        again = _repeats(row[0], b"rows")
        filled = _filled_columns(row[0]) if _FILLED.search(row[0]) else []
        rows.append((row.start(), row.end(), number, filled))
        number += again
    last = last_row_of_table([(column, number) for _, _, number, filled in rows for column in filled])
    far = [f"{column_letter(column)}{number}" for _, _, number, filled in rows for column in filled if
           number > last or column >= MOST_COLUMNS]  # fmt: skip
    if not far or len(far) > MOST_STRAY:
        return table
    name = _NAME.match(table)
    found.stray[name[1].decode("utf-8", "replace") if name else ""] = tuple(far)
    kept, end = [], 0
    for begin, stop, number, filled in rows:
        if number > last or (filled and filled[-1] >= MOST_COLUMNS):
            kept += [table[end:begin], b"" if number > last else _narrowed(table[begin:stop])]
            end = stop
    return b"".join([*kept, table[end:]])


def _repeats(tag: bytes, what: bytes) -> int:
    found = re.search(rb"""^<[^>]*\btable:number-%s-repeated=["'](\d{1,9})["']""" % what, tag)
    return int(found[1]) if found else 1


def _filled_columns(row: bytes) -> list[int]:
    columns, position = [], 0
    for cell in _CELL.findall(row):
        if _FILLED.search(cell):
            columns.append(position)
        position += _repeats(cell, b"columns")
    return columns


def _narrowed(row: bytes) -> bytes:
    position, begin = 0, 0
    for cell in _CELL.finditer(row):
        position += _repeats(cell[0], b"columns")
        begin = cell.start()
        if position > MOST_COLUMNS:
            break
    return row[:begin] + b"</table:table-row>"
