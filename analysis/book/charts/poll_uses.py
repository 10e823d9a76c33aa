"""The poll beside the decision curves: who would accept each use, and what models are worth there."""

import textwrap

import numpy as np
import pandas as pd

from analysis.book.charts.charts import chart
from analysis.book.charts.marks import CHANCE, FOURTH, PUBLISHED, STRUCTURED, background, rows_of_panels, shared_key
from analysis.book.charts.points import points
from analysis.book.sentences import poll_uses as words
from analysis.disclosure import Released

MARKS = {"better": (STRUCTURED, "o"), "cannot tell": (PUBLISHED, "o"), "not better": (FOURTH, "x")}


@chart(
    "use_of_models",
    describe=words.describe_uses,
    draws=("gain",),
    height=lambda models: 1.3 + 0.62 * models.frame["use"].nunique(),
    panels=lambda models: (1, 2),
    read=words.read_use_of_models,
)
def plot_use_of_models(models: Released, axes: np.ndarray) -> None:
    """Share of social workers who named each use; gain of each model over flagging everyone or no one."""
    groups = list(models.frame.groupby("use", sort=False))
    left, right = axes
    names = []
    for use, part in groups:
        row = part.iloc[0]
        alarms = f"{int(row['false_alarms'])} false alarms for one true"
        names.append("\n".join([*textwrap.wrap(use, 30), f"({alarms})"]))
    asked = models.frame.drop_duplicates("use")
    points(left, asked.assign(y=range(len(asked)), colour=FOURTH, shape="o"), "share")
    spread = pd.concat([_spread_out(part, y) for y, (_, part) in enumerate(groups)])
    points(right, spread.sort_values("verdict", kind="stable"), "gain", size=4)
    for panel in axes:
        rows_of_panels(panel, axes, names)
    left.set_xlim(0, 0.4)
    left.set_xticks([0, 0.2, 0.4], ["0%", "20%", "40%"])
    left.set_xlabel("named by")
    right.axvline(0, color=CHANCE, linewidth=1)
    right.set_xlabel("what each model is worth\nper 1,000 cases")
    shared_key(np.array([right]), ncols=3)


def _spread_out(part: pd.DataFrame, y: int) -> pd.DataFrame:
    """A mark for each model, spread over the row so that none hides another."""
    part = part.dropna(subset=["gain"]).sort_values("gain", kind="stable")[["gain", "verdict"]]
    colours, shapes = (part["verdict"].map({verdict: mark[i] for verdict, mark in MARKS.items()}) for i in (0, 1))
    return part.assign(
        y=y + 0.3 * (np.arange(len(part)) % 5 - 2) / 5,
        colour=colours,
        shape=shapes,
        face=colours.mask(part["verdict"].eq("cannot tell"), background()),
        entry=part["verdict"],
    )
