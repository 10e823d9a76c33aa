"""From a cohort to what a model may learn from, and what the text alone was worth: cohort and model joined.

`analysis.cohort` knows tables, `analysis.model` and `analysis.performance` know arrays; only here do both meet.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import polars as pl

from analysis.cohort import Cohort, outcome_by_year, predictors_table
from analysis.leakage.masking import mask_giveaway_terms
from analysis.model import Cases, FittedDesign, Predictors, risks_of_test_cases
from analysis.performance import performance
from analysis.protocol import Protocol
from analysis.schemas import CheckedTables
from analysis.text.documents import CaseDocuments, documents_before, documents_table
from analysis.text.language import unfitted_text
from analysis.text.tables import topic_table, vulnerability_table
from analysis.text.words import TextFeatures, word_counts

TEXT = "text_and_structured"


def known_before(structured: pl.DataFrame, documents: CaseDocuments, protocol: Protocol) -> Predictors:
    """What a model may see of each case: structured predictors, and its documents' words, topics and features."""
    return Predictors(
        structured=structured.drop("case_id").to_numpy().astype(np.float32),
        text_unfitted=unfitted_text(documents)[0],
        text_features=TextFeatures(word_counts(documents), protocol.text, seed=protocol.seeds.analysis),
    )


def cohort_tables(cohort: Cohort, structured: pl.DataFrame, documents: CaseDocuments) -> dict[str, pd.DataFrame]:
    """Who is in the study and what was known of them: flow, outcome_by_year, predictors and, if any, documents."""
    tables = {
        "flow": cohort.flow,
        "outcome_by_year": outcome_by_year(cohort.cases),
        "predictors": predictors_table([name for name in structured.columns if name != "case_id"]),
    }
    return tables | ({} if documents.documents.is_empty() else {"documents": documents_table(documents)})


def text_tables(
    cohort: Cohort, documents: CaseDocuments, known: Predictors, train: np.ndarray, protocol: Protocol
) -> dict[str, pd.DataFrame]:
    """What the documents were found to say: topics (learned from the training rows) and vulnerabilities.

    Nothing where no case has a document.
    """
    if documents.documents.is_empty():
        return {}
    families = protocol.disclosure.families_per_term
    values, names = unfitted_text(documents)
    return {
        "topics": topic_table(known.text_features.fit(train), cohort.cases, families_per_term=families),
        "vulnerabilities": vulnerability_table(values, names, cohort.cases, families_per_term=families),
    }


def give_away(
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
    """
    cases = Cases.of(cohort.cases)
    rows = []
    if all(fitted.design.predictors != TEXT for fitted in designs.values()):
        return {}
    for audit, lag_days, documents in _audits(tables, cohort, protocol):
        known = known_before(structured, documents, protocol)
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
