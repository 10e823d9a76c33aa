"""Read a workbook in the old binary format (.xls) in a process of its own.

The reader sets aside as much memory as the file asks for, and a file may ask for anything: the process is then
stopped by the operating system. Here only the child process is lost, and the file is said to be damaged.
"""

import pickle
import subprocess
import sys
from pathlib import Path

from analysis.errors import TableError

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
workbook = CalamineWorkbook.from_path(sys.argv[1])
sheets = [
    {
        "name": sheet.name,
        "rows": workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False),
        "hidden": sheet.visible != SheetVisibleEnum.Visible,
    }
    for sheet in workbook.sheets_metadata
    if sheet.typ == SheetTypeEnum.WorkSheet
]
pickle.dump(sheets, sys.stdout.buffer, protocol=5)
"""


def read_old_workbook(path: Path) -> list[dict]:
    """The sheets of a workbook, as `name`, `rows`, `hidden` and `from_1904`.

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
    return [sheet | {"from_1904": from_1904} for sheet in pickle.loads(child.stdout)]
