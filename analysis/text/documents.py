"""The documents that could be read about each case before its index date."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import polars as pl
from scipy import sparse

from analysis.protocol.values import Text
from analysis.schemas import DOCUMENT_KINDS, CheckedTables


@dataclass(frozen=True)
class CaseDocuments:
    """The documents of a set of cases, each text held once however many cases it belongs to.

    Attributes
    ----------
    documents : polars.DataFrame
        kind and text of each document, one row each.
    link : scipy.sparse.csr_matrix of bool, shape (cases, documents)
        Which documents belong to which case: the most recent ones, as many as the protocol reads.
    available : ndarray of int, shape (cases,)
        How many documents there were before the index date, read or not.
    days_since_last : ndarray of float, shape (cases,)
        Days from the latest document to the index date; NaN where there is none.
    """

    documents: pl.DataFrame
    link: sparse.csr_matrix
    available: np.ndarray
    days_since_last: np.ndarray

    @property
    def texts(self) -> list[str]:
        """Each case's documents as one text, oldest first; empty where there are none."""
        texts = self.documents["text"].to_list()
        starts = self.link.indptr
        return [
            "\n\n".join(texts[document] for document in self.link.indices[first:last])
            for first, last in zip(starts, starts[1:], strict=False)
        ]

    def rewritten(self, rewrite: Callable[[list[str]], list[str]]) -> "CaseDocuments":
        """The same documents with each text rewritten, e.g. by `mask_giveaway_terms`."""
        text = pl.Series("text", rewrite(self.documents["text"].to_list()), dtype=pl.String)
        return replace(self, documents=self.documents.with_columns(text))


def documents_before(tables: CheckedTables, cases: pl.DataFrame, text: Text, *, lag_days: int) -> CaseDocuments:
    """The child's own documents dated before the index date minus `lag_days`, the most recent ones.

    A document written on the index date itself is never read: it may describe the decision. When it misleads: a
    document may have been finished later than it is dated; reading with a lag of some days shows what that would do.

    Parameters
    ----------
    tables : CheckedTables
    cases : polars.DataFrame
        With case_id (0 to n - 1, in order), child_id and index_date.
    text : Text
        The protocol's rules; `documents_per_case` are read.
    lag_days : int
        Days before the index date that are left out, 0 or more.

    Returns
    -------
    CaseDocuments
        One row of `link`, `available` and `days_since_last` per case, in the order of case_id.
    """
    documents = tables.documents.sort("child_id", "date", "kind", "text").with_row_index("document")
    read_until = pl.col("index_date") - pl.duration(days=lag_days)
    pairs = (
        cases.select("case_id", "child_id", "index_date")
        .join(documents.select("document", "child_id", "date"), on="child_id")
        .filter(pl.col("date") < read_until)
        .sort("case_id", "document")
    )
    latest = pairs.group_by("case_id", maintain_order=True).tail(text.documents_per_case)
    used = latest["document"].unique().sort()
    counts = pairs.group_by("case_id").agg(
        pl.len().alias("available"), (pl.col("index_date") - pl.col("date")).dt.total_days().min().alias("days")
    )
    counts = cases.select("case_id").join(counts, on="case_id", how="left", maintain_order="left")
    column = np.searchsorted(used.to_numpy(), latest["document"].to_numpy())
    ones = np.ones(latest.height, bool)
    return CaseDocuments(
        documents=documents[used].select("kind", "text"),
        link=sparse.csr_matrix((ones, (latest["case_id"].to_numpy(), column)), shape=(cases.height, used.len())),
        available=counts["available"].fill_null(0).to_numpy(),
        days_since_last=counts["days"].cast(pl.Float64).to_numpy(),
    )


def documents_table(documents: CaseDocuments) -> pd.DataFrame:
    """The released table `documents`: how many documents of each kind were read, and for how many cases."""
    kinds = documents.documents["kind"].to_numpy()
    rows = []
    for kind in DOCUMENT_KINDS:
        of_kind = kinds == kind
        cases = int((documents.link @ of_kind.astype(int) > 0).sum())
        rows.append((kind, int(of_kind.sum()), cases))
    return pd.DataFrame(rows, columns=["kind", "documents", "cases"])
