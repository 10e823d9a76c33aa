"""How well the models do, in sentences."""

import pandas as pd

from analysis.book.sentences.scope import counted_of, whose
from analysis.book.sentences.words import (
    capitalised,
    count,
    fraction,
    interval,
    is_missing,
    label,
    listed,
    number,
    percentage,
    plural,
    spelled,
)
from analysis.disclosure import Released

NOT_STUDIED = "No prediction could be studied on the cases of this run; its page says why."
TOO_SMALL = "The groups behind this result are too small for it to be published."


def best_row(frame: pd.DataFrame, column: str) -> pd.Series | None:
    """The row with the highest value, or None where every value was withheld.

    Parameters
    ----------
    frame : pandas.DataFrame
        Released values.
    column : str
        Of numbers.

    Returns
    -------
    pandas.Series or None
    """
    known = frame[frame[column].notna()]
    return None if known.empty else known.loc[known[column].astype(float).idxmax()]


def against_threshold(low: float, high: float, threshold: float) -> str:
    """Where an interval lies from a threshold: 'above', 'below' or 'not clearly above or below'.

    Parameters
    ----------
    low : float
        Lower end of the interval.
    high : float
        Upper end.
    threshold : float
        In the same unit.

    Returns
    -------
    str
        Or 'not known to be above or below', where an end is missing.
    """
    if is_missing(low) or is_missing(high):
        return "not known to be above or below"
    return "above" if low > threshold else "below" if high < threshold else "not clearly above or below"


def read_average_precision(performance: Released) -> str:
    """Which design does best, with its interval, against what a useless model would score."""
    return read_metric(performance, "average_precision")


def read_metric(performance: Released, metric: str) -> str:
    """Which design has the highest value of a measure, with its interval, against what a useless model would score.

    Parameters
    ----------
    performance : Released
        The table "performance".
    metric : str
        Of which a higher value is better.

    Returns
    -------
    str
    """
    frame = performance.where(metric=metric).frame
    best = best_row(frame, "value")
    if best is None:
        return TOO_SMALL
    words = (
        f"The highest {label(metric)} is {interval(best['value'], best['value_low'], best['value_high'])}, "
        f"from {label(best['design'])}"
    )
    if is_missing(best["chance"]):
        return f"{words}."
    where = against_threshold(best["value_low"], best["value_high"], float(best["chance"]))
    if where == "above" and number(best["value_low"]) == number(best["chance"]):
        where = "just above"  # the two are printed alike
    return f"{words}; its interval is {where} the {number(best['chance'])} of a model that knows nothing."


def read_withheld(performance: Released | None) -> str:
    """How many models' results were withheld, so that no reader takes the others for all; '' if none was."""
    frame = pd.DataFrame({"value": []}) if performance is None else performance.where(metric="average_precision").frame
    withheld = int(frame["value"].isna().sum())
    if not withheld:
        return ""
    rest = "Nothing is left to speak of." if withheld == len(frame) else "What is said of models is about the others."
    return (
        f"The results of {spelled(withheld)} of {counted_of(frame, 'model')} are withheld, because they rest on "
        f"small groups of children. {rest}"
    )


def read_success(performance: Released, threshold: float) -> str:
    """How many designs reach the registered threshold on average precision.

    Parameters
    ----------
    performance : Released
        The table "performance" of one problem.
    threshold : float
        From 0 to 1.

    Returns
    -------
    str
    """
    frame = performance.where(metric="average_precision").frame
    known = frame[frame["value"].notna()]
    if known.empty:
        return TOO_SMALL
    above = int((known["value"] > threshold).sum())
    have = "has" if above <= 1 else "have"
    passed = f"{spelled(above)} of {plural(len(known), 'design')} {have} an average precision above"
    sure = int((known["value_low"] > threshold).sum())
    certain = f"; {spelled(sure)} with the whole interval" if above else ""
    return f"{capitalised(passed)} the registered threshold of {number(threshold)}{certain}."


def read_operating_point(operating_point: Released) -> str:
    """Wrong among flagged and missed among positives, over the designs, as everyday fractions."""
    frame = operating_point.frame
    wrong, missed = 1 - frame["precision"].astype("Float64"), 1 - frame["recall"].astype("Float64")
    if wrong.isna().all() and missed.isna().all():
        return TOO_SMALL
    parts = []
    if wrong.notna().any():
        parts.append(f"of the children flagged, {fraction(wrong.mean())} did not have the outcome in its window")
    if missed.notna().any():
        parts.append(f"of the children who had it, {fraction(missed.mean())} were missed")
    of = "models" if "authority" in frame else "designs"
    scope = f"in the mean over {spelled(len(frame))} {of}{whose(frame)}, " if len(frame) > 1 else ""
    return f"{capitalised(scope + ', and '.join(parts))}.{_pooled(frame)}"


def _pooled(frame: pd.DataFrame) -> str:
    """The same errors of all models' children together: a model that flags many weighs more than in the mean."""
    counted = frame.dropna(subset=["flagged", "positives", "true_positives"])
    flagged, positives, right = (float(counted[n].sum()) for n in ("flagged", "positives", "true_positives"))
    if len(counted) < 2 or not flagged or not positives:
        return ""
    return (
        f" Counted together, where one that flags many children weighs more, {percentage(1 - right / flagged)} of the "
        "children flagged did not have it, and "
        f"{percentage(1 - right / positives)} of those who had it were missed."
    )


def read_flags(flags: Released) -> str:
    """What a flag turned out to be, counted over models; early outcomes are neither right nor without cause.

    Parameters
    ----------
    flags : Released
        As `analysis.tables.flags.flags` makes it.
    """
    frame = flags.frame
    known = frame.dropna(subset=["true_positives", "false_positives", "false_negatives"])
    right, wrong, missed = (
        float(known[name].sum()) for name in ("true_positives", "false_positives", "false_negatives")
    )
    if not right + wrong or not right + missed:
        return TOO_SMALL
    of = counted_of(known, "model" if "authority" in frame else "design")
    return (
        f"Counted over {of}, {percentage(wrong / (right + wrong))} of the children flagged did not have the outcome in "
        f"its window, and {percentage(missed / (right + missed))} of those who had it were missed.{_early(known)}"
    )


def _early(frame: pd.DataFrame) -> str:
    """Of those flagged without the outcome, how many had it before the window opened, as a sentence after a space."""
    later = frame[frame["window_opens_later"].eq(1)]
    if later.empty:
        return ""
    known = later.dropna(subset=["flagged_early"])
    early, wrong = float(known["flagged_early"].sum()), float(known["false_positives"].sum())
    if known.empty or not wrong:
        return " How many of those flagged without the outcome had it before the window opened is withheld."
    where = "" if len(later) == len(frame) else " where the window opens later than the next day"
    return (
        f" Of those flagged without the outcome{where}, {percentage(early / wrong)} had it before the window opened: "
        "they were not flagged without cause."
    )


def read_per_hundred(flags: Released) -> str:
    """Flagged children by kind, and those missed, per 100 cases, of the design whose flags are right most often.

    Parameters
    ----------
    flags : Released
        As `analysis.tables.flags.flags` makes it.
    """
    frame = flags.frame.astype({"true_positives": "Float64", "false_positives": "Float64"})
    flagged = frame["true_positives"] + frame["false_positives"]
    best = best_row(frame.assign(flagged=flagged, precision=frame["true_positives"] / flagged), "precision")
    if best is None or is_missing(best["cases"]):
        return TOO_SMALL
    names = ("flagged", "true_positives", "flagged_early", "false_negatives")
    per = {name: per_hundred(best[name], best["cases"]) for name in names}
    who, early = label(best["design"]), ""
    if best["window_opens_later"]:
        early_ones = "none" if per["flagged_early"] == "0" else per["flagged_early"]
        early = f" and {early_ones} for an outcome before its window"
    lead = f"With {who}," if len(frame) == 1 else f"Flags are right most often with {who}:"
    return (
        f"{lead} of every 100 cases {per['flagged']} would be flagged, {per['true_positives']} of them rightly{early}, "
        f"and {per['false_negatives']} with the outcome would be missed."
    )


def read_early_scores(scores: Released | None) -> str:
    """How far average precision depends on the way early outcomes are counted; '' where there are none."""
    if scores is None or scores.frame.empty:
        return ""
    frame = scores.frame.dropna(subset=["average_precision"])
    registered = best_row(frame[frame["counted_as"].eq("as_registered")], "average_precision")
    if registered is None:
        return TOO_SMALL
    same = frame[frame["design"].eq(registered["design"])].set_index("counted_as")
    values = [
        f"{interval(*same.loc[name, ['average_precision', 'average_precision_low', 'average_precision_high']])} {words}"
        for name, words in (
            ("as_registered", "as registered"),
            ("left_out", "with early outcomes left out"),
            ("outcomes", "with early outcomes counted as outcomes"),
        )
        if name in same.index
    ]
    return (
        f"With {label(registered['design'])} the average precision is {listed(values)}. "
        "The last asks another question, with more outcomes, and so starts from a higher chance level."
    )


def per_hundred(part: float, cases: float) -> str:
    """A count as so many per 100 cases, with one decimal below ten.

    Parameters
    ----------
    part : float
        A count; may be missing.
    cases : float
        A count; may be missing or 0.

    Returns
    -------
    str
        'a withheld number' where it is not known.
    """
    if is_missing(part) or is_missing(cases) or not cases:
        return "a withheld number"
    rate = 100 * float(part) / float(cases)
    return f"{rate:.0f}" if rate >= 9.95 or rate == round(rate) else f"{rate:.1f}"


def read_prevalence(outcome_by_year: Released) -> str:
    """How common the outcome is, over the years and in the first and last of them."""
    frame = outcome_by_year.frame
    known = frame[frame["prevalence"].notna()]
    if known.empty:
        return TOO_SMALL
    cases, positives = known["cases"].sum(), known["positives"].sum()
    first, last = known.iloc[0], known.iloc[-1]
    years, share = plural(len(known), "year"), percentage(positives / cases)
    words = f"Over {years} and {count(cases)} cases the outcome followed {share} of them"
    if len(known) == 1:
        return f"{words}."
    ends = (f"{percentage(row['prevalence'])} in {int(row['year'])}" for row in (first, last))
    return f"{words}: {', '.join(ends)}."


def read_calibration(calibration: Released) -> str:
    """Whether the highest risks are borne out."""
    top = calibration.frame[calibration.frame["observed"].notna()].groupby("design", sort=False).tail(1)
    if top.empty:
        return TOO_SMALL
    over = int((top["mean_risk"].astype(float) > top["observed"].astype(float)).sum())
    row, verb = best_row(top, "mean_risk"), "overestimates" if over <= 1 else "overestimate"
    if row is None:
        return TOO_SMALL
    return (
        f"{capitalised(spelled(over))} of {plural(len(top), 'design')} {verb} "
        f"the risk of the group at highest risk; with {label(row['design'])} the expected share is "
        f"{percentage(row['mean_risk'])}, and {percentage(row['observed'])} had the outcome."
    )


def read_decision_curve(decision_curve: Released) -> str:
    """Over which thresholds acting on a model beats acting on everyone and on no one."""
    frame = decision_curve.frame.dropna(subset=["net_benefit", "net_benefit_all"])
    if frame.empty:
        return TOO_SMALL
    rival = frame["net_benefit_all"].astype(float).clip(lower=0)
    point = frame["net_benefit"].astype(float) > rival
    sure = (frame["net_benefit_low"].astype("Float64") > rival).fillna(False)
    share, sure_share = float(point.mean()), float(sure.mean())
    return (
        f"Using the model is better than flagging every child and flagging none at {percentage(share)} of the "
        f"thresholds and designs shown, and clearly so at {percentage(sure_share)}."
    )


def read_curve(curve: Released, column: str, setting: str) -> str:
    """The middle of a curve in words: precision at a recall of a half, or recall at a tenth of false alarms.

    Parameters
    ----------
    curve : Released
        Of one or more designs, on a fixed grid.
    column : str
        What is read off.
    setting : {"recall", "false_positive_rate"}
        Where it is read off.

    Returns
    -------
    str
    """
    at = {"recall": 0.5, "false_positive_rate": 0.1}[setting]
    frame = curve.frame.dropna(subset=[column])
    if frame.empty:
        return TOO_SMALL
    # Two points may be as near; the first of them then, in every design.
    distance = (frame[setting].astype(float) - at).abs().round(6)
    rows = frame.loc[distance.sort_values(kind="stable").index].drop_duplicates("design")
    best = best_row(rows, column)
    if best is None:
        return TOO_SMALL
    return (
        f"At a {label(setting)} of {number(best[setting])} the highest {label(column)} is {number(best[column])}, "
        f"from {label(best['design'])}; the lowest is {number(rows[column].min())}."
    )
