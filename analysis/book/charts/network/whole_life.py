"""Charts of what whole-life links add, by which of them may be used."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.book.charts.charts import chart
from analysis.book.charts.marks import CHANCE, rows
from analysis.book.charts.network.panels import (
    MARKERS,
    RECORDED,
    REGISTRY,
    WHOLE_LIFE,
    first_panel,
    panel_for_each_sample,
    panels_by_sample,
    title_panel,
)
from analysis.book.charts.points import points
from analysis.book.sentences import network as words
from analysis.book.sentences.words import capitalised, label
from analysis.disclosure import Released

READING_INK = {
    "ever_recorded": WHOLE_LIFE,
    "recorded_before": RECORDED,
    "implied": RECORDED,
    "complete_registry": REGISTRY,
    "placebo": CHANCE,
}


def describe_whole_life(whole_life: Released) -> str:
    return f"What is added to the area by which links may be used, by sample. {words.read_whole_life(whole_life)}"


@chart(
    "network_whole_life",
    describe=describe_whole_life,
    draws=("gain",),
    height=2.9,
    panels=panel_for_each_sample,
    read=words.read_whole_life,
)
def plot_whole_life(whole_life: Released, axes) -> None:
    """Each reading's gain with its interval; zero is no gain."""
    for sample, frame, panel in panels_by_sample(whole_life, axes):
        _gains(panel, frame)
        panel.axvline(0, color=CHANCE, linewidth=1, linestyle=":")
        rows(panel, [label(reading) for reading in frame["reading"]], words=False)
        panel.tick_params(axis="y", labelsize=7.5)
        panel.set_xlabel("gain in area", fontsize=8.5)
        panel.locator_params(axis="x", nbins=3)
        title_panel(panel, sample)
        if panel is not first_panel(axes):
            panel.set_yticklabels([])


def _gains(panel: Axes, frame: pd.DataFrame) -> None:
    shades = frame["reading"].map(READING_INK)
    shapes = [MARKERS.get(shade, "o") for shade in shades]
    points(panel, frame.assign(y=range(len(frame)), colour=shades, shape=shapes), "gain", size=5)


def describe_worlds(mean: Released) -> str:
    return f"Mean gain over worlds whose truth is known, by reading and sample. {words.read_worlds(mean)}"


def _panel_for_each_world(mean: Released) -> tuple[int, int]:
    return 1, mean.frame["world"].nunique() or 1


@chart(
    "network_whole_life_mean",
    describe=describe_worlds,
    draws=("gain",),
    height=3.8,
    panels=_panel_for_each_world,
    read=words.read_worlds,
)
def plot_worlds(mean: Released, axes) -> None:
    """One panel where family tells nothing and one calibrated; zero is no gain."""
    panels = np.atleast_1d(axes).ravel()
    for (world, frame), panel in zip(mean.frame.groupby("world", sort=False), panels, strict=False):
        order = frame["reading"].map({reading: place for place, reading in enumerate(READING_INK)})
        frame = frame.iloc[order.argsort(kind="stable")]
        _gains(panel, frame)
        names = [f"{label(row.reading)}: {row.sample}" for row in frame.itertuples()]
        panel.axvline(0, color=CHANCE, linewidth=1, linestyle=":")
        rows(panel, names, words=False)
        panel.tick_params(axis="y", labelsize=7)
        panel.set_xlabel("mean gain in area")
        panel.set_title(capitalised(world))
        if panel is not panels[0]:
            panel.set_yticklabels([])
