"""What the text alone was worth, without the words or the days that may give the outcome away."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
import polars as pl

from analysis.cohort.cases import Cohort
from analysis.leakage.masking import giveaway_variants
from analysis.model import Cases, FittedDesign, risks_of_test_cases
from analysis.model.predictors import build_predictors
from analysis.performance import performance
from analysis.protocol import Protocol
from analysis.schemas import CheckedTables

TEXT = "text_and_structured"


def text_leakage(
    tables: CheckedTables,
    cohort: Cohort,
    structured: pl.DataFrame,
    designs: Mapping[str, FittedDesign],
    protocol: Protocol,
) -> dict[str, pd.DataFrame]:
    """The released table `give_away`: what the text's models score without the words or the days that may tell.

    None where no model reads text.

    Each design with text fits its chosen model again on texts with outcome-bearing terms masked, and on texts
    without the documents of the last days before the index date. When it misleads: a term masked may also be honest
    history; a fall says that the audit has something to look at, not that there was leakage.

    Parameters
    ----------
    tables : CheckedTables
        The authority's checked tables.
    cohort : Cohort
    structured : polars DataFrame
        Structured predictors, one row per case.
    designs : dict of str to FittedDesign
        By the design's slug.
    protocol : Protocol

    Returns
    -------
    dict of table name -> DataFrame
    """
    cases = Cases.of(cohort.cases)
    rows = []
    if all(fitted.design.predictors != TEXT for fitted in designs.values()):
        return {}
    for (audit, lag_days), documents in giveaway_variants(tables, cohort.cases, protocol.text).items():
        # As registered the fit is the design's own: the same candidate on the same documents.
        known = None if audit == "as_registered" else build_predictors(structured, documents, protocol)
        for slug, fitted in designs.items():
            if fitted.design.predictors != TEXT:
                continue
            chosen, risk = fitted.search.chosen.candidate, fitted.test_risk
            if known is not None:
                risk = risks_of_test_cases(chosen, known, TEXT, cases, fitted.split)
            scores = performance({slug: replace(fitted, test_risk=risk)}, cases, protocol)
            rows.append(scores[scores["metric"].eq("average_precision")].assign(audit=audit, lag_days=lag_days))
    names = {f"value{end}": f"average_precision{end}" for end in ("", "_low", "_high")}
    return {"give_away": pd.concat(rows, ignore_index=True).rename(columns=names).drop(columns=["metric", "chance"])}
