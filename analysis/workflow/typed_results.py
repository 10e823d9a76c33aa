"""A notebook's words hold no result: a number, or a direction, that is typed is true of one run only."""

import re
from collections.abc import Iterable
from pathlib import Path

import jupytext
from nbformat import NotebookNode

from analysis.errors import StepError

# Headings, anchors, roles, links and code are passed over: they name things, and tell no result.
NAMES = re.compile(r"\{[a-z:]+\}`[^`]*`|`[^`]*`|\]\([^)]*\)|^#.*$|^\(.*\)=$", re.MULTILINE)
NUMBER = re.compile(r"\S*\d\S*")
SHOWS_A_RESULT = re.compile(r"^show_(figure|table|sentence|list|markdown)\(", re.MULTILINE)
DIRECTION = re.compile(
    r"\b(higher|lower|better|worse|rises?|falls?|fell|rose|drops?|improves?|worsens?|no evidence)\b", re.IGNORECASE
)


def check_typed_results(notebooks: Iterable[Path]) -> None:
    """Check that no notebook types a number, or a direction right after a result.

    Raises
    ------
    StepError
        Naming every notebook, number and word, and what to do.
    """
    problems = [problem for path in notebooks for problem in typed_results(path)]
    if problems:
        raise StepError("notebooks", problems)


def typed_results(path: Path) -> list[str]:
    """One sentence for each number and each word of direction typed in a notebook."""
    cells = jupytext.read(path).cells
    numbers = [found for cell in cells if cell.cell_type == "markdown" for found in numbers_in(cell.source)]
    problems = [
        f"{path.name}: the number {number!r} is typed; show it with a function of analysis.book.sentences, or, if it "
        "was registered, as {registered}`its address in protocol.yml`"
        for number in numbers
    ]
    return problems + [
        f"{path.name}: {word!r} is typed where a result is read; "
        "let a function of analysis.book.sentences choose the word"
        for before, cell in zip(cells, cells[1:], strict=False)
        for word in directions_in(before, cell)
    ]


def numbers_in(prose: str) -> list[str]:
    """The typed numbers of a cell of text.

    Examples
    --------
    >>> numbers_in("## The 24 models\\n\\nOf {registered}`designs` none is above 0.65.")
    ['0.65.']
    """
    return NUMBER.findall(NAMES.sub(" ", prose))


def directions_in(before: NotebookNode, cell: NotebookNode) -> list[str]:
    """Words of direction in the text that follows a result, up to the next heading.

    Parameters
    ----------
    before : NotebookNode
        The cell before it.
    cell : NotebookNode

    Returns
    -------
    list of str
        As they are written; none where `before` shows no result.
    """
    reads = before.cell_type == "code" and SHOWS_A_RESULT.search(before.source) and cell.cell_type == "markdown"
    if not reads or cell.source.startswith("#"):
        return []
    return DIRECTION.findall(cell.source.split("\n#")[0])
