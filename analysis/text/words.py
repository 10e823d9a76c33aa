"""Words and topics: counted once for all cases, learned from the training cases of a fold alone.

Counting words is not learning, so the documents are split into words once. Which words are kept, how much each one
weighs and which topics they form is learned by `TextFeatures.fit` from the rows it is given and nothing else.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import sparse
from sklearn.decomposition import NMF
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from analysis.protocol.values import Text
from analysis.text.documents import CaseDocuments

_REDACTED = r"\[[^\[\]]*\]"
_WORD = r"[a-z]{3,}"
# Words with a capital that follow a word, a comma or a bracket: not the first of a sentence.
_CAPITALS_INSIDE = r"[a-z0-9,;)\]] (?:[A-Z][A-Za-z'’-]+(?: |\b))+"
FEWEST_CASES = 5  # training cases that use a word, for it to be a feature (ours)
LARGEST_SHARE = 0.8  # of the training cases with documents; a word of more of them tells nothing apart (ours)
CASES_FOR_TOPICS = 4000  # training cases that topics are learned from, at most: more did not change them (ours)
DOCUMENTS_AT_ONCE = 2000  # split into words at a time, so that memory does not grow with the extract


@dataclass(frozen=True)
class WordCounts:
    """How often each case's documents use each word.

    Attributes
    ----------
    counts : scipy.sparse.csr_matrix of float32, shape (cases, words)
    words : ndarray of str
        In alphabetical order; common English words are left out.
    written_as_names : frozenset of str
        Words that more than half of the time stand with a capital inside a sentence.
    """

    counts: sparse.csr_matrix
    words: np.ndarray
    written_as_names: frozenset[str] = frozenset()


def word_counts(documents: CaseDocuments) -> WordCounts:
    """Count the words of each case's documents. What was redacted counts as no word."""
    texts = documents.documents.select("text").with_row_index("document")
    found = pl.concat([_count_words(some) for some in texts.iter_slices(DOCUMENTS_AT_ONCE)] or [_count_words(texts)])
    words = found["word"].unique().sort()
    column = found["word"].cast(pl.Enum(words)).to_physical().to_numpy()
    by_document = sparse.csr_matrix(
        (found["count"].to_numpy().astype(np.float32), (found["document"].to_numpy(), column)),
        shape=(texts.height, words.len()),
    )
    counts = (documents.link.astype(np.float32) @ by_document).tocsr()
    counts.sort_indices()
    return WordCounts(counts, words.to_numpy().astype(str), _written_as_names(texts, found))


def _written_as_names(texts: pl.DataFrame, found: pl.DataFrame) -> frozenset[str]:
    plain = texts["text"].str.replace_all(_REDACTED, " ")
    runs = plain.str.extract_all(_CAPITALS_INSIDE).explode(empty_as_null=True).drop_nulls()
    capitals = runs.str.to_lowercase().str.extract_all(_WORD).explode(empty_as_null=True).drop_nulls()
    capital_uses = capitals.rename("word").value_counts(name="capitals")
    uses = found.group_by("word").agg(pl.col("count").sum()).join(capital_uses, on="word")
    return frozenset(uses.filter(2 * pl.col("capitals") > pl.col("count"))["word"])


def _count_words(texts: pl.DataFrame) -> pl.DataFrame:
    """document, word, count of some documents."""
    text = pl.col("text").str.to_lowercase().str.replace_all(_REDACTED, " ")
    return (
        texts.select("document", text.str.extract_all(_WORD).alias("word"))
        .explode("word")
        .drop_nulls()
        .filter(~pl.col("word").is_in(sorted(ENGLISH_STOP_WORDS)))
        .group_by("document", "word")
        .agg(pl.len().alias("count"))
    )


@dataclass(frozen=True)
class FittedTextFeatures:
    """Words, weights and topics learned from some rows.

    Attributes
    ----------
    counts : WordCounts
    chosen : ndarray of int, shape (words,)
        The columns of `counts` that were kept.
    weights : ndarray of float32, shape (words,)
        Inverse document frequency of each.
    topics : NMF or None
    """

    counts: WordCounts
    chosen: np.ndarray
    weights: np.ndarray
    topics: NMF | None

    @property
    def names(self) -> list[str]:
        words = [f"word: {word}" for word in self.counts.words[self.chosen]]
        return words + [f"topic: {number + 1}" for number in range(self.number_of_topics)]

    @property
    def number_of_topics(self) -> int:
        return 0 if self.topics is None else self.topics.n_components_

    def transform(self, rows: np.ndarray) -> sparse.csr_matrix:
        """Words (TF-IDF, each row of length 1) and topics of these rows: float32, shape (rows, words + topics)."""
        words = self.words(rows)
        return sparse.hstack([words, sparse.csr_matrix(self.topic_weights(words))], format="csr", dtype=np.float32)

    def words(self, rows: np.ndarray) -> sparse.csr_matrix:
        """The weighted words of these cases, one row each."""
        return _weighted(self.counts.counts[rows][:, self.chosen], self.weights)

    def topic_weights(self, words: sparse.csr_matrix) -> np.ndarray:
        """How much of each topic there is in each row; 0 in a row without words."""
        if self.topics is None:
            return np.zeros((words.shape[0], 0), np.float32)
        return self.topics.transform(words).astype(np.float32)


class TextFeatures:
    """Words and topics, as a transformer of row numbers that is fitted within a fold.

    Parameters
    ----------
    counts : WordCounts
        Of all cases; only the rows given to `fit` are learned from.
    text : Text
        The protocol's numbers of words and topics.
    seed : int
        Of the sample and the start from which topics are found.
    """

    def __init__(self, counts: WordCounts, text: Text, *, seed: int):
        self.counts, self.text, self.seed = counts, text, seed
        self._fitted: dict[bytes, FittedTextFeatures] = {}

    def __getstate__(self) -> dict:
        """Without what it was fitted on so far, so that it is the same before and after."""
        return self.__dict__ | {"_fitted": {}}

    def fit(self, rows: np.ndarray) -> FittedTextFeatures:
        """Learn words, weights and topics from these rows; only once from the same rows."""
        key = rows.tobytes()
        if key not in self._fitted:
            self._fitted[key] = self._fit(rows)
        return self._fitted[key]

    def _fit(self, rows: np.ndarray) -> FittedTextFeatures:
        training = self.counts.counts[rows]
        chosen = _choose_words(training, self.text.words)
        training = training[:, chosen]
        training = training[np.diff(training.indptr) > 0]
        weights = _inverse_document_frequency(training)
        topics = self._fit_topics(_weighted(training, weights))
        return FittedTextFeatures(self.counts, chosen, weights, topics)

    def fit_transform(self, rows: np.ndarray) -> sparse.csr_matrix:
        """Learn from these rows, and give their features."""
        return self.fit(rows).transform(rows)

    def _fit_topics(self, words: sparse.csr_matrix) -> NMF | None:
        number = min(self.text.topics, *words.shape)
        if number < 2:
            return None
        sample = np.random.default_rng(self.seed).permutation(words.shape[0])[:CASES_FOR_TOPICS]
        topics = NMF(number, init="nndsvda", tol=1e-3, max_iter=300, random_state=self.seed)
        return topics.fit(words[np.sort(sample)])


def _choose_words(counts: sparse.csr_matrix, number: int) -> np.ndarray:
    """The words used by most cases, of those neither too rare nor in nearly every document; ties alphabetically."""
    cases = np.bincount(counts.indices, minlength=counts.shape[1])
    with_text = int((np.diff(counts.indptr) > 0).sum())
    allowed = np.flatnonzero((cases >= FEWEST_CASES) & (cases <= LARGEST_SHARE * with_text))
    most_used = allowed[np.argsort(-cases[allowed], kind="stable")][:number]
    return np.sort(most_used)


def _inverse_document_frequency(counts: sparse.csr_matrix) -> np.ndarray:
    """ln((1 + cases) / (1 + cases that use the word)) + 1, as scikit-learn has it."""
    used = np.bincount(counts.indices, minlength=counts.shape[1])
    return (np.log((1 + counts.shape[0]) / (1 + used)) + 1).astype(np.float32)


def _weighted(counts: sparse.csr_matrix, weights: np.ndarray) -> sparse.csr_matrix:
    """TF-IDF, each row divided by its length; a row without words stays 0."""
    words = (counts @ sparse.diags(weights)).tocsr().astype(np.float32)
    length = np.sqrt(np.asarray(words.multiply(words).sum(axis=1)).ravel())
    return (sparse.diags(1 / np.maximum(length, 1e-12)) @ words).tocsr().astype(np.float32)
