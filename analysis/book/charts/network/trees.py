"""Charts of the single-split trees."""

import textwrap

import numpy as np

from analysis.book.charts.charts import chart
from analysis.book.charts.marks import CHANCE, number_array, shared_key
from analysis.book.charts.network.panels import NETWORKS
from analysis.book.sentences.words import capitalised, label, listed
from analysis.disclosure import Released

FEWEST_DRAWN = 30  # notifications behind a point of a line of shares (ours)
TITLE = 20  # characters of a line of a panel's title


def describe_tree_incidence(incidence: Released) -> str:
    predictors = listed(dict.fromkeys(map(_counted, incidence.frame["predictor"])))
    return (
        "Incidence of high concern by age at the first notification, above and below the threshold of the number of "
        f"{predictors}, by recorded and by whole-life network; ages with fewer than {FEWEST_DRAWN} notifications are "
        "not drawn."
    )


def _panel_for_each_predictor(incidence: Released) -> tuple[int, int]:
    return 1, len(set(map(_counted, incidence.frame["predictor"]))) or 1


def _counted(predictor: str) -> str:
    """Whom a predictor counts, in whichever network."""
    return label(predictor).partition(" (")[0]


@chart(
    "network_tree_incidence",
    describe=describe_tree_incidence,
    draws=("incidence",),
    height=3.2,
    panels=_panel_for_each_predictor,
)
def plot_tree_incidence(incidence: Released, axes) -> None:
    """High-risk group solid, low-risk group dashed; recorded beside whole-life."""
    frame = incidence.frame[incidence.frame["notifications"].fillna(0).ge(FEWEST_DRAWN)]
    frame = frame.assign(measure=frame["predictor"].map(_counted))
    panels = np.atleast_1d(axes).ravel()
    for (measure, part), panel in zip(frame.groupby("measure", sort=False), panels, strict=False):
        for (network, group), line in part.groupby(["network", "group"], sort=False):
            ordered = line.assign(age=number_array(line["age_years"])).sort_values("age")
            panel.plot(
                ordered["age"],
                number_array(ordered["incidence"]),
                "-" if group == "above" else "--",
                color=NETWORKS[network],
                linewidth=1.4,
                label=network if group == "above" else None,
            )
        panel.set_title(textwrap.fill(capitalised(measure), TITLE))
        panel.set_xticks([0, 5, 10, 15])
        panel.set_ylim(bottom=0)
        panel.set_xlabel("age in years")
        panel.grid(axis="y")
    panels[0].set_ylabel("share with high concern")
    panels[0].plot([], [], "--", color=CHANCE, label="below threshold")
    shared_key(panels)
