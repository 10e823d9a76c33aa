"""Thresholds side by side: as registered, by capacity, by trade-off, in children per 1,000."""

import pandas as pd

from analysis.disclosure import Released, TableSpecification
from analysis.disclosure.catalogue import DESIGN, count, key, measure, setting
from analysis.disclosure.derive import derive
from analysis.disclosure.specification import EXPLORATORY

_LABELS = (key("authority", "authority"), key("outcome", "outcome"))
_PER = {"flagged": "flagged", "right": "true_positives", "missed": "false_negatives"}
_COLUMNS = (
    DESIGN,
    key("use", "how the threshold is set: maximum_f1 as registered, by capacity, or by trade-off"),
    setting("threshold", "risk at or above which a case is flagged"),
    count("flagged_per_1000", "of every 1,000 cases, flagged"),
    count("right_per_1000", "of every 1,000 cases, flagged with the outcome"),
    count("missed_per_1000", "of every 1,000 cases, with the outcome and not flagged"),
    *(
        measure(f"{rate}{end}", meaning)
        for rate, meaning in (
            ("precision", "share of flagged with the outcome"),
            ("recall", "share of outcomes flagged"),
        )
        for end in ("", "_low", "_high")
    ),
)
PER_THOUSAND = TableSpecification(
    "thresholds_side_by_side", "What each way of setting the threshold would do", "one design and use", _COLUMNS,
    planned_by=EXPLORATORY, derived=True,
)  # fmt: skip
JOINT_PER_THOUSAND = TableSpecification(
    "thresholds_side_by_side", "What each way of setting the threshold would do", "one prediction, design and use",
    (*_LABELS, *_COLUMNS), planned_by=EXPLORATORY, derived=True,
)  # fmt: skip
RISK_BY_OUTCOME = TableSpecification(
    "risk_by_outcome",
    "How predicted risk is distributed among children with and without the outcome",
    "one design and band of risk, highest first",
    (
        DESIGN,
        setting("from_risk", "lowest risk of the band"),
        measure("with_outcome", "share of the cases with the outcome whose risk lies in the band"),
        measure("without_outcome", "share of the cases without it"),
    ),
    planned_by=EXPLORATORY,
)


def thresholds_side_by_side(operating_point: Released | None, by_use: Released | None) -> Released | None:
    """The registered threshold and those by use, in children per 1,000; None where nothing was released.

    Parameters
    ----------
    operating_point : Released or None
        At the registered threshold; of one prediction, or of several with the columns authority and outcome.
    by_use : Released or None
        The table "thresholds_by_use" of the same.

    Returns
    -------
    Released or None
    """
    if operating_point is None or by_use is None:
        return None
    specification = JOINT_PER_THOUSAND if "authority" in operating_point.frame else PER_THOUSAND
    labels = [column.name for column in specification.named("key") if column.name != "use"]

    def rows(registered: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
        shared = [column for column in others if column in registered]
        frame = pd.concat([registered[shared].assign(use="maximum_f1"), others], ignore_index=True)
        per = {f"{name}_per_1000": _per_thousand(frame[column], frame["cases"]) for name, column in _PER.items()}
        places = {tuple(row): place for place, row in enumerate(registered[labels].to_numpy())}
        model = [places[tuple(row)] for row in frame[labels].to_numpy()]
        frame = frame.assign(**per, model=model, order=frame["use"].map(_order))
        return frame.sort_values(["model", "order"])[list(specification.column_names)]

    return derive(specification, rows, operating_point, by_use)


def _order(use: str) -> tuple[int, int]:
    """The registered threshold first, then by capacity, the smallest first, then by trade-off."""
    digits = "".join(letter for letter in use if letter.isdigit())
    return {"maximum_f1": 0, "trade_off": 2}.get(use, 1), int(digits or 0) * (use != "maximum_f1")


def risk_by_outcome(thresholds: Released) -> Released:
    """Bands between the printed thresholds of a design: the share of the children with and without the outcome in each.

    No more than the table of thresholds is needed, so none of it is about fewer children than that table is.
    """

    def rows(frame: pd.DataFrame) -> pd.DataFrame:
        bands = [_bands(design, part) for design, part in frame.groupby("design", sort=False)]
        return pd.concat(bands) if bands else pd.DataFrame(columns=list(RISK_BY_OUTCOME.column_names))

    return derive(RISK_BY_OUTCOME, rows, thresholds)


def _bands(design: str, points: pd.DataFrame) -> pd.DataFrame:
    counts = ("cases", "positives", "true_positives", "false_positives")
    points = points.sort_values("threshold", ascending=False).dropna(subset=list(counts))
    whole = points[["cases", "positives"]].head(1).astype(float)
    positives = whole["positives"].sum()
    negatives = whole["cases"].sum() - positives
    bands = {"from_risk": [*points["threshold"], 0.0]}
    for name, kind, total in (
        ("with_outcome", "true_positives", positives),
        ("without_outcome", "false_positives", negatives),
    ):
        reached = pd.Series([0.0, *points[kind].astype(float), total])
        bands[name] = reached.diff().iloc[1:].reset_index(drop=True) / (total or float("nan"))
    return pd.DataFrame(bands).assign(design=design)


def _per_thousand(part: pd.Series, whole: pd.Series) -> pd.Series:
    return (1000 * part.astype("Float64") / whole.astype("Float64")).round().astype("Int64")
