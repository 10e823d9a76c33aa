"""Performance by half-year, and the causes of a fall over time, in sentences."""

import pandas as pd

from analysis.book.sentences.comparison import signed, signed_ends
from analysis.book.sentences.performance import NOT_STUDIED, TOO_SMALL
from analysis.book.sentences.scope import counted_of, of_authorities
from analysis.book.sentences.words import is_missing, listed, number, plural, spelled
from analysis.disclosure import Released

CAUSES = {
    "model_choice": "from the choice of another model",
    "fewer_cases": "from fewer cases",
    "older_cases": "from older cases",
    "endings_not_known": "from endings not yet known",
    "case_mix": "from another mix of cases",
    "same_mix": "from other outcomes of cases that look alike",
}


def read_half_years(table: Released) -> str:
    """Between which values the AUC moves, and in how many half-years a model expects too many or too few outcomes."""
    frame = table.frame.dropna(subset=["auc"])
    if frame.empty:
        return (
            "No half-year has a score that can be shown: too few endings were known before it, or the counts are small."
        )
    low, high = frame.loc[frame["auc"].astype(float).idxmin()], frame.loc[frame["auc"].astype(float).idxmax()]
    expected = frame.dropna(subset=["observed_expected_ratio_low", "observed_expected_ratio_high"])
    many = int((expected["observed_expected_ratio_high"].astype(float) < 1).sum())
    few = int((expected["observed_expected_ratio_low"].astype(float) > 1).sum())
    return (
        f"Over {counted_of(frame, 'half-year')} the AUC runs from {number(low['auc'])} ({_named(low)}) "
        f"to {number(high['auc'])} ({_named(high)}). The model clearly expects too many outcomes in {spelled(many)} of "
        f"them and too few in {spelled(few)}."
    )


def read_causes(summary: Released | None) -> str:
    """The mean change put down to each cause, in average precision; none is named as clear where its interval holds 0.

    Parameters
    ----------
    summary : Released or None
        As `analysis.tables.time_summary.time_summary` makes it of the table "time_causes".
    """
    if summary is None:
        return NOT_STUDIED
    frame = summary.where(metric="average_precision").frame
    known = frame[frame["mean"].notna()].set_index("part")
    if known.empty:
        return TOO_SMALL
    parts = [_part(known.loc[name], words) for name, words in CAUSES.items() if name in known.index]
    clear = [words for name, words in CAUSES.items() if name in known.index and _is_clear(known.loc[name])]
    predictions = plural(known["predictions"].max(), "prediction") + of_authorities(known.iloc[0])
    which = (
        f"Clear of zero is the change {listed(clear)}." if clear else "None of these is clearly different from zero."
    )
    return (
        f"In the mean over {predictions}, with structured data, average precision changes by {listed(parts)}. {which}"
    )


def _part(row: pd.Series, words: str) -> str:
    ends = "" if is_missing(row["low"]) else f" {signed_ends(row['low'], row['high'])}"
    return f"{signed(row['mean'])}{ends} {words}"


def _is_clear(row: pd.Series) -> bool:
    return not is_missing(row["low"]) and (row["low"] > 0 or row["high"] < 0)


def _named(row: pd.Series) -> str:
    half = ("first", "second")[int(row["half"]) - 1]
    whose = f"{row['outcome']}, " if "outcome" in row else ""
    return f"{whose}{half} half of {int(row['year'])}"
