"""Charts of calibration and error rates by group."""

import numpy as np

from analysis.book.charts.charts import chart
from analysis.book.charts.marks import CHANCE, number_array, rows, shared_key
from analysis.book.charts.network.panels import (
    first_panel,
    panel_for_each_sample,
    panels_by_sample,
    share_axis,
    title_panel,
    unit_square,
)
from analysis.book.charts.points import points
from analysis.book.sentences import network as words
from analysis.book.sentences.words import is_missing, label
from analysis.disclosure import Released


def describe_calibration(calibration: Released) -> str:
    return (
        f"Share with high concern against mean risk, by group of risk and sample. {words.read_calibration(calibration)}"
    )


@chart(
    "network_calibration",
    describe=describe_calibration,
    draws=("mean_risk", "observed"),
    height=2.9,
    panels=panel_for_each_sample,
    read=words.read_calibration,
)
def plot_calibration(calibration: Released, axes) -> None:
    """On the diagonal a risk means what it says; where there are subgroups, a line for each."""
    for sample, frame, panel in panels_by_sample(calibration, axes):
        unit_square(panel, "mean risk")
        groups = frame.groupby("subgroup", sort=False) if "subgroup" in frame else [("", frame)]
        for place, (name, part) in enumerate(groups):
            panel.plot(
                number_array(part["mean_risk"]),
                number_array(part["observed"]),
                marker="osD^vP"[place % 6],
                color=f"C{place % 6}",
                markersize=8 - 1.2 * (place % 6),  # so that none of those on one spot is hidden
                fillstyle="none",
                linewidth=1,
                label=name or None,
            )
        title_panel(panel, sample)
    first_panel(axes).set_ylabel("share with high concern")
    shared_key(np.atleast_1d(axes).ravel())


def describe_error_rates(error_rates: Released) -> str:
    return f"False positive and false negative rates by gender and ethnicity. {words.read_error_rates(error_rates)}"


@chart(
    "network_error_rates",
    describe=describe_error_rates,
    draws=("false_positive_rate", "false_negative_rate"),
    height=3.4,
    panels=panel_for_each_sample,
    read=words.read_error_rates,
)
def plot_error_rates(error_rates: Released, axes) -> None:
    """Both error rates of each group with intervals over families; everyone's as a stroke."""
    for sample, frame, panel in panels_by_sample(error_rates, axes):
        groups = frame[frame["characteristic"].ne("everyone")]
        for name, shade, shift in (("false_positive_rate", "C0", -0.1), ("false_negative_rate", "C1", 0.1)):
            look = {"colour": shade, "shape": "o" if shift < 0 else "D", "entry": label(name).removesuffix(" rate")}
            points(panel, groups.assign(y=np.arange(len(groups)) + shift, **look), name, size=4)
            for value in frame[frame["characteristic"].eq("everyone")][name]:
                if not is_missing(value):
                    panel.axvline(value, color=CHANCE, linewidth=1, linestyle=":")
        rows(panel, list(groups["subgroup"]), words=False)
        panel.tick_params(axis="y", labelsize=7.5)
        share_axis(panel)
        panel.set_xlabel("share of the group", fontsize=8.5)
        title_panel(panel, sample)
        if panel is not first_panel(axes):
            panel.set_yticklabels([])
    shared_key(np.atleast_1d(axes).ravel())
