"""Step: the notebook of one (authority, outcome), and the page said instead when it cannot be studied."""

import shutil
from pathlib import Path

import nbformat
from nbformat.v4 import new_markdown_cell, new_notebook

from analysis.disclosure import write_released
from analysis.errors import CohortError
from analysis.pipeline.notebook import execute_notebook
from analysis.protocol import PredictionProblem
from analysis.sentences.problem import heading


def run_page(problem: PredictionProblem, notebook: Path, product: Path, files: Path, build: Path) -> None:
    """Run the notebook, which leaves `released/` behind; where the cases do not allow it, say why on the page."""
    parameters = {"authority": problem.authority, "outcome": problem.outcome, "build": str(build)}
    shutil.rmtree(files, ignore_errors=True)
    files.mkdir(parents=True)
    try:
        execute_notebook(notebook, product, parameters, heading=heading(problem))
    except CohortError as error:
        _write_reason(problem, error, product)
        released = build / problem.slug / "released"
        shutil.rmtree(released, ignore_errors=True)
        write_released({}, released, provenance={"cannot_run": "; ".join(error.problems)})


def _write_reason(problem: PredictionProblem, error: CohortError, product: Path) -> None:
    reasons = "\n".join(f"- {reason}" for reason in error.problems)
    text = f"{heading(problem)}\n\nThis prediction cannot be studied on these cases.\n\n{reasons}\n"
    product.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=[new_markdown_cell(text, id="reason")]), product)
