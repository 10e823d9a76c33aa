"""Cases: from index events, by exclusions that are counted one by one, to children with a known outcome.

One engine reads any `Prediction` of the protocol, so a ninth question needs no code.
"""

from dataclasses import dataclass

import pandas as pd
import polars as pl

from analysis.cohort.periods import open_before
from analysis.cohort.windows import early_outcomes, outcomes, window_end
from analysis.errors import TOO_FEW_OUTCOMES, CohortError
from analysis.protocol.values import IndexEvent, Prediction, Study
from analysis.schemas import PERIODS, CheckedTables

INDEX_EVENTS = "index events on record"
OUTSIDE_STUDY = "outside the study period"
SAME_DAY = "same child and day as another"
TOO_OLD = "child too old"
ALREADY_OPEN = "already open"
DECIDED = "decided on the index date"
NOT_OBSERVED = "window not fully observed"
LOST = "died or moved away"
CASES = "cases"

# The child died or became another authority's: no later event could have been seen here.
LOST_BY = {"need_end": ("RC2", "RC5"), "care_end": ("E2", "E3")}


@dataclass(frozen=True)
class Cohort:
    """The cases of one prediction and how they were arrived at.

    Attributes
    ----------
    cases : polars.DataFrame
        case_id (0 to n - 1), child_id, family_id, index_date, outcome, early_outcome; sorted by index_date, child_id.
    flow : pandas.DataFrame
        step, removed, remaining: the released table `flow`, before disclosure control.
    """

    cases: pl.DataFrame
    flow: pd.DataFrame


def build_cohort(tables: CheckedTables, prediction: Prediction, study: Study) -> Cohort:
    """The cohort of a prediction, or a clear error where nothing can be learnt from it.

    Parameters
    ----------
    tables : CheckedTables
        The authority's checked tables.
    prediction : Prediction
        Which events open a case, and what counts as its outcome and when.
    study : Study
        First and last date, and the oldest age in years.

    Returns
    -------
    Cohort
        At least one case with the outcome and one without.

    Raises
    ------
    CohortError
        When there is no index event, no case is left, no case (or every case) has the outcome, or all cases
        belong to one family.
    """
    cohort = find_cases(tables, prediction, study)
    _check_can_be_studied(cohort, prediction)
    return cohort


def find_cases(tables: CheckedTables, prediction: Prediction, study: Study) -> Cohort:
    """The cohort of a prediction, however small.

    Each index event leaves at the first of these steps that applies to it.

    =========================  =========================================================================
    step                       an index event is left out when
    =========================  =========================================================================
    outside the study period   it lies outside the study's dates or those the extract observes
    same child and day         the child has another index event that day: one case per child and day
    child too old              the child has reached the oldest age; a child whose month of birth is not
                               recorded, or who is not yet born, stays
    already open               a plan, care or need that the protocol names began before the index date
                               and had not ended by it
    decided on the index date  an event of the last step, or the start of a period that must not be open,
                               is dated on the index date itself: there is nothing left to predict. What opens
                               the case does not decide it, where a question is about its happening again
    window not fully observed  the last day of the window lies after the last day observed
    died or moved away         within the window, without the outcome: no one could have seen it
    =========================  =========================================================================

    Parameters
    ----------
    tables : CheckedTables
        The authority's checked tables.
    prediction : Prediction
        Which events open a case, and what counts as its outcome and when.
    study : Study
        First and last date, and the oldest age in years.

    Returns
    -------
    Cohort
        Its `cases` may have no rows.
    """
    rows = index_events(tables.events, prediction.index)
    flow = [(INDEX_EVENTS, 0, rows.height)]
    for step, leave_out in _exclusions(tables, prediction, study):
        kept = leave_out(rows)
        flow.append((step, rows.height - kept.height, kept.height))
        rows = kept
    cases = (
        rows.sort("index_date", "child_id")
        .with_row_index("case_id")
        .select(pl.col("case_id").cast(pl.Int64), "child_id", "family_id", "index_date", "outcome")
    )
    cases = cases.with_columns(early_outcomes(cases, tables.events, prediction))
    flow.append((CASES, 0, cases.height))
    return Cohort(cases, pd.DataFrame(flow, columns=["step", "removed", "remaining"]))


def index_events(events: pl.DataFrame, index: IndexEvent) -> pl.DataFrame:
    """Every event that could open a case: child_id, index_date (more than one a day where so recorded).

    Parameters
    ----------
    events : polars.DataFrame
        The checked table `events`.
    index : IndexEvent
        The kind of event, and the code or outcome it must have; None for any.

    Returns
    -------
    polars.DataFrame
        child_id and index_date, in the order of `events`.
    """
    return events.filter(_opens(index)).select("child_id", pl.col("date").alias("index_date"))


def _opens(index: IndexEvent) -> pl.Expr:
    """Whether an event is one that could open a case."""
    wanted = pl.col("event") == index.event
    if index.code is not None:
        wanted &= pl.col("code").eq_missing(index.code)
    if index.outcome is not None:
        wanted &= pl.col("outcome").eq_missing(index.outcome)
    return wanted


def _exclusions(tables: CheckedTables, prediction: Prediction, study: Study):
    """The steps in order: a name, and a function from rows to the rows that stay."""
    first = max(study.first_date, tables.first_date)
    last = min(study.last_date, tables.last_date)
    observed = window_end(prediction) <= tables.last_date
    return (
        (OUTSIDE_STUDY, lambda rows: rows.filter(pl.col("index_date").is_between(first, last))),
        (SAME_DAY, lambda rows: rows.unique(maintain_order=True)),
        (TOO_OLD, lambda rows: _with_child(rows, tables.children).filter(_young_enough(study.oldest_age_years))),
        (ALREADY_OPEN, lambda rows: _leave_out_open(rows, tables.events, prediction)),
        (DECIDED, lambda rows: rows.join(_deciding_days(tables.events, prediction), on=_KEY, how="anti")),
        (NOT_OBSERVED, lambda rows: rows.filter(observed)),
        (LOST, lambda rows: _leave_out_lost(rows, tables.events, prediction)),
    )


_KEY = ["child_id", "index_date"]


def _with_child(rows: pl.DataFrame, children: pl.DataFrame) -> pl.DataFrame:
    """Month of birth and family beside each row; a child who is not among the children is a family of one."""
    return rows.join(
        children.select("child_id", "family_id", "birth_month"), on="child_id", how="left", maintain_order="left"
    ).with_columns(pl.col("family_id").fill_null(pl.col("child_id")))


def _young_enough(oldest_age_years: int) -> pl.Expr:
    """Under the oldest age, reached on the first day of the month of the birthday (only the month is held)."""
    birthday = pl.col("birth_month").dt.offset_by(f"{oldest_age_years}y")
    return (pl.col("index_date") < birthday).fill_null(True)


def _leave_out_open(rows: pl.DataFrame, events: pl.DataFrame, prediction: Prediction) -> pl.DataFrame:
    for period in prediction.exclude_if_open:
        rows = rows.filter(~open_before(rows, events, period))
    return rows


def _deciding_days(events: pl.DataFrame, prediction: Prediction) -> pl.DataFrame:
    """The days on which a child's outcome, or a period that must not be open, began by anything but an index event."""
    starts = tuple(PERIODS[period][0] for period in prediction.exclude_if_open)
    deciding = pl.col("event").is_in(prediction.steps[-1].any_of + starts) & ~_opens(prediction.index)
    return events.filter(deciding).select("child_id", pl.col("date").alias("index_date"))


def _leave_out_lost(rows: pl.DataFrame, events: pl.DataFrame, prediction: Prediction) -> pl.DataFrame:
    """Label the rows, and leave out those without the outcome whose child died or moved away in the window."""
    left = pl.any_horizontal(
        *((pl.col("event") == event) & pl.col("code").is_in(codes) for event, codes in LOST_BY.items())
    )
    within = pl.col("date").is_between(pl.col("index_date"), window_end(prediction))
    lost = rows.join(events.filter(left).select("child_id", "date"), on="child_id").filter(within).select(_KEY)
    rows = rows.with_columns(outcomes(rows, events, prediction))
    gone = rows.select(_KEY).join(lost.with_columns(gone=True).unique(), on=_KEY, how="left", maintain_order="left")
    return rows.filter(pl.col("outcome") | gone["gone"].is_null())


def _check_can_be_studied(cohort: Cohort, prediction: Prediction) -> None:
    where = f"{prediction.authority}, {prediction.title}"
    cases, flow = cohort.cases, cohort.flow
    index = prediction.index.event.replace("_", " ")
    if flow["remaining"].iloc[0] == 0:
        detail = f" with outcome '{prediction.index.outcome}'" if prediction.index.outcome else ""
        raise CohortError(
            where, f"expected events '{index}'{detail} to open cases, found none; supply the list that holds them"
        )
    if cases.is_empty():
        emptied = flow.loc[flow["remaining"] == 0, "step"].iloc[0]
        raise CohortError(
            where,
            f"no case is left after the step '{emptied}'; supply a longer extract, or correct the study's dates or the "
            "prediction's window in the protocol",
        )
    if not cases["outcome"].any() or cases["outcome"].all() or cases["family_id"].n_unique() == 1:
        raise CohortError(where, TOO_FEW_OUTCOMES)
