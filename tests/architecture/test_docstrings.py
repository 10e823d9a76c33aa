"""A function says what each of its arguments is and what comes back; a number, its unit or reason."""

import ast
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = [path for package in ("analysis", "data_synthetic") for path in sorted((ROOT / package).rglob("*.py"))]
# What all registered functions take by position and give back is written once, at their registry. Repeated below each
# it would say nothing, and a page prints the whole function that drew a chart. What one takes by name is its own.
REGISTRIES = {"chart": "book/charts/charts.py", "measure": "claims/measures.py"}


def undocumented(source: str) -> Iterator[str]:
    """Public functions and methods of two or more arguments, with what their docstring lacks."""
    for owner in (tree := ast.parse(source), *(node for node in tree.body if isinstance(node, ast.ClassDef))):
        if getattr(owner, "name", "").startswith("_"):
            continue
        for function in (node for node in owner.body if isinstance(node, ast.FunctionDef)):
            names, text = arguments(function), ast.get_docstring(function) or ""
            if function.name.startswith("_") or len(names) < 2:
                continue
            if is_registered(function):
                lacks = sorted({argument.arg for argument in function.args.kwonlyargs} - described(text))
            else:
                lacks = sorted(set(names) - described(text))
                lacks += ["what it returns"] * (returns_something(function) and "Returns\n-------" not in text)
            if lacks:
                yield f"{function.name}: {', '.join(lacks)}"


def arguments(function: ast.FunctionDef) -> list[str]:
    given = function.args
    names = [argument.arg for argument in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return [name for name in names if name not in ("self", "cls")]


def is_registered(function: ast.FunctionDef) -> bool:
    return any(ast.unparse(decorator).partition("(")[0] in REGISTRIES for decorator in function.decorator_list)


def described(docstring: str) -> set[str]:
    """The names in a docstring's Parameters section."""
    _, _, section = docstring.partition("Parameters\n----------\n")
    lines = section.split("\n\n")[0].splitlines()
    named = [line.split(" : ")[0] for line in lines if line and not line.startswith(" ")]
    return {name.strip() for line in named for name in line.split(",")}


def returns_something(function: ast.FunctionDef) -> bool:
    return function.returns is not None and ast.unparse(function.returns) != "None"


def bare_numbers(source: str) -> Iterator[str]:
    """Constants of a module that hold numbers, without a comment on their lines or above, or a docstring below."""
    lines, body = source.splitlines(), ast.parse(source).body
    for statement, following in zip_longest(body, body[1:]):
        if not isinstance(statement, ast.Assign | ast.AnnAssign) or not is_numeric(statement.value):
            continue
        first, last = statement.lineno - 1, statement.end_lineno
        commented = lines[first - 1].startswith("#") or any("#" in line for line in lines[first:last])
        if not commented and not (isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant)):
            yield lines[first]


def is_numeric(value: ast.expr | None) -> bool:
    """Whether a value is a number, an expression of numbers, or a tuple or mapping of nothing else."""
    if isinstance(value, ast.Constant):
        return type(value.value) in (int, float)
    if isinstance(value, ast.UnaryOp):
        return is_numeric(value.operand)
    if isinstance(value, ast.BinOp):
        return is_numeric(value.left) or is_numeric(value.right)
    parts = value.elts if isinstance(value, ast.Tuple) else value.values if isinstance(value, ast.Dict) else []
    return bool(parts) and all(map(is_numeric, parts))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_argument_and_what_comes_back_is_described(path):
    assert list(undocumented(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_number_has_its_unit_or_reason(path):
    assert list(bare_numbers(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("registry", REGISTRIES)
def test_a_registry_says_what_its_functions_take_and_give(registry):
    tree = ast.parse((ROOT / "analysis" / REGISTRIES[registry]).read_text(encoding="utf-8"))
    function = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == registry)
    assert "Each takes" in (ast.get_docstring(function) or "")


def test_what_a_registered_function_takes_by_name_is_asked_for():
    source = '@measure\ndef share(evidence, *, end) -> Measurement:\n    """A share."""'
    assert list(undocumented(source)) == ["share: end"]


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


def test_a_number_without_a_word_is_found():
    source = 'DAYS = 92\nSHARE = 0.5  # of all rows (ours)\nMOST = 3\n"""Rows."""\nNAME = \'x\'\n'
    assert list(bare_numbers(source)) == ["DAYS = 92"]
