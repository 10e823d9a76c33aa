"""How much a score owes to the way cases are divided into those learned from and those tested on."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.model import Cases
from analysis.performance.metrics import Designs
from analysis.performance.ranking import rank
from analysis.performance.resampling import estimate, family_codes, family_weights, with_point
from analysis.protocol import Protocol

COLUMNS = ["division", "cases", "positives", "average_precision", "average_precision_low", "average_precision_high"]
COLUMNS += ["auc", "auc_low", "auc_high", "step", "step_low", "step_high"]


def dependence(designs: Designs, risks: Mapping[str, np.ndarray], cases: Cases, protocol: Protocol) -> pd.DataFrame:
    """Average precision and AUC of one candidate on the same late cases by division: the table "dependence".

    "step" is the change in average precision from the division above, on the same draws of families. It is of the
    dividing alone for the first three; from the third to the fourth the model also has fewer and older cases to learn
    from.

    Parameters
    ----------
    designs : mapping of str to FittedDesign
    risks : mapping of str to ndarray
        As `analysis.model.dependence.fit_dependence` returns them.
    cases : Cases
    protocol : Protocol

    Returns
    -------
    DataFrame
        The table "dependence", unrounded; its record describes the columns.
    """
    late = next((d.split.test for d in designs.values() if d.design.learned_from == "earlier_cases"), np.empty(0, int))
    if not risks:
        return pd.DataFrame(columns=COLUMNS)
    outcome, family, level = cases.outcome[late], family_codes(cases.family[late]), protocol.uncertainty.level
    families = int(family.max()) + 1
    weights = with_point(family_weights(families, protocol.uncertainty, protocol.seeds.analysis))
    rows, above = [], None
    for division, risk in risks.items():
        counts = rank(outcome, risk, family, families).count(weights)
        precision = counts.average_precision()
        row = {"division": division, "cases": len(late), "positives": int(outcome.sum())}
        row |= estimate("average_precision", precision, level) | estimate("auc", counts.auc(), level)
        rows.append(row if above is None else row | estimate("step", precision - above, level))
        above = precision
    return pd.DataFrame(rows, columns=COLUMNS)
