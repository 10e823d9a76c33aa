"""Small invented worlds: a few children in a few families, many records on few days, so that ties are common."""

import calendar
from datetime import date, timedelta

import polars as pl
from hypothesis import strategies as st

from analysis.schemas import (
    DISABILITIES,
    ETHNICITY_GROUPS,
    EVENTS,
    GENDERS,
    SCHEMAS,
    SOURCES,
    SUPPLIED_COUNTS,
    CheckedTables,
)

FIRST, LAST = date(2014, 1, 1), date(2018, 12, 31)
# Index dates, ends of months included; records fall around the edges of the windows that start or end there.
INDEX_DATES = (date(2016, 2, 29), date(2016, 8, 31), date(2016, 9, 1))
CODES = {
    "contact": SOURCES,
    "referral": SOURCES,
    "need_start": tuple(f"N{digit}" for digit in range(10)),
    "need_end": ("RC1", "RC2", "RC5", "RC7", "RC8"),
    "care_end": ("E2", "E3", "E4A", "E11"),
}
OUTCOMES = {
    "referral": ("no further action", "further action"),
    "assessment_authorised": ("support", "no support"),
}


def add_months(day: date, months: int) -> date:
    """The same day some calendar months later (or earlier); the last day of the month where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def add(day: date, duration) -> date:
    """A day moved on by a duration of the protocol."""
    if duration.months is not None:
        return add_months(day, duration.months)
    return day + timedelta(days=duration.days)


def days_around(*days: date) -> list[date]:
    """Each day with the day before and the day after it, once."""
    return sorted({day + timedelta(days=shift) for day in days for shift in (-1, 0, 1)})


# The edges of "the 3 (12) months before" each index date, and the index dates themselves.
HISTORY_DAYS = days_around(*(add_months(day, -months) for day in INDEX_DATES for months in (0, 3, 12)))


def frame(name: str, rows: list[tuple]) -> pl.DataFrame:
    """A checked table from rows."""
    return pl.DataFrame(rows, schema=SCHEMAS[name], orient="row")


def checked(children, events, supplied=(), documents=(), *, first=FIRST, last=LAST) -> CheckedTables:
    """Checked tables from rows; events are sorted as the reader sorts them."""
    return CheckedTables(
        children=frame("children", children),
        events=frame("events", events).sort("child_id", "date", "event", maintain_order=True),
        supplied_counts=frame("supplied_counts", list(supplied)),
        documents=frame("documents", list(documents)),
        first_date=first,
        last_date=last,
        families_known=True,
    )


@st.composite
def _children(draw):
    names = [f"child {letter}" for letter in "ABC"[: draw(st.integers(1, 3))]]
    birth = st.one_of(
        st.none(), st.sampled_from([date(1998, 1, 1), date(1998, 2, 1), date(2005, 6, 1), date(2017, 1, 1)])
    )
    return [
        (
            name,
            f"family {draw(st.integers(1, 2))}",
            draw(birth),
            draw(st.sampled_from(GENDERS)),
            "WBRI",
            draw(st.sampled_from(tuple(ETHNICITY_GROUPS))),
            draw(st.sampled_from(DISABILITIES)),
        )
        for name in names
    ]


@st.composite
def _event(draw, names, events, days):
    event = draw(st.sampled_from(events))
    code = draw(st.sampled_from(CODES[event])) if event in CODES else None
    outcome = draw(st.sampled_from(OUTCOMES[event])) if event in OUTCOMES else None
    return (draw(st.sampled_from(names)), event, draw(st.sampled_from(days)), code, outcome)


@st.composite
def worlds(draw, event_names=EVENTS, days=tuple(HISTORY_DAYS), certain=()) -> CheckedTables:
    """Checked tables of up to three children, with only these events on only these days.

    `certain` holds (event, date, code, outcome) that happen to the first child in any case.
    """
    children = draw(_children())
    names = [child[0] for child in children]
    events = draw(st.lists(_event(names, event_names, days), min_size=1, max_size=25))
    count = st.tuples(
        st.sampled_from(names), st.sampled_from(days), st.sampled_from(SUPPLIED_COUNTS), st.integers(0, 9)
    )
    events += [(names[0], *event) for event in certain]
    return checked(children, events, draw(st.lists(count, max_size=8)))
