"""Each of the two parts of the time difference, divided further by cause; see `analysis.performance.time_parts`.

What may be learned from (B to C), all on the same late test cases:

model_choice       another candidate and other folds: the one chosen on earlier cases, given all other cases
fewer_cases        as many cases as came before the first test date, drawn from all others at random
older_cases        those that came before themselves, with the endings that they turned out to have
endings_not_known  without the last of them, whose endings were not known at the first test date (the embargo)

Other test cases (A to B), by the model that learned from all cases:

case_mix           its own test cases, weighted so that their predictors are like those of the late ones
same_mix           the late test cases themselves: other outcomes of cases that look alike

The parts of each difference add up to it. Only models of structured data are taken apart.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from sklearn.model_selection import GroupKFold

from analysis.model import Cases, FittedDesign
from analysis.model.candidates import Candidate
from analysis.model.over_time import OverTime
from analysis.model.risks import fitted_risks
from analysis.performance.metrics import Designs
from analysis.performance.ranking import rank
from analysis.performance.time_parts import METRICS, difference_cells, family_draws, pairs_in_time, score_replicates
from analysis.protocol.values import Protocol

CAUSES = {
    "model_choice": ("B", "all_other"),
    "fewer_cases": ("all_other", "as_many"),
    "older_cases": ("as_many", "came_before"),
    "endings_not_known": ("came_before", "C"),
    "case_mix": ("A", "like_late"),
    "same_mix": ("like_late", "B"),
}
"""The name of each cause, the score it starts from and the score it leads to."""
MEMBERSHIP = Candidate("xgboost", 1, {"learning_rate": 0.1, "max_depth": 3, "min_child_weight": 5.0, "rounds": 150})
MEMBERSHIP_FOLDS = 3  # by family, so that no case is weighted by a model that saw it (ours)
MOST_WEIGHT = 20.0  # of one case: rarer kinds of cases than this cannot be made up for by weighting (ours)
COLUMNS = ["part", "metric", "first", "second", "before", "after", "difference", "difference_low", "difference_high"]
COLUMNS += ["minimum_detectable_difference"]


def time_causes(
    designs: Designs, over_time: OverTime | None, cases: Cases, structured: np.ndarray, protocol: Protocol
) -> pd.DataFrame:
    """The causes of the difference between all and earlier cases, with intervals: the table "time_causes".

    Parameters
    ----------
    designs : mapping of str to FittedDesign
    over_time : OverTime or None
        As `analysis.model.over_time.fit_over_time` returns it.
    cases : Cases
    structured : ndarray, shape (cases, predictors)
    protocol : Protocol

    Returns
    -------
    DataFrame

    Notes
    -----
    The weights of the case mix are the odds of being late, of boosted trees on the predictors, given to each case by a
    model that saw none of its family. When it misleads: where the late cases are of a kind that hardly came
    before, no weighting makes the others like them, and what is left is counted as other outcomes.
    """
    pair = next((pair for pair in pairs_in_time(designs) if pair[0] == "structured"), None)
    if over_time is None or pair is None:
        return pd.DataFrame(columns=COLUMNS)
    _, every, earlier = pair
    scores = _scores(every, earlier, over_time, cases, structured, protocol)
    labels = {"first": every.slug, "second": earlier.slug}
    rows = [
        {
            "part": part,
            "metric": metric,
            **labels,
            **difference_cells(scores[start][metric], scores[end][metric], protocol),
        }
        for part, (start, end) in CAUSES.items()
        for metric in METRICS
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _scores(
    every: FittedDesign,
    earlier: FittedDesign,
    over_time: OverTime,
    cases: Cases,
    structured: np.ndarray,
    protocol: Protocol,
) -> dict[str, dict[str, np.ndarray]]:
    """Each metric of each score: the estimate, then its replicates, all of the same draws of families."""
    own, late = every.split.test, earlier.split.test
    drawn = family_draws(cases, late, np.r_[own, earlier.split.returning], protocol)
    found = {
        "A": score_replicates(cases, own, every.test_risk, drawn),
        "B": score_replicates(cases, late, every.out_of_sample_risk[late], drawn),
        "C": score_replicates(cases, late, earlier.test_risk, drawn),
        "like_late": _like_late(cases, own, every.test_risk, odds_of_late(structured, cases, own, late), drawn),
    }
    late_risks = over_time.late_risks.items()
    return found | {
        name: _mean([score_replicates(cases, late, risk, drawn) for risk in risks]) for name, risks in late_risks
    }


def _like_late(
    cases: Cases, own: np.ndarray, risk: np.ndarray, odds: np.ndarray, drawn: tuple[np.ndarray, np.ndarray]
) -> dict[str, np.ndarray]:
    families, weights = drawn
    counts = rank(cases.outcome[own], risk).count(odds[:, None] * weights[np.searchsorted(families, cases.family[own])])
    return {"average_precision": counts.average_precision(), "auc": counts.auc()}


def _mean(scores: Sequence[Mapping[str, np.ndarray]]) -> dict[str, np.ndarray]:
    return {metric: np.mean([score[metric] for score in scores], axis=0) for metric in METRICS}


def odds_of_late(structured: np.ndarray, cases: Cases, own: np.ndarray, late: np.ndarray) -> np.ndarray:
    """How much more often each of a design's own test cases would occur among the late ones, by its predictors.

    Parameters
    ----------
    structured : ndarray, shape (cases, predictors)
    cases : Cases
    own, late : ndarray of int
        Row numbers. A late case among the own ones stands on both sides.

    Returns
    -------
    ndarray, shape (own cases,)
        Of mean 1, no more than `MOST_WEIGHT` before that.
    """
    rows, is_late = np.r_[own, late], np.repeat([False, True], [len(own), len(late)])
    family, chance = cases.family[rows], np.empty(len(rows))
    for learned, held in GroupKFold(min(MEMBERSHIP_FOLDS, len(np.unique(family)))).split(rows, groups=family):
        parts = structured[rows[learned]], is_late[learned], [structured[rows[held]]]
        chance[held] = fitted_risks([MEMBERSHIP], *parts)[0][0][0]
    own_chance = np.clip(chance[: len(own)], 1e-6, 1 - 1e-6)
    odds = np.minimum(own_chance / (1 - own_chance) * len(own) / len(late), MOST_WEIGHT)
    return odds / odds.mean()
