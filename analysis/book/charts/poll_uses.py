"""The poll beside the decision curves: who would accept each use, and what models are worth there."""

import textwrap

import numpy as np
from matplotlib.axes import Axes

from analysis.book.charts.charts import chart
from analysis.book.charts.marks import (
    CHANCE,
    FOURTH,
    PUBLISHED,
    STRUCTURED,
    background,
    interval_point,
    is_narrow,
    number_array,
    rows,
    shared_key,
)
from analysis.book.sentences import poll_uses as words
from analysis.disclosure import Released

VERDICTS = {
    "better": {"color": STRUCTURED, "marker": "o", "markerfacecolor": STRUCTURED},
    "cannot tell": {"color": PUBLISHED, "marker": "o", "markerfacecolor": "none"},
    "not better": {"color": FOURTH, "marker": "x", "markerfacecolor": FOURTH},
}


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
    for y, (use, part) in enumerate(groups):
        row = part.iloc[0]
        interval_point(
            left, y, row["share"], row["share_low"], row["share_high"], color=FOURTH, marker="o", markerfacecolor=FOURTH
        )
        alarms = f"{int(row['false_alarms'])} false alarms for one true"
        names.append("\n".join([*textwrap.wrap(use, 30), f"({alarms})"]))
        _gains(right, y, part)
    for panel in axes:
        rows(panel, names if panel is left or is_narrow(panel) else [""] * len(groups), words=False)
    left.tick_params(axis="y", labelsize=8)
    left.set_xlim(0, 0.4)
    left.set_xticks([0, 0.2, 0.4], ["0%", "20%", "40%"])
    left.set_xlabel("named by")
    right.axvline(0, color=CHANCE, linewidth=1)
    right.set_xlabel("what each model is worth\nper 1,000 cases")
    shared_key(np.array([right]), ncols=3)


def _gains(axes: Axes, y: float, part) -> None:
    """A mark for each model, spread over the row so that none hides another."""
    part = part.dropna(subset=["gain"]).sort_values("gain", kind="stable").reset_index(drop=True)
    spread = y + 0.5 * (np.arange(len(part)) % 5 - 2) / 5
    for verdict, mark in VERDICTS.items():
        of_it = part["verdict"].eq(verdict).to_numpy()
        face = background() if mark["markerfacecolor"] == "none" else mark["markerfacecolor"]
        axes.plot(number_array(part["gain"])[of_it], spread[of_it], linestyle="", markersize=5,
                  label=verdict, **(mark | {"markerfacecolor": face}))  # fmt: skip
