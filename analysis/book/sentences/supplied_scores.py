"""What is said of a tool by its scores, in sentences."""

from collections.abc import Mapping

import pandas as pd

from analysis.book.sentences.performance import TOO_SMALL, per_hundred
from analysis.book.sentences.words import (
    capitalised,
    count,
    is_missing,
    label,
    listed,
    number,
    percentage,
    plural,
)
from analysis.disclosure import Released

SCORED, NOBODY, CLAIMED = "supplied_score", "flagging no one", "an accuracy as suppliers claim"
NOT_SUPPLIED = (
    "No scores were supplied, so nothing is said here of any tool. The guide says how to put in those of a tool that "
    "you have or are offered."
)
Tables = Mapping[tuple[str, str], Mapping[str, Released]]


def which_scores(scores: Tables) -> str:
    """For how many predictions scores were supplied; or that none were."""
    if not scores:
        return NOT_SUPPLIED
    named = listed(f"{outcome} in {authority}" for authority, outcome in scores)
    return f"Scores were supplied for the cases of {plural(len(scores), 'prediction')}: {named}."


def read_coverage(coverage: Released | None) -> list[str]:
    """For each prediction: the cases with a score in time, those refused and those without, and what the scores are."""
    if coverage is None:
        return []
    groups = coverage.frame.groupby(["authority", "outcome"], sort=False)
    return [_coverage(f"{outcome} in {authority}", part.set_index("status")) for (authority, outcome), part in groups]


def read_comparisons(comparisons: Released) -> list[str]:
    """For each prediction: what the score clearly beats, what clearly beats it, and what it does no better than."""
    groups = comparisons.frame.groupby(["authority", "outcome"], sort=False)
    return [_compared(f"{outcome} in {authority}", part) for (authority, outcome), part in groups]


def read_scores_compared(comparisons: Released) -> str:
    """The same as one paragraph."""
    return " ".join(read_comparisons(comparisons))


def read_accuracy(accuracy: Released) -> str:
    """How often flagging no one is right, beside the score and a claim."""
    groups = accuracy.frame.groupby(["authority", "outcome"], sort=False)
    return " ".join(
        _accuracy(f"{outcome} in {authority}", part.set_index("flagged_by")) for (authority, outcome), part in groups
    )


def read_flags(points: Released) -> str:
    """For each prediction, of a hundred cases how many would be flagged, how many rightly, and how many missed."""
    sentences = []
    for row in points.frame.dropna(subset=["cases", "flagged", "true_positives"]).itertuples():
        flagged, right = (per_hundred(part, row.cases) for part in (row.flagged, row.true_positives))
        missed = per_hundred(row.false_negatives, row.cases)
        sentences.append(
            f"{row.outcome} in {row.authority}: of every 100 cases with a score the tool would flag {flagged}, {right} "
            f"of them rightly, and miss {missed} with the outcome."
        )
    return " ".join(sentences) or TOO_SMALL


def read_no_calibration(scores: Tables) -> str:
    """For which predictions the scores are no probabilities, so that calibration says nothing; "" for none."""
    other = [
        f"{outcome} in {authority}"
        for (authority, outcome), tables in scores.items()
        if "calibration" not in tables and "performance" in tables
    ]
    if not other:
        return ""
    return (
        f"The scores for {listed(other)} are not probabilities: they are not all from 0 to 1, or they are a plain yes "
        "or no. Whether they are accurate as risks, and what acting on them is worth, cannot be asked of them; only "
        "how well they put cases in order."
    )


def _coverage(where: str, rows: pd.DataFrame) -> str:
    cases = rows["cases"].astype("Float64")
    if cases.isna().any():
        return f"{where}: {TOO_SMALL[0].lower()}{TOO_SMALL[1:]}"
    late, none = (count(value) if value else "none" for value in cases.iloc[1:3])
    scale = rows.loc[SCORED, "scale"]
    kind = f" The scores are {scale}." if isinstance(scale, str) and scale else ""
    return (
        f"{where}: {percentage(cases[SCORED] / cases.sum())} of {count(cases.sum())} cases had a score before the "
        f"decision. {capitalised(late)} had one only on that day or after, which was refused, and {none} had none. "
        f"Nothing is known of how the tool would do on those.{kind}"
    )


def _compared(where: str, rows: pd.DataFrame) -> str:
    known = rows.dropna(subset=["tool_average_precision"])
    known = known[known["verdict"].isin(("better", "worse", "no clear difference"))]
    if known.empty:
        return f"{where}: {TOO_SMALL[0].lower()}{TOO_SMALL[1:]}"
    found = {
        verdict: [label(name) for name in known.loc[known["verdict"].eq(verdict), "rival"]]
        for verdict in set(known["verdict"])
    }
    parts = []
    if "better" in found:
        parts.append(f"it is clearly better than {listed(found['better'])}")
    if "worse" in found:
        parts.append(f"it is clearly worse than {listed(found['worse'])}")
    if "no clear difference" in found:
        parts.append(f"it is no better, as far as these cases can tell, than {listed(found['no clear difference'])}")
    value = number(known["tool_average_precision"].iloc[0])
    return f"{where}: the score has an average precision of {value}; {'; '.join(parts)}."


def _accuracy(where: str, rows: pd.DataFrame) -> str:
    nobody, claimed = rows.loc[NOBODY, "accuracy"], rows.loc[CLAIMED, "accuracy"]
    if is_missing(nobody) or is_missing(claimed):
        return f"{where}: {TOO_SMALL[0].lower()}{TOO_SMALL[1:]}"
    own = rows.loc[SCORED]
    right = ""
    if not is_missing(own["accuracy"]) and not is_missing(own["recall"]):
        found = percentage(own["recall"])
        right = f"The score is right about {percentage(own['accuracy'])}, and finds {found} of them."
    often = "less" if claimed < nobody else "more"
    claim = f"A tool sold as “{percentage(claimed)} accurate” would here be right {often} often than that."
    alone = f"{where}: flagging no one is right about {percentage(nobody)} of cases, and finds none of the outcomes."
    return f"{alone} {claim} {right}".strip()
