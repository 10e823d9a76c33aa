"""SSDA903, the return of looked-after children: its episodes of all years as periods of care.

A return holds every episode that was open at any time in its year (1 April to 31 March). One period of care is several
episodes: a change of placement or legal status ends one (reason X1) and begins the next. These rules make periods of
them; where they follow the published rules of the London data platform (`fix_episodes`), their number there is given.

1. A child's episode begun on one day is one, in however many years it is returned; the latest year is believed, which
   ends what an earlier year had left open (rules 3 and 3A).
2. A period begins with a child's first episode, with an episode that is new for reason S, and with one that follows an
   episode ended for another reason than X1. Care starts on that day. Where the first episode returned is not new for
   reason S care began earlier, on a day not returned: such periods are counted.
3. A period ends where its last episode does, for its reason.
4. An episode left open, or ended by X1, and followed by one that is not new for reason S goes on in it (rules 1, 4, 5).
5. An episode left open and followed by one that is new for reason S: care had ended by 31 March of the year in which
   the episode was returned last, or on the day before the next began if that is earlier; the reason is not known (rule
   1A). After an X1 it ended on the day that was returned.
6. An episode left open, or ended by X1, of a child who is in no later year that was supplied: care had ended by
   31 March of the year in which it was returned last (after X1: on the day returned), for a reason not known (rule 2).
7. Otherwise the period is still open.

Deviations: an unknown reason stays blank (E99 there); a year that was not supplied ends nothing; short breaks (V3, V4)
are periods of care as in Annex A, where list 8 holds them too.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import polars as pl

from analysis.errors import TableError
from analysis.extract.definitions import statutory_returns
from analysis.extract.report import ReportBuilder, number
from analysis.extract.return_xml import NOT_A_RETURN, Names, element_names, elements, texts

PERIOD = "ssda903_period"
TITLE = statutory_returns().tables[PERIOD].title
# Where nothing but the extract's own dates tells its year, a year with fewer ends than this share of the fullest's is
# taken for typing errors (ours).
LEAST_SHARE = 0.2

_GOES_ON = "X1"
_STARTS = "S"


def read_xml(path: Path) -> dict[str, list[list[str | None]]]:
    """The headers and episodes of a return in XML: text by the order of each table's columns.

    Raises
    ------
    TableError
        If the file is not well-formed XML, is not an SSDA903 return, or declares entities.
    """
    tables = {"header": "ssda903_header", "episode": "ssda903_episode"}
    columns = {name: element_names(statutory_returns().tables[name]) for name in tables.values()}
    rows: dict[str, list[list[str | None]]] = {name: [] for name in columns}
    names = Names(statutory_returns().tables[name] for name in columns)
    for _, child in elements(path, "CHILD"):
        sections = [(names[section.tag], texts(section, names)) for section in child]
        identifier = next((values.get("child") for name, values in sections if name == "header"), None)
        for name, values in sections:
            if table := tables.get(name):
                rows[table].append([*map({**values, "child": identifier}.get, columns[table])])
    if not rows["ssda903_header"]:
        raise TableError(path.name, NOT_A_RETURN)
    return rows


def return_year(episodes: pl.DataFrame) -> tuple[date, date] | None:
    """First and last day of the year, or years, that episodes were returned for; None if none has a date.

    Whatever a return is called, episodes end within its year; a few dates in other years are typing errors. Where no
    episode ended, the last to begin tells the year.

    Examples
    --------
    >>> episodes = pl.DataFrame({"start_date": [date(2016, 5, 1)], "end_date": [date(2018, 2, 1)]})
    >>> return_year(episodes)
    (datetime.date(2017, 4, 1), datetime.date(2018, 3, 31))
    """
    ends = _financial_years(episodes["end_date"])
    if ends.is_empty():
        begun = _financial_years(episodes["start_date"])
        return _year(begun.max(), begun.max()) if len(begun) else None
    counts = ends.value_counts()
    full = counts.filter(pl.col("count") >= LEAST_SHARE * counts["count"].max())[ends.name]
    return _year(full.min(), full.max())


def periods_of_care(
    episodes: pl.DataFrame, years: Mapping[int, tuple[date, date] | None], notes: ReportBuilder
) -> pl.DataFrame:
    """Periods of care by the rules of this module.

    Parameters
    ----------
    episodes : polars.DataFrame
        One row per child and day on which an episode began: child_id, start_date, why_new, need, end_date, reason and
        `extract`, the position of the latest return that holds it.
    years : mapping of int to tuple
        First and last day of each return, by its position.
    notes : ReportBuilder
        Where periods without a returned start, or with an end that no return gives, are counted.

    Returns
    -------
    polars.DataFrame
        child_id, start_date, need, end_date, reason, extract.
    """
    rows = _with_period(episodes.filter(pl.col("start_date").is_not_null()).sort("child_id", "start_date"))
    periods = rows.group_by("child_id", "period", maintain_order=True).agg(
        pl.col("start_date", "need", "why_new").first(), pl.col("end_date", "reason", "extract").last()
    )
    periods = periods.with_columns(next_start=pl.col("start_date").shift(-1).over("child_id"))
    ended = periods.with_columns(end_date=_end(years), reason=_known_reason())
    _note_what_was_worked_out(periods, ended, notes)
    return ended.select("child_id", "start_date", "need", "end_date", "reason", "extract")


def _with_period(rows: pl.DataFrame) -> pl.DataFrame:
    before = pl.col("end_date", "reason").shift().over("child_id").name.suffix("_before")
    rows = rows.with_columns(before, first=pl.int_range(pl.len()).over("child_id") == 0)
    ceased = pl.col("end_date_before").is_not_null() & (pl.col("reason_before") != _GOES_ON)
    unexplained = pl.col("reason_before").is_null() & (pl.col("end_date_before") < pl.col("start_date"))
    begins = (
        pl.col("first")
        | (pl.col("why_new") == _STARTS).fill_null(False)
        | ceased.fill_null(False)
        | unexplained.fill_null(False)
    )
    return rows.with_columns(period=begins.cast(pl.Int64).cum_sum().over("child_id"))


def _known_reason() -> pl.Expr:
    # A reason beside no date of ceasing is a plan or a mistake; X1 is no end of a period.
    stated = pl.col("end_date").is_not_null() & (pl.col("reason") != _GOES_ON)
    return pl.when(stated).then("reason")


def _end(years: Mapping[int, tuple[date, date] | None]) -> pl.Expr:
    known = {position: year[1] for position, year in years.items() if year}
    last_day = pl.col("extract").replace_strict(known, default=None, return_dtype=pl.Date)
    latest = max(known.values(), default=None)
    followed = pl.col("next_start").is_not_null()
    gone = (last_day < pl.lit(latest, pl.Date)).fill_null(False)
    the_day_before = pl.col("next_start").dt.offset_by("-1d")
    unseen = pl.when(followed).then(pl.min_horizontal(last_day, the_day_before)).when(gone).then(last_day)
    goes_on = (pl.col("reason") == _GOES_ON).fill_null(False)
    return (
        pl.when(pl.col("end_date").is_null())
        .then(pl.max_horizontal(unseen, pl.when(unseen.is_not_null()).then("start_date")))
        .when(~goes_on | followed | gone)
        .then("end_date")
    )


def _note_what_was_worked_out(periods: pl.DataFrame, ended: pl.DataFrame, notes: ReportBuilder) -> None:
    first = periods.unique("child_id", keep="first", maintain_order=True)
    unknown = int((first["why_new"] != _STARTS).fill_null(True).sum())
    if unknown:
        sentence = f"{number(unknown, 'child', 'children')} whose first episode is not new for reason S"
        notes.problem(TITLE, f"{sentence}: care began before it; the period is counted from that episode")
    worked_out = int((periods["end_date"].is_null() & ended["end_date"].is_not_null()).sum())
    if worked_out:
        sentence = f"{number(worked_out, 'period')} left open in one year and not carried on in the next"
        notes.problem(TITLE, f"{sentence}; ended by 31 March of that year, for a reason not known")
    abandoned = int((periods["end_date"].is_not_null() & ended["end_date"].is_null()).sum())
    if abandoned:
        sentence = f"{number(abandoned, 'period')} whose last episode ended by X1 with no other after it"
        notes.problem(TITLE, f"{sentence}; taken as still open")


def _financial_years(days: pl.Series) -> pl.Series:
    # The year in which it ends: 1 April 2017 to 31 March 2018 is 2018.
    days = days.drop_nulls()
    return (days.dt.year() + (days.dt.month() >= 4).cast(pl.Int32)).rename("year")


def _year(first: int, last: int) -> tuple[date, date]:
    return date(first - 1, 4, 1), date(last, 3, 31)
