"""The predictors of each case, from a cohort's tables to arrays."""

import numpy as np
import polars as pl

from analysis.model.cases import Predictors
from analysis.protocol import Protocol
from analysis.text.documents import CaseDocuments
from analysis.text.language import unfitted_text
from analysis.text.words import TextFeatures, word_counts


def build_predictors(structured: pl.DataFrame, documents: CaseDocuments, protocol: Protocol) -> Predictors:
    """The predictors of each case: structured ones, and the words, topics and features of its documents.

    Parameters
    ----------
    structured : polars DataFrame
        As `analysis.cohort.predictors` makes it.
    documents : CaseDocuments
        Documents of each case, up to its index date.
    protocol : Protocol

    Returns
    -------
    Predictors
    """
    return Predictors(
        structured=structured.drop("case_id").to_numpy().astype(np.float32),
        text_unfitted=unfitted_text(documents)[0],
        text_features=TextFeatures(word_counts(documents), protocol.text, seed=protocol.seeds.analysis),
    )
