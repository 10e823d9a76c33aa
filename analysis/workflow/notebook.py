"""Run a text notebook with parameters, and strip from the result what need not be published."""

import ast
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import jupytext
import nbformat
import papermill
from ipykernel.ipkernel import IPythonKernel
from nbformat import NotebookNode

from analysis.disclosure.traces import clean_notebook
from analysis.errors import StepError
from analysis.study.fingerprint import ROOT
from analysis.workflow.cells import ENGINE
from analysis.workflow.threads import keep_to_one_thread


def execute_notebook(
    source: Path,
    product: Path,
    parameters: Mapping[str, str],
    *,
    heading: str = "",
    notebook: NotebookNode | None = None,
) -> None:
    """Run a jupytext notebook and write it, stripped, as `product`; an earlier product stands if it fails.

    Parameters
    ----------
    source : Path
        A text notebook.
    product : Path
        The executed notebook to write.
    parameters : mapping of str to str
        Exactly those that the notebook declares.
    heading : str, optional
        Replaces the notebook's first cell of text, which a page made many times over cannot know.
    notebook : NotebookNode, optional
        What is to be run of the source; all of it by default.

    Raises
    ------
    StepError
        If a parameter is not declared in the notebook, or a cell fails with an error that is not ours.
    AnalysisError
        The one a cell raised.
    """
    notebook = notebook or jupytext.read(source)
    check_parameters(notebook, parameters, source)
    keep_to_one_thread()
    os.environ["PYTHONHASHSEED"] = "0"
    logging.getLogger("papermill").setLevel(logging.ERROR)
    options = {"engine_name": ENGINE, "kernel_name": "python3", "progress_bar": False, "cwd": str(ROOT)}
    # Nowhere to write to: what a cell printed before it failed is never on disk.
    done = papermill.execute_notebook(notebook, None, dict(parameters), source=source, **options)
    done.metadata.language_info = IPythonKernel.language_info
    done = strip(done)
    if heading:
        next(cell for cell in done.cells if cell.cell_type == "markdown").source = heading
    partial = product.with_name(f".{product.stem}.partial.ipynb")
    product.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(done, partial)
    partial.replace(product)


def declared_parameters(notebook: NotebookNode) -> tuple[str, ...]:
    """Names assigned in the cell tagged `parameters`."""
    cells = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", ())]
    tree = ast.parse("\n".join(cell.source for cell in cells))
    assigned = (target for node in tree.body if isinstance(node, ast.Assign) for target in node.targets)
    return tuple(target.id for target in assigned if isinstance(target, ast.Name))


def check_parameters(notebook: NotebookNode, parameters: Mapping[str, str], source: Path) -> None:
    """Check that what is supplied is exactly what the notebook declares.

    Parameters
    ----------
    notebook : NotebookNode
    parameters : mapping of str to str
        What is supplied, by name.
    source : Path
        What messages call the notebook.

    Raises
    ------
    StepError
        Naming every parameter that is missing or not declared.
    """
    declared, supplied = set(declared_parameters(notebook)), set(parameters)
    problems = [
        f"parameter {name!r} is supplied but not declared; declare it in the cell tagged 'parameters' or drop it"
        for name in sorted(supplied - declared)
    ] + [f"parameter {name!r} is declared but not supplied; give its value" for name in sorted(declared - supplied)]
    if problems:
        raise StepError(source.name, problems)


def strip(notebook: NotebookNode) -> NotebookNode:
    """Without traces, the runner's metadata, times and counts, and the injected cell, which names folders of here."""
    notebook = cast(NotebookNode, clean_notebook(notebook))
    notebook.metadata.pop("jupytext", None)
    notebook.cells = [cell for cell in notebook.cells if "injected-parameters" not in cell.metadata.get("tags", ())]
    for number, cell in enumerate(notebook.cells):
        cell.metadata = NotebookNode(tags=list(cell.metadata.get("tags", ())))
        cell.id = f"cell-{number}"
        if cell.cell_type == "code":
            cell.execution_count = None
            cell.outputs = [_stripped(output) for output in cell.outputs if output.output_type != "stream"]
    return notebook


def _stripped(output: NotebookNode) -> NotebookNode:
    output.metadata = NotebookNode()
    if "execution_count" in output:
        output.execution_count = None
    return output
