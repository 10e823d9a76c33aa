"""A released table as HTML: words for gaps, a value and its interval in one cell; or as a grid of models."""

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.book.sentences.words import capitalised, count, interval, is_missing, label, number, percentage
from analysis.disclosure import Column, Released
from analysis.escape import as_myst
from analysis.html_table import Cell, html_table

WITHHELD, NOT_AVAILABLE = "c", "–"
MOST_ROWS = 120  # of a table on a page; its CSV has them all (ours)
LONG_WORDS = 16  # characters: a column of longer words is kept wide enough to read
SENTENCE = 60  # characters: a table with a longer cell is read row by row on a narrow screen
LARGE = 1000  # a measure from here on, such as the cases that a model would need, is a whole number (ours)
SMALL = 0.095  # measures that are all nearer to zero than this differ in their third decimal


def released_table(
    released: Released,
    *,
    caption: str,
    columns: Sequence[str] | None = None,
    headings: Mapping[str, str] | None = None,
    anchor: str = "",
    most_rows: int = MOST_ROWS,
) -> str:
    """The table as accessible HTML inside a container that scrolls by itself and can be focused.

    A value, its `_low` and its `_high` become one cell, '0.54 (0.41 to 0.66)'. A count that was withheld is
    shown as 'c', as is what rests on it; a value that could not be computed as '–'.

    Parameters
    ----------
    released : Released
    caption : str
    columns : sequence of str, optional
        Which columns to show, in order; all of them by default.
    headings : mapping, optional
        A column's heading where its name in words would not do.
    anchor : str, optional
        The id of the container, to link to.
    most_rows : int
        How many rows to show; a reader wants a table, not a data set, and the CSV has them all.

    Returns
    -------
    str
        HTML.
    """
    described = {column.name: column for column in released.specification.columns}
    names = [name for name in columns or released.frame.columns if not _is_interval_end(name, released)]
    rows = released.frame.head(most_rows).to_dict("records")
    decimals = {name: _decimals(released.frame[name]) for name in names}
    shown = {name: [cell(row, name, described, decimals[name]) for row in rows] for name in names}
    kinds = {name: _kind(described.get(name), shown[name]) for name in names}
    prose = any(len(words) > SENTENCE for column in shown.values() for words in column)
    return html_table(
        caption,
        [Cell((headings or {}).get(name, capitalised(label(name))), kinds[name]) for name in names],
        [[Cell(shown[name][place], kinds[name]) for name in names] for place in range(len(rows))],
        anchor=anchor,
        classes="study-table prose" if prose else "study-table",
    )


def table_note(released: Released, most_rows: int = MOST_ROWS) -> str:
    """What the marks in the table mean, and what was done to it before release; empty if there is nothing to say.

    Parameters
    ----------
    released : Released
    most_rows : int
        How many rows are shown.

    Returns
    -------
    str
    """
    described = {column.name: column for column in released.specification.columns}
    rows = released.frame.head(most_rows).to_dict("records")
    marks = {cell(row, name, described) for row in rows for name in row if not _is_interval_end(name, released)}
    meanings = {WITHHELD: "withheld, because it rests on a small group", NOT_AVAILABLE: "not available"}
    meaning = "; ".join(f"“{mark}”: {words}" for mark, words in meanings.items() if mark in marks)
    rest = len(released.frame) - most_rows
    cut = [f"The first {most_rows} of {count(len(released.frame))} rows are shown; the CSV has them all."] * (rest > 0)
    return " ".join([*([f"{meaning}."] if meaning else []), *cut, *map(as_myst, released.notes)])


def cell(row: Mapping[str, object], name: str, described: Mapping[str, Column], decimals: int = 2) -> str:
    """One cell as a reader sees it.

    Parameters
    ----------
    row : mapping of str to object
        Its value, and those of the columns that it rests on.
    name : str
        Of the column.
    described : mapping of str to Column
        By name, what the columns are.
    decimals : int
        Of a measure, where its column does not ask for more.

    Returns
    -------
    str
    """
    column, value = described.get(name), row[name]
    if column is None or column.role in ("key", "text"):
        return NOT_AVAILABLE if is_missing(value) else label(value) if isinstance(value, str) else str(value)
    if is_missing(value):
        return WITHHELD if column.role == "count" or any(is_missing(row.get(of)) for of in column.of) else NOT_AVAILABLE
    if column.role == "count":
        return count(value)
    if column.role == "setting":
        return _setting(value, name)
    if "p_value" in name:
        return "< 0.001" if value < 0.001 else number(value, 3)
    if column.role == "rate":
        ends = [row.get(f"{name}_{end}") for end in ("low", "high")]
        span = "" if any(is_missing(end) for end in ends) else f" ({percentage(ends[0])} to {percentage(ends[1])})"
        return percentage(value) + span
    if value >= LARGE:
        return count(value)
    low, high = (row.get(f"{name}_{end}", pd.NA) for end in ("low", "high"))
    return interval(value, low, high, max(decimals, column.decimals))


def _setting(value: float, name: str) -> str:
    """A number that is no estimate, to three figures; whole ones in full, published ones to two decimals at least."""
    if float(value).is_integer():
        return count(value)
    shown = f"{value:.3g}"
    return f"{value:.2f}" if name.startswith("published") and len(shown.partition(".")[2]) < 2 else shown


def _decimals(values: pd.Series) -> int:
    numbers = pd.to_numeric(values, errors="coerce").dropna().abs()
    return 3 if len(numbers) and (numbers < SMALL).all() else 2


def _is_interval_end(name: str, released: Released) -> bool:
    return name.rpartition("_")[2] in ("low", "high") and name.rpartition("_")[0] in released.frame


def _kind(column: Column | None, cells: Sequence[str]) -> str:
    """Figures are set to the right; long words get room."""
    if column is not None and column.role not in ("key", "text"):
        return "number"
    return "words" if any(len(shown) > LONG_WORDS for shown in cells) else ""
