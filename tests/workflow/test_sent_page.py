"""The page of tables that were sent is made here, and is the authority's own but for the code it names."""

import json
import sys
from pathlib import Path

import jupytext
import nbformat
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "figures"))

import small_tables as small  # noqa: E402

from analysis.disclosure import PAGE_TABLES, add_page, write_released  # noqa: E402
from analysis.errors import StepError  # noqa: E402
from analysis.protocol.read import protocol_hash  # noqa: E402
from analysis.study.paths import Paths  # noqa: E402
from analysis.study.settings import Settings, choose_problems, write_settings  # noqa: E402
from analysis.workflow.page import run_sent_page  # noqa: E402
from analysis.workflow.sent_page import (  # noqa: E402
    FROM_EXTRACT,
    INSTEAD,
    OPENS,
    RELEASED,
    with_cells_of,
    without_extract,
)
from analysis.workflow.steps import PAGE, sent_page_steps  # noqa: E402

pytestmark = pytest.mark.slow

MADE_FROM = {"authority": "LA1", "outcome": "P1", "data": "d" * 64, "code": "c" * 64, "environment": "e" * 64,
             "protocol": protocol_hash(small.PROTOCOL),
             "observed_from": "2011-02-01", "observed_to": "2018-11-30"}  # fmt: skip


def all_tables():
    """Every table of a page, those of little worth with one row each."""
    rows = {
        "give_away": {"design": small.T_ALL, "audit": "lag", "lag_days": 30, "cases": 100, "positives": 20,
                      "average_precision": 0.3, "average_precision_low": 0.2, "average_precision_high": 0.4},
        "topics": {"topic": "1", "terms": "school, visit", "families": 40, "auc": 0.5},
        "vulnerabilities": {"concept": "alcohol (parent)", "cases": 100, "positives": 20, "prevalence": 0.2},
        "documents": {"kind": "referral", "documents": 100, "cases": 90},
        "late_cases": {"part": "in_use", "cases": 100, "positives": 20},
        "predictors": {"predictor": "age_years", "group": "child", "meaning": "age on the index date"},
        "search": {"design": small.S_ALL, "family": "xgboost", "draw": "1", "parameters": "max depth 2",
                   "fold_average_precision": 0.3, "chosen": "yes"},
    }  # fmt: skip
    return small.page_tables() | {name: small.released(name, [row]) for name, row in rows.items()}


@pytest.fixture
def problem(tmp_path):
    (problem,) = choose_problems(small.PROTOCOL, ["LA1"], ["P1"])
    write_settings(Settings(small.PROTOCOL, True, (problem,), network_world="small"), tmp_path)
    return problem


def make(problem, build: Path, tables) -> tuple[nbformat.NotebookNode, Path]:
    write_released(tables, build / problem.slug / "released", provenance=MADE_FROM)
    sent = build / "sent.ipynb"
    sent.write_text('{"cells": ["<script>window.owned = 1</script>"]}')
    add_page(build / problem.slug / "released", sent)
    product, files = Paths(build).page(problem.slug), Paths(build).page_files(problem.slug)
    run_sent_page(problem, PAGE, product, files, build)
    return nbformat.read(product, as_version=4), files


def test_a_page_is_made_of_released_tables_alone(problem, tmp_path):
    page, files = make(problem, tmp_path, all_tables())
    text = json.dumps(page)
    assert "owned" not in text
    assert [cell.source for cell in page.cells if cell.cell_type == "code"] == [
        cell.source for cell in jupytext.read(PAGE).cells if cell.cell_type == "code"
    ]
    assert {f"LA1-P1-{name}.csv" for name in ("flow", "topics", "subgroups", "search")} <= {
        f.name for f in files.iterdir()
    }
    assert "The extract covers February 2011 to November 2018" in text
    assert 'data-data=\\"dddddddddddd\\"' in text and 'data-tables-code=\\"cccccccccccc\\"' in text
    assert all(not cell.outputs for cell in page.cells if FROM_EXTRACT in cell.metadata.get("tags", ()))


def test_some_tables_without_others_are_named(problem, tmp_path):
    with pytest.raises(StepError, match=f"7 of {len(PAGE_TABLES)} tables were not sent: .*topics"):
        make(problem, tmp_path, small.page_tables())


def test_a_page_that_could_not_be_studied_says_so(problem, tmp_path):
    page, _ = make(problem, tmp_path, {})
    assert len(page.cells) == 1 and "could not be studied" in page.cells[0].source


def test_cells_that_need_the_extract_are_left_out_and_come_back_in_their_order():
    notebook = jupytext.read(PAGE)
    less = without_extract(notebook)
    assert not any(FROM_EXTRACT in cell.metadata.get("tags", ()) for cell in less.cells)
    assert sum(cell.source == RELEASED for cell in less.cells) == 1
    assert any(INSTEAD in cell.source for cell in less.cells) and not any(OPENS in cell.source for cell in less.cells)
    back = with_cells_of(jupytext.read(PAGE), less)
    assert [cell.source for cell in back.cells] == [cell.source for cell in jupytext.read(PAGE).cells]


def test_the_step_of_a_sent_page_runs_our_notebook(problem, tmp_path):
    settings = Settings(small.PROTOCOL, True, (problem,), network_world="small")
    (step,) = sent_page_steps(settings, tmp_path)
    assert PAGE in step.reads and step.arguments["notebook"] == PAGE and set(PAGE_TABLES) >= {"flow"}
