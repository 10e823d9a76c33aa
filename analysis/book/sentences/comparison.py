"""Designs against each other, subgroups against each other, more cases against fewer: in sentences."""

import pandas as pd

from analysis.book.sentences.performance import NOT_STUDIED, TOO_SMALL
from analysis.book.sentences.scope import counted_of, whose
from analysis.book.sentences.words import (
    capitalised,
    count,
    interval_end,
    is_missing,
    label,
    listed,
    number,
    percentage,
    plural,
    spelled,
)
from analysis.disclosure import Released
from analysis.escape import as_myst
from analysis.tables.pooled import FEWEST_PREDICTIONS

VERDICTS = ("better", "worse", "no clear difference")
CURVE_VERDICTS = ("rising", "level", "falling", "cannot tell")
PUBLISHED_VERDICTS = ("better", "worse", "tie")
TESTS = {
    "test_a": "test A (replicates as cases)",
    "test_b": "test B (interval of the difference)",
    "test_b_strict": "test B, strict (intervals apart)",
    "test_c": "test C (permutation, Holm)",
}
SUBJECTS = {
    "text_v_structured": ("adding text", "without text"),
    "earlier_v_all": ("learning from earlier cases only", "learning from all cases"),
}


def direction(low: float, high: float) -> str:
    """What an interval of a difference says: 'higher', 'lower' or 'not clearly different'.

    Parameters
    ----------
    low : float
        Lower end of the interval.
    high : float
        Upper end.

    Returns
    -------
    str
        "withheld" where an end is missing.
    """
    if is_missing(low) or is_missing(high):
        return "withheld"
    return "higher" if low > 0 else "lower" if high < 0 else "not clearly different"


def tally(comparisons: Released, comparison: str, rule: str = "verdict") -> dict[str, int]:
    """How many comparisons were 'better', 'worse' or neither, by the protocol's rule or the published one.

    Parameters
    ----------
    comparisons : Released
        The table "comparisons", of one or more problems.
    comparison : {"text_v_structured", "earlier_v_all"}
    rule : {"verdict", "published_rule_verdict"}
        The column of the rule.

    Returns
    -------
    dict of str to int
        By verdict; comparisons that are withheld are not counted.
    """
    verdicts = comparisons.where(comparison=comparison).frame[rule].dropna()
    names = VERDICTS if rule == "verdict" else PUBLISHED_VERDICTS
    return {name: int((verdicts == name).sum()) for name in names}


def read_comparison(comparisons: Released | None, comparison: str) -> str:
    """Counts of better and worse under both rules, and the mean difference.

    Parameters
    ----------
    comparisons : Released or None
        The table "comparisons"; None where nothing could be studied, which is then said.
    comparison : {"text_v_structured", "earlier_v_all"}

    Returns
    -------
    str
    """
    if comparisons is None:
        return NOT_STUDIED
    frame = comparisons.where(comparison=comparison).frame
    known = frame[frame["difference"].notna()]
    if known.empty:
        return TOO_SMALL
    ours, theirs = (tally(comparisons, comparison, rule) for rule in ("verdict", "published_rule_verdict"))
    subject, other = SUBJECTS[comparison]
    of = f"of {counted_of(known, 'comparison')}"
    return (
        f"Compared with the same models {other} on the same test cases, {subject} is clearly better in "
        f"{spelled(ours['better'])} and clearly worse in {spelled(ours['worse'])} {of}; the mean difference in average "
        f"precision is {signed(known['difference'].astype(float).mean())}. By the published rule, which sets each "
        "model's score on its own test cases beside the other's and counts any difference at two decimals, it is "
        f"better in {spelled(theirs['better'])} and worse in {spelled(theirs['worse'])}.{could_show(known)}"
    )


def could_show(compared: pd.DataFrame, which: str = "") -> str:
    """How large a difference half of some comparisons had to be to be found, as a sentence after a space.

    Parameters
    ----------
    compared : pandas.DataFrame
        One comparison a row.
    which : str, optional
        What they are, if the sentence before does not say it.

    Returns
    -------
    str
    """
    least = compared["minimum_detectable_difference"].dropna().astype(float)
    half = f"Half of the {which}" if which else "Half of them"
    return "" if least.empty else f" {half} would probably miss a difference under {number(least.median())}."


def read_chosen_kinds(optimism: Released | None) -> str:
    """In how many comparisons with and without text the two models differ in more than the text.

    Parameters
    ----------
    optimism : Released or None
        The chosen family and settings of each design, of one or more predictions.
    """
    if optimism is None:
        return NOT_STUDIED
    frame = optimism.frame.dropna(subset=["family", "parameters"])
    predictors, learned_from = (frame["design"].str.split("-", n=1).str[i] for i in (0, 1))
    frame = frame.assign(predictors=predictors, learned_from=learned_from)
    keys = [name for name in ("authority", "outcome") if name in frame] + ["learned_from"]
    by_pair = frame.pivot(index=keys, columns="predictors", values=["family", "parameters"]).dropna()
    if by_pair.empty or not {"structured", "text_and_structured"} <= set(predictors):
        return TOO_SMALL
    same_family, same_parameters = (
        by_pair[name, "structured"].eq(by_pair[name, "text_and_structured"]) for name in ("family", "parameters")
    )
    of, same = counted_of(by_pair.index.to_frame(), "comparison"), int((same_family & same_parameters).sum())
    other = int((~same_family).sum())
    return (
        f"In {spelled(same)} of {of} the model with text and the one without are of the same "
        f"kind with the same settings, in {spelled(len(by_pair) - same - other)} of the same kind with other settings, "
        f"and in {spelled(other)} they are of another kind."
    )


def signed(value: float, decimals: int = 2) -> str:
    """A difference with its sign: '+0.03', '−0.12'.

    Parameters
    ----------
    value : float
        May be missing.
    decimals : int
        0 or more.

    Returns
    -------
    str
        Zero has no sign.
    """
    words = number(value, decimals)
    return words if is_missing(value) or words.startswith("−") or not float(words) else f"+{words}"


def signed_ends(low: float, high: float, decimals: int = 2) -> str:
    """The ends of a difference's interval, each with its sign however small, since zero inside or outside must be seen.

    Parameters
    ----------
    low, high : float
        May be missing.
    decimals : int
        0 or more.

    Returns
    -------
    str

    Examples
    --------
    >>> signed_ends(-0.004, 0.08), signed_ends(0.0004, 0.035, 3)
    ('(−0.00 to +0.08)', '(+0.000 to +0.035)')
    """

    def say(end: float) -> str:
        if is_missing(end):
            return number(end, decimals)
        shown = interval_end(end, decimals)
        return shown if shown.startswith("−") else f"+{shown}"

    return f"({say(low)} to {say(high)})"


def group_in_text(subgroup: str) -> str:
    """A subgroup as a sentence of Markdown names it; it may be a label of the data."""
    return as_myst(label(subgroup))


GROUP_METRICS = {
    "missed": "the share of children with the outcome who were missed",
    "wrongly_flagged": "the share of flagged children who did not go on to it",
    "auc": "the AUC",
}


def of_best_known_design(subgroups: Released) -> pd.DataFrame:
    """The rows of the design of which most subgroups can be shown, the first of equals: a chart has room for one.

    Parameters
    ----------
    subgroups : Released
        The table of that name.

    Returns
    -------
    pandas.DataFrame
    """
    frame = subgroups.frame
    shown = frame["recall"].notna().groupby(frame["design"], sort=False).sum()
    return frame[frame["design"].eq(shown.idxmax())]


def read_subgroups(subgroups: Released) -> str:
    """How far error rates and AUC range from subgroup to subgroup; names none, since nothing is tested here."""
    frame = of_best_known_design(subgroups)
    rates = frame.assign(missed=1 - frame["recall"].astype("Float64"), wrongly_flagged=frame["false_discovery_rate"])
    known = rates[rates[["missed", "wrongly_flagged"]].notna().any(axis=1)]
    if known.empty:
        return TOO_SMALL
    have = "has" if len(known) == 1 else "have"
    lead = f"{capitalised(spelled(len(known)))} of {plural(len(frame), 'subgroup')} {have} results that can be shown"
    ranges = [_range_of_groups(name, known[name].dropna().astype(float)) for name in GROUP_METRICS]
    design = label(frame["design"].iloc[0])
    return f"{lead}. With {design}, {listed([r for r in ranges if r])}. {_NOT_NAMED}"


_NOT_NAMED = "Groups are small, so such differences may be chance: the head-to-head tests say whether they are more."


def _range_of_groups(name: str, values: pd.Series) -> str:
    if values.empty:
        return ""
    say = number if name == "auc" else percentage
    low, high = say(values.min()), say(values.max())
    return f"{GROUP_METRICS[name]} is {low}" if low == high else f"{GROUP_METRICS[name]} runs from {low} to {high}"


def read_gaps(gaps: Released) -> str:
    """How far groups lie from the others of their kind; a group is named only where test C says that it differs.

    Parameters
    ----------
    gaps : Released
        The table "subgroup_gaps", of one metric or more. Groups of fewer than three predictions are left out.
    """
    known = gaps.frame[gaps.frame["gap"].notna()]
    group = ["characteristic", "subgroup"]
    predictions = known.groupby(["metric", *group])["prediction"].transform("nunique")
    known = known[predictions >= FEWEST_PREDICTIONS]
    if known.empty:
        return f"No subgroup can be assessed in {spelled(FEWEST_PREDICTIONS)} predictions, so nothing is said of any."
    return " ".join(_gaps_of(name, part) for name, part in known.groupby("metric", sort=False))


def _gaps_of(name: str, known: pd.DataFrame) -> str:
    means = known.groupby(["characteristic", "subgroup"])["gap"].mean().astype(float)
    models = counted_of(known.drop_duplicates(["authority", "prediction", "design"]), "model")
    words = (
        f"Within the same {models}, and in the mean over them, {GROUP_METRICS[name]} of a subgroup differs from that "
        f"of the others of its kind by {signed(means.min())} to {signed(means.max())}, among "
        f"{plural(len(means), 'subgroup')} seen in at least {spelled(FEWEST_PREDICTIONS)} predictions."
    )
    tested = known[known["test_c"].notna()]
    if tested.empty:
        return f"{words} No test was made of these differences, so no subgroup is named."
    clear = tested[tested["test_c"].eq("differ")]
    if clear.empty:
        return f"{words} Test C finds no difference in any model, so no subgroup is named as better or worse served."
    counts = clear.groupby(["characteristic", "subgroup"])["prediction"].nunique()
    counts = counts[counts >= FEWEST_PREDICTIONS]
    few = f"in {spelled(FEWEST_PREDICTIONS)} predictions or more"
    if counts.empty:
        return f"{words} Test C finds a difference here and there, but for no subgroup {few}, so none is named."
    named = [f"{label(c)}: {group_in_text(s)} ({signed(means[c, s])})" for c, s in counts.index]
    return f"{words} Test C finds a difference {few} for {listed(named)}."


def shares_that_differ(pairs: Released, metric: str = "average_precision") -> dict[str, float | None]:
    """Under each test, the share of head-to-head pairs said to differ; None where no pair has a verdict.

    Parameters
    ----------
    pairs : Released
        The table "subgroup_pairs", of one or more problems.
    metric : str
        As the table has it.

    Returns
    -------
    dict of str to float or None
        From 0 to 1, by test.
    """
    frame = pairs.where(metric=metric).frame
    return {test: _share(frame[test]) for test in TESTS}


def read_subgroup_pairs(pairs: Released, metric: str = "average_precision") -> str:
    """Under each test, the share of head-to-head pairs said to differ, and how large a difference would be missed.

    Parameters
    ----------
    pairs : Released
        The table "subgroup_pairs", of one or more problems.
    metric : str
        As the table has it.

    Returns
    -------
    str
    """
    shares = shares_that_differ(pairs, metric)
    known = [f"{percentage(share)} under {TESTS[test]}" for test, share in shares.items() if share is not None]
    if not known:
        return "No pair of subgroups is large enough to be compared."
    mde = pairs.where(metric=metric).frame["minimum_detectable_difference"].dropna().astype(float)
    limit = (
        ""
        if mde.empty
        else f" For half the pairs, a true difference below {number(mde.median())} would mostly be missed."
    )
    rows = pairs.where(metric=metric).frame
    tested = rows[rows[list(TESTS)].notna().any(axis=1)]
    of = f"Of {count(len(tested))} head-to-head pairs of subgroups{whose(tested)}"
    return f"{of}, the share said to differ in {label(metric)} is {listed(known)}.{limit}"


def read_learning_curves(verdicts: Released) -> str:
    """How many curves rise, are level, fall, and cannot tell."""
    known = verdicts.frame.dropna(subset=["verdict"])
    return TOO_SMALL if known.empty else _verdicts_in_words(known)


def _verdicts_in_words(curves: pd.DataFrame) -> str:
    counts = {name: int((curves["verdict"] == name).sum()) for name in CURVE_VERDICTS}
    parts = [f"{spelled(n)} {_curve_verdict(name, n)}" for name, n in counts.items() if n]
    if small := len(curves) - sum(counts.values()):
        parts.append(f"{spelled(small)} {'is' if small == 1 else 'are'} too small to show")
    return f"Of {counted_of(curves, 'learning curve')} {listed(parts)}, at the largest sizes."


def _curve_verdict(verdict: str, curves: int) -> str:
    if verdict == "cannot tell":
        return f"{verdict} whether {'it rises' if curves == 1 else 'they rise'}"
    return f"{'is' if curves == 1 else 'are'} {'shown to be ' * (verdict == 'level')}{verdict}"


def read_one_learning_curve(curves: Released) -> str:
    """The gap between training and validation at the largest size, and the verdicts where the table has them."""
    frame = curves.frame[curves.frame["average_precision"].notna()]
    curve = [name for name in ("authority", "outcome", "design") if name in frame]
    last = frame[frame["size"].eq(frame.groupby(curve)["size"].transform("max"))]
    wide = last.pivot_table(index=curve, columns="curve", values="average_precision", aggfunc="first").astype(float)
    if not {"training", "validation"} <= set(wide):
        return TOO_SMALL
    gap = (wide["training"] - wide["validation"]).mean()
    side = "above" if gap > 0 else "below"
    verdicts = ""
    if "verdict" in frame:
        verdicts = f"{_verdicts_in_words(frame.drop_duplicates(curve).dropna(subset=['verdict']))} "
    return (
        f"{verdicts}With all the training cases, average precision on the cases learned from lies on average "
        f"{number(abs(gap))} {side} that on cases held back for validation."
    )


def read_leakage(leakage: Released) -> str:
    """Whether the audit flagged anything, and what."""
    flagged = leakage.frame[leakage.frame["flagged"].eq("yes")]
    review = int(leakage.frame["flagged"].eq("review").sum())
    doubt = f" {capitalised(plural(review, 'result'))} should be reviewed." if review else ""
    unchecked = int(leakage.frame["flagged"].eq("could not be checked").sum())
    doubt += f" {capitalised(plural(unchecked, 'check'))} could not be made." if unchecked else ""
    audit = f"The leakage audit{whose(leakage.frame)}"
    if flagged.empty:
        made = len(leakage.frame) - unchecked
        return f"{audit} found no warning sign in {count(made)} check{'s' * (made != 1)}.{doubt}"
    checks = listed(label(check) for check in dict.fromkeys(flagged["check"]))
    return f"{audit} found {plural(len(flagged), 'warning sign')}: {checks}.{doubt}"


def read_poll(poll: Released) -> str:
    """The most and least common answers with their intervals."""
    frame = poll.frame.sort_values("share", ascending=False)
    top, bottom = frame.iloc[0], frame.iloc[-1]
    commonest, rarest = (
        f"“{row.answer}”, {percentage(row.share)} ({percentage(row.share_low)} to {percentage(row.share_high)})"
        for row in (top, bottom)
    )
    return f"The commonest answer of {int(top['answers'])} social workers was {commonest}; the rarest was {rarest}."


def read_published_v_run(summary: Released) -> str:
    """How far the run lies from the published values, by average precision, and how many lie inside its intervals."""
    known = summary.frame.dropna(subset=["published", "run"])
    frame, areas = (known[known["metric"].eq(metric)] for metric in ("average_precision", "auc"))
    if frame.empty:
        return "No published value has a counterpart in this run."
    gap = (frame["run"].astype(float) - frame["published"].astype(float)).abs()
    inside, inside_auc = (int(part["published"].between(part["low"], part["high"]).sum()) for part in (frame, areas))
    of_areas = f", and {inside_auc:,} of {len(areas):,} published AUCs do" if len(areas) else ""
    return (
        f"Half of the {len(frame):,} average precisions{whose(frame)} lie within {number(gap.median(), 3)} of the "
        f"published value and the furthest is {number(gap.max())} away; {inside:,} published values lie inside the "
        f"run's interval{of_areas}."
    )


def read_against_mark(results: Released | None) -> str:
    """How many models that count pass the mark, which comes nearest, and how many clearly beat knowing nothing."""
    if results is None:
        return NOT_STUDIED
    counted = results.where(in_verdict="yes").frame.dropna(subset=["average_precision", "mark"])
    if counted.empty:
        return TOO_SMALL
    passed = counted[counted["average_precision"].astype(float) > counted["mark"].astype(float)]
    best = counted.loc[counted["average_precision"].astype(float).idxmax()]
    pass_it = "passes" if len(passed) <= 1 else "pass"
    return (
        f"{capitalised(spelled(len(passed)))} of {counted_of(counted, 'model')} {pass_it} the mark of "
        f"{number(best['mark'])}; the highest, {label(best['design'])} for {best['prediction']} in "
        f"{best['authority']}, is at {number(best['average_precision'])}.{_beat_chance(counted)}"
    )


def _beat_chance(models: pd.DataFrame) -> str:
    """How many models are better than outcomes permuted over their test cases, as a sentence after a space."""
    known = models["better_than_chance"].dropna()
    clearly = int(known.eq("yes").sum())
    if known.empty:
        return ""
    out_of = "" if len(known) == len(models) else f" of the {spelled(len(known))} for which this is known"
    return f" {capitalised(spelled(clearly))}{out_of} {'does' if clearly <= 1 else 'do'} better than chance would."


def read_metric_choice(choice: Released) -> str:
    """How far apart the three metrics put the same models."""
    means = choice.frame.dropna(subset=["value"]).groupby("metric")["value"].mean().astype(float)
    if means.empty:
        return TOO_SMALL
    parts = [f"{label(metric)} {number(value)}" for metric, value in means.sort_values(ascending=False).items()]
    accuracy = choice.where(metric="accuracy").frame.dropna(subset=["value", "chance"])
    beats = int((accuracy["value"].astype(float) > accuracy["chance"].astype(float)).sum())
    verb = "is" if beats == 1 else "are"
    of = counted_of(accuracy, "model")
    than_no = f" {capitalised(spelled(beats))} of {of} {verb} right more often than answering no to all."
    models = choice.frame.dropna(subset=["value"])
    over = f"{plural(models['prediction'].nunique(), 'prediction')}{whose(models)}"
    lead = f"In the mean over {over} the same models score {listed(parts)}."
    return lead + (than_no if len(accuracy) else "")


def read_timeline(timeline: Released) -> str:
    """How many predictions, how far they look ahead, how common their outcomes are."""
    frame = timeline.frame
    ahead = f"look at most {frame['to_months'].max():.0f} months ahead"
    known = frame.drop_duplicates("prediction").dropna(subset=["prevalence"])
    words = f"The {plural(frame['prediction'].nunique(), 'prediction')} {ahead}"
    if known.empty:
        return f"{words}."
    low, high = (percentage(known["prevalence"].astype(float).agg(end)) for end in ("min", "max"))
    return f"{words}; their outcomes follow {low} to {high} of cases."


def read_verdicts(comparisons: Released) -> str:
    """One prediction's comparisons by the protocol's rule, in a sentence."""
    known = comparisons.frame[comparisons.frame["difference"].notna()]
    if known.empty:
        return TOO_SMALL
    counts = {name: int((known["verdict"] == name).sum()) for name in VERDICTS}
    parts = [f"{spelled(n)} {'shows' if n == 1 else 'show'} {_finding(name)}" for name, n in counts.items() if n]
    return f"Of {plural(len(known), 'comparison')} {listed(parts)}."


def _finding(verdict: str) -> str:
    return verdict if verdict.startswith("no") else f"a clear change for the {verdict}"


def _share(verdicts: pd.Series) -> float | None:
    known = verdicts[verdicts.isin(("differ", "no difference"))]
    return None if known.empty else float((known == "differ").mean())
