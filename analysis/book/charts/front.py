"""The chart of the book's first page: every model that counts, beside the pass mark."""

import matplotlib as mpl
import pandas as pd
import seaborn.objects as so
from matplotlib.axes import Axes

from analysis.book.charts.charts import chart
from analysis.book.charts.marks import FOURTH, PUBLISHED, STRUCTURED, is_narrow, number_array, rows
from analysis.book.charts.strips import Strip
from analysis.book.sentences.front import read_front
from analysis.book.sentences.words import is_missing, number
from analysis.disclosure import Released

ROW = 0.42  # inches of a row
LABEL_WIDTH = {True: 0.22, False: 0.26}  # of the axis, on a narrow screen and on a wide one


def describe_front(models: Released) -> str:
    lead = "A row for each prediction, a dot for each model's average precision, an upright line at the pass mark."
    return f"{lead} {read_front(models)}"


@chart(
    "front",
    describe=describe_front,
    draws=("average_precision",),
    height=lambda models: 1.25 + ROW * models.frame["prediction"].nunique(),
    read=read_front,
    strip=Strip(
        "average_precision",
        "average precision on cases not seen; the line is the pass mark",
        lanes="design",
        line="mark",
    ),
)
def plot_front(models: Released, axes: Axes) -> None:
    """Average precision of each model that counts, best prediction first, against the pass mark."""
    frame, titles = _ordered(models)
    _draw(frame, axes)
    rows(axes, [title.replace(" · ", " ·\n") for title in titles], words=False)
    axes.grid(visible=False)


def _ordered(models: Released) -> tuple[pd.DataFrame, list[str]]:
    """The models that can be drawn, with their row; the prediction with the best model first."""
    frame = models.frame.dropna(subset=["average_precision"]).copy()
    for name in ("average_precision", "average_precision_low", "average_precision_high", "published_average_precision"):
        frame[name] = number_array(frame[name])
    several = frame.groupby("title")["authority"].nunique()
    frame["row"] = [
        f"{title} · {authority}" if several[title] > 1 else title
        for title, authority in zip(frame["title"], frame["authority"], strict=True)
    ]
    best = frame.groupby("row", sort=False)["average_precision"].max().sort_values(ascending=False, kind="stable")
    return frame.assign(y=frame["row"].map({row: y for y, row in enumerate(best.index)}).astype(float)), list(
        best.index
    )


def _draw(frame: pd.DataFrame, axes: Axes) -> None:
    mark = float(frame["mark"].iloc[0])
    spans = frame.groupby("y")["average_precision"].agg(["min", "max"]).reset_index()
    best = frame.loc[frame.groupby("y")["average_precision"].idxmax()]
    axes.axvspan(mark, 1, color=FOURTH, alpha=0.08, linewidth=0)
    axes.axvline(mark, color=FOURTH, linewidth=1.8)
    axes.annotate(f"pass mark {number(mark)}", (mark, 1), (4, -3), color=FOURTH, fontweight="bold", va="top",
                  xycoords=("data", "axes fraction"), textcoords="offset points")  # fmt: skip
    plot = so.Plot().theme(dict(mpl.rcParams))
    span = so.Range(color=STRUCTURED, alpha=0.35, linewidth=2.5)
    plot = plot.add(span, data=spans, y="y", xmin="min", xmax="max", orient="y")
    if best["average_precision_low"].notna().any():
        ends = {"xmin": "average_precision_low", "xmax": "average_precision_high"}
        plot = plot.add(so.Range(color=STRUCTURED, linewidth=1), data=best, y="y", orient="y", **ends)
    if frame["published_average_precision"].notna().any():
        printed = frame.dropna(subset=["published_average_precision"])
        stroke = so.Dot(color=PUBLISHED, marker="|", pointsize=9, alpha=0.7)
        plot = plot.add(stroke, data=printed, y="y", x="published_average_precision")
    dots = so.Dot(color=STRUCTURED, alpha=0.85, pointsize=6.5, edgewidth=0)
    plot = plot.add(dots, data=frame, y="y", x="average_precision")
    plot.on(axes).plot()
    for row in best.itertuples():
        _name_best(axes, row, left=float(spans["min"][spans["y"].eq(row.y)].iloc[0]), mark=mark)
    axes.set(xlim=(-0.015, 1.015), xlabel="score: average precision on cases not seen before", ylabel="")
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "0.25", "0.5", "0.75", "1\nperfect"])
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)


def _name_best(axes: Axes, row, *, left: float, mark: float) -> None:
    """The highest score of a row beside its dots where there is room, or else above them."""
    right = row.average_precision if is_missing(row.average_precision_high) else row.average_precision_high
    words, look = f"best {number(row.average_precision)}", {"color": STRUCTURED, "fontsize": 9}
    width = LABEL_WIDTH[is_narrow(axes)]
    crosses = right < mark < right + width
    if crosses and left > width:
        axes.annotate(words, (left, row.y), (-7, 0), ha="right", va="center", textcoords="offset points", **look)
    elif crosses:
        axes.annotate(words, (right, row.y), (0, 5), ha="right", va="bottom", textcoords="offset points", **look)
    else:
        axes.annotate(words, (right, row.y), (7, 0), ha="left", va="center", textcoords="offset points", **look)
