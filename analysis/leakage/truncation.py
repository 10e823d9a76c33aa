"""What the predictors would be had the record stopped the day before the index date."""

from dataclasses import replace

import numpy as np
import polars as pl

from analysis.cohort.predictor_values import predictors
from analysis.protocol.values import Protocol
from analysis.schemas import CheckedTables
from analysis.text.documents import CaseDocuments, documents_before

DATES_TRIED = 12  # index dates; all of them would take as long again for each (ours)


def share_changed_by_the_future(
    tables: CheckedTables,
    cases: pl.DataFrame,
    structured: pl.DataFrame,
    protocol: Protocol,
    documents: CaseDocuments | None,
) -> dict[str, float]:
    """The share of sampled cases whose predictors, or texts, depend on anything dated on or after the index date.

    For a dozen index dates spread over the study, all that is dated on or after that day is taken out of the tables
    (of the supplied counts, what is dated after it) and the predictors are computed again.

    Parameters
    ----------
    tables : CheckedTables
        The authority's checked tables.
    cases : polars DataFrame
        One row per case, as `build_cohort` makes it.
    structured : polars DataFrame
        Structured predictors, one row per case.
    protocol : Protocol
    documents : CaseDocuments
        Documents of each case, up to its index date.

    Returns
    -------
    dict of str to float
        "structured predictors" and, where there are documents, "documents".
    """
    texts = None if documents is None else np.array(documents.texts, dtype=object)
    changed, changed_texts, tried = 0, 0, 0
    for day, rows in _spread_dates(cases):
        past, then = _until(tables, day), cases[rows].with_columns(case_id=pl.int_range(pl.len(), dtype=pl.Int64))
        with_counts = any(name.startswith("supplied_") for name in structured.columns)
        again = predictors(past, then, supplied_counts=with_counts).drop("case_id").to_numpy()
        before = structured.drop("case_id")[rows].to_numpy()
        changed += int((~((again == before) | (np.isnan(again) & np.isnan(before)))).any(axis=1).sum())
        if texts is not None:
            reread = documents_before(past, then, protocol.text, lag_days=protocol.text.lag_days).texts
            changed_texts += int((np.array(reread, dtype=object) != texts[rows]).sum())
        tried += len(rows)
    shares = {"structured predictors": changed / tried}
    return shares if texts is None else shares | {"documents": changed_texts / tried}


def _spread_dates(cases: pl.DataFrame) -> list:
    """A dozen index dates at equal steps through the cases, each with the rows of its cases."""
    positions = np.unique(np.linspace(0, cases.height - 1, DATES_TRIED).astype(int))
    days = cases["index_date"][positions].unique().sort()
    rows = cases.with_row_index("row")
    return [(day, rows.filter(pl.col("index_date") == day)["row"].to_numpy()) for day in days]


def _until(tables: CheckedTables, day) -> CheckedTables:
    """The tables as they would be had nothing been recorded from `day` on (supplied counts: after it)."""
    return replace(
        tables,
        events=tables.events.filter(pl.col("date") < day),
        supplied_counts=tables.supplied_counts.filter(pl.col("date") <= day),
        documents=tables.documents.filter(pl.col("date") < day),
    )
