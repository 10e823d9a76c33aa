"""Whether the children of one list are those of the others: identifiers written unlike one another join nothing."""

from collections.abc import Mapping

import polars as pl

from analysis.extract.definitions import Table
from analysis.extract.report import ReportBuilder, number

OPENING_EVENTS = {"contact", "early_help_start", "early_help_end", "referral"}  # after which many children leave
SHARE_UNKNOWN = 0.5  # of a list's children; more in no other list are written otherwise there (ours)
DIGITS_KEPT = 15  # a spreadsheet's number has no more


def note_identifiers_apart(
    lists: Mapping[str, pl.DataFrame], tables: Mapping[str, Table], notes: ReportBuilder
) -> None:
    """Note each list whose children are in no other list as they are written, though they should be.

    They should be where an identifier is that of a child of another list but for case, spaces, thousands
    separators, letters in front, leading zeros or the last of more than 15 digits; and where a list of what follows
    a referral has more children that no other list has than children that one has.

    Parameters
    ----------
    lists : mapping of str to polars.DataFrame
        Merged lists by name, with child_id.
    tables : mapping of str to Table
        Every list of the source, by name.
    notes : ReportBuilder
    """
    children = {name: frame["child_id"].drop_nulls().unique() for name, frame in lists.items()}
    for name, own in children.items():
        others = pl.concat([pl.Series(dtype=pl.String), *(ids for other, ids in children.items() if other != name)])
        unknown = own.filter(~own.is_in(others.unique().implode()))
        if others.is_empty() or unknown.is_empty():
            continue
        alike = _alike(unknown, others.unique())
        if alike or _should_be_known(tables[name], unknown=len(unknown), all_children=len(own)):
            notes.problem(tables[name].title, _sentence(len(unknown), len(own), alike))


def note_identifiers_in_two_ways(lists: Mapping[str, pl.DataFrame], notes: ReportBuilder) -> None:
    """Note identifiers of all lists that differ in nothing but leading zeros, case, spaces and separators.

    Parameters
    ----------
    lists : mapping of str to polars.DataFrame
        Merged lists by name, with child_id.
    notes : ReportBuilder
    """
    children = pl.concat([pl.Series(dtype=pl.String), *(frame["child_id"] for frame in lists.values())]).unique()
    bare = _letters_and_digits(children.drop_nulls()).str.strip_chars_start("0")
    if twice := int(bare.len() - bare.n_unique()):
        sentence = f"{number(twice, 'identifier')} written both with and without leading zeros"
        others = ", or alike but for case, spaces or separators"
        cure = "taken as different children; format the column as text and export again"
        notes.problem("All lists", f"{sentence}{others}; {cure}")


def _sentence(unknown: int, all_children: int, alike: int) -> str:
    sentence = f"{unknown:,} of {number(all_children, 'child', 'children')} in no other list"
    if alike:
        differ = "case, spaces, separators, letters in front, leading zeros or their last digits"
        sentence += f", {alike:,} of them only because identifiers differ in {differ}"
    return f"{sentence}; nothing is linked to them; write identifiers alike in every list (as text) and export again"


def _should_be_known(table: Table, *, unknown: int, all_children: int) -> bool:
    events = {rule.event for rule in table.events}
    if not events or table.about_adults:
        return False
    return unknown == all_children > 1 if events <= OPENING_EVENTS else unknown > SHARE_UNKNOWN * all_children


def _alike(unknown: pl.Series, others: pl.Series) -> int:
    # A form that would make one of two children of the same list says nothing.
    forms = _bare(unknown)
    distinct = forms.filter(~forms.is_duplicated())
    known = _bare(others)
    return int(distinct.is_in(known.filter(~known.is_duplicated()).implode()).sum())


def _letters_and_digits(identifiers: pl.Series) -> pl.Series:
    # Only what people put between digits goes: letters of any alphabet may tell two children apart.
    return identifiers.str.to_lowercase().str.replace_all(r"[\s\p{P}\p{S}]", "")


def _bare(identifiers: pl.Series) -> pl.Series:
    letters = _letters_and_digits(identifiers)
    digits = letters.str.extract(r"(\d{4,})", 1).str.strip_chars_start("0").str.head(DIGITS_KEPT)
    return pl.select(pl.coalesce(digits, letters)).to_series()
