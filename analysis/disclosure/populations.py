"""Whose cases each table's rows count, how the counts of a row split, and which rows add up to which whole."""

from dataclasses import dataclass

# Counts of one row: a whole and its two parts, where the parts a table leaves out are read off all the same.
SPLITS = (
    ("cases", ("positives", "negatives")),
    ("cases", ("flagged", "not_flagged")),
    ("cases", ("correct", "wrong")),
    ("flagged", ("true_positives", "false_positives")),
    ("positives", ("true_positives", "false_negatives")),
    ("negatives", ("false_positives", "true_negatives")),
    ("not_flagged", ("false_negatives", "true_negatives")),
    ("correct", ("true_positives", "true_negatives")),
    ("wrong", ("false_positives", "false_negatives")),
    ("families", ("positive_families", "families_without_the_outcome")),
    ("notifications", ("high_concern", "low_concern")),
    ("notifications", ("flagged", "not_flagged")),
    ("notifications", ("above", "below")),
    ("high_concern", ("high_concern_above", "high_concern_below")),
    ("high_concern", ("true_positives", "false_negatives")),
    ("low_concern", ("false_positives", "true_negatives")),
)
# Counts that depend on the model as well as on whose cases they are.
DECISIONS = ("flagged", "not_flagged", "true_positives", "false_positives", "false_negatives", "true_negatives")
DECISIONS = (*DECISIONS, "correct", "wrong")
# Printed as the sum of their rounded parts, where counts are rounded and both parts are printed.
TOTALS = {
    "flagged": ("true_positives", "false_positives"),
    "not_flagged": ("false_negatives", "true_negatives"),
    "correct": ("true_positives", "true_negatives"),
}
_TEST = "test cases, {learned_from}"
_SAMPLE = "{sample} notifications"
_TREE = "first notifications, {network} {predictor} {group}"
# All of them, and the two parts they fall into.
SAMPLES = ("all notifications", "first notifications", "subsequent notifications")
GROUPS_OF_ONE = ", everyone everyone"  # a group that is everyone has no name of its own
WHOLE_GROUPS = ("cases", "notifications")  # how many there are in a row

# Whose cases a row counts. A table that is not named here counts cases of its own.
POPULATIONS = {
    "flow": "index events after {step}",
    "outcome_by_year": "all cases, {year}",
    "sample": "{part} cases, {learned_from}",
    "performance": _TEST,
    "operating_point": _TEST,
    "comparisons": _TEST,
    "learning_curves": "training cases, {learned_from}, size {size}",
    "thresholds": _TEST,
    "decision_curve": _TEST,
    "calibration": _TEST + ", {design}, tenth {bin}",
    "subgroups": _TEST + ", {characteristic} {subgroup}",
    "give_away": _TEST + ", {audit} {lag_days}",
    "vulnerabilities": "all cases, {concept}",
    "documents": "all cases, {kind}",
    "topics": "all cases, topic {topic}",
    "network_flow": "notifications after {step}",
    "network_samples": _SAMPLE,
    "network_predictors": _SAMPLE,
    "network_models": _SAMPLE,
    "network_table_2": _SAMPLE,
    "network_gains": _SAMPLE,
    "network_interactions": _SAMPLE,
    "network_coefficients": _SAMPLE,
    "network_selection": _SAMPLE,
    "network_best_of_many": _SAMPLE,
    "network_whole_life": _SAMPLE,
    "network_wider": _SAMPLE,
    "network_trees": "first notifications",
    "network_tree_incidence": _TREE + ", age {age_years}",
    "network_calibration": _SAMPLE + ", tenth {group}",
    "network_calibration_by_subgroup": _SAMPLE + ", {characteristic} {subgroup}, fifth {group}",
    "network_error_rates": _SAMPLE + ", {characteristic} {subgroup}",
    "network_whole_life_by_seed": "synthetic notifications, {world}, {seed}, {sample}",
}

# Counts of a row that are a count of other cases than the row's.
ALIASES = {
    ("network_predictors", "above_zero"): ("notifications", _SAMPLE + " with a {group} {predictor} above 0"),
    ("network_trees", "above"): ("notifications", _TREE.replace("{group}", "above")),
    ("network_trees", "below"): ("notifications", _TREE.replace("{group}", "below")),
    ("network_trees", "high_concern_above"): ("high_concern", _TREE.replace("{group}", "above")),
    ("network_trees", "high_concern_below"): ("high_concern", _TREE.replace("{group}", "below")),
}


@dataclass(frozen=True)
class Sum:
    """Rows of `table` that share `within` and add up to a whole, or to less of it unless they are `complete`."""

    table: str
    within: tuple[str, ...]
    whole: str
    counts: tuple[str, ...]
    complete: bool = True


_OF_NOTIFICATIONS = ("notifications", "high_concern")
SUMS = (
    Sum("outcome_by_year", (), "all cases", ("cases", "positives")),
    Sum("sample", ("design",), "all cases", ("cases", "positives", "families", "positive_families"), complete=False),
    Sum("calibration", ("design",), _TEST, ("cases", "positives")),
    Sum("subgroups", ("design", "characteristic"), _TEST,
        ("cases", "positives", "flagged", "true_positives", "false_positives", "false_negatives")),
    Sum("give_away", ("design", "audit", "lag_days"), _TEST, ("cases", "positives"), complete=False),
    Sum("vulnerabilities", ("concept",), "all cases", ("cases", "positives"), complete=False),
    Sum("documents", ("kind",), "all cases", ("cases",), complete=False),
    Sum("network_tree_incidence", ("network", "predictor", "group"), _TREE, _OF_NOTIFICATIONS),
    Sum("network_calibration", ("sample",), _SAMPLE, _OF_NOTIFICATIONS),
    Sum("network_calibration_by_subgroup", ("sample", "characteristic", "subgroup"),
        _SAMPLE + ", {characteristic} {subgroup}", _OF_NOTIFICATIONS),
    Sum("network_error_rates", ("sample", "characteristic"), _SAMPLE,
        (*_OF_NOTIFICATIONS, "low_concern", "flagged", "false_positives", "false_negatives")),
)  # fmt: skip
# Tables whose rows are points on one path: what a row flags, every row that flags more flags too.
PATH = ("thresholds", "operating_point", "decision_curve")
PATH_COUNTS = ("flagged", "true_positives", "false_positives")
