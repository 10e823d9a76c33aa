"""What lies behind the difference between learning from all cases and learning from earlier cases only.

The published rule sets the score of the all-cases design on its own test cases (A) beside that of the earlier-cases
design on its own (C). Between them stands the all-cases design on the test cases of the earlier one (B), each of which
it gives the risk of a model that saw none of the case's family. So C - A is the sum of two parts:

B - A   other test cases: the same way of learning, scored on the families that came last
C - B   what may be learned from: the same test cases, by models that know the past alone

The test cases of the earlier-cases design are of families that came last. A tool in use would also meet the families
that come back, so a fourth score, D, is of that design on all late cases.
"""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from analysis.model import Cases, FittedDesign
from analysis.performance.metrics import Designs
from analysis.performance.ranking import rank
from analysis.performance.resampling import estimate, family_weights, minimum_detectable_difference, with_point
from analysis.protocol.values import Protocol

METRICS = ("average_precision", "auc")
PARTS = {
    "published_rule": ("A", "C"),
    "other_test_cases": ("A", "B"),
    "learned_from": ("B", "C"),
    "in_use": ("C", "D"),
}
"""The name of each part, the score it starts from and the score it leads to."""


def time_parts(designs: Designs, cases: Cases, protocol: Protocol) -> pd.DataFrame:
    """The published difference, its two parts, and the score in use, with intervals: the table "time_parts".

    All four scores of a replicate are of one draw of families, so that the parts add up in each; families of the
    late test cases and the others are drawn apart. Intervals are of the sampling of families, the models given.

    Parameters
    ----------
    designs : dict of str to FittedDesign
        By the design's slug.
    cases : Cases
    protocol : Protocol

    Returns
    -------
    DataFrame
        The table "time_parts", unrounded; its record describes the columns.
    """
    rows = []
    for seen, every, earlier in pairs_in_time(designs):
        scores = _scores(every, earlier, cases, protocol)
        labels = {"predictors": seen, "first": every.slug, "second": earlier.slug}
        rows += [
            labels
            | {"part": part, "metric": metric}
            | difference_cells(scores[start][metric], scores[end][metric], protocol)
            for part, (start, end) in PARTS.items()
            for metric in METRICS
        ]
    return pd.DataFrame(rows, columns=COLUMNS)


def late_cases(designs: Designs, cases: Cases) -> pd.DataFrame:
    """Late cases of families that came before, which no design is tested on: the table "late_cases".

    Parameters
    ----------
    designs : dict of str to FittedDesign
        By the design's slug.
    cases : Cases

    Returns
    -------
    DataFrame
        The table "late_cases", unrounded; its record describes the columns.
    """
    returning = next((earlier.split.returning for _, _, earlier in pairs_in_time(designs)), None)
    rows = [] if returning is None else [("in_use", len(returning), int(cases.outcome[returning].sum()))]
    return pd.DataFrame(rows, columns=["part", "cases", "positives"])


def pairs_in_time(designs: Designs) -> Iterator[tuple[str, FittedDesign, FittedDesign]]:
    """What both saw, the design that learned from all cases and the one that learned from earlier ones."""
    by_parts = {(design.design.predictors, design.design.learned_from): design for design in designs.values()}
    for seen in dict.fromkeys(predictors for predictors, _ in by_parts):
        if {(seen, "all_cases"), (seen, "earlier_cases")} <= by_parts.keys():
            yield seen, by_parts[seen, "all_cases"], by_parts[seen, "earlier_cases"]


COLUMNS = ["part", "predictors", "metric", "first", "second", "before", "after"]
COLUMNS += ["difference", "difference_low", "difference_high", "minimum_detectable_difference"]


def _scores(
    every: FittedDesign, earlier: FittedDesign, cases: Cases, protocol: Protocol
) -> dict[str, Mapping[str, np.ndarray]]:
    """Each metric of each of the four scores: the estimate, then its replicates."""
    own, late, returning = every.split.test, earlier.split.test, earlier.split.returning
    scored = {
        "A": (own, every.test_risk),
        "B": (late, every.out_of_sample_risk[late]),
        "C": (late, earlier.test_risk),
        "D": (np.r_[late, returning], np.r_[earlier.test_risk, earlier.returning_risk]),
    }
    drawn = family_draws(cases, late, np.r_[own, returning], protocol)
    return {name: score_replicates(cases, rows, risk, drawn) for name, (rows, risk) in scored.items()}


def family_draws(
    cases: Cases, late: np.ndarray, others: np.ndarray, protocol: Protocol
) -> tuple[np.ndarray, np.ndarray]:
    """Families in order, and how often each is drawn; the late ones are drawn as in the table "comparisons".

    Parameters
    ----------
    cases : Cases
    late : ndarray
    others : float, above 0
        Cases without it.
    protocol : Protocol

    Returns
    -------
    tuple of two ndarrays
    """
    seed, first = protocol.seeds.analysis, np.unique(cases.family[late])
    second = np.setdiff1d(cases.family[others], first)
    drawn = [
        with_point(family_weights(len(families), protocol.uncertainty, seed + stratum))
        for stratum, families in enumerate((first, second))
        if len(families)
    ]
    families = np.r_[first, second]
    order = np.argsort(families)
    return families[order], np.vstack(drawn)[order]


def score_replicates(
    cases: Cases, rows: np.ndarray, risk: np.ndarray, drawn: tuple[np.ndarray, np.ndarray]
) -> dict[str, np.ndarray]:
    """Each metric of these cases under each draw of families, as `family_draws` makes them; the estimate first.

    Parameters
    ----------
    cases : Cases
    rows : ndarray of int
        Row numbers in `cases`.
    risk : ndarray of float from 0 to 1, shape (cases,)
    drawn : tuple of two ndarrays

    Returns
    -------
    dict of str to ndarray
    """
    families, weights = drawn
    member = np.searchsorted(families, cases.family[rows])
    counts = rank(cases.outcome[rows], risk, member, len(families)).count(weights)
    return {"average_precision": counts.average_precision(), "auc": counts.auc()}


def difference_cells(before: np.ndarray, after: np.ndarray, protocol: Protocol) -> dict[str, float]:
    """A difference of two scores with its interval and the smallest one it could have shown.

    Parameters
    ----------
    before, after : ndarray
        Replicates of the same draws, the estimates first.
    protocol : Protocol

    Returns
    -------
    dict of str to float
    """
    difference = after - before
    return {
        "before": float(before[0]),
        "after": float(after[0]),
        **estimate("difference", difference, protocol.uncertainty.level),
        "minimum_detectable_difference": minimum_detectable_difference(difference, protocol.comparison.alpha),
    }
