"""Whether a change over time is put down to the cause that was planted, in sentences."""

from analysis.book.sentences.half_years import CAUSES
from analysis.book.sentences.words import label, listed, percentage, plural, spelled
from analysis.disclosure import Released
from analysis.tables.planted_causes import PlantedCauses

ENOUGH = 0.9
"""The share of a change that its planted cause should be given, at least."""


def read_planted_causes(table: Released) -> str:
    """For how many causes and metrics the planted cause is given nine tenths of the change; the others by name."""
    frame = table.frame
    short = frame[frame["share"].lt(ENOUGH)]
    words = (
        f"Of {plural(len(frame), 'pair')} of a planted cause and a metric, the planted cause is given at least "
        f"{percentage(ENOUGH)} of the change in {spelled(len(frame) - len(short))}."
    )
    if short.empty:
        return f"{words} The lowest share is {percentage(frame['share'].min())}."
    return f"{words} It is given less in {listed(_short(row) for row in short.itertuples())}."


def _short(row) -> str:
    ends = f"{percentage(row.share_low)} to {percentage(row.share_high)}"
    cause, other = (CAUSES[name].removeprefix("from ") for name in (row.cause, row.next_largest))
    return (
        f"{label(row.metric)} where the cause is {cause}: {percentage(row.share)} ({ends} over the worlds drawn), "
        f"and {percentage(row.next_share)} is put down to {other}"
    )


def made_when(record: PlantedCauses) -> str:
    """When the worlds were drawn, how many, and how to draw them again."""
    day = f"{record.made.day} {record.made:%B %Y}"
    return (
        f"The worlds are not drawn in every run. They were drawn on {day} by `{record.command}`: {record.worlds} of "
        f"each cause, from seed {record.first_seed} on, chosen before any was drawn."
    )
