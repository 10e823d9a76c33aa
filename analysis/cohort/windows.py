"""Outcome windows: what happened to each case between its index date and the end of its window.

The first day that counts is index date + `from`, the last is index date + `to`; both count. Months are calendar
months: 31 January + 1 month is the last day of February.
"""

import polars as pl

from analysis.protocol.values import Duration, OutcomeStep, Prediction, months_in


def index_date_plus(duration: Duration) -> pl.Expr:
    """The index date moved on by a duration of the protocol."""
    return pl.col("index_date").dt.offset_by(duration.offset)


def window_end(prediction: Prediction) -> pl.Expr:
    """The last day on which a case's outcome can still happen: the latest `to` of its steps."""
    return pl.max_horizontal(*(index_date_plus(step.to) for step in prediction.steps))


def outcomes(cases: pl.DataFrame, events: pl.DataFrame, prediction: Prediction) -> pl.Series:
    """Whether each case has the outcome of a prediction.

    A case has it when every step has an event in its window, each on or after the event that met the step before
    it, and none of the `none_of` events happened in the first step's window. The earliest event that can meet a
    step is taken, since that leaves most time for the next. When it misleads: an outcome that fell between the
    index date and the start of the window, and did not happen again inside it, counts as no outcome; see
    `early_outcomes`.

    Parameters
    ----------
    cases : polars.DataFrame
        With child_id and index_date, one row per case.
    events : polars.DataFrame
        Checked table `events`.
    prediction : Prediction
        Its steps with their windows, and the events that rule an outcome out (`none_of`).

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


def early_outcomes(cases: pl.DataFrame, events: pl.DataFrame, prediction: Prediction) -> pl.Series:
    """Whether what is looked for happened after the index date but before the window opened, and not again inside it.

    Such a case counts as one without the outcome. It would have it if every step's window opened on the day after the
    index date. Where every window does, no case has an early outcome.

    Parameters
    ----------
    cases : polars.DataFrame
        With child_id and index_date, one row per case.
    events : polars.DataFrame
        Checked table `events`.
    prediction : Prediction

    Returns
    -------
    polars.Series
        Boolean, in the order of `cases`.
    """
    steps = tuple(_open_from_the_next_day(step) for step in prediction.steps)
    at_any_time = outcomes(cases, events, prediction.model_copy(update={"steps": steps}))
    return (at_any_time & ~outcomes(cases, events, prediction)).alias("early_outcome")


def _open_from_the_next_day(step: OutcomeStep) -> OutcomeStep:
    next_day = Duration(days=1)
    opens_later = months_in(step.from_.offset) > months_in(next_day.offset)
    return step.model_copy(update={"from_": next_day}) if opens_later else step


def _meet(rows: pl.DataFrame, events: pl.DataFrame, step: OutcomeStep) -> pl.DataFrame:
    """The rows that meet a step, each with the day of the first event that meets it."""
    happened = events.filter(pl.col("event").is_in(step.any_of)).select("child_id", "date").unique()
    in_window = pl.col("date").is_between(index_date_plus(step.from_), index_date_plus(step.to), closed="both")
    in_turn = pl.col("met_on").is_null() | (pl.col("date") >= pl.col("met_on"))
    return (
        rows.join(happened, on="child_id")
        .filter(in_window & in_turn)
        .group_by("row", "child_id", "index_date")
        .agg(pl.col("date").min().alias("met_on"))
    )
