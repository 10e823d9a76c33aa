"""Charts of released tables: each `plot_*` has its `describe_*`, and `CHARTS` knows them by name."""

from analysis.book.charts import (
    cohort,
    comparison,
    front,
    half_years,
    joint,
    learning,
    network,
    next_authority,
    performance,
    poll_uses,
    risks,
    subgroups,
    supplied_scores,
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
    "half_years",
    "joint",
    "learning",
    "network",
    "next_authority",
    "performance",
    "poll_uses",
    "risks",
    "subgroups",
    "supplied_scores",
    "time",
    "without",
    "yardsticks",
]
