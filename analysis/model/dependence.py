"""The same candidate under divisions of the cases that keep less and less apart, scored on the same late cases."""

from collections.abc import Iterator, Mapping

import numpy as np
from sklearn.model_selection import GroupKFold, KFold

from analysis.model.candidates import Candidate
from analysis.model.cases import Cases, Predictors
from analysis.model.designs import FittedDesign
from analysis.model.risks import fitted_risks
from analysis.model.splits import first_dates
from analysis.protocol import Protocol

DIVISIONS = ("random", "by_child", "by_family", "in_time", "in_time_with_embargo")
PREDICTOR_SET = "structured"


def fit_dependence(
    designs: Mapping[str, FittedDesign], cases: Cases, child: np.ndarray, predictors: Predictors, protocol: Protocol
) -> dict[str, np.ndarray]:
    """Risks of the late cases under each division of the cases; {} where no design learns from earlier cases.

    ====================  =========================================================================================
    division              what the model learned from, for each late case
    ====================  =========================================================================================
    random                four in five of all cases, drawn at random (for five folds)
    by_child              the same, without any case of the same child
    by_family             the same, without any case of the same family
    in_time               cases before the first date of a late family
    in_time_with_embargo  those of them whose outcome was known by then
    ====================  =========================================================================================

    The late cases are the test cases of the designs that learn from earlier cases. The candidate is the one chosen on
    all cases with structured predictors, the same under every division.

    Parameters
    ----------
    designs : dict of str to FittedDesign
        By the design's slug.
    cases : Cases
    child : ndarray, shape (cases,)
        Whose case each is.
    predictors : Predictors
    protocol : Protocol

    Returns
    -------
    dict of str to ndarray
    """
    if not {f"{PREDICTOR_SET}-all_cases", f"{PREDICTOR_SET}-earlier_cases"} <= set(designs):
        return {}
    candidate = designs[f"{PREDICTOR_SET}-all_cases"].search.chosen.candidate
    late = designs[f"{PREDICTOR_SET}-earlier_cases"].split
    first_index_date = first_dates(cases)[cases.family]
    first_test_date = first_index_date[late.test].min()
    before = np.flatnonzero((first_index_date < first_test_date) & (cases.index_date < first_test_date))
    divisions = dict(_folds(cases, child, protocol)) | {
        "in_time": [(before, late.test)],
        "in_time_with_embargo": [(late.train, late.test)],
    }
    risks = {}
    for division in DIVISIONS:
        risk = np.full(len(cases), np.nan)
        for learned, validation in divisions[division]:
            wanted = np.intersect1d(validation, late.test)
            if len(wanted):
                risk[wanted] = _risk(candidate, predictors, cases, learned, wanted)
        risks[division] = risk[late.test]
    return risks


def _folds(cases: Cases, child: np.ndarray, protocol: Protocol) -> Iterator[tuple[str, list]]:
    rows, seed = np.arange(len(cases)), protocol.seeds.analysis
    folds = min(protocol.splits.folds, len(np.unique(cases.family)))
    shuffled = {"n_splits": folds, "shuffle": True, "random_state": seed}
    yield "random", list(KFold(**shuffled).split(rows))
    yield "by_child", list(GroupKFold(**shuffled).split(rows, groups=child))
    yield "by_family", list(GroupKFold(**shuffled).split(rows, groups=cases.family))


def _risk(
    candidate: Candidate, predictors: Predictors, cases: Cases, learned: np.ndarray, applied_to: np.ndarray
) -> np.ndarray:
    train, test = predictors.matrices(PREDICTOR_SET, learned, applied_to)
    return fitted_risks([candidate], train, cases.outcome[learned], [test])[0][0][0]
