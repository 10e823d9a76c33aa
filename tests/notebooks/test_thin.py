"""Notebooks ask, call and read; they never compute, branch, or say a result in typed words."""

import ast
import re
from pathlib import Path

import jupytext
import pytest

from analysis.workflow.typed_results import typed_results

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "book" / "notebooks").glob("*.md"))
FORBIDDEN = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda),
    *(ast.For, ast.While, ast.If, ast.IfExp, ast.Try, ast.With),
)


def cells(path: Path, kind: str) -> list:
    return [cell for cell in jupytext.read(path).cells if cell.cell_type == kind]


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return request.param


def test_the_first_cell_of_code_declares_the_parameters(notebook):
    assert "parameters" in cells(notebook, "code")[0].metadata.get("tags", ())


def test_a_cell_has_at_most_a_dozen_lines(notebook):
    long = [cell.source for cell in cells(notebook, "code") if len(cell.source.strip().splitlines()) > 12]
    assert long == []


def test_no_cell_defines_loops_or_branches(notebook):
    nodes = [node for cell in cells(notebook, "code") for node in ast.walk(ast.parse(cell.source))]
    assert [type(node).__name__ for node in nodes if isinstance(node, FORBIDDEN)] == []


def test_no_cell_names_a_path_a_magic_or_matplotlib(notebook):
    source = "\n".join(cell.source for cell in cells(notebook, "code"))
    assert not re.search(r"^[%!]|matplotlib|pyplot|open\(|Path\(", source, re.MULTILINE)


def test_no_result_is_typed(notebook):
    """Numbers, and words of direction, come from functions: the sentence must be true of other people's data."""
    assert typed_results(notebook) == []


def test_nothing_child_level_is_shown(notebook):
    """Only functions of `analysis.book.page` show anything; no cell ends in a bare expression that is not such a call."""
    for cell in cells(notebook, "code"):
        last = ast.parse(cell.source).body[-1]
        if isinstance(last, ast.Expr):
            assert isinstance(last.value, ast.Call) and ast.unparse(last.value.func).startswith("show_")
