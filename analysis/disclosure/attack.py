"""The attack: which suppressed counts a reader could recover from the numbers that are printed.

The attacker knows the rules, reads every table of a page at once (and every earlier release of it)
and solves for the counts that are not printed. A count that comes out as one of 1 to the threshold, to within one
case, has been recovered.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.disclosure.earlier import Before, changes
from analysis.disclosure.equations import LARGEST_COUNT, Equation, System, drop_infeasible, propagate_bounds, total
from analysis.disclosure.exact_bounds import solve_exact_bounds
from analysis.disclosure.ranking import limits_left, ranked_rows
from analysis.disclosure.relations import Counts, Relations, count_constraints, of_rows, tied
from analysis.disclosure.specification import TableSpecification
from analysis.protocol.values import Preset

NARROW = 2  # values a count must be able to lie apart to be safe: at least three are possible


@dataclass(frozen=True)
class Finding:
    """A small count that can be worked out, and from what. Its value is not part of it.

    Attributes
    ----------
    quantity : str
    equations : tuple of str
        The equations it stands in, in words.
    involved : frozenset of str
        Every count in these equations.
    labels : tuple of (column, label)
        Of the row from whose printed measures it follows; empty if counts alone do.
    """

    quantity: str
    equations: tuple[str, ...]
    involved: frozenset[str] = frozenset()
    labels: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return f"{self.quantity} can be worked out from: {'; '.join(self.equations) or 'the cell itself'}"


def attack(
    frames: Mapping[str, pd.DataFrame],
    specifications: Mapping[str, TableSpecification],
    preset: Preset,
    *,
    earlier: Before | None = None,
    other_outcomes: Mapping[str, Mapping[str, pd.DataFrame]] | None = None,
    relations: Relations | None = None,
) -> tuple[Finding, ...]:
    """Small counts that can be recovered from tables as they would be published.

    Parameters
    ----------
    frames : dict of table name -> frame
        As published: a withheld cell is missing.
    specifications : dict of table name -> TableSpecification
    preset : Preset
        Threshold, rounding and whether complementary suppression applies.
    earlier : what was printed of the page in any earlier release, optional
        From `analysis.disclosure.earlier`.
    other_outcomes : dict of outcome -> the same of the authority's pages on other outcomes, optional
    relations : Relations, optional
        Those of the tables, where they are known already.

    Returns
    -------
    tuple of Finding
        Empty if the attack fails.
    """

    relations = relations or Relations(frames, specifications)

    def attack_once(ties: int) -> tuple[Finding, ...]:
        counts = relations.counts(ties)
        limits = possible_counts(
            frames, specifications, preset, earlier=earlier, other_outcomes=other_outcomes, counts=counts
        )
        by_counts = findings(*limits, preset)
        if by_counts:
            return by_counts
        return tuple(inferred_from_measures(frames, specifications, counts, limits, preset))

    return in_either_order([(frames, specifications)], attack_once)


Specifications = Mapping[str, TableSpecification]


def orders_of_ties(pages: Iterable[tuple[Mapping[str, pd.DataFrame], Specifications]]) -> tuple[int, ...]:
    """How thresholds that are printed alike may lie: an attacker tries either way, as one may prove impossible."""
    return (1, -1) if any(tied(*page) for page in pages) else (1,)


def in_either_order(
    pages: Iterable[tuple[Mapping[str, pd.DataFrame], Specifications]],
    attack_once: Callable[[int], tuple[Finding, ...]],
) -> tuple[Finding, ...]:
    """What is found in any of `orders_of_ties`, each count once.

    Parameters
    ----------
    pages : iterable of (tables by name, their specifications)
    attack_once : callable of ties -> tuple of Finding

    Returns
    -------
    tuple of Finding
    """
    found = (finding for ties in orders_of_ties(pages) for finding in attack_once(ties))
    return tuple({finding.quantity: finding for finding in found}.values())


def findings(system: System, low: np.ndarray, high: np.ndarray, preset: Preset) -> tuple[Finding, ...]:
    """One finding for each count that is exposed.

    Parameters
    ----------
    system : System
        Counts and the equations between them.
    low : ndarray, one element per ``system.names``
        Lowest value that each count can take.
    high : ndarray, one element per ``system.names``
        Highest value that each count can take.
    preset : Preset
        Threshold, rounding and whether complementary suppression applies.

    Returns
    -------
    tuple of Finding
    """
    found = []
    for place in exposed(low, high, preset.threshold):
        rows = np.unique(system.row[system.column == place])
        words = dict.fromkeys(system.equations[row].words for row in rows)
        involved = frozenset(name for row in rows for name in system.equations[row].terms)
        found.append(Finding(system.names[place], tuple(words), involved | {system.names[place]}))
    return tuple(found)


def inferred_from_measures(
    frames: Mapping[str, pd.DataFrame],
    specifications: Mapping[str, TableSpecification],
    counts: Counts,
    limits: tuple[System, np.ndarray, np.ndarray],
    preset: Preset,
) -> Iterator[Finding]:
    """Small counts that a printed AUC or average precision tells, beside the printed counts.

    Parameters
    ----------
    frames : dict of table name -> DataFrame
    specifications : dict of table name -> TableSpecification
    counts : Counts
        Counts of the tables, with the equations between them.
    limits : tuple of System, lowest and highest values
    preset : Preset
        Threshold, rounding and whether complementary suppression applies.

    Returns
    -------
    iterator of Finding
    """
    system, low, high = limits
    for ranked in ranked_rows(frames, specifications, counts, lambda value: bounds_of(value, preset)):
        left = limits_left(ranked, system.position, low, high)
        if all((mine == before).all() for mine, before in zip(left, (low, high), strict=True)):
            continue  # it tells nothing
        for place in exposed(*propagate_bounds(system, *left), preset.threshold):
            words = (f"printed {' and '.join(ranked.printed)} of {', '.join(ranked.labels.values())}",)
            yield Finding(system.names[place], words, frozenset({system.names[place]}), tuple(ranked.labels.items()))


def possible_counts(
    frames: Mapping[str, pd.DataFrame],
    specifications: Mapping[str, TableSpecification],
    preset: Preset,
    *,
    earlier: Before | None = None,
    other_outcomes: Mapping[str, Mapping[str, pd.DataFrame]] | None = None,
    decimals: int = 3,
    counts: Counts | None = None,
) -> tuple[System, np.ndarray, np.ndarray]:
    """The equations of some tables, and the lowest and highest value of each count that agrees with all of them.

    Parameters
    ----------
    frames : dict of table name -> DataFrame
    specifications : dict of table name -> TableSpecification
    preset : Preset
        Threshold, rounding and whether complementary suppression applies.
    earlier : what was printed before, optional
        Intervals of each count in any earlier release.
    other_outcomes : dict of outcome -> tables of the authority's page on it, optional
    decimals : int, 0 or more, optional
    counts : Counts, optional
        Those of the tables, where they are known already.

    Returns
    -------
    tuple of System and two ndarrays
        The equations, and the lowest and highest value of each count.
    """
    counts = counts or count_constraints(frames, specifications)
    known = known_of_print(counts, preset)
    equations = [*counts.equations, *printed_rates(frames, specifications, counts, preset, decimals)]
    for name in (name for name in frames if specifications[name].net_benefit):
        equations += printed_net_benefit(name, frames[name], counts, preset)
    if earlier:
        equations = [*equations, *changes(earlier, counts.values)]
    if other_outcomes:
        others = {outcome: count_constraints(page, specifications) for outcome, page in other_outcomes.items()}
        added, known_of_others = other_outcome_pages(others, counts, read_off(counts, preset), preset)
        equations, known = [*equations, *added], known_of_others | known
    system = drop_infeasible(equations, known)
    return system, *solve(system, known, preset.threshold)


def solve(system: System, known: Mapping[str, tuple[int, int]], threshold: int) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest possible value of each count, exact for those that may have been recovered.

    Parameters
    ----------
    system : System
        Counts and the equations between them.
    known : dict of quantity -> (lowest, highest)
    threshold : int
        Counts of 1 to the threshold are small.

    Returns
    -------
    tuple of two ndarrays
    """
    low, high = propagate_bounds(system, *system.bounds(known))
    open_ = np.flatnonzero((low <= threshold) & (high >= 1) & (high > low))
    return solve_exact_bounds(system, low, high, open_, NARROW)


def exposed(low: np.ndarray, high: np.ndarray, threshold: int) -> np.ndarray:
    """Places of counts known to be at least 1, at most a little over the threshold, and to within one case.

    Parameters
    ----------
    low : ndarray, one element per ``system.names``
        Lowest value that each count can take.
    high : ndarray, one element per ``system.names``
        Highest value that each count can take.
    threshold : int
        Counts of 1 to the threshold are small.

    Returns
    -------
    ndarray
    """
    return np.flatnonzero((low >= 1) & (low <= threshold) & (high - low < NARROW))


def known_bounds(counts: Counts, preset: Preset, values: Mapping[str, int | None]) -> dict[str, tuple[int, int]]:
    """What a reader knows of each count that has a cell: its rounding interval, or that it is not 0.

    Parameters
    ----------
    counts : Counts
        Counts of the tables, with the equations between them.
    preset : Preset
        Threshold, rounding and whether complementary suppression applies.
    values : dict of quantity -> int or None
        As printed.

    Returns
    -------
    dict of quantity -> (lowest, highest)
    """
    known = {name: bounds_of(value, preset) for name, value in values.items()}
    if preset.rounding > 1:
        for whole, parts in counts.totals.items():
            if all(values.get(part) is not None for part in parts):
                known.pop(whole, None)  # the sum of its rounded parts tells no more than they do
    return known


def known_of_print(counts: Counts, preset: Preset) -> dict[str, tuple[int, int]]:
    """`known_bounds` of printed tables: where a row is withheld whole, its counts may also be 0.

    Parameters
    ----------
    counts : Counts
        Counts of the tables, with the equations between them.
    preset : Preset
        Threshold, rounding and whether complementary suppression applies.

    Returns
    -------
    dict of quantity -> (lowest, highest)
    """
    fully_suppressed_rows = of_rows(
        counts, lambda row: all(counts.values[quantity] is None for quantity in row.values())
    )
    return known_bounds(counts, preset, counts.values) | dict.fromkeys(fully_suppressed_rows, (0, LARGEST_COUNT))


def read_off(counts: Counts, preset: Preset) -> dict[str, int | None]:
    """The values of a printed page's counts, those among them that are withheld but follow from the others.

    Parameters
    ----------
    counts : Counts
        Counts of the tables, with the equations between them.
    preset : Preset
        Threshold, rounding and whether complementary suppression applies.

    Returns
    -------
    dict of quantity -> int or None
    """
    known = known_of_print(counts, preset)
    system = drop_infeasible(counts.equations, known)
    low, high = propagate_bounds(system, *system.bounds(known))
    certain = {name: int(a) for name, a, b in zip(system.names, low, high, strict=True) if a == b}
    return {name: certain.get(name) if value is None else value for name, value in counts.values.items()}


def bounds_of(printed: int | None, preset: Preset) -> tuple[int, int]:
    """Lowest and highest count that would be printed so; a withheld cell (None) holds at least 1.

    Parameters
    ----------
    printed : int or None
    preset : Preset
        Threshold, rounding and whether complementary suppression applies.

    Returns
    -------
    tuple of int
        Lowest and highest.
    """
    if printed is None:
        return 1, LARGEST_COUNT
    if printed == 0 or preset.rounding == 1:
        return printed, printed
    half = preset.rounding // 2
    return max(printed - half, preset.threshold + 1), printed + half


def printed_rates(
    frames: Mapping[str, pd.DataFrame],
    specifications: Mapping[str, TableSpecification],
    counts: Counts,
    preset: Preset,
    decimals: int = 3,
) -> Iterable[Equation]:
    """A printed rate r of `part` in `whole`: (r - h) whole <= part <= (r + h) whole, h half a unit of its last place.

    Where counts are rounded, a rate is that of the rounded ones, and each may be off by half the rounding base; one
    that is printed as the sum of its two rounded parts, by twice that.

    Parameters
    ----------
    frames : dict of table name -> DataFrame
    specifications : dict of table name -> TableSpecification
    counts : Counts
        Counts of the tables, with the equations between them.
    preset : Preset
        Threshold, rounding and whether complementary suppression applies.
    decimals : int, 0 or more, optional

    Returns
    -------
    iterable of Equation
    """
    half = 0.5 * 10.0**-decimals

    def off(quantity: str) -> int:
        summed = quantity in counts.totals and None not in map(counts.values.get, counts.totals[quantity])
        return preset.rounding // 2 * (2 if summed else 1)

    for name, frame in frames.items():
        for rate in specifications[name].named("rate"):
            values = pd.to_numeric(frame[rate.name]).to_numpy(float, na_value=np.nan)
            for row in np.flatnonzero(np.isfinite(values)):
                part, whole = (counts.rows[name, int(row)].name(column) for column in rate.of)
                words = f"printed {rate.name} of {whole}"
                least, most = values[row] - half, values[row] + half
                if part != whole:
                    yield Equation({part: 1, whole: -most}, words, -np.inf, off(part) + most * off(whole))
                    yield Equation({part: 1, whole: -least}, words, -off(part) - least * off(whole), np.inf)


def printed_net_benefit(table: str, curve: pd.DataFrame, counts: Counts, preset: Preset) -> Iterable[Equation]:
    """Net benefit at odds w is (true positives - w false positives) / cases, known to half a unit of its last place.

    That of flagging everyone is of the printed counts, and tells nothing where these are rounded.

    Parameters
    ----------
    table : str
        Name of the table whose thresholds these are.
    curve : DataFrame
        The table "decision_curve".
    counts : Counts
        Counts of the tables, with the equations between them.
    preset : Preset
        Threshold, rounding and whether complementary suppression applies.

    Returns
    -------
    iterable of Equation
    """
    for place, row in enumerate(curve.to_dict("records")):
        odds, name = row["threshold"] / (1 - row["threshold"]), counts.rows[table, place].name
        ours = {name("true_positives"): 1.0, name("false_positives"): -odds}
        everyone = {name("positives"): 1.0 + odds, name("cases"): -odds}
        exact = (("net_benefit", ours), ("net_benefit_all", everyone))
        for column, terms in exact if preset.rounding == 1 else exact[:1]:
            if not pd.isna(row[column]):
                yield from _printed_share(terms, name("cases"), row[column], f"printed {column} at {row['threshold']}")


def _printed_share(terms: dict[str, float], whole: str, share: float, words: str) -> Iterable[Equation]:
    """(share - h) whole <= sum of terms <= (share + h) whole, h half a unit of the share's last printed place."""
    half = 0.5 * 10.0 ** -_decimals(share)
    for sign, low, high in ((1, -np.inf, 0.0), (-1, 0.0, np.inf)):
        edge = terms | {whole: terms.get(whole, 0.0) - (share + sign * half)}
        yield Equation(edge, words, low, high)


def _decimals(share: float) -> int:
    """Decimals of a printed number; at least two, because a last zero is not seen."""
    return max(2, len(f"{share:.10f}".rstrip("0").partition(".")[2]))


def other_outcome_pages(
    other_outcomes: Mapping[str, Counts], counts: Counts, now: Mapping[str, int | None], preset: Preset
) -> tuple[list[Equation], dict[str, tuple[int, int]]]:
    """Differencing of outcomes: an equation per count that does not depend on the outcome and is printed on two pages.

    Two outcomes of one authority may be asked of nearly the same children (all assessed, say, but not those already
    in care): the difference of their numbers of cases is then a count of children, too.

    Parameters
    ----------
    other_outcomes : dict of outcome -> Counts of the authority's page on it
    counts : Counts of the page
    now : dict of quantity -> int or None
        What is, or will be, known of them.
    preset : Preset
        Threshold, rounding and whether complementary suppression applies.

    Returns
    -------
    tuple of list of Equation and dict of quantity -> (lowest, highest)
    """
    equations: list[Equation] = []
    known: dict[str, tuple[int, int]] = {}
    for outcome, page in other_outcomes.items():
        read = read_off(page, preset)
        for name in sorted(page.shared & counts.shared):
            ours, theirs = now.get(name), read.get(name)
            if ours is None or theirs is None:
                continue
            other = f"{name} ({outcome})"
            more, fewer = (name, other) if ours >= theirs else (other, name)
            gap = f"difference of {more} and {fewer}"
            equations.append(total(more, [fewer, gap], gap))
            known[other] = bounds_of(theirs, preset)
    return equations, known
