"""The network around one child, at several times."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.book.charts.charts import chart
from analysis.book.charts.marks import CHANCE, PUBLISHED, background, is_narrow
from analysis.book.charts.network.panels import NETWORKS
from analysis.book.sentences import network as words
from analysis.book.sentences.words import capitalised
from analysis.disclosure import Released


def describe_example(example: Released) -> str:
    """Each panel in words: who stands in the network."""
    parts = []
    for (moment, network), frame in example.frame.groupby(["moment", "network"], sort=False):
        inside = frame[frame["state"].eq("in the network")]
        known = ", ".join(f"{row.role} ({row.person})" for row in inside.itertuples()) or "nobody"
        parts.append(f"{capitalised(moment)}, {network} network: {known}.")
    return f"A child and up to nine relatives in a ring, at three moments. {' '.join(parts)}"


def _example_panels(example: Released) -> tuple[int, int]:
    return example.frame["network"].nunique() or 1, example.frame["moment"].nunique() or 1


@chart(
    "network_example",
    describe=describe_example,
    draws=("state",),
    height=4.6,
    panels=_example_panels,
    narrow_columns=lambda example: _example_panels(example)[0],
    read=words.read_example,
)
def plot_example(example: Released, axes) -> None:
    """The child in the middle; in colour who stands in the network, in grey who exists, blank who is not yet born."""
    frame = example.frame
    moments, networks = list(dict.fromkeys(frame["moment"])), list(dict.fromkeys(frame["network"]))
    for panels, network in zip(np.reshape(axes, (len(networks), -1)), networks, strict=True):
        for panel, moment in zip(panels, moments, strict=True):
            part = frame[frame["moment"].eq(moment) & frame["network"].eq(network)].reset_index(drop=True)
            _ring(panel, part, NETWORKS[network])
            if is_narrow(panel):
                panel.set_title(f"{moment},\n{network} network", loc="center", fontsize=8)
            elif network == networks[0]:
                panel.set_title(moment, loc="center", fontsize=9)
            if moment == moments[0] and not is_narrow(panel):
                panel.set_ylabel(f"{network}\nnetwork")


def _ring(panel: Axes, part: pd.DataFrame, shade: str) -> None:
    angles = np.pi / 2 - 2 * np.pi * np.arange(len(part)) / max(len(part), 1)
    for angle, person in zip(angles, part.itertuples(), strict=True):
        if person.state == "not yet born":
            continue
        inside = person.state == "in the network"
        line = shade if inside else CHANCE
        x, y = np.cos(angle), np.sin(angle)
        panel.plot(
            [0, x], [0, y], color=line, linewidth=1.4 if inside else 0.6, linestyle="-" if inside else ":", zorder=1
        )
        panel.plot(
            x,
            y,
            marker="o" if person.is_child == "yes" else "s",
            color=line,
            markerfacecolor=line if inside else background(),
            markersize=13,
            alpha=1 if inside else 0.6,
            zorder=2,
        )
        panel.annotate(
            person.person,
            (x, y),
            ha="center",
            va="center",
            fontsize=8,
            color=background() if inside else None,
            zorder=3,
        )
        marks = _marks(person)
        panel.annotate(
            f"{person.role}{marks}",
            (1.42 * x, 1.22 * y),
            ha="center" if abs(x) < 0.2 else "left" if x > 0 else "right",
            va="center" if abs(y) < 0.9 else "bottom" if y > 0 else "top",
            fontsize=6.5,
        )
    panel.plot(0, 0, marker="o", color=PUBLISHED, markersize=11, zorder=2)
    panel.set_xlim((-2.9, 2.9) if is_narrow(panel) else (-2.3, 2.3))
    panel.set_ylim(-1.5, 1.5)
    panel.set_xticks([])
    panel.set_yticks([])
    for spine in panel.spines.values():
        spine.set_visible(False)


def _marks(person) -> str:
    """Letters for a history before the moment: N notified, T target event, A known abuser."""
    letters = [
        letter
        for letter, value in (("N", person.notified), ("T", person.targeted), ("A", person.abuser))
        if value == "yes"
    ]
    return f" {''.join(letters)}" if letters else ""
