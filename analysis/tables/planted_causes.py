"""Whether a change over time is put down to the cause that was planted: a dated record of invented worlds.

In each world one cause alone makes a model of earlier cases score lower on later ones, and the change is divided as the
book divides it; see `benchmarks.time_causes`.
"""

from datetime import date

import pandas as pd
from pydantic import BaseModel, ConfigDict

from analysis.disclosure import Released, TableSpecification
from analysis.disclosure.derive import derive
from analysis.disclosure.specification import EXPLORATORY, key, measure, setting, text

ENOUGH = 0.9  # share of a change that its planted cause should be given, at least (ours)
PLANTED_CAUSES_TABLE = TableSpecification(
    "planted_causes",
    "How much of a change over time is put down to its planted cause",
    "one planted cause and metric",
    (
        key("cause", "the only cause planted"),
        key("metric", "average_precision or auc"),
        setting("worlds", "worlds drawn"),
        measure("change", "mean change from all to earlier cases, each on its own test cases"),
        measure("share", "share of that change put down to the planted cause"),
        measure("share_low", "lower end of the share's interval over worlds"),
        measure("share_high", "upper end of the share's interval over worlds"),
        text("next_largest", "of the other causes, the one most is put down to"),
        measure("next_share", "share of the change put down to that one"),
    ),
    planned_by=EXPLORATORY,
)


class PlantedCause(BaseModel):
    """What came of the worlds of one planted cause, by one metric."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cause: str
    metric: str
    change: float
    share: float
    share_low: float
    share_high: float
    next_largest: str
    next_share: float


class PlantedCauses(BaseModel):
    """The record: when and how it was made, how many worlds of each cause from which seed on, and what came of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    made: date
    command: str
    first_seed: int
    worlds: int
    level: float
    causes: tuple[PlantedCause, ...]


def planted_causes_table(record: PlantedCauses) -> Released:
    """The record as a table, a row for each planted cause and metric."""
    frame = pd.DataFrame([cause.model_dump() | {"worlds": record.worlds} for cause in record.causes])
    return derive(PLANTED_CAUSES_TABLE, lambda: frame)
