"""Results of more authorities than can have a row or a panel each: a strip of dots for each prediction."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.book.charts.marks import (
    ABOVE,
    CHANCE,
    DESIGNS,
    FOURTH,
    annotate_row,
    colour,
    fill,
    is_narrow,
    marker,
    number_array,
    present_designs,
    problems,
    rows,
    shared_key,
)
from analysis.book.sentences.words import count, is_missing, label, number
from analysis.disclosure import Released

AUTHORITY, EACH_PREDICTION = "authority", "prediction of an authority"
"""What each dot of a strip is of."""
LANE, BETWEEN, NAME = 0.17, 0.3, 0.17  # inches: of a lane, of a row besides, of a name that stands above its row
_SPREAD = 0.32  # of a lane's height, over which dots that would hide each other are moved apart


@dataclass(frozen=True)
class Strip:
    """How a chart of several authorities is drawn where there are too many to name.

    Attributes
    ----------
    value : str or callable
        The column on the axis, or ``value(frame)`` that computes it from each row.
    axis : str
        What the axis is called.
    by : str
        The column with a row for each label; by default the prediction's.
    lanes : str
        The column of which each label has a strip of its own within a row; "" for a single one.
    line : float or str or None
        Where a line stands, or the column that holds it.
    summary : callable, optional
        ``summary(frame)`` says which rows are of all authorities together: these are drawn as bars from the value's low
        end to its high, the last on the page.
    names : callable
        ``names(row)``: what such a row is called.
    of : callable
        ``of(frame)``: the rows that are drawn, where these are others than the table's.
    dots : str
        What each dot is of.
    """

    value: str | Callable[[pd.DataFrame], pd.Series]
    axis: str
    by: str = ""
    lanes: str = ""
    line: float | str | None = None
    summary: Callable[[pd.DataFrame], pd.Series] | None = None
    names: Callable[[Any], str] = str
    of: Callable[[pd.DataFrame], pd.DataFrame] = field(default=lambda frame: frame)
    dots: str = AUTHORITY

    def plot(self, released: Released, axes: Axes) -> None:
        """Each authority as a dot, a stroke at their median; what is of all of them together as a bar below.

        Parameters
        ----------
        released : Released
            Of several authorities.
        axes : Axes
        """
        single, together = self._parted(released.frame)
        groups, lanes = list(dict.fromkeys(single[self._by(single)])), self._lanes(single)
        line = single[self.line].dropna().iloc[0] if isinstance(self.line, str) else self.line
        if line is not None:
            axes.axvline(float(line), color=CHANCE, linewidth=1.2)
        places, height = _places(len(lanes), narrow=is_narrow(axes))
        for y, group in enumerate(groups):
            part = single[single[self._by(single)].eq(group)]
            for lane, place in zip(lanes, places, strict=True):
                drawn = part if not self.lanes else part[part[self.lanes].eq(lane)]
                self._draw(axes, y + place, self._values(drawn), lane, lanes.index(lane), height=0.875 * height)
        for y, row in enumerate(together.itertuples(), start=len(groups)):
            low, high = getattr(row, f"{self.value}_low"), getattr(row, f"{self.value}_high")
            if not (is_missing(low) or is_missing(high)):
                axes.barh(y, high - low, left=low, height=0.5, color=FOURTH)
                annotate_row(axes, y, f"{number(low)} to {number(high)}")
        rows(axes, [*self._names_of(single, groups), *map(self.names, together.itertuples())], words=False)
        axes.set_xlabel(f"{self.axis}\none dot for each {self.dots}, a stroke at their median", fontsize=8.5)
        if len(lanes) > 1:
            shared_key(np.array([axes]), ncols=2)

    def _draw(self, axes: Axes, y: float, values: np.ndarray, lane: str, number_of_lane: int, *, height: float) -> None:
        known = np.sort(values[np.isfinite(values)])
        if not len(known):
            return
        design = lane in DESIGNS
        ink = colour(lane) if design else f"C{number_of_lane % 6}"
        face = fill(lane) if design else ink
        # In a fixed order, so that neighbours lie on different lines and every build gives the same bytes.
        apart = (np.arange(len(known)) * 0.618034 % 1 - 0.5) * 2 * _SPREAD * height
        mark = {"marker": marker(lane) if design else "o", "markersize": 2.6, "markeredgewidth": 0.6, "alpha": 0.55}
        mark |= {"color": ink, "markerfacecolor": face}
        axes.plot(known, y + apart, linestyle="", zorder=2, **mark)
        if lane:  # in the key, where a dot of this size would not be seen
            axes.plot([], [], linestyle="", label=label(lane), **mark | {"markersize": 8, "alpha": 1})
        axes.plot([np.median(known)] * 2, [y - height / 2, y + height / 2], color=ink, linewidth=2, zorder=3)

    def height(self, released: Released) -> float:
        """Height of the drawing in inches."""
        single, together = self._parted(released.frame)
        groups = max(1, single[self._by(single)].nunique())
        return 1.3 + groups * (BETWEEN + LANE * len(self._lanes(single))) + 0.4 * len(together)

    def authorities(self, released: Released) -> int:
        """How many authorities a table is of, those of which no result stands alone left out."""
        single, _ = self._parted(released.frame)
        return single["authority"].nunique() if "authority" in single else 1

    def describe(self, released: Released) -> str:
        """What can be seen."""
        single, together = self._parted(released.frame)
        bars = " Below, as bars, what they say together." if len(together) else ""
        groups = label(self._by(single)).lower()
        whose = f"of {count(self.authorities(released))} authorities"
        each = whose if self.dots == AUTHORITY else f"{self.dots}, {whose}"
        return f"A strip of dots for each {groups}, one for each {each}.{bars}"

    def _parted(self, frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
        frame = self.of(frame)
        of_all = self.summary(frame) if self.summary else pd.Series(False, index=frame.index)
        return frame[~of_all], frame[of_all]

    def _by(self, frame: pd.DataFrame) -> str:
        return self.by or ("prediction" if "prediction" in frame else "outcome")

    def _names_of(self, single: pd.DataFrame, groups: list[str]) -> list[str]:
        """What each row is called: a prediction with its title, where the table says it."""
        if self.by or "title" not in single:
            return [_name(group) for group in groups]
        first = single.drop_duplicates(self._by(single)).drop(columns="authority", errors="ignore")
        return problems(first, self._by(single))

    def _lanes(self, frame: pd.DataFrame) -> list[str]:
        if not self.lanes:
            return [""]
        return present_designs(frame) if self.lanes == "design" else list(dict.fromkeys(frame[self.lanes]))

    def _values(self, frame: pd.DataFrame) -> np.ndarray:
        return number_array(self.value(frame) if callable(self.value) else frame[self.value])


def _places(lanes: int, *, narrow: bool) -> tuple[np.ndarray, float]:
    """Of the lanes of a row, about its middle or below its name, and the height that each may take."""
    below_name = min(1 - ABOVE - NAME / (BETWEEN + LANE * lanes), 0.46)
    top, bottom = (-ABOVE, below_name) if narrow else (-0.4, 0.4)
    height = (bottom - top) / lanes
    return top + height * (np.arange(lanes) + 0.5), height


def _name(text: object) -> str:
    return label(str(text))
