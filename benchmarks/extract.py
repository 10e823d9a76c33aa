"""Cost of reading, checking, pseudonymising and redacting an extract, beside openpyxl reading its workbooks alone."""

import tempfile
from pathlib import Path

import openpyxl

from analysis.extract import read_extract
from analysis.protocol import load_protocol
from benchmarks.timing import cost_of, row
from data_synthetic.england import synthesise

AUTHORITY = "LA2"  # the largest: more than 24,000 contacts, in an extract for every six months, with documents


def run() -> list[dict]:
    """One row; its reference does less, for openpyxl only reads the cells."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        synthesise(Path(folder), protocol=load_protocol(), authorities=[AUTHORITY])
        authority = Path(folder) / AUTHORITY
        ours = cost_of(lambda: found.update(contacts=_read(authority)))
        reference = cost_of(lambda: found.update(rows=_read_with_openpyxl(authority / "annex_a")))
    name = f"extract of {found['contacts']:,} contacts ({found['rows']:,} rows), with documents, beside openpyxl alone"
    return [row(name, ours, reference)]


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
