"""Vulnerabilities that a text mentions: which, whose, and whether they are affirmed, denied or of the past.

General sentiment misreads this language ("no concerns about neglect" sounds grim to it), so each mention is read in
its clause: words such as "no" or "denied" before it negate it, words such as "history of" put it in the past, and
the nearest word for a parent or a child says whose it is. When it misleads: irony, long sentences, spelling, a word
with two meanings, and names, which are redacted and so say nothing of whose vulnerability it is.
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cache

import ahocorasick
import numpy as np
import pandas as pd

from analysis.text.lexicon import Concept, read_lexicon

_CLAUSE_END = re.compile(r"[.;:!?\n]|\b(?:but|however|although|though)\b")
_WORD = re.compile(r"[a-z0-9'’-]+")


@dataclass(frozen=True)
class Mention:
    """One mention of a vulnerability in a text."""

    concept: str
    subject: str  # child, parent
    negated: bool
    historic: bool
    alleged: bool

    @property
    def current(self) -> bool:
        """Affirmed, and not of the past."""
        return not (self.negated or self.historic)


def find_mentions(text: str) -> list[Mention]:
    """Every mention of a vulnerability in a text, in order.

    >>> [(m.concept, m.subject, m.current) for m in find_mentions("No neglect. Mum has a history of depression.")]
    [('neglect', 'child', False), ('mental health', 'parent', False)]
    """
    lowered = text.lower().replace("’", "'")
    ends = None
    found = []
    for last, (length, runs_on, concept, said_by_term) in _automaton().iter_long(lowered):
        start, stop = last - length + 1, last + 1
        if not _is_whole(lowered, start, stop, runs_on):
            continue
        if ends is None:
            ends = [0, *(match.end() for match in _CLAUSE_END.finditer(lowered)), len(lowered)]
        before, after = _surroundings(lowered, start, stop, ends)
        subject = said_by_term or _subject(concept, before, after)
        historic = _said("historic", before, after)
        negated = not historic and _said("negated", before, after)
        found.append(Mention(concept.name, subject, negated, historic, _said("alleged", before, after)))
    return found


def vulnerabilities(texts: list[str]) -> tuple[np.ndarray, list[str]]:
    """Vulnerabilities of each text as numbers; nothing here is learned from the texts.

    Returns
    -------
    values : ndarray of float32, shape (texts, features)
        1 where a vulnerability is affirmed as current (one column per concept and subject that the lexicon knows),
        and counts of current, negated, historic and alleged mentions.
    names : list of str
    """
    columns = {name: position for position, name in enumerate(_feature_names())}
    values = np.zeros((len(texts), len(columns)), np.float32)
    for row, text in zip(values, texts, strict=True):
        for mention in find_mentions(text):
            if mention.current:
                row[columns[f"{mention.concept} ({mention.subject})"]] = 1
            row[columns["current mentions"]] += mention.current
            row[columns["negated mentions"]] += mention.negated
            row[columns["historic mentions"]] += mention.historic
            row[columns["alleged mentions"]] += mention.alleged
    return values, list(columns)


def lexicon_performance(texts: list[str], labels: list) -> pd.DataFrame:
    """How well the lexicon finds the vulnerabilities that labelled texts are known to mention.

    A text and a concept are one decision: does the text affirm the concept as current? The reading that ignores
    context, which takes every mention as affirmed, stands beside it.

    Parameters
    ----------
    texts : list of str
    labels : list of sequences
        For each text, what it mentions: objects with concept, subject, negated and time ("current", "historic").

    Returns
    -------
    pandas.DataFrame
        concept ("all" last), texts (that affirm it), precision, recall, precision_without_context,
        recall_without_context.
    """
    true, read, bare = (set() for _ in range(3))
    for number, (text, mentions) in enumerate(zip(texts, labels, strict=True)):
        true |= {(number, label.concept) for label in mentions if not label.negated and label.time == "current"}
        found = find_mentions(text)
        read |= {(number, mention.concept) for mention in found if mention.current}
        bare |= {(number, mention.concept) for mention in found}
    rows = [_performance_row(concept, true, read, bare) for concept in (*read_lexicon().names, "all")]
    return pd.DataFrame(rows)


def _performance_row(concept: str, true: set, read: set, bare: set) -> dict:
    def of_concept(pairs):
        return {pair for pair in pairs if concept in (pair[1], "all")}

    def share(part, whole):
        return len(part) / len(whole) if whole else float("nan")

    truth, with_context, without = of_concept(true), of_concept(read), of_concept(bare)
    return {
        "concept": concept,
        "texts": len(truth),
        "precision": share(truth & with_context, with_context),
        "recall": share(truth & with_context, truth),
        "precision_without_context": share(truth & without, without),
        "recall_without_context": share(truth & without, truth),
    }


@cache
def _feature_names() -> tuple[str, ...]:
    pairs = [f"{concept.name} ({subject})" for concept in read_lexicon().concepts for subject in concept.subjects]
    return (*pairs, "current mentions", "negated mentions", "historic mentions", "alleged mentions")


@cache
def _automaton() -> ahocorasick.Automaton:
    """Every term, with its length, whether its last word may run on, its concept and whose it says it is."""
    automaton = ahocorasick.Automaton()
    for concept in read_lexicon().concepts:
        kinds = ((concept.terms, None), (concept.parent_terms, "parent"), (concept.child_terms, "child"))
        for terms, said_by_term in kinds:
            for term in terms:
                word = term.removesuffix("*")
                automaton.add_word(word, (len(word), term.endswith("*"), concept, said_by_term))
    automaton.make_automaton()
    return automaton


def _is_whole(text: str, start: int, stop: int, runs_on: bool) -> bool:
    """Whether a term stands as whole words in the text."""
    begins = start == 0 or not text[start - 1].isalnum()
    return begins and (runs_on or stop == len(text) or not text[stop].isalnum())


def _surroundings(text: str, start: int, stop: int, ends: list[int]) -> tuple[str, str]:
    """The words of the clause before and after a term, as many as context reaches."""
    clause_start = ends[bisect_right(ends, start) - 1]
    clause_stop = ends[bisect_left(ends, stop)]
    reach = read_lexicon().context["reach"]
    before = _WORD.findall(text[max(clause_start, start - 120) : start])[-reach:]
    after = _WORD.findall(text[stop : min(clause_stop, stop + 120)])[:reach]
    return " ".join(before), " ".join(after)


def _said(manner: str, before: str, after: str) -> bool:
    ahead, behind, excepted = _cues(manner)
    if excepted is not None and (excepted.search(before) or excepted.search(after)):
        return False
    return bool(ahead.search(before) or behind.search(after))


def _subject(concept: Concept, before: str, after: str) -> str:
    """Whose a vulnerability is, by the word for a parent or a child nearest to the term: before it, else after it."""
    if len(concept.subjects) == 1:
        return concept.subjects[0]
    ahead = list(_subject_pattern().finditer(before))
    nearest = ahead[-1] if ahead else _subject_pattern().search(after)
    return (nearest.lastgroup if nearest else None) or concept.subjects[0]


def _either(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


@cache
def _cues(manner: str) -> tuple[re.Pattern, re.Pattern, re.Pattern | None]:
    entry = read_lexicon().context[manner]
    excepted = re.compile(rf"\b(?:{_either(entry['except'])})\b") if "except" in entry else None
    before, after = (re.compile(rf"\b(?:{_either(entry[side])})\b") for side in ("before", "after"))
    return before, after, excepted


@cache
def _subject_pattern() -> re.Pattern:
    context = read_lexicon().context
    groups = (rf"(?P<{who}>\b(?:{_either(context[who])})\b)" for who in ("parent", "child"))
    return re.compile("|".join(groups))
