"""The numbers that claims about what was studied, and about the poll, rest on."""

import pandas as pd

from analysis.book.sentences.words import count, fraction, percentage, plural
from analysis.claims.evidence import Evidence
from analysis.claims.measures import Measurement, known, measure, whole_study
from analysis.published import case_range, poll_answers


@measure
def prevalences(evidence: Evidence, *, end: str) -> Measurement:
    """The lowest or highest prevalence of the outcomes, or how many lie at 7% or below.

    Parameters
    ----------
    end : {"min", "max", "at_most_7"}
        Lowest, highest, or how many are at most 7%.
    """
    whole_study(evidence)
    totals = _totals(evidence)
    prevalence = (totals["positives"] / totals["cases"]).astype(float)
    if end == "at_most_7":
        few = int((prevalence.round(2) <= 0.07).sum())
        return Measurement(few, f"{few} of {len(prevalence)}")
    value = float(prevalence.agg(end))
    return Measurement(value, percentage(value))


@measure
def cases(evidence: Evidence, *, end: str) -> Measurement:
    """The fewest or most cases of any prediction.

    Parameters
    ----------
    end : {"min", "max"}
    """
    whole_study(evidence)
    value = float(_totals(evidence)["cases"].agg(end))
    return Measurement(value, count(value))


@measure
def smallest_is_early_help(evidence: Evidence) -> Measurement:
    """1 if the prediction with the fewest cases is the one A says, 0 otherwise."""
    whole_study(evidence)
    smallest = _totals(evidence)["cases"].astype(float).idxmin()
    return Measurement(float(smallest[1] == case_range()["fewest_in"]), f"fewest in {smallest[1]}")


@measure
def years_of_data(evidence: Evidence, *, end: str) -> Measurement:
    """Fewest or most calendar years of cases that any authority has.

    Parameters
    ----------
    end : {"min", "max"}
    """
    whole_study(evidence)
    frame = known(evidence.frame("outcome_by_year", of="study"), "cases")
    years = frame.groupby("authority")["year"].nunique()
    return Measurement(float(years.agg(end)), plural(years.agg(end), "calendar year"))


@measure
def poll_share(evidence: Evidence, *, question: str, answer: str) -> Measurement:
    """A share printed in the poll.

    Parameters
    ----------
    question : {"role", "uses"}
    answer : str
        As the poll words it.
    """
    share = next(a.share for a in poll_answers() if (a.question, a.answer) == (question, answer))
    return Measurement(share, percentage(share), {"share": percentage(share), "fraction": fraction(share)})


@measure
def highest_acceptable_use(evidence: Evidence) -> Measurement:
    """The share of the use that most social workers found acceptable."""
    uses = [a for a in poll_answers() if a.question == "uses" and not a.answer.startswith("none")]
    best = max(uses, key=lambda answer: answer.share)
    return Measurement(best.share, percentage(best.share), {"share": percentage(best.share), "use": best.answer})


@measure
def poll_counts(evidence: Evidence, *, question: str) -> Measurement:
    """The number of people that whole counts matching the printed percentages can add up to, nearest to the printed.

    Parameters
    ----------
    question : {"role", "uses"}
    """
    answers = [a for a in poll_answers() if a.question == question]
    people = answers[0].answers
    fits = [[n for n in range(people + 1) if round(100 * n / people) == round(100 * a.share)] for a in answers]
    low, high = sum(min(options) for options in fits), sum(max(options) for options in fits)
    nearest = min(max(people, low), high)
    return Measurement(nearest, f"{nearest} people")


def _totals(evidence: Evidence) -> pd.DataFrame:
    frame = known(evidence.frame("outcome_by_year", of="study"), "cases")
    return frame.groupby(["authority", "outcome"])[["cases", "positives"]].sum(min_count=1)
