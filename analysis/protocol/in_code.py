"""The numbers that shape results and stand in the code, outside the registered protocol: read from the code itself.

Each stands once, in capitals at the head of its module, and says in a comment beside it, or a string below it, what it
is and where it comes from: "(ours)", or the work that it was taken from.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
SHAPE_RESULTS = ("cohort", "text", "model", "performance", "leakage", "network", "tables", "claims", "quality")
"""The packages whose numbers can change a result."""
SOURCE = re.compile(r"\((ours|[A-Z][^()]* \d{4}[^()]*)\)\.?$")


@dataclass(frozen=True)
class FixedNumber:
    """A number that stands in the code.

    Attributes
    ----------
    file : str
        From the top of the repository.
    name : str
        In its module.
    value : tuple of float
        One number or several.
    meaning : str
        What it is, without the source; "" where nothing is said.
    source : str
        "ours", or the work that it was taken from; "" where none is said.
    """

    file: str
    name: str
    value: tuple[float, ...]
    meaning: str
    source: str


def fixed_numbers(package: Path = PACKAGE) -> list[FixedNumber]:
    """The numbers at the head of every module that can change a result, by file.

    Parameters
    ----------
    package : Path
        The folder of the code.

    Returns
    -------
    list of FixedNumber
    """
    modules = sorted(path for name in SHAPE_RESULTS for path in (package / name).rglob("*.py"))
    return [found for module in modules for found in _of_module(module, package)]


def _of_module(module: Path, package: Path) -> Iterator[FixedNumber]:
    text = module.read_text(encoding="utf-8")
    lines, body = text.splitlines(), ast.parse(text).body
    for node, following in zip(body, [*body[1:], None], strict=True):
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
            continue
        name, value = node.targets[0].id, _numbers(node.value)
        if not name.isupper() or name.startswith("_") or value is None:
            continue
        said = lines[node.lineno - 1].partition("  # ")[2] or _text(following)
        source = SOURCE.search(said)
        meaning = SOURCE.sub("", said).strip()
        file = module.relative_to(package.parent).as_posix()
        yield FixedNumber(file, name, value, meaning, source.group(1) if source else "")


def _numbers(node: ast.expr) -> tuple[float, ...] | None:
    """The value of a number, a fraction or a tuple of numbers; None of anything else."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        above, below = _numbers(node.left), _numbers(node.right)
        return (above[0] / below[0],) if above and below else None
    try:
        value = ast.literal_eval(node)
    except ValueError:
        return None
    values = value if isinstance(value, tuple) else (value,)
    numbers = all(isinstance(one, int | float) and not isinstance(one, bool) for one in values)
    return values if values and numbers else None


def _text(node: ast.stmt | None) -> str:
    """The string that documents the statement before it."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        return " ".join(node.value.value.split())
    return ""
