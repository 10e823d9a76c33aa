"""The leakage audit: does any predictor know what could not have been known at the index date?

=====================  =====================================================================================
check                  what it finds
=====================  =====================================================================================
recorded_after_index   predictors, or texts, that change when everything dated on or after the index date is
                       taken out of the record
as_at_extract          a supplied count that runs ahead of the record just where more was still to come
constant_for_child     a supplied count that is the same on all rows of a child though the record says it changed
counted_at_export      a supplied count of the months before the extract was made, not of those before its row
recorded_by_outcome    what is known only as at the extract (gender, ethnicity, disability, family), blank more often
                       with one outcome than with the other
single_predictor       a predictor that alone tells outcomes apart almost as well as the whole model
too_good               a model that does better than such models honestly do
train_v_test           test cases that can be distinguished from training cases: drift in time, or a faulty split
=====================  =====================================================================================

`flagged` is "yes" or "no", "review" where a person should look but nothing is decided by it, or "could not be checked"
where there are too few records to tell. What a flag leads to
is the rule of `analysis.leakage.rule`.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
from scipy.stats import rankdata
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from analysis.leakage.recording import AS_AT_EXTRACT, BLANK, DECIMALS, blank_by_outcome
from analysis.leakage.supplied_counts import constant_for_child, counted_at_export, runs_ahead
from analysis.leakage.truncation import share_changed_by_the_future
from analysis.protocol.values import Leakage, Protocol
from analysis.schemas import SUPPLIED_COUNTS, CheckedTables
from analysis.text.documents import CaseDocuments

PREDICTORS_SHOWN = 8  # in the leakage audit: those with the highest AUC alone (ours)
ROWS_TO_TELL_APART = 4000  # cases drawn: with a fifth to test on, an AUC of a half is known to ±.02 (ours)
FEWEST_FAMILIES = 10  # of training and of test cases; with fewer no AUC of telling them apart is given (ours)
MOST = 0.5  # share of the rows: a count that is not of its row on more of them is not of its rows (ours)
NOT_CHECKED = "could not be checked"


def audit(
    tables: CheckedTables,
    cases: pl.DataFrame,
    structured: pl.DataFrame,
    protocol: Protocol,
    *,
    documents: CaseDocuments | None = None,
    models: Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """The released table `leakage`: every check, what it found, its limit and whether it raised a flag.

    Parameters
    ----------
    tables : CheckedTables
    cases : polars.DataFrame
        In order of case_id, with child_id, family_id, index_date and outcome.
    structured : polars.DataFrame
        As `predictors` returns it.
    protocol : Protocol
    documents : CaseDocuments, optional
        As `documents_before` returned them with the protocol's lag.
    models : mapping of design to fitted design, optional
        Anything with `split.train`, `split.test` (row numbers) and `test_risk`. Without them the checks that need
        no model are made.

    Returns
    -------
    pandas.DataFrame
        check, subject, value, limit, flagged, explanation.
    """
    limits, models = protocol.leakage, models or {}
    scores = {slug: _test_scores(cases, model) for slug, model in models.items()}
    rows = [
        *_recorded_after_index(tables, cases, structured, protocol, documents),
        *_as_at_extract(tables, structured, limits),
        *_computed_once(tables, structured),
        *_recorded_by_outcome(tables, cases, limits),
        *_single_predictor(cases, structured, limits, scores),
        *_too_good(limits, scores),
        *_train_v_test(cases, structured, protocol, models),
    ]
    return pd.DataFrame(rows, columns=["check", "subject", "value", "limit", "flagged", "explanation"])


def _recorded_after_index(tables, cases, structured, protocol, documents):
    changed = share_changed_by_the_future(tables, cases, structured, protocol, documents)
    for subject, share in changed.items():
        explanation = "share of sampled cases that change when the record from the index date on is taken out"
        yield "recorded_after_index", subject, share, 0.0, _yes(share > 0), explanation


def _as_at_extract(tables: CheckedTables, structured: pl.DataFrame, limits: Leakage):
    limit = limits.as_at_extract_share
    for count_name in SUPPLIED_COUNTS:
        if f"supplied_{count_name}" not in structured.columns:
            continue
        ahead = runs_ahead(tables, count_name)
        if ahead is None:
            explanation = "not supplied, or on too few rows to tell"
            yield "as_at_extract", count_name, np.nan, limit, NOT_CHECKED, explanation
        else:
            explanation = (
                "how much more often the supplied count exceeds what had happened by its date where more was still to "
                "come than where nothing was"
            )
            yield "as_at_extract", count_name, ahead, limit, _yes(ahead >= limit), explanation


def _computed_once(tables: CheckedTables, structured: pl.DataFrame):
    """Counts that are not of their rows: repeated for each child, or counted from the day of the export."""
    checks = {
        "constant_for_child": (
            constant_for_child,
            "share of children with the same count on all their rows, of those whose record says that it changed",
        ),
        "counted_at_export": (
            counted_at_export,
            "share of rows that hold the count of the year before the extract was made, where that is another",
        ),
    }
    for count_name in (name for name in SUPPLIED_COUNTS if f"supplied_{name}" in structured.columns):
        for check, (share_of, explanation) in checks.items():
            share = share_of(tables, count_name)
            if share is None:
                yield check, count_name, np.nan, MOST, NOT_CHECKED, "not supplied, or on too few rows to tell"
            else:
                yield check, count_name, round(share, DECIMALS), MOST, _yes(share >= MOST), explanation


def _recorded_by_outcome(tables: CheckedTables, cases: pl.DataFrame, limits: Leakage):
    limit, known = limits.as_at_extract_share, "known only as at the extract date"
    for attribute in AS_AT_EXTRACT:
        if attribute not in BLANK:
            reason = f"{known}; a child in no family cannot be distinguished from an only child"
            yield "recorded_by_outcome", attribute, np.nan, limit, NOT_CHECKED, reason
        elif (found := blank_by_outcome(tables, cases, attribute)) is None:
            reason = f"{known}; too few cases to tell whether blanks depend on the outcome"
            yield "recorded_by_outcome", attribute, np.nan, limit, NOT_CHECKED, reason
        else:
            difference, clear = found
            reason = f"{known}; how much more often it is blank without the outcome than with it, in tenths"
            flag = _yes(clear and abs(difference) >= limit)
            yield "recorded_by_outcome", attribute, round(difference, DECIMALS) + 0.0, limit, flag, reason


def _single_predictor(cases: pl.DataFrame, structured: pl.DataFrame, limits: Leakage, scores: dict):
    outcome, limit = cases["outcome"].to_numpy(), limits.single_predictor_auc
    whole = max((average_precision for _, average_precision in scores.values()), default=np.inf)
    alone = {
        name: risk_direction(structured[name].to_numpy(), outcome) for name in structured.columns if name != "case_id"
    }
    aucs = {name: auc_of_one(values, outcome) for name, values in alone.items()}
    for name in sorted(aucs, key=aucs.get, reverse=True)[:PREDICTORS_SHOWN]:
        strong = aucs[name] >= limit
        most = average_precision_score(outcome, alone[name]) >= limits.share_of_full_model * whole
        flagged = "yes" if strong and most else "review" if strong or most else "no"
        explanation = "AUC of this predictor alone, in the direction that tells outcomes apart" + (
            "; alone it has nearly the whole model's average precision" if most else ""
        )
        yield "single_predictor", name, aucs[name], limit, flagged, explanation


def _too_good(limits: Leakage, scores: dict):
    for slug, (auc, _) in scores.items():
        explanation = "AUC on the test cases; such records have not honestly given more than the limit"
        yield "too_good", slug, auc, limits.too_good_auc, _yes(auc >= limits.too_good_auc), explanation


def _train_v_test(cases: pl.DataFrame, structured: pl.DataFrame, protocol: Protocol, models: Mapping[str, Any]):
    limit, found = protocol.leakage.train_test_auc, {}
    for slug, model in models.items():
        split = (model.split.train.tobytes(), model.split.test.tobytes())
        if split not in found:
            found[split] = _auc_of_split(cases, structured, model.split, seed=protocol.seeds.analysis)
        explanation = "AUC of telling test cases from training cases: .5 if they are alike; more is drift in time"
        yield "train_v_test", slug, found[split], limit, _yes(found[split] >= limit), explanation


def risk_direction(values: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """A predictor turned so that more of it means more risk; a value not recorded counts as less than any other.

    Parameters
    ----------
    values : ndarray of float, shape (cases,)
        One predictor.
    outcome : ndarray of bool, shape (cases,)

    Returns
    -------
    ndarray
    """
    filled = np.nan_to_num(values, nan=-1.0)
    return filled if auc_of_one(filled, outcome) >= 0.5 else -filled


def auc_of_one(values: np.ndarray, outcome: np.ndarray) -> float:
    """AUC of one predictor: the share of pairs, one case with and one without the outcome, that it puts in order.

    One half where there is no pair.

    Parameters
    ----------
    values : ndarray of float, shape (cases,)
        One predictor.
    outcome : ndarray of bool, shape (cases,)

    Returns
    -------
    float

    >>> auc_of_one(np.array([0.0, 1.0, 1.0, 2.0]), np.array([False, False, True, True]))
    0.875
    """
    positives = int(outcome.sum())
    negatives = len(outcome) - positives
    if positives == 0 or negatives == 0:
        return 0.5
    return float((rankdata(values)[outcome].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def _test_scores(cases: pl.DataFrame, model: Any) -> tuple[float, float]:
    outcome = cases["outcome"].to_numpy()[model.split.test]
    return roc_auc_score(outcome, model.test_risk), average_precision_score(outcome, model.test_risk)


def _auc_of_split(cases: pl.DataFrame, structured: pl.DataFrame, split: Any, *, seed: int) -> float:
    """Out-of-fold AUC of a logistic regression that tells test from training cases, families kept together.

    NaN where either side has fewer than `FEWEST_FAMILIES` families.
    """
    rows = np.concatenate([split.train, split.test])
    is_test = np.repeat([False, True], [len(split.train), len(split.test)])
    sample = np.random.default_rng(seed).permutation(len(rows))[:ROWS_TO_TELL_APART]
    rows, is_test = rows[sample], is_test[sample]
    families = cases["family_id"].to_numpy()[rows]
    if min(len(set(families[is_test])), len(set(families[~is_test]))) < FEWEST_FAMILIES:
        return np.nan
    values = np.nan_to_num(structured.drop("case_id").to_numpy()[rows], nan=-1.0)
    classifier = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=500))
    folds = StratifiedGroupKFold(3, shuffle=True, random_state=seed)
    risk = cross_val_predict(classifier, values, is_test, groups=families, cv=folds, method="predict_proba")
    return float(roc_auc_score(is_test, risk[:, 1]))


def _yes(flag: bool) -> str:
    return "yes" if flag else "no"
