"""The workbook of released tables equals the tables, holds no formula and is the same each time."""

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from analysis.disclosure.catalogue import PAGE_TABLES
from analysis.disclosure.files import write_released
from analysis.disclosure.release_gate import release
from analysis.escape import from_cell
from analysis.protocol import load_protocol
from analysis.study.settings import Settings, choose_problems
from analysis.workflow.workbook import NAME, WITHHELD, write_workbook

PROTOCOL = load_protocol()
STEPS = ["index events", "=1+1", "cases"]


def released_build(build: Path, removed: list[int], preset: str) -> Settings:
    frame = pd.DataFrame({"step": STEPS, "removed": removed, "remaining": [400, 398, 396]})
    table = release(PAGE_TABLES["flow"], frame, preset=preset, rules=PROTOCOL.disclosure)
    for problem in (problems := choose_problems(PROTOCOL, ["LA4"], None)):
        write_released({"flow": table}, build / problem.slug / "released", provenance={})
    return Settings(PROTOCOL, False, tuple(problems))


def table_of(sheet) -> pd.DataFrame:
    rows = list(sheet.iter_rows(values_only=True))
    first = next(number for number, row in enumerate(rows) if row[0] == "step")
    return pd.DataFrame(rows[first + 1 :], columns=rows[first])


@pytest.mark.parametrize("preset", ["synthetic", "dfe"])
def test_each_sheet_equals_its_csv(tmp_path, preset):
    settings = released_build(tmp_path / "build", [0, 2, 2], preset)
    workbook = openpyxl.load_workbook(write_workbook(settings, tmp_path / "build", tmp_path / "book"))
    contents, *sheets = workbook.worksheets
    assert [row[0] for row in contents.iter_rows(min_row=2, values_only=True)] == [sheet.title for sheet in sheets]
    assert len(sheets) == len(settings.problems) > 1
    for problem, sheet in zip(settings.problems, sheets, strict=True):
        csv = pd.read_csv(tmp_path / "build" / problem.slug / "released" / "flow.csv", dtype={"step": str})
        read = table_of(sheet)
        csv["step"] = csv["step"].map(from_cell)  # in the CSV a label that begins like a formula is quoted
        told = csv.astype(object).where(csv.notna(), WITHHELD)  # only counts and steps are in this table
        assert read.to_numpy().tolist() == told.to_numpy().tolist()
        assert csv.isna().to_numpy().any() == (preset == "dfe")


def test_a_label_that_looks_like_a_formula_is_text(tmp_path):
    settings = released_build(tmp_path / "build", [0, 2, 2], "synthetic")
    workbook = openpyxl.load_workbook(write_workbook(settings, tmp_path / "build", tmp_path / "book"))
    cells = [cell for sheet in workbook.worksheets for row in sheet.iter_rows() for cell in row]
    assert any(cell.value == "=1+1" for cell in cells)
    assert {cell.data_type for cell in cells} <= {"s", "n"}  # f would be a formula


@pytest.mark.parametrize("most_listed", [1, 64], ids=["many pages", "few pages"])
def test_the_same_tables_give_the_same_bytes(tmp_path, monkeypatch, most_listed):
    monkeypatch.setattr("analysis.study.settings.MOST_LISTED", most_listed)
    settings = released_build(tmp_path / "build", [0, 2, 2], "dfe")
    first, second = (write_workbook(settings, tmp_path / "build", tmp_path / name) for name in "ab")
    assert first.read_bytes() == second.read_bytes() and first.name == NAME


def test_without_a_table_there_is_no_workbook(tmp_path):
    problems = choose_problems(PROTOCOL, ["LA4"], None)
    assert write_workbook(Settings(PROTOCOL, False, tuple(problems)), tmp_path, tmp_path) is None


def test_of_many_pages_each_table_is_one_sheet(tmp_path, monkeypatch):
    settings = released_build(tmp_path / "build", [0, 2, 2], "dfe")
    monkeypatch.setattr("analysis.study.settings.MOST_LISTED", 1)
    workbook = openpyxl.load_workbook(write_workbook(settings, tmp_path / "build", tmp_path / "book"))
    _, sheet = workbook.worksheets
    rows = [row for row in sheet.iter_rows(values_only=True) if row[0] == "LA4"]
    assert [row[1] for row in rows] == [problem.outcome for problem in settings.problems for _ in STEPS]
    assert any(WITHHELD in row for row in rows)
    assert {row[2] for row in rows} == set(STEPS) and sheet.freeze_panes == "B6"
