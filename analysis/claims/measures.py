"""The numbers that claims are about, found in released tables."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd

from analysis.claims.evidence import Evidence
from analysis.published import case_range, poll_answers
from analysis.sentences.comparison import signed
from analysis.sentences.words import count, fraction, label, listed, number, percentage, plural, spelled

MEASURES: dict[str, Callable] = {}


class NotAssessable(Exception):
    """These tables cannot tell; the message is the reason, as the end of a sentence."""


@dataclass(frozen=True)
class Found:
    """A number, as it is shown, and the words a sentence about it may use."""

    value: float
    shown: str
    words: dict[str, str] = field(default_factory=dict)


def measure(function: Callable) -> Callable:
    """Register the function below under its name."""
    MEASURES[function.__name__] = function
    return function


def known(frame: pd.DataFrame, column: str, reason: str = "no result of this kind was released") -> pd.DataFrame:
    """The rows in which a column is not missing.

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
    here = {outcome for _, outcome in evidence.world}
    if not set(evidence.protocol.predictions) <= here or len(here) != len(evidence.protocol.predictions):
        raise NotAssessable("this book does not hold all the predictions of the protocol")


@measure
def models(evidence: Evidence, *, in_verdict: bool) -> Found:
    """How many models there are, in the verdict or in all."""
    whole_study(evidence)
    frame = known(evidence.frame("performance", whole=not in_verdict, metric="average_precision"), "design")
    return Found(len(frame), f"{len(frame)} models")


@measure
def authorities_and_outcomes(evidence: Evidence, *, count_of: str) -> Found:
    """How many authorities or outcomes there are."""
    whole_study(evidence)
    place = ("authority", "outcome").index(count_of)
    number_of = len({problem[place] for problem in evidence.world})
    return Found(number_of, str(number_of))


@measure
def models_above(evidence: Evidence, *, metric: str, threshold: float | None = None, whole: bool = False) -> Found:
    """How many models in the verdict are above a threshold; the registered one if none is given.

    Parameters
    ----------
    whole : bool
        Whether the count means something for the whole study only.
    """
    if whole:
        whole_study(evidence)
    threshold = evidence.protocol.success.threshold if threshold is None else threshold
    frame = known(evidence.frame("performance", metric=metric), "value", _why_empty(evidence))
    above = frame[frame["value"].astype(float).round(9) > threshold]
    best = frame.loc[frame["value"].astype(float).idxmax()]
    words = {
        "count": spelled(len(above)),
        "models": plural(len(frame), "model"),
        "all": count(len(frame)),
        "threshold": number(threshold),
        "highest": number(best["value"]),
        "highest_of": f"{best['outcome']} in {best['authority']}, {label(best['design'])}",
        "left_out": _left_out(evidence),
        "share": percentage(len(above) / len(frame)),
        "has": "has" if len(above) == 1 else "have",
    }
    return Found(len(above), f"{len(above)} of {len(frame)}", words)


@measure
def more_by_auc(evidence: Evidence, *, threshold: float) -> Found:
    """How many more models are above a threshold by AUC than by average precision."""
    by_auc = models_above(evidence, metric="auc", threshold=threshold)
    by_precision = models_above(evidence, metric="average_precision", threshold=threshold)
    words = by_auc.words | {"by_precision": by_precision.words["count"]}
    return Found(by_auc.value - by_precision.value, f"{by_auc.shown} against {by_precision.shown}", words)


@measure
def comparisons_with(evidence: Evidence, *, comparison: str, verdict: str, whole: bool = False) -> Found:
    """How many comparisons A's rule calls better, worse or a tie; leaking authorities count, as in A."""
    if whole:
        whole_study(evidence)
    frame = known(evidence.frame("comparisons", whole=True, comparison=comparison), "published_rule_verdict")
    hits = int(frame["published_rule_verdict"].eq(verdict).sum())
    ours = frame["verdict"].dropna() if "verdict" in frame else pd.Series(dtype=str)
    clear = {name: int(ours.eq(name).sum()) for name in ("better", "worse")}
    mean = frame["difference"].dropna().astype(float).mean()
    words = {
        "count": spelled(hits),
        "total": spelled(len(frame)),
        "clearly_better": spelled(clear["better"]),
        "clearly_worse": spelled(clear["worse"]),
        "mean": signed(mean),
    }
    return Found(hits, f"{hits} of {len(frame)}", words)


@measure
def share_of_comparisons_with(evidence: Evidence, *, comparison: str, verdict: str) -> Found:
    """Share of the comparisons to which A's rule gives a verdict."""
    found = comparisons_with(evidence, comparison=comparison, verdict=verdict)
    hits, total = found.shown.split(" of ")
    return Found(int(hits) / int(total), found.shown, found.words)


@measure
def share_clearly(evidence: Evidence, *, comparison: str, verdict: str) -> Found:
    """Share of the comparisons to which the protocol's rule gives a verdict: an interval clear of zero."""
    frame = known(evidence.frame("comparisons", whole=True, comparison=comparison), "verdict")
    found = comparisons_with(evidence, comparison=comparison, verdict=verdict)
    hits = int(frame["verdict"].eq(verdict).sum())
    return Found(hits / len(frame), f"{hits} of {len(frame)}", found.words)


@measure
def wrong_among_flagged(evidence: Evidence) -> Found:
    """Mean over models of one minus precision at the frozen threshold."""
    frame = known(evidence.frame("operating_point"), "precision", _why_empty(evidence))
    wrong = 1 - float(frame["precision"].astype(float).mean())
    return Found(wrong, percentage(wrong), {"share": percentage(wrong), "fraction": fraction(wrong)})


@measure
def missed_of_positives(evidence: Evidence) -> Found:
    """Mean over models of one minus recall at the frozen threshold."""
    frame = known(evidence.frame("operating_point"), "recall", _why_empty(evidence))
    missed = 1 - float(frame["recall"].astype(float).mean())
    return Found(missed, percentage(missed), {"share": percentage(missed), "fraction": fraction(missed)})


@measure
def curves_still_rising(evidence: Evidence, *, as_share: bool = False) -> Found:
    """How many learning curves in the verdict still rise at the largest sizes; a count is of the whole study."""
    if not as_share:
        whole_study(evidence)
    frame = known(evidence.frame("learning_curve_verdicts"), "verdict", _why_empty(evidence))
    rising = int(frame["verdict"].eq("still rising").sum())
    words = {"count": spelled(rising), "total": spelled(len(frame)), "fraction": fraction(rising / len(frame))}
    words["rise"] = "rises" if rising == 1 else "rise"
    return Found(rising / len(frame) if as_share else rising, f"{rising} of {len(frame)}", words)


@measure
def pairs_that_differ(evidence: Evidence, *, test: str) -> Found:
    """Share of head-to-head pairs of subgroups that differ in average precision under a test."""
    frame = evidence.frame("subgroup_pairs", metric="average_precision")
    frame = known(frame[frame[test].isin(("differ", "no difference"))], test, "no pair of subgroups could be compared")
    share = float(frame[test].eq("differ").mean())
    return Found(share, percentage(share), {"share": percentage(share), "fraction": fraction(share)})


@measure
def gap_between_tests(evidence: Evidence, *, first: str, second: str) -> Found:
    """How much larger a share of pairs differs under one test than under another."""
    one, other = pairs_that_differ(evidence, test=first), pairs_that_differ(evidence, test=second)
    gap = one.value - other.value
    ours = pairs_that_differ(evidence, test="test_c")
    words = {"first": one.shown, "second": other.shown, "ours": ours.shown}
    return Found(gap, f"{one.shown} and {other.shown}", words)


@measure
def subgroup_above_the_rest(evidence: Evidence, *, characteristic: str, subgroups: list[str]) -> Found:
    """Mean over models of a subgroup's average precision minus the mean of that characteristic's other subgroups."""
    frame = evidence.frame("subgroups", characteristic=characteristic)
    frame = known(frame[frame["assessable"].eq("yes")], "average_precision", "no subgroup could be assessed")
    wide = frame.pivot_table(
        index=["authority", "outcome", "design"], columns="subgroup", values="average_precision", aggfunc="first"
    ).astype(float)
    names = [name for name in wide if _plain(name) in {_plain(subgroup) for subgroup in subgroups}]
    if not names or len(names) == wide.shape[1]:
        raise NotAssessable("the subgroup is too small to be assessed, or there is none to compare it with")
    gaps = (wide[names].mean(axis=1) - wide.drop(columns=names).mean(axis=1)).dropna()
    if gaps.empty:
        raise NotAssessable("the subgroup is too small to be assessed in every model")
    words = {"gap": signed(gaps.mean()), "models": plural(len(gaps), "model")}
    return Found(float(gaps.mean()), signed(gaps.mean()), words)


@measure
def prevalences(evidence: Evidence, *, end: str) -> Found:
    """The lowest or highest prevalence of the outcomes, or how many lie at 7% or below."""
    whole_study(evidence)
    totals = _totals(evidence)
    prevalence = (totals["positives"] / totals["cases"]).astype(float)
    if end == "at_most_7":
        few = int((prevalence.round(2) <= 0.07).sum())
        return Found(few, f"{few} of {len(prevalence)}")
    value = float(prevalence.agg(end))
    return Found(value, percentage(value))


@measure
def cases(evidence: Evidence, *, end: str) -> Found:
    """The fewest or most cases of any prediction."""
    whole_study(evidence)
    value = float(_totals(evidence)["cases"].agg(end))
    return Found(value, count(value))


@measure
def smallest_is_early_help(evidence: Evidence) -> Found:
    """1 if the prediction with the fewest cases is the one A says, 0 otherwise."""
    whole_study(evidence)
    smallest = _totals(evidence)["cases"].astype(float).idxmin()
    return Found(float(smallest[1] == case_range()["fewest_in"]), f"fewest in {smallest[1]}")


@measure
def years_of_data(evidence: Evidence, *, end: str) -> Found:
    """Fewest or most calendar years of cases that any authority has."""
    whole_study(evidence)
    frame = known(evidence.frame("outcome_by_year", whole=True), "cases")
    years = frame.groupby("authority")["year"].nunique()
    return Found(float(years.agg(end)), plural(years.agg(end), "calendar year"))


@measure
def accuracy(evidence: Evidence) -> Found:
    """Mean accuracy, beside that of answering no to everyone."""
    frame = known(evidence.frame("operating_point"), "accuracy", _why_empty(evidence)).dropna(
        subset=["positives", "cases"]
    )
    flat = 1 - float((frame["positives"].astype(float) / frame["cases"].astype(float)).mean())
    value = float(frame["accuracy"].astype(float).mean())
    words = {"accuracy": percentage(value), "flat": percentage(flat)}
    return Found(value, f"{percentage(value)}; a flat no {percentage(flat)}", words)


@measure
def training_above_validation(evidence: Evidence) -> Found:
    """Mean over learning curves of training minus validation average precision at the largest size."""
    frame = known(evidence.frame("learning_curves"), "average_precision", _why_empty(evidence))
    key = ["authority", "outcome", "design"]
    last = frame[frame["size"].eq(frame.groupby(key)["size"].transform("max"))]
    wide = last.pivot_table(index=key, columns="curve", values="average_precision", aggfunc="first").astype(float)
    if not {"training", "validation"} <= set(wide):
        raise NotAssessable("the learning curves are too small to be released")
    gap = float((wide["training"] - wide["validation"]).mean())
    return Found(gap, signed(gap), {"gap": number(abs(gap))})


@measure
def poll_share(evidence: Evidence, *, question: str, answer: str) -> Found:
    """A share printed in the poll."""
    share = next(a.share for a in poll_answers() if (a.question, a.answer) == (question, answer))
    return Found(share, percentage(share), {"share": percentage(share), "fraction": fraction(share)})


@measure
def highest_acceptable_use(evidence: Evidence) -> Found:
    """The share of the use that most social workers found acceptable."""
    uses = [a for a in poll_answers() if a.question == "uses" and not a.answer.startswith("none")]
    best = max(uses, key=lambda answer: answer.share)
    return Found(best.share, percentage(best.share), {"share": percentage(best.share), "use": best.answer})


@measure
def poll_counts(evidence: Evidence, *, question: str) -> Found:
    """The number of people that whole counts matching the printed percentages can add up to, nearest to the printed."""
    answers = [a for a in poll_answers() if a.question == question]
    people = answers[0].answers
    fits = [[n for n in range(people + 1) if round(100 * n / people) == round(100 * a.share)] for a in answers]
    low, high = sum(min(options) for options in fits), sum(max(options) for options in fits)
    nearest = min(max(people, low), high)
    return Found(nearest, f"{nearest} people")


@measure
def stated(evidence: Evidence, *, value: float, shown: str) -> Found:
    """A number that follows from a definition, whatever the data."""
    return Found(value, shown)


@measure
def not_published(evidence: Evidence, *, reason: str) -> Found:
    """A claim about things neither the published tables nor a run can show."""
    raise NotAssessable(reason)


def _totals(evidence: Evidence) -> pd.DataFrame:
    frame = known(evidence.frame("outcome_by_year", whole=True), "cases")
    return frame.groupby(["authority", "outcome"])[["cases", "positives"]].sum(min_count=1)


def _plain(name: str) -> str:
    return "".join(character for character in name.lower() if character.isalnum())


def _left_out(evidence: Evidence) -> str:
    names = sorted(evidence.leaking)
    if not names:
        return "No authority is left out."
    are = "is" if len(names) == 1 else "are"
    return f"{listed(names)} {are} left out, because the leakage audit raised a flag there."


def _why_empty(evidence: Evidence) -> str:
    if evidence.world and not evidence.in_verdict:
        return "the leakage audit raised a flag for every authority"
    return "no result of this kind was released"
