"""The page of tables that an authority sent: made here, by our own notebook, from the released tables alone."""

from copy import deepcopy
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from analysis.book.sentences.problem import heading
from analysis.disclosure import PAGE_TABLES
from analysis.disclosure.lazy import open_released
from analysis.errors import StepError
from analysis.protocol import PredictionProblem
from analysis.study.paths import Paths
from analysis.study.settings import read_settings
from analysis.study.supplied import Supplied
from analysis.tables.supplied_scores import OF_SCORES
from analysis.workflow.notebook import execute_notebook

FROM_EXTRACT = "from-extract"  # the tag of a cell that needs the authority's own records
OPENS = "from analysis import open_problem"
INSTEAD = "from analysis.study.sent import open_sent as open_problem"
RELEASED = "rules, released = study.protocol, study.released"
OF_TEXT = ("documents", "topics", "vulnerabilities", "give_away")  # released only where documents were supplied
NOT_STUDIED = (
    "This prediction could not be studied on the cases of this authority, which released no table of it. "
    "Its own page says why."
)


def make_sent_page(problem: PredictionProblem, notebook: Path, product: Path, build: Path) -> None:
    """Run the part of the notebook that reads released tables; the rest is shown as it stands, and not run.

    Parameters
    ----------
    problem : PredictionProblem
    notebook : Path
        The page's source.
    product : Path
        The executed notebook to write.
    build : Path
        The folder of the joint book's products.

    Raises
    ------
    StepError
        If some of the page's tables were sent and others were not.
    """
    sent = open_released(Paths(build).released(problem.slug), PAGE_TABLES)  # each is checked when the notebook reads it
    if not sent:
        _write_not_studied(problem, product, build)
        return
    supplied = Supplied.read(Paths(build).released(problem.slug), problem.authority)
    wanted = [n for n in PAGE_TABLES if n not in OF_SCORES and (supplied.documents or n not in OF_TEXT)]
    missing = [name for name in wanted if name not in sent]
    if missing:
        cure = f"{', '.join(missing)}; ask for the whole released folder"
        raise StepError(problem.slug, f"{len(missing)} of {len(PAGE_TABLES)} tables were not sent: {cure}")
    parameters = {"authority": problem.authority, "outcome": problem.outcome, "build": str(build)}
    whole = jupytext.read(notebook)
    run = without_extract(deepcopy(whole))
    execute_notebook(notebook, product, parameters, heading=heading_of(problem, build), notebook=run)
    nbformat.write(with_cells_of(whole, nbformat.read(product, as_version=4)), product)


def heading_of(problem: PredictionProblem, build: Path) -> str:
    """On an authority's own data with its name, by which a book of several tells their pages apart.

    Parameters
    ----------
    problem : PredictionProblem
    build : Path
        The folder of the run's products.

    Returns
    -------
    str
        MyST.
    """
    settings = read_settings(build)
    return heading(problem, "" if settings.synthetic else settings.name(problem.authority))


def without_extract(notebook: NotebookNode) -> NotebookNode:
    """The notebook with the cells that need the authority's records left out, and one that takes the tables instead."""
    cells = [cell for cell in notebook.cells if not _needs_extract(cell)]
    last = max(place for place, cell in enumerate(notebook.cells) if _needs_extract(cell))
    cells.insert(last + 1 - (len(notebook.cells) - len(cells)), new_code_cell(RELEASED))
    for cell in cells:
        cell.source = cell.source.replace(OPENS, INSTEAD) if cell.cell_type == "code" else cell.source
    return new_notebook(cells=cells, metadata=notebook.metadata)


def with_cells_of(notebook: NotebookNode, done: NotebookNode) -> NotebookNode:
    """The cells of the notebook in their order, each with what its counterpart in the executed one shows.

    Parameters
    ----------
    notebook : NotebookNode
        The page's source.
    done : NotebookNode
        The executed one, as `without_extract` and the run made it.

    Returns
    -------
    NotebookNode
        A new one.
    """
    executed = iter(cell for cell in done.cells if cell.source != RELEASED)
    cells = [cell if _needs_extract(cell) else next(executed) for cell in notebook.cells]
    for number, cell in enumerate(cells):
        cell.source = cell.source.replace(INSTEAD, OPENS) if cell.cell_type == "code" else cell.source
        cell.metadata, cell.id = NotebookNode(tags=list(cell.metadata.get("tags", ()))), f"cell-{number}"
    return new_notebook(cells=cells, metadata=done.metadata)


def _needs_extract(cell: NotebookNode) -> bool:
    return FROM_EXTRACT in cell.metadata.get("tags", ())


def _write_not_studied(problem: PredictionProblem, product: Path, build: Path) -> None:
    text = f"{heading_of(problem, build)}\n\n{NOT_STUDIED}\n"
    product.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=[new_markdown_cell(text, id="reason")]), product)
