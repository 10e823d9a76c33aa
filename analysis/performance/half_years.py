"""How a model of the past would have done, half-year by half-year."""

import numpy as np
import pandas as pd

from analysis.model import Cases
from analysis.model.over_time import HALF_YEAR, OverTime
from analysis.performance.metrics import share
from analysis.performance.ranking import rank
from analysis.performance.resampling import estimate, family_codes, family_weights, with_point
from analysis.protocol.values import Protocol

MEASURES = ("average_precision", "auc", "observed_expected_ratio")
COLUMNS = ["year", "half", "cases", "positives", "prevalence"]
COLUMNS += [f"{name}{end}" for name in MEASURES for end in ("", "_low", "_high")]


def half_years(over_time: OverTime | None, cases: Cases, protocol: Protocol) -> pd.DataFrame:
    """Cases of each half-year, scored by a model of cases whose ending was known by then: the table "half_years".

    Every half-year with cases has a row; those before enough endings were known, and those with fewer outcomes than the
    protocol's smallest number for a subgroup, have no score.

    Parameters
    ----------
    over_time : OverTime or None
        As `analysis.model.over_time.fit_over_time` returns it.
    cases : Cases
    protocol : Protocol

    Returns
    -------
    DataFrame
    """
    if over_time is None:
        return pd.DataFrame(columns=COLUMNS)
    rows = []
    for number in np.unique(over_time.half_year):
        members = np.flatnonzero(over_time.half_year == number)
        outcome = cases.outcome[members]
        year, half = divmod(int(number), 12 // HALF_YEAR)
        counted = {"year": 1970 + year, "half": half + 1, "cases": len(members), "positives": int(outcome.sum())}
        counted["prevalence"] = outcome.mean()
        rows.append(counted | _scores(over_time.rolling_risk[members], outcome, cases.family[members], protocol))
    return pd.DataFrame(rows, columns=COLUMNS)


def _scores(risk: np.ndarray, outcome: np.ndarray, family: np.ndarray, protocol: Protocol) -> dict[str, float]:
    enough = protocol.subgroups.smallest_positives <= outcome.sum() < len(outcome)
    if not enough or np.isnan(risk).any():
        return {}
    member = family_codes(family)
    families, level = int(member.max()) + 1, protocol.uncertainty.level
    weights = with_point(family_weights(families, protocol.uncertainty, protocol.seeds.analysis))
    counts = rank(outcome, risk, member, families).count(weights)
    observed, expected = (
        np.bincount(member, weights=values, minlength=families) @ weights for values in (outcome, risk)
    )
    replicates = (counts.average_precision(), counts.auc(), share(observed, expected))
    cells = [estimate(name, values, level) for name, values in zip(MEASURES, replicates, strict=True)]
    return {name: value for cell in cells for name, value in cell.items()}
