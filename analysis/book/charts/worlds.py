"""Each model's average precision as published, in the world shown, and in worlds drawn with other seeds."""

import numpy as np
from matplotlib.axes import Axes

from analysis.book.charts.charts import chart
from analysis.book.charts.marks import CHANCE, FOURTH, colour, fill, marker, present_designs, rows, shared_key
from analysis.book.sentences.agreement import read_worlds_beside
from analysis.book.sentences.words import label, panel_title
from analysis.disclosure import Released
from analysis.tables.agreement import SHOWN


def describe_worlds_beside(table: Released) -> str:
    return (
        "Strips of average precision for every model: small dots for worlds of other seeds, a large mark for the world "
        f"shown, an upright stroke for the published value. {read_worlds_beside(table)}"
    )


@chart(
    "worlds_beside",
    describe=describe_worlds_beside,
    draws=("average_precision", "published"),
    height=lambda table: 1.6 + 0.6 * table.frame["prediction"].nunique(),
    panels=lambda table: (2, 2),
    read=read_worlds_beside,
)
def plot_worlds_beside(table: Released, axes: np.ndarray) -> None:
    """One panel for each design, one row for each prediction."""
    frame = table.frame
    predictions = list(dict.fromkeys(frame["prediction"]))
    top = 1.08 * float(frame[["average_precision", "published"]].astype(float).max().max())
    designs = present_designs(frame)
    for panel, design in zip(np.ravel(axes), designs, strict=False):
        for y, prediction in enumerate(predictions):
            _strip(panel, y, frame[frame["prediction"].eq(prediction) & frame["design"].eq(design)], design)
        rows(panel, predictions, words=False)
        panel.set_xlim(-0.02 * top, top)  # so that a mark at zero is whole
        panel.set_title(panel_title(label(design)), fontsize=9.5)
        panel.set_xlabel("average precision", fontsize=8.5)
    for panel in np.ravel(axes)[len(designs) :]:
        panel.set_axis_off()
    shared_key(np.ravel(axes), ncols=3)


def _strip(axes: Axes, y: int, models, design: str) -> None:
    shown = models["world"].eq(SHOWN)
    others = models.loc[~shown, "average_precision"].astype(float)
    axes.plot(others, [y] * len(others), "o", color=CHANCE, markersize=3.5, alpha=0.7, label="worlds of other seeds")
    published = models["published"].iloc[:1].astype(float)
    axes.plot(published, [y] * len(published), "|", color=FOURTH, markersize=13, markeredgewidth=2, label="published")
    own = models.loc[shown, "average_precision"].astype(float)
    style = {"marker": marker(design), "markerfacecolor": fill(design), "markersize": 5.5, "linestyle": ""}
    axes.plot(own, [y] * len(own), color=colour(design), label="the world shown", zorder=3, **style)
