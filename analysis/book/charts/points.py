"""Values with their intervals, each a mark on its row: drawn with seaborn, the same in every chart."""

import matplotlib as mpl
import pandas as pd
import seaborn.objects as so
from matplotlib.axes import Axes

from analysis.book.charts.marks import colour, fill, marker, number_array


def points(
    axes: Axes, frame: pd.DataFrame, value: str, *, size: float = 6, along: str = "x", bar: float = 0.75
) -> None:
    """Values with their intervals, drawn with seaborn; a value that was withheld is not drawn.

    Parameters
    ----------
    axes : Axes
    frame : pandas.DataFrame
        One row for each mark. Its columns: `value`; where there are intervals `value` followed by _low and _high; the
        mark's place on the other axis, `y` (or `x`); how it looks, `colour`, `shape`, and where they differ `face`,
        the colour inside, and `strength`, from 0 to 1. `entry` names it in the key.
    value : str
        The column.
    size : float
        Of the marks, in points.
    along : {"x", "y"}
        The axis of the values.
    bar : float
        Strength of the intervals, from 0 to 1, where each mark has none of its own.
    """
    other = "y" if along == "x" else "x"
    ends = [name for name in (f"{value}_low", f"{value}_high") if name in frame]
    known = frame.assign(**{name: number_array(frame[name]) for name in (value, other, *ends)}).dropna(subset=[value])
    if "face" not in known:
        known = known.assign(face=known["colour"])
    inks = {ink: ink for ink in {**dict.fromkeys(known["colour"]), **dict.fromkeys(known["face"])}}
    shapes = {shape: shape for shape in known["shape"]}
    strength = {"alpha": "strength"} if "strength" in known else {}
    plot = so.Plot(known, **strength).scale(color=inks, edgecolor=inks, marker=shapes, **dict.fromkeys(strength))
    plot = plot.label(x="", y="").theme(dict(mpl.rcParams))
    whole = known.dropna(subset=ends)
    if ends and len(whole):
        limits = {f"{along}min": ends[0], f"{along}max": ends[1], other: other, "color": "colour"}
        interval = so.Range(linewidth=1.6, **({} if strength else {"alpha": bar}))
        plot = plot.add(interval, data=whole, orient=other, legend=False, **limits)
    if len(known):
        look = {"color": "face", "edgecolor": "colour", "marker": "shape"}
        mark = so.Dot(pointsize=size, edgewidth=1.5)
        plot.add(mark, legend=False, **look, **{along: value, other: other}).on(axes).plot()
    for row in known.drop_duplicates("entry").itertuples() if "entry" in known else ():
        face = getattr(row, "face", row.colour)
        axes.plot([], [], row.shape, color=row.colour, markerfacecolor=face, label=row.entry)


def looks_of_designs(frame: pd.DataFrame, design: str = "design") -> pd.DataFrame:
    """A table with the colour, shape and filling of each row's design, for `points`.

    Parameters
    ----------
    frame : pandas.DataFrame
    design : str
        The column that names it.

    Returns
    -------
    pandas.DataFrame
    """
    looks = {"colour": colour, "shape": marker, "face": fill}
    named = frame[design].fillna("").astype(str)  # a row of all designs has none
    return frame.assign(**{name: named.map(look) for name, look in looks.items()})
