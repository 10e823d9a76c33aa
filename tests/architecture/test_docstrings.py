"""A public function of two or more arguments says what each of them is, and what comes back."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    *("performance", "model", "leakage", "disclosure"),
    *("cohort", "text", "protocol", "published", "quality", "publish", "tables"),
)
MODULES = [
    *(path for room in ROOMS for path in sorted((ROOT / "analysis" / room).rglob("*.py"))),
    *sorted((ROOT / "analysis").glob("*.py")),
]


def undocumented(source: str) -> Iterator[str]:
    """Public functions and methods of two or more arguments, with what their docstring lacks."""
    for owner in (tree := ast.parse(source), *(node for node in tree.body if isinstance(node, ast.ClassDef))):
        if getattr(owner, "name", "").startswith("_"):
            continue
        for function in (node for node in owner.body if isinstance(node, ast.FunctionDef)):
            names = arguments(function)
            if function.name.startswith("_") or len(names) < 2:
                continue
            text = ast.get_docstring(function) or ""
            lacks = sorted(set(names) - described(text))
            lacks += ["what it returns"] * (returns_something(function) and "Returns\n-------" not in text)
            if lacks:
                yield f"{function.name}: {', '.join(lacks)}"


def arguments(function: ast.FunctionDef) -> list[str]:
    given = function.args
    names = [argument.arg for argument in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return [name for name in names if name not in ("self", "cls")]


def described(docstring: str) -> set[str]:
    """The names in a docstring's Parameters section."""
    _, _, section = docstring.partition("Parameters\n----------\n")
    lines = section.split("\n\n")[0].splitlines()
    named = [line.split(" : ")[0] for line in lines if line and not line.startswith(" ")]
    return {name.strip() for line in named for name in line.split(",")}


def returns_something(function: ast.FunctionDef) -> bool:
    return function.returns is not None and ast.unparse(function.returns) != "None"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: "/".join(path.parts[-2:]))
def test_each_argument_and_what_comes_back_is_described(path):
    assert list(undocumented(path.read_text(encoding="utf-8"))) == []


def test_an_argument_that_is_not_described_is_found():
    source = '''
def risk(cases, seed) -> float:
    """A risk.

    Parameters
    ----------
    cases : Cases
    """
'''
    assert list(undocumented(source)) == ["risk: seed, what it returns"]
