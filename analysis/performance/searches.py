"""What was tried, and how much of the chosen model's score on its folds was lost on the test cases."""

import pandas as pd

from analysis.model import Cases
from analysis.performance.metrics import Designs
from analysis.performance.ranking import average_precision


def search(designs: Designs) -> pd.DataFrame:
    """Every candidate tried by each design: the table "search"."""
    return pd.DataFrame(
        [
            {
                "design": slug,
                "family": tried.candidate.family,
                "draw": tried.candidate.draw,
                "parameters": str(tried.candidate),
                "fold_average_precision": tried.fold_average_precision,
                "chosen": "yes" if tried is design.search.chosen else "no",
            }
            for slug, design in designs.items()
            for tried in design.search.tried
        ]
    )


def optimism(designs: Designs, cases: Cases) -> pd.DataFrame:
    """Mean average precision on the folds less that on the test cases: the table "optimism".

    The folds also chose the model, so their score flatters it. The two also differ in prevalence where the test cases
    come later, and by chance. Folds are meant to run forward in time where the design learns from earlier cases only;
    "folds_run" says where they could not.

    Parameters
    ----------
    designs : dict of str to FittedDesign
        By the design's slug.
    cases : Cases

    Returns
    -------
    DataFrame
        The table "optimism", unrounded; its record describes the columns.
    """
    rows = []
    for slug, design in designs.items():
        chosen = design.search.chosen
        tested = average_precision(cases.outcome[design.split.test], design.test_risk)
        rows.append(
            {
                "design": slug,
                "family": chosen.candidate.family,
                "parameters": str(chosen.candidate),
                "folds_run": design.split.folds_run,
                "fold_average_precision": chosen.fold_average_precision,
                "test_average_precision": tested,
                "optimism": chosen.fold_average_precision - tested,
            }
        )
    return pd.DataFrame(rows)
