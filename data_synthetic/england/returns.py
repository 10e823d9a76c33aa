"""The same records as statutory returns: a children in need census and an SSDA903 return for each year."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import polars as pl

from data_synthetic.england.annex_a import Extract
from data_synthetic.england.records import Records
from data_synthetic.england.standard_safeguarding import letterless

LONG_CARE_DAYS = 120  # a period as long as this has had a change of placement,
CHANGED_AFTER_DAYS = 60  # so many days after it began
SEX = {"a) Male": "1", "b) Female": "2", "c) Not stated/recorded": "9", "d) Neither": "9"}
ABUSE = {"Neglect": "NEG", "Physical abuse": "PHY", "Sexual abuse": "SAB", "Emotional abuse": "EMO"}

Row = dict[str, Any]


def write_returns(folder: Path, records: Records) -> None:
    """Write `cin_census/census_<year>.xml` and `ssda903/<year>/header.csv` and `episodes.csv`.

    A year is that of its last day, 31 March; the last is cut at the last day of the records. A year holds what was open
    at any time in it, with the dates that had come by its end.

    Parameters
    ----------
    folder : Path
        Where the folders of both returns are made.
    records : Records
        Of one authority.
    """
    (folder / "cin_census").mkdir(parents=True, exist_ok=True)
    for year in years(records):
        path = folder / "cin_census" / f"census_{year.last.year}_{year.last:%m}.xml"
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(_census(records, year))
        place = folder / "ssda903" / f"{year.first.year}"
        place.mkdir(parents=True, exist_ok=True)
        header, episodes = _looked_after(records, year)
        header.write_csv(place / "header.csv")
        episodes.write_csv(place / "episodes.csv", date_format="%d/%m/%Y")


def years(records: Records) -> list[Extract]:
    """The years from 1 April to 31 March that the records lie in; the last ends with them."""
    first = records.first_date.year - (records.first_date.month < 4)
    starts = [date(year, 4, 1) for year in range(first, records.last_date.year + 1)]
    ends = [min(date(start.year + 1, 3, 31), records.last_date) for start in starts]
    return [Extract(start, end) for start, end in zip(starts, ends, strict=True) if start <= end]


def _census(records: Records, year: Extract) -> Iterator[str]:
    yield "<?xml version='1.0' encoding='utf-8'?>\n<Message><Header><CollectionDetails><Collection>CIN</Collection>"
    yield f"<Year>{year.last.year}</Year><ReferenceDate>{year.last}</ReferenceDate></CollectionDetails></Header>"
    yield "<Children>\n"
    details, people = _details(records, year), records.children.sort("child")
    for person in people.iter_rows(named=True):
        if own := details.get(person["child"]):
            yield f"<Child>{_person(person)}{''.join(own)}</Child>\n"
    yield "</Children></Message>\n"


def _person(person: Row) -> str:
    identifiers = _element("LAchildID", person["child_id"]) + _element("PersonBirthDate", person["birth"])
    disability = {"a) Yes": "LD", "b) No": "NONE"}.get(person["disability"])
    disabilities = f"<Disabilities>{_element('Disability', disability)}</Disabilities>" if disability else ""
    return (
        f"<ChildIdentifiers>{identifiers}{_element('GenderCurrent', SEX[person['gender']])}</ChildIdentifiers>"
        f"<ChildCharacteristics>{_element('Ethnicity', person['ethnicity'])}{disabilities}</ChildCharacteristics>"
    )


def _details(records: Records, year: Extract) -> dict[int, list[str]]:
    """Each child's `CINdetails` of the year; assessments, enquiries and plans stand in the one begun last before."""
    holders: dict[int, list[tuple[date, list[str]]]] = defaultdict(list)
    for row in _referrals_and_needs(records, year).iter_rows(named=True):
        holders[row["child"]].append((row["date"], [_referral(row)]))
    for began, child, text in _inner(records, year):
        own = holders[child]
        before = [texts for start, texts in own if start <= began] or [texts for _, texts in own[:1]]
        if not before:  # the referral came before the records begin
            own.append((began, []))
            before = [own[-1][1]]
        before[-1].append(text)
    return {child: [f"<CINdetails>{''.join(texts)}</CINdetails>" for _, texts in own] for child, own in holders.items()}


def _referrals_and_needs(records: Records, year: Extract) -> pl.DataFrame:
    needs = records.needs.rename({"start": "date", "end": "closed"})
    rows = records.referrals.join(needs, on=["child", "date"], how="full", coalesce=True)
    open_in_it = pl.col("need").is_not_null() & (pl.col("closed").is_null() | (pl.col("closed") >= year.first))
    rows = rows.filter((pl.col("date") <= year.last) & (open_in_it | year.holds("date")))
    closed = year.known("closed")
    return rows.sort("date", "child").with_columns(
        closed=closed,
        need=letterless("need"),
        source=letterless("source"),
        closure=pl.when(closed.is_not_null()).then(letterless("closure")),
    )


def _referral(row: Row) -> str:
    nfa = None if row["no_further_action"] is None else str(row["no_further_action"]).lower()
    values = {
        "CINreferralDate": row["date"],
        "ReferralSource": row["source"],
        "PrimaryNeedCode": row["need"],
        "CINclosureDate": row["closed"],
        "ReasonForClosure": row["closure"],
        "ReferralNFA": nfa,
    }
    return "".join(_element(name, value) for name, value in values.items())


def _inner(records: Records, year: Extract) -> Iterator[tuple[date, int, str]]:
    for row in _current(records.assessments, year, "start", "authorised").iter_rows(named=True):
        dates = {"AssessmentActualStartDate": row["start"], "AssessmentAuthorisationDate": row["authorised"]}
        yield row["start"], row["child"], _group("Assessments", dates)
    reported = year.holds("date") | year.holds("conference")
    enquiries = records.section_47.filter(reported & (pl.col("date") <= year.last))
    enquiries = enquiries.with_columns(held=year.known("conference"))
    for row in enquiries.iter_rows(named=True):
        unnecessary = "true" if row["conference"] is None else "false" if row["held"] else None
        values = {"S47ActualStartDate": row["date"], "DateOfInitialCPC": row["held"], "ICPCnotRequired": unnecessary}
        yield row["date"], row["child"], _group("Section47", values)
    for row in _current(records.plans, year, "start", "end").iter_rows(named=True):
        yield row["start"], row["child"], _group("ChildProtectionPlans", _plan(row))


def _plan(row: Row) -> dict[str, object]:
    first, last = (ABUSE.get(row[name].partition(") ")[2], "MUL") for name in ("category", "latest"))
    return {
        "CPPstartDate": row["start"],
        "CPPendDate": row["end"],
        "InitialCategoryOfAbuse": first,
        "LatestCategoryOfAbuse": last,
    }


def _current(rows: pl.DataFrame, year: Extract, start: str, end: str) -> pl.DataFrame:
    """What was open at any time in the year, with the end that was known by its last day."""
    going_on = pl.col(end).is_null() | (pl.col(end) >= year.first) | year.holds(start)
    current = (pl.col(start) <= year.last) & going_on
    return rows.filter(current).with_columns(year.known(end).alias(end)).sort(start, "child")


def _looked_after(records: Records, year: Extract) -> tuple[pl.DataFrame, pl.DataFrame]:
    people = records.children.select("child", "child_id", "birth", "gender", "ethnicity")
    care = _current(_episodes(records), year, "start", "end").join(people, on="child", maintain_order="left")
    header = care.unique("child", maintain_order=True).select(
        CHILD="child_id",
        SEX=pl.col("gender").replace_strict(SEX),
        DOB=pl.col("birth").dt.strftime("%d/%m/%Y"),
        ETHNIC="ethnicity",
        UPN=pl.lit(None, pl.String),
    )
    episodes = care.select(
        CHILD="child_id",
        DECOM="start",
        RNE="why_new",
        LS=letterless("legal"),
        CIN=letterless("need"),
        PLACE=letterless("placement"),
        DEC="end",
        REC=pl.when(pl.col("end").is_not_null()).then(letterless("ceased")),
    )
    return header, episodes


def _episodes(records: Records) -> pl.DataFrame:
    """Periods of care as episodes: a long one is two, the second after a change of placement."""
    lasted = (pl.col("end").fill_null(records.last_date) - pl.col("start")).dt.total_days()
    changed = pl.col("start") + pl.duration(days=CHANGED_AFTER_DAYS)
    long, short = records.care.filter(lasted >= LONG_CARE_DAYS), records.care.filter(lasted < LONG_CARE_DAYS)
    return pl.concat(
        [
            short.with_columns(why_new=pl.lit("S")),
            long.with_columns(why_new=pl.lit("S"), end=changed, ceased=pl.lit("X1")),
            long.with_columns(why_new=pl.lit("P"), start=changed),
        ]
    )


def _group(name: str, values: dict[str, object]) -> str:
    return f"<{name}>{''.join(_element(key, value) for key, value in values.items())}</{name}>"


def _element(name: str, value: object) -> str:
    return "" if value is None else f"<{name}>{escape(str(value))}</{name}>"
