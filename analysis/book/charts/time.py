"""All cases against earlier cases: as published, and on the same later cases."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.book.charts.charts import chart
from analysis.book.charts.marks import CHANCE, annotate_row, colour, fill, marker, number_array, rows
from analysis.book.charts.strips import Strip
from analysis.book.sentences.words import is_missing, listed
from analysis.disclosure import Released

PANELS = {
    "published_rule": "as published:\nown test cases",
    "learned_from": "like for like:\nsame later cases",
}
SEEN = {"structured": "", "text_and_structured": ", with text"}


def describe_earlier_v_all(parts: Released) -> str:
    return f"Average precision learned from all cases and from earlier cases only, per model. {read_falls(parts)}"


def read_falls(parts: Released) -> str:
    """In how many rows of each panel the score is lower, at two decimals."""
    return f"Learned from earlier cases only, average precision is lower {listed(_falls(parts))}."


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
    return 1.5 + 0.27 * (_drawn(parts).frame["part"].eq("learned_from").sum() or 1)


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
    scores = number_array(frame[["before", "after"]].stack())
    top = 1.08 * float(np.nanmax(scores)) if np.isfinite(scores).any() else 1.0
    for panel, (part, title) in zip(axes, PANELS.items(), strict=True):
        group = frame[frame["part"].eq(part)].reset_index(drop=True)
        for y, row in group.iterrows():
            _draw(panel, y, row)
        rows(panel, _names(group), words=False)
        panel.tick_params(axis="y", labelsize=8)
        panel.set_xlim(0, top)
        panel.set_title(title, fontsize=9.5)
        panel.set_xlabel("average precision:\n● all cases   ○ earlier cases only", fontsize=8.5)


def _draw(axes: Axes, y: int, row: pd.Series) -> None:
    if is_missing(row["before"]) or is_missing(row["after"]):
        annotate_row(axes, y, "withheld")
        return
    ink = colour(row["predictors"])
    axes.plot([row["before"], row["after"]], [y, y], color=CHANCE, linewidth=1.4, zorder=1)
    for end, design in (("before", "first"), ("after", "second")):
        face = {"markerfacecolor": fill(row[design]), "marker": marker(row[design])}
        axes.plot(row[end], y, color=ink, markersize=5, markeredgewidth=1.3, zorder=2, **face)


def _names(group: pd.DataFrame) -> list[str]:
    seen = [SEEN[predictors] for predictors in group["predictors"]]
    if "outcome" not in group:
        return [name.removeprefix(", ") or "structured data" for name in seen]
    names = [
        f"{outcome} · {authority}"
        for outcome, authority in zip(group["outcome"], group.get("authority", group["outcome"]), strict=True)
    ]
    return [f"{name}{text}" for name, text in zip(names, seen, strict=True)]
