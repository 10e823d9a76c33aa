"""Models beside simple rules, decisions, other divisions and equally good models: in sentences."""

import pandas as pd

from analysis.book.sentences.comparison import could_show, signed
from analysis.book.sentences.performance import NOT_STUDIED, TOO_SMALL
from analysis.book.sentences.scope import counted_of
from analysis.book.sentences.words import capitalised, count, interval, is_missing, label, listed, number, spelled
from analysis.disclosure import Released

NAMES = {
    "at_random": "chance",
    "age_alone": "age alone",
    "one_variable": "one variable",
    "four_variables": "four variables",
}
DIVISIONS = {
    "random": "at random",
    "by_child": "by child",
    "by_family": "by family",
    "in_time": "in time",
    "in_time_with_embargo": "in time with embargo",
}
EVERYONE = "everyone"
ONLY_INVENTED = "Only invented cases have a planted risk, so there is nothing to compare here."


def read_yardsticks(yardsticks: Released | None) -> str:
    """How many models clearly beat each yardstick, and how many it clearly beats."""
    if yardsticks is None:
        return NOT_STUDIED
    known = yardsticks.frame.dropna(subset=["difference"])
    rows = {name: known[known["yardstick"].eq(name)] for name in NAMES}
    parts = {_beaten(part, NAMES[name]): counted_of(part, "model") for name, part in rows.items() if len(part)}
    if not parts:
        return TOO_SMALL
    alike = len(set(parts.values())) == 1
    said = list(parts) if alike else [f"{words} of {models}" for words, models in parts.items()]
    lead = f"Of {next(iter(parts.values()))}, {listed(said)}" if alike else capitalised(listed(said))
    return f"{lead}.{could_show(rows['four_variables'], 'comparisons with four variables')}"


def read_four_variables(yardsticks: Released | None) -> str:
    """How many models clearly beat four variables, are clearly beaten, and for how many it cannot be said."""
    if yardsticks is None:
        return NOT_STUDIED
    known = yardsticks.where(yardstick="four_variables").frame.dropna(subset=["difference"])
    if known.empty:
        return TOO_SMALL
    better, worse = (int(known["verdict"].eq(verdict).sum()) for verdict in ("better", "worse"))
    rest, mean = len(known) - better - worse, signed(known["difference"].astype(float).mean())
    return (
        f"{capitalised(spelled(better))} of {counted_of(known, 'model')} {'does' if better == 1 else 'do'} clearly "
        f"better than a logistic regression on four variables, {spelled(worse)} clearly worse, and {spelled(rest)} "
        f"{'shows' if rest == 1 else 'show'} no clear difference. The mean difference is {mean}."
        f"{could_show(known)}"
    )


def read_what_four_are(yardsticks: Released | None) -> str:
    """Which predictors the yardsticks use on these data."""
    if yardsticks is None:
        return NOT_STUDIED
    used = yardsticks.where(yardstick="four_variables").frame["predictors"]
    kinds = [str(kind) for kind in dict.fromkeys(used.dropna()) if "," in str(kind)]
    if not kinds:
        return "Which predictors the yardsticks use is given in the table."
    longest = listed(label(name.replace(" ", "_")) for name in max(kinds, key=lambda kind: kind.count(",")).split(", "))
    return f"The variables are {longest}. One that was the same for every child learned from is left out."


def read_decisions(flags: Released | None) -> str:
    """How many outcomes model and decision flag at the same number flagged, and the verdict."""
    frame = None if flags is None else flags.frame
    if frame is None or frame.empty:
        return (
            "No recorded decision can be set beside these models: the data hold none on this kind of event, or all "
            "cases were chosen by the same decision."
        )
    known = frame.dropna(subset=["decided_positives", "true_positives"])
    if known.empty:
        return TOO_SMALL
    return " ".join(_decision(row) for row in known.itertuples())


def read_decisions_together(flags: Released | None) -> str:
    """In how many comparisons with a decision the model finds clearly more outcomes, clearly fewer, or neither."""
    known = None if flags is None else flags.frame.dropna(subset=["difference"])
    if known is None or known.empty:
        return read_decisions(flags)
    better, worse = (int(known["verdict"].eq(verdict).sum()) for verdict in ("better", "worse"))
    return (
        f"In {counted_of(known, 'comparison')} at the same number flagged, the model finds clearly more of the "
        f"outcomes than the decision in {spelled(better)}, clearly fewer in {spelled(worse)}, and for "
        f"{spelled(len(known) - better - worse)} there is no clear difference."
    )


def read_ceilings(ceiling: Released | None) -> str:
    """How near the models come to the planted risk, in the mean, and how many are clearly below it."""
    known = None if ceiling is None else ceiling.frame.dropna(subset=["planted", "model", "gap_low"])
    if known is None or known.empty:
        return ONLY_INVENTED
    planted, model = (number(known[name].astype(float).mean()) for name in ("planted", "model"))
    below = int(known["gap_low"].astype(float).gt(0).sum())
    return (
        f"In the mean over {counted_of(known, 'model')} the planted risk has an average precision of {planted} and "
        f"the models {model}; {spelled(below)} {'is' if below <= 1 else 'are'} clearly below what the planted risk "
        "would score."
    )


def read_ceiling(ceiling: Released | None) -> str:
    """The planted risk's average precision, and how near the models come."""
    if ceiling is None or ceiling.frame.empty:
        return ONLY_INVENTED
    frame = ceiling.frame.dropna(subset=["planted", "model"])
    parts = [
        f"{label(row.design)}: {number(row.model)}, where the planted risk scores "
        f"{interval(row.planted, row.planted_low, row.planted_high)}"
        for row in frame.itertuples()
    ]
    return f"Average precision on the test cases whose risk was planted. {capitalised('; '.join(parts))}."


def read_dependence(dependence: Released | None) -> str:
    """Average precision under the loosest and the strictest division, and the largest step between."""
    frame = None if dependence is None else dependence.frame.dropna(subset=["average_precision"])
    if frame is None or frame.empty:
        return TOO_SMALL if dependence is not None and len(dependence.frame) else NOT_STUDIED
    if "outcome" in frame:
        return _joint_dependence(frame)
    first, last = frame.iloc[0], frame.iloc[-1]
    steps = frame.dropna(subset=["step"])
    words = (
        f"On the same late cases the same model scores {number(first['average_precision'])} when the cases are divided "
        f"{DIVISIONS[first['division']]} and {number(last['average_precision'])} when they are divided "
        f"{DIVISIONS[last['division']]}."
    )
    clear = [
        f"“{DIVISIONS[row.division]}” ({signed(row.step)})"
        for row in steps.itertuples()
        if not is_missing(row.step_low) and (row.step_low > 0 or row.step_high < 0)
    ]
    if not clear:
        return f"{words} No single step is clear of chance."
    steps_are = "is the step" if len(clear) == 1 else "are the steps"
    return f"{words} Clear of chance {steps_are} to {listed(clear)}."


def read_equally_good(models: Released | None) -> str:
    """Of a hundred children flagged by one model, how many by all equally good ones; and flags lost by a refit."""
    if models is None:
        return NOT_STUDIED
    frame = models.where(characteristic=EVERYONE).frame.dropna(subset=["agreed"])
    if frame.empty:
        return TOO_SMALL
    several = frame[frame["models"].astype(float) > 1]
    lost = frame["flags_lost"].dropna().astype(float)
    alone = frame[~frame.index.isin(several.index)]
    words = []
    if len(several):
        agreed, flags = several["agreed"].astype(float), several[["flagged", "flagged_by_all"]].dropna().sum()
        together = f", and {100 * flags['flagged_by_all'] / flags['flagged']:.0f} with all flags counted together"
        words.append(
            f"Of 100 cases flagged by one model, every equally good model flags {100 * agreed.mean():.0f} in the "
            f"mean over {counted_of(several, 'model')} ({100 * agreed.min():.0f} to {100 * agreed.max():.0f})"
            f"{together if flags['flagged'] and len(several) > 1 else ''}."
        )
    if len(alone):
        words.append(f"For {counted_of(alone, 'model')} no other candidate came within one standard error.")
    if len(lost):
        words.append(
            f"Fitted on other families, the same model drops {100 * lost.mean():.0f} of 100 flags in the mean."
        )
    return " ".join(words)


def read_enough_cases(cases: Released | None) -> str:
    """How many models had the cases that Riley's criteria ask for."""
    if cases is None:
        return NOT_STUDIED
    known = cases.frame[cases.frame["enough"].isin(["yes", "no"]) & cases.frame["cases_needed"].notna()]
    unknown = len(cases.frame) - len(known)
    rest = f" For {spelled(unknown)} it cannot be said." if unknown else ""
    if known.empty:
        return "How many cases a model needs cannot be said here: none is above chance, or too little may be shown."
    enough = int(known["enough"].eq("yes").sum())
    need, events = known["cases_needed"].astype(float), known["events_per_predictor"].dropna().astype(float)
    each = f", and half had fewer than {number(events.median(), 1)} outcomes for each predictor" if len(events) else ""
    return (
        f"By the criteria of Riley and others {spelled(enough)} of {counted_of(known, 'model')} had the "
        f"cases that so many predictors need. Half of the models needed more than {count(need.median())}{each}.{rest}"
    )


def _beaten(compared: pd.DataFrame, yardstick: str) -> str:
    better, worse = (int(compared["verdict"].eq(verdict).sum()) for verdict in ("better", "worse"))
    behind = f" (and {spelled(worse)} clearly fall{'s' * (worse == 1)} behind)" if worse else ""
    return f"{spelled(better)} clearly beat{'s' * (better == 1)} {yardstick}{behind}"


def _decision(row) -> str:
    by_whom = "the recorded decision" if row.decision == "recorded_decision" else "the authority's own rule"
    words = (
        f"{capitalised(label(row.design))}: flagging {count(row.flagged)} of {count(row.cases)} cases, as {by_whom} "
        f"did, the model finds {count(row.true_positives)} of {count(row.positives)} outcomes and {by_whom} "
        f"{count(row.decided_positives)}"
    )
    clear = "no clear difference" if row.verdict == "no clear difference" else "a clear difference"
    return f"{words} ({clear})."


def _joint_dependence(frame: pd.DataFrame) -> str:
    wide = frame.pivot_table(index=["authority", "outcome"], columns="division", values="average_precision")
    whole = wide.dropna()
    if whole.empty:
        return TOO_SMALL
    means = {name: whole[name].astype(float).mean() for name in DIVISIONS if name in whole}
    parts = [f"{number(value)} {DIVISIONS[name]}" for name, value in means.items()]
    predictions = counted_of(whole.reset_index(), "prediction")
    return f"In the mean over {predictions}, average precision on the same late cases is {listed(parts)}."
