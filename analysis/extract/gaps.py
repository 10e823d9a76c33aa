"""Months of the observation period of which an extract has no record, unlike the rest of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import exp

import polars as pl

from analysis.extract.definitions import Table
from analysis.extract.isolated_dates import without_isolated
from analysis.extract.period import recorded_days
from analysis.extract.report import ReportBuilder
from analysis.extract.unseen import Unseen, in_words

SHORTEST_GAP_DAYS = 31
"""A shorter time without any record is not spoken of (ours)."""
SHORTEST_GAP_OF_A_KIND_DAYS = 61
"""Nor a shorter one without a record of one kind (ours)."""
KINDS_OF_RECORD = ("contact", "early_help_start", "referral", "assessment_start", "section_47")
"""Of these an extract holds every record of its period, not only of what is still open."""
CHANCE_OF_A_GAP = 0.001
"""A gap counts if records at their usual rate would be expected to leave one as long fewer times than this (ours)."""
FEWEST_OCCASIONS, FEWEST_OF_A_KIND = 10, 30
"""With fewer a rate cannot be said (ours)."""
Days = tuple[date, date]


@dataclass(frozen=True)
class Record:
    """When something was recorded.

    Attributes
    ----------
    days : tuple of datetime.date
        Each day with a record once, in order.
    occasions : int
        Children and calendar quarters with a record: what a child brings within a quarter is one occasion, for a
        contact, a referral and an assessment follow from each other.
    """

    days: tuple[date, ...]
    occasions: int

    def is_unlike(self, gap_days: int) -> bool:
        """Whether a time of this many days without a record is unlike the rest.

        Occasions are taken to come at a constant rate, so that the times between them are exponential. The rate is
        that of all the time but this gap.
        """
        if gap_days < SHORTEST_GAP_DAYS:
            return False
        between = [(after - before).days for before, after in pairwise(self.days)]
        covered = sum(between) - (gap_days if gap_days in between else 0)
        return covered > 0 and self.occasions * exp(-self.occasions * gap_days / covered) < CHANCE_OF_A_GAP


def unseen_days(events: pl.DataFrame, first: date, last: date, notes: ReportBuilder) -> tuple[Unseen, ...]:
    """The times of the observation period of which an extract has no record, or none of one kind, each noted.

    Parameters
    ----------
    events : polars.DataFrame
        child_id, event and date.
    first, last : datetime.date
        The observation period.
    notes : ReportBuilder

    Returns
    -------
    tuple of Unseen
    """
    days = recorded_days(events)
    events = events.filter(pl.col("date").is_between(max(first, days.min()), min(last, days.max())))
    every = _record(events.filter(pl.col("date").is_in(days.implode())))
    if every.occasions < FEWEST_OCCASIONS:
        return ()
    gaps, ends = _gaps(every), _ends(every, first, last)
    kinds = [kind for kind in _kinds(events, every) if not any(_within(kind, gap) for gap in gaps)]
    if gaps:
        when = " and from ".join(_days(gap.first, gap.last) for gap in gaps)
        sentence = f"no contact, referral or assessment from {when}, unlike the rest of the record"
        notes.problem("All extracts", f"{sentence}; an extract seems to be missing: add it")
    for end in ends:
        cure = "a case whose outcome window meets the time between is not followed; correct extract.yml"
        notes.problem("extract.yml", f"{end.why}; {cure}, or add the extract that is missing")
    for kind in kinds:
        notes.problem("All extracts", f"{kind.why}, unlike the rest of the record; see whether a list is missing then")
    return (*gaps, *ends, *kinds)


def unseen_in_one_extract(
    extracts: Sequence[tuple[str, Mapping[str, pl.DataFrame]]], tables: Mapping[str, Table], notes: ReportBuilder
) -> tuple[Unseen, ...]:
    """The events of a list that one extract lacks and others hold, in the days that only that extract covers.

    Parameters
    ----------
    extracts : sequence of (str, mapping)
        The name of each extract and its lists. One with fewer than half of the lists, such as a workbook for each
        list, is no extract of its own.
    tables : mapping of str to Table
    notes : ReportBuilder
        Where each is noted.

    Returns
    -------
    tuple of Unseen
        One for each list that an extract lacks.
    """
    held = {name: {table for table, rows in lists.items() if _tells(rows, tables[table])} for name, lists in extracts}
    every = {table for own in held.values() for table in own}
    whole = [(name, lists, period) for name, lists in extracts if 2 * len(held[name]) >= len(every)
             and (period := _period_of(lists, tables))]  # fmt: skip
    unseen = []
    for name, lists, period in whole:
        for table in [table for table in tables if table in every - held[name]]:
            covered = [of for other, _, of in whole if table in held[other]]
            alone = _longest_alone(period, covered)
            if (alone[1] - alone[0]).days < SHORTEST_GAP_OF_A_KIND_DAYS or not covered:
                continue
            lacks = f"no {'row of ' if table in lists else ''}{tables[table].title}"
            events = tuple(dict.fromkeys(rule.event for rule in tables[table].events))
            notes.problem(name, f"{lacks}, which other extracts hold, so none from {_days(*alone)} is seen; add it")
            unseen.append(Unseen(events, f"{lacks} in {name}", *alone))
    return tuple(unseen)


def _tells(rows: pl.DataFrame, table: Table) -> bool:
    # A list with headings alone may be the truth: nobody was adopted. Somebody was referred.
    return bool(table.events) and (len(rows) > 0 or not {rule.event for rule in table.events} & set(KINDS_OF_RECORD))


def _period_of(lists: Mapping[str, pl.DataFrame], tables: Mapping[str, Table]) -> Days | None:
    days = [
        rows[rule.date]
        for table, rows in lists.items()
        for rule in tables[table].events
        if rule.event in KINDS_OF_RECORD and rule.date in rows.columns
    ]
    every = without_isolated(pl.concat(days).drop_nulls().sort()) if days else pl.Series(dtype=pl.Date)
    return (every.min(), every.max()) if len(every) else None


def _longest_alone(period: Days, covered: Sequence[Days]) -> Days:
    # The longest stretch of a period that no other meets.
    edges = [(period[0], period[0]), *sorted(covered), (period[1], period[1])]
    longest, reached = (period[0], period[0]), period[0]
    for begin, end in edges:
        stretch = (reached, min(max(begin, period[0]), period[1]))
        longest = max(longest, stretch, key=lambda days: (days[1] - days[0]).days)
        reached = max(reached, min(end, period[1]))
    return longest


def _record(events: pl.DataFrame) -> Record:
    occasions = events.select("child_id", pl.col("date").dt.truncate("1q")).n_unique() if len(events) else 0
    return Record(tuple(events["date"].unique().sort()), occasions)


def _gaps(record: Record) -> tuple[Unseen, ...]:
    gaps = _unlike(record, record.days)
    return tuple(Unseen(None, f"no record from {_days(begin, end)}", begin, end) for begin, end in gaps)


def _ends(record: Record, first: date, last: date) -> tuple[Unseen, ...]:
    earliest, latest, ends = record.days[0], record.days[-1], []
    if record.is_unlike((earliest - first).days):
        why = f"the first record is of {earliest:%d/%m/%Y}, and the period begins on {first:%d/%m/%Y}"
        ends.append(Unseen(None, why, first, earliest - timedelta(days=1)))
    if record.is_unlike((last - latest).days):
        why = f"the last record is of {latest:%d/%m/%Y}, and the period ends on {last:%d/%m/%Y}"
        ends.append(Unseen(None, why, latest + timedelta(days=1), last))
    return tuple(ends)


def _kinds(events: pl.DataFrame, every: Record) -> tuple[Unseen, ...]:
    before, after = every.days[0] - timedelta(days=1), every.days[-1] + timedelta(days=1)
    unseen = []
    for kind in KINDS_OF_RECORD:
        own = _record(events.filter(pl.col("event") == kind))
        gaps = _unlike(own, (before, *own.days, after)) if own.occasions >= FEWEST_OF_A_KIND else []
        for begin, end in gaps:
            if (end - begin).days >= SHORTEST_GAP_OF_A_KIND_DAYS:
                unseen.append(Unseen((kind,), f"no {in_words([kind])} from {_days(begin, end)}", begin, end))
    return tuple(unseen)


def _unlike(record: Record, edges: tuple[date, ...]) -> list[Days]:
    one = timedelta(days=1)
    return [(begin + one, end - one) for begin, end in pairwise(edges) if record.is_unlike((end - begin).days)]


def _within(kind: Unseen, whole: Unseen) -> bool:
    # The gap of a kind reaches a little further than that of all records, for it is rarer.
    shared = (min(kind.last, whole.last) - max(kind.first, whole.first)).days
    return shared > 0 and (kind.last - kind.first).days - shared < SHORTEST_GAP_OF_A_KIND_DAYS


def _days(first: date, last: date) -> str:
    return f"{first:%d/%m/%Y} to {last:%d/%m/%Y}"
