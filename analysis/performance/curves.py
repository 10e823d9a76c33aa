"""Curves and tables over thresholds, on fixed grids so that no point stands for one child."""

import dcurves
import numpy as np
import pandas as pd

from analysis.model import Cases
from analysis.performance.metrics import Designs, confusion
from analysis.performance.resampling import TestCases, family_weights, interval
from analysis.protocol.values import Protocol

SHARES_FLAGGED = (0.01, 0.02, 0.03, 0.05, 0.075, 0.10, 0.15, 0.20, 0.25, 0.30, 0.40, 0.50)
"""Shares of the cases, those at highest risk, at which thresholds are shown (ours)."""


def precision_recall_curve(designs: Designs, cases: Cases, protocol: Protocol) -> pd.DataFrame:
    """Precision at the first threshold that reaches each recall of a fixed grid: the table "precision_recall_curve".

    A grid point is left out unless the protocol's number of cases is flagged between it and the one before.

    Parameters
    ----------
    designs : dict of str to FittedDesign
        By the design's slug.
    cases : Cases
    protocol : Protocol

    Returns
    -------
    DataFrame
        The table "precision_recall_curve", unrounded; its record describes the columns.
    """
    grid = np.linspace(0, 1, protocol.disclosure.curve_points + 1)[1:]
    rows = []
    for slug, design in designs.items():
        flagged, true, false = _path(TestCases.of(design, cases))
        at = np.searchsorted(true / true[-1], grid - 1e-12)
        kept = _far_apart(flagged[at], protocol.disclosure.cases_per_bin)
        precision = true[at] / (true[at] + false[at])
        rows += [{"design": slug, "recall": grid[k], "precision": precision[k]} for k in kept]
    return pd.DataFrame(rows, columns=["design", "recall", "precision"])


def roc_curve(designs: Designs, cases: Cases, protocol: Protocol) -> pd.DataFrame:
    """The highest recall within each false positive rate of a fixed grid: the table "roc_curve".

    Parameters
    ----------
    designs : dict of str to FittedDesign
        By the design's slug.
    cases : Cases
    protocol : Protocol

    Returns
    -------
    DataFrame
        The table "roc_curve", unrounded; its record describes the columns.
    """
    grid = np.linspace(0, 1, protocol.disclosure.curve_points)
    rows = []
    for slug, design in designs.items():
        flagged, true, false = _path(TestCases.of(design, cases))
        at = np.searchsorted(false / false[-1], grid + 1e-12, side="right") - 1
        recall = np.where(at >= 0, true[np.maximum(at, 0)], 0) / true[-1]
        counted = np.where(at >= 0, flagged[np.maximum(at, 0)], 0)
        kept = _far_apart(counted, protocol.disclosure.cases_per_bin)
        rows += [{"design": slug, "false_positive_rate": grid[k], "recall": recall[k]} for k in kept]
    return pd.DataFrame(rows, columns=["design", "false_positive_rate", "recall"])


def thresholds(designs: Designs, cases: Cases) -> pd.DataFrame:
    """What flagging about 1%, 2%, ... 50% of the test cases would do: the table "thresholds".

    A threshold is cut to four decimals and everyone at or above it is flagged, so tied cases are never parted.

    Parameters
    ----------
    designs : dict of str to FittedDesign
        By the design's slug.
    cases : Cases

    Returns
    -------
    DataFrame
        The table "thresholds", unrounded; its record describes the columns.
    """
    rows = []
    for slug, design in designs.items():
        test = TestCases.of(design, cases)
        for threshold in _thresholds(test.risk):
            counts = confusion(test.outcome, test.risk >= threshold)
            counted = {"cases": len(test.rows), "positives": int(test.outcome.sum())}
            rows.append({"design": slug, "threshold": threshold, **counted, **counts})
    return pd.DataFrame(rows)


def calibration(designs: Designs, cases: Cases, protocol: Protocol) -> pd.DataFrame:
    """Mean risk and share with the outcome in tenths of the risks: the table "calibration".

    Fewer groups where a tenth would hold fewer cases than the protocol's bin, or where risks tie.

    Parameters
    ----------
    designs : dict of str to FittedDesign
        By the design's slug.
    cases : Cases
    protocol : Protocol

    Returns
    -------
    DataFrame
        The table "calibration", unrounded; its record describes the columns.
    """
    rows = []
    for slug, design in designs.items():
        test = TestCases.of(design, cases)
        for number, members in enumerate(_groups_by_risk(test.risk, protocol.disclosure.cases_per_bin)):
            outcome = test.outcome[members]
            rows.append(
                {
                    "design": slug,
                    "bin": number + 1,
                    "cases": len(members),
                    "positives": int(outcome.sum()),
                    "mean_risk": test.risk[members].mean(),
                    "observed": outcome.mean(),
                }
            )
    return pd.DataFrame(rows)


def decision_curve(designs: Designs, cases: Cases, protocol: Protocol) -> pd.DataFrame:
    """Net benefit of acting on the model at each threshold, with its interval: the table "decision_curve".

    Net benefit counts a case rightly flagged as 1 and one wrongly flagged as a loss of threshold / (1 - threshold).
    It means what it says only for calibrated risks.

    Parameters
    ----------
    designs : dict of str to FittedDesign
        By the design's slug.
    cases : Cases
    protocol : Protocol

    Returns
    -------
    DataFrame
        The table "decision_curve", unrounded; its record describes the columns.

    References
    ----------
    Vickers, A. J. and Elkin, E. B. (2006). Decision curve analysis. Medical Decision Making, 26, 565-574.
    """
    span = protocol.decision_curve.thresholds
    grid = np.round(np.arange(span.from_, span.to + span.step / 2, span.step), 10)
    tables = []
    for slug, design in designs.items():
        test = TestCases.of(design, cases)
        frame = pd.DataFrame({"outcome": test.outcome.astype(int), "model": test.risk.astype(float)})
        curve = dcurves.dca(data=frame, outcome="outcome", modelnames=["model"], thresholds=grid)
        benefit = {name: curve[curve["model"] == name]["net_benefit"].to_numpy() for name in ("model", "all")}
        low, high = _net_benefit_intervals(test, grid, protocol)
        columns = {"net_benefit": benefit["model"], "net_benefit_low": low, "net_benefit_high": high}
        tables.append(pd.DataFrame({"design": slug, "threshold": grid, **columns, "net_benefit_all": benefit["all"]}))
    return pd.concat(tables, ignore_index=True)


def _path(test: TestCases) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cases flagged, true and false positives at each distinct risk, highest first."""
    order = np.argsort(-test.risk, kind="stable")
    last = np.r_[np.flatnonzero(np.diff(test.risk[order])), len(order) - 1]
    true = np.cumsum(test.outcome[order])[last]
    return last + 1, true, last + 1 - true


def _far_apart(flagged: np.ndarray, cases: int) -> list[int]:
    """Places of the grid at which at least this many more cases are flagged than at the place kept before."""
    kept, before = [], 0
    for place, count in enumerate(flagged):
        if count - before >= cases or (place == 0 and count == 0):
            kept.append(place)
            before = count
    return kept


def _thresholds(risk: np.ndarray) -> np.ndarray:
    cut = np.floor(np.quantile(risk, 1 - np.array(SHARES_FLAGGED)) * 1e4) / 1e4
    return np.unique(cut)[::-1]


def _groups_by_risk(risk: np.ndarray, smallest: int) -> list[np.ndarray]:
    groups = max(1, min(10, len(risk) // smallest))
    edges = np.unique(np.quantile(risk, np.arange(1, groups) / groups))
    group = np.searchsorted(edges, risk, side="right")
    members = [np.flatnonzero(group == number) for number in range(len(edges) + 1)]
    return _joined(members, smallest)


def _joined(members: list[np.ndarray], smallest: int) -> list[np.ndarray]:
    """Neighbouring groups joined until each holds the smallest number of cases allowed."""
    groups: list[np.ndarray] = []
    for rows in members:
        if groups and min(len(groups[-1]), len(rows)) < smallest:
            groups[-1] = np.r_[groups[-1], rows]
        elif len(rows):
            groups.append(rows)
    return groups


def _net_benefit_intervals(test: TestCases, grid: np.ndarray, protocol: Protocol) -> tuple[np.ndarray, np.ndarray]:
    weights = family_weights(test.families, protocol.uncertainty, protocol.seeds.analysis)
    size = test.sums(np.ones(len(test.rows)))[0] @ weights
    intervals = []
    for threshold in grid:
        flagged = test.risk >= threshold
        true, false = test.sums(flagged & test.outcome, flagged & ~test.outcome) @ weights
        intervals.append(interval((true - false * threshold / (1 - threshold)) / size, protocol.uncertainty.level))
    low, high = np.array(intervals).T
    return low, high
