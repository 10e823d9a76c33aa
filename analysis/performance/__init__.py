"""Performance: from risks and outcomes to the tables of a page, each with its uncertainty."""

import pandas as pd

from analysis.model import Cases
from analysis.performance.calibration_curve import calibration_curve
from analysis.performance.chance import chance
from analysis.performance.comparisons import comparisons
from analysis.performance.curves import calibration, decision_curve, precision_recall_curve, roc_curve, thresholds
from analysis.performance.early_outcomes import early_outcome_scores, early_outcomes
from analysis.performance.half_years import half_years
from analysis.performance.learning_curves import Curves, learning_curve_verdicts, learning_curves
from analysis.performance.metrics import Designs, operating_point, performance, sample
from analysis.performance.searches import optimism, search
from analysis.performance.subgroup_pairs import subgroup_pairs
from analysis.performance.subgroups import subgroups
from analysis.performance.time_causes import time_causes
from analysis.performance.time_parts import late_cases, time_parts
from analysis.performance.uses import thresholds_by_use
from analysis.protocol.values import Protocol

__all__ = [
    "calibration",
    "calibration_curve",
    "chance",
    "comparisons",
    "decision_curve",
    "early_outcome_scores",
    "early_outcomes",
    "evaluate",
    "half_years",
    "late_cases",
    "learning_curve_verdicts",
    "learning_curves",
    "operating_point",
    "optimism",
    "performance",
    "precision_recall_curve",
    "roc_curve",
    "sample",
    "search",
    "subgroup_pairs",
    "subgroups",
    "thresholds",
    "thresholds_by_use",
    "time_causes",
    "time_parts",
]


def evaluate(
    designs: Designs, curves: Curves, cases: Cases, characteristics: pd.DataFrame, protocol: Protocol
) -> dict[str, pd.DataFrame]:
    """Every table of this package for one prediction problem, by the name it is released under.

    Parameters
    ----------
    designs : mapping of str to FittedDesign
        As `analysis.model.fit_designs` returns them.
    curves : mapping of str to sequence of CurveFit
        As `analysis.model.fit_learning_curves` returns them.
    cases : Cases
    characteristics : pandas.DataFrame
        One row per case in the order of the cases, one column per characteristic of the protocol.
    protocol : Protocol

    Returns
    -------
    dict of table name -> DataFrame
    """
    return {
        "sample": sample(designs, cases),
        "performance": performance(designs, cases, protocol),
        "chance": chance(designs, cases, protocol),
        "operating_point": operating_point(designs, cases, protocol),
        "early_outcomes": early_outcomes(designs, cases),
        "early_outcome_scores": early_outcome_scores(designs, cases, protocol),
        "precision_recall_curve": precision_recall_curve(designs, cases, protocol),
        "roc_curve": roc_curve(designs, cases, protocol),
        "thresholds": thresholds(designs, cases),
        "thresholds_by_use": thresholds_by_use(designs, cases, protocol),
        "calibration_curve": calibration_curve(designs, cases, protocol),
        "calibration": calibration(designs, cases, protocol),
        "decision_curve": decision_curve(designs, cases, protocol),
        "comparisons": comparisons(designs, cases, protocol),
        "late_cases": late_cases(designs, cases),
        "time_parts": time_parts(designs, cases, protocol),
        "subgroups": subgroups(designs, cases, characteristics, protocol),
        "subgroup_pairs": subgroup_pairs(designs, cases, characteristics, protocol),
        "learning_curves": learning_curves(designs, curves, cases, protocol),
        "learning_curve_verdicts": learning_curve_verdicts(designs, curves, cases, protocol),
        "search": search(designs),
        "optimism": optimism(designs, cases),
    }
