"""Whether a prediction has the cases to be answered: how many a model needs, and how well it could be measured."""

from analysis.cohort.predictor_catalogue import PREDICTORS, SUPPLIED_PREDICTORS
from analysis.performance.sample_size import (
    ASSUMED_AUC,
    auc_interval,
    average_precision_interval,
    cases_needed,
)
from analysis.protocol import Protocol

ANSWERS, LARGE, SMALL = "can answer", "can show only large effects", "too small"
PRECISE_AUC = 0.05
"""Half-width of the interval on the test cases; Riley et al. (2021), Statistics in Medicine 40:4230, ask for .1."""
LARGE_EFFECT_IN_AUC = 0.10
"""Half-width with which an AUC of .75 can be distinguished from .65, and not from .70 (ours)."""


def registered_predictors(protocol: Protocol) -> int:
    """How many structured predictors the protocol gives a model."""
    return len(PREDICTORS) - (0 if protocol.supplied_counts.used else len(SUPPLIED_PREDICTORS))


def verdict_on_size(outcomes: int, cases: int, *, predictors: int, test_share: float, level: float) -> tuple[str, str]:
    """One of "can answer", "can show only large effects" and "too small", and the numbers that it rests on.

    Parameters
    ----------
    outcomes, cases : int
        Cases with the outcome, at least 1, and all cases, more than those.
    predictors : int
        Structured predictors.
    test_share : float
        Share of the cases that are kept to test on.
    level : float
        Coverage of the intervals, above 0 and below 1.

    Returns
    -------
    tuple of str and str
        The verdict and a sentence.

    References
    ----------
    How many cases: `analysis.performance.sample_size.cases_needed`. How precisely an AUC should be known: Riley et al.
    (2021), Statistics in Medicine 40:4230.
    """
    prevalence = outcomes / cases
    needed = cases_needed(predictors, prevalence) * prevalence
    tested = (outcomes * test_share, (cases - outcomes) * test_share)
    learned = outcomes - tested[0]
    if min(tested) < 1:
        return SMALL, f"{_needs(needed, predictors, learned)}; fewer than 1 is tested on"
    auc, precision = (of(*tested, level=level) for of in (auc_interval, average_precision_interval))
    sentence = (
        f"{_needs(needed, predictors, learned)}; about {tested[0]:,.0f} are tested on: an AUC of {ASSUMED_AUC:.2f} is "
        f"known to ±{auc.half_width:.2f}, an average precision of {precision.value:.2f} to between "
        f"{precision.low:.2f} and {precision.high:.2f}"
    )
    if auc.half_width > LARGE_EFFECT_IN_AUC:
        return SMALL, sentence
    return (ANSWERS if auc.half_width <= PRECISE_AUC and learned >= needed else LARGE), sentence


def _needs(needed: float, predictors: int, learned: float) -> str:
    return f"needs {needed:,.0f} outcomes to learn from for {predictors} predictors, has {learned:,.0f}"
