"""Each model beside simple ways of ranking or flagging the same test cases: what did the rest add?"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.cohort.decisions import Decision
from analysis.model import Cases, FittedDesign
from analysis.model.yardsticks import AT_RANDOM, Yardstick
from analysis.performance.chance import metric_scores, permuted_outcomes
from analysis.performance.comparisons import paired_difference, settled_p_value, verdict
from analysis.performance.metrics import Designs, share
from analysis.performance.ranking import average_precision
from analysis.performance.resampling import (
    TestCases,
    estimate,
    family_weights,
    minimum_detectable_difference,
    with_point,
)
from analysis.protocol import Protocol

CANNOT_BE_MADE = "cannot be made"
COLUMNS = ["design", "yardstick", "predictors", "cases", "positives"]
COLUMNS += ["model_average_precision", "yardstick_average_precision"]
COLUMNS += ["difference", "difference_low", "difference_high", "minimum_detectable_difference", "p_value", "verdict"]
FLAG_COLUMNS = ["design", "decision", "means", "threshold", "cases", "positives", "decided", "flagged"]
FLAG_COLUMNS += ["true_positives", "false_positives", "false_negatives", "decided_positives", "decided_negatives"]
FLAG_COLUMNS += ["decided_missed", "precision", "recall"]
FLAG_COLUMNS += ["decision_precision", "decision_recall", "difference", "difference_low", "difference_high", "p_value"]
FLAG_COLUMNS += ["verdict"]


def yardsticks(
    designs: Designs, simple: Mapping[str, Mapping[str, Yardstick]], cases: Cases, protocol: Protocol
) -> pd.DataFrame:
    """Average precision of each model less that of each yardstick, on the same test cases: the table "yardsticks".

    Interval, p-value and verdict are those of the table "comparisons": a paired family bootstrap, and a permutation
    that swaps the risks of the two within whole families. Chance has no order to swap: there the permutations are
    those of the table "chance", two-sided. A yardstick all of whose predictors are the same for every training case
    is no yardstick, and that comparison cannot be made.

    Parameters
    ----------
    designs : mapping of str to FittedDesign
    simple : mapping of str to mapping of str to Yardstick
        By whose cases were learned from, as `yardsticks_of_designs` makes them.
    cases : Cases
    protocol : Protocol

    Returns
    -------
    DataFrame
        The table "yardsticks", unrounded; its record describes the columns.
    """
    rows = [
        compare_with(design, yardstick, cases, protocol)
        for design in designs.values()
        for yardstick in simple[design.design.learned_from].values()
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def compare_with(design: FittedDesign, yardstick: Yardstick, cases: Cases, protocol: Protocol) -> dict:
    """One row of the table "yardsticks": a model less a yardstick, whose risks are in the order of its test cases.

    Parameters
    ----------
    design : FittedDesign
    yardstick : Yardstick
    cases : Cases
    protocol : Protocol

    Returns
    -------
    dict
    """
    test = TestCases.of(design, cases)
    counted = {"cases": len(test.rows), "positives": int(test.outcome.sum())}
    of_model = average_precision(test.outcome, test.risk)
    row = {"design": design.slug, "yardstick": yardstick.name, **counted, "model_average_precision": of_model}
    row["predictors"] = ", ".join(name.replace("_", " ") for name in yardstick.predictors) or "none"
    if not yardstick.predictors and yardstick.name != AT_RANDOM:
        return row | {"verdict": CANNOT_BE_MADE}
    paired = (test.outcome, test.risk, yardstick.risk, test.family)
    weights = with_point(family_weights(test.families, protocol.uncertainty, protocol.seeds.analysis))
    replicates = paired_difference(*paired, weights)
    found = estimate("difference", replicates, protocol.uncertainty.level)
    by_chance = yardstick.name == AT_RANDOM
    p_value = chance_p_value(test, protocol) if by_chance else settled_p_value(protocol, *paired)
    alpha = protocol.comparison.alpha
    return (
        row
        | found
        | {
            "yardstick_average_precision": average_precision(test.outcome, yardstick.risk),
            "minimum_detectable_difference": minimum_detectable_difference(replicates, alpha),
            "p_value": p_value,
            "verdict": verdict(found["difference_low"], found["difference_high"], p_value, alpha),
        }
    )


def chance_p_value(test: TestCases, protocol: Protocol) -> float:
    """Two-sided p-value of average precision where families of one size exchange their outcomes.

    Parameters
    ----------
    test : TestCases
    protocol : Protocol

    Returns
    -------
    float
    """
    outcomes = permuted_outcomes(test, protocol.uncertainty.permutations, seed=protocol.seeds.analysis)
    value, *permuted = metric_scores(outcomes, test.risk, protocol.standard_prevalence.value)["average_precision"]
    above, below = ((side * (np.array(permuted) - value) >= -1e-12).sum() for side in (1, -1))
    return float(min(1.0, 2 * (1 + min(above, below)) / (1 + len(permuted))))


def flags_compared(
    designs: Designs, decisions: Mapping[str, Decision], cases: Cases, protocol: Protocol
) -> pd.DataFrame:
    """Each model and each decision at the same number flagged, on the same test cases: the table "flags_compared".

    The model flags as many test cases as the decision did, those of the highest risk; cases of one risk at the edge
    are drawn by the protocol's seed. The difference is in recall, with a paired family bootstrap; the p-value is of a
    permutation that swaps the two within whole families. A case without a recorded decision counts as not flagged.
    A comparison cannot be made where too small a share of the cases has a decision, or all of them have the same.

    Parameters
    ----------
    designs : dict of str to FittedDesign
        By the design's slug.
    decisions : mapping of str to Decision
    cases : Cases
    protocol : Protocol

    Returns
    -------
    DataFrame
        The table "flags_compared", unrounded; its record describes the columns.
    """
    rows = [
        _flag_row(TestCases.of(design, cases), slug, decision, protocol)
        for slug, design in designs.items()
        for decision in decisions.values()
    ]
    return pd.DataFrame([row for row in rows if row], columns=FLAG_COLUMNS)


def highest(risk: np.ndarray, number: int, *, seed: int) -> np.ndarray:
    """Which cases are the `number` of highest risk, as a mask; ties are drawn by the seed.

    Parameters
    ----------
    risk : ndarray of float from 0 to 1, shape (cases,)
    number : int, 1 or more
    seed : int
        From the protocol; the same seed gives the same result.

    Returns
    -------
    ndarray

    >>> highest(np.array([0.1, 0.3, 0.2]), 2, seed=1).tolist()
    [False, True, True]
    """
    tie = np.random.default_rng([seed, len(risk)]).random(len(risk))
    chosen = np.zeros(len(risk), dtype=bool)
    chosen[np.lexsort((tie, -risk))[:number]] = True
    return chosen


def _flag_row(test: TestCases, slug: str, decision: Decision, protocol: Protocol) -> dict:
    decided = decision.flagged[test.rows]
    known = np.isfinite(decided).mean() >= protocol.yardsticks.smallest_decided_share
    decided = np.nan_to_num(decided).astype(bool)
    number = int(decided.sum())
    if not known or not 0 < number < len(decided) or not test.outcome.any():
        return {}
    seed, level, alpha = protocol.seeds.analysis, protocol.uncertainty.level, protocol.comparison.alpha
    flagged = highest(test.risk, number, seed=seed)
    true, positives = int((flagged & test.outcome).sum()), int(test.outcome.sum())
    found = int((decided & test.outcome).sum())
    model, other, positive = test.sums(flagged & test.outcome, decided & test.outcome, test.outcome)
    weights = with_point(family_weights(test.families, protocol.uncertainty, seed))
    difference = estimate("difference", share((model - other) @ weights, positive @ weights), level)
    p_value = sign_p_value(model - other, permutations=protocol.comparison.permutations_near_alpha, seed=seed)
    return {
        "design": slug,
        "decision": decision.name,
        "means": decision.means,
        "threshold": float(np.floor(test.risk[flagged].min() * 1e4) / 1e4),  # so that it is no one's risk
        "cases": len(test.rows),
        "positives": positives,
        "decided": number,
        "flagged": number,
        "true_positives": true,
        "false_positives": number - true,
        "false_negatives": positives - true,
        "decided_positives": found,
        "decided_negatives": number - found,
        "decided_missed": positives - found,
        "precision": true / number,
        "recall": true / positives,
        "decision_precision": found / number,
        "decision_recall": found / positives,
        **difference,
        "p_value": p_value,
        "verdict": verdict(difference["difference_low"], difference["difference_high"], p_value, alpha),
    }


def sign_p_value(by_family: np.ndarray, *, permutations: int, seed: int) -> float:
    """Permutation p-value of a sum over families whose signs are exchangeable if the two that differ are alike.

    Parameters
    ----------
    by_family : ndarray of float
        What one has found more than the other, in each family.
    permutations : int, 1 or more
    seed : int
        From the protocol; the same seed gives the same result.

    Returns
    -------
    float
        (1 + those at least as far from 0) / (1 + permutations).
    """
    differing = by_family[by_family != 0]
    signs = np.random.default_rng([seed, len(by_family)]).choice([-1.0, 1.0], size=(permutations, len(differing)))
    extreme = int((np.abs(signs @ differing) >= abs(differing.sum()) - 1e-9).sum())
    return (1 + extreme) / (1 + permutations)
