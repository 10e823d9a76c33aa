"""How a text is written, in numbers that need no learning: length, sentences, variety, hedging, negation."""

import numpy as np
import polars as pl

from analysis.schemas import NEVER_DAYS
from analysis.text.documents import CaseDocuments
from analysis.text.vulnerabilities import vulnerabilities

_WORDS = r"[A-Za-z'’]+"
# Counted, and given per 100 words.
_PER_100_WORDS = {
    "hedging": r"(?i)\b(may|might|could|perhaps|possibl[ey]|appear\w*|seem\w*|likely|unclear|suggests?)\b",
    "negation": r"(?i)\b(no|not|never|none|nor|neither|without|denied|denies|cannot)\b",
    "obligation": r"(?i)\b(must|should|required|agreed|will need|expected)\b",
    "concern": r"(?i)\b(concern\w*|worr(?:y|ied|ies)|risk\w*|harm\w*|unsafe|danger\w*)\b",
    "strengths": r"(?i)\b(protective|engag\w+|support\w*|positive\w*|strength\w*|safe|warm)\b",
    "reported speech": r"(?i)\b(said|says|stated|states|reported|reports|told|alleg\w+|disclos\w+)\b",
    "past tense": r"(?i)\b(was|were|had|did)\b",
    "numbers": r"\b\d+\b",
    "redactions": r"\[[A-Za-z _-]+\]",
}
_SENTENCES = r"[.!?]+(?:\s|$)"


def linguistic_features(texts: list[str]) -> tuple[np.ndarray, list[str]]:
    """How each text is written. Nothing here is learned from the texts.

    Returns
    -------
    values : ndarray of float32, shape (texts, features)
        Counts of words and sentences, words per sentence, letters per word, share of words that are different
        (Guiraud's: different words / square root of words, steady across lengths), and words of certain kinds per
        100 words. All 0 for an empty text.
    names : list of str
    """
    text = pl.Series("text", texts, dtype=pl.String)
    plain = text.str.replace_all(_PER_100_WORDS["redactions"], " ")
    found = plain.str.to_lowercase().str.extract_all(_WORDS)
    words, letters = found.list.len().to_numpy(), plain.str.count_matches("[A-Za-z]").to_numpy()
    different, sentences = found.list.n_unique().to_numpy(), text.str.count_matches(_SENTENCES).to_numpy()
    some, some_sentences = np.maximum(words, 1), np.maximum(sentences, 1)
    columns = {
        "words": words,
        "sentences": sentences,
        "words per sentence": words / some_sentences,
        "letters per word": letters / some,
        "variety of words": different / np.sqrt(some),
    }
    for name, pattern in _PER_100_WORDS.items():
        columns[f"{name} per 100 words"] = 100 * text.str.count_matches(pattern).to_numpy() / some
    return np.column_stack(list(columns.values())).astype(np.float32), list(columns)


def unfitted_text(documents: CaseDocuments) -> tuple[np.ndarray, list[str]]:
    """Everything about each case's documents that needs no learning, case by case.

    A case's linguistic features are the mean over its documents; a vulnerability is 1 where any of its documents
    affirms it as current, and mentions are summed.

    Returns
    -------
    values : ndarray of float32, shape (cases, features)
    names : list of str
    """
    link = documents.link.astype(np.float32)
    read = np.asarray(link.sum(axis=1)).ravel()
    written, written_names, described, described_names = _of_each_text(documents.documents["text"].to_list())
    mentions = link @ described
    is_count = np.array([name.endswith(" mentions") for name in described_names])
    mentions[:, ~is_count] = mentions[:, ~is_count] > 0
    days = np.nan_to_num(documents.days_since_last, nan=NEVER_DAYS).clip(max=NEVER_DAYS)
    head = np.column_stack([read, documents.available, days])
    means = (link @ written) / np.maximum(read, 1)[:, None]
    names = ["documents read", "documents available", "days since last document", *written_names, *described_names]
    return np.hstack([head, means, mentions]).astype(np.float32), names


def _of_each_text(texts: list[str]) -> tuple[np.ndarray, list[str], np.ndarray, list[str]]:
    """How each text is written and what it mentions; a text that this process has read before is not read again.

    The audits of leakage read most documents again, with a later last day or with a few terms masked.
    """
    new = [text for text in dict.fromkeys(texts) if text not in _READ]
    written, written_names = linguistic_features(new)
    described, described_names = vulnerabilities(new)
    _READ.update(zip(new, np.hstack([written, described]), strict=True))
    width = written.shape[1]
    values = np.array([_READ[text] for text in texts], np.float32).reshape(len(texts), width + described.shape[1])
    return values[:, :width], written_names, values[:, width:], described_names


_READ: dict[str, np.ndarray] = {}
