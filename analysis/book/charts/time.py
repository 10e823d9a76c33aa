"""All cases against earlier cases: as published, and on the same later cases."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.book.charts.charts import chart
from analysis.book.charts.marks import CHANCE, colour, fill, marker, number_array, problems, rows_of_panels, shared_key
from analysis.book.charts.points import looks_of_designs, points
from analysis.book.charts.strips import Strip
from analysis.book.sentences.scope import whose
from analysis.book.sentences.words import label, listed
from analysis.disclosure import Released

PANELS = {
    "published_rule": "as published:\nown test cases",
    "learned_from": "like for like:\nsame later cases",
}
LANES = {"structured": -0.13, "text_and_structured": 0.13}
"""Of a row: models of structured data stand above, those with text below."""


def describe_earlier_v_all(parts: Released) -> str:
    return f"Average precision learned from all cases and from earlier cases only, per model. {read_falls(parts)}"


def read_falls(parts: Released) -> str:
    """In how many rows of each panel the score is lower, at two decimals."""
    models = whose(parts.frame)
    learned = f"Where models{models} learned" if models else "Learned"
    return f"{learned} from earlier cases only, average precision is lower {listed(_falls(parts))}."


def _falls(parts: Released) -> list[str]:
    counted = []
    for part, where in (("published_rule", "on their own test cases"), ("learned_from", "on the same later cases")):
        frame = _drawn(parts).where(part=part).frame.dropna(subset=["before", "after"])
        lower = sum(round(a, 2) < round(b, 2) for a, b in frame[["after", "before"]].itertuples(index=False))
        counted.append(f"in {lower} of {len(frame)} comparisons {where}")
    return counted


def _drawn(parts: Released) -> Released:
    return parts.where(metric="average_precision")


def _height(parts: Released) -> float:
    return 1.6 + 0.5 * max(len(set(_names(_drawn(parts).frame))), 1)


@chart(
    "earlier_v_all",
    describe=describe_earlier_v_all,
    draws=("before", "after"),
    of=_drawn,
    height=_height,
    panels=lambda parts: (1, 2),
    read=read_falls,
    strip=Strip(
        lambda frame: frame["after"] - frame["before"],
        "← lower · average precision learned from earlier cases only · higher →",
        lanes="part",
        line=0,
        of=lambda frame: frame[frame["part"].isin(PANELS)],
    ),
)
def plot_earlier_v_all(parts: Released, axes: np.ndarray) -> None:
    """Each model as a line from learning from all cases (filled) to learning from earlier ones (hollow)."""
    frame = _drawn(parts).frame
    names = _names(frame)
    lines = list(dict.fromkeys(names))
    lane = frame["predictors"].map(LANES)
    frame = frame.assign(y=[lines.index(name) for name in names] + (lane if "outcome" in frame else 0 * lane))
    scores = number_array(frame[["before", "after"]].stack())
    top = 1.08 * float(np.nanmax(scores)) if np.isfinite(scores).any() else 1.0
    for panel, (part, title) in zip(axes, PANELS.items(), strict=True):
        _draw(panel, frame[frame["part"].eq(part)])
        rows_of_panels(panel, axes, lines)
        panel.set_xlim(-0.02 * top, top)  # so that a mark at zero is whole
        panel.set_title(title, fontsize=9.5)
        panel.set_xlabel("average precision", fontsize=8.5)
    for kind, designs in frame.groupby("predictors", sort=False)[["first", "second"]].first().iterrows():
        for design, learned_from in zip(designs, ("all cases", "earlier cases only"), strict=True):
            look = {"color": colour(design), "markerfacecolor": fill(design), "label": f"{label(kind)}, {learned_from}"}
            axes[0].plot([], [], marker(design), **look)
    shared_key(axes, ncols=2)


def _draw(axes: Axes, group: pd.DataFrame) -> None:
    known = group[["before", "after"]].notna().all(axis=1)
    for y in group.loc[~known, "y"]:
        axes.annotate("withheld", (0, y), fontsize=7, va="center")
    shown = group[known]
    axes.hlines(shown["y"], number_array(shown["before"]), number_array(shown["after"]), color=CHANCE, linewidth=1.4)
    for end, design in (("before", "first"), ("after", "second")):
        points(axes, looks_of_designs(shown[["y", end, design]], design), end, size=5)


def _names(group: pd.DataFrame) -> list[str]:
    return problems(group) if "outcome" in group else [label(predictors) for predictors in group["predictors"]]
