"""What may be published of one prediction problem: each table's record; see `analysis.disclosure.specification`."""

from analysis.disclosure.coarsen import drop_small_sizes, keep_frequent_topics, merge_bins, thin_thresholds
from analysis.disclosure.specification import (
    COHORT,
    DOES_NOT_ADD_UP,
    MODELS,
    Column,
    Sum,
    Support,
    TableSpecification,
    count,
    key,
    measure,
    rate,
    setting,
    text,
)

DESIGN = key("design", "what the model saw and whose cases it learned from")
CASES = count("cases", "cases")
POSITIVES = count("positives", "cases with the outcome")
PREVALENCE = rate("prevalence", "positives", "cases", "share of cases with the outcome")
_OF = ("cases", "positives")
_TEST = "test cases, {learned_from}"
_TEST_CASES = Support("operating_point", _OF, (("design", "design"),))
_TRAINING_CASES = Support("sample", _OF, (("design", "design"),), (("part", "training"),))


def _subgroup(column: str) -> Support:
    """Pairs are of assessable subgroups alone: a row, even blank, would tell that a withheld count is not small."""
    match = (("design", "design"), ("characteristic", "characteristic"), ("subgroup", column))
    return Support("subgroups", _OF, match, absent=True)


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
            utility=20,
            planned_by=COHORT,
            population="index events after {step}",
            adds_up=DOES_NOT_ADD_UP,
            shared=("removed", "remaining"),
        ),
        TableSpecification(
            "outcome_by_year",
            "The outcome by year",
            "one calendar year of index dates",
            (key("year", "year of the index date"), CASES, POSITIVES, PREVALENCE),
            utility=10,
            planned_by=COHORT, population="all cases, {year}", adds_up=(Sum((), "all cases", _OF),), shared=("cases",),
        ),
        TableSpecification(
            "sample",
            "Cases to learn from and cases to test on",
            "one design and part",
            (DESIGN, key("part", "training or test"), CASES, POSITIVES,
             count("families", "families"), count("positive_families", "families with an outcome"),
             text("first_month", "month of the first index date"), text("last_month", "month of the last"), PREVALENCE),
            utility=100,
            planned_by=COHORT | {"designs", "splits", "seeds"}, population="{part} cases, {learned_from}",
            adds_up=(Sum(("design",), "all cases", (*_OF, "families", "positive_families"), complete=False),),
            shared=("cases", "families"),
        ),
        TableSpecification(
            "performance",
            "How well each design tells cases apart",
            "one design and metric, on the test cases",
            (DESIGN, key("metric", "average_precision, standardised_average_precision, skill, auc, brier_score, "
                         "calibration_intercept, calibration_slope or observed_expected_ratio"),
             CASES, POSITIVES, *_interval("value", "the metric"), 
             measure("chance", "its value for a useless model", _OF, 3)),
            utility=100,
            planned_by=MODELS | {"uncertainty", "success"},
            population=_TEST,
            adds_up=DOES_NOT_ADD_UP,
            shared=("cases",),
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
            utility=100,
            planned_by=MODELS | {"operating_threshold", "uncertainty"}, population=_TEST, adds_up=DOES_NOT_ADD_UP,
            shared=("cases",), path=1,
        ),
        TableSpecification(
            "precision_recall_curve",
            "Precision at each recall",
            "one design and point of a fixed grid of recall",
            (DESIGN, setting("recall", "recall"), measure("precision", "precision at this recall")),
            (_TEST_CASES,),
            planned_by=MODELS | {"disclosure"},
        ),
        TableSpecification(
            "roc_curve",
            "Recall at each false positive rate",
            "one design and point of a fixed grid of false positive rates",
            (DESIGN, setting("false_positive_rate", "false positive rate"), measure("recall", "recall there")),
            (_TEST_CASES,),
            planned_by=MODELS | {"disclosure"},
        ),
        TableSpecification(
            "thresholds",
            "What each threshold would do",
            "one design and share of cases flagged",
            (DESIGN, setting("threshold", "risk at or above which a case is flagged"), CASES, POSITIVES,
             count("flagged", "cases flagged"), count("true_positives", "flagged, with the outcome"),
             count("false_positives", "flagged, without it"), count("false_negatives", "missed")),
            utility=3,
            planned_by=MODELS | {"disclosure"}, population=_TEST, adds_up=DOES_NOT_ADD_UP, shared=("cases",), path=0,
            many_thresholds=True, coarsen=thin_thresholds,
        ),
        TableSpecification(
            "calibration",
            "Do the risks mean what they say",
            "one design and tenth of the risks",
            (DESIGN, key("bin", "group of cases with neighbouring risks, lowest first"), CASES, POSITIVES,
             measure("mean_risk", "mean predicted risk", ("cases",), 3),
             rate("observed", "positives", "cases", "share with the outcome")),
            utility=5,
            planned_by=MODELS | {"disclosure"}, population=_TEST + ", {design}, tenth {bin}",
            adds_up=(Sum(("design",), _TEST, _OF),), coarsen=merge_bins,
        ),
        TableSpecification(
            "decision_curve",
            "Is acting on the model better than acting on all or none",
            "one design and threshold",
            (DESIGN, setting("threshold", "threshold"), measure("net_benefit", "net benefit of the model", (), 3),
             measure("net_benefit_low", "lower end", (), 3), measure("net_benefit_high", "upper end", (), 3),
             measure("net_benefit_all", "net benefit of flagging everyone", (), 3)),
            (_TEST_CASES,),
            utility=0.5,
            planned_by=MODELS | {"decision_curve", "uncertainty"}, population=_TEST, path=2, many_thresholds=True,
            implied=("cases", "positives", "true_positives"),
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
             text("verdict", "better, worse or no clear difference, by the protocol's rule", _OF),
             text("published_rule_verdict", "better, worse or tie, by A's rule of two decimals", _OF)),
            utility=50,
            planned_by=MODELS | {"comparison", "uncertainty"},
            population=_TEST,
            adds_up=DOES_NOT_ADD_UP,
            shared=("cases",),
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
             *_ends("recall", (*_OF, "true_positives")),
             rate("false_discovery_rate", "false_positives", "flagged", "share of flagged cases without the outcome"),
             *_ends("false_discovery_rate", (*_OF, "flagged", "false_positives")),
             rate("false_omission_rate", "false_negatives", "not_flagged",
                  "share of cases not flagged that had the outcome"),
             *_ends("false_omission_rate", (*_OF, "not_flagged", "false_negatives")),
             # Missing intervals tell what this word does, so both are withheld with the counts it is about.
             text("assessable", "yes, or why not", _OF)),
            planned_by=MODELS | {"subgroups", "uncertainty", "operating_threshold"},
            population=_TEST + ", {characteristic} {subgroup}",
            adds_up=(Sum(("design", "characteristic"), _TEST,
                         (*_OF, "flagged", "true_positives", "false_positives", "false_negatives")),),
            shared=("cases",),
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
            planned_by=MODELS | {"subgroups", "uncertainty"},
            over_rows=("test_c_adjusted_p_value", "test_c"),
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
            planned_by=MODELS | {"learning_curves"}, population="training cases, {learned_from}, size {size}",
            adds_up=DOES_NOT_ADD_UP, coarsen=drop_small_sizes,
        ),
        TableSpecification(
            "learning_curve_verdicts",
            "Which learning curves still rise",
            "one design",
            (DESIGN, measure("slope", "average precision gained per doubling, last sizes", (), 3),
             measure("slope_standard_error", "its standard error", (), 3),
             text("verdict", "still rising, flat or falling")),
            (_TRAINING_CASES,),
            planned_by=MODELS | {"learning_curves"},
        ),
        TableSpecification(
            "search",
            "Candidates tried",
            "one design, model family and draw",
            (DESIGN, key("family", "model family"), key("draw", "number of the draw"),
             text("parameters", "hyper-parameters"),
             measure("fold_average_precision", "mean over validation folds"), text("chosen", "yes or no")),
            (_TRAINING_CASES,),
            planned_by=MODELS,
        ),
        TableSpecification(
            "optimism",
            "The chosen model on its folds and on the test cases",
            "one design",
            (DESIGN, text("family", "model family chosen"), text("parameters", "its hyper-parameters"),
             measure("fold_average_precision", "mean over validation folds"),
             measure("test_average_precision", "on the test cases"), measure("optimism", "folds minus test")),
            (_TRAINING_CASES, _TEST_CASES),
            planned_by=MODELS,
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
            planned_by=MODELS | {"leakage"},
        ),
        TableSpecification(
            "give_away",
            "Does the text give the answer away",
            "one design and audit",
            (DESIGN, key("audit", "as_registered, terms_masked or lag"),
             setting("lag_days", "days before the index date left out"),
             CASES, POSITIVES, *_interval("average_precision", "average precision")),
            utility=5,
            planned_by=MODELS | {"uncertainty"}, population=_TEST, adds_up=DOES_NOT_ADD_UP, shared=("cases",),
        ),
        TableSpecification(
            "topics",
            "Topics found in the documents",
            "one topic",
            (key("topic", "number of the topic"), text("terms", "its top words, each used by enough families"),
             count("families", "families with a document on the topic"),
             measure("auc", "how well the topic alone tells outcomes apart", ("families",))),
            planned_by=COHORT | {"text", "disclosure"}, population="all cases, topic {topic}", adds_up=DOES_NOT_ADD_UP,
            coarsen=keep_frequent_topics,
        ),
        TableSpecification(
            "vulnerabilities",
            "Vulnerabilities found in the documents",
            "one concept",
            (key("concept", "vulnerability"), CASES, POSITIVES, PREVALENCE),
            planned_by=COHORT | {"text", "disclosure"}, population="all cases, {concept}",
            adds_up=(Sum(("concept",), "all cases", _OF, complete=False),), shared=("cases",),
        ),
        TableSpecification(
            "documents",
            "Documents available before the index date",
            "one kind of document",
            (key("kind", "kind of document"), count("documents", "documents"), CASES),
            utility=5,
            planned_by=COHORT | {"text"}, population="all cases, {kind}",
            adds_up=(Sum(("kind",), "all cases", ("cases",), complete=False),), shared=("documents", "cases"),
        ),
        TableSpecification(
            "predictors",
            "Structured predictors",
            "one predictor",
            (key("predictor", "name"), text("group", "group"), text("meaning", "meaning")),
            planned_by=COHORT | {"supplied_counts"},
        ),
    )
}
# fmt: on
