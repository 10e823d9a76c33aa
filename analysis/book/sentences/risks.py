"""What predicted risks are worth, in sentences: thresholds side by side, calibration, distribution by outcome."""

import pandas as pd

from analysis.book.sentences.performance import TOO_SMALL
from analysis.book.sentences.words import (
    capitalised,
    count,
    interval,
    is_missing,
    label,
    number,
    percentage,
    plural,
    spelled,
)
from analysis.disclosure import Released

USES = {
    "maximum_f1": "at the registered threshold",
    "highest_5_percent": "flagging the 5% of cases at highest risk",
    "highest_10_percent": "flagging the 10% of cases at highest risk",
    "trade_off": "flagging wherever a missed child would be worse than the false alarms it costs to find one",
}


def read_thresholds(side_by_side: Released | None, false_alarms: int) -> str:
    """What each way of setting the threshold would do with the first design, in children per 1,000.

    Parameters
    ----------
    side_by_side : Released or None
        As `analysis.tables.uses.thresholds_side_by_side` makes it, of one prediction.
    false_alarms : int
        How many false alarms the trade-off holds to be as bad as one missed child.

    Returns
    -------
    str
    """
    if side_by_side is None:
        return ""
    frame = side_by_side.frame.dropna(subset=["flagged_per_1000", "right_per_1000", "missed_per_1000"])
    if frame.empty:
        return TOO_SMALL
    design = frame["design"].iloc[0]
    parts = [
        f"{USES.get(row.use, label(row.use))}, {count(row.flagged_per_1000)} are flagged, {count(row.right_per_1000)} "
        f"of them rightly, and {count(row.missed_per_1000)} with the outcome missed"
        for row in frame[frame["design"].eq(design)].itertuples()
    ]
    held = f" The trade-off shown holds one missed child to be as bad as {spelled(false_alarms)} false alarms."
    shown = frame.loc[frame["design"].eq(design), "use"].eq("trade_off").any()
    return f"Of every 1,000 cases, with {label(design)}: {'; '.join(parts)}.{held * bool(shown)}"


def read_calibration_curve(curve: Released) -> str:
    """In how many designs the band leaves the diagonal, and on which side."""
    frame = curve.frame.dropna(subset=["observed_low", "observed_high"])
    if frame.empty:
        return TOO_SMALL
    over = frame["observed_high"].astype(float) < frame["risk"].astype(float)
    under = frame["observed_low"].astype(float) > frame["risk"].astype(float)
    designs = frame["design"].nunique()
    too_high, too_low = (int(beyond.groupby(frame["design"]).any().sum()) for beyond in (over, under))
    top = frame.loc[frame["risk"].idxmax()]
    at = interval(top["observed"], top["observed_low"], top["observed_high"])
    return (
        f"At the highest risk drawn, {number(top['risk'])} with {label(top['design'])}, the smoothed share is {at}. "
        f"Somewhere along the curve the predicted risk is clearly too high in {spelled(too_high)} and clearly too low "
        f"in {spelled(too_low)} of {plural(designs, 'design')}; elsewhere the band holds the line of perfect "
        "agreement, or the cases are too few to tell."
    )


def read_risk_by_outcome(bands: Released) -> str:
    """How much of each kind of children lies in the band of lowest risk, for the design that tells them apart best."""
    frame = bands.frame.dropna(subset=["with_outcome", "without_outcome"])
    if frame.empty:
        return TOO_SMALL
    lowest = frame.groupby("design", sort=False).tail(1)
    row = _widest(lowest)
    return (
        f"{capitalised(label(row['design']))}: below a predicted risk of {number(_above(frame, row), 3)} lie "
        f"{percentage(row['with_outcome'])} of the children with the outcome and {percentage(row['without_outcome'])} "
        "of those without it. The more the two bars differ, the better the model tells the children apart."
    )


def _widest(lowest: pd.DataFrame) -> pd.Series:
    gap = (lowest["without_outcome"] - lowest["with_outcome"]).astype(float)
    return lowest.loc[gap.idxmax()]


def _above(frame: pd.DataFrame, row: pd.Series) -> float:
    """The upper end of the lowest band: the lowest threshold printed."""
    edges = frame.loc[frame["design"].eq(row["design"]), "from_risk"].astype(float)
    above = edges[edges > 0].min()
    return 1.0 if is_missing(above) else float(above)
