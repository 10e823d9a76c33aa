"""Recount what a sentence says from the CSV that its page offers, with none of the sentence's own code.

A recount gives the phrases with the sentence's numbers, in their order. The sentence must hold each of them, and no
other number.
"""

import io
import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.disclosure import Released
from analysis.disclosure.derive import derive
from analysis.escape import as_csv

WORDS = "none one two three four five six seven eight nine ten".split()
NAMES = re.compile(r"\b(P\d+|LA\d+|F₁|100 cases|1,000 cases|of 100 flags|test [ABC])\b")
A_NUMBER = re.compile(rf"\d|\b({'|'.join(WORDS[2:])})\b")
VERDICTS = ("better", "worse", "no clear difference")
CHOICES = {
    "verdict": VERDICTS,
    "published_rule_verdict": ("better", "worse", "tie"),
    "flagged": ("yes", "no", "review", "could not be checked"),
    "better_than_chance": ("yes", "no"),
    "assessable": ("yes", "too small to assess"),
    "test_a": ("differ", "no difference"),
    "test_b": ("differ", "no difference"),
    "test_b_strict": ("differ", "no difference"),
    "test_c": ("differ", "no difference"),
    "folds_run": ("across families", "forward in time"),
    "enough": ("yes", "no", "cannot tell"),
    "family": ("xgboost", "logistic_regression"),
    "parameters": ("max_depth=3", "max_depth=2"),
}
"""What a column of words may hold, for tables in which every word is drawn at random."""


@dataclass(frozen=True)
class Recount:
    """How one function's sentence is asked for and counted again.

    Attributes
    ----------
    table : callable
        ``table(random)``: an invented table.
    say : callable
        ``say(table)``: the sentence.
    count : callable
        ``count(frame)``: the phrases, from the table as its CSV holds it.
    """

    table: Callable[[np.random.Generator], Released]
    say: Callable[[Released], str]
    count: Callable[[pd.DataFrame], list[str]]


def downloaded(table: Released) -> pd.DataFrame:
    """What a reader has who downloads the table."""
    return pd.read_csv(io.StringIO(as_csv(table.frame)), keep_default_na=False, na_values=[""])


def check(sentence: str, phrases: Iterable[str], names: Iterable[str] = ()) -> None:
    """Each phrase stands in the sentence, one after the other, and no other number does but in these names."""
    rest, place = sentence.lower(), 0
    for phrase in (phrase.lower() for phrase in phrases):
        found = re.compile(rf"(?<!\d){re.escape(phrase)}(?!\d|\.\d)").search(rest, place)  # 10 is not in 100
        assert found, f"{phrase!r} is not in {sentence!r}, or not where it belongs"
        rest, place = f"{rest[: found.start()]}·{rest[found.end() :]}", found.start()
    for name in names:
        rest = rest.replace(name.lower(), "")
    other = NAMES.sub("", rest)
    other = re.sub(r"\b(p\d+|la\d+)\b", "", other)
    assert not A_NUMBER.search(other), f"{other!r} holds a number that was not counted again"


def vary(table: Released, random: np.random.Generator, **choices: tuple[str, ...]) -> Released:
    """The table with every number and verdict drawn anew; intervals still hold their values."""
    frame, options = table.frame.copy(), CHOICES | choices
    fixed = {column.name for column in table.specification.columns if column.role in ("key", "setting")}
    moved: dict[str, np.ndarray] = {}
    for name in frame.columns:
        if name in options and not pd.api.types.is_numeric_dtype(frame[name]):
            frame[name] = random.choice(options[name], len(frame))
        elif name not in fixed and pd.api.types.is_integer_dtype(frame[name]):
            frame[name] = frame[name] + random.integers(0, frame[name].abs() // 3 + 2)
        elif name not in fixed and pd.api.types.is_float_dtype(frame[name]):
            value = re.sub(r"_(low|high)$", "", name)
            moved.setdefault(value, random.normal(0, 0.07, len(frame)))
            frame[name] = frame[name] + moved[value]
    return derive(table.specification, lambda: frame)


def made_of(specification, rows: list[dict]) -> Released:
    """A table with these cells; what they leave out is blank."""
    return derive(specification, lambda: pd.DataFrame(rows).reindex(columns=list(specification.column_names)))


def n(value: float) -> str:
    """A count: in words up to ten."""
    return WORDS[int(value)] if value <= 10 else f"{int(value):,}"


def of(value: float, noun: str) -> str:
    return f"{'no' if value == 0 else n(value)} {noun}{'' if value == 1 else 's'}"


def dec(value: float, places: int = 2) -> str:
    digits = f"{abs(value):.{places}f}"
    return f"−{digits}" if value < 0 and float(digits) > 0 else digits


def sign(value: float, places: int = 2) -> str:
    return (
        dec(value, places)
        if dec(value, places).startswith("−") or not float(dec(value, places))
        else f"+{dec(value, places)}"
    )


def ends(value: float, low: float, high: float, places: int = 2) -> str:
    """A value with its interval; an end below zero shows it."""
    first, last = (
        f"−{dec(end, places)}"
        if math.copysign(1, end) < 0 and not dec(end, places).startswith("−")
        else dec(end, places)
        for end in (low, high)
    )
    return f"{dec(value, places)} ({first} to {last})"


def signs(low: float, high: float, places: int = 2) -> str:
    """The ends of a difference's interval, each with its sign."""
    first, last = (("−" if math.copysign(1, end) < 0 else "+") + f"{abs(end):.{places}f}" for end in (low, high))
    return f"({first} to {last})"


def pct(share: float) -> str:
    percent = round(100 * share, 6)
    text = f"{abs(percent):.0f}%" if abs(percent) >= 9.95 or percent == int(percent) else f"{abs(percent):.1f}%"
    return f"−{text}" if percent < 0 else text


def in_hundred(part: float, whole: float) -> str:
    rate = 100 * part / whole
    return f"{rate:.0f}" if rate >= 9.95 or rate == int(rate) else f"{rate:.1f}"


def everyday(share: float) -> str:
    """The nearest of the fractions that people use."""
    if share <= 0 or share >= 1:
        return "none" if share <= 0 else "all"
    if share < 0.025 or share > 0.975:
        return "fewer than one in twenty" if share < 0.5 else "nearly all"
    known = {"one in twenty": 1 / 20, "one in ten": 1 / 10, "one in five": 1 / 5, "one in four": 1 / 4}
    known |= {
        "three in ten": 3 / 10,
        "one in three": 1 / 3,
        "two in five": 2 / 5,
        "half": 1 / 2,
        "three in five": 3 / 5,
    }
    known |= {"two in three": 2 / 3, "seven in ten": 7 / 10, "three in four": 3 / 4, "four in five": 4 / 5}
    known |= {"nine in ten": 9 / 10, "nineteen in twenty": 19 / 20}
    return min(known, key=lambda words: abs(known[words] - share))
