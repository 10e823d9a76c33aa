"""Whether more cases would help, in sentences that keep "cannot tell" apart from "no"."""

import pandas as pd

from analysis.book.sentences.comparison import CURVE_VERDICTS, signed, signed_ends
from analysis.book.sentences.performance import NOT_STUDIED, TOO_SMALL
from analysis.book.sentences.scope import counted_of, whose
from analysis.book.sentences.words import is_missing, listed, number, spelled
from analysis.disclosure import Released
from analysis.tables.slopes import POOLED

MEANING = {
    "rising": "so, taken together, the curves still rise",
    "falling": "so, taken together, the curves fall",
    "level": "so a doubling would change average precision by less than {margin}",
    "cannot tell": "so these data cannot tell whether more cases would help",
}


def read_pooled_slope(slopes: Released | None) -> str:
    """The pooled slope with its interval and what it shows."""
    if slopes is None:
        return NOT_STUDIED
    row = slopes.where(prediction=POOLED).frame.iloc[0]
    if is_missing(row["slope"]):
        return TOO_SMALL
    models = slopes.frame[slopes.frame["prediction"].ne(POOLED)]
    counted = models[models["in_verdict"].eq("yes")]
    over = f"{row['authority']}{whose(counted if len(counted) else models)}"
    mean = f"The mean slope over {over} is {signed(row['slope'], 3)} average precision per doubling"
    if is_missing(row["slope_low"]):
        return f"{mean}. An interval needs three predictions, so these data cannot tell whether more cases would help."
    interval = signed_ends(row["slope_low"], row["slope_high"], 3)
    return f"{mean} {interval}, {MEANING[row['verdict']].format(margin=number(row['margin']))}."


def read_slopes(slopes: Released | None, published: tuple[int, int]) -> str:
    """Curve by curve: the signs, the verdicts, and the published count beside those steeper than the margin.

    Parameters
    ----------
    slopes : Released or None
        As `analysis.tables.slopes.slopes` makes it; None where no prediction could be studied.
    published : tuple of int
        Models of which the study said that more cases would help, and models in all.

    Returns
    -------
    str
    """
    if slopes is None:
        return NOT_STUDIED
    frame = slopes.where(in_verdict="yes").frame
    models = frame[frame["prediction"].ne(POOLED)].dropna(subset=["slope"])
    if models.empty:
        return TOO_SMALL
    margin = float(models["margin"].iloc[0])
    slope, total = models["slope"].astype(float), counted_of(models, "slope")
    up, steep = int((slope > 0).sum()), int((slope > margin).sum())
    return (
        f"Curve by curve, {spelled(up)} of {total} {_are(up)} above zero. By our rule {_verdicts(models['verdict'])}. "
        f"The study looked at its curves and said that {published[0]} of {published[1]} had not levelled off; here "
        f"{spelled(steep)} of them {_are(steep)} above {number(margin)}, with no regard to chance."
    )


def _verdicts(verdicts: pd.Series) -> str:
    counts = {name: int(verdicts.eq(name).sum()) for name in CURVE_VERDICTS}
    words = {"rising": "clearly rising", "level": "shown to be level", "falling": "clearly falling"}
    parts = [f"{spelled(n)} {_are(n)} {words[name]}" for name, n in counts.items() if name in words]
    return listed([*parts, f"{spelled(counts['cannot tell'])} cannot tell"])


def _are(curves: int) -> str:
    return "is" if curves == 1 else "are"
