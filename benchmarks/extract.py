"""Time to read, check, pseudonymise and redact an extract, beside reading its workbooks with openpyxl alone."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl

from analysis.extract import read_extract
from analysis.protocol import load_protocol
from data_synthetic.england import synthesise

AUTHORITY = "LA2"  # the largest: some 24,000 contacts, in an extract for every six months, with documents
FEWEST_CONTACTS, SCALE = 24_000, 1.2


def run() -> list[dict]:
    """One row: the reader's processor time, openpyxl's for the workbooks alone, and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        synthesise(Path(folder), protocol=load_protocol(), authorities=[AUTHORITY], scale=SCALE)
        authority = Path(folder) / AUTHORITY
        contacts, seconds = _timed(lambda: _read(authority))
        rows, reference = _timed(lambda: _read_with_openpyxl(authority / "annex_a"))
    # Workbooks and documents grow with the cases, and both readers with them.
    factor = max(1.0, FEWEST_CONTACTS / contacts)
    return [
        {
            "name": f"extract of {int(contacts * factor):,} contacts ({int(rows * factor):,} rows), with documents",
            "cpu_seconds": seconds * factor,
            "reference_cpu_seconds": reference * factor,
            "ratio": seconds / reference,
            "extrapolated": factor > 1,
        }
    ]


def _timed(task: Callable[[], int]) -> tuple[int, float]:
    start = time.process_time()
    return task(), time.process_time() - start


def _read(authority: Path) -> int:
    tables, _ = read_extract(authority, secret=b"benchmark" * 4, study=None)
    return int((tables.events["event"] == "contact").sum())


def _read_with_openpyxl(folder: Path) -> int:
    rows = 0
    for path in sorted(folder.iterdir()):
        workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
        rows += sum(1 for sheet in workbook for _ in sheet.iter_rows(values_only=True))
        workbook.close()
    return rows


if __name__ == "__main__":
    print(run())
