"""Children who reach the outcome before its window opens: how many are flagged, and what they do to the score.

By the registered definition such a case is one without the outcome, so that a model which flags it is counted wrong.
It is a third kind beside the cases with the outcome and those with neither. Each design is also scored without these
cases, and with them counted as outcomes; the models themselves are not fitted again.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.model import Cases
from analysis.performance.metrics import Designs
from analysis.performance.ranking import Ranking, rank
from analysis.performance.resampling import TestCases, estimate, family_weights, with_point
from analysis.protocol.values import Protocol

COLUMNS = ["design", "cases", "positives", "early_outcomes", "flagged", "true_positives", "false_positives"]
COLUMNS += ["flagged_early", "flagged_neither", "share_early"]
SCORES = ["design", "counted_as", "average_precision", "average_precision_low", "average_precision_high"]
SCORES += ["difference", "difference_low", "difference_high"]


def early_outcomes(designs: Designs, cases: Cases) -> pd.DataFrame:
    """The flagged test cases of each design by kind: the table "early_outcomes".

    No rows where no case has an early outcome, as where the window opens on the day after the decision.

    Parameters
    ----------
    designs : dict of str to FittedDesign
        By the design's slug.
    cases : Cases

    Returns
    -------
    DataFrame
        The table "early_outcomes", unrounded; its record describes the columns.
    """
    rows = [_flagged_by_kind(slug, TestCases.of(design, cases), cases) for slug, design in designs.items()]
    return pd.DataFrame(rows if cases.early_outcome.any() else [], columns=COLUMNS)


def early_outcome_scores(designs: Designs, cases: Cases, protocol: Protocol) -> pd.DataFrame:
    """Average precision as registered, without early outcomes, and with them as outcomes: "early_outcome_scores".

    All three are of the same draws of families, so that the differences from the registered score have intervals.

    Parameters
    ----------
    designs : dict of str to FittedDesign
        By the design's slug.
    cases : Cases
    protocol : Protocol

    Returns
    -------
    DataFrame
        The table "early_outcome_scores", unrounded; its record describes the columns.
    """
    rows = []
    for slug, design in designs.items() if cases.early_outcome.any() else ():
        test = TestCases.of(design, cases)
        early = cases.early_outcome[test.rows]
        weights = with_point(family_weights(test.families, protocol.uncertainty, protocol.seeds.analysis))
        ways = {
            "as_registered": test,
            "left_out": _only(test, ~early),
            "outcomes": replace(test, outcome=test.outcome | early),
        }
        scores = {name: _ranking(way, test.families).average_precision(weights) for name, way in ways.items()}
        level = protocol.uncertainty.level
        rows += [
            {"design": slug, "counted_as": name}
            | estimate("average_precision", score, level)
            | estimate("difference", score - scores["as_registered"], level)
            for name, score in scores.items()
        ]
    return pd.DataFrame(rows, columns=SCORES)


def _flagged_by_kind(slug: str, test: TestCases, cases: Cases) -> dict:
    early, flagged = cases.early_outcome[test.rows], test.flagged
    wrong = int((flagged & ~test.outcome).sum())
    flagged_early = int((flagged & early).sum())
    return {
        "design": slug,
        "cases": len(test.rows),
        "positives": int(test.outcome.sum()),
        "early_outcomes": int(early.sum()),
        "flagged": int(flagged.sum()),
        "true_positives": int((flagged & test.outcome).sum()),
        "false_positives": wrong,
        "flagged_early": flagged_early,
        "flagged_neither": wrong - flagged_early,
        "share_early": flagged_early / wrong if wrong else np.nan,
    }


def _ranking(test: TestCases, families: int) -> Ranking:
    return rank(test.outcome, test.risk, test.family, families)


def _only(test: TestCases, chosen: np.ndarray) -> TestCases:
    """Some of the test cases; families keep their codes, so that the same draws serve."""
    return replace(
        test, rows=test.rows[chosen], outcome=test.outcome[chosen], risk=test.risk[chosen], family=test.family[chosen]
    )
