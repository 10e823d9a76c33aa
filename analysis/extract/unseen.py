"""What an extract could not have shown: lists that it lacks, and months of which it has no record."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from analysis.extract.definitions import Table, events_from_reasons
from analysis.extract.report import ReportBuilder
from analysis.protocol.values import Prediction

RECORDED_IN_EVERY_LIST = (
    "contact",
    "early_help_start",
    "referral",
    "assessment_start",
    "assessment_authorised",
    "section_47",
    "need_start",
    "plan_start",
    "care_start",
)
"""Events that a list with rows must have dates of; others, such as the end of a plan, may not have happened."""
_NOUNS = {"adopted": "adoption", "section_47": "section 47 enquiry"}


@dataclass(frozen=True)
class Unseen:
    """Events that could not have been seen, and from which day to which.

    Attributes
    ----------
    events : tuple of str or None
        The events; None for all of them.
    first, last : datetime.date or None
        The days, both included; None where there is no day on which such an event could have been seen.
    why : str
        The reason, as it follows "not to be trusted: ".
    """

    events: tuple[str, ...] | None
    why: str
    first: date | None = None
    last: date | None = None

    def doubts(self, prediction: Prediction, cases: pl.DataFrame) -> str:
        """Why a prediction's outcomes cannot be trusted, with how many of its cases; empty if they can.

        Parameters
        ----------
        prediction : Prediction
        cases : polars.DataFrame
            Its cases: index_date and window_end, the last day of the outcome window.

        Returns
        -------
        str
        """
        needed = {event for step in prediction.steps for event in step.any_of} | set(prediction.none_of)
        missing = [event for event in self.events or () if event in needed]
        if self.events is not None and not missing:
            return ""
        if self.first is None or self.last is None:
            return f"{self.why}, so no {in_words(missing)} can be seen"
        touched = len(cases.filter(pl.col("index_date") <= self.last, pl.col("window_end") >= self.first))
        return f"{self.why}, within the outcome window of {touched:,} of {len(cases):,} cases" if touched else ""


def unseen_lists(
    lists: Mapping[str, pl.DataFrame], tables: Mapping[str, Table], notes: ReportBuilder
) -> tuple[Unseen, ...]:
    """The events of which no list that was read can tell; one note names the lists that are missing or have no row.

    Where several lists tell of an event, the first of the source's lists holds them all, and the others some of them.

    Parameters
    ----------
    lists : mapping of str to polars.DataFrame
        Merged lists by name.
    tables : mapping of str to Table
        Every list of the source, by name.
    notes : ReportBuilder

    Returns
    -------
    tuple of Unseen
    """
    telling: dict[str, str] = {}
    for name, table in tables.items():
        for rule in table.events:
            telling.setdefault(rule.event, name)
    dark: dict[str, list[str]] = {}
    for event, name in telling.items():
        if not _tells_of(event, tables[name], lists.get(name)):
            dark.setdefault(name, []).append(event)
    hidden = _with_reasons(dark, telling)
    empty = "no row of {} has its date in any extract"
    reasons = {name: (empty if name in lists else "no {} in any extract") for name in hidden}
    for reason in dict.fromkeys(reasons.values()):
        names = [name for name in hidden if reasons[name] == reason]
        titles = " and no ".join(tables[name].title for name in names).replace(" and no ", ", no ", len(names) - 2)
        events = in_words([event for name in names for event in hidden[name]])
        cure = "predictions that need them are not to be trusted; add what is missing to each extract"
        notes.problem("All extracts", f"{reason.format(titles)}, so no {events} can be seen; {cure}")
    return tuple(Unseen(tuple(events), reasons[name].format(tables[name].title)) for name, events in hidden.items())


def _tells_of(event: str, table: Table, rows: pl.DataFrame | None) -> bool:
    if rows is None or rows.is_empty():
        return False
    days = [rule.date for rule in table.events if rule.event == event]
    return event not in RECORDED_IN_EVERY_LIST or any(rows[day].count() for day in days if day in rows.columns)


def in_words(events: Collection[str]) -> str:
    """Names of events for a sentence: "plan start or plan end"."""
    return " or ".join(_NOUNS.get(event, event.replace("_", " ")) for event in events)


def _with_reasons(dark: Mapping[str, list[str]], telling: Mapping[str, str]) -> dict[str, list[str]]:
    # An adoption is known from the list of adoptions or from the reason why care ended: either will do.
    hidden = {event for events in dark.values() for event in events}
    result = {name: list(events) for name, events in dark.items()}
    for event, ends in events_from_reasons().items():
        if hidden >= set(ends) and event not in telling:
            result[telling[next(iter(ends))]].append(event)
        elif not hidden >= set(ends):
            result = {name: [other for other in events if other != event] for name, events in result.items()}
    return {name: events for name, events in result.items() if events}
