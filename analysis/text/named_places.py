"""Schools, streets and the like by what they are called, in any case of letters."""

import re
from collections.abc import Callable
from functools import cache

import polars as pl

from analysis.text.english import general_words
from analysis.text.redaction_rules import rule_words, rules

_WORD = r"[\p{L}'’-]+"


def redact_schools(text: pl.Series) -> pl.Series:
    """Texts in which the names of schools, nurseries, hospitals and homes are `[place]`.

    A place that is named once with capitals is found in every text in any case.
    """
    kinds = "|".join(rules()["school_kinds"])
    pattern = rf"(?i)\b(?:st\.? )?(?:{_WORD} ){{1,3}}(?:{kinds})\b(?: (?:{kinds}))*"
    return _replace_phrases(text, pattern, _school_name, "[place]")


def redact_streets(text: pl.Series) -> pl.Series:
    """Texts in which streets, with or without a number, are `[address]`."""
    kinds = "|".join(rules()["street_kinds"])
    number = r"(?:(?:flat|apartment|unit|room) \d{1,4}[a-z]?,? )?(?:\b\d{1,4}[a-z]?(?:-\d{1,4})?,? )?"
    pattern = rf"(?i){number}\b(?:{_WORD} ){{1,2}}(?:{kinds})\b"
    return _replace_phrases(text, pattern, _street_name, "[address]")


def _replace_phrases(text: pl.Series, pattern: str, named: Callable[[str], str], token: str) -> pl.Series:
    phrases = text.str.extract_all(pattern).explode(empty_as_null=True).drop_nulls().unique().to_list()
    names = sorted({name for phrase in phrases if (name := named(phrase))}, key=lambda name: (-len(name), name))
    if not names:
        return text
    return text.str.replace_many(names, [token], ascii_case_insensitive=True, leftmost=True)


@cache
def _school_name(phrase: str) -> str:
    """The name in a phrase that ends in a kind of school; empty where it is no school's name."""
    words = phrase.split(" ")
    kinds = re.compile("|".join(rules()["school_kinds"]), re.IGNORECASE)
    last = next(i for i, word in enumerate(words) if i and kinds.fullmatch(word))
    return _from_first_name(words, last, rule_words("not_schools") | rule_words("not_names"))


@cache
def _street_name(phrase: str) -> str:
    words = phrase.split(" ")
    numbered = next((i for i, word in enumerate(words) if word[0].isdigit()), None)
    start = 0 if numbered is None else numbered + 1
    names = words[start:-1]
    if numbered is not None and names and not any(_is_plain(word) for word in names):
        return phrase
    return _from_first_name(words[start:], len(words) - 1 - start, rule_words("not_names"))


def _from_first_name(words: list[str], last: int, generic: frozenset[str]) -> str:
    """From the first word of a name to the end: one with a capital that is not generic, or no English word."""
    first = last
    while first and _names_something(words[first - 1], generic, upper=" ".join(words).isupper()):
        first -= 1
    return " ".join(words[first:]) if first < last else ""


def _names_something(word: str, generic: frozenset[str], *, upper: bool) -> bool:
    bare = re.sub(r"['’]s$|\.$", "", word.lower())
    if bare in generic or _is_plain(bare):
        return False
    if bare in ("st", "saint"):
        return True
    return bare not in general_words() or (word[:1].isupper() and not upper)


def _is_plain(word: str) -> bool:
    return word.lower() in rule_words("plain_words")
