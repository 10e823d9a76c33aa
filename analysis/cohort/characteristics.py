"""Who the children are, as known at the index date: gender, disability, ethnicity and age.

In an Annex A extract disability is held only beside assessments, enquiries, periods of need, plans and care, so
merely *having* it on record says that a child was assessed at some time, perhaps after the index date. It is therefore
taken as known only where such a record lies before the index date.
"""

from itertools import pairwise

import polars as pl

from analysis.protocol.values import Subgroups
from analysis.schemas import CheckedTables

RECORDS_WITH_DISABILITY = (
    "assessment_start",
    "assessment_authorised",
    "section_47",
    "initial_conference",
    "need_start",
    "plan_start",
    "care_start",
)
AGE_NOT_RECORDED = "not recorded"


def disability_known(tables: CheckedTables, cases: pl.DataFrame) -> pl.Series:
    """Each case's disability as known the day before its index date: yes, no or unknown.

    Parameters
    ----------
    tables : CheckedTables
    cases : polars.DataFrame
        With child_id and index_date.

    Returns
    -------
    polars.Series
        "yes", "no" or "unknown", in the order of `cases`.
    """
    held = disability_held(tables, cases)
    disability = cases.select("child_id").join(
        tables.children.select("child_id", "disability"), on="child_id", how="left", maintain_order="left"
    )
    return disability.select(
        pl.when(held).then(pl.col("disability")).otherwise(pl.lit("unknown")).fill_null("unknown").alias("disability")
    ).to_series()


def disability_held(tables: CheckedTables, cases: pl.DataFrame) -> pl.Series:
    """Whether a record beside which disability is held lies before each case's index date.

    Parameters
    ----------
    tables : CheckedTables
    cases : polars.DataFrame
        With child_id and index_date.

    Returns
    -------
    polars.Series
        Boolean, in the order of `cases`.
    """
    first_record = (
        tables.events.filter(pl.col("event").is_in(RECORDS_WITH_DISABILITY))
        .group_by("child_id")
        .agg(pl.col("date").min().alias("first_record"))
    )
    rows = cases.select("child_id", "index_date").join(first_record, on="child_id", how="left", maintain_order="left")
    return rows.select((pl.col("first_record") < pl.col("index_date")).fill_null(False)).to_series()


def characteristics(tables: CheckedTables, cases: pl.DataFrame, subgroups: Subgroups) -> pl.DataFrame:
    """The protected characteristics by which performance is compared, as known at each case's index date.

    Parameters
    ----------
    tables : CheckedTables
    cases : polars.DataFrame
        With case_id, child_id and index_date.
    subgroups : Subgroups
        The protocol's characteristics, and the ages in years at which age bands begin.

    Returns
    -------
    polars.DataFrame
        case_id and the protocol's characteristics, as words; what is not recorded is a group of its own. Age bands are
        named by whole years: under 1 (with the unborn), 1 to 4, ..., 16 and over.
    """
    rows = cases.select("case_id", "child_id", "index_date").join(
        tables.children.select("child_id", "birth_month", "gender", "ethnicity_group"),
        on="child_id",
        how="left",
        maintain_order="left",
    )
    return rows.with_columns(
        pl.col("gender").fill_null("not stated"),
        pl.col("ethnicity_group").fill_null("Missing"),
        disability_known(tables, cases),
        age_band(subgroups.age_bands_years).alias("age_band"),
    ).select("case_id", *subgroups.characteristics)


def age_band(starts: tuple[int, ...]) -> pl.Expr:
    """The age band of `index_date` less `birth_month`: `starts` are the ages in years at which bands begin."""
    band = pl.lit(f"{starts[-1]} and over")
    for start, following in reversed(list(pairwise(starts))):
        younger = pl.col("index_date") < pl.col("birth_month").dt.offset_by(f"{following}y")
        band = pl.when(younger).then(pl.lit(band_name(start, following))).otherwise(band)
    return pl.when(pl.col("birth_month").is_null()).then(pl.lit(AGE_NOT_RECORDED)).otherwise(band)


def band_name(start: int, following: int) -> str:
    """An age band in words.

    Parameters
    ----------
    start : int
        First age of the band in years, 0 or more.
    following : int
        First age of the next band in years, above `start`.

    Returns
    -------
    str

    Examples
    --------
    >>> band_name(0, 1), band_name(1, 5), band_name(10, 11)
    ('under 1', '1 to 4', '10')
    """
    if start == 0:
        return f"under {following}"
    return str(start) if following == start + 1 else f"{start} to {following - 1}"
