"""What is said of a tool by its scores, in sentences."""

from collections.abc import Callable, Iterable, Iterator

import pandas as pd

from analysis.book.sentences.comparison import could_show, signed
from analysis.book.sentences.performance import TOO_SMALL, per_hundred
from analysis.book.sentences.scope import counted_of
from analysis.book.sentences.words import (
    MOST_NAMED,
    capitalised,
    count,
    is_missing,
    label,
    listed,
    listed_or_counted,
    number,
    percentage,
    plural,
    spelled,
)
from analysis.disclosure import Released
from analysis.disclosure.released import Problem, World
from analysis.protocol.values import Scores

SCORED, NOBODY, CLAIMED = "supplied_score", "flagging no one", "an accuracy as suppliers claim"
NOT_SUPPLIED = (
    "No scores were supplied, so nothing is said here of any tool. The guide says how to put in those of a tool that "
    "you have or are offered."
)


def which_scores(scores: World) -> str:
    """For how many predictions scores were supplied; or that none were."""
    if not scores:
        return NOT_SUPPLIED
    return f"Scores were supplied for the cases of {plural(len(scores), 'prediction')}: {_listed(scores)}."


def beyond_four_variables(comparisons: Released | None) -> str:
    """Whether the tool is clearly better than four simple variables: the finding about it, with what it rests on."""
    if comparisons is None:
        return ""
    known = comparisons.where(rival="four_variables").frame.dropna(subset=["difference", "verdict"])
    if known.empty:
        return (
            "Whether the tool is better than a simple rule of four variables cannot be said: too little may be shown."
        )
    better, worse = (int(known["verdict"].eq(verdict).sum()) for verdict in ("better", "worse"))
    rest = len(known) - better - worse
    means = f"the mean difference in average precision is {signed(known['difference'].astype(float).mean())}"
    if better == len(known):
        return f"The tool is clearly better than a simple rule of four variables; {means}."
    if not better:
        but = f", and is clearly worse in {spelled(worse)} of {counted_of(known, 'prediction')}" if worse else ""
        said = "The tool is not shown to be better than a simple rule of four variables"
        return f"{said}{but}; {means}.{could_show(known)}"
    return (
        f"The tool is clearly better than a simple rule of four variables in {spelled(better)} of "
        f"{counted_of(known, 'prediction')}, clearly worse in {spelled(worse)}, and for {spelled(rest)} there is no "
        f"clear difference; {means}.{could_show(known)}"
    )


def read_flagging(rules: Scores) -> str:
    """From which score a case counts as flagged."""
    if rules.flag_from is None:
        return (
            "No threshold of the tool's own is stated in the protocol. So it is taken to flag as many cases as this "
            f"book's model of {label(rules.flagged_as_many_as.predictors)} would, and any that tie with the last of "
            "them."
        )
    return (
        f"The tool is taken to flag a case from a score of {rules.flag_from:g}, the threshold stated in the protocol."
    )


def read_scores_calibrated(calibration: Released) -> str:
    """For each prediction, what the highest scores led one to expect, and what came of those cases."""
    top = calibration.frame.dropna(subset=["mean_risk", "observed"])
    top = top.groupby(["authority", "outcome"], sort=False).tail(1)
    return " ".join(_calibrated(where, part) for where, part in _each(top)) or TOO_SMALL


def read_scores_worth(decision_curve: Released) -> str:
    """For each prediction, at how many thresholds acting on the tool is better than flagging all or none."""
    frame = decision_curve.frame.dropna(subset=["net_benefit", "net_benefit_all"])
    return " ".join(_worth(where, part) for where, part in _each(frame)) or TOO_SMALL


def read_scores_by_group(subgroups: Released) -> str:
    """For each prediction, between which shares the children missed and flagged in error lie; names no group."""
    frame = subgroups.frame[subgroups.frame["assessable"].eq("yes")]
    sentences = []
    for where, part in _each(frame):
        ranges = [
            f"{percentage(values.min())} to {percentage(values.max())} {words}"
            for words, values in (
                ("of the children with the outcome are missed", 1 - part["recall"].astype("Float64").dropna()),
                ("of those flagged are flagged in error", part["false_discovery_rate"].astype("Float64").dropna()),
            )
            if len(values)
        ]
        if ranges:
            sentences.append(f"{where}: by subgroup {listed(ranges)}.")
    said = " ".join(sentences)
    left_out = "Groups too small to assess are not drawn; the others are small, so such differences may be chance."
    return f"{said} {left_out}" if said else TOO_SMALL


def read_coverage(coverage: Released | None) -> list[str]:
    """For each prediction: the cases with a score in time, those refused and those without, and what the scores are."""
    if coverage is None:
        return []
    return [_coverage(where, part) for where, part in _each(coverage.frame)]


def read_comparisons(comparisons: Released) -> list[str]:
    """For each prediction: what the score clearly beats, what clearly beats it, and what it does no better than."""
    groups = comparisons.frame.groupby(["authority", "outcome"], sort=False)
    return [_compared(f"{outcome} in {authority}", part) for (authority, outcome), part in groups]


def read_scores_compared(comparisons: Released) -> str:
    """Of one prediction the same; of several, in how many the tool is clearly better and worse than each rival."""
    known = comparisons.frame.dropna(subset=["tool_average_precision"])
    known = known[known["verdict"].isin(("better", "worse", "no clear difference"))]
    problems = len(known[["authority", "outcome"]].drop_duplicates())
    if problems < 2:
        return " ".join(read_comparisons(comparisons))
    clear = [
        f"clearly {verdict} than {label(rival)} in {spelled(len(part))}"
        for (verdict, rival), part in known.groupby(["verdict", "rival"], sort=False)
        if verdict != "no clear difference"
    ]
    lead = f"In {plural(problems, 'prediction')} the tool is "
    if not clear:
        return f"{lead}neither clearly better nor clearly worse than anything it is set beside."
    return f"{lead}{listed(clear)}. Elsewhere there is no clear difference."


def read_accuracy(accuracy: Released) -> str:
    """How often flagging no one is right, beside the score and a claim."""
    groups = accuracy.frame.groupby(["authority", "outcome"], sort=False)
    if len(groups) > 1:
        return _accuracy_together(accuracy.frame)
    return " ".join(
        _accuracy(f"{outcome} in {authority}", part.set_index("flagged_by")) for (authority, outcome), part in groups
    )


def read_flags(points: Released) -> str:
    """For each prediction, of a hundred cases how many would be flagged, how many rightly, and how many missed."""
    known = points.frame.dropna(subset=["cases", "flagged", "true_positives"])
    sentences = []
    for where, part in _each(known):
        flagged, right, missed = (
            _range(part[name] / part["cases"], lambda share: per_hundred(share, 1))
            for name in ("flagged", "true_positives", "false_negatives")
        )
        sentences.append(
            f"{where}: of every 100 cases with a score the tool would flag {flagged}, {right} of them rightly, and "
            f"miss {missed} with the outcome."
        )
    return " ".join(sentences) or TOO_SMALL


def read_no_calibration(scores: World) -> str:
    """For which predictions the scores are no probabilities, so that calibration says nothing; "" for none."""
    other = [p for p, tables in scores.items() if "calibration" not in tables and "performance" in tables]
    if not other:
        return ""
    return (
        f"The scores for {_listed(other)} are not probabilities: they are not all from 0 to 1, or they are a plain yes "
        "or no. Whether they are accurate as risks, and what acting on them is worth, cannot be asked of them; only "
        "how well they put cases in order."
    )


def _listed(problems: Iterable[Problem]) -> str:
    """Predictions as a list in a sentence."""
    return listed(where for where, _ in _each(pd.DataFrame(list(problems), columns=["authority", "outcome"])))


def _each(frame: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Each prediction's name and rows; of more than are named, those of each outcome in all of its authorities."""
    many = len(frame[["authority", "outcome"]].drop_duplicates()) > MOST_NAMED
    for key, part in frame.groupby(["outcome"] if many else ["outcome", "authority"], sort=False):
        yield f"{key[0]} in {listed_or_counted(list(dict.fromkeys(part['authority'])))}", part


def _too_small(where: str) -> str:
    return f"{where}: {TOO_SMALL[0].lower()}{TOO_SMALL[1:]}"


def _calibrated(where: str, top: pd.DataFrame) -> str:
    said, seen = (top[name].map(percentage) for name in ("mean_risk", "observed"))
    fewer, alike = top["mean_risk"].astype(float) > top["observed"].astype(float), said.eq(seen)
    if len(top) == 1:
        than = "as many as" if alike.all() else "fewer than" if fewer.all() else "more than"
        found = f"these say {said.iloc[0]}, and {seen.iloc[0]} had the outcome, {than} they say"
    else:
        counts = {"fewer": ("than", fewer & ~alike), "more": ("than", ~fewer & ~alike), "as many": ("as", alike)}
        found = listed(
            f"{words} had the outcome {than} these say in {spelled(which.sum())}"
            for words, (than, which) in counts.items()
            if which.any()
        )
    return f"{where}: in the group with the highest scores {found}."


def _worth(where: str, rows: pd.DataFrame) -> str:
    rival = rows["net_benefit_all"].astype(float).clip(lower=0)
    ahead = {
        "point": rows["net_benefit"].astype(float) > rival,
        "sure": (rows["net_benefit_low"].astype("Float64") > rival).fillna(False).astype(bool),
    }
    each = pd.DataFrame(ahead).groupby(rows["authority"])
    point, sure = (_range(each[name].sum(), str) for name in ahead)
    return (
        f"{where}: acting on the tool does better than flagging every child and flagging none at {point} of "
        f"{plural(each.size().max(), 'threshold')}, and clearly so at {sure}."
    )


def _coverage(where: str, rows: pd.DataFrame) -> str:
    if rows["authority"].nunique() > 1:
        return _coverage_together(where, rows)
    rows = rows.set_index("status")
    cases = rows["cases"].astype("Float64")
    if cases.isna().any():
        return _too_small(where)
    late, none = (count(value) if value else "none" for value in cases.iloc[1:3])
    scale = rows.loc[SCORED, "scale"]
    kind = f" The scores are {scale}." if isinstance(scale, str) and scale else ""
    in_time = f"{percentage(cases[SCORED] / cases.sum())} of {count(cases.sum())} cases had a score before the decision"
    and_refused = ", which was refused," if cases.iloc[1] else ""
    refused = f"{capitalised(late)} had one only on that day or after{and_refused or ','} and {none} had none."
    return f"{where}: {in_time}. {refused}{kind}"


def _coverage_together(where: str, rows: pd.DataFrame) -> str:
    cases = rows.astype({"cases": "Float64"}).pivot(index="authority", columns="status", values="cases")
    shares = (cases[SCORED] / cases.sum(axis=1, skipna=False)).dropna()
    if shares.empty:
        return _too_small(where)
    scales = rows.loc[rows["status"].eq(SCORED), "scale"].value_counts()
    kinds = listed(f"{scale} in {spelled(count)}" for scale, count in scales.items() if scale)
    shown = "" if len(shares) == len(cases) else f" in the {spelled(len(shares))} that can be shown"
    return f"{where}: {_range(shares)} of cases had a score before the decision{shown}. The scores are {kinds}."


def _compared(where: str, rows: pd.DataFrame) -> str:
    known = rows.dropna(subset=["tool_average_precision"])
    known = known[known["verdict"].isin(("better", "worse", "no clear difference"))]
    if known.empty:
        return _too_small(where)
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


def _accuracy_together(frame: pd.DataFrame) -> str:
    """The same of several predictions, from the lowest to the highest."""
    wide = frame.pivot_table(
        index=["authority", "outcome"], columns="flagged_by", values=["accuracy", "recall"], sort=False
    ).astype(float)
    nobody = wide["accuracy"].get(NOBODY, pd.Series(dtype=float)).dropna()
    if nobody.empty:
        return TOO_SMALL
    claimed = frame.loc[frame["flagged_by"].eq(CLAIMED), "accuracy"].iloc[0]
    less = int((nobody > claimed).sum())
    rights = {name: wide[name].get(SCORED, pd.Series(dtype=float)).dropna() for name in ("accuracy", "recall")}
    right = ""
    if not (rights["accuracy"].empty or rights["recall"].empty):
        found = _range(rights["recall"])
        right = f" The tool is right about {_range(rights['accuracy'])}, and finds {found} of the outcomes."
    return (
        f"Flagging no one is right about {_range(nobody)} of cases, and finds none of the outcomes. A tool sold as "
        f"“{percentage(claimed)} accurate” would be right less often than that in {spelled(less)} of "
        f"{plural(len(nobody), 'prediction')}.{right}"
    )


def _range(values: pd.Series, say: Callable[[float], str] = percentage) -> str:
    low, high = say(values.min()), say(values.max())
    return low if low == high else f"{low} to {high}"


def _accuracy(where: str, rows: pd.DataFrame) -> str:
    nobody, claimed = rows.loc[NOBODY, "accuracy"], rows.loc[CLAIMED, "accuracy"]
    if is_missing(nobody) or is_missing(claimed):
        return _too_small(where)
    own = rows.loc[SCORED]
    right = ""
    if not is_missing(own["accuracy"]) and not is_missing(own["recall"]):
        found = percentage(own["recall"])
        right = f"The score is right about {percentage(own['accuracy'])}, and finds {found} of them."
    often = "less" if claimed < nobody else "more"
    claim = f"A tool sold as “{percentage(claimed)} accurate” would here be right {often} often than that."
    alone = f"{where}: flagging no one is right about {percentage(nobody)} of cases, and finds none of the outcomes."
    return f"{alone} {claim} {right}".strip()
