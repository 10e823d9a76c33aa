"""What was decided about each case on its index date, and what a rule that counts records would have decided.

A decision changes what happens next: a child who is helped may for that reason not have the outcome. So a recorded
decision that "misses" outcomes is no proof of a poor decision, and one that "finds" them none of a good one.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from analysis.protocol.values import OwnRule, Prediction, Yardsticks
from analysis.schemas import CheckedTables

DECISIONS = {
    "contact": "a referral followed the contact",
    "referral": "the referral led to further action",
    "assessment_authorised": "the assessment found that support was required",
}
_ACTING = {"referral": "further action", "assessment_authorised": "support"}


@dataclass(frozen=True)
class Decision:
    """Something that flagged cases without a model: a recorded decision, or a rule.

    Attributes
    ----------
    name : str
        "recorded_decision" or "own_rule".
    means : str
        What it means to be flagged by it, in words.
    flagged : ndarray of float, shape (all cases,)
        1 or 0; NaN where no decision is recorded.
    """

    name: str
    means: str
    flagged: np.ndarray


def decisions_on(
    tables: CheckedTables, cases: pl.DataFrame, prediction: Prediction, yardsticks: Yardsticks
) -> dict[str, Decision]:
    """The decisions and rules that the cases of a prediction can be compared with, by name; {} where there is none.

    Parameters
    ----------
    tables : CheckedTables
    cases : polars.DataFrame
        With child_id and index_date.
    prediction : Prediction
    yardsticks : Yardsticks
        The days within which a referral counts as the decision on a contact, and an authority's own rule, if any.

    Returns
    -------
    dict of str to Decision
        By name: "recorded_decision", "own_rule".
    """
    found = {}
    recorded = recorded_decision(tables, cases, prediction, days=yardsticks.decision_days)
    if recorded is not None:
        found["recorded_decision"] = Decision("recorded_decision", DECISIONS[prediction.index.event], recorded)
    if yardsticks.own_rule is not None:
        flagged = flagged_by_rule(tables, cases, yardsticks.own_rule)
        found["own_rule"] = Decision("own_rule", describe_rule(yardsticks.own_rule), flagged)
    return found


def recorded_decision(
    tables: CheckedTables, cases: pl.DataFrame, prediction: Prediction, *, days: int
) -> np.ndarray | None:
    """Whether the service decided to act on each case, as recorded at its index date.

    Parameters
    ----------
    tables : CheckedTables
    cases : polars.DataFrame
        With child_id and index_date.
    prediction : Prediction
        Its index event says which decision is looked for.
    days : int
        After a contact, within which a referral counts as the decision on it.

    Returns
    -------
    ndarray of float, shape (cases,), or None
        1 acted on, 0 not, NaN where none is recorded. None where the data hold no decision on this kind of event, or
        the prediction itself chooses cases by it, so that it is the same for all.
    """
    event = prediction.index.event
    if event not in DECISIONS or prediction.index.outcome is not None:
        return None
    rows = cases.select("child_id", "index_date").with_row_index("row")
    if event == "contact":
        decided = tables.events.filter(pl.col("event") == "referral").select("child_id", "date")
        soon = pl.col("date").is_between(pl.col("index_date"), pl.col("index_date").dt.offset_by(f"{days}d"))
        acted = rows.join(decided, on="child_id").filter(soon)["row"].unique()
        return rows["row"].is_in(acted.implode()).to_numpy().astype(float)
    own = tables.events.filter((pl.col("event") == event) & pl.col("outcome").is_not_null())
    own = own.select("child_id", pl.col("date").alias("index_date"), acted=pl.col("outcome") == _ACTING[event])
    by_day = own.group_by("child_id", "index_date").agg(pl.col("acted").any().cast(pl.Float64))
    found = rows.join(by_day, on=["child_id", "index_date"], how="left", maintain_order="left")
    return found["acted"].fill_null(float("nan")).to_numpy()


def flagged_by_rule(tables: CheckedTables, cases: pl.DataFrame, rule: OwnRule) -> np.ndarray:
    """Whether an authority's own rule flags each case: enough records of its kind in the months before.

    Parameters
    ----------
    tables : CheckedTables
    cases : polars.DataFrame
        With child_id and index_date.
    rule : OwnRule

    Returns
    -------
    ndarray of float, shape (cases,)
        1 or 0. Records of the index date itself do not count, as for every predictor.
    """
    rows = cases.select("child_id", "index_date").with_row_index("row")
    counted = tables.events.filter(pl.col("event").is_in(rule.events)).select("child_id", "date")
    start = pl.col("index_date").dt.offset_by(f"-{rule.months}mo")
    before = (pl.col("date") >= start) & (pl.col("date") < pl.col("index_date"))
    counts = rows.join(counted, on="child_id").filter(before).group_by("row").agg(pl.len().alias("records"))
    enough = counts.filter(pl.col("records") >= rule.at_least)["row"]
    return rows["row"].is_in(enough.implode()).to_numpy().astype(float)


def describe_rule(rule: OwnRule) -> str:
    """An authority's own rule in words.

    >>> describe_rule(OwnRule(events=("contact",), months=12, at_least=3))
    'at least 3 of contact in the 12 months before'
    """
    events = " or ".join(event.replace("_", " ") for event in rule.events)
    return f"at least {rule.at_least} of {events} in the {rule.months} months before"
