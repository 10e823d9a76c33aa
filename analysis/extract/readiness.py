"""Which predictions an extract can answer: counted, with nothing fitted."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import polars as pl

from analysis.cohort import find_cases
from analysis.cohort.windows import window_end
from analysis.extract.carried import cannot_be_seen, seen_in_part
from analysis.extract.size import registered_predictors, verdict_on_size
from analysis.extract.unseen import Unseen
from analysis.protocol import Protocol
from analysis.protocol.values import DAYS_PER_MONTH, Prediction, Study, months_in
from analysis.schemas import EVENTS, CheckedTables

CANNOT, NOT_TRUSTED = "cannot run", "not to be trusted"


@dataclass(frozen=True)
class Readiness:
    """What one prediction would stand on.

    Attributes
    ----------
    index_events, cases, outcomes, families : int
        Events that could open a case; cases left after every exclusion; how many of them have the outcome; and to
        how many families they belong.
    months : int
        Months of the observation period in which a case could begin and be followed to the end of its window.
    documented : int
        Cases with at least one document before the index date.
    verdict, reason : str
        "can answer", "can show only large effects", "too small", "cannot run" or "not to be trusted", and why: the
        numbers that the first three rest on, or what is wrong.
    doubt : str
        Why what its outcome needs could not have been seen, with no count of cases; empty if it could.
    """

    prediction: str
    title: str
    index_events: int
    cases: int
    outcomes: int
    families: int
    months: int
    documented: int
    verdict: str
    reason: str
    doubt: str = ""


def readiness(
    tables: CheckedTables,
    protocol: Protocol,
    *,
    carries: frozenset[str] | None = None,
    unseen: Collection[Unseen] = (),
) -> tuple[Readiness, ...]:
    """The readiness of an extract for each prediction of the protocol, whichever authority it was registered for.

    Parameters
    ----------
    tables : CheckedTables
    protocol : Protocol
    carries : frozenset of str, optional
        The events that the source can hold, where it is one that was not made for all of them.
    unseen : collection of Unseen
        What could not have been seen although the source should hold it: a prediction whose outcomes need it is
        marked as not to be trusted, whatever it could otherwise do.

    Returns
    -------
    tuple of Readiness
        In the order of the protocol.
    """
    rows = (
        (prediction, _readiness(tables, name, prediction, protocol=protocol, unseen=unseen))
        for name, prediction in protocol.predictions.items()
    )
    return tuple(row if carries is None else _as_carried(row, prediction, carries) for prediction, row in rows)


def _as_carried(row: Readiness, prediction: Prediction, carries: frozenset[str]) -> Readiness:
    if unseen := cannot_be_seen(prediction, carries):
        return replace(row, verdict=CANNOT, reason=unseen, doubt=unseen)
    reasons = [reason for reason in (row.reason, seen_in_part(prediction, carries)) if reason]
    return replace(row, reason="; ".join(reasons))


def _as_seen(row: Readiness, prediction: Prediction, cases: pl.DataFrame, unseen: Collection[Unseen]) -> Readiness:
    """The readiness with what could not have been seen: a verdict of its own where the outcome needs it."""
    cases = cases.with_columns(window_end=window_end(prediction))
    doubts = {one.why: doubt for one in unseen if (doubt := one.doubts(prediction, cases))}
    hidden = {event for one in unseen if one.events and one.first is None for event in one.events}
    partly = seen_in_part(prediction, frozenset(EVENTS) - hidden, holder="extracts") if hidden else ""
    if not doubts:
        return replace(row, reason="; ".join(filter(None, (row.reason, partly))))
    otherwise = f"{row.verdict}: {row.reason}" if row.reason else ""
    reason = "; ".join(filter(None, (*doubts.values(), otherwise)))
    return replace(row, verdict=NOT_TRUSTED, reason=reason, doubt="; ".join(doubts))


def _readiness(
    tables: CheckedTables,
    name: str,
    prediction: Prediction,
    *,
    protocol: Protocol,
    unseen: Collection[Unseen],
) -> Readiness:
    cohort, study = find_cases(tables, prediction, protocol.study), protocol.study
    steps: Mapping[str, int] = dict(zip(cohort.flow["step"], cohort.flow["remaining"], strict=True))
    cases, index_events = cohort.cases, int(next(iter(steps.values())))
    outcomes, families = int(cases["outcome"].sum()), cases["family_id"].n_unique()
    months = _months_followed(tables, prediction, study)
    verdict, reason = CANNOT, _why_not(index_events, cases, outcomes, families, months=months)
    if not reason:
        sizes = {"predictors": registered_predictors(protocol), "test_share": protocol.splits.test_share_of_families}
        sizes["level"] = protocol.uncertainty.level
        verdict, reason = verdict_on_size(outcomes, len(cases), **sizes)
    row = Readiness(
        prediction=name,
        title=prediction.title,
        index_events=index_events,
        cases=len(cases),
        outcomes=outcomes,
        families=families,
        months=max(0, months),
        documented=_documented(cases, tables.documents),
        verdict=verdict,
        reason=reason,
    )
    return _as_seen(row, prediction, cases, unseen)


def _months_followed(tables: CheckedTables, prediction: Prediction, study: Study) -> int:
    window = max(months_in(step.to.offset) for step in prediction.steps)
    # Less than 0 where the study period and the observation period do not meet.
    begin, end = max(tables.first_date, study.first_date), min(tables.last_date, study.last_date)
    if end < begin:
        return -1
    followed = (tables.last_date - begin).days / DAYS_PER_MONTH - window
    return max(0, int(min(followed, (end - begin).days / DAYS_PER_MONTH)))


def _documented(cases: pl.DataFrame, documents: pl.DataFrame) -> int:
    first = documents.group_by("child_id").agg(first=pl.col("date").min())
    return len(cases.join(first, on="child_id").filter(pl.col("first") < pl.col("index_date")))


def _why_not(index_events: int, cases: pl.DataFrame, outcomes: int, families: int, *, months: int) -> str:
    if not index_events:
        return "no event of the kind that opens a case"
    if months < 0:
        return "the extract lies outside the protocol's study period; declare your own"
    if not months:
        return "the observation period is shorter than the outcome window; add earlier or later extracts"
    if cases.is_empty():
        return "every case is excluded or not followed to the end of its window"
    if not outcomes:
        return "no case has the outcome"
    if outcomes == len(cases):
        return "every case has the outcome"
    return "all cases belong to one family" if families < 2 else ""
