"""Flagged children by kind: with the outcome in its window, with it before the window opened, or with neither."""

import pandas as pd

from analysis.disclosure import Released, TableSpecification
from analysis.disclosure.catalogue import DESIGN, key, measure, setting
from analysis.disclosure.derive import derive
from analysis.disclosure.specification import EXPLORATORY

_LABELS = (key("authority", "authority"), key("outcome", "outcome"))
_COLUMNS = (
    DESIGN,
    measure("cases", "test cases"),
    measure("true_positives", "flagged, with the outcome"),
    measure("flagged_early", "flagged, with the outcome before its window; missing where that is withheld"),
    measure("flagged_neither", "flagged, with neither; all flagged without the outcome where the early are withheld"),
    measure("false_negatives", "missed: with the outcome, not flagged"),
    measure("false_positives", "flagged without the outcome: early or neither"),
    setting("window_opens_later", "1 if the outcome can come before its window opens, 0 if the window opens at once"),
)
FLAGS = TableSpecification(
    "flags", "Flagged children by kind, and children missed", "one design", _COLUMNS, planned_by=EXPLORATORY
)
JOINT_FLAGS = TableSpecification(
    "flags",
    "Flagged children by kind, and children missed",
    "one prediction and design",
    (*_LABELS, *_COLUMNS),
    planned_by=EXPLORATORY,
)


def flags(operating_point: Released | None, early: Released | None) -> Released | None:
    """The flagged test cases of each design by kind, with those missed; None where nothing was released.

    Parameters
    ----------
    operating_point : Released or None
        Of one prediction, or of several with the columns authority and outcome.
    early : Released or None
        The table "early_outcomes" of the same; predictions that it does not have have no early outcomes.

    Returns
    -------
    Released or None
    """
    if operating_point is None:
        return None
    several = "authority" in operating_point.frame
    specification = JOINT_FLAGS if several else FLAGS
    labels = ["authority", "outcome", "design"] if several else ["design"]

    def rows(points: pd.DataFrame, *kinds: pd.DataFrame) -> pd.DataFrame:
        counted = [*labels, "flagged_early", "flagged_neither"]
        known = kinds[0][counted] if kinds else pd.DataFrame(columns=counted)
        frame = points.merge(known, on=labels, how="left", indicator=True)
        later, wrong = frame["_merge"].eq("both"), frame["false_positives"].astype("Float64")
        early_count = frame["flagged_early"].astype("Float64").where(later, 0)
        neither = frame["flagged_neither"].astype("Float64").fillna(wrong)
        kinds_and_labels = {"flagged_early": early_count, "flagged_neither": neither}
        frame = frame.assign(**kinds_and_labels, window_opens_later=later.astype(int))
        return frame[list(specification.column_names)]

    return derive(specification, rows, operating_point, *([early] if early else []))
