"""What some predictors were worth, in sentences."""

import pandas as pd

from analysis.book.sentences.comparison import could_show, signed
from analysis.book.sentences.performance import NOT_STUDIED, TOO_SMALL
from analysis.book.sentences.scope import counted_of
from analysis.book.sentences.words import label, number, plural, spelled
from analysis.disclosure import Released


def read_without(without: Released | None) -> str:
    """In how many models the score clearly changes without the predictors, and by how much in the mean.

    Parameters
    ----------
    without : Released or None
        The table "without_predictors", of one kind of predictors.
    """
    if without is None:
        return NOT_STUDIED
    known = without.frame.dropna(subset=["difference"])
    if known.empty:
        return TOO_SMALL if len(without.frame) else "No predictor of this kind was left out."
    before, after, change = (known[name].astype(float).mean() for name in ("with_them", "without_them", "difference"))
    lower, higher = (known["difference_high"] < 0).sum(), (known["difference_low"] > 0).sum()
    return (
        f"Without these predictors average precision goes from {number(before)} to {number(after)} in the mean over "
        f"{counted_of(known, 'model')}, a change of {signed(change)}. The whole interval of the change lies "
        f"below zero in {spelled(lower)} and above it in {spelled(higher)}.{could_show(known)}"
    )


def read_leak_worth(without: Released | None, performance: Released | None, threshold: float) -> str:
    """Whether models that leaked would pass the mark without what leaked, beside the models that count already.

    Parameters
    ----------
    without : Released or None
        The rows of "without_predictors" in which what the audit flagged is left out, of several predictions.
    performance : Released or None
        The table "performance" of the models that count towards the verdict.
    threshold : float
        The average precision registered as success.

    Returns
    -------
    str
    """
    refitted = None if without is None else without.frame.dropna(subset=["without_them"])
    if refitted is None or refitted.empty:
        return ""
    names = " and ".join(sorted(set(refitted["authority"])))
    before, after = (_passing(refitted[name], threshold) for name in ("with_them", "without_them"))
    words = (
        f"Of the {plural(len(refitted), 'model')} of {names}, {spelled(before)} pass the mark of {number(threshold)} "
        f"with the flagged predictors and {spelled(after)} without them. {_most(refitted)}"
    )
    if performance is None:
        return words
    others = performance.where(metric="average_precision").frame.dropna(subset=["value"])
    others = others[~others["authority"].isin(refitted["authority"])]
    if others.empty:
        return words
    passing = spelled(_passing(others["value"], threshold) + after)
    return (
        f"{words} They stay out of the verdict, which is about the other {spelled(len(others))}. Counted as fitted "
        f"again they would make {plural(len(others) + len(refitted), 'model')}, of which {passing} would pass."
    )


def _most(refitted: pd.DataFrame) -> str:
    """The model that lost most, by name."""
    change = (refitted["without_them"] - refitted["with_them"]).astype(float)
    if change.min() >= 0:
        return "None of them scores less without."
    row = refitted.loc[change.idxmin()]
    return (
        f"The most is lost by {label(row['design'])} for {row['outcome']} in {row['authority']}: average precision "
        f"goes from {number(row['with_them'])} to {number(row['without_them'])}."
    )


def _passing(values: pd.Series, threshold: float) -> int:
    return int((values.astype(float) > threshold).sum())
