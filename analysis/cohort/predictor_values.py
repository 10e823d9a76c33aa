"""Structured predictors: what the record said about a child, and about brothers and sisters, before the index date.

Every predictor uses only records dated strictly before the index date and is recomputed there. The one exception
is the counts that an authority supplies beside its records: their value is taken from the child's latest row dated
on or before the index date, as they were in the study that is re-executed, and audited for leakage.

Counts of the last 12 (or 3) months run from the same day 12 calendar months before the index date to the day before
it. Days since something that never happened are `NEVER_DAYS`, as are longer ones. A value that is not recorded
(age, supplied counts) is NaN.
"""

import pandas as pd
import polars as pl

from analysis.cohort.characteristics import disability_known
from analysis.cohort.periods import open_the_day_before
from analysis.cohort.predictor_catalogue import (
    OWN_PREDICTORS,
    PREDICTORS,
    ROW_PREDICTORS,
    SIBLING_PREDICTORS,
    SUPPLIED_PREDICTORS,
    Predictor,
)
from analysis.cohort.records import COUNTED_EVENTS
from analysis.schemas import PERIODS, SUPPLIED_COUNTS, CheckedTables


def predictors(tables: CheckedTables, cases: pl.DataFrame, *, supplied_counts: bool) -> pl.DataFrame:
    """The structured predictors of each case, from records strictly before its index date.

    Parameters
    ----------
    tables : CheckedTables
    cases : polars.DataFrame
        With case_id, child_id, family_id and index_date.
    supplied_counts : bool
        Whether to add the counts that the authority supplied. They may know the future: see
        `analysis.leakage.audit`.

    Returns
    -------
    polars.DataFrame
        case_id and one float32 column per predictor, in the order of `cases`. Cost grows with the number of
        records of the cases' own families.
    """
    rows = cases.select("case_id", "child_id", "family_id", "index_date").with_columns(
        months_3=pl.col("index_date").dt.offset_by("-3mo"), months_12=pl.col("index_date").dt.offset_by("-12mo")
    )
    events = tables.events.filter(pl.col("event").is_in(COUNTED_EVENTS))
    parts = [
        _row_values(rows, tables),
        _aggregate(rows, _own_records(rows, events), OWN_PREDICTORS),
        _aggregate(rows, _sibling_records(rows, events, tables.children), SIBLING_PREDICTORS),
    ]
    if supplied_counts:
        parts.append(_supplied_values(rows, tables.supplied_counts))
    return rows.select("case_id").hstack([column for part in parts for column in part.get_columns()])


def predictors_table(names: list[str] | None = None) -> pd.DataFrame:
    """The released table `predictors`: predictor, group, meaning (pandas); `names` restricts it to those used."""
    rows = [(p.name, p.group, p.meaning) for p in PREDICTORS if names is None or p.name in names]
    return pd.DataFrame(rows, columns=["predictor", "group", "meaning"])


def _named(some: tuple[Predictor, ...]) -> list[pl.Expr]:
    return [p.value.cast(pl.Float32).alias(p.name) for p in some]


def _row_values(rows: pl.DataFrame, tables: CheckedTables) -> pl.DataFrame:
    rows = rows.join(tables.children.drop("family_id"), on="child_id", how="left", maintain_order="left")
    periods = [open_the_day_before(rows, tables.events, period) for period in PERIODS]
    rows = rows.with_columns(disability_known(tables, rows), *periods)
    values = rows.select(_named(ROW_PREDICTORS))
    indicators = [p.name for p in ROW_PREDICTORS if p.name != "age_years"]
    return values.with_columns(pl.col(indicators).fill_null(0), pl.col("age_years").fill_null(float("nan")))


def _own_records(rows: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    return rows.join(events, on="child_id").filter(pl.col("date") < pl.col("index_date"))


def _sibling_records(rows: pl.DataFrame, events: pl.DataFrame, children: pl.DataFrame) -> pl.DataFrame:
    families = children.select("family_id", pl.col("child_id").alias("sibling_id"))
    families = families.filter(pl.len().over("family_id") > 1)
    theirs = families.join(events.rename({"child_id": "sibling_id"}), on="sibling_id")
    before = pl.col("date") < pl.col("index_date")
    return rows.join(theirs, on="family_id").filter(before & (pl.col("sibling_id") != pl.col("child_id")))


def _aggregate(rows: pl.DataFrame, records: pl.DataFrame, some: tuple[Predictor, ...]) -> pl.DataFrame:
    """Each case's aggregates; a case without any record gets what the aggregate of no record gives."""
    nothing = records.clear().select(_named(some)).row(0, named=True)
    found = records.group_by("case_id").agg(_named(some))
    found = rows.select("case_id").join(found, on="case_id", how="left", maintain_order="left").drop("case_id")
    return found.with_columns(pl.col(name).fill_null(value or 0) for name, value in nothing.items())


def _supplied_values(rows: pl.DataFrame, supplied: pl.DataFrame) -> pl.DataFrame:
    """The value on the child's latest row on or before the index date; the largest where that day has several."""
    columns = []
    for count_name in SUPPLIED_COUNTS:
        latest = (
            supplied.filter(pl.col("count_name") == count_name)
            .group_by("child_id", "date")
            .agg(pl.col("value").max().alias(count_name))
            .sort("date")
        )
        found = (
            rows.select("case_id", "child_id", "index_date")
            .sort("index_date", "case_id")
            .join_asof(
                latest,
                left_on="index_date",
                right_on="date",
                by="child_id",
                strategy="backward",
                check_sortedness=False,
            )
        )
        columns.append(rows.select("case_id").join(found, on="case_id", how="left", maintain_order="left")[count_name])
    return pl.DataFrame(columns).select(_named(SUPPLIED_PREDICTORS)).fill_null(float("nan"))
