"""Charts of released tables: each `plot_*` has its `describe_*`, and `CHARTS` knows them by name."""

from analysis.figures import cohort, comparison, joint, learning, network, performance, subgroups
from analysis.figures.charts import CHARTS, Chart, chart

__all__ = [
    "CHARTS",
    "Chart",
    "chart",
    "cohort",
    "comparison",
    "joint",
    "learning",
    "network",
    "performance",
    "subgroups",
]
