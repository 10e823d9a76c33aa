"""How much of what identifies people redaction removes, measured on text whose identifiers are labelled."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files

import pandas as pd
import yaml

from analysis.text.redact import KINDS, redact

NAMES_AT_LEAST = 0.98  # the share of the names that the extract knows which redaction has to remove (ours)
Label = tuple[int, int, str]  # start, end, kind


def redaction_quality(
    texts: Sequence[str], labels: Sequence[Sequence[Label]], known_names: Iterable[str]
) -> pd.DataFrame:
    """Recall and precision for each kind of identifier.

    A labelled identifier counts as removed only if every letter and digit of it is gone, whatever it was taken for.
    Precision is the share of the passages taken for a kind that touch a labelled identifier of any kind: the rest
    were ordinary words, removed for nothing.

    Parameters
    ----------
    texts : sequence of str
        Before redaction.
    labels : sequence of sequence of Label
        For each text the identifiers in it: start and end (characters, the end excluded) and kind.
    known_names : iterable of str
        As in `analysis.text.redact.redact`.

    Returns
    -------
    pandas.DataFrame
        One row per kind, labelled or removed, and one for "all": kind, identifiers, removed, recall (missing where
        nothing is labelled so), passages and precision (missing where nothing was removed as that kind).

    References
    ----------
    Manning, Raghavan and Schütze (2008), Introduction to information retrieval, section 8.3.
    """
    tallies: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for text, redacted, own in zip(texts, redact(texts, known_names), labels, strict=True):
        gone = bytearray(len(text))
        for start, end, kind in removed_spans(text, redacted):
            gone[start:end] = b"\1" * (end - start)
            tallies[kind][2] += 1
            tallies[kind][3] += any(start < e and s < end for s, e, _ in own)
        for start, end, kind in own:
            tallies[kind][0] += 1
            tallies[kind][1] += all(gone[i] or not text[i].isalnum() for i in range(start, end))
    columns = ["kind", "identifiers", "removed", "passages", "right"]
    rows = pd.DataFrame([(kind, *tally) for kind, tally in sorted(tallies.items())], columns=columns)
    total = pd.DataFrame([("all", *rows[columns[1:]].sum())], columns=columns)
    result = pd.concat([rows, total], ignore_index=True)
    result["recall"] = result["removed"] / result["identifiers"].where(result["identifiers"] > 0)
    result["precision"] = result["right"] / result["passages"].where(result["passages"] > 0)
    return result[["kind", "identifiers", "removed", "recall", "passages", "precision"]]


def removed_spans(text: str, redacted: str) -> list[Label]:
    """Where in the original text each bracketed kind of the redacted text stood, and the kind.

    Parameters
    ----------
    text : str
        Before redaction.
    redacted : str
        The same text after it.

    Returns
    -------
    list of Label
        Start, end (excluded) and kind; none where what was left does not fit the original text.
    """
    parts = re.split(rf"\[({'|'.join(KINDS)})\]", redacted)
    pieces, kinds = parts[::2], parts[1::2]
    match = re.fullmatch("(.+?)".join(re.escape(piece) for piece in pieces), text, re.DOTALL)
    return [(*match.span(i), kind) for i, kind in enumerate(kinds, start=1)] if match else []


def hard_sentences() -> tuple[tuple[str, ...], tuple[tuple[Label, ...], ...], tuple[str, ...]]:
    """Sentences made to be hard, their identifiers, and the names that an extract would know."""
    return _labelled("sentences")


def unlisted_sentences() -> tuple[tuple[str, ...], tuple[tuple[Label, ...], ...], tuple[str, ...]]:
    """Sentences about people, schools and places that no list holds, in the form of `hard_sentences`."""
    return _labelled("unlisted")


@cache
def _labelled(group: str) -> tuple[tuple[str, ...], tuple[tuple[Label, ...], ...], tuple[str, ...]]:
    source = files("analysis.quality").joinpath("hard_redaction.yml").read_text(encoding="utf-8")
    values = yaml.safe_load(source)
    marked = [_marked(sentence) for sentence in values[group]]
    return tuple(text for text, _ in marked), tuple(own for _, own in marked), tuple(values["known_names"])


def _marked(sentence: str) -> tuple[str, tuple[Label, ...]]:
    text, labels = "", []
    for plain, kind, words in re.findall(r"(.*?)(?:\[\[(\w+):(.*?)\]\]|$)", sentence):
        text += plain
        if kind:
            labels.append((len(text), len(text) + len(words), kind))
            text += words
    return text, tuple(labels)
