"""Small invented extracts for the tests: rows in, files out, in whichever format a test wants."""

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import xlsxwriter

from analysis.extract import read_extract
from analysis.extract.definitions import annex_a

SECRET = b"a secret for the tests"
TODAY = date(2020, 1, 1)
Rows = Sequence[Sequence[object]]


def headings(name: str) -> list[str]:
    """The official headings of a list."""
    return [column.heading for column in annex_a().tables[name].columns.values()]


def a_list(name: str, *records: Mapping[str, object], without: Sequence[str] = ()) -> list[list[object]]:
    """A list's rows, headings first, from records that give only the fields a test is about."""
    fields = [field for field in annex_a().tables[name].columns if field not in without]
    columns = annex_a().tables[name].columns
    return [[columns[field].heading for field in fields]] + [
        [record.get(field, "") for field in fields] for record in records
    ]


def write_workbook(path: Path, sheets: Mapping[str, Rows]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(path), {"default_date_format": "dd/mm/yyyy"}) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for i, row in enumerate(rows):
                sheet.write_row(i, 0, ["" if cell is None else cell for cell in row])
    return path


def write_csv(path: Path, rows: Rows, encoding: str = "utf-8") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file).writerows(rows)
    return path


def contacts(*records: tuple, **more: object) -> list[list[object]]:
    """List 1 from (child, date, source) triples."""
    made = ({"child_id": child, "contact_date": day, "source": source, **more} for child, day, source in records)
    return a_list("list_1", *made)


def read(folder: Path, **options):
    return read_extract(folder, secret=SECRET, study=None, today=TODAY, **options)


def read_lists(folder: Path, lists: Mapping[str, Rows]):
    """Write the lists as one workbook of an authority and read it back."""
    write_workbook(folder / "annex_a" / "extract.xlsx", lists)
    return read(folder)


def doubtful(report):
    """The problems of a report, but for the lists that a small world does without."""
    return [problem for problem in report.problems if "in any extract" not in problem.sentence]


def account(report, title: str):
    """The account of one list of a report that has it once."""
    (found,) = [entry for entry in report.lists if entry.title.startswith(title)]
    return found
