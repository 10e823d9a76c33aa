"""Steps for the page of one (authority, outcome): run its notebook, or make it of what an authority sent."""

import ast
import shutil
from pathlib import Path

import nbformat
from nbformat.v4 import new_markdown_cell, new_notebook

from analysis.book.page import not_made
from analysis.disclosure.containment import child_level_folder, outputs_of
from analysis.disclosure.files import MANIFEST, add_page
from analysis.disclosure.signatures import sign_file
from analysis.disclosure.signatures import signing_key as release_key
from analysis.errors import CohortError
from analysis.protocol import PredictionProblem
from analysis.study.cached_values import drop_altered, signing_key
from analysis.study.fingerprint import code_of
from analysis.study.paths import Paths
from analysis.study.problem import ProblemStudy, open_problem
from analysis.study.settings import read_settings
from analysis.workflow.notebook import execute_notebook
from analysis.workflow.sent_page import heading_of, make_sent_page

CANNOT_BE_STUDIED = "This prediction cannot be studied on these cases."


def run_page(problem: PredictionProblem, notebook: Path, product: Path, files: Path, build: Path) -> tuple[str, ...]:
    """Run the notebook, which leaves `released/` behind, and put the page beside its tables; own data are signed.

    Where the cases do not allow the prediction to be studied, the page says why and no table is released.

    Parameters
    ----------
    problem : PredictionProblem
    notebook : Path
        The page's source.
    product : Path
        The executed notebook to write.
    files : Path
        Folder of its figures; deleted first.
    build : Path
        The folder of the run's products.

    Returns
    -------
    tuple of str
        A sentence on each cached value that was not trusted, since this user's run did not write it.
    """
    altered = drop_altered(child_level_folder(build, problem.slug), signing_key(outputs_of(build)))
    parameters = {"authority": problem.authority, "outcome": problem.outcome, "build": str(build)}
    shutil.rmtree(files, ignore_errors=True)
    files.mkdir(parents=True)
    try:
        execute_notebook(notebook, product, parameters, heading=heading_of(problem, build))
    except CohortError as error:
        study = open_problem(problem.authority, problem.outcome, build)
        _write_reason(study, error, product, notebook)
        study.release({})
    released = Paths(build).released(problem.slug)
    add_page(released, product, files)
    if not read_settings(build).synthetic:
        sign_file(released / MANIFEST, release_key(outputs=outputs_of(build)))
    return altered


def run_sent_page(problem: PredictionProblem, notebook: Path, product: Path, files: Path, build: Path) -> None:
    """Make the page of released tables that were sent, here and from these tables alone.

    Parameters
    ----------
    problem : PredictionProblem
    notebook : Path
        The page's source.
    product : Path
        The executed notebook to write.
    files : Path
        Folder of its figures; deleted first.
    build : Path
        The folder of the joint book's products.
    """
    shutil.rmtree(files, ignore_errors=True)
    files.mkdir(parents=True)
    make_sent_page(problem, notebook, product, build)


def _write_reason(study: ProblemStudy, error: CohortError, product: Path, notebook: Path) -> None:
    """A page that says why there is none, with the places of all that the notebook would have shown."""
    source = f"book/notebooks/{notebook.name}"
    page = study.page(source)
    reasons = "\n".join(f"- {reason}" for reason in error.problems)
    places = "\n\n".join(not_made(page.anchor(*place)) for place in places_shown(code_of(notebook)))
    heading_and_reasons = f"{heading_of(study.problem, study.build)}\n\n{CANNOT_BE_STUDIED}\n\n{reasons}\n"
    texts = {"reason": heading_and_reasons, "lacks": page.lacks, "places": places}
    cells = [new_markdown_cell(text, id=name) for name, text in texts.items() if text]
    product.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=cells), product)


def places_shown(code: str) -> list[tuple[str, str]]:
    """The figures and tables that a page's notebook shows by name: pairs of kind ("fig", "table") and name.

    >>> places_shown('show_figure(page, "roc_curve", x)\\nshow_table(page, released["flow"], caption="")')
    [('fig', 'roc_curve'), ('table', 'flow')]
    """
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call) and len(node.args) > 1]
    places = {"show_figure": _figure, "show_table": _table}
    shown = [places[name](call) for call in calls if (name := getattr(call.func, "id", "")) in places]
    return list(dict.fromkeys(place for place in shown if place[1]))


def _figure(call: ast.Call) -> tuple[str, str]:
    return "fig", getattr(call.args[1], "value", "")


def _table(call: ast.Call) -> tuple[str, str]:
    named = [keyword.value for keyword in call.keywords if keyword.arg == "name"]
    released = call.args[1]
    key = released.slice if isinstance(released, ast.Subscript) else None
    return "table", getattr(named[0] if named else key, "value", "")
