"""Performance by subgroup: who the model serves well, who it serves badly, and of whom it cannot be said."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.model import Cases
from analysis.performance.metrics import Designs, confusion, estimate_share
from analysis.performance.ranking import rank
from analysis.performance.resampling import TestCases, estimate, family_weights, with_point
from analysis.protocol.values import Protocol

MISSING = "Missing"
RANKED = ("average_precision", "standardised_average_precision", "auc")
RATES = ("recall", "false_discovery_rate", "false_omission_rate")


@dataclass(frozen=True)
class Subgroup:
    """The test cases of one design that share a characteristic.

    Attributes
    ----------
    characteristic, name : str
    members : ndarray of bool, shape (test cases,)
    """

    characteristic: str
    name: str
    members: np.ndarray


def subgroups(designs: Designs, cases: Cases, characteristics: pd.DataFrame, protocol: Protocol) -> pd.DataFrame:
    """Performance by subgroup on the test cases, with family-bootstrap intervals: the table "subgroups".

    Average precision rises with a subgroup's prevalence, so it is also given at the prevalence of all test cases.
    A subgroup with fewer cases with the outcome (or without it) than the protocol asks is too small to assess: its
    counts stand, its measures are missing.

    Parameters
    ----------
    designs : dict of str to FittedDesign
        By the design's slug.
    cases : Cases
    characteristics : pandas.DataFrame
        One row per case in the order of the cases, one column per characteristic; missing is a subgroup of its own.
    protocol : Protocol

    Returns
    -------
    DataFrame
        The table "subgroups", unrounded; its record describes the columns.
    """
    rows = []
    for slug, design in designs.items():
        test = TestCases.of(design, cases)
        weights = with_point(family_weights(test.families, protocol.uncertainty, protocol.seeds.analysis))
        rows += [
            {"design": slug, **_subgroup_row(group, test, weights, protocol)}
            for group in subgroups_of(test, characteristics, protocol)
        ]
    return pd.DataFrame(rows)


def subgroups_of(test: TestCases, characteristics: pd.DataFrame, protocol: Protocol) -> Iterator[Subgroup]:
    """Every subgroup present among the test cases, in order of characteristic and name.

    Parameters
    ----------
    test : TestCases
    characteristics : DataFrame, one row per case
        A column for each characteristic that makes subgroups.
    protocol : Protocol

    Returns
    -------
    iterator of Subgroup
    """
    for characteristic in protocol.subgroups.characteristics:
        labels = characteristics[characteristic].astype(object)
        labels = labels.where(labels.notna(), MISSING).to_numpy()[test.rows]
        for name in sorted(set(labels)):
            yield Subgroup(characteristic, name, labels == name)


def not_assessable(outcome: np.ndarray, smallest: int) -> str:
    """Why these cases are too few to assess; empty if they are enough.

    Parameters
    ----------
    outcome : ndarray of bool, shape (cases,)
    smallest : int
        Fewest cases with and without the outcome.

    Returns
    -------
    str
    """
    if outcome.sum() < smallest:
        return f"too small to assess: fewer than {smallest} cases with the outcome"
    if (~outcome).sum() < smallest:
        return f"too small to assess: fewer than {smallest} cases without the outcome"
    return ""


def ranked_replicates(
    group: Subgroup, test: TestCases, weights: np.ndarray, prevalence: float
) -> dict[str, np.ndarray]:
    """The measures of `RANKED` for a subgroup under each weighting of the families.

    Parameters
    ----------
    group : Subgroup
    test : TestCases
    weights : ndarray of float, shape (replicates, families)
        How often each family is drawn in each bootstrap replicate.
    prevalence : float from 0 to 1

    Returns
    -------
    dict of str to ndarray
    """
    members = group.members
    counts = rank(test.outcome[members], test.risk[members], test.family[members], len(weights)).count(weights)
    return {
        "average_precision": counts.average_precision(),
        "standardised_average_precision": counts.standardised_average_precision(prevalence),
        "auc": counts.auc(),
    }


def _subgroup_row(group: Subgroup, test: TestCases, weights: np.ndarray, protocol: Protocol) -> dict:
    outcome, flagged = test.outcome[group.members], test.flagged[group.members]
    why_not = not_assessable(outcome, protocol.subgroups.smallest_positives)
    measures = {} if why_not else _measures(group, test, weights, protocol.uncertainty.level)
    counts = confusion(outcome, flagged)
    return {
        "characteristic": group.characteristic,
        "subgroup": group.name,
        "cases": len(outcome),
        "positives": int(outcome.sum()),
        "prevalence": outcome.mean(),
        **counts,
        "not_flagged": len(outcome) - counts["flagged"],
        **{f"{name}{end}": np.nan for name in (*RANKED, *RATES) for end in ("", "_low", "_high")},
        **measures,
        "assessable": why_not or "yes",
    }


def _measures(group: Subgroup, test: TestCases, weights: np.ndarray, level: float) -> dict[str, float]:
    cells: dict[str, float] = {}
    for name, replicates in ranked_replicates(group, test, weights, test.outcome.mean()).items():
        cells |= estimate(name, replicates, level)
    for name, counts in _rate_replicates(group, test, weights).items():
        cells |= estimate_share(name, *counts, level=level)
    return cells


def _rate_replicates(group: Subgroup, test: TestCases, weights: np.ndarray) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Numerator and denominator of each rate."""
    member, outcome, flagged = group.members, test.outcome, test.flagged
    true, positive, called, missed, cases = (
        test.sums(member & outcome & flagged, member & outcome, member & flagged, member & outcome & ~flagged, member)
        @ weights
    )
    return {
        "recall": (true, positive),
        "false_discovery_rate": (called - true, called),
        "false_omission_rate": (missed, cases - called),
    }
