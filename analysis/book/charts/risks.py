"""Whether predicted risks are accurate, and how they are distributed by outcome."""

import numpy as np
from matplotlib.axes import Axes

from analysis.book.charts.charts import chart
from analysis.book.charts.marks import (
    CHANCE,
    DESIGNS,
    STRUCTURED,
    TEXT,
    background,
    colour,
    fill,
    is_narrow,
    key,
    line_style,
    marker,
    number_array,
    present_designs,
    rows,
)
from analysis.book.sentences import performance as words
from analysis.book.sentences import risks
from analysis.book.sentences.words import label
from analysis.disclosure import Released


def describe_calibration(calibration: Released) -> str:
    reading = words.read_calibration(calibration)
    return f"Observed share with the outcome against mean predicted risk, by group of risk. {reading}"


@chart(
    "calibration",
    describe=describe_calibration,
    draws=("observed", "mean_risk"),
    height=3.8,
    read=words.read_calibration,
)
def plot_calibration(calibration: Released, axes: Axes) -> None:
    """Observed share against mean predicted risk; on the diagonal a risk means what it says."""
    frame = calibration.frame
    top = 1.08 * max(
        number_array(frame["mean_risk"].fillna(0)).max(), number_array(frame["observed"].fillna(0)).max(), 0.02
    )
    axes.plot([0, top], [0, top], color=CHANCE, linewidth=1, linestyle=":", label="as predicted")
    for design in present_designs(frame):
        group = frame[frame["design"].eq(design)]
        axes.plot(
            number_array(group["mean_risk"]),
            number_array(group["observed"]),
            line_style(design),
            color=colour(design),
            marker=marker(design),
            markersize=4.5,
            markerfacecolor=fill(design),
            linewidth=1.2,
            label=label(design),
        )
    axes.set_xlim(0, top)
    axes.set_ylim(0, top)
    axes.grid()
    axes.set_xlabel("mean predicted risk")
    axes.set_ylabel("share with the outcome")
    key(axes, ncols=2)


NO_CURVE = "no curve: too few outcomes\nfor one to be fitted"


def describe_calibration_curve(curve: Released) -> str:
    reading = risks.read_calibration_curve(curve)
    return f"Share with the outcome at each predicted risk, as a smooth line with its band, by design. {reading}"


@chart(
    "calibration_curve",
    describe=describe_calibration_curve,
    draws=("observed",),
    height=lambda curve: 5.6 if curve.frame["design"].nunique() > 2 else 3.2,
    panels=lambda curve: (2 if curve.frame["design"].nunique() > 2 else 1, 2),
    read=risks.read_calibration_curve,
)
def plot_calibration_curve(curve: Released, axes: np.ndarray) -> None:
    """The share with the outcome at each predicted risk, with its band; on the diagonal a risk means what it says."""
    for panel, design in zip(axes.ravel(), DESIGNS, strict=False):
        group = curve.frame[curve.frame["design"].eq(design)].dropna(subset=["observed"])
        panel.set_title(label(design), fontsize=8)
        if group.empty:
            panel.set_axis_off()
            panel.annotate(NO_CURVE, (0.5, 0.5), xycoords="axes fraction", ha="center", va="center", fontsize=8)
        else:
            _smooth(panel, design, group)
    for panel in np.atleast_2d(axes)[-1]:
        panel.set_xlabel("predicted risk")
    for panel in np.atleast_2d(axes)[:, 0]:
        panel.set_ylabel("share with the outcome")


def _smooth(axes: Axes, design: str, group) -> None:
    x, low, high = (number_array(group[name]) for name in ("risk", "observed_low", "observed_high"))
    top = 1.05 * max(x.max(), number_array(group["observed"]).max())
    axes.plot([0, top], [0, top], color=CHANCE, linewidth=1, linestyle=":")
    axes.fill_between(x, low, np.minimum(high, 2 * top), color=colour(design), alpha=0.18, linewidth=0)
    axes.plot(x, number_array(group["observed"]), line_style(design), color=colour(design))
    axes.set_xlim(0, top)
    axes.set_ylim(0, 1.4 * top)
    axes.grid()


def describe_risk_by_outcome(bands: Released) -> str:
    return (
        "Bars of children with and without the outcome, cut by band of predicted risk, darkest at the highest risk, "
        f"for each design. {risks.read_risk_by_outcome(bands)}"
    )


@chart(
    "risk_by_outcome",
    describe=describe_risk_by_outcome,
    draws=("with_outcome", "without_outcome"),
    height=lambda bands: 1.3 + 0.62 * bands.frame["design"].nunique(),
    read=risks.read_risk_by_outcome,
)
def plot_risk_by_outcome(bands: Released, axes: Axes) -> None:
    """For each design the children with the outcome and those without, by band of predicted risk, darkest highest."""
    names, y = [], 0
    for design in present_designs(bands.frame):
        group = bands.frame[bands.frame["design"].eq(design)]
        shade = np.linspace(1, 0.08, len(group))
        for name, ink, meaning in (
            ("with_outcome", TEXT, "with the outcome"),
            ("without_outcome", STRUCTURED, "without it"),
        ):
            width = np.nan_to_num(100 * number_array(group[name]))
            left = np.r_[0, np.cumsum(width)[:-1]]
            for start, size, alpha in zip(left, width, shade, strict=True):
                bar = {"height": 0.5 if is_narrow(axes) else 0.8, "edgecolor": background(), "linewidth": 0.5}
                axes.barh(y, size, left=start, color=ink, alpha=alpha, **bar)
            names.append(f"{label(design)}:\n{meaning}" if name == "with_outcome" else meaning)
            y += 1
        y += 0.4
    places = [pair + step for pair in np.arange(len(names) // 2) * 2.4 for step in (0, 1)]
    rows(axes, names, words=False, places=places)
    axes.set_xlim(0, 100)
    axes.set_xlabel("percent of these children:\ndark, highest predicted risk; pale, lowest")
