"""Read a workbook in the old binary format (.xls) in a process of its own.

The reader sets aside as much memory as the file asks for, and a file may ask for anything: the process is then
stopped by the operating system. Here only the child process is lost, and the file is said to be damaged.
"""

import pickle
import subprocess
import sys
from pathlib import Path

from analysis.errors import TableError
from analysis.extract.packages import column_letter
from analysis.extract.workbook_parts import last_row_of_table

MOST_MEMORY = 8 << 30  # bytes of address space for the process that reads (ours)
MOST_SECONDS = 600  # for one workbook (ours)
_DAMAGED = "it is protected by a password, damaged, or not a workbook; save it as .xlsx without a password"
_PASSWORD = "it is protected by a password; save it without one"
_COUNTS_FROM_1904 = b"\x22\0\2\0\1\0\x0e\0\2\0"  # the record DATE1904 set, and the one that always follows it
_READER = """
import pickle, sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]),) * 2)
except ImportError:  # on Windows
    pass
from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum
workbook = CalamineWorkbook.from_filelike(open(sys.argv[1], 'rb'))  # whatever its name ends in

def rows(sheet):  # blank cells at their ends are left out: a row may have 256, and a sheet 65,536 rows
    left = [""] * (sheet.start or (0, 0))[1]
    for row in sheet.iter_rows():
        if row.count("") == len(row):
            yield []
            continue
        while row[-1] == "":
            row.pop()
        yield left + row

sheets = [
    {
        "name": sheet.name,
        "rows": list(rows(workbook.get_sheet_by_name(sheet.name))),
        "hidden": sheet.visible != SheetVisibleEnum.Visible,
    }
    for sheet in workbook.sheets_metadata
    if sheet.typ == SheetTypeEnum.WorkSheet
]
pickle.dump(sheets, sys.stdout.buffer, protocol=5)
"""


def read_old_workbook(path: Path) -> list[dict]:
    """The sheets of a workbook, as `name`, `rows`, `stray`, `hidden` and `from_1904`.

    Cells far from the table of a sheet are left out of its rows, and named in `stray` (D2).

    Raises
    ------
    TableError
        If it is protected by a password or cannot be read.
    """
    if "EncryptedPackage".encode("utf-16-le") in (content := path.read_bytes()):
        raise TableError(path.name, _PASSWORD)
    command = [sys.executable, "-I", "-c", _READER, str(path.resolve()), str(MOST_MEMORY)]
    try:
        child = subprocess.run(command, capture_output=True, timeout=MOST_SECONDS)
    except subprocess.TimeoutExpired:
        raise TableError(path.name, _DAMAGED) from None
    if child.returncode:
        raise TableError(path.name, _DAMAGED)  # what the child wrote may quote the file
    from_1904 = _COUNTS_FROM_1904 in content
    return [sheet | _table_of(sheet["rows"]) | {"from_1904": from_1904} for sheet in pickle.loads(child.stdout)]


def _table_of(rows: list[list]) -> dict[str, object]:
    cells = [(column, number) for number, row in enumerate(rows, 1) for column, cell in enumerate(row) if cell != ""]
    last = last_row_of_table(cells)
    far = [f"{column_letter(column)}{number}" for column, number in cells if number > last]
    return {"rows": rows[:last] if far else rows, "stray": tuple(far)}
