"""Performance: from risks and outcomes to the tables of a page, each with its uncertainty."""

from analysis.performance.comparisons import comparisons
from analysis.performance.curves import calibration, decision_curve, precision_recall_curve, roc_curve, thresholds
from analysis.performance.metrics import operating_point, performance, sample
from analysis.performance.searches import optimism, search

__all__ = [
    "calibration",
    "comparisons",
    "decision_curve",
    "operating_point",
    "optimism",
    "performance",
    "precision_recall_curve",
    "roc_curve",
    "sample",
    "search",
    "thresholds",
]
