"""A tool that an authority has or is offered, by its scores: judged on the same cases and in the same tables as models.

A score needs no training here, so every case that had one before its index date is a test case. The models and the
yardsticks it is compared with give each of these cases the risk of a fit that saw none of its family.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import polars as pl

from analysis.cohort.supplied_scores import NO_SCORE, SCORED, TOO_LATE
from analysis.model import Cases, FittedDesign
from analysis.model.yardsticks import fit_yardsticks
from analysis.performance.chance import chance
from analysis.performance.comparisons import paired_difference, settled_p_value, verdict
from analysis.performance.curves import calibration, decision_curve, precision_recall_curve, roc_curve, thresholds
from analysis.performance.metrics import operating_point, performance, sample
from analysis.performance.ranking import average_precision
from analysis.performance.resampling import (
    TestCases,
    estimate,
    family_weights,
    minimum_detectable_difference,
    with_point,
)
from analysis.performance.scored_cases import PROBABILITY, SuppliedScore, supplied_score
from analysis.performance.subgroups import subgroups
from analysis.protocol.values import Protocol

NEED_A_PROBABILITY = ("brier_score", "calibration_intercept", "calibration_slope", "observed_expected_ratio")
OTHER_VERSIONS = "other versions"
COMPARISON = ["rival", "cases", "positives", "tool_average_precision", "rival_average_precision", "difference"]
COMPARISON += ["difference_low", "difference_high", "minimum_detectable_difference", "p_value", "verdict"]


def score_tables(
    found: pl.DataFrame,
    designs: Mapping[str, FittedDesign],
    structured: pl.DataFrame,
    cases: Cases,
    characteristics: pd.DataFrame,
    protocol: Protocol,
) -> dict[str, pd.DataFrame]:
    """What is known of the scores, by table; rows of tables that models have, too, under the design "supplied_score".

    Only how many cases have a score is given where no case with one had the outcome, or all had.

    Parameters
    ----------
    found : polars.DataFrame
        As `analysis.cohort.supplied_scores.scores_before` returns it.
    designs : mapping of str to FittedDesign
    structured : polars.DataFrame
        The structured predictors, one row per case in the order of the cases.
    cases : Cases
    characteristics : pandas.DataFrame
        One row per case, one column per characteristic of the protocol.
    protocol : Protocol

    Returns
    -------
    dict of str to pandas.DataFrame
        Empty where no score was supplied.
    """
    if set(found["status"]) == {NO_SCORE}:
        return {}
    scored = found["status"].to_numpy() == SCORED
    outcome = cases.outcome[scored]
    if not 0 < outcome.sum() < len(outcome):
        return {"score_coverage": coverage(found, cases, "")}
    tool = supplied_score(found["score"].to_numpy()[scored], np.flatnonzero(scored), designs, protocol)
    one = {tool.slug: tool}
    tables = {
        "score_coverage": coverage(found, cases, tool.scale),
        "score_versions": versions(found, cases, protocol),
        "score_comparisons": compared(tool, rivals(designs, structured, cases, protocol), cases, protocol),
        "sample": sample(one, cases),
        "performance": performance(one, cases, protocol),
        "chance": chance(one, cases, protocol),
        "operating_point": operating_point(one, cases, protocol),
        "precision_recall_curve": precision_recall_curve(one, cases, protocol),
        "roc_curve": roc_curve(one, cases, protocol),
        "thresholds": thresholds(one, cases),
        "subgroups": subgroups(one, cases, characteristics, protocol),
    }
    if tool.scale == PROBABILITY:
        tables["calibration"] = calibration(one, cases, protocol)
        tables["decision_curve"] = decision_curve(one, cases, protocol)
    else:
        metrics = tables["performance"]
        tables["performance"] = metrics[~metrics["metric"].isin(NEED_A_PROBABILITY)]
    return tables


def coverage(found: pl.DataFrame, cases: Cases, scale: str) -> pd.DataFrame:
    """How many cases had a score in time, only too late, or not at all: the table "score_coverage".

    Parameters
    ----------
    found : polars DataFrame
    cases : Cases
    scale : str

    Returns
    -------
    DataFrame
    """
    status = found["status"].to_numpy()
    rows = []
    for name in (SCORED, TOO_LATE, NO_SCORE):
        outcome = cases.outcome[status == name]
        counted = {"status": name, "cases": len(outcome), "positives": int(outcome.sum())}
        rows.append(counted | {"prevalence": outcome.mean() if len(outcome) else np.nan})
    return pd.DataFrame(rows).assign(scale=[scale, "", ""])


def versions(found: pl.DataFrame, cases: Cases, protocol: Protocol) -> pd.DataFrame:
    """How many cases were scored by each version of the tool: the table "score_versions".

    A version that scored too few families to be named is counted among the others: what stands in that column may be
    anything.

    Parameters
    ----------
    found : polars DataFrame
    cases : Cases
    protocol : Protocol

    Returns
    -------
    DataFrame
    """
    frame = found.to_pandas().assign(outcome=cases.outcome, family=cases.family)
    frame = frame[frame["status"].eq(SCORED)]
    families = frame.groupby("version")["family"].transform("nunique")
    named = frame["version"].where(families >= protocol.disclosure.families_per_term, OTHER_VERSIONS)
    groups = frame.assign(version=named).groupby("version", sort=True)
    counted = groups.agg(cases=("outcome", "size"), positives=("outcome", "sum"), median_days=("days", "median"))
    return counted.reset_index()


def rivals(
    designs: Mapping[str, FittedDesign], structured: pl.DataFrame, cases: Cases, protocol: Protocol
) -> dict[str, np.ndarray]:
    """Risks of every case by what a score is compared with, from fits that saw none of its family.

    The models that learned from the same cases as the registered design, out of fold or on test; and the yardsticks, in
    the same folds. A yardstick that could not be made of the training cases is left out.

    Parameters
    ----------
    designs : dict of str to FittedDesign
        By the design's slug.
    structured : polars DataFrame
        Structured predictors, one row per case.
    cases : Cases
    protocol : Protocol

    Returns
    -------
    dict of str to ndarray
    """
    learned_from = protocol.scores.flagged_as_many_as.learned_from
    alike = {slug: design for slug, design in designs.items() if design.design.learned_from == learned_from}
    split = designs[protocol.scores.flagged_as_many_as.slug].split
    found = {slug: design.out_of_sample_risk for slug, design in alike.items()}
    simple: dict[str, np.ndarray] = {}
    for train, apply_to in (*split.folds, (split.train, split.test)):
        for name, yardstick in fit_yardsticks(structured, cases, train, apply_to, protocol).items():
            if yardstick.predictors:
                simple.setdefault(name, np.full(len(cases), np.nan))[apply_to] = yardstick.risk
    return found | simple


def compared(tool: SuppliedScore, others: Mapping[str, np.ndarray], cases: Cases, protocol: Protocol) -> pd.DataFrame:
    """Average precision of the score less that of each rival, on the cases with a score: the table "score_comparisons".

    Interval, p-value and verdict as in the table "comparisons". A rival without a risk for some of these cases is left
    out.

    Parameters
    ----------
    tool : SuppliedScore
    others : mapping of str to ndarray, shape (all cases,)
        As `rivals` makes them.
    cases : Cases
    protocol : Protocol

    Returns
    -------
    DataFrame
    """
    test = TestCases.of(tool, cases)
    weights = with_point(family_weights(test.families, protocol.uncertainty, protocol.seeds.analysis))
    rows = [
        _compared_row(name, risk[test.rows], test, weights, protocol)
        for name, risk in others.items()
        if np.isfinite(risk[test.rows]).all()
    ]
    return pd.DataFrame(rows, columns=COMPARISON)


def with_scores(frames: Mapping[str, pd.DataFrame], scores: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """A page's tables with the rows of the score after those of the models, and the tables that only a score has.

    Parameters
    ----------
    frames : dict of table name -> DataFrame
    scores : Mapping[str, DataFrame]

    Returns
    -------
    dict of table name -> DataFrame
    """
    both = dict(frames)
    for name, rows in scores.items():
        both[name] = pd.concat([frames[name], rows], ignore_index=True) if name in frames else rows
    return both


def _compared_row(name: str, risk: np.ndarray, test: TestCases, weights: np.ndarray, protocol: Protocol) -> dict:
    paired = (test.outcome, test.risk, risk, test.family)
    replicates = paired_difference(*paired, weights)
    found = estimate("difference", replicates, protocol.uncertainty.level)
    p_value, alpha = settled_p_value(protocol, *paired), protocol.comparison.alpha
    return {
        "rival": name,
        "cases": len(test.rows),
        "positives": int(test.outcome.sum()),
        "tool_average_precision": average_precision(test.outcome, test.risk),
        "rival_average_precision": average_precision(test.outcome, risk),
        **found,
        "minimum_detectable_difference": minimum_detectable_difference(replicates, alpha),
        "p_value": p_value,
        "verdict": verdict(found["difference_low"], found["difference_high"], p_value, alpha),
    }
