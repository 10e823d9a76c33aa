"""What may be published of the study of family networks: each table, its columns and their roles."""

from analysis.disclosure.specification import (
    DOES_NOT_ADD_UP,
    EXPLORATORY,
    NETWORKS,
    Column,
    SameCount,
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

SAMPLE = key("sample", "all, first or subsequent notifications")
NOTIFICATIONS = count("notifications", "notifications")
HIGH_CONCERN = count("high_concern", "notifications followed by high estimated concern")
INCIDENCE = rate("incidence", "high_concern", "notifications", "share with high estimated concern")
MODEL = key("predictors", "predictors besides age")
_OF = ("notifications", "high_concern")
_SAMPLE = "{sample} notifications"
_TREE = "first notifications, {network} {predictor} {group}"
ABOVE_ZERO = _SAMPLE + " with a {group} {predictor} above 0"
_CUT_AT_ONE = ABOVE_ZERO.replace("{sample}", "first").replace("{group}", "{network} network")
DECIMALS = 3  # as published; areas differ by hundredths


def interval(name: str, meaning: str, of: tuple[str, ...] = _OF) -> tuple[Column, ...]:
    """Columns for an estimate and the two ends of its interval.

    Parameters
    ----------
    name : str
        Of the estimate's column.
    meaning : str
        In words.
    of : tuple of str
        Columns of the counts that it is computed from; it is withheld where one of them is.

    Returns
    -------
    tuple of Column
        Estimate, lower end, upper end; to three decimals.
    """
    return (
        measure(name, meaning, of, DECIMALS),
        measure(f"{name}_low", f"{meaning}: lower end of the interval", of, DECIMALS),
        measure(f"{name}_high", f"{meaning}: upper end of the interval", of, DECIMALS),
    )


GAIN = (
    measure("auc_without", "area without them", _OF, DECIMALS),
    measure("auc", "area with them", _OF, DECIMALS),
    *interval("gain", "area with them minus area without"),
)

NETWORK_TABLES: dict[str, TableSpecification] = {
    table.name: table
    for table in (
        TableSpecification(
            "network_data",
            "The data",
            "one kind of row",
            (
                key("quantity", "what is counted"),
                count("run", "rows in this run"),
                setting("published", "rows in the published study"),
            ),
            planned_by=NETWORKS,
            population="rows of the data, {quantity}",
            adds_up=DOES_NOT_ADD_UP,
        ),
        TableSpecification(
            "network_flow",
            "Which notifications are studied",
            "one step from notifications to the sample",
            (
                key("step", "what was kept or left out"),
                count("removed", "notifications left out at this step"),
                count("remaining", "notifications left after it"),
            ),
            utility=20,
            planned_by=NETWORKS,
            population="notifications after {step}",
            adds_up=DOES_NOT_ADD_UP,
            cohort=True,
            ends_as="notifications of all notifications",
        ),
        TableSpecification(
            "network_samples",
            "The three samples",
            "one sample",
            (
                SAMPLE,
                NOTIFICATIONS,
                count("children", "children"),
                count("families", "families: children of one mother"),
                HIGH_CONCERN,
                INCIDENCE,
                setting("published_notifications", "notifications in the published study"),
                setting("published_children", "children in the published study"),
            ),
            utility=100,
            planned_by=NETWORKS,
            population=_SAMPLE,
            adds_up=DOES_NOT_ADD_UP,
        ),
        TableSpecification(
            "network_predictors",
            "The twelve predictors",
            "one sample and predictor",
            (
                SAMPLE,
                key("predictor", "abbreviation"),
                text("group", "age, events, recorded network or whole-life network"),
                text("meaning", "what is counted"),
                NOTIFICATIONS,
                count("above_zero", "notifications on which it is not 0"),
                rate("share_above_zero", "above_zero", "notifications", "share on which it is not 0"),
                measure("mean", "its mean", ("above_zero",)),
            ),
            utility=20,
            planned_by=NETWORKS,
            population=_SAMPLE,
            adds_up=DOES_NOT_ADD_UP,
            counts_of={"above_zero": ("notifications", ABOVE_ZERO)},
        ),
        TableSpecification(
            "network_models",
            "Every model",
            "one sample and set of predictors",
            (
                SAMPLE,
                MODEL,
                setting("number", "predictors, age among them"),
                NOTIFICATIONS,
                HIGH_CONCERN,
                *interval("auc", "area under the ROC curve, out of fold"),
                # To more decimals a criterion gives away the exact counts it was computed from.
                measure("aic", "Akaike's criterion of the fit to the whole sample", _OF, decimals=0),
                measure("aic_above_best", "its distance from the best in the sample", _OF, decimals=0),
                text("near_best", "yes if within one standard error of the best small model"),
            ),
            planned_by=NETWORKS,
            population=_SAMPLE,
            adds_up=DOES_NOT_ADD_UP,
        ),
        TableSpecification(
            "network_table_2",
            "Selected models",
            "one model of the published table",
            (
                SAMPLE,
                MODEL,
                text("comment", "why it was selected"),
                setting("number", "predictors, age among them"),
                NOTIFICATIONS,
                HIGH_CONCERN,
                setting("published", "area under the ROC curve in the published study"),
                *interval("auc", "area under the ROC curve, children never on both sides of a fold"),
                measure("auc_other_folds", "area with folds by notification, as published", _OF, DECIMALS),
                measure("difference", "run minus published", _OF, DECIMALS),
            ),
            planned_by=NETWORKS,
            population=_SAMPLE,
            adds_up=DOES_NOT_ADD_UP,
        ),
        TableSpecification(
            "network_gains",
            "What each kind of information adds",
            "one sample and comparison",
            (
                SAMPLE,
                key("comparison", "models compared"),
                NOTIFICATIONS,
                HIGH_CONCERN,
                setting("published", "difference in the published study"),
                *interval("gain", "difference between areas"),
            ),
            planned_by=NETWORKS,
            population=_SAMPLE,
            adds_up=DOES_NOT_ADD_UP,
        ),
        TableSpecification(
            "network_interactions",
            "Squares and products",
            "one four-variable model",
            (
                SAMPLE,
                MODEL,
                NOTIFICATIONS,
                HIGH_CONCERN,
                measure("auc", "area without them", _OF, DECIMALS),
                measure("auc_with_interactions", "area with every square and product", _OF, DECIMALS),
                measure("gain", "difference", _OF, DECIMALS),
            ),
            planned_by=NETWORKS,
            population=_SAMPLE,
            adds_up=DOES_NOT_ADD_UP,
        ),
        TableSpecification(
            "network_coefficients",
            "Coefficients of the selected models",
            "one model and term",
            (
                SAMPLE,
                MODEL,
                key("term", "intercept or predictor"),
                NOTIFICATIONS,
                HIGH_CONCERN,
                *interval("log_odds", "log odds per unit, with an interval over families"),
            ),
            planned_by=NETWORKS,
            population=_SAMPLE,
            adds_up=DOES_NOT_ADD_UP,
        ),
        TableSpecification(
            "network_roc",
            "Recall at each false positive rate",
            "one selected model and point of a fixed grid",
            (
                SAMPLE,
                MODEL,
                setting("false_positive_rate", "share of low concern that is flagged"),
                measure("recall", "share of high concern that is flagged"),
            ),
            rests_on=(Support("network_samples", ("notifications", "high_concern"), (("sample", "sample"),)),),
            planned_by=NETWORKS,
        ),
        TableSpecification(
            "network_selection",
            "How often each predictor is chosen",
            "one sample and predictor",
            (
                SAMPLE,
                key("predictor", "abbreviation"),
                NOTIFICATIONS,
                HIGH_CONCERN,
                text("chosen", "yes if in the best four-variable model of the sample"),
                measure("frequency", "share of resamples of families in whose best model it stands", _OF),
            ),
            planned_by=EXPLORATORY,
            population=_SAMPLE,
            adds_up=DOES_NOT_ADD_UP,
        ),
        TableSpecification(
            "network_best_of_many",
            "The best of many",
            "one sample",
            (
                SAMPLE,
                text("best", "predictors of the best four-variable model"),
                setting("models", "four-variable models compared"),
                NOTIFICATIONS,
                HIGH_CONCERN,
                measure("auc", "its area", _OF, DECIMALS),
                measure("frequency", "share of resamples of families in which it is the best", _OF),
                setting("near_best", "four-variable models within one standard error of the best"),
                setting("permutations", "permutations of the responses"),
                measure("permuted_lowest", "lowest best area on permuted responses", _OF, DECIMALS),
                measure("permuted_highest", "highest best area on permuted responses", _OF, DECIMALS),
            ),
            planned_by=EXPLORATORY,
            population=_SAMPLE,
            adds_up=DOES_NOT_ADD_UP,
        ),
        TableSpecification(
            "network_trees",
            "Single-split trees on first notifications",
            "one predictor",
            (
                key("predictor", "abbreviation"),
                key("network", "recorded, whole-life or complete register"),
                setting("threshold", "the high-risk group has this value or more"),
                setting("folds_agreeing", "trees grown without one fold that cut there too"),
                NOTIFICATIONS,
                HIGH_CONCERN,
                count("above", "notifications in the high-risk group"),
                count("high_concern_above", "of those, with high concern"),
                count("below", "notifications in the low-risk group"),
                count("high_concern_below", "of those, with high concern"),
                rate("share_above", "above", "notifications", "share in the high-risk group"),
                INCIDENCE,
                rate("incidence_above", "high_concern_above", "above", "incidence in the high-risk group"),
                rate("incidence_below", "high_concern_below", "below", "incidence in the low-risk group"),
            ),
            utility=20,
            planned_by=NETWORKS,
            population="first notifications",
            adds_up=DOES_NOT_ADD_UP,
            counts_of={
                "above": ("notifications", _TREE.replace("{group}", "above")),
                "below": ("notifications", _TREE.replace("{group}", "below")),
                "high_concern_above": ("high_concern", _TREE.replace("{group}", "above")),
                "high_concern_below": ("high_concern", _TREE.replace("{group}", "below")),
            },
            # A tree that cuts at 1 has above it the notifications on which its predictor is not 0.
            same=(SameCount("above", f"notifications of {_CUT_AT_ONE}", ("threshold", 1)),),
        ),
        TableSpecification(
            "network_tree_incidence",
            "Incidence above and below the threshold by age",
            "one predictor, group and year of age",
            (
                key("predictor", "abbreviation"),
                key("network", "recorded, whole-life or complete register"),
                key("group", "above or below the threshold"),
                key("age_years", "completed years of age"),
                NOTIFICATIONS,
                HIGH_CONCERN,
                INCIDENCE,
            ),
            utility=0.5,
            planned_by=NETWORKS,
            population=_TREE + ", age {age_years}",
            adds_up=(Sum(("network", "predictor", "group"), _TREE, _OF),),
        ),
        TableSpecification(
            "network_calibration",
            "Are the predicted risks accurate",
            "one sample and tenth of the risks of its full model",
            (
                SAMPLE,
                key("group", "notifications with neighbouring risks, lowest first"),
                NOTIFICATIONS,
                HIGH_CONCERN,
                measure("mean_risk", "mean risk out of fold", ("notifications",)),
                rate("observed", "high_concern", "notifications", "share with high concern"),
            ),
            utility=5,
            planned_by=NETWORKS,
            population=_SAMPLE + ", tenth {group}",
            adds_up=(Sum(("sample",), _SAMPLE, _OF),),
        ),
        TableSpecification(
            "network_calibration_by_subgroup",
            "Calibration by gender and ethnicity",
            "one sample, subgroup and fifth of its risks",
            (
                SAMPLE,
                key("characteristic", "gender or ethnicity"),
                key("subgroup", "subgroup"),
                key("group", "notifications with neighbouring risks, lowest first"),
                NOTIFICATIONS,
                HIGH_CONCERN,
                measure("mean_risk", "mean risk out of fold", ("notifications",)),
                rate("observed", "high_concern", "notifications", "share with high concern"),
            ),
            utility=0.5,
            planned_by=NETWORKS,
            population=_SAMPLE + ", {characteristic} {subgroup}, fifth {group}",
            adds_up=(Sum(("sample", "characteristic", "subgroup"), _SAMPLE + ", {characteristic} {subgroup}", _OF),),
        ),
        TableSpecification(
            "network_error_rates",
            "Error rates by gender and ethnicity",
            "one sample and subgroup",
            (
                SAMPLE,
                key("characteristic", "gender, ethnicity or everyone"),
                key("subgroup", "subgroup"),
                NOTIFICATIONS,
                HIGH_CONCERN,
                count("low_concern", "notifications without high concern"),
                count("flagged", "notifications flagged"),
                count("false_positives", "flagged, with low concern"),
                count("false_negatives", "not flagged, with high concern"),
                rate("false_positive_rate", "false_positives", "low_concern", "share of low concern flagged"),
                measure("false_positive_rate_low", "lower end", ("low_concern", "false_positives")),
                measure("false_positive_rate_high", "upper end", ("low_concern", "false_positives")),
                rate("false_negative_rate", "false_negatives", "high_concern", "share of high concern missed"),
                measure("false_negative_rate_low", "lower end", ("high_concern", "false_negatives")),
                measure("false_negative_rate_high", "upper end", ("high_concern", "false_negatives")),
                measure("mean_risk", "mean risk out of fold", ("notifications",)),
                rate("observed", "high_concern", "notifications", "share with high concern"),
            ),
            utility=10,
            planned_by=NETWORKS,
            population=_SAMPLE + ", {characteristic} {subgroup}",
            adds_up=(
                Sum(
                    ("sample", "characteristic"),
                    _SAMPLE,
                    (*_OF, "low_concern", "flagged", "false_positives", "false_negatives"),
                ),
            ),
        ),
        TableSpecification(
            "network_whole_life",
            "What whole-life networks add, by which links may be used",
            "one sample and reading",
            (SAMPLE, key("reading", "which links may be used"), NOTIFICATIONS, HIGH_CONCERN, *GAIN),
            planned_by=EXPLORATORY,
            population=_SAMPLE,
            adds_up=DOES_NOT_ADD_UP,
        ),
        TableSpecification(
            "network_whole_life_by_seed",
            "The same in worlds whose truth is known",
            "one world, seed, sample and reading",
            (
                key("world", "no family risk, or calibrated to the published study"),
                key("seed", "seed of the world"),
                SAMPLE,
                key("reading", "which links may be used"),
                NOTIFICATIONS,
                HIGH_CONCERN,
                *GAIN,
            ),
            planned_by=EXPLORATORY,
            population="synthetic notifications, {world}, {seed}, {sample}",
            adds_up=DOES_NOT_ADD_UP,
        ),
        TableSpecification(
            "network_whole_life_mean",
            "The mean over seeds",
            "one world, sample and reading",
            (
                key("world", "no family risk, or calibrated to the published study"),
                SAMPLE,
                key("reading", "which links may be used"),
                setting("worlds", "worlds drawn"),
                *interval("gain", "mean gain over worlds", ()),
            ),
            planned_by=EXPLORATORY,
        ),
        TableSpecification(
            "network_wider",
            "Wider networks",
            "one sample and number of steps",
            (
                SAMPLE,
                setting("steps", "relationships between the child and the farthest member"),
                NOTIFICATIONS,
                HIGH_CONCERN,
                measure("mean_members", "mean number of members", ("notifications",)),
                *GAIN,
            ),
            planned_by=EXPLORATORY,
            population=_SAMPLE,
            adds_up=DOES_NOT_ADD_UP,
        ),
        TableSpecification(
            "network_example",
            "One synthetic child's network",
            "one person at one moment in one network",
            (
                key("moment", "when"),
                key("network", "recorded or whole-life"),
                key("person", "number of the person in the picture"),
                text("role", "what the person is to the child"),
                text("state", "in the network, known to exist, or not yet born"),
                text("is_child", "whether the person is a child at that moment"),
                text("notified", "whether the person has an earlier notification"),
                text("targeted", "whether the person has an earlier target event"),
                text("abuser", "whether the person is known to have abused somebody"),
            ),
            planned_by=NETWORKS,
        ),
        TableSpecification(
            "network_example_values",
            "The predictors in that picture",
            "one moment and network",
            (
                key("moment", "when"),
                key("network", "recorded or whole-life"),
                setting("nNeighs", "people in the network"),
                setting("nWithNotes", "children in it with an earlier notification"),
                setting("nWithTarget", "children in it with an earlier target event"),
                setting("nAbusers", "known abusers in it"),
            ),
            planned_by=NETWORKS,
        ),
        TableSpecification(
            "network_comparators",
            "Other published models",
            "one study",
            (
                key("study", "study"),
                text("place", "where"),
                text("response", "what it predicts"),
                setting("predictors", "predictors"),
                setting("auc", "area under the ROC curve"),
            ),
            planned_by=EXPLORATORY,
        ),
    )
}
