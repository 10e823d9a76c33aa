"""Each model's average precision as published, in the world shown, and in worlds drawn with other seeds."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.book.charts.charts import chart
from analysis.book.charts.marks import (
    CHANCE,
    FOURTH,
    STRUCTURED,
    number_array,
    present_designs,
    problems,
    rows_of_panels,
    shared_key,
)
from analysis.book.charts.points import points
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
    named = problems(frame, "prediction")
    predictions = list(dict.fromkeys(named))
    frame = frame.assign(y=[predictions.index(name) for name in named])
    top = 1.08 * float(frame[["average_precision", "published"]].astype(float).max().max())
    designs = present_designs(frame)
    for place, (panel, design) in enumerate(zip(np.ravel(axes), designs, strict=False)):
        _strip(panel, frame[frame["design"].eq(design)])
        rows_of_panels(panel, np.ravel(axes)[place - place % 2 :], predictions)
        panel.set_xlim(-0.02 * top, top)  # so that a mark at zero is whole
        panel.set_title(panel_title(label(design)), fontsize=9.5)
        panel.set_xlabel("average precision", fontsize=8.5)
    for panel in np.ravel(axes)[len(designs) :]:
        panel.set_axis_off()
    shared_key(np.ravel(axes), ncols=3)


def _strip(axes: Axes, models: pd.DataFrame) -> None:
    shown, scores = models["world"].eq(SHOWN), models[["y", "average_precision", "design"]]
    others = scores[~shown].assign(colour=CHANCE, shape="o", strength=0.7, entry="worlds of other seeds")
    points(axes, others, "average_precision", size=3.5)
    published = models.drop_duplicates("y")
    style = {"color": FOURTH, "markersize": 13, "markeredgewidth": 2, "label": "published"}
    axes.plot(number_array(published["published"]), published["y"], "|", **style)
    this = scores[shown].assign(colour=STRUCTURED, shape="D", entry="the world shown")
    points(axes, this, "average_precision", size=5.5)
