"""Outcome windows: what happened to each case between its index date and the end of its window.

The first day that counts is index date + `from`, the last is index date + `to`; both count. Months are calendar
months: 31 January + 1 month is the last day of February.
"""

import polars as pl

from analysis.protocol.values import Duration, OutcomeStep, Prediction


def day_after_index(duration: Duration) -> pl.Expr:
    """The index date moved on by a duration of the protocol."""
    return pl.col("index_date").dt.offset_by(duration.offset)


def window_end(prediction: Prediction) -> pl.Expr:
    """The last day on which a case's outcome can still happen: the latest `to` of its steps."""
    return pl.max_horizontal(*(day_after_index(step.to) for step in prediction.steps))


def outcomes(cases: pl.DataFrame, events: pl.DataFrame, prediction: Prediction) -> pl.Series:
    """Whether each case has the outcome of a prediction.

    A case has it when every step has an event in its window, each on or after the event that met the step before
    it, and none of the `none_of` events happened in the first step's window. The earliest event that can meet a
    step is taken, since that leaves most time for the next. When it misleads: an outcome that fell between the
    index date and the start of the window, and did not happen again inside it, counts as no outcome.

    Parameters
    ----------
    cases : polars.DataFrame
        With child_id and index_date, one row per case.
    events : polars.DataFrame
        Checked table `events`.

    Returns
    -------
    polars.Series
        Boolean, in the order of `cases`.
    """
    rows = cases.select("child_id", "index_date").with_row_index("row")
    met = rows.with_columns(pl.lit(None, pl.Date).alias("met_on"))
    for step in prediction.steps:
        met = _meet(met, events, step)
    has_outcome = rows["row"].is_in(met["row"].implode())
    if prediction.none_of:
        first = prediction.steps[0]
        forbidden = OutcomeStep(any_of=prediction.none_of, **{"from": first.from_, "to": first.to})
        ruled_out = _meet(rows.with_columns(pl.lit(None, pl.Date).alias("met_on")), events, forbidden)
        has_outcome &= ~rows["row"].is_in(ruled_out["row"].implode())
    return has_outcome.alias("outcome")


def _meet(rows: pl.DataFrame, events: pl.DataFrame, step: OutcomeStep) -> pl.DataFrame:
    """The rows that meet a step, each with the day of the first event that meets it."""
    happened = events.filter(pl.col("event").is_in(step.any_of)).select("child_id", "date").unique()
    in_window = pl.col("date").is_between(day_after_index(step.from_), day_after_index(step.to), closed="both")
    in_turn = pl.col("met_on").is_null() | (pl.col("date") >= pl.col("met_on"))
    return (
        rows.join(happened, on="child_id")
        .filter(in_window & in_turn)
        .group_by("row", "child_id", "index_date")
        .agg(pl.col("date").min().alias("met_on"))
    )
