"""Which counts to withhold: the small ones, and as few others as keep them from being worked out."""

from collections.abc import Mapping, Set
from dataclasses import dataclass

import numpy as np

from analysis.disclosure.attack import NARROW, earlier_release, exposed, known_bounds, solve
from analysis.disclosure.equations import Limits, System, consistent, narrow
from analysis.disclosure.relations import Counts
from analysis.protocol.values import Preset

_ROUNDS = 5000


@dataclass(frozen=True)
class Protection:
    """Counts to withhold, and those that could be worked out all the same."""

    withheld: frozenset[str]
    unsafe: frozenset[str]


def protect(
    counts: Counts, preset: Preset, costs: Mapping[str, float], *, earlier: Counts | None = None
) -> Protection:
    """Withhold counts of 1 to the threshold, then the cheapest others until the small ones cannot be worked out.

    Parameters
    ----------
    counts : Counts
        With true values.
    costs : dict of quantity -> cost
        What withholding it takes from the page, e.g. the cells that would be blank.
    earlier : Counts of an earlier release, as it was published
    """
    small = {name for name, value in counts.values.items() if value and value <= preset.threshold}
    if not preset.complementary:
        return Protection(frozenset(small), frozenset())
    page = _Page(counts, preset, earlier)
    others: list[str] = []
    unsafe: set[str] = set()
    tidied = False
    for _ in range(_ROUNDS):
        limits, told = page.told(small.union(others), unsafe)
        if not told and not tidied:
            others, tidied = _put_back(page, small, others, unsafe, costs), True
        if not told:
            limits, told = page.told(small.union(others), unsafe, exactly=True)
        if not told:
            break
        hideable = {n: costs.get(n, 1.0) for n in page.printed if n not in small and n not in others}
        place, choice = _cheapest_remedy(page.system, told, limits, hideable)
        if choice is None:
            unsafe.add(page.system.names[place])
        else:
            others.append(choice)
    return Protection(frozenset(small.union(others)), frozenset(unsafe))


class _Page:
    """A page's equations, and what a reader could tell from it if some counts were withheld."""

    def __init__(self, counts: Counts, preset: Preset, earlier: Counts | None):
        self.counts, self.preset = counts, preset
        self.values = {name: None if v is None else _rounded(v, preset) for name, v in counts.values.items()}
        self.printed = [name for name, value in self.values.items() if value]
        equations, self.before = list(counts.equations), {}
        if earlier:
            added, self.before = earlier_release(earlier, self.values, preset)
            equations += added
        self.system = consistent(equations, self.known(frozenset()))

    def known(self, withheld: Set[str]) -> dict[str, tuple[int, int]]:
        left = {name: None if name in withheld else value for name, value in self.values.items()}
        return self.before | known_bounds(self.counts, self.preset, left)

    def told(self, withheld: Set[str], given_up: Set[str], *, exactly: bool = False) -> tuple[Limits, list[int]]:
        """Bounds of every count, and the places of small counts that are told."""
        known = self.known(withheld)
        limits = solve(self.system, known, self.preset.threshold) if exactly else self.narrowed(known)
        told = [p for p in exposed(*limits, self.preset.threshold) if self.system.names[p] not in given_up]
        return limits, told

    def narrowed(self, known: Mapping[str, tuple[int, int]]) -> Limits:
        return narrow(self.system, *self.system.bounds(known))


def _put_back(page: _Page, small: set[str], others: list[str], unsafe: set[str], costs) -> list[str]:
    """The withheld counts without those that turned out to protect nothing, the costliest tried first."""
    for name in sorted(others, key=lambda name: -costs.get(name, 1.0)):
        left = [other for other in others if other != name]
        if not page.told(small.union(left), unsafe)[1]:
            others = left
    return others


def _rounded(value: int, preset: Preset) -> int:
    return int(round(value / preset.rounding) * preset.rounding)


def _cheapest_remedy(
    system: System, told: list[int], limits: Limits, hideable: Mapping[str, float]
) -> tuple[int, str | None]:
    """A count that is told, and the cheapest printed count in the equations that tell it.

    Counts told by an equation whose other counts are printed come first: others may rest on them.
    """
    printed = np.array([name in hideable for name in system.names])
    for place in sorted(told, key=lambda p: _steps_from_print(system, p, limits, printed)):
        columns = {int(c) for row in _telling_rows(system, place, limits) for c in system.column[system.row == row]}
        names = [system.names[c] for c in columns if printed[c] and c != place]
        if names:
            return place, min(names, key=lambda name: (hideable[name], name))
    return told[0], _nearest(system, told[0], hideable)


def _steps_from_print(system: System, place: int, limits: Limits, printed: np.ndarray) -> float:
    """Fewest unprinted counts in an equation that tells the one at `place`."""
    unprinted = np.bincount(system.row, ~printed[system.column], len(system.low))
    rows = _telling_rows(system, place, limits)
    return min(unprinted[rows], default=np.inf)


def _nearest(system: System, place: int, hideable: Mapping[str, float]) -> str | None:
    """The cheapest printed count in the equations of a count, or in theirs, and so on outwards."""
    seen, front = {place}, {place}
    while front:
        rows = np.unique(system.row[np.isin(system.column, list(front))])
        columns = {int(c) for c in system.column[np.isin(system.row, rows)]} - seen
        names = [system.names[c] for c in columns if system.names[c] in hideable]
        if names:
            return min(names, key=lambda name: (hideable[name], name))
        seen, front = seen | columns, columns
    return system.names[place] if system.names[place] in hideable else None


def _telling_rows(system: System, place: int, limits: Limits) -> np.ndarray:
    """Equations whose other counts are known so well that they give this one away."""
    low, high = limits
    spread = np.abs(system.coefficient) * (high - low)[system.column]
    own = system.column == place
    rows = system.row[own]
    by_row = np.bincount(system.row, spread, len(system.low))
    others = by_row[rows] - spread[own]
    return rows[others < NARROW * np.abs(system.coefficient[own])]
