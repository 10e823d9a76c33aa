"""Names that no list holds, learned from the texts.

They have a capital and are no English words, or a title or a role in the family introduces them.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache

import polars as pl
from rapidfuzz.distance import DamerauLevenshtein

from analysis.text.english import general_words
from analysis.text.redaction_rules import rule_words, rules

_CAPITALISED = r"\p{Lu}\p{Ll}+(?:['’-]?\p{Lu}?\p{Ll}+)*"
_CAPITAL_LINE = r"\b\p{Lu}{2,}(?:['’-]\p{Lu}+)*(?:[ :,]+\p{Lu}{2,}(?:['’-]\p{Lu}+)*)+\b"
_LOWER = r"\b\p{Ll}{5,}\b"
_LETTERS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ENDINGS = ("'s", "’s", "s", "es")
_LONG_NAME = 8  # letters from which two slips of the pen are forgiven, not one
_FEWEST_LETTERS = 5  # a shorter word is one letter from too many others


@cache
def _known_words() -> frozenset[str]:
    return general_words() | rule_words("not_names") | rule_words("capitalised_words") | rule_words("role_words")


def is_general(word: str) -> bool:
    """Whether a word, or what it is a plural or possessive of, is general English or known to be no name."""
    lower = word.lower()
    forms = [lower, *(lower.removesuffix(ending) for ending in _ENDINGS), lower.replace("'", "").replace("’", "")]
    known = _known_words()
    if any(form in known for form in forms):
        return True
    return "-" in lower and all(is_general(piece) for piece in lower.split("-") if piece)


def unlisted_names(text: pl.Series) -> set[str]:
    """Words in lower case that these texts write with a capital and that are no general English words."""
    capitals = _distinct(text, _CAPITALISED)
    in_lines = {word for line in _distinct(text, _CAPITAL_LINE) for word in _LETTERS.findall(line)}
    return {
        form
        for word in (*capitals, *in_lines)
        if not is_general(word)
        if len(form := re.sub("['’]s$", "", word.lower())) > 1
    }


def misspelt_names(text: pl.Series, known: Iterable[str]) -> set[str]:
    """Words, in lower case in the texts, that differ from a known name by a slip or two and are no English words.

    The first letter has to agree. A slip is a letter too many, too few, another, or two that changed places: one in
    a name of 5 to 7 letters, two in a longer one.

    Parameters
    ----------
    text : polars.Series
        Of strings; may hold nulls.
    known : iterable of str
        In lower case; those of fewer than 5 letters are passed over.

    Returns
    -------
    set of str
        In lower case.
    """
    names: dict[str, list[str]] = {}
    for name in known:
        if len(name) >= _FEWEST_LETTERS:
            names.setdefault(name[0], []).append(name)
    if not names:
        return set()
    words = [word for word in _distinct(text, _LOWER) if word[0] in names and not is_general(word)]
    return {word for word in words if any(_is_slip(word, name) for name in names[word[0]])}


def _is_slip(word: str, name: str) -> bool:
    most = 2 if len(name) >= _LONG_NAME else 1
    return abs(len(word) - len(name)) <= most and DamerauLevenshtein.distance(word, name, score_cutoff=most) <= most


def introduced_names(text: pl.Series, groups: Sequence | None = None) -> list[set[str]]:
    """For each text, the names that it, or another text of its group, introduces by a title or a role in the family.

    Parameters
    ----------
    text : polars.Series
        Of strings; may hold nulls.
    groups : sequence, optional
        The family of each text; None where each text stands for itself.

    Returns
    -------
    list of set of str
        In lower case, one set per text.
    """
    phrases = [text.str.extract_all(pattern) for pattern in _introductions()]
    own: list[set[str]] = [set() for _ in range(len(text))]
    for pattern, of_text in enumerate(phrases):
        by_title = pattern != 1
        for names, some in zip(own, of_text.to_list(), strict=True):
            for phrase in some or ():
                names |= _names_of(phrase, by_title)
    if groups is None:
        return own
    shared: dict[object, set[str]] = {}
    for group, names in zip(groups, own, strict=True):
        if names:
            shared.setdefault(group, set()).update(names)
    nothing: set[str] = set()
    return [shared.get(group, nothing) for group in groups]


@cache
def _introductions() -> tuple[str, str, str]:
    titles, roles = "|".join(rules()["titles"]), "|".join(rules()["roles"])
    offices = "|".join(rules()["offices"])
    joined = r"(?:,|:| -| –| is called| is named| is| was|, (?:who is )?(?:named|called)| named| called|'s name is)?"
    name = r"\p{Lu}[\p{L}'’-]+(?: (?:\p{Lu}\.? )?\p{Lu}[\p{L}'’-]+)?"
    return (
        rf"\b(?:{titles}|{offices})\.?:? (?:\p{{Lu}}\.? )?{name}",
        rf"(?i:\b(?:{roles})){joined} (?:{name}|\p{{Ll}}{{3,}}\b)",
        rf"{name}(?:,? \(?|\()(?:{offices})\b",
    )


@cache
def _names_of(phrase: str, by_title: bool) -> frozenset[str]:
    words = _LETTERS.findall(phrase)
    titles = _title_words()
    capitals = {word.lower() for word in words if word[0].isupper() and word not in titles}
    capitals -= rule_words("not_names")
    named = any(word[0].isupper() and not _is_role(word.lower()) for word in words)
    if phrase.isupper() or not named:
        capitals = {word.lower() for word in words if not is_general(word) and word not in titles}
    elif not by_title:
        capitals = {word for word in capitals if not _is_role(word)}
    return frozenset(re.sub("['’]s$", "", word) for word in capitals if len(word) > 1)


def _is_role(word: str) -> bool:
    return word in rule_words("role_words")


@cache
def _title_words() -> frozenset[str]:
    return frozenset(re.findall(r"\w+", " ".join([*rules()["titles"], *rules()["offices"]])))


def _distinct(text: pl.Series, pattern: str) -> list[str]:
    return text.str.extract_all(pattern).explode(empty_as_null=True).drop_nulls().unique().to_list()
