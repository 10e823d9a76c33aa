"""Steps for chapters that read released tables alone, and for the chapter printed by the definition tests."""

import shutil
from pathlib import Path

import jupytext

from analysis.cohort.definitions import definitions_chapter
from analysis.study.evidence_files import check_evidence
from analysis.study.results import open_results
from analysis.workflow.notebook import declared_parameters, execute_notebook


def run_chapter(notebook: Path, product: Path, files: Path, build: Path, world: str) -> None:
    """Run a chapter's notebook with those of the run's values that it declares; its figures go to `files`.

    Parameters
    ----------
    notebook : Path
        The chapter's source.
    product : Path
        The executed notebook to write.
    files : Path
        Folder of its figures; deleted first.
    build : Path
        The folder of the run's products.
    world : str
        In which family networks are studied: "full", "small" or "own".
    """
    shutil.rmtree(files, ignore_errors=True)
    files.mkdir(parents=True)
    values = {"build": str(build), "world": world}
    declared = declared_parameters(jupytext.read(notebook))
    execute_notebook(notebook, product, {name: value for name, value in values.items() if name in declared})


def write_definitions(product: Path) -> None:
    """Write the definitions chapter: the tables of invented children that the tests hold the code to."""
    product.parent.mkdir(parents=True, exist_ok=True)
    product.write_text(definitions_chapter(), encoding="utf-8")


def check_evidence_map(build: Path, html: Path) -> None:
    """Check that the built book has every place that the evidence map names.

    Parameters
    ----------
    build : Path
        The folder of the run's products.
    html : Path
        Folder of the built book.

    Raises
    ------
    EvidenceError
        Naming every item whose page or anchor is missing.
    """
    check_evidence(open_results(build).example, html)
