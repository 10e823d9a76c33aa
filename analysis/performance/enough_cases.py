"""Did each model have the cases it needed? Riley's criteria once the models are fitted."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.model import Cases
from analysis.model.equally_good import Alternatives
from analysis.performance.metrics import Designs
from analysis.performance.ranking import rank
from analysis.performance.sample_size import cases_for_r2, cox_snell_r2, expected_shrinkage

COLUMNS = ["design", "predictors", "cases", "positives", "events_per_predictor", "auc"]
COLUMNS += ["shrinkage", "cases_needed", "enough"]


def enough_cases(designs: Designs, alternatives: Mapping[str, Alternatives], cases: Cases) -> pd.DataFrame:
    """The sample size of each design beside what its number of predictors asks for: the table "enough_cases".

    The criteria are those that `check` applies before anything is fitted, with the AUC on the test cases in place of
    a guess. They are made for regression on all predictors without a penalty; the models here are penalised, which
    spends less on each predictor, so a model that lacks cases by them is at risk and not thereby wrong. Where the AUC
    is not above chance no number of cases can be named.

    Parameters
    ----------
    designs : mapping of str to FittedDesign
    alternatives : mapping of str to Alternatives
        Which know how many predictors a design sees.
    cases : Cases

    Returns
    -------
    DataFrame
        The table "enough_cases", unrounded; its record describes the columns.
    """
    return pd.DataFrame([_row(designs[slug], other, cases) for slug, other in alternatives.items()], columns=COLUMNS)


def two_figures(number: float) -> float:
    """A number to two significant figures.

    >>> two_figures(31788.2)
    32000.0
    """
    return float(f"{number:.2g}")


def _row(design, other: Alternatives, cases: Cases) -> dict:
    train, test = design.split.train, design.split.test
    outcome, predictors = cases.outcome[train], other.predictors
    auc = float(rank(cases.outcome[test], design.test_risk).auc(np.ones((len(test), 1)))[0])
    row = {"design": design.slug, "predictors": predictors, "cases": len(train), "positives": int(outcome.sum())}
    row |= {"events_per_predictor": outcome.sum() / predictors, "auc": auc, "enough": "cannot tell"}
    if not 0.5 < auc < 1:
        return row
    r2 = cox_snell_r2(auc, outcome.mean())
    needed = cases_for_r2(predictors, outcome.mean(), r2=r2)
    return row | {
        "shrinkage": expected_shrinkage(len(train), predictors, r2=r2),
        "cases_needed": two_figures(needed),
        "enough": "yes" if len(train) >= needed else "no",
    }
