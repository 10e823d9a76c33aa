"""Notes on suppression and rounding: sentences for the page that say what disclosure control did to it."""

import re
from collections.abc import Iterable

import pandas as pd

from analysis.disclosure.specification import TableSpecification
from analysis.protocol.values import Disclosure, Preset

TOO_FEW = "too few to show"
BESIDE_EARLIER = (
    "This page was released before with counts that differ by only a few. These counts are withheld here, so that "
    "nobody can subtract one release from the other."
)
STANDS = (
    "Since this page was released before, its cases have changed by only a few, and a new release would tell of them. "
    "The earlier tables stand."
)
WITHHELD = "withheld"


def describe(
    specification: TableSpecification, frame: pd.DataFrame, preset: Preset, *, withheld_whole: bool, blanked: bool
) -> tuple[str, ...]:
    """What was done to one table. How many cells were small, and how many protect them, is not distinguished.

    Parameters
    ----------
    specification : TableSpecification
    frame : DataFrame
    preset : Preset
        Threshold, rounding and whether complementary suppression applies.
    withheld_whole : bool
        Whether the table is withheld as a whole.
    blanked : bool
        Whether rows were blanked for what they rest on.

    Returns
    -------
    tuple of str
    """
    if withheld_whole:
        return (f"This table is withheld: counts of 1 to {preset.threshold} could be worked out from it.",)
    said = []
    counts = [column.name for column in specification.named("count")]
    blank = int(frame[counts].isna().sum().sum()) if counts else 0
    if blank:
        said.append(f"{_several(blank, 'count')} withheld: from 1 to {preset.threshold}, or telling of one that is.")
    if counts and preset.rounding > 1:
        said.append(f"Counts are rounded to the nearest {preset.rounding}, and rates are those of the rounded counts.")
    if blanked:
        said.append("Results that rest on withheld counts are withheld.")
    return tuple(said)


def add_up_notes(notes: Iterable[str]) -> tuple[str, ...]:
    """The notes of several tables as those of one: what was withheld is added up, other sentences are said once.

    >>> add_up_notes(["1 count is withheld: small.", "12 counts are withheld: small.", "Rounded.", "Rounded."])
    ('13 counts are withheld: small.', 'Rounded.')
    """
    said: dict[tuple[str, str], int] = {}
    for note in notes:
        counted = re.match(r"(\d+) (count)s? (?:is|are) |This (table) is (?=withheld)", note)
        what = (counted[2] or counted[3]) if counted else ""
        number = int(counted[1] or 1) if counted else 0
        rest = note[counted.end() :] if counted else note
        said[what, rest] = said.get((what, rest), 0) + number
    return tuple(f"{_several(number, what)} {rest}" if what else rest for (what, rest), number in said.items())


def _several(number: int, what: str) -> str:
    return f"{number} {what} is" if number == 1 else f"{number} {what}s are"


def describe_preset(name: str, rules: Disclosure) -> str:
    """One sentence for the page on the rules its tables passed.

    Parameters
    ----------
    name : str
        Name of the rules in ``rules.presets``.
    rules : Disclosure
        The protocol's section on disclosure control.

    Returns
    -------
    str
    """
    preset = rules.presets[name]
    if preset.threshold == 0 and preset.rounding == 1:
        return "The data are synthetic, so small numbers did not need hiding."
    rounded = f", the others are rounded to the nearest {preset.rounding}" if preset.rounding > 1 else ""
    also = ", with any count that would let one be worked out" if preset.complementary else ""
    return (
        f"Counts of 1 to {preset.threshold} are withheld{also}{rounded}. Every rate is that of the counts shown; "
        "the page was checked by trying to work out what is withheld from everything it shows."
    )
