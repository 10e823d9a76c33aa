"""Steps for the page of one (authority, outcome): run its notebook, or take it from what an authority sent."""

import shutil
from pathlib import Path

import nbformat
from nbformat.v4 import new_markdown_cell, new_notebook

from analysis.book.sentences.problem import heading
from analysis.disclosure.containment import child_level_folder, outputs_of
from analysis.disclosure.files import add_page
from analysis.errors import CohortError, StepError
from analysis.protocol import PredictionProblem
from analysis.study.problem import open_problem
from analysis.workflow.collect import page_of
from analysis.workflow.kept import drop_altered, signing_key
from analysis.workflow.notebook import execute_notebook


def run_page(problem: PredictionProblem, notebook: Path, product: Path, files: Path, build: Path) -> tuple[str, ...]:
    """Run the notebook, which leaves `released/` behind, and put the page beside its tables.

    Where the cases do not allow the prediction to be studied, the page says why and no table is released.

    Returns
    -------
    tuple of str
        A sentence on each kept value that was not believed.
    """
    altered = drop_altered(child_level_folder(build, problem.slug), signing_key(outputs_of(build)))
    parameters = {"authority": problem.authority, "outcome": problem.outcome, "build": str(build)}
    shutil.rmtree(files, ignore_errors=True)
    files.mkdir(parents=True)
    try:
        execute_notebook(notebook, product, parameters, heading=heading(problem))
    except CohortError as error:
        _write_reason(problem, error, product)
        open_problem(problem.authority, problem.outcome, build).release({})
    add_page(build / problem.slug / "released", product, files)
    return altered


def place_page(problem: PredictionProblem, product: Path, files: Path, build: Path) -> None:
    """Put a page that was sent beside its released tables where the book is built from."""
    page = page_of(build, problem.authority, problem.outcome)
    if page is None:
        raise StepError(problem.slug, "its released tables came without their page; ask for the whole released folder")
    notebook, sent_files = page
    product.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(notebook, product)
    shutil.rmtree(files, ignore_errors=True)
    shutil.copytree(sent_files, files)


def _write_reason(problem: PredictionProblem, error: CohortError, product: Path) -> None:
    reasons = "\n".join(f"- {reason}" for reason in error.problems)
    text = f"{heading(problem)}\n\nThis prediction cannot be studied on these cases.\n\n{reasons}\n"
    product.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=[new_markdown_cell(text, id="reason")]), product)
