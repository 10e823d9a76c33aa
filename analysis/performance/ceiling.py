"""What no model could be expected to exceed: the risk that the outcomes of invented cases were drawn from."""

import numpy as np
import pandas as pd

from analysis.model import Cases
from analysis.performance.metrics import Designs
from analysis.performance.ranking import rank
from analysis.performance.resampling import TestCases, estimate, family_codes, family_weights, with_point
from analysis.protocol import Protocol

COLUMNS = ["design", "cases", "positives", "planted", "planted_low", "planted_high"]
COLUMNS += ["model", "model_low", "model_high", "gap", "gap_low", "gap_high"]


def ceiling(designs: Designs, planted: np.ndarray | None, cases: Cases, protocol: Protocol) -> pd.DataFrame:
    """Average precision of the planted risk and of each model on the same test cases: the table "ceiling".

    Only test cases for which a risk was planted count. An outcome can also come about otherwise (through another
    event, or a brother's or sister's), and a model may see signs of that which the planted risk of this outcome does
    not hold, so the ceiling is near and not exact. A table without rows where no risk was planted.

    Parameters
    ----------
    designs : dict of str to FittedDesign
        By the design's slug.
    planted : ndarray of float, shape (all cases,), or None
        NaN where no risk was planted.
    cases : Cases
    protocol : Protocol

    Returns
    -------
    DataFrame
        The table "ceiling", unrounded; its record describes the columns.
    """
    rows: list[dict] = []
    if planted is None:
        return pd.DataFrame(rows, columns=COLUMNS)
    for slug, design in designs.items():
        test = TestCases.of(design, cases)
        known = np.isfinite(planted[test.rows])
        outcome = test.outcome[known]
        if not 0 < outcome.sum() < len(outcome):
            continue
        family = family_codes(test.family[known])
        families = int(family.max()) + 1
        weights = with_point(family_weights(families, protocol.uncertainty, protocol.seeds.analysis))
        of_planted, of_model = (
            rank(outcome, risk[known], family, families).average_precision(weights)
            for risk in (planted[test.rows], test.risk)
        )
        row = {"design": slug, "cases": len(outcome), "positives": int(outcome.sum())}
        for name, values in (("planted", of_planted), ("model", of_model), ("gap", of_planted - of_model)):
            row |= estimate(name, values, protocol.uncertainty.level)
        rows.append(row)
    return pd.DataFrame(rows, columns=COLUMNS)
