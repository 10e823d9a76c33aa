"""What some predictors were worth: the change in average precision when models are fitted without them."""

import pandas as pd
from matplotlib.axes import Axes

from analysis.book.charts.charts import chart
from analysis.book.charts.comparison import compare_with_zero
from analysis.book.charts.marks import annotate_row, problems, rows
from analysis.book.charts.points import looks_of_designs, points
from analysis.book.charts.strips import Strip
from analysis.book.sentences import without as words
from analysis.book.sentences.words import is_missing, label, number
from analysis.disclosure import Released


def describe_without(without: Released) -> str:
    lead = "Change in average precision when each model is fitted without the predictors, with intervals."
    return f"{lead} {words.read_without(without)}"


@chart(
    "without_predictors",
    describe=describe_without,
    draws=("difference",),
    height=lambda without: 1.0 + (0.48 if "outcome" in without.frame else 0.34) * len(without.frame),
    read=words.read_without,
    strip=Strip("difference", "← worse · without these predictors better →", lanes="design", line=0),
)
def plot_without(without: Released, axes: Axes) -> None:
    """Average precision without the predictors minus with them, each with its interval; both values to the right."""
    frame = without.frame.reset_index(drop=True)
    points(axes, looks_of_designs(frame.assign(y=range(len(frame)))), "difference")
    for y, row in frame.iterrows():
        values = f"{number(row['with_them'])} → {number(row['without_them'])}"
        annotate_row(axes, y, "withheld" if is_missing(row["difference"]) else values)
    compare_with_zero(axes, frame)
    rows(axes, _names(frame), words=False)
    axes.tick_params(axis="y", labelsize=8.5)
    axes.set_xlabel("← worse without them · better without them →", fontsize=9)


def _names(frame: pd.DataFrame) -> list[str]:
    """The design of each row; where the table holds several predictions, beneath the prediction."""
    designs = [label(design) for design in frame["design"]]
    if "outcome" not in frame:
        return designs
    named = (" ".join(name.split()) for name in problems(frame, whose=True))
    return [f"{name}:\n{design}" for name, design in zip(named, designs, strict=True)]
