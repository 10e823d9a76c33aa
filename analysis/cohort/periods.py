"""Periods with a start and an end: who is on a plan, in care, in need or in early help on a given day."""

import polars as pl

from analysis.schemas import PERIODS


def open_periods(events: pl.DataFrame, period: str) -> pl.DataFrame:
    """How many periods of one kind each child has open at the close of each day on which that number changed.

    A start opens a period and an end closes one; on the same day starts come first, so a period of one day
    leaves nothing open. An end whose start was never recorded closes nothing. When it misleads: two rows for
    one start without two ends leave a period open for good.

    Parameters
    ----------
    events : polars.DataFrame
        Checked table `events`.
    period : str
        A key of `analysis.schemas.PERIODS`.

    Returns
    -------
    polars.DataFrame
        child_id, date, open (a count, 0 or more), sorted by date within child.
    """
    start, end = PERIODS[period]
    step = pl.when(pl.col("event") == start).then(1).otherwise(-1).cast(pl.Int32)
    total = pl.col("step").cum_sum().over("child_id")
    lowest = pl.min_horizontal(pl.col("total").cum_min().over("child_id"), pl.lit(0, pl.Int32))
    return (
        events.filter(pl.col("event").is_in([start, end]))
        .select("child_id", "date", step.alias("step"))
        .sort("child_id", "date", "step", descending=[False, False, True])
        .with_columns(total.alias("total"))
        .select("child_id", "date", (pl.col("total") - lowest).alias("open"))
        .unique(["child_id", "date"], keep="last", maintain_order=True)
        .sort("child_id", "date")
    )


def open_before(index_events: pl.DataFrame, events: pl.DataFrame, period: str) -> pl.Series:
    """Whether a period that began before the index date is still open on it.

    A period that ends on the index date has ended; one that begins on the index date did not begin before it.

    Parameters
    ----------
    index_events : polars.DataFrame
        With child_id and index_date.
    events, period
        As in `open_periods`.

    Returns
    -------
    polars.Series
        Boolean, in the order of `index_events`.
    """
    ended_today = (
        events.filter(pl.col("event") == PERIODS[period][1])
        .group_by("child_id", pl.col("date").alias("index_date"))
        .agg(pl.len().cast(pl.Int32).alias("ended"))
    )
    rows = index_events.select("child_id", "index_date").with_columns(
        _open_the_day_before(index_events, events, period)
    )
    rows = rows.join(ended_today, on=["child_id", "index_date"], how="left", maintain_order="left")
    return rows.select((pl.col("open") > pl.col("ended").fill_null(0)).alias(f"{period}_open")).to_series()


def open_the_day_before(index_events: pl.DataFrame, events: pl.DataFrame, period: str) -> pl.Series:
    """Whether a period was open at the close of the day before the index date: what the record said by then.

    Differs from `open_before` only where a period ends on the index date.

    Parameters
    ----------
    index_events : polars.DataFrame
        With child_id and index_date.
    events : polars.DataFrame
        The checked table `events`.
    period : str
        A key of `analysis.schemas.PERIODS`.

    Returns
    -------
    polars.Series
        Boolean, in the order of `index_events`.
    """
    return (_open_the_day_before(index_events, events, period) > 0).alias(f"{period}_open")


def _open_the_day_before(index_events: pl.DataFrame, events: pl.DataFrame, period: str) -> pl.Series:
    """How many periods were open at the close of the day before the index date."""
    changes = open_periods(events, period).rename({"date": "last_change"}).sort("last_change")
    rows = index_events.select("child_id", "index_date").with_row_index("row").sort("index_date")
    rows = rows.join_asof(
        changes,
        left_on="index_date",
        right_on="last_change",
        by="child_id",
        strategy="backward",
        allow_exact_matches=False,
        check_sortedness=False,
    )
    return rows.sort("row").select(pl.col("open").fill_null(0)).to_series()
