"""The numbers that claims are about, found in released tables."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from analysis.book.sentences.comparison import signed
from analysis.book.sentences.words import (
    count,
    fraction,
    label,
    listed,
    listed_or_counted,
    number,
    percentage,
    plural,
    spelled,
)
from analysis.claims.evidence import Evidence
from analysis.protocol import Protocol
from analysis.tables.summaries import wilson_interval

MEASURES: dict[str, Callable] = {}


class NotAssessable(Exception):
    """These tables cannot tell; the message is the reason, as the end of a sentence."""


@dataclass(frozen=True)
class Measurement:
    """A number, as it is shown, and the words a sentence about it may use.

    Attributes
    ----------
    value : float
    shown : str
    words : dict
    low, high : float or None
        The ends of its interval; None where the released tables give none.
    """

    value: float
    shown: str
    words: dict[str, str] = field(default_factory=dict)
    low: float | None = None
    high: float | None = None

    @property
    def has_interval(self) -> bool:
        return self.low is not None and self.high is not None


def measure(function: Callable) -> Callable:
    """Register the function below under its name, as a measure that a claim can name.

    Each takes the evidence (a run's, or that of the published tables) and, by name, the `parameters` of the claim. It
    gives a `Measurement`, or raises `NotAssessable` where the tables cannot tell.

    Parameters
    ----------
    function : callable

    Returns
    -------
    callable
    """
    MEASURES[function.__name__] = function
    return function


def known(frame: pd.DataFrame, column: str, reason: str = "no result of this kind was released") -> pd.DataFrame:
    """The rows in which a column is not missing.

    Parameters
    ----------
    frame : pandas.DataFrame
        Released values.
    column : str
        One that it may lack.
    reason : str
        Why there may be none, as the end of a sentence.

    Returns
    -------
    pandas.DataFrame
        At least one row.

    Raises
    ------
    NotAssessable
        If there are none.
    """
    rows = frame[frame[column].notna()] if column in frame else frame.iloc[:0]
    if rows.empty:
        raise NotAssessable(reason)
    return rows


def whole_study(evidence: Evidence) -> None:
    """Raise `NotAssessable` unless all the study's predictions are there: its counts describe no other set."""
    if {outcome for _, outcome in evidence.study} != set(evidence.registered.predictions):
        raise NotAssessable("this book does not hold all the predictions that were registered")


def satisfies(value: float, rule: Mapping[str, object]) -> bool:
    """Whether a number satisfies a claim's rule: one of at_least, at_most, above, below, equals or between.

    Parameters
    ----------
    value : float
        The number.
    rule : mapping of str to object
        The name of the rule, and its limit; for "between" two limits, both included.

    Returns
    -------
    bool

    Raises
    ------
    ValueError
        If there is more than one rule.
    KeyError
        If the rule has another name.

    Examples
    --------
    >>> satisfies(0.6, {"at_least": 0.5}), satisfies(3, {"between": [4, 5]})
    (True, False)
    """
    (name, limit), *others = rule.items()
    if others:
        raise ValueError(f"a claim has one rule, found {len(rule)}")
    if name == "between":
        low, high = limit
        return low <= value <= high
    checks = {
        "at_least": value >= limit,
        "at_most": value <= limit,
        "above": value > limit,
        "below": value < limit,
        "equals": abs(value - limit) < 1e-9,
    }
    return bool(checks[name])


@measure
def models(evidence: Evidence, *, in_verdict: bool) -> Measurement:
    """How many models there are, in the verdict or in all.

    Parameters
    ----------
    in_verdict : bool
        Whether only those that count towards the overall verdict are counted.
    """
    whole_study(evidence)
    frame = known(
        evidence.frame("performance", of="verdict" if in_verdict else "study", metric="average_precision"), "design"
    )
    return Measurement(len(frame), f"{len(frame)} models")


@measure
def authorities_and_outcomes(evidence: Evidence, *, count_of: str) -> Measurement:
    """How many authorities or outcomes there are.

    Parameters
    ----------
    count_of : {"authority", "outcome"}
    """
    whole_study(evidence)
    place = ("authority", "outcome").index(count_of)
    number_of = len({problem[place] for problem in evidence.study})
    return Measurement(number_of, str(number_of))


@measure
def models_above(
    evidence: Evidence, *, metric: str, threshold: float | None = None, whole: bool = False
) -> Measurement:
    """How many models in the verdict are above a threshold; the registered one if none is given.

    Parameters
    ----------
    metric : {"average_precision", "auc"}
    threshold : float or None
        From 0 to 1.
    whole : bool
        Whether the count means something for the whole study only.
    """
    if whole:
        whole_study(evidence)
    threshold = evidence.protocol.success.threshold if threshold is None else threshold
    frame = known(evidence.frame("performance", metric=metric), "value", why_empty(evidence))
    above = frame[frame["value"].astype(float).round(9) > threshold]
    best = frame.loc[frame["value"].astype(float).idxmax()]
    words = {
        "count": spelled(len(above)),
        "models": plural(len(frame), "model"),
        "all": count(len(frame)),
        "threshold": number(threshold),
        "highest": number(best["value"]),
        "highest_of": f"{best['outcome']} in {best['authority']}, {label(best['design'])}",
        "left_out": left_out(evidence),
        "share": percentage(len(above) / len(frame)),
        "has": "has" if len(above) == 1 else "have",
    }
    return Measurement(len(above), f"{len(above)} of {len(frame)}", words, *_surely_and_perhaps(frame, threshold))


@measure
def more_by_auc(evidence: Evidence, *, threshold: float) -> Measurement:
    """How many more models are above a threshold by AUC than by average precision.

    Parameters
    ----------
    threshold : float
        From 0 to 1.
    """
    by_auc = models_above(evidence, metric="auc", threshold=threshold)
    by_precision = models_above(evidence, metric="average_precision", threshold=threshold)
    words = by_auc.words | {"by_precision": by_precision.words["count"]}
    return Measurement(by_auc.value - by_precision.value, f"{by_auc.shown} against {by_precision.shown}", words)


@measure
def comparisons_with(evidence: Evidence, *, comparison: str, verdict: str, whole: bool = False) -> Measurement:
    """How many comparisons A's rule calls better, worse or a tie; leaking authorities count, as in A.

    Parameters
    ----------
    comparison : {"text_v_structured", "earlier_v_all"}
    verdict : {"better", "worse", "tie"}
    whole : bool
        Whether the count means something for the whole study only.
    """
    if whole:
        whole_study(evidence)
    reason = _why_not_compared(evidence, comparison)
    frame = known(evidence.frame("comparisons", of="study", comparison=comparison), "published_rule_verdict", reason)
    hits = int(frame["published_rule_verdict"].eq(verdict).sum())
    ours = frame["verdict"].dropna() if "verdict" in frame else pd.Series(dtype=str)
    clear = {name: None if ours.empty else int(ours.eq(name).sum()) for name in ("better", "worse")}
    mean = frame["difference"].dropna().astype(float).mean()
    words = {
        "count": spelled(hits),
        "total": spelled(len(frame)),
        "clearly_better": _spelled_or_withheld(clear["better"]),
        "clearly_worse": _spelled_or_withheld(clear["worse"]),
        "mean": signed(mean),
        "scope": _scope(evidence),
    }
    return Measurement(hits, f"{hits} of {len(frame)}", words)


@measure
def share_of_comparisons_with(evidence: Evidence, *, comparison: str, verdict: str) -> Measurement:
    """Share of the comparisons to which A's rule gives a verdict.

    Parameters
    ----------
    comparison : {"text_v_structured", "earlier_v_all"}
    verdict : {"better", "worse", "tie"}
    """
    found = comparisons_with(evidence, comparison=comparison, verdict=verdict)
    hits, total = found.shown.split(" of ")
    return Measurement(int(hits) / int(total), found.shown, found.words)


@measure
def share_clearly(evidence: Evidence, *, comparison: str, verdict: str) -> Measurement:
    """Share of the comparisons to which the protocol's rule gives a verdict: an interval clear of zero.

    Parameters
    ----------
    comparison : str
        As in `comparisons_with`.
    verdict : {"better", "worse", "no clear difference"}
    """
    reason = _why_not_compared(evidence, comparison)
    frame = known(evidence.frame("comparisons", of="study", comparison=comparison), "verdict", reason)
    found = comparisons_with(evidence, comparison=comparison, verdict=verdict)
    hits = int(frame["verdict"].eq(verdict).sum())
    return Measurement(hits / len(frame), f"{hits} of {len(frame)}", found.words)


@measure
def wrong_among_flagged(evidence: Evidence) -> Measurement:
    """Mean over models of one minus precision at the frozen threshold, with the pooled share in its words."""
    found = _mean_error(evidence, "precision", of="flagged")
    try:
        early = f" Of those who did not, {early_among_wrong(evidence).shown} had it before its window opened."
    except NotAssessable:
        early = ""
    return replace(found, words=found.words | {"early": early})


@measure
def early_among_wrong(evidence: Evidence) -> Measurement:
    """Of the children flagged without the outcome, by all models together, the share who had it before its window."""
    reason = "no outcome window opens later than the next day, or the counts are withheld"
    frame = known(evidence.frame("early_outcomes"), "flagged_early", reason)
    frame = known(frame, "false_positives", reason)
    of_all = evidence.frame("operating_point").dropna(subset=["false_positives"])
    early, wrong = float(frame["flagged_early"].sum()), float(of_all["false_positives"].sum())
    if not wrong:
        raise NotAssessable("no model flags a child without the outcome")
    return Measurement(early / wrong, percentage(early / wrong))


@measure
def missed_of_positives(evidence: Evidence) -> Measurement:
    """Mean over models of one minus recall at the frozen threshold, with the pooled share in its words."""
    return _mean_error(evidence, "recall", of="positives")


@measure
def accuracy(evidence: Evidence) -> Measurement:
    """Mean accuracy, beside that of answering no to everyone."""
    frame = known(evidence.frame("operating_point"), "accuracy", why_empty(evidence)).dropna(
        subset=["positives", "cases"]
    )
    flat = 1 - float((frame["positives"].astype(float) / frame["cases"].astype(float)).mean())
    value = float(frame["accuracy"].astype(float).mean())
    words = {"accuracy": percentage(value), "flat": percentage(flat)}
    return Measurement(value, f"{percentage(value)}; answering no to all {percentage(flat)}", words)


@measure
def stated(evidence: Evidence, *, value: float, shown: str) -> Measurement:
    """A number that follows from a definition, whatever the data.

    Parameters
    ----------
    value : float
        The number.
    shown : str
        How it is shown, with where it comes from.
    """
    return Measurement(value, shown)


@measure
def not_published(evidence: Evidence, *, reason: str) -> Measurement:
    """A claim about things neither the published tables nor a run can show.

    Parameters
    ----------
    reason : str
        Why nobody can tell, as the end of a sentence.
    """
    raise NotAssessable(reason)


def models_shown(evidence: Evidence) -> str:
    """Which models a page of results is about, in sentences.

    A page shows every prediction that was run but those of authorities in which leakage was found; where that leaves
    none, it shows them all.
    """
    frame = evidence.frame("performance", of="run", metric="average_precision")
    leaking = frame["authority"].isin(evidence.leaking)
    if frame.empty or leaking.all():
        return f"What follows is about all models that were run, {why_empty(evidence)}." if len(frame) else ""
    return f"What follows is about {plural(int((~leaking).sum()), 'model')}. {left_out(evidence)}"


def _scope(evidence: Evidence) -> str:
    """Which models a number of the whole study is about, as a sentence."""
    names = sorted(evidence.leaking)
    if not names:
        return "All the models are compared."
    return f"All the models are compared, those of {listed(names)} among them, as in the study."


def _mean_error(evidence: Evidence, rate: str, *, of: str) -> Measurement:
    """Mean over models of one minus a rate. A mean weighs each model alike; the pooled share weighs each child."""
    frame = known(evidence.frame("operating_point"), rate, why_empty(evidence))
    error = 1 - float(frame[rate].astype(float).mean())
    counted = frame.dropna(subset=[of, "true_positives"])
    whole, right = (float(counted[name].astype(float).sum()) for name in (of, "true_positives"))
    pooled = percentage(1 - right / whole) if whole else "a withheld share"
    words = {
        "share": percentage(error),
        "fraction": fraction(error),
        "pooled": pooled,
        "models": plural(len(frame), "model"),
        "left_out": left_out(evidence),
    }
    return Measurement(error, percentage(error), words, *_interval_of_mean(frame, rate, of, evidence.protocol))


def _interval_of_mean(
    frame: pd.DataFrame, rate: str, of: str, protocol: Protocol
) -> tuple[float, float] | tuple[None, None]:
    """The interval of one minus a mean over models, from the intervals of the models; (None, None) if one is missing.

    A share of none or all has no bootstrap interval; it has Wilson's, from its counts.
    The models of one prediction share test cases, so their errors are taken to move together, which makes the widest
    interval; different predictions are of different children or windows, and are taken to err independently.
    """
    values, level = frame[rate].astype(float), protocol.uncertainty.level
    width = (frame[f"{rate}_high"] - frame[f"{rate}_low"]).astype("Float64")
    for row in frame.index[width.isna() & values.isin((0, 1)) & frame[of].notna()]:
        low, high = wilson_interval(values[row], int(frame.loc[row, of]), level)
        width[row] = high - low
    if width.isna().any():
        return None, None
    mean = 1 - values.mean()
    problem = [frame["authority"], frame["outcome"]]
    of_problems = width.astype(float).groupby(problem).sum() / len(frame)
    half = float((of_problems**2).sum()) ** 0.5 / 2
    return max(0.0, mean - half), min(1.0, mean + half)


def _surely_and_perhaps(frame: pd.DataFrame, threshold: float) -> tuple[int, int] | tuple[None, None]:
    """How many models have their whole interval above a threshold, and how many reach above it; None if unknown."""
    low, high = frame["value_low"], frame["value_high"]
    if low.isna().any() or high.isna().any():
        return None, None
    return int((low.astype(float) > threshold).sum()), int((high.astype(float) > threshold).sum())


def left_out(evidence: Evidence) -> str:
    """Which authorities a number of the verdict leaves out, and why, as a sentence."""
    names = sorted(evidence.leaking)
    if not names:
        return "No authority is left out."
    are = "is" if len(names) == 1 else "are"
    return f"{listed_or_counted(names)} {are} left out, because the leakage audit raised a flag there."


def why_empty(evidence: Evidence) -> str:
    """Why a frame of the verdict has no rows."""
    if evidence.world and not evidence.study:
        return "none of the predictions of this run was registered"
    if evidence.study and not evidence.in_verdict:
        return "the leakage audit raised a flag for every authority"
    return "no result of this kind was released"


def _spelled_or_withheld(hits: int | None) -> str:
    """How many, in words; where every verdict is withheld nobody can tell, and none would be untrue."""
    return "a number that is withheld" if hits is None else spelled(hits)


def _why_not_compared(evidence: Evidence, comparison: str) -> str:
    """Why there is no comparison of this kind."""
    designs = evidence.frame("performance", of="study")["design"]
    if comparison == "text_v_structured" and len(designs) and not designs.str.startswith("text_").any():
        return "no documents were supplied, so no model reads text"
    return why_empty(evidence)
