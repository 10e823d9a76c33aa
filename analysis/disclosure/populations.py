"""How the names of counts relate: which whole splits into which parts, and which counts are decisions of a model.

Whose cases a table counts, and what its rows add up to, is said in its record: `TableSpecification`.
"""

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
    ("cases", ("flagged_by_any", "flagged_by_none")),
    ("flagged_by_any", ("flagged", "flagged_by_others_only")),
    ("flagged", ("flagged_by_all", "flagged_not_by_all")),
    ("decided", ("decided_positives", "decided_negatives")),
    ("positives", ("decided_positives", "decided_missed")),
    ("negatives", ("early_outcomes", "neither")),
    ("early_outcomes", ("flagged_early", "early_not_flagged")),
    ("neither", ("flagged_neither", "neither_not_flagged")),
    ("false_positives", ("flagged_early", "flagged_neither")),
    ("true_negatives", ("early_not_flagged", "neither_not_flagged")),
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
DECISIONS = (*DECISIONS, "correct", "wrong", "flagged_by_all", "flagged_not_by_all")
DECISIONS = (*DECISIONS, "flagged_by_any", "flagged_by_others_only", "flagged_by_none")
DECISIONS = (*DECISIONS, "flagged_early", "flagged_neither", "early_not_flagged", "neither_not_flagged")
# Printed as the sum of their rounded parts, where counts are rounded and both parts are printed.
TOTALS = {
    "flagged": ("true_positives", "false_positives"),
    "not_flagged": ("false_negatives", "true_negatives"),
    "correct": ("true_positives", "true_negatives"),
}
# All of them, and the two parts they fall into.
SAMPLES = ("all notifications", "first notifications", "subsequent notifications")
GROUPS_OF_ONE = ", everyone everyone"  # a group that is everyone has no name of its own
WHOLE_GROUPS = ("cases", "notifications")  # how many there are in a row
# Counts of the points of a path that only grow along it.
PATH_COUNTS = ("flagged", "true_positives", "false_positives")
