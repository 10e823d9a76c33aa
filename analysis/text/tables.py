"""What may be shown of the documents: topics and vulnerabilities that enough families share."""

import numpy as np
import pandas as pd
import polars as pl
from sklearn.metrics import roc_auc_score

from analysis.protocol import Protocol
from analysis.text.documents import CaseDocuments, documents_table
from analysis.text.language import unfitted_text
from analysis.text.published_words import may_be_shown
from analysis.text.words import FittedTextFeatures, TextFeatures

TERMS_SHOWN = 8  # of a topic, where its words are listed (ours)
SHARE_OF_TOPICS = 0.1  # a case is on a topic that is at least this share of all its topics together (ours)


def topic_table(fitted: FittedTextFeatures, cases: pl.DataFrame, *, families_per_term: int) -> pd.DataFrame:
    """The released table `topics`: each topic's top words, its families, and how well it alone tells outcomes apart.

    A word is shown only where it is a general English word or of the lexicon, is not written as a name, and at least
    `families_per_term` families use it; a topic only where as many families are on it and some word of it can be
    shown. When it misleads: a topic is a set of words often used together; its
    meaning is the reader's guess.

    Parameters
    ----------
    fitted : FittedTextFeatures
        Words and topics learned from training cases.
    cases : polars.DataFrame
        All cases in order of case_id, with family_id and outcome.
    families_per_term : int

    Returns
    -------
    pandas.DataFrame
        topic (numbered from 1), terms, families, auc.
    """
    if fitted.topics is None:
        return pd.DataFrame(columns=["topic", "terms", "families", "auc"])
    every_case = np.arange(cases.height)
    weights = fitted.topic_weights(fitted.words(every_case))
    share = weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-12)
    family, outcome = _family_codes(cases), cases["outcome"].to_numpy()
    shown = _families_per_column(fitted.counts.counts[:, fitted.chosen] > 0, family) >= families_per_term
    words = fitted.counts.words[fitted.chosen]
    shown &= may_be_shown(words, fitted.counts.written_as_names)
    rows = []
    for number, of_topic in enumerate(fitted.topics.components_):
        families = len(np.unique(family[share[:, number] >= SHARE_OF_TOPICS]))
        strongest = np.argsort(-of_topic, kind="stable")[:TERMS_SHOWN]
        terms = [words[word] for word in strongest if shown[word] and of_topic[word] > 0]
        if families >= families_per_term and terms:
            rows.append((number + 1, ", ".join(terms), families, roc_auc_score(outcome, weights[:, number])))
    return pd.DataFrame(rows, columns=["topic", "terms", "families", "auc"])


def vulnerability_table(
    values: np.ndarray, names: list[str], cases: pl.DataFrame, *, families_per_term: int
) -> pd.DataFrame:
    """The released table `vulnerabilities`: cases whose documents affirm each concept, and their outcomes.

    Parameters
    ----------
    values, names
        As `unfitted_text` or `vulnerabilities` returns them, one row per case.
    cases : polars.DataFrame
        In the same order, with family_id and outcome.
    families_per_term : int
        A concept found in fewer families is left out.

    Returns
    -------
    pandas.DataFrame
        concept, cases, positives, prevalence.
    """
    family, outcome = _family_codes(cases), cases["outcome"].to_numpy()
    rows = []
    for column, name in enumerate(names):
        if not name.endswith(("(child)", "(parent)")):
            continue
        found = values[:, column] > 0
        if len(np.unique(family[found])) >= families_per_term:
            rows.append((name, int(found.sum()), int(outcome[found].sum())))
    table = pd.DataFrame(rows, columns=["concept", "cases", "positives"])
    return table.assign(prevalence=table["positives"] / table["cases"])


def text_tables(
    documents: CaseDocuments, features: TextFeatures, cases: pl.DataFrame, train: np.ndarray, protocol: Protocol
) -> dict[str, pd.DataFrame]:
    """What the documents are and say: documents, topics (learned from the training rows) and vulnerabilities.

    Nothing where no case has a document.

    Parameters
    ----------
    documents : CaseDocuments
        Of all cases, in the order of case_id.
    features : TextFeatures
        Of the same documents.
    cases : polars.DataFrame
        In the same order, with family_id and outcome.
    train : ndarray of int, shape (training cases,)
        Rows of `cases`.
    protocol : Protocol
        Its section on disclosure says how many families a word, a topic or a concept needs.

    Returns
    -------
    dict of str to pandas.DataFrame
        By name, not yet under disclosure control.
    """
    if documents.documents.is_empty():
        return {}
    families = protocol.disclosure.families_per_term
    values, names = unfitted_text(documents)
    return {
        "documents": documents_table(documents),
        "topics": topic_table(features.fit(train), cases, families_per_term=families),
        "vulnerabilities": vulnerability_table(values, names, cases, families_per_term=families),
    }


def _family_codes(cases: pl.DataFrame) -> np.ndarray:
    return np.unique(cases["family_id"].to_numpy(), return_inverse=True)[1]


def _families_per_column(used, family: np.ndarray) -> np.ndarray:
    """How many families use each word: `used` is a boolean sparse matrix, cases x words."""
    pairs = used.tocoo()
    unique = np.unique(np.column_stack([family[pairs.row], pairs.col]), axis=0)
    return np.bincount(unique[:, 1], minlength=used.shape[1])
