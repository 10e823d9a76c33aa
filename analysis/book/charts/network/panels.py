"""What the charts of the network chapters share: a panel for each sample, and a colour for each network."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.book.charts.marks import CHANCE, unit_axis
from analysis.book.sentences import network as words
from analysis.book.sentences.words import capitalised
from analysis.disclosure import Released

# Inks of the colour cycle.
EVENTS, RECORDED, WHOLE_LIFE, REGISTRY = "C4", "C0", "C1", "C2"
MARKERS = {EVENTS: "s", RECORDED: "o", WHOLE_LIFE: "D", REGISTRY: "^"}
NETWORKS = {"recorded": RECORDED, "whole-life": WHOLE_LIFE, "complete register": REGISTRY}


def network_colour(predictors: str) -> str:
    """The colour of a model, by the most it knows: whole-life network, recorded network, events."""
    names = predictors.split()
    if predictors == "all" or any(name.endswith("W") for name in names):
        return WHOLE_LIFE
    return RECORDED if any(name.endswith("R") for name in names) else EVENTS


def samples_in(frame: pd.DataFrame) -> list[str]:
    """The samples of a table, in the book's order."""
    return [sample for sample in words.SAMPLES if sample in set(frame["sample"])]


def panel_for_each_sample(released: Released) -> tuple[int, int]:
    """Rows and columns of panels: one for each sample, beside one another."""
    return 1, max(len(samples_in(released.frame)), 1)


def panels_by_sample(released: Released, axes) -> list[tuple[str, pd.DataFrame, Axes]]:
    """Each sample of a table with its rows and the panel that it is drawn on.

    Parameters
    ----------
    released : Released
        With a column sample.
    axes : Axes or ndarray of Axes
        One for each sample.

    Returns
    -------
    list of tuple of str, pandas.DataFrame and Axes
    """
    frame = released.frame
    panels = np.atleast_1d(axes).ravel()
    return [
        (sample, frame[frame["sample"].eq(sample)], panel)
        for sample, panel in zip(samples_in(frame), panels, strict=False)
    ]


def first_panel(axes) -> Axes:
    """The panel of one axes or an array of them that stands first."""
    return np.atleast_1d(axes).ravel()[0]


def share_axis(panel: Axes) -> None:
    """A horizontal axis of shares, with room for no more than three numbers."""
    unit_axis(panel, percent=True)
    panel.set_xticks([0, 0.5, 1], ["0%", "50%", "100%"])


def unit_square(panel: Axes, horizontal: str) -> None:
    """Both axes from zero to one, with the diagonal.

    Parameters
    ----------
    panel : Axes
    horizontal : str
        What the horizontal axis is called.
    """
    panel.plot([0, 1], [0, 1], color=CHANCE, linewidth=1, linestyle=":")
    unit_axis(panel)
    unit_axis(panel, "y")
    panel.set_xlabel(horizontal)


def title_panel(panel: Axes, sample: str) -> None:
    """Write the sample's name above its panel.

    Parameters
    ----------
    panel : Axes
    sample : {"all", "first", "subsequent"}
    """
    panel.set_title(capitalised(words.SAMPLES[sample]).replace(" notifications", ""))
