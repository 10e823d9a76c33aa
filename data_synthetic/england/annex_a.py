"""Annex A as authorities write it: one workbook per extract, lists 1 to 8 and 10, in Ofsted's own words."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
import yaml
from xlsxwriter import Workbook

from data_synthetic.england.records import ADOPTED, Records
from data_synthetic.england.truth import AuthorityTruth

LAYOUT = yaml.safe_load(Path(__file__).with_name("annex_a.yml").read_text(encoding="utf-8"))
OVERLAP_DAYS = 14  # consecutive extracts repeat their neighbour's last fortnight
YES, NO = "a) Yes", "b) No"
# A workbook states when it was made; a constant moment, so that the same seed gives the same bytes.
MADE = datetime(2020, 1, 31)


@dataclass(frozen=True)
class Extract:
    """One export: events dated within it, and the state of things on its last day."""

    first: date
    last: date

    def holds(self, column: str) -> pl.Expr:
        """Whether a date lies within the extract."""
        return pl.col(column).is_between(self.first, self.last)

    def known(self, column: str) -> pl.Expr:
        """The date if it had come by the last day of the extract, else null."""
        return pl.when(pl.col(column) <= self.last).then(pl.col(column))


def extracts(authority: AuthorityTruth) -> list[Extract]:
    """The authority's exports in order of time: one over the whole period, or one every so many months."""
    if authority.extract_months is None:
        return [Extract(authority.first_date, authority.last_date)]
    starts = pl.date_range(authority.first_date, authority.last_date, f"{authority.extract_months}mo", eager=True)
    ends = [*(start - timedelta(days=1) for start in starts[1:]), authority.last_date]
    starts = [authority.first_date, *(end - timedelta(days=OVERLAP_DAYS - 1) for end in ends[:-1])]
    return [Extract(first, last) for first, last in zip(starts, ends, strict=True)]


def lists(records: Records, extract: Extract, *, counts_as_at: str, one_row_per_child: bool) -> dict[str, pl.DataFrame]:
    """The nine lists of one extract, each a frame under the official headings.

    Parameters
    ----------
    records : Records
        Everything recorded of the authority's children.
    extract : Extract
        Its first and last day.
    counts_as_at : {"row", "extract"}
        Up to which day a supplied count counts: that of its record, or the last of the child's in the extract, which
        leaks what came later.
    one_row_per_child : bool
        Whether only the child's latest period of need, plan or care is held.

    Returns
    -------
    dict of str to polars.DataFrame
        By the list's name.
    """
    makers = {
        "List_1": _contacts,
        "List_2": _early_help,
        "List_3": _referrals,
        "List_4": _assessments,
        "List_5": _section_47,
    }
    frames = {name: maker(records, extract, counts_as_at) for name, maker in makers.items()}
    latest = ["child"] if one_row_per_child else ["child", "start"]
    frames["List_6"] = _needs(records, extract, latest)
    frames["List_7"] = _plans(records, extract, latest)
    frames["List_8"] = _care(records, extract, latest)
    frames["List_10"] = _adoptions(records, extract)
    return {name: _under_headings(records, frame, name, extract) for name, frame in frames.items()}


def write_workbook(path: Path, frames: dict[str, pl.DataFrame]) -> None:
    """Write the lists as sheets: the title in row 1, the headings in row 2, dates as Excel dates.

    Parameters
    ----------
    path : Path
    frames : dict of str to polars.DataFrame
        By the list's name.
    """
    with Workbook(path, {"default_date_format": "dd/mm/yyyy", "constant_memory": True}) as workbook:
        workbook.set_properties({"title": "Annex A", "comments": "Invented children", "created": MADE})
        for name, frame in frames.items():
            sheet = workbook.add_worksheet(name)
            sheet.write_string(0, 0, LAYOUT[name]["title"])
            for column, heading in enumerate(frame.columns):
                sheet.write_string(1, column, heading)
            _write_rows(sheet, frame)


def _write_rows(sheet, frame: pl.DataFrame) -> None:
    writers = [
        {pl.Date: sheet.write_datetime, pl.String: sheet.write_string}.get(kind, sheet.write_number)
        for kind in frame.dtypes
    ]
    for number, row in enumerate(frame.iter_rows(), start=2):
        for column, (write, value) in enumerate(zip(writers, row, strict=True)):
            if value is not None:
                write(number, column, value)


def _under_headings(records: Records, frame: pl.DataFrame, name: str, extract: Extract) -> pl.DataFrame:
    """Add who the child is and who works with it, and put every column under its official heading."""
    age = (pl.lit(extract.last) - pl.col("birth")).dt.total_days() / 365.25
    frame = frame.join(records.children, on="child", how="left").with_columns(
        age=age.floor().cast(pl.Int64).clip(-1),
        ethnicity_code=pl.col("ethnicity").replace_strict(LAYOUT["ethnicity"]),
        team=pl.concat_str(pl.lit("Team "), (pl.col("child") % 7 + 1)),
        worker=(pl.col("child") % len(LAYOUT["workers"])).replace_strict(
            dict(enumerate(LAYOUT["workers"])), return_dtype=pl.String
        ),
    )
    columns = LAYOUT[name]["columns"]
    return frame.select(
        (pl.col(source) if source in frame.columns else pl.lit(None, pl.String)).alias(heading)
        for heading, source in columns.items()
    )


def _contacts(records: Records, extract: Extract, counts_as_at: str) -> pl.DataFrame:
    return records.contacts.filter(extract.holds("date"))


def _early_help(records: Records, extract: Extract, counts_as_at: str) -> pl.DataFrame:
    current = (pl.col("start") <= extract.last) & (pl.col("end").is_null() | (pl.col("end") >= extract.first))
    return records.early_help.filter(extract.holds("start") | current).with_columns(
        end=extract.known("end"), organisation=pl.lit("Children's centre")
    )


def _referrals(records: Records, extract: Extract, counts_as_at: str) -> pl.DataFrame:
    counted = _year_count(records.referrals, extract, counts_as_at, "number")
    return counted.filter(extract.holds("date")).with_columns(nfa=_yes_no("no_further_action"))


def _assessments(records: Records, extract: Extract, counts_as_at: str) -> pl.DataFrame:
    current = (pl.col("start") <= extract.last) & (
        pl.col("authorised").is_null() | (pl.col("authorised") >= extract.first)
    )
    done = pl.col("authorised") <= extract.last
    return records.assessments.filter(current).with_columns(
        authorised=extract.known("authorised"),
        support=pl.when(done).then(_yes_no("support")),
        seen=pl.when(pl.col("child") % 9 == 0).then(pl.lit(NO)).otherwise(pl.lit(YES)),
    )


def _section_47(records: Records, extract: Extract, counts_as_at: str) -> pl.DataFrame:
    rows = _year_count(records.section_47, extract, counts_as_at, "enquiries")
    rows = _year_count(rows, extract, counts_as_at, "conferences", when="conference")
    held = pl.col("conference") <= extract.last
    unnecessary = pl.when(held).then(pl.lit(NO)).when(pl.col("conference").is_null()).then(pl.lit(YES))
    reported = extract.holds("date") | extract.holds("conference")
    return rows.filter(reported & (pl.col("date") <= extract.last)).with_columns(
        conference=extract.known("conference"),
        unnecessary=unnecessary,
        plan=pl.when(held).then(_yes_no("plan")),
    )


def _year_count(
    rows: pl.DataFrame, extract: Extract, counts_as_at: str, name: str, *, when: str = "date"
) -> pl.DataFrame:
    """Number of the child's events in the 12 months up to the row, or up to its latest in the extract."""
    events = rows.filter(pl.col(when) <= extract.last).select("child", event=when)
    rows = rows.with_row_index("row")
    upto = pl.col("event").max() if counts_as_at == "extract" else pl.col("date").first()
    counted = (
        rows.select("row", "child", "date")
        .join(events, on="child")
        .with_columns(upto=upto.over("row"))
        .filter((pl.col("event") <= pl.col("upto")) & (pl.col("event") > pl.col("upto").dt.offset_by("-12mo")))
        .group_by("row")
        .agg(pl.len().cast(pl.Int64).alias(name))
    )
    return (
        rows.join(counted, on="row", how="left", maintain_order="left")
        .drop("row")
        .with_columns(pl.col(name).fill_null(0))
    )


def _latest(periods: pl.DataFrame, extract: Extract, key: list[str]) -> pl.DataFrame:
    """Periods open on the last day or ended within the extract; the latest of each child where only one is kept."""
    current = (pl.col("start") <= extract.last) & (pl.col("end").is_null() | (pl.col("end") >= extract.first))
    return (
        periods.filter(current)
        .sort("start", "child", maintain_order=True)
        .unique(key, keep="last", maintain_order=True)
        .with_columns(closed=extract.known("end"))
    )


def _open_on(periods: pl.DataFrame, moment: date) -> pl.Series:
    current = (pl.col("start") <= moment) & (pl.col("end").is_null() | (pl.col("end") > moment))
    return periods.filter(current)["child"]


def _needs(records: Records, extract: Extract, key: list[str]) -> pl.DataFrame:
    cared_for = pl.col("child").is_in(_open_on(records.care, extract.last).implode())
    on_plan = pl.col("child").is_in(_open_on(records.plans, extract.last).implode())
    recent = pl.col("start") > extract.last - timedelta(days=45)
    status = (
        pl.when(pl.col("closed").is_not_null())
        .then(pl.lit("e) Closed episode"))
        .when(cared_for)
        .then(pl.lit("a) Looked after child"))
        .when(on_plan)
        .then(pl.lit("b) Child Protection plan"))
        .when(recent)
        .then(pl.lit("d) Open assessment"))
        .otherwise(pl.lit("c) Child in need plan"))
    )
    return _latest(records.needs, extract, key).with_columns(
        closure=pl.when(pl.col("closed").is_not_null()).then("closure"), status=status, seen=_last_seen(extract)
    )


def _last_seen(extract: Extract) -> pl.Expr:
    """A visit in the month before the period closed or the extract was made, never before its start."""
    until = pl.coalesce("closed", pl.lit(extract.last))
    return pl.max_horizontal("start", until - pl.duration(days=pl.col("child") % 28))


def _plans(records: Records, extract: Extract, key: list[str]) -> pl.DataFrame:
    previous = (pl.col("start").rank("ordinal").over("child") - 1).cast(pl.Int64)
    plans = records.plans.sort("start", "child", maintain_order=True).with_columns(previous=previous)
    return _latest(plans, extract, key).with_columns(
        seen=_last_seen(extract),
        alone=pl.when(pl.col("child") % 3 == 0).then(pl.lit(YES)).otherwise(pl.lit(NO)),
        protected=pl.lit(NO),
    )


def _care(records: Records, extract: Extract, key: list[str]) -> pl.DataFrame:
    again = (pl.col("start") - pl.col("end").shift().over("child")).dt.total_days() < 365
    care = records.care.sort("start", "child", maintain_order=True).with_columns(again=again.fill_null(False))
    return _latest(care, extract, key).with_columns(
        again=_yes_no("again"),
        asylum=pl.lit(NO),
        ceased=pl.when(pl.col("closed").is_not_null()).then("ceased"),
        seen=_last_seen(extract),
        placements=(pl.col("child") % 3 + 1).cast(pl.Int64),
        provider=pl.lit("b) PR1: Own provision"),
        postcode=pl.concat_str(pl.lit("ZX"), pl.col("child") % 20 + 1, pl.lit(" 1AA")),
        location=pl.lit("a) In"),
        missing=pl.lit(0, pl.Int64),
    )


def _adoptions(records: Records, extract: Extract) -> pl.DataFrame:
    """Adoptions of the last 12 months, or of the whole of a longer extract."""
    since = min(extract.first, extract.last - timedelta(days=365))
    adopted = records.care.filter((pl.col("ceased") == ADOPTED) & pl.col("end").is_between(since, extract.last))
    early = pl.col("end") - pl.col("start")
    return adopted.with_columns(
        decision=pl.col("start") + early * 0.3,
        order=pl.col("start") + early * 0.4,
        matched=pl.col("start") + early * 0.6,
        placed=pl.col("start") + early * 0.7,
        adoptive_family=pl.concat_str(pl.lit("A"), pl.col("child") + 500),
    )


def _yes_no(column: str) -> pl.Expr:
    return pl.when(pl.col(column)).then(pl.lit(YES)).otherwise(pl.lit(NO))
