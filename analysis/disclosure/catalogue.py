"""What may be published: each table's name, its columns and what each column is.

The door treats a column by its role, so a table that is not described here cannot be released.

key      a label (design, subgroup, year ...)
count    a number of cases, outcomes, families or documents: suppressed and rounded by the preset
rate     numerator / denominator, both counts of the same row: recomputed from the released counts
measure  a statistic of `of` (two count columns or none): withheld where those counts are too small
text     words (verdicts, explanations, parameters, terms)
setting  a number that describes the analysis, not the cases (a threshold, a limit, a size)
"""

from dataclasses import dataclass
from typing import Literal

Role = Literal["key", "count", "rate", "measure", "text", "setting"]


@dataclass(frozen=True)
class Column:
    """A column of a released table.

    Attributes
    ----------
    name, role, meaning : str
    of : tuple of str
        For a rate: (numerator, denominator). For a measure: the count columns of the same row on which it
        rests, e.g. ("cases", "positives"); empty if the table holds no counts of its own.
    decimals : int
        How exactly a measure of an authority's own data is printed.
    """

    name: str
    role: Role
    meaning: str
    of: tuple[str, ...] = ()
    decimals: int = 2


@dataclass(frozen=True)
class Support:
    """Counts of another table on which the measures of a row rest: withheld there, they are withheld here.

    Attributes
    ----------
    table : str
    counts : tuple of str
    match : tuple of (its column, our column)
        Which of its rows it is.
    only : tuple of (its column, label)
        Labels of its row that we do not carry.
    partly : bool
        Whether some of our rows rest on none of its rows.
    """

    table: str
    counts: tuple[str, ...]
    match: tuple[tuple[str, str], ...]
    only: tuple[tuple[str, str], ...] = ()
    partly: bool = False


@dataclass(frozen=True)
class TableSpecification:
    """A table that may be published: what one row is, its columns in order, and what it rests on elsewhere.

    `worth` says how much a reader would miss one of its cells: where a count must be withheld to protect another,
    a cell of little worth goes first.
    """

    name: str
    title: str
    row: str
    columns: tuple[Column, ...]
    rests_on: tuple[Support, ...] = ()
    worth: float = 1.0

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def named(self, role: Role) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.role == role)


def key(name: str, meaning: str) -> Column:
    return Column(name, "key", meaning)


def count(name: str, meaning: str) -> Column:
    return Column(name, "count", meaning)


def rate(name: str, numerator: str, denominator: str, meaning: str) -> Column:
    return Column(name, "rate", meaning, (numerator, denominator))


def measure(name: str, meaning: str, of: tuple[str, ...] = (), decimals: int = 2) -> Column:
    return Column(name, "measure", meaning, of, decimals)


def text(name: str, meaning: str) -> Column:
    return Column(name, "text", meaning)


def setting(name: str, meaning: str) -> Column:
    return Column(name, "setting", meaning)


DESIGN = key("design", "what the model saw and whose cases it learned from")
CASES = count("cases", "cases")
POSITIVES = count("positives", "cases with the outcome")
PREVALENCE = rate("prevalence", "positives", "cases", "share of cases with the outcome")
_OF = ("cases", "positives")
_TEST_CASES = Support("operating_point", _OF, (("design", "design"),))
_TRAINING_CASES = Support("sample", _OF, (("design", "design"),), (("part", "training"),))


def _subgroup(column: str) -> Support:
    return Support("subgroups", _OF, (("design", "design"), ("characteristic", "characteristic"), ("subgroup", column)))


def _interval(name: str, meaning: str, of: tuple[str, ...] = _OF) -> tuple[Column, ...]:
    return (measure(name, meaning, of), *_ends(name, of, meaning))


def _ends(name: str, of: tuple[str, ...], meaning: str = "") -> tuple[Column, ...]:
    meaning = meaning and f"{meaning}: "
    return tuple(
        measure(f"{name}_{end}", f"{meaning}{word} end of the interval", of)
        for end, word in (("low", "lower"), ("high", "upper"))
    )


# fmt: off
PAGE_TABLES: dict[str, TableSpecification] = {
    table.name: table
    for table in (
        TableSpecification(
            "flow",
            "Who is in the study",
            "one step from index events to cases",
            (key("step", "what was kept or left out"), count("removed", "index events left out at this step"),
             count("remaining", "index events left after it")),
            worth=20,
        ),
        TableSpecification(
            "outcome_by_year",
            "The outcome by year",
            "one calendar year of index dates",
            (key("year", "year of the index date"), CASES, POSITIVES, PREVALENCE),
            worth=10,
        ),
        TableSpecification(
            "sample",
            "Cases to learn from and cases to test on",
            "one design and part",
            (DESIGN, key("part", "training or test"), CASES, POSITIVES,
             count("families", "families"), count("positive_families", "families with an outcome"),
             text("first_month", "month of the first index date"), text("last_month", "month of the last"), PREVALENCE),
            worth=100,
        ),
        TableSpecification(
            "performance",
            "How well each design tells cases apart",
            "one design and metric, on the test cases",
            (DESIGN, key("metric", "average_precision, standardised_average_precision, skill, auc, brier_score, "
                         "calibration_intercept, calibration_slope or observed_expected_ratio"),
             CASES, POSITIVES, *_interval("value", "the metric"), 
             measure("chance", "its value for a useless model", _OF, 3)),
            worth=100,
        ),
        TableSpecification(
            "operating_point",
            "What the model gets right and wrong at its frozen threshold",
            "one design, on the test cases",
            (DESIGN, setting("threshold", "risk at or above which a case is flagged"), CASES, POSITIVES,
             count("flagged", "cases flagged"), count("true_positives", "flagged, with the outcome"),
             count("false_positives", "flagged, without it"),
             count("false_negatives", "missed: with the outcome, not flagged"),
             count("true_negatives", "neither"), count("correct", "flagged with the outcome or neither"),
             rate("precision", "true_positives", "flagged", "share of flagged cases with the outcome"),
             *_ends("precision", ("flagged", "true_positives")),
             rate("recall", "true_positives", "positives", "share of outcomes that were flagged"),
             *_ends("recall", ("positives", "true_positives")),
             rate("accuracy", "correct", "cases", "share of cases the model got right")),
            worth=100,
        ),
        TableSpecification(
            "precision_recall_curve",
            "Precision at each recall",
            "one design and point of a fixed grid of recall",
            (DESIGN, setting("recall", "recall"), measure("precision", "precision at this recall")),
            (_TEST_CASES,),
        ),
        TableSpecification(
            "roc_curve",
            "Recall at each false positive rate",
            "one design and point of a fixed grid of false positive rates",
            (DESIGN, setting("false_positive_rate", "false positive rate"), measure("recall", "recall there")),
            (_TEST_CASES,),
        ),
        TableSpecification(
            "thresholds",
            "What each threshold would do",
            "one design and share of cases flagged",
            (DESIGN, setting("threshold", "risk at or above which a case is flagged"), CASES, POSITIVES,
             count("flagged", "cases flagged"), count("true_positives", "flagged, with the outcome"),
             count("false_positives", "flagged, without it"), count("false_negatives", "missed")),
            worth=3,
        ),
        TableSpecification(
            "calibration",
            "Do the risks mean what they say",
            "one design and tenth of the risks",
            (DESIGN, key("bin", "group of cases with neighbouring risks, lowest first"), CASES, POSITIVES,
             measure("mean_risk", "mean predicted risk", ("cases",), 3),
             rate("observed", "positives", "cases", "share with the outcome")),
            worth=5,
        ),
        TableSpecification(
            "decision_curve",
            "Is acting on the model better than acting on all or none",
            "one design and threshold",
            (DESIGN, setting("threshold", "threshold"), measure("net_benefit", "net benefit of the model", (), 3),
             measure("net_benefit_low", "lower end", (), 3), measure("net_benefit_high", "upper end", (), 3),
             measure("net_benefit_all", "net benefit of flagging everyone", (), 3)),
            (_TEST_CASES,),
            worth=0.5,
        ),
        TableSpecification(
            "comparisons",
            "Designs compared on the same cases",
            "one comparison",
            (key("comparison", "text_v_structured or earlier_v_all"), key("within", "what both designs share"),
             text("first", "design compared"), text("second", "design it is compared with"),
             CASES, POSITIVES,
             measure("first_average_precision", "average precision of the first", _OF),
             measure("second_average_precision", "average precision of the second", _OF),
             *_interval("difference", "average precision, first minus second"),
             measure("p_value", "family permutation p-value", _OF, 3),
             text("verdict", "better, worse or no clear difference, by the protocol's rule"),
             text("published_rule_verdict", "better, worse or tie, by A's rule of two decimals")),
            worth=50,
        ),
        TableSpecification(
            "subgroups",
            "Performance by subgroup",
            "one design and subgroup, on the test cases",
            (DESIGN, key("characteristic", "gender, disability, ethnicity_group or age_band"),
             key("subgroup", "subgroup"),
             CASES, POSITIVES, PREVALENCE,
             count("flagged", "cases flagged"), count("true_positives", "flagged, with the outcome"),
             count("false_positives", "flagged, without it"), count("false_negatives", "missed"),
             count("not_flagged", "cases not flagged"),
             *_interval("average_precision", "average precision"),
             *_interval("standardised_average_precision", "average precision at the whole sample's prevalence"),
             *_interval("auc", "area under the ROC curve"),
             rate("recall", "true_positives", "positives", "share of outcomes flagged"),
             *_ends("recall", ("positives", "true_positives")),
             rate("false_discovery_rate", "false_positives", "flagged", "share of flagged cases without the outcome"),
             *_ends("false_discovery_rate", ("flagged", "false_positives")),
             rate("false_omission_rate", "false_negatives", "not_flagged",
                  "share of cases not flagged that had the outcome"),
             *_ends("false_omission_rate", ("not_flagged", "false_negatives")),
             text("assessable", "yes, or why not")),
        ),
        TableSpecification(
            "subgroup_pairs",
            "Subgroups head to head",
            "one design, characteristic and pair of subgroups",
            (DESIGN, key("characteristic", "characteristic"), key("first", "subgroup"), key("second", "subgroup"),
             key("metric", "average_precision, standardised_average_precision or auc"),
             *_interval("difference", "first minus second", ()),
             text("test_a", "differ or no difference, by test A"), text("test_b", "by test B"),
             text("test_b_strict", "by test B, intervals that do not overlap"),
             measure("test_c_p_value", "permutation p-value of test C", (), 3),
             measure("test_c_adjusted_p_value", "after Holm's correction within the characteristic", (), 3),
             text("test_c", "by test C"),
             measure("minimum_detectable_difference",
                     "smallest true difference this test would find four times in five")),
            (_subgroup("first"), _subgroup("second")),
        ),
        TableSpecification(
            "learning_curves",
            "Would more cases help",
            "one design, size and curve",
            (DESIGN, setting("size", "step of the curve, smallest first"), key("curve", "training or validation"),
             count("positive_families", "families with an outcome among the training cases"),
             measure("average_precision", "mean over repeats", ("positive_families",)),
             measure("average_precision_low", "lower end", ("positive_families",)),
             measure("average_precision_high", "upper end", ("positive_families",))),
            (_TEST_CASES,),
        ),
        TableSpecification(
            "learning_curve_verdicts",
            "Which learning curves still rise",
            "one design",
            (DESIGN, measure("slope", "average precision gained per doubling, last sizes", (), 3),
             measure("slope_standard_error", "its standard error", (), 3),
             text("verdict", "still rising, flat or falling")),
            (_TRAINING_CASES,),
        ),
        TableSpecification(
            "search",
            "Candidates tried",
            "one design, model family and draw",
            (DESIGN, key("family", "model family"), key("draw", "number of the draw"),
             text("parameters", "hyper-parameters"),
             measure("fold_average_precision", "mean over validation folds"), text("chosen", "yes or no")),
            (_TRAINING_CASES,),
        ),
        TableSpecification(
            "optimism",
            "The chosen model on its folds and on the test cases",
            "one design",
            (DESIGN, text("family", "model family chosen"), text("parameters", "its hyper-parameters"),
             measure("fold_average_precision", "mean over validation folds"),
             measure("test_average_precision", "on the test cases"), measure("optimism", "folds minus test")),
            (_TRAINING_CASES, _TEST_CASES),
        ),
        TableSpecification(
            "leakage",
            "Leakage audit",
            "one check and what it looked at",
            (key("check", "which check of the audit"),
             key("subject", "predictor, field or design"), measure("value", "what was found"),
             setting("limit", "limit beyond which it is flagged"),
             text("flagged", "yes, no, review or could not be checked"),
             text("explanation", "what it means")),
            (Support("operating_point", _OF, (("design", "subject"),), partly=True),),
        ),
        TableSpecification(
            "give_away",
            "Does the text give the answer away",
            "one design and audit",
            (DESIGN, key("audit", "as_registered, terms_masked or lag"),
             setting("lag_days", "days before the index date left out"),
             CASES, POSITIVES, *_interval("average_precision", "average precision")),
            worth=5,
        ),
        TableSpecification(
            "topics",
            "Topics found in the documents",
            "one topic",
            (key("topic", "number of the topic"), text("terms", "its top words, each used by enough families"),
             count("families", "families with a document on the topic"),
             measure("auc", "how well the topic alone tells outcomes apart", ("families",))),
        ),
        TableSpecification(
            "vulnerabilities",
            "Vulnerabilities found in the documents",
            "one concept",
            (key("concept", "vulnerability"), CASES, POSITIVES, PREVALENCE),
        ),
        TableSpecification(
            "documents",
            "Documents available before the index date",
            "one kind of document",
            (key("kind", "kind of document"), count("documents", "documents"), CASES),
            worth=5,
        ),
        TableSpecification(
            "predictors",
            "Structured predictors",
            "one predictor",
            (key("predictor", "name"), text("group", "group"), text("meaning", "meaning")),
        ),
    )
}
# fmt: on
