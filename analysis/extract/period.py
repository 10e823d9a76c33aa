"""The observation period: between which days an event would have been seen."""

from datetime import date

import polars as pl

from analysis.extract.authority import Particulars
from analysis.extract.report import Notes, number
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
LONGEST_GAP_DAYS = 92
ISOLATED_SHARE = 0.005


def observation_period(
    events: pl.DataFrame,
    particulars: Particulars,
    study: Study | None,
    notes: Notes,
    *,
    years: tuple[date, date] | None = None,
) -> tuple[date, date, str]:
    """First and last day of observation, and a sentence that says where they come from.

    `extract.yml` decides. Without it they are the first and last dates of contacts, early help, referrals,
    assessments and section 47 enquiries; a few dates more than three months from all others (typing errors, as a
    rule) do not count. Statutory returns say for which `years` they are: these decide, for a return also holds what
    began long before and was still open.
    """
    days = events.filter(pl.col("event").is_in(_EVERY_RECORD))["date"].sort()
    days = days if len(days) else events["date"].sort()
    trimmed = _without_isolated(days)
    if (outside := len(days) - len(trimmed)) and not years:
        sentence = f"{number(outside, 'date')} more than {LONGEST_GAP_DAYS} days from all others"
        notes.problem("All lists", f"{sentence}; not taken as the observation period's ends; check them")
    earliest, latest = years or (trimmed.min(), trimmed.max())
    first, last = particulars.first_date or earliest, particulars.last_date or latest
    source = "the years of the returns" if years else "from the dates of the records"
    source = "as extract.yml says" if particulars.first_date and particulars.last_date else source
    if study and (last < study.first_date or first > study.last_date):
        notes.problem("extract.yml", "the extract lies wholly outside the protocol's study period; declare your own")
    elif study and (first < study.first_date or last > study.last_date):
        limits = f"{study.first_date:%d/%m/%Y} to {study.last_date:%d/%m/%Y}"
        notes.problem("extract.yml", f"the protocol studies {limits} only; declare your own period to use the rest")
    return first, last, f"Observed from {first:%d/%m/%Y} to {last:%d/%m/%Y}, {source}"


def _without_isolated(days: pl.Series) -> pl.Series:
    most = max(int(len(days) * ISOLATED_SHARE), 0)
    gaps = days.diff().dt.total_days().fill_null(0)
    start, stop = 0, len(days)
    for position in gaps.gt(LONGEST_GAP_DAYS).arg_true().to_list():
        if position <= most:
            start = position
        if len(days) - position <= most:
            stop = min(stop, position)
    return days[start:stop]
