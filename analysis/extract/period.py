"""The observation period: between which days an event would have been seen."""

from datetime import date

import polars as pl

from analysis.extract.authority import ExtractMetadata
from analysis.extract.isolated_dates import LONGEST_GAP_DAYS, without_isolated
from analysis.extract.report import ReportBuilder, number
from analysis.protocol.values import Study

# Lists 1 to 5 hold every record of the period; lists 6 to 8 reach back to when a case was opened.
_EVERY_RECORD = (
    "contact",
    "early_help_start",
    "early_help_end",
    "referral",
    "assessment_start",
    "assessment_authorised",
    "section_47",
    "initial_conference",
)


def observation_period(
    events: pl.DataFrame,
    metadata: ExtractMetadata,
    study: Study | None,
    notes: ReportBuilder,
    *,
    years: tuple[date, date] | None = None,
) -> tuple[date, date, str]:
    """First and last day of observation, and a sentence that says where they come from.

    `extract.yml` decides. Without it they are the first and last dates of contacts, early help, referrals,
    assessments and section 47 enquiries; a few dates more than three months from all others (typing errors, as a
    rule) do not count. Statutory returns say for which `years` they are: these decide, for a return also holds what
    began long before and was still open.

    Parameters
    ----------
    events : polars.DataFrame
        The checked table `events`, its children's identifiers as supplied.
    metadata : ExtractMetadata
        What `extract.yml` says.
    study : Study or None
        The protocol's; None where there is none to compare with.
    notes : ReportBuilder
    years : tuple of date and date or None
        First and last day that statutory returns observe.

    Returns
    -------
    tuple of date, date and str
    """
    days = _days(events)
    trimmed = without_isolated(days)
    if (outside := len(days) - len(trimmed)) and not years:
        sentence = f"{number(outside, 'date')} more than {LONGEST_GAP_DAYS} days from all others"
        notes.problem("All lists", f"{sentence}; not taken as the observation period's ends; check them")
    earliest, latest = years or (trimmed.min(), trimmed.max())
    first, last = metadata.first_date or earliest, metadata.last_date or latest
    source = "the years of the returns" if years else "from the dates of the records"
    source = "as extract.yml says" if metadata.first_date and metadata.last_date else source
    if last < trimmed.min() or first > trimmed.max():
        held = f"{trimmed.min():%d/%m/%Y} to {trimmed.max():%d/%m/%Y}"
        notes.problem(
            "extract.yml", f"no record lies in its period; the records are of {held}; correct 'from' and 'to'"
        )
    if study and (last < study.first_date or first > study.last_date):
        notes.problem("extract.yml", "the extract lies wholly outside the protocol's study period; declare your own")
    elif study and (first < study.first_date or last > study.last_date):
        limits = f"{study.first_date:%d/%m/%Y} to {study.last_date:%d/%m/%Y}"
        notes.problem("extract.yml", f"the protocol studies {limits} only; declare your own period to use the rest")
    return first, last, f"Observed from {first:%d/%m/%Y} to {last:%d/%m/%Y}, {source}"


def recorded_days(events: pl.DataFrame) -> pl.Series:
    """The dates, in order, that the observation period is taken from: those of `events` that do not stand alone."""
    return without_isolated(_days(events))


def _days(events: pl.DataFrame) -> pl.Series:
    days = events.filter(pl.col("event").is_in(_EVERY_RECORD))["date"].sort()
    return days if len(days) else events["date"].sort()
