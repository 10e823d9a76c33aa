"""What a notebook shows: the functions behind its sentences, directly or under a chart."""

import ast
from functools import partial
from importlib import import_module
from pathlib import Path

import jupytext

from analysis.book.charts import CHARTS, Chart

NOTEBOOKS = Path(__file__).resolve().parents[2] / "book" / "notebooks"
SENTENCES = ("show_sentence", "show_list", "show_markdown")


def chapters() -> list[Path]:
    """The notebooks of several predictions: all but the page of one."""
    return sorted(page for page in NOTEBOOKS.glob("*.md") if page.stem != "problem")


def name_of(function) -> str:
    """As the recounts name it: module and function."""
    function = function.func if isinstance(function, partial) else function
    return f"{function.__module__.rpartition('.')[2]}.{function.__name__}"


def source(page: Path) -> str:
    """The code of a notebook."""
    return "\n".join(cell.source for cell in jupytext.read(page).cells if cell.cell_type == "code")


def calls(page: Path) -> list[ast.Call]:
    """Every call in the cells of a notebook."""
    return [node for node in ast.walk(ast.parse(source(page))) if isinstance(node, ast.Call)]


def imported(page: Path) -> dict[str, object]:
    """What the names that a notebook imports stand for."""
    tree = ast.parse(source(page))
    return {
        name.asname or name.name: _object(line.module, name.name)
        for line in ast.walk(tree)
        if isinstance(line, ast.ImportFrom) and line.module.startswith("analysis")
        for name in line.names
    }


def _object(module: str, name: str):
    """A name of a module, which may be a module itself."""
    found = getattr(import_module(module), name, None)
    return import_module(f"{module}.{name}") if found is None else found


def sentence_functions(page: Path) -> dict[str, object]:
    """The functions whose words a notebook shows as sentences, by name as the recounts have it."""
    known, found = imported(page), {}
    for call in calls(page):
        if getattr(call.func, "id", "") not in SENTENCES:
            continue
        for inner in (node for argument in call.args for node in ast.walk(argument) if isinstance(node, ast.Call)):
            function = known.get(inner.func.id) if isinstance(inner.func, ast.Name) else _attribute(inner.func, known)
            if callable(function) and function.__module__.startswith("analysis."):
                found[name_of(function)] = function
    return found


def charts_shown(page: Path) -> list[Chart]:
    """The charts that a notebook draws."""
    found = []
    for call in calls(page):
        if getattr(call.func, "id", "") != "show_figure":
            continue
        chart = next((word.value for word in call.keywords if word.arg == "chart"), call.args[1])
        if isinstance(chart, ast.Constant):
            found.append(CHARTS[chart.value])
    return found


def shown_by(page: Path) -> set[str]:
    """The functions behind a notebook's sentences, its charts' among them."""
    return set(sentence_functions(page)) | {name_of(chart.read) for chart in charts_shown(page) if chart.read}


def _attribute(node: ast.expr, known: dict[str, object]):
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return getattr(known.get(node.value.id), node.attr, None)
    return None
