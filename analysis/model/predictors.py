"""What a model may see of each case, from a cohort's tables to arrays."""

import numpy as np
import polars as pl

from analysis.model.cases import Predictors
from analysis.protocol import Protocol
from analysis.text.documents import CaseDocuments
from analysis.text.language import unfitted_text
from analysis.text.words import TextFeatures, word_counts


def known_before(structured: pl.DataFrame, documents: CaseDocuments, protocol: Protocol) -> Predictors:
    """What a model may see of each case: structured predictors, and its documents' words, topics and features."""
    return Predictors(
        structured=structured.drop("case_id").to_numpy().astype(np.float32),
        text_unfitted=unfitted_text(documents)[0],
        text_features=TextFeatures(word_counts(documents), protocol.text, seed=protocol.seeds.analysis),
    )
