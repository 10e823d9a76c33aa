"""The parts of the comparison over time, in the mean over the predictions of a run."""

from collections.abc import Collection

import pandas as pd

from analysis.disclosure import Released, TableSpecification
from analysis.disclosure.derive import derive
from analysis.disclosure.released import Problem, World
from analysis.disclosure.specification import EXPLORATORY, key, measure, setting, text
from analysis.tables.pooled import in_verdict, mean_over_predictions
from analysis.tables.summaries import joint

TIME_SUMMARY = TableSpecification(
    "time_summary",
    "The parts of the difference between all and earlier cases",
    "one part and metric, over the predictions that count in the verdict",
    (
        key("part", "as in the table of time_parts or of time_causes"),
        key("metric", "average_precision or auc"),
        text("authorities", "whose predictions these are, with a semicolon between"),
        setting("comparisons", "comparisons that could be made"),
        setting("predictions", "predictions they are of"),
        setting("lower", "comparisons in which the metric falls, at two decimals"),
        measure("mean", "mean difference, each prediction counted once"),
        measure("low", "lower end of its interval over predictions"),
        measure("high", "upper end of its interval over predictions"),
        measure("minimum_detectable_difference", "median over comparisons of the smallest difference each could show"),
    ),
    planned_by=EXPLORATORY,
    derived=True,
)
SHOWN = tuple(name for name in TIME_SUMMARY.column_names if name != "authorities")
"""Columns of the table on a page, where the sentence above says whose predictions they are of."""


def time_summary(
    world: World, left_out: Collection[Problem], name: str = "time_parts", *, level: float
) -> Released | None:
    """Each part in the mean over the predictions in the verdict; None if no table tells of it.

    Parameters
    ----------
    world : mapping
        Released tables by name, for each (authority, outcome).
    left_out : collection of (authority, outcome)
        Predictions that are left out of the verdict.
    name : {"time_parts", "time_causes"}
        The table of the parts, or that of the causes behind them.
    level : float
        Coverage of the intervals, above 0 and below 1.

    Returns
    -------
    Released or None
    """
    parts = joint(world, name)
    return (
        None if parts is None else derive(TIME_SUMMARY, lambda frame: _rows(in_verdict(frame, left_out), level), parts)
    )


def _rows(parts: pd.DataFrame, level: float) -> pd.DataFrame:
    known = parts.dropna(subset=["difference"])
    rows = [
        {"part": part, "metric": metric, "authorities": "; ".join(sorted(group["authority"].unique()))}
        | {"comparisons": len(group), "lower": _lower(group)}
        | mean_over_predictions(group, "difference", level=level)
        | {"minimum_detectable_difference": group["minimum_detectable_difference"].astype(float).median()}
        for (part, metric), group in known.groupby(["part", "metric"], sort=False)
    ]
    return pd.DataFrame(rows, columns=list(TIME_SUMMARY.column_names))


def _lower(group: pd.DataFrame) -> int:
    """Falls as the published rule counts them: of the two scores as printed."""
    before, after = (group[end].astype(float).round(2) for end in ("before", "after"))
    return int((after < before - 0.005).sum())
