"""Marks that mean the same in every chart: colour and shape for the predictors, fill for the cases learned from."""

import textwrap
from collections.abc import Collection, Sequence

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.book.sentences.words import is_missing, label

STRUCTURED, TEXT, THIRD, FOURTH, CHANCE, PUBLISHED = "C0", "C1", "C2", "C3", "C4", "C5"
PALE = 0.5  # strength of a mark that does not count
VERDICTS = {"better": STRUCTURED, "worse": FOURTH, "no clear difference": CHANCE}
"""The colour of each verdict on a difference; of any other that of none."""
NARROW = 4.5  # inches: a figure of less is drawn for a narrow screen
ABOVE, LINE = 0.33, 54  # of a row's height; characters of a narrow line
BESIDE, ROW_NAME = "beside", "row-name"
DESIGNS = (
    "structured-all_cases",
    "text_and_structured-all_cases",
    "structured-earlier_cases",
    "text_and_structured-earlier_cases",
)


def colour(design: str) -> str:
    """The colour of a design, by whether it reads text."""
    return TEXT if design.startswith("text") else STRUCTURED


def marker(design: str) -> str:
    """The shape of a design's marks, by whether it reads text."""
    return "D" if design.startswith("text") else "o"


def fill(design: str) -> str:
    """Filled for all cases, open for earlier cases only: colour is never alone."""
    return background() if design.endswith("earlier_cases") else colour(design)


def background() -> str:
    """The colour behind an open mark, so that no line shows through it."""
    return mpl.rcParams["patch.facecolor"]


def line_style(design: str) -> str:
    """Solid for all cases, broken for earlier cases only."""
    return "--" if design.endswith("earlier_cases") else "-"


def strengths(in_verdict: pd.Series, axes: Axes) -> pd.Series:
    """How strong each mark is: pale where a result is left out of the verdict, which the key then says.

    Parameters
    ----------
    in_verdict : pandas.Series
        "yes" of each row, or "no" with the reason: leakage was found, or it was not registered.
    axes : Axes
        On which they will be drawn.

    Returns
    -------
    pandas.Series
        From 0 to 1, for `points`.
    """
    counts = in_verdict.eq("yes")
    if not counts.all():
        axes.plot([], [], "o", color=STRUCTURED, alpha=PALE, label="pale: left out of the verdict")
    return counts.map({True: 1.0, False: PALE})


def number_array(values: pd.Series) -> np.ndarray:
    """A released column as floats; withheld values are NaN and are not drawn."""
    return pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan)


def present_designs(frame: pd.DataFrame) -> list[str]:
    """The designs of a table, in the book's order, any others after them."""
    found = list(dict.fromkeys(frame["design"]))
    return [design for design in DESIGNS if design in found] + [d for d in found if d not in DESIGNS]


def reference_mark(axes: Axes, y: float, value: float, name: str | None = None) -> None:
    """A chance level, as a short upright stroke.

    Parameters
    ----------
    axes : Axes
    y : float
        The row.
    value : float
        Where it stands; nothing is drawn where it is missing.
    name : str or None
        In the key; None for a stroke that is named already.
    """
    if not is_missing(value):
        axes.plot(
            value, y, marker="|", markersize=15, markeredgewidth=2, color=CHANCE, linestyle="", label=name, zorder=1
        )


def annotate_row(axes: Axes, y: float, words: str, colour: str | None = None) -> None:
    """Words to the right of a row; on a narrow screen at the end of the line above it.

    Parameters
    ----------
    axes : Axes
    y : float
        The row.
    words : str
        May be empty.
    colour : str or None
        Of matplotlib; that of other text by default.
    """
    narrow = is_narrow(axes)
    axes.annotate(
        words,
        (1, y - ABOVE) if narrow else (1.02, y),
        xycoords=axes.get_yaxis_transform(),
        va="bottom" if narrow else "center",
        ha="right" if narrow else "left",
        fontsize=8 if narrow else 9,
        color=colour,
        annotation_clip=False,
        gid=BESIDE,
        bbox={"facecolor": background(), "edgecolor": "none", "pad": 1} if narrow else None,
    )


def problems(frame: pd.DataFrame, outcome: str = "outcome", *, whose: bool = False) -> list[str]:
    """The prediction of each row: its name, its authority where it is studied in several, its title if there is one.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row for each result.
    outcome : str
        The column with the prediction's name.
    whose : bool
        Whether its authority is named even where no prediction is studied in several.

    Returns
    -------
    list of str
        In the order of the rows.
    """
    several = "authority" in frame and (frame.groupby(outcome)["authority"].nunique() > 1).any()
    names = list(frame[outcome])
    if several or whose:
        names = [f"{name} · {authority}" for name, authority in zip(names, frame["authority"], strict=True)]
    if "title" not in frame:
        return names
    titled = zip(names, frame["title"], strict=True)
    return [name if is_missing(title) else textwrap.fill(f"{name} {title}", 26) for name, title in titled]


def rows(axes: Axes, names: list[str], *, words: bool = True, places: Sequence[float] | None = None) -> None:
    """One row for each name, the first on top; on a narrow screen the names stand above their rows.

    The rows are one apart, or at `places`. Rows that have words of their own beside them are to have them before they
    are named.

    Parameters
    ----------
    axes : Axes
    names : list of str
        From the top.
    words : bool
        Whether names are labels of the data, to be put into words.
    places : sequence of float or None
        Positions from the top, ascending; 0, 1, ... by default.
    """
    names = [label(name).replace(", ", ",\n") if words else name for name in names]
    places = range(len(names)) if places is None else places
    last = max(places, default=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    if not is_narrow(axes):
        axes.set_yticks(places, names)
        axes.set_ylim(last + 0.5, -0.5)
        return
    axes.set_yticks([])
    axes.set_ylim(last + 0.45, -1)
    taken = {round(text.xy[1] + ABOVE): len(text.get_text()) for text in axes.texts if text.get_gid() == BESIDE}
    for y, name in zip(places, names, strict=True):
        lines = textwrap.fill(" ".join(name.split()), max(LINE - taken.get(round(y), 0), 20))
        axes.annotate(lines, (0, y - ABOVE), xycoords=axes.get_yaxis_transform(), va="bottom", ha="left", fontsize=8.5,
                      annotation_clip=False, gid=ROW_NAME,
                      bbox={"facecolor": background(), "edgecolor": "none", "pad": 1})  # fmt: skip


def rows_of_panels(axes: Axes, panels: np.ndarray, names: list[str]) -> None:
    """The same rows in each of several panels; on a wide screen they are named beside the first alone.

    Parameters
    ----------
    axes : Axes
        One of the panels.
    panels : ndarray of Axes
    names : list of str
        From the top.
    """
    first = axes is np.ravel(panels)[0]
    rows(axes, names if first or is_narrow(axes) else [""] * len(names), words=False)
    axes.tick_params(axis="y", labelsize=8)


def within_row(axes: Axes, offset):
    """Where a mark lies within its row; on a narrow screen all of a row's lie below the row's name.

    Parameters
    ----------
    axes : Axes
    offset : float or array of float
        From the middle of the row, downwards, as on a wide screen.

    Returns
    -------
    float or array of float
    """
    return 0.04 + 0.73 * offset if is_narrow(axes) else offset


def is_narrow(axes: Axes) -> bool:
    """Whether the drawing is for a screen as narrow as a telephone's."""
    return axes.get_figure(root=True).get_figwidth() < NARROW


def key(axes: Axes, *, ncols: int = 4, left: float = -0.01) -> None:
    """The key above the plot, where it covers no mark, without repeats; on a narrow screen above all of its panels.

    Parameters
    ----------
    axes : Axes
    ncols : int
        Columns on a wide screen.
    left : float
        Where it begins on a wide screen, as a share of the plot's width from its left edge.
    """
    narrow = is_narrow(axes)
    if narrow and len(axes.figure.axes) > 1:
        shared_key(np.array(axes.figure.axes))
        return
    handles, labels = axes.get_legend_handles_labels()
    first = dict(zip(labels, handles, strict=True))
    if first:
        axes.legend(
            first.values(),
            first.keys(),
            loc="lower left",
            bbox_to_anchor=(-0.01 if narrow else left, 1.0),
            ncols=narrow_columns(first) if narrow else ncols,
            fontsize=8.5,
            handletextpad=0.5,
            columnspacing=1.2,
            borderaxespad=0.2,
            markerscale=0.75,
        )


def shared_key(panels: np.ndarray, *, ncols: int = 4) -> None:
    """One key above all the panels, for which room is made: a panel's own would push the others aside.

    Parameters
    ----------
    panels : ndarray
        Of one figure.
    ncols : int
        Columns on a wide screen.
    """
    entries = [panel.get_legend_handles_labels() for panel in panels]
    first = {name: handle for handles, labels in entries for name, handle in zip(labels, handles, strict=True)}
    if first:
        ncols = narrow_columns(first) if is_narrow(panels[0]) else ncols
        panels[0].figure.legend(first.values(), first.keys(), loc="outside upper left", ncols=ncols, fontsize=8.5)


def narrow_columns(entries: Collection[str]) -> int:
    """Columns of a key on a narrow screen: one where its words are long."""
    return 1 if max(map(len, entries)) > LINE // 2 - 4 else 2


def unit_axis(axes: Axes, which: str = "x", *, percent: bool = False) -> None:
    """An axis from 0 to 1 (or 0% to 100%) with round ticks.

    Parameters
    ----------
    axes : Axes
    which : {"x", "y"}
    percent : bool
        Whether it is marked in per cent.
    """
    ticks = [0, 0.2, 0.4, 0.6, 0.8, 1]
    names = [f"{100 * t:.0f}%" if percent else f"{t:g}" for t in ticks]
    getattr(axes, f"set_{which}lim")(-0.015, 1.015)
    getattr(axes, f"set_{which}ticks")(ticks, names)
