"""The numbers that claims about what was studied, and about the poll, rest on."""

import pandas as pd

from analysis.book.sentences.words import count, fraction, percentage, plural
from analysis.claims.evidence import Evidence
from analysis.claims.measures import Found, known, measure, whole_study
from analysis.published import case_range, poll_answers


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
    frame = known(evidence.frame("outcome_by_year", of="study"), "cases")
    years = frame.groupby("authority")["year"].nunique()
    return Found(float(years.agg(end)), plural(years.agg(end), "calendar year"))


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


def _totals(evidence: Evidence) -> pd.DataFrame:
    frame = known(evidence.frame("outcome_by_year", of="study"), "cases")
    return frame.groupby(["authority", "outcome"])[["cases", "positives"]].sum(min_count=1)
