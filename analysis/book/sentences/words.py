"""Numbers and labels as a reader would say them."""

import math
import re
from collections.abc import Iterable, Sequence

import pandas as pd

from analysis.book.sentences.labels import LABELS, NETWORK_PREDICTORS

MOST_NAMED = 8
"""Authorities that a sentence names and a chart shows one by one (ours); more are counted, and drawn as strips."""
COUNTS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_FRACTIONS = (
    (0.05, "one in twenty"),
    (0.1, "one in ten"),
    (0.2, "one in five"),
    (0.25, "one in four"),
    (0.3, "three in ten"),
    (1 / 3, "one in three"),
    (0.4, "two in five"),
    (0.5, "half"),
    (0.6, "three in five"),
    (2 / 3, "two in three"),
    (0.7, "seven in ten"),
    (0.75, "three in four"),
    (0.8, "four in five"),
    (0.9, "nine in ten"),
    (0.95, "nineteen in twenty"),
)


def label(name: str) -> str:
    """A column's or row's name as words; of several predictors each.

    Examples
    --------
    >>> label("age_band"), label("published_auc"), label("nTargets nNeighsR")
    ('age', 'published AUC', 'earlier target events, people (recorded)')
    """
    several = str(name).split()
    if len(several) > 1 and set(several) <= NETWORK_PREDICTORS.keys():
        return ", ".join(map(label, several))
    return LABELS.get(name) or re.sub(r"(?<!\S)auc(?!\S)", "AUC", str(name).replace("_", " "))


def panel_title(design: str) -> str:
    """A design's label, or a sentence that holds one, cut to the width of a panel.

    Examples
    --------
    >>> panel_title(label("text_and_structured-all_cases")), panel_title(label("structured-earlier_cases"))
    ('with text, all cases', 'structured, earlier cases')
    """
    return design.replace(LABELS["text_and_structured"], "with text").replace(" data", "")


def is_missing(value: object) -> bool:
    """Whether a value was withheld or could not be computed."""
    return value is None or bool(pd.isna(value))


def number(value: float, decimals: int = 2) -> str:
    """A measure to two decimals, with a true minus sign; 'withheld' if missing.

    Parameters
    ----------
    value : float
        May be missing.
    decimals : int
        0 or more.

    Returns
    -------
    str

    Examples
    --------
    >>> number(0.5441), number(-0.031)
    ('0.54', '−0.03')
    """
    if is_missing(value):
        return "withheld"
    shown = f"{abs(float(value)):.{decimals}f}"
    return f"−{shown}" if float(value) < 0 and float(shown) else shown


def count(value: float) -> str:
    """A count with thousands separated; 'withheld' if missing."""
    return "withheld" if is_missing(value) else f"{int(value):,}"


def spelled(value: float) -> str:
    """A count as a word up to ten, as digits above."""
    if is_missing(value):
        return "withheld"
    return COUNTS[int(value)] if 0 <= int(value) < len(COUNTS) else f"{int(value):,}"


def percentage(share: float) -> str:
    """A share as a whole percentage, or with one decimal below 10%.

    Examples
    --------
    >>> percentage(0.1712), percentage(0.0234), percentage(0.05)
    ('17%', '2.3%', '5%')
    """
    if is_missing(share):
        return "withheld"
    value = round(100 * float(share), 6)
    shown = f"{abs(value):.0f}%" if abs(value) >= 9.95 or value == round(value) else f"{abs(value):.1f}%"
    return f"−{shown}" if value < 0 else shown


def percentage_points(difference: float) -> str:
    """A difference between two shares, to the decimals of `percentage`.

    Examples
    --------
    >>> percentage_points(0.057), percentage_points(0.17)
    ('5.7 points', '17 points')
    """
    return f"{percentage(difference).removesuffix('%')} points"


def interval(value: float, low: float, high: float, decimals: int = 2) -> str:
    """A value with its interval: '0.54 (0.41 to 0.66)'; an end below zero keeps its sign, however small.

    Parameters
    ----------
    value : float
        May be missing.
    low : float
        Lower end; may be missing.
    high : float
        Upper end; may be missing.
    decimals : int
        0 or more.

    Returns
    -------
    str

    Examples
    --------
    >>> interval(0.02, -0.004, 0.08), interval(0.02, 0.004, 0.08)
    ('0.02 (−0.00 to 0.08)', '0.02 (0.00 to 0.08)')
    """
    if is_missing(value):
        return "withheld"
    if is_missing(low) or is_missing(high):
        return number(value, decimals)
    return f"{number(value, decimals)} ({interval_end(low, decimals)} to {interval_end(high, decimals)})"


def interval_end(value: float, decimals: int) -> str:
    """An end of an interval; whether zero lies inside must be seen, in a table rounded by the gate too (−0.0).

    Parameters
    ----------
    value : float
        Not missing.
    decimals : int
        0 or more.

    Returns
    -------
    str
    """
    shown = number(value, decimals)
    below = math.copysign(1, float(value)) < 0
    return f"−{shown}" if below and not shown.startswith("−") else shown


def fraction(share: float) -> str:
    """A share as the nearest everyday fraction, led by 'about' unless it is within a percentage point.

    Examples
    --------
    >>> fraction(0.8), fraction(0.62), fraction(0.012)
    ('four in five', 'about three in five', 'fewer than one in twenty')
    """
    if is_missing(share):
        return "an unknown share"
    if share <= 0:
        return "none"
    if share >= 1:
        return "all"
    if share < 0.025:
        return "fewer than one in twenty"
    if share > 0.975:
        return "nearly all"
    nearest, words = min(_FRACTIONS, key=lambda known: abs(known[0] - share))
    return words if math.isclose(nearest, share, abs_tol=0.01) else f"about {words}"


def listed(items: Iterable[str]) -> str:
    """Items as a list in a sentence: 'a, b and c'."""
    words: Sequence[str] = list(items)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else "none"


def listed_or_counted(names: Sequence[str], kind: str = "authorities") -> str:
    """A few names as a list in a sentence; how many there are of a longer list.

    Parameters
    ----------
    names : sequence of str
    kind : str
        What they are the names of, in the plural.

    Returns
    -------
    str

    Examples
    --------
    >>> listed_or_counted(["Aby", "Bury"]), listed_or_counted([f"A{n}" for n in range(153)])
    ('Aby and Bury', '153 authorities')
    """
    return listed(names) if len(names) <= MOST_NAMED else f"{count(len(names))} {kind}"


def plural(value: float, noun: str, nouns: str | None = None) -> str:
    """A spelled count with its noun: 'one model', 'two models', 'no models'.

    Parameters
    ----------
    value : float
        A count; may be missing.
    noun : str
        In the singular.
    nouns : str or None
        In the plural, where that is not the noun with an s.

    Returns
    -------
    str
    """
    if is_missing(value):
        return f"a withheld number of {nouns or noun + 's'}"
    words = "no" if int(value) == 0 else spelled(value)
    return f"{words} {noun if int(value) == 1 else nouns or noun + 's'}"


def in_order(subgroups: Iterable[str]) -> list[str]:
    """Subgroups as a reader expects them: bands of age by age, the rest as they come.

    Examples
    --------
    >>> in_order(["10 to 15", "16 and over", "5 to 9", "under 1"])
    ['under 1', '5 to 9', '10 to 15', '16 and over']
    """

    def place(name: str) -> int:
        first = re.match(r"(under )?(\d+)", str(name))
        return 0 if first is None else -1 if first[1] else int(first[2])

    return sorted(subgroups, key=place)


def capitalised(sentence: str) -> str:
    """The sentence with its first letter a capital, the rest untouched; a name such as nNotes is left alone.

    Examples
    --------
    >>> capitalised("one of four"), capitalised("nNotes")
    ('One of four', 'nNotes')
    """
    return sentence if sentence[1:2].isupper() else sentence[:1].upper() + sentence[1:]
