"""Words for numbers and directions, always computed, so that a sentence is true of whatever data it is about."""

from analysis.sentences.comparison import (
    read_comparison,
    read_leakage,
    read_learning_curves,
    read_metric_choice,
    read_one_learning_curve,
    read_poll,
    read_published_v_run,
    read_subgroup_pairs,
    read_subgroups,
    read_timeline,
    read_verdicts,
)
from analysis.sentences.performance import (
    read_average_precision,
    read_calibration,
    read_curve,
    read_decision_curve,
    read_metric,
    read_operating_point,
    read_per_hundred,
    read_prevalence,
    read_success,
)

__all__ = [
    "read_average_precision",
    "read_calibration",
    "read_comparison",
    "read_curve",
    "read_decision_curve",
    "read_leakage",
    "read_learning_curves",
    "read_metric",
    "read_metric_choice",
    "read_one_learning_curve",
    "read_operating_point",
    "read_per_hundred",
    "read_poll",
    "read_prevalence",
    "read_published_v_run",
    "read_subgroup_pairs",
    "read_subgroups",
    "read_success",
    "read_timeline",
    "read_verdicts",
]
