"""What some predictors were worth to the chosen models: fitted again without them, on the same cases.

Left out are the predictors that the leakage audit flagged, wherever it flagged any, so that what the leak was worth
can be read off; and gender, ethnicity and disability, with structured data alone, because a text may tell them too.
Each model keeps its family and settings: no new search is made.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import polars as pl

from analysis.leakage.recording import BLANK
from analysis.model import Cases, FittedDesign, Predictors, risks_of_test_cases
from analysis.performance.ranking import rank
from analysis.performance.resampling import (
    TestCases,
    estimate,
    family_weights,
    minimum_detectable_difference,
    with_point,
)
from analysis.protocol import Protocol

FLAGGED, PROTECTED = "flagged_predictors", "protected_characteristics"
OF_SUPPLIED_COUNTS = ("as_at_extract", "constant_for_child", "counted_at_export")
COLUMNS = ["design", "left_out", "predictors", "with_them", "with_them_low", "with_them_high"]
COLUMNS += ["without_them", "without_them_low", "without_them_high", "difference", "difference_low", "difference_high"]
COLUMNS += ["minimum_detectable_difference"]


def without_predictors(
    leakage: pd.DataFrame,
    designs: Mapping[str, FittedDesign],
    structured: pl.DataFrame,
    known: Predictors,
    cases: Cases,
    protocol: Protocol,
) -> dict[str, pd.DataFrame]:
    """Average precision with and without the predictors of each kind, by design: the table "without_predictors".

    Parameters
    ----------
    leakage : pandas.DataFrame
        The audit's table, which says what was flagged.
    designs : mapping of str to FittedDesign
    structured : polars.DataFrame
        case_id and the structured predictors, in the order of the columns of `known.structured`.
    known : Predictors
    cases : Cases
    protocol : Protocol

    Returns
    -------
    dict
        The table, by its name; differences are without minus with, of the same draws of families.
    """
    names = [name for name in structured.columns if name != "case_id"]
    rows = [
        _row(designs[slug], left_out, columns, names, known, cases, protocol)
        for left_out, columns, slugs in _kinds(leakage, names, designs)
        for slug in slugs
        if columns
    ]
    return {"without_predictors": pd.DataFrame(rows, columns=COLUMNS)}


def flagged_predictors(leakage: pd.DataFrame, names: Sequence[str]) -> list[str]:
    """Which of the predictors an audit flagged; a flag on a whole model or on the texts names none.

    Parameters
    ----------
    leakage : DataFrame
        The table "leakage".
    names : sequence of str

    Returns
    -------
    list of str

    >>> found = {"check": ["as_at_extract", "too_good"], "subject": ["referrals", "all"], "flagged": "yes"}
    >>> flagged_predictors(pd.DataFrame(found), ["supplied_referrals", "age_years"])
    ['supplied_referrals']
    """
    flags = leakage[leakage["flagged"].eq("yes")]
    subjects = set(flags.loc[flags["check"].eq("single_predictor"), "subject"])
    subjects |= {f"supplied_{name}" for name in flags.loc[flags["check"].isin(OF_SUPPLIED_COUNTS), "subject"]}
    recorded = set(flags.loc[flags["check"].eq("recorded_by_outcome"), "subject"])
    return [name for name in names if name in subjects or name.partition("_")[0] in recorded]


def protected_characteristics(names: Sequence[str]) -> list[str]:
    """The predictors that say a child's gender, ethnicity or disability.

    >>> protected_characteristics(["age_years", "gender_female", "ethnicity_white"])
    ['gender_female', 'ethnicity_white']
    """
    return [name for name in names if name.partition("_")[0] in BLANK]


def _kinds(leakage: pd.DataFrame, names: Sequence[str], designs: Mapping[str, FittedDesign]) -> Iterator[tuple]:
    """What is left out, which columns these are, and from which designs."""
    yield FLAGGED, flagged_predictors(leakage, names), list(designs)
    without_text = [slug for slug, fitted in designs.items() if fitted.design.predictors == "structured"]
    yield PROTECTED, protected_characteristics(names), without_text


def _row(
    fitted: FittedDesign,
    left_out: str,
    columns: Sequence[str],
    names: Sequence[str],
    known: Predictors,
    cases: Cases,
    protocol: Protocol,
) -> dict:
    kept = replace(known, structured=known.structured[:, ~np.isin(names, columns)])
    candidate, seen = fitted.search.chosen.candidate, fitted.design.predictors
    test, level = TestCases.of(fitted, cases), protocol.uncertainty.level
    weights = with_point(family_weights(test.families, protocol.uncertainty, protocol.seeds.analysis))
    before, after = (
        rank(test.outcome, risk, test.family, test.families).average_precision(weights)
        for risk in (test.risk, risks_of_test_cases(candidate, kept, seen, cases, fitted.split))
    )
    return {
        "design": fitted.slug,
        "left_out": left_out,
        "predictors": len(columns),
        **estimate("with_them", before, level),
        **estimate("without_them", after, level),
        **estimate("difference", after - before, level),
        "minimum_detectable_difference": minimum_detectable_difference(after - before, protocol.comparison.alpha),
    }
