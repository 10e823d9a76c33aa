"""Supplied counts beside the record: was the count known when its row was, or only when the extract was made?"""

import polars as pl

from analysis.schemas import CheckedTables

# What each supplied count counts, and over how long: null is the whole of the child's life.
COUNTS: dict[str, tuple[str, str | None]] = {
    "referrals_in_last_12_months": ("referral", "-12mo"),
    "section_47_enquiries_in_last_12_months": ("section_47", "-12mo"),
    "conferences_in_last_12_months": ("initial_conference", "-12mo"),
    "previous_child_protection_plans": ("plan_start", None),
}
FEWEST_ROWS = 30  # of a supplied count, or children; of fewer no share is given (ours)


def supplied_beside_record(tables: CheckedTables, count_name: str) -> pl.DataFrame:
    """Each supplied row with what the record says had happened by its date, and whether more was still to come.

    The record counts the events up to and including the row's own date, so that an authority may or may not count the
    present one. Rows whose twelve months begin before the first day observed are left out.

    Parameters
    ----------
    tables : CheckedTables
        The authority's checked tables.
    count_name : str
        Column of the supplied counts, such as 'referrals_in_last_12_months'.

    Returns
    -------
    polars.DataFrame
        child_id, date, value, recorded, more_to_come: one row per child, date and value.
    """
    event, reach = COUNTS[count_name]
    rows = (
        tables.supplied_counts.filter(pl.col("count_name") == count_name).select("child_id", "date", "value").unique()
    )
    rows = rows.with_columns(since=pl.col("date").dt.offset_by(reach) if reach else pl.lit(None, pl.Date))
    if reach:
        rows = rows.filter(pl.col("since") >= tables.first_date)
    rows = rows.with_row_index("row")
    happened = tables.events.filter(pl.col("event") == event).select("child_id", pl.col("date").alias("on"))
    counted = pl.col("since").is_null() | (pl.col("on") > pl.col("since"))
    found = (
        rows.join(happened, on="child_id")
        .group_by("row")
        .agg(
            (counted & (pl.col("on") <= pl.col("date"))).sum().cast(pl.Int64).alias("recorded"),
            (pl.col("on") > pl.col("date")).any().alias("more_to_come"),
        )
    )
    return rows.join(found, on="row", how="left", maintain_order="left").select(
        "child_id", "date", "value", pl.col("recorded").fill_null(0), pl.col("more_to_come").fill_null(False)
    )


def runs_ahead(tables: CheckedTables, count_name: str) -> float | None:
    """How much more often a supplied count exceeds the record where more was still to come than where nothing was.

    A count kept as at its row exceeds the record no more often in one case than in the other, however patchy the
    record is: the difference is 0 but for chance. A count taken when the extract was made includes what came later,
    so it runs ahead just where there was something to come. When it misleads: children known from before the first
    day observed come back more often, and their previous plans are not all on record.

    Parameters
    ----------
    tables : CheckedTables
        The authority's checked tables.
    count_name : str
        Column of the supplied counts, such as 'referrals_in_last_12_months'.

    Returns
    -------
    float or None
        From -1 to 1; None where there are fewer than `FEWEST_ROWS` rows of either kind.
    """
    rows = supplied_beside_record(tables, count_name)
    exceeds = rows.select("more_to_come", (pl.col("value") > pl.col("recorded")).alias("exceeds"))
    more = exceeds.filter("more_to_come")["exceeds"]
    nothing = exceeds.filter(~pl.col("more_to_come"))["exceeds"]
    if min(more.len(), nothing.len()) < FEWEST_ROWS:
        return None
    return more.mean() - nothing.mean()


def constant_for_child(tables: CheckedTables, count_name: str) -> float | None:
    """The share of children whose supplied count is the same on all their rows though the record says it changed.

    A count computed once for each child and repeated beside every record of it, as scripts that join a child's total
    do, is the same on rows of different years. When it misleads: an authority that rounds or caps its counts.

    Parameters
    ----------
    tables : CheckedTables
        The authority's checked tables.
    count_name : str
        Column of the supplied counts, such as 'referrals_in_last_12_months'.

    Returns
    -------
    float or None
        From 0 to 1; None where the record says of fewer than `FEWEST_ROWS` children that their count changed.
    """
    rows = supplied_beside_record(tables, count_name)
    children = rows.group_by("child_id").agg(pl.col("recorded", "value").n_unique())
    changed = children.filter(pl.col("recorded") > 1)
    return None if changed.height < FEWEST_ROWS else (changed["value"] == 1).mean()


def counted_at_export(tables: CheckedTables, count_name: str) -> float | None:
    """The share of rows that hold the count of the months before the last day observed, not of those before the row.

    Only rows on which the two differ by more than one are looked at, so that it does not matter whether an authority
    counts the present event. When it misleads: with several extracts each counts from its own last day, and only rows
    near the last are found; `constant_for_child` sees the others.

    Parameters
    ----------
    tables : CheckedTables
        The authority's checked tables.
    count_name : str
        Column of the supplied counts, such as 'referrals_in_last_12_months'.

    Returns
    -------
    float or None
        From 0 to 1; None for a count without a window, or where fewer than `FEWEST_ROWS` rows tell the two apart.
    """
    event, reach = COUNTS[count_name]
    if reach is None:
        return None
    since = pl.lit(tables.last_date).dt.offset_by(reach)
    recent = tables.events.filter(pl.col("event") == event, pl.col("date") > since)
    at_export = recent.group_by("child_id").agg(at_export=pl.len().cast(pl.Int64))
    rows = supplied_beside_record(tables, count_name).join(at_export, on="child_id", how="left")
    rows = rows.with_columns(pl.col("at_export").fill_null(0))
    rows = rows.filter((pl.col("at_export") - pl.col("recorded")).abs() > 1)
    return (
        None
        if rows.height < FEWEST_ROWS
        else rows.select(_counts("at_export") & ~_counts("recorded")).to_series().mean()
    )


def _counts(name: str) -> pl.Expr:
    # With or without the present event; never below zero.
    return (pl.col("value") == pl.col(name)) | (pl.col("value") == (pl.col(name) - 1).clip(0))
