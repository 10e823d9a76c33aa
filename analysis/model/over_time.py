"""Models fitted as time goes on, and on parts of the cases, to see how a score changes and why.

Both take the candidate chosen for structured data and earlier cases, with its settings, so that what differs between
two scores is the cases learned from. No model is tested on a family that it learned from.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from analysis.model.candidates import Candidate
from analysis.model.cases import Cases, Predictors
from analysis.model.designs import FittedDesign
from analysis.model.risks import fitted_risks
from analysis.model.splits import family_outcomes, window_end
from analysis.protocol.values import Protocol

SLUG = "structured-earlier_cases"
FOLDS = 3  # of the late families, each given risks by models that saw none of its families (ours)
REPEATS = 2  # random draws of fewer cases, in the comparison over time (ours)
HALF_YEAR = 6  # months


@dataclass(frozen=True)
class OverTime:
    """Risks of models that learned from other parts of the cases than the designs did.

    Attributes
    ----------
    half_year : ndarray of int, shape (cases,)
        Half-years since 1970 of each case's index date.
    rolling_risk : ndarray, shape (cases,)
        By a model of cases whose ending was known when the half-year began; NaN where they were too few.
    late_risks : dict of str to tuple of ndarray, shape (late test cases,)
        Of the earlier-cases design's test cases, by models that learned from "all_other" cases, from a random part of
        them "as_many" as came before the first test date (one array for each draw), and from those that "came_before"
        themselves, with their endings as they turned out. The first two are places within a fold, not risks.
    """

    half_year: np.ndarray
    rolling_risk: np.ndarray
    late_risks: Mapping[str, tuple[np.ndarray, ...]]


def fit_over_time(
    designs: Mapping[str, FittedDesign],
    cases: Cases,
    predictors: Predictors,
    protocol: Protocol,
    *,
    window_months: float,
) -> OverTime | None:
    """Fit the chosen structured model half-year by half-year, and on parts of the cases; None without such a model.

    Parameters
    ----------
    designs : mapping of str to FittedDesign
    cases : Cases
    predictors : Predictors
    protocol : Protocol
    window_months : float
        Length of the outcome window, which is the embargo.

    Returns
    -------
    OverTime or None
    """
    if SLUG not in designs:
        return None
    design, x = designs[SLUG], predictors.structured
    candidate = design.search.chosen.candidate
    half_year = cases.index_date.astype("datetime64[M]").astype(int) // HALF_YEAR
    rolling = np.full(len(cases), np.nan)
    fewest = protocol.splits.folds * protocol.splits.smallest_positive_families
    for rows, learned in _half_years(cases, half_year, window_months):
        if _positive_families(cases, learned) >= fewest:
            rolling[rows] = _risk(candidate, cases, x, learned, rows)
    return OverTime(half_year, rolling, _late_risks(design, cases, x, protocol.seeds.analysis))


def _half_years(cases: Cases, half_year: np.ndarray, window_months: float) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Each half-year's cases, and those of other families whose ending was known when it began."""
    known = window_end(cases.index_date, window_months)
    for number in np.unique(half_year):
        rows = np.flatnonzero(half_year == number)
        begins = np.datetime64(int(number) * HALF_YEAR, "M").astype("datetime64[D]")
        yield rows, np.flatnonzero((known < begins) & ~np.isin(cases.family, cases.family[rows]))


def _late_risks(design: FittedDesign, cases: Cases, x: np.ndarray, seed: int) -> dict[str, tuple[np.ndarray, ...]]:
    late, candidate = design.split.test, design.search.chosen.candidate
    first_test_date = cases.index_date[late].min()
    before = np.flatnonzero((cases.index_date < first_test_date) & ~np.isin(cases.family, cases.family[late]))
    random = np.random.default_rng([seed, len(late)])
    families, positive = family_outcomes(cases, late)
    fold = np.empty(len(families), dtype=int)
    for kind in (positive, ~positive):
        fold[kind] = random.permutation(kind.sum()) % FOLDS
    member = fold[np.searchsorted(families, cases.family[late])]
    every = np.full((1 + REPEATS, len(late)), np.nan)
    for number in range(FOLDS):
        held = member == number
        others = np.flatnonzero(~np.isin(cases.family, families[fold == number]))
        drawn = [others, *(_as_many(cases, others, len(before), random) for _ in range(REPEATS))]
        every[:, held] = [_places(_risk(candidate, cases, x, learned, late[held])) for learned in drawn]
    return {
        "all_other": (every[0],),
        "as_many": tuple(every[1:]),
        "came_before": (_risk(candidate, cases, x, before, late),),
    }


def _places(risk: np.ndarray) -> np.ndarray:
    """Risks as shares of the fold at or below them: models of different folds, pooled, differ in level and spread."""
    return np.full(len(risk), np.nan) if np.isnan(risk).any() else rankdata(risk) / len(risk)


def _as_many(cases: Cases, rows: np.ndarray, count: int, random: np.random.Generator) -> np.ndarray:
    """About `count` of the rows, of whole families; with and without an outcome in the proportion of all."""
    families, positive = family_outcomes(cases, rows)
    place = np.empty(len(families))
    for kind in (positive, ~positive):
        place[kind] = random.permutation(kind.sum()) / max(kind.sum(), 1)
    member = np.searchsorted(families, cases.family[rows])
    order = np.argsort(place[member], kind="stable")
    return np.sort(rows[order[:count]])


def _risk(candidate: Candidate, cases: Cases, x: np.ndarray, learned: np.ndarray, rows: np.ndarray) -> np.ndarray:
    if not 0 < cases.outcome[learned].sum() < len(learned):
        return np.full(len(rows), np.nan)
    return fitted_risks([candidate], x[learned], cases.outcome[learned], [x[rows]])[0][0][0]


def _positive_families(cases: Cases, rows: Sequence[int]) -> int:
    return len(np.unique(cases.family[rows][cases.outcome[rows]]))
