"""Primary suppression of small counts, and complementary suppression of the counts they could be worked out from."""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass

import numpy as np

from analysis.disclosure.attack import NARROW, exposed, known_bounds, other_outcome_pages, solve
from analysis.disclosure.earlier import Before, changes
from analysis.disclosure.equations import LARGEST_COUNT, Limits, System, drop_infeasible, propagate_bounds
from analysis.disclosure.populations import WHOLE_GROUPS
from analysis.disclosure.relations import Counts, of_rows
from analysis.protocol.values import Preset

_ROUNDS = 5000  # of withholding more, at most: far more than a page has counts (ours)
_AT_ONCE = 4  # complementary suppressions per integer program, which is slow


@dataclass(frozen=True)
class Protection:
    """Counts to withhold, and those that could be worked out all the same."""

    withheld: frozenset[str]
    unsafe: frozenset[str]


def protect(
    counts: Counts,
    preset: Preset,
    costs: Mapping[str, float],
    *,
    earlier: Before | None = None,
    other_outcomes: Mapping[str, Counts] | None = None,
) -> Protection:
    """Primary suppression of counts of 1 to the threshold, then complementary suppression at the least cost.

    Of a group of 1 to the threshold cases nothing is printed, not even that none of them had the outcome.

    Parameters
    ----------
    counts : Counts
        With true values.
    preset : Preset
        Threshold, rounding and whether complementary suppression applies.
    costs : dict of quantity -> cost
        What withholding it takes from the page, e.g. the cells that would be blank.
    earlier : what was printed of the page in any earlier release
    other_outcomes : dict of outcome -> Counts of the authority's page on it, as it is published

    Returns
    -------
    Protection
    """
    small = {name for name, value in counts.values.items() if value and value <= preset.threshold}
    fully_suppressed_rows = of_rows(counts, lambda row: any(row.get(name) in small for name in WHOLE_GROUPS))
    small |= fully_suppressed_rows
    if not preset.complementary:
        return Protection(frozenset(small), frozenset())
    page = _Page(counts, preset, (small, fully_suppressed_rows), earlier, other_outcomes or {})
    others: list[str] = []
    unsafe: set[str] = set()
    tidied = False
    for _ in range(_ROUNDS):
        limits, inferable = page.inferable(small.union(others), unsafe)
        if not inferable and not tidied:
            others, tidied = _put_back(page, small, others, unsafe, costs), True
        if not inferable:
            limits, inferable = page.inferable(small.union(others), unsafe, exactly=True)
        if not inferable:
            break
        for _ in range(_AT_ONCE if tidied else 1):
            withheld = small.union(others)
            hideable = {name: costs.get(name, 1.0) for name in page.printed if name not in withheld}
            place, choice = _cheapest_complementary(page.system, inferable, limits, hideable)
            if choice is None:
                unsafe.add(page.system.names[place])
            else:
                others.append(choice)
            inferable.remove(place)
            if not inferable:
                break
    shown = page.implied(small.union(others)) - small
    return Protection(frozenset(small.union(others) - shown), frozenset(unsafe))


class _Page:
    """A page's linear constraints, and what a reader could infer from it if some counts were withheld."""

    def __init__(
        self,
        counts: Counts,
        preset: Preset,
        withheld: tuple[Set[str], Set[str]],
        earlier: Before | None,
        other_outcomes: Mapping[str, Counts],
    ):
        self.counts, self.preset = counts, preset
        small, self.fully_suppressed_rows = withheld
        self.values = {name: None if v is None else _rounded(v, preset) for name, v in counts.values.items()}
        self.printed = [name for name, value in self.values.items() if value]
        added, self.before = other_outcome_pages(other_outcomes, counts, self.values, preset)
        equations = [*counts.equations, *added]
        if earlier:
            equations = [*equations, *changes(earlier, self.values)]
        self.system = drop_infeasible(equations, self.known(small))

    def known(self, withheld: Set[str]) -> dict[str, tuple[int, int]]:
        left = {name: None if name in withheld else value for name, value in self.values.items()}
        maybe_none = dict.fromkeys(self.fully_suppressed_rows, (0, LARGEST_COUNT))
        return self.before | known_bounds(self.counts, self.preset, left) | maybe_none

    def inferable(self, withheld: Set[str], given_up: Set[str], *, exactly: bool = False) -> tuple[Limits, list[int]]:
        """Bounds of every count, and the positions of the small counts that a reader could infer from them."""
        known = self.known(withheld)
        limits = solve(self.system, known, self.preset.threshold) if exactly else self.narrowed(known)
        inferable = [p for p in exposed(*limits, self.preset.threshold) if self.system.names[p] not in given_up]
        return limits, inferable

    def implied(self, withheld: Set[str]) -> set[str]:
        """Withheld counts that follow from the printed ones: to withhold them is to withhold results for nothing."""
        low, high = self.narrowed(self.known(withheld))
        names = self.system.names
        return {names[place] for place in np.flatnonzero(low == high) if names[place] in withheld}

    def narrowed(self, known: Mapping[str, tuple[int, int]]) -> Limits:
        return propagate_bounds(self.system, *self.system.bounds(known))


def _put_back(page: _Page, small: set[str], others: list[str], unsafe: set[str], costs) -> list[str]:
    """The complementary suppressions without those that turned out to protect nothing, the costliest tried first."""
    for name in sorted(others, key=lambda name: -costs.get(name, 1.0)):
        left = [other for other in others if other != name]
        if not page.inferable(small.union(left), unsafe)[1]:
            others = left
    return others


def _rounded(value: int, preset: Preset) -> int:
    return int(round(value / preset.rounding) * preset.rounding)


def _cheapest_complementary(
    system: System, inferable: list[int], limits: Limits, hideable: Mapping[str, float]
) -> tuple[int, str | None]:
    """A small count that can be inferred, and the cheapest printed count whose suppression may prevent it.

    Counts inferred from an equation whose other counts are all printed come first: others may depend on them.
    """
    cost = np.array([hideable.get(name, np.inf) for name in system.names])
    unprinted = np.bincount(system.row, ~np.isfinite(cost)[system.column], len(system.low))
    inferring = _inferring_terms(system, limits)

    def inferring_rows(place: int) -> np.ndarray:
        terms = system.entries[place]
        return system.row[terms[inferring[terms]]]

    def all_rows(place: int) -> np.ndarray:
        return system.row[system.entries[place]]

    place = min(inferable, key=lambda p: min(unprinted[inferring_rows(p)], default=np.inf))
    for rows_of in (inferring_rows, all_rows):
        choice = _cheapest_within_reach(system, place, cost, rows_of)
        if choice is not None:
            return place, system.names[choice]
    return place, system.names[place] if system.names[place] in hideable else None


def _inferring_terms(system: System, limits: Limits) -> np.ndarray:
    """Whether the other counts of a term's equation are known so closely that its count follows from them."""
    low, high = limits
    spread = np.abs(system.coefficient) * (high - low)[system.column]
    others = np.bincount(system.row, spread, len(system.low))[system.row] - spread
    return others < NARROW * np.abs(system.coefficient)


def _cheapest_within_reach(
    system: System, place: int, cost: np.ndarray, rows_of: Callable[[int], np.ndarray], steps: int = 4
) -> int | None:
    """The printed count cheapest to withhold among those a few equations away, each step doubling its cost."""
    seen, front, best = {place}, {place}, (np.inf, -1)
    for step in range(steps):
        rows = {int(row) for p in front for row in rows_of(p)}
        columns = set(system.column[np.isin(system.row, list(rows))].tolist()) - seen
        best = min([best, *((cost[c] * 2.0**step, c) for c in columns if np.isfinite(cost[c]))])
        seen |= columns
        front = {c for c in columns if not np.isfinite(cost[c])}
    return best[1] if np.isfinite(best[0]) else None
