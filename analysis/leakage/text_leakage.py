"""What the text alone was worth, without the words or the days that may give the outcome away."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
import polars as pl

from analysis.cohort.cases import Cohort
from analysis.leakage.masking import mask_giveaway_terms
from analysis.model import Cases, FittedDesign, risks_of_test_cases
from analysis.model.predictors import build_predictors
from analysis.performance import performance
from analysis.protocol import Protocol
from analysis.schemas import CheckedTables
from analysis.text.documents import documents_before

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
    for audit, lag_days, documents in _audits(tables, cohort, protocol):
        known = build_predictors(structured, documents, protocol)
        for slug, fitted in designs.items():
            if fitted.design.predictors != TEXT:
                continue
            risk = risks_of_test_cases(fitted.search.chosen.candidate, known, TEXT, cases, fitted.split)
            scores = performance({slug: replace(fitted, test_risk=risk)}, cases, protocol)
            rows.append(scores[scores["metric"].eq("average_precision")].assign(audit=audit, lag_days=lag_days))
    names = {f"value{end}": f"average_precision{end}" for end in ("", "_low", "_high")}
    return {"give_away": pd.concat(rows, ignore_index=True).rename(columns=names).drop(columns=["metric", "chance"])}


def _audits(tables: CheckedTables, cohort: Cohort, protocol: Protocol):
    registered = protocol.text.lag_days
    for lag_days in sorted({registered, *protocol.text.audit_lags_days}):
        documents = documents_before(tables, cohort.cases, protocol.text, lag_days=lag_days)
        if lag_days == registered:
            yield "as_registered", lag_days, documents
            yield "terms_masked", lag_days, documents.rewritten(mask_giveaway_terms)
        else:
            yield "lag", lag_days, documents
