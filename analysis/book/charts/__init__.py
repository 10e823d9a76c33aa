"""Charts of released tables: each `plot_*` has its `describe_*`, and `CHARTS` knows them by name."""

from analysis.book.charts import (
    cohort,
    comparison,
    front,
    joint,
    learning,
    network,
    performance,
    risks,
    subgroups,
    time,
    without,
    yardsticks,
)
from analysis.book.charts.charts import CHARTS, Chart, chart

__all__ = [
    "CHARTS",
    "Chart",
    "chart",
    "cohort",
    "comparison",
    "front",
    "joint",
    "learning",
    "network",
    "performance",
    "risks",
    "subgroups",
    "time",
    "without",
    "yardsticks",
]
