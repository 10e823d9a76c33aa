"""Whether a child's disability was on record before the index date.

Contacts, early help and referrals do not carry it; assessments, section 47 enquiries and periods of need, protection
and care do. Whether it is known at all therefore says that one of these was recorded at some time: taken from the
whole extract, it tells children who came to need more from those who did not, before either had happened.
"""

import polars as pl

from analysis.schemas import CheckedTables

CARRIED_BY = ("assessment_start", "assessment_authorised", "section_47", "need_start", "plan_start", "care_start")


def disability_as_known(rows: pl.DataFrame, tables: CheckedTables) -> pl.Series:
    """The disability of each row's child as the record held it the day before the index date, else "unknown".

    Parameters
    ----------
    rows : polars.DataFrame
        With child_id and index_date.
    tables : CheckedTables
    """
    first = (
        tables.events.filter(pl.col("event").is_in(CARRIED_BY))
        .group_by("child_id")
        .agg(pl.col("date").min().alias("first_carried"))
    )
    known = (
        rows.select("child_id", "index_date")
        .join(tables.children.select("child_id", "disability"), on="child_id", how="left", maintain_order="left")
        .join(first, on="child_id", how="left", maintain_order="left")
    )
    carried = pl.col("first_carried") < pl.col("index_date")
    return known.select(disability=pl.when(carried).then("disability").otherwise(pl.lit("unknown"))).to_series()
