"""Thresholds that a service could state: by what it can look into, and by what a missed child is worth to it."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.model import Cases
from analysis.performance.metrics import Designs, confusion, estimate_share
from analysis.performance.resampling import TestCases, family_weights, with_point
from analysis.protocol.values import Protocol, ThresholdsByUse

TRADE_OFF = "trade_off"


def thresholds_by_use(designs: Designs, cases: Cases, protocol: Protocol) -> pd.DataFrame:
    """What each design gets right and wrong at thresholds other than the registered one: table "thresholds_by_use".

    By capacity the cases at highest risk are flagged, so the threshold is a quantile of the test cases' risks; it needs
    no outcome. By trade-off it is the risk at which the expected harm of a false alarm equals that of a missed child.
    Intervals are of the sampling of families, the threshold given.

    Parameters
    ----------
    designs : dict of str to FittedDesign
        By the design's slug.
    cases : Cases
    protocol : Protocol

    Returns
    -------
    DataFrame
        The table "thresholds_by_use", unrounded; its record describes the columns.

    References
    ----------
    Pauker, S. G., & Kassirer, J. P. (1980). The threshold approach to clinical decision making. New England Journal of
    Medicine, 302, 1109-1117.
    """
    rows = []
    for slug, design in designs.items():
        test = TestCases.of(design, cases)
        weights = with_point(family_weights(test.families, protocol.uncertainty, protocol.seeds.analysis))
        for use, threshold in use_thresholds(test.risk, protocol.thresholds_by_use):
            rows.append(
                {"design": slug, "use": use, "threshold": threshold, **_row(test, threshold, weights, protocol)}
            )
    return pd.DataFrame(rows)


def use_thresholds(risk: np.ndarray, rules: ThresholdsByUse) -> Iterator[tuple[str, float]]:
    """Each use with its threshold, cut to four decimals so that it is no one's risk; tied cases are never parted.

    Parameters
    ----------
    risk : ndarray of float from 0 to 1, shape (cases,)
    rules : ThresholdsByUse

    Returns
    -------
    iterator of tuple[str, float]

    >>> rules = ThresholdsByUse(capacities=(0.25,), false_alarms_per_missed_child=9, source="an example")
    >>> list(use_thresholds(np.array([0.1, 0.2, 0.3, 0.4]), rules))
    [('highest_25_percent', 0.325), ('trade_off', 0.1)]
    """
    for share in rules.capacities:
        yield f"highest_{100 * share:g}_percent", float(np.floor(np.quantile(risk, 1 - share) * 1e4) / 1e4)
    yield TRADE_OFF, 1 / (1 + rules.false_alarms_per_missed_child)


def _row(test: TestCases, threshold: float, weights: np.ndarray, protocol: Protocol) -> dict:
    flag, level = test.risk >= threshold, protocol.uncertainty.level
    true, flagged, positive = test.sums(flag & test.outcome, flag, test.outcome) @ weights
    return {
        "cases": len(test.rows),
        "positives": int(test.outcome.sum()),
        **confusion(test.outcome, flag),
        **estimate_share("precision", true, flagged, level=level),
        **estimate_share("recall", true, positive, level=level),
    }
