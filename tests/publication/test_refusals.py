"""What must stop the report, and what the message tells the reader to do. Each test makes the mistake."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import jupytext
import pytest
import small_tables as small
from nbformat import NotebookNode

from analysis.claims.evidence_map import EvidenceError
from analysis.errors import ProtocolError, StepError
from analysis.study.evidence_files import read_evidence_map
from analysis.study.fingerprint import ROOT
from analysis.workflow import report as reports
from analysis.workflow.book import build_html
from analysis.workflow.chapter import check_evidence_map, run_chapter
from analysis.workflow.steps import NOTEBOOKS

PLACE = "table-performance-results"


@pytest.fixture
def started(monkeypatch) -> list:
    """The steps that a report would have run; a report that is refused runs none."""
    steps: list = []

    def run_nothing(chosen, *_, **__) -> SimpleNamespace:
        steps.extend(chosen)
        return SimpleNamespace(raise_failures=lambda: None)

    monkeypatch.setattr(reports, "run_steps", run_nothing)
    return steps


@pytest.fixture
def own_notebooks(tmp_path, monkeypatch) -> Path:
    """A copy of the notebooks, to make mistakes in."""
    folder = tmp_path / "notebooks"
    shutil.copytree(NOTEBOOKS, folder)
    monkeypatch.setattr(reports, "NOTEBOOKS", folder)
    return folder


def test_a_changed_threshold_stops_the_report_before_anything_runs(tmp_path, started):
    protocol = tmp_path / "protocol.yml"
    text = (ROOT / "protocol.yml").read_text()
    assert text.count("threshold: 0.65") == 1
    protocol.write_text(text.replace("threshold: 0.65", "threshold: 0.6"))
    with pytest.raises(ProtocolError) as error:
        reports.report(build=tmp_path / "build", protocol_path=protocol, network_world="small")
    assert "'success.threshold' is registered as 0.65 and executed as 0.6; restore it, or record" in str(error.value)
    assert "deviations.yml" in str(error.value)
    assert started == []


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("Of the models, 14 pass.", "performance.md: the number '14' is typed; show it with a function of"),
        ("Text makes them worse.", "performance.md: 'worse' is typed where a result is read; let a function of"),
    ],
)
def test_a_typed_result_stops_the_report_before_anything_runs(own_notebooks, started, tmp_path, typed, says):
    chapter = own_notebooks / "performance.md"
    before, shown, after = chapter.read_text().partition("## Published and run, side by side")
    chapter.write_text(f"{before}{typed}\n\n{shown}{after}")
    with pytest.raises(StepError) as error:
        reports.report(build=tmp_path / "build", network_world="small")
    assert says in str(error.value) and len(error.value.problems) == 1
    assert started == []


def test_without_a_mistake_the_report_starts(own_notebooks, started, tmp_path):
    reports.report(build=tmp_path / "build", network_world="small")
    assert {"book", "evidence"} <= {step.name for step in started}


@pytest.mark.slow
def test_a_cell_of_the_evidence_map_that_is_deleted_stops_the_build(build_of, tmp_path):
    """The chapter is run and built to HTML twice, as it is and without the cell that shows the table of results."""
    build = build_of(small.world())
    whole = jupytext.read(NOTEBOOKS / "performance.md")
    cut = jupytext.read(NOTEBOOKS / "performance.md")
    cut.cells = [cell for cell in cut.cells if "show_predictions(\n" not in cell.source]
    assert len(cut.cells) == len(whole.cells) - 1
    items = [item.item for item in read_evidence_map() if item.place.endswith(f"#{PLACE}")]
    assert items == ["12d", "23a", "23b"]
    assert not [line for line in complaints(build, whole, tmp_path / "whole") if PLACE in line]
    found = [line for line in complaints(build, cut, tmp_path / "cut") if PLACE in line]
    assert found == [
        f"item {item}: page 'notebooks/performance' has nothing at #{PLACE}; restore the section, figure or table, or "
        "point the item elsewhere"
        for item in items
    ]


def complaints(build: Path, notebook: NotebookNode, folder: Path) -> tuple[str, ...]:
    """What the report's last step says of a book of this one chapter."""
    source = folder / "performance.md"
    folder.mkdir()
    jupytext.write(notebook, source, fmt="md:myst")
    book = build / folder.name
    shutil.copytree(ROOT / "book", book, ignore=shutil.ignore_patterns("notebooks", "__pycache__"))
    files = build / "book" / "_files"
    run_chapter(source, book / "notebooks" / "performance.ipynb", files / "performance", build, "small")
    shutil.copytree(files, book / "_files")
    chapters = "[{file: glossary}, {file: references}]"
    (build / "_toc.yml").write_text(f"format: jb-book\nroot: notebooks/performance\nchapters: {chapters}\n")
    build_html(book, folder / "_build", synthetic=True)
    with pytest.raises(EvidenceError) as error:
        check_evidence_map(build, folder / "_build" / "html")
    return error.value.problems
