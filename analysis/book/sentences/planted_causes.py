"""Whether a change over time is put down to the cause that was planted, in sentences."""

from analysis.book.sentences.half_years import CAUSES
from analysis.book.sentences.words import label, percentage, plural, spelled
from analysis.disclosure import Released
from analysis.tables.planted_causes import ENOUGH, PlantedCauses


def read_planted_causes(table: Released) -> str:
    """For how many causes and metrics the planted cause is given nine tenths of the change; the lowest by name."""
    frame = table.frame
    enough, surely = (int(frame[name].ge(ENOUGH).sum()) for name in ("share", "share_low"))
    lowest = frame.loc[frame["share"].astype(float).idxmin()]
    ends = f"{percentage(lowest['share_low'])} to {percentage(lowest['share_high'])}"
    cause, other = (CAUSES[lowest[name]].removeprefix("from ") for name in ("cause", "next_largest"))
    return (
        f"Of {plural(len(frame), 'pair')} of a planted cause and a metric, the planted cause is given at least "
        f"{percentage(ENOUGH)} of the change in {spelled(enough)}, and in {spelled(surely)} the whole interval of the "
        f"share lies there. The lowest share is {percentage(lowest['share'])} ({ends} over the worlds drawn), in "
        f"{label(lowest['metric'])} where the cause is {cause}; next comes {other} with "
        f"{percentage(lowest['next_share'])}."
    )


def made_when(record: PlantedCauses) -> str:
    """When the worlds were drawn, how many, and how to draw them again."""
    day = f"{record.made.day} {record.made:%B %Y}"
    return (
        f"The worlds are not drawn in every run. They were drawn on {day} by `{record.command}`: {record.worlds} of "
        f"each cause, from seed {record.first_seed} on, chosen before any was drawn."
    )
