"""Steps for the page of one (authority, outcome): run its notebook, or make it of what an authority sent."""

import shutil
from pathlib import Path

import nbformat
from nbformat.v4 import new_markdown_cell, new_notebook

from analysis.book.sentences.problem import heading
from analysis.disclosure.files import MANIFEST, add_page
from analysis.disclosure.signatures import OUTPUTS, sign_file, signing_key
from analysis.errors import CohortError
from analysis.protocol import PredictionProblem
from analysis.study.problem import open_problem
from analysis.workflow.notebook import execute_notebook
from analysis.workflow.sent_page import make_sent_page


def run_page(problem: PredictionProblem, notebook: Path, product: Path, files: Path, build: Path) -> None:
    """Run the notebook, which leaves `released/` behind, and put the page beside its tables; own data are signed.

    Where the cases do not allow the prediction to be studied, the page says why and no table is released.
    """
    parameters = {"authority": problem.authority, "outcome": problem.outcome, "build": str(build)}
    shutil.rmtree(files, ignore_errors=True)
    files.mkdir(parents=True)
    try:
        execute_notebook(notebook, product, parameters, heading=heading(problem))
    except CohortError as error:
        _write_reason(problem, error, product)
        open_problem(problem.authority, problem.outcome, build).release({})
    released = build / problem.slug / "released"
    add_page(released, product, files)
    if not open_problem(problem.authority, problem.outcome, build).settings.synthetic:
        sign_file(released / MANIFEST, signing_key(outputs=(build, *OUTPUTS)))


def place_page(problem: PredictionProblem, notebook: Path, product: Path, files: Path, build: Path) -> None:
    """Make the page of released tables that were sent, here and from these tables alone."""
    shutil.rmtree(files, ignore_errors=True)
    files.mkdir(parents=True)
    make_sent_page(problem, notebook, product, build)


def _write_reason(problem: PredictionProblem, error: CohortError, product: Path) -> None:
    reasons = "\n".join(f"- {reason}" for reason in error.problems)
    text = f"{heading(problem)}\n\nThis prediction cannot be studied on these cases.\n\n{reasons}\n"
    product.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=[new_markdown_cell(text, id="reason")]), product)
