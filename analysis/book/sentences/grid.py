"""Models in a grid: a row for each prediction or measure, a column for each design, shaded by how well they do."""

from collections.abc import Hashable, Mapping

import pandas as pd

from analysis.book.charts.marks import present_designs
from analysis.book.sentences.table import NOT_AVAILABLE, cell
from analysis.book.sentences.words import MOST_NAMED, capitalised, is_missing, label, number
from analysis.disclosure import Released
from analysis.html_table import Cell, html_table

WORST = {"average_precision": 0.0, "standardised_average_precision": 0.0, "skill": 0.0, "auc": 0.5}
"""Measures whose best value is 1, with the value that is not shaded."""
WITH_CHANCE = ("average_precision", "auc")
PASSES = "✓ passes"
GRID_NOTE = (
    "Under each value: its interval, the score of chance, the published value. A stronger colour is better; ✓ passes "
    "the mark set in advance. “c”: withheld, because it rests on a small group."
)
LEARNED = {"all_cases": "learned from all cases", "earlier_cases": "learned from earlier cases only"}
PREDICTORS = {"structured": "structured data", "text_and_structured": "with text"}


def prediction_grids(released: Released, names: Mapping[tuple, Cell], *, caption: str, anchor: str, mark: float) -> str:
    """A grid of predictions and designs for each measure, one shown at a time, as MyST.

    Parameters
    ----------
    released : Released
        Every measure of every model, its first columns authority and outcome.
    names : mapping of (str, str) to Cell
        What heads the row of each (authority, outcome), in order.
    caption : str
        Of each grid, after the name of its measure.
    anchor : str
        The id of all of it.
    mark : float
        The average precision that a model had to pass.

    Returns
    -------
    str
    """
    frame = _with_problems(released)
    if released.frame["authority"].nunique() > MOST_NAMED:
        grid = average_precision_grid(released, names, caption=caption, anchor=anchor, mark=mark)
        return f"{grid}\n\nThe CSV has every other measure."
    tabs = []
    for metric in dict.fromkeys(frame["metric"]):
        title = capitalised(label(metric))
        grid = _grid(released, frame[frame["metric"].eq(metric)], names, f"{title}. {caption}", mark, "Prediction")
        tabs.append(f":::{{tab-item}} {title}\n\n{grid}\n\n:::")
    return f'<div id="{anchor}"></div>\n\n::::{{tab-set}}\n\n' + "\n\n".join(tabs) + "\n\n::::"


def average_precision_grid(
    released: Released, names: Mapping[tuple, Cell], *, caption: str, anchor: str, mark: float
) -> str:
    """One grid of predictions and designs, of the average precision alone.

    Parameters
    ----------
    released, names, caption, anchor, mark
        See `prediction_grids`.

    Returns
    -------
    str
        HTML.
    """
    released = released.where(metric="average_precision")
    return _grid(released, _with_problems(released), names, caption, mark, "Prediction", anchor)


def _with_problems(released: Released) -> pd.DataFrame:
    return released.frame.assign(row=list(zip(released.frame["authority"], released.frame["outcome"], strict=True)))


def measure_grid(released: Released, *, caption: str, anchor: str, mark: float | None) -> str:
    """A grid of measures and designs, for one prediction.

    Parameters
    ----------
    released : Released
        Every measure of each design.
    caption : str
    anchor : str
        The id of the grid.
    mark : float or None
        The average precision that a model had to pass; None for a prediction that has no mark.

    Returns
    -------
    str
        HTML.
    """
    frame = released.frame.assign(row=released.frame["metric"])
    names = {metric: Cell(capitalised(label(metric))) for metric in dict.fromkeys(frame["metric"])}
    return _grid(released, frame, names, caption, mark, "Measure", anchor)


def _grid(
    released: Released,
    frame: pd.DataFrame,
    names: Mapping[Hashable, Cell],
    caption: str,
    mark: float | None,
    corner: str,
    anchor: str = "",
) -> str:
    designs = present_designs(frame)
    described = {column.name: column for column in released.specification.columns}
    values = {(row["row"], row["design"]): row for row in frame.to_dict("records")}
    rows = [
        [name, *(_model(values.get((row, design)), described, mark) for design in designs)]
        for row, name in names.items()
        if any((row, design) in values for design in designs)
    ]
    learned = [design.partition("-")[2] for design in designs]
    groups = [("", 1), *((LEARNED.get(part, label(part)), learned.count(part)) for part in dict.fromkeys(learned))]
    predictors = (design.partition("-")[0] for design in designs)
    headings = [corner, *(Cell(PREDICTORS.get(part, label(part)), "number") for part in predictors)]
    return html_table(caption, headings, rows, anchor=anchor, classes="study-table grid", groups=groups)


def _model(row: Mapping | None, described: Mapping, mark: float | None) -> Cell:
    """A model's value, and below it whether it passes, its interval, what chance scores and what was published."""
    if row is None:
        return Cell(NOT_AVAILABLE, "number")
    words, _, interval = cell(row, "value", described).partition(" (")
    if is_missing(row["value"]):
        return Cell(words, "number")
    metric, value = row["metric"], float(row["value"])
    below = [PASSES] if metric == "average_precision" and mark is not None and value > mark else []
    below += [interval.removesuffix(")")] if interval else []
    for name in ("chance", "published"):
        if not is_missing(row.get(name)) and (name == "published" or metric in WITH_CHANCE):
            below.append(f"{name} {number(row[name])}")
    worst = WORST.get(metric)
    shade = None if worst is None else min(max((value - worst) / (1 - worst), 0), 1)
    return Cell(words, "number", tuple(below), shade=shade)
