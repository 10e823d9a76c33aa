"""Do models of the same score flag the same children? Candidates near the best, and the best on other families."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from analysis.model import Cases
from analysis.model.equally_good import Alternatives
from analysis.performance.metrics import Designs
from analysis.performance.resampling import TestCases
from analysis.performance.subgroups import Subgroup, subgroups_of
from analysis.performance.yardsticks import highest
from analysis.protocol import Protocol

EVERYONE = "everyone"
COLUMNS = ["design", "characteristic", "subgroup", "models", "refits", "cases", "flagged"]
COLUMNS += ["true_positives", "false_positives", "flagged_by_all", "flagged_by_any", "agreed", "flags_lost"]


def equally_good(
    designs: Designs,
    alternatives: Mapping[str, Alternatives],
    cases: Cases,
    characteristics: pd.DataFrame,
    protocol: Protocol,
) -> pd.DataFrame:
    """How many of the test cases that one model flags are flagged by every other: the table "equally_good".

    Each model flags as many test cases as the design's own does at its frozen threshold, those of the highest risk.
    So the number flagged is the same, and only who is flagged can differ. A flag is lost by a refit when the chosen
    candidate, fitted on a family-bootstrap sample of the training cases, does not flag the case any more.

    Parameters
    ----------
    designs : mapping of str to FittedDesign
    alternatives : mapping of str to Alternatives
        As `analysis.model.equally_good.fit_alternatives` makes them.
    cases : Cases
    characteristics : pandas.DataFrame
        One row per case in the order of the cases, one column per characteristic of the protocol.
    protocol : Protocol

    Returns
    -------
    DataFrame
        The table "equally_good", unrounded; its record describes the columns.

    References
    ----------
    Marx, C., Calmon, F., & Ustun, B. (2020). Predictive multiplicity in classification. ICML, 37. Riley, R. D., &
    Collins, G. S. (2023). Stability of clinical prediction models. Biometrical Journal, 65, 2200302.
    """
    rows: list[dict] = []
    for slug, design in designs.items():
        test, other = TestCases.of(design, cases), alternatives[slug]
        number = int(test.flagged.sum())
        flags = np.vstack([_flags(other.candidates, number, protocol), test.flagged])
        lost = test.flagged & ~_flags(other.refits, number, protocol)
        counted = {"design": slug, "models": len(other.candidates), "refits": len(other.refits)}
        rows += [
            counted | _row(group, test.outcome[group.members], flags[:, group.members], lost[:, group.members])
            for group in _groups(test, characteristics, protocol)
        ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _flags(risks: np.ndarray, number: int, protocol: Protocol) -> np.ndarray:
    return np.array([highest(risk, number, seed=protocol.seeds.analysis) for risk in risks])


def _groups(test: TestCases, characteristics: pd.DataFrame, protocol: Protocol) -> Iterator[Subgroup]:
    yield Subgroup(EVERYONE, EVERYONE, np.ones(len(test.rows), dtype=bool))
    yield from subgroups_of(test, characteristics, protocol)


def _row(group: Subgroup, outcome: np.ndarray, flags: np.ndarray, lost: np.ndarray) -> dict:
    """Counts of one group; the last row of `flags` is the design's own model."""
    flagged, right = int(flags[-1].sum()), int((flags[-1] & outcome).sum())
    by_all = int(flags.all(axis=0).sum())
    return {
        "characteristic": group.characteristic,
        "subgroup": group.name,
        "cases": flags.shape[1],
        "flagged": flagged,
        "true_positives": right,
        "false_positives": flagged - right,
        "flagged_by_all": by_all,
        "flagged_by_any": int(flags.any(axis=0).sum()),
        "agreed": by_all / flagged if flagged else np.nan,
        "flags_lost": float(lost.sum(axis=1).mean()) / flagged if flagged else np.nan,
    }
