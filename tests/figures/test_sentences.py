"""A sentence follows its table: another table, another sentence."""

from datetime import date

import pandas as pd
import pytest
import small_tables as small
from recounts_of_networks import invented

from analysis.book import sentences
from analysis.book.sentences import network
from analysis.book.sentences.problem import period
from analysis.disclosure import combine
from analysis.disclosure.derive import derive
from analysis.published import published_value
from analysis.tables.flags import flags
from analysis.tables.results_table import results_table, with_mark
from analysis.tables.summaries import england_summary, joint, poll, subgroup_gaps, timeline


def test_the_best_design_is_named_with_its_interval_and_chance():
    words = sentences.read_average_precision(small.performance(average_precision=(0.1, 0.2, 0.4, 0.3)))
    assert "0.40 (0.35 to 0.45), from structured data, earlier cases" in words
    assert "above the 0.05 of a model that knows nothing" in words


def test_a_model_near_chance_is_not_said_to_beat_it():
    words = sentences.read_average_precision(small.performance(average_precision=(0.06, 0.06, 0.06, 0.06)))
    assert "not clearly above or below" in words  # .01 to .11 holds .05


def test_an_interval_that_begins_where_chance_is_printed_is_just_above_it():
    words = sentences.read_average_precision(small.performance(average_precision=(0.103, 0.06, 0.06, 0.06)))
    assert "0.10 (0.05 to 0.15)" in words and "just above the 0.05" in words  # .053 and .050


def test_success_counts_designs_above_the_registered_threshold():
    none = sentences.read_success(small.performance(), 0.65)
    assert none == "None of four designs has an average precision above the registered threshold of 0.65."
    two = sentences.read_success(small.performance(average_precision=(0.75, 0.66, 0.1, 0.1)), 0.65)
    # .75 - .05 lies above .65, .66 - .05 does not
    assert two.startswith("Two of four designs have") and two.endswith("one with the whole interval.")


def test_wrong_and_missed_are_fractions_of_flagged_and_of_positives():
    words = sentences.read_operating_point(small.operating_point())
    # 15 of 25 flagged are wrong; 40 of 50 positives are missed
    assert "of the children flagged, three in five did not" in words and "four in five were missed" in words


def test_a_child_who_had_the_outcome_early_is_told_from_a_false_alarm():
    """Per design and 1,000 cases: 25 flagged, 10 rightly; 6 of the other 15 early."""
    point = small.operating_point()
    some = flags(point, small.early_outcomes())
    words = sentences.read_flags(some)
    assert words.startswith("Counted over four designs, 60% of the children flagged did not have the outcome")
    assert words.endswith(" 40% had it before the window opened: they were not flagged without cause.")
    per_hundred = sentences.read_per_hundred(some)
    assert "2.5 would be flagged, 1 of them rightly and 0.6 for an outcome before its window" in per_hundred
    at_once = flags(point, None)
    assert "before" not in sentences.read_flags(at_once) + sentences.read_per_hundred(at_once)
    few = flags(point, small.early_outcomes(flagged_early=3, preset="dfe"))
    assert sentences.read_flags(few).endswith("had it before the window opened is withheld.")


def test_the_three_ways_of_counting_early_outcomes_stand_in_one_sentence():
    words = sentences.read_early_scores(small.early_outcome_scores())
    assert "0.20 (0.15 to 0.25) as registered, 0.25 (0.20 to 0.30) with early outcomes left out and 0.40" in words
    assert sentences.read_early_scores(None) == ""


def test_a_comparison_gives_both_counts_and_the_mean():
    words = sentences.read_comparison(small.comparisons(text=(0.1, -0.02)), "text_v_structured")
    # .1 is clear of an interval of half-width .06; -.02 is not, but is a difference at two decimals; mean .04
    assert "clearly better in one and clearly worse in none of two comparisons" in words
    assert "better in one and worse in one" in words and "is +0.04" in words


def chosen(**families) -> pd.DataFrame:
    """The table of chosen models, each design's family as given."""
    frame = small.optimism().frame
    return frame.assign(family=frame["design"].map(dict(zip(small.DESIGNS, families.values(), strict=True))))


def test_comparisons_of_text_say_how_many_differ_in_more_than_text():
    same = small.optimism()
    words = sentences.read_chosen_kinds(same)
    assert words.startswith("In two of two comparisons the model with text") and words.endswith("of another kind.")
    mixed = chosen(s_all="xgboost", t_all="decision_tree", s_earlier="xgboost", t_earlier="xgboost")
    words = sentences.read_chosen_kinds(small.released("optimism", mixed))
    assert words.startswith("In one of two comparisons") and "in one they are of another kind" in words
    alone = same.frame[same.frame["design"].str.startswith("structured")]
    assert "too small" in sentences.read_chosen_kinds(small.released("optimism", alone))


@pytest.mark.parametrize("question", ["role", "uses"])
def test_the_commonest_answer_of_the_poll_is_not_called_most_unless_it_is(question):
    table = poll(question, level=0.95)
    words = sentences.read_poll(table)
    shares = table.frame["share"]
    assert shares.max() < 0.5 and "most" not in words.lower()
    assert f"{shares.max():.0%}" in words and f"{shares.min():.0%}" in words


def test_no_difference_is_never_called_better_or_worse():
    words = sentences.read_verdicts(small.comparisons(text=(0, 0), earlier=(0, 0)))
    assert words == "Of four comparisons four show no clear difference."


def test_learning_curves_are_counted_by_verdict():
    words = sentences.read_learning_curves(small.learning()[1])
    assert words == (
        "Of four learning curves two are rising, one is shown to be level and one cannot tell whether it rises, at the "
        "largest sizes."
    )


def test_curves_too_small_to_show_are_counted_and_are_no_verdict():
    table = small.learning()[1]
    few = derive(table.specification, lambda frame: frame.assign(verdict="too few to show"), table)
    words = sentences.read_learning_curves(few)
    assert words == "Of four learning curves four are too small to show, at the largest sizes."


def test_the_tests_make_the_finding_on_bias():
    words = sentences.read_subgroup_pairs(small.subgroup_pairs(a=0.9, b=0.1))
    assert "90% under test A" in words and "10% under test B" in words and "0% under test C" in words


def test_subgroups_are_told_by_their_range_and_none_is_named():
    words = sentences.read_subgroups(small.subgroups({"under 1": 0.2, "16 and over": -0.2}))
    assert "the AUC runs from 0.10 to 0.50" in words and "under 1" not in words and "16 and over" not in words


def test_prevalence_is_told_for_the_first_and_last_year():
    years = small.outcome_by_year(cases=(400, 500, 600), positives=(20, 20, 36))  # 76 of 1,500; 20 of 400, 36 of 600
    words = sentences.read_prevalence(years)
    assert words == "Over three years and 1,500 cases the outcome followed 5.1% of them: 5% in 2015, 6% in 2017."


def test_withheld_tables_are_said_to_be_withheld():
    few = small.operating_point(positives=4, flagged=4, true_positives=2, preset="dfe")
    assert "too small" in sentences.read_operating_point(few)
    assert "too small" in sentences.read_per_hundred(flags(few, None))
    assert "too small" in sentences.read_flags(flags(few, None))
    years = small.outcome_by_year(cases=(500, 500), positives=(2, 3), preset="dfe")
    assert "too small" in sentences.read_prevalence(years)


def test_published_and_run_are_compared_where_both_exist():
    world = small.world()
    words = sentences.read_published_v_run(england_summary(world))
    assert words.startswith("Half of the 32 average precisions")
    assert "No published value" in sentences.read_published_v_run(england_summary({}))


def test_joint_tables_have_a_row_for_every_problem():
    table = joint(small.world(), "comparisons")
    assert len(table.frame) == 8 * 4
    assert "of 16 comparisons" in sentences.read_comparison(table, "earlier_v_all")
    assert joint({}, "comparisons") is None


def test_flags_and_doubts_of_the_leakage_audit_are_told_apart():
    assert sentences.read_leakage(small.leakage()) == "The leakage audit found no warning sign in 2 checks."
    assert "found two warning signs: a predictor alone and too good to be true" in sentences.read_leakage(
        small.leakage(True)
    )
    doubtful = small.leakage().frame.assign(flagged=["review", "no"])
    words = sentences.read_leakage(small.released("leakage", doubtful))
    assert words == "The leakage audit found no warning sign in 2 checks. One result should be reviewed."


def test_subgroups_are_compared_within_models():
    """One model cannot assess the under-1s; the others' mean is not moved by it."""
    shift = {"under 1": 0.2}
    rare = small.subgroups(shift).frame.assign(auc=lambda f: f["auc"] / 10)
    rare.loc[rare["subgroup"].eq("under 1"), "assessable"] = "too small to assess"
    world = {
        ("LA2", "P3"): {"subgroups": small.subgroups(shift)},
        ("LA2", "P4"): {"subgroups": small.released("subgroups", rare)},
    }
    frame = subgroup_gaps(world, "auc").frame.groupby("subgroup")["gap"].mean()
    # .5 against four times .3, in four models; then .3 against (.5 + 3 x .3) / 4 = .35 and .03 against .03
    assert frame["under 1"] == pytest.approx(0.2) and frame["1 to 4"] == pytest.approx(-0.05 / 2)


def test_no_group_is_named_where_test_c_is_silent_or_predictions_are_few():
    tables = {"subgroups": small.subgroups({"under 1": 0.2}), "subgroup_pairs": pairs_said_by_test_c("no difference")}
    three = {("LA2", name): tables for name in ("P3", "P4", "P5")}
    silent = sentences.read_gaps(subgroup_gaps(three, "auc"))
    assert "Test C finds no difference" in silent and "under 1" not in silent
    # .5 against four times .3; each of the others .3 against (.5 + 3 x .3) / 4
    assert "by −0.05 to +0.20" in silent and "ten subgroups" in silent
    two = dict.fromkeys(list(three)[:2], tables)
    assert sentences.read_gaps(subgroup_gaps(two, "auc")).startswith("No subgroup can be assessed in three predictions")
    untested = sentences.read_gaps(subgroup_gaps(three, "missed"))
    assert untested.endswith("No test was made of these differences, so no subgroup is named.")


def test_a_group_is_named_where_test_c_finds_a_difference():
    tables = {"subgroups": small.subgroups({"under 1": 0.2}), "subgroup_pairs": pairs_said_by_test_c("differ")}
    words = sentences.read_gaps(subgroup_gaps({("LA2", name): tables for name in ("P3", "P4", "P5")}, "auc"))
    assert "three predictions or more for age: 1 to 4 (−0.05) and age: under 1 (+0.20)." in words


def test_a_group_that_differs_in_fewer_predictions_is_not_named():
    differ, silent = pairs_said_by_test_c("differ"), pairs_said_by_test_c("no difference")
    groups = small.subgroups({"under 1": 0.2})
    world = {
        ("LA2", name): {"subgroups": groups, "subgroup_pairs": pairs}
        for name, pairs in {"P3": differ, "P4": differ, "P5": silent}.items()
    }
    words = sentences.read_gaps(subgroup_gaps(world, "auc"))
    assert words.endswith("so none is named.") and "under 1" not in words


def pairs_said_by_test_c(verdict: str):
    rows = small.subgroup_pairs().frame.drop_duplicates("design")
    rows = rows.assign(metric="auc", first="under 1", second="1 to 4", test_c=verdict)
    return small.released("subgroup_pairs", rows)


def test_errors_of_models_are_averaged_and_pooled_each_by_its_name():
    """One model flags 2 children, both wrongly; the others 25, 15 of them wrongly."""
    few = small.operating_point().frame
    few.loc[0, ["flagged", "true_positives", "false_positives", "precision"]] = [2, 0, 2, 0.0]
    table = combine({("LA2", "P3"): small.released("operating_point", few)})
    words = sentences.read_operating_point(table)
    frame = table.frame
    mean = 1 - sum(t / f for t, f in zip(frame["true_positives"], frame["flagged"], strict=True)) / len(frame)
    pooled = sum(frame["false_positives"]) / sum(frame["flagged"])
    assert mean == pytest.approx((1 + 3 * 0.6) / 4) and pooled == pytest.approx((2 + 45) / 77)
    assert words.startswith("In the mean over four models of LA2, of the children flagged, seven in ten did not")
    assert f"Counted together, where one that flags many children weighs more, {pooled:.0%} of the children" in words


def test_models_are_held_against_the_mark_but_for_those_that_leak():
    world = small.world() | {("LA3", "P5"): small.page_tables(average_precision=(0.8, 0.2, 0.2, 0.04))}
    words = sentences.read_against_mark(with_mark(results_table(world, small.LEFT_OUT), small.PROTOCOL))
    assert words.startswith(
        "One of 24 models of LA2, LA3 and LA4 passes the mark of 0.65; the highest, structured data, all cases for P5"
    )
    # Six predictions count, and in each three of the four models are better than their permutations.
    assert "in LA3, is at 0.80" in words and words.endswith("18 do better than chance would.")


def test_better_than_chance_is_counted_by_the_permutations_and_never_guessed():
    """P5 has none that is better; of P6 it is not known; the other four predictions have three each."""
    world = small.world()
    world["LA3", "P5"] |= {"chance": small.chance(better=("no",) * 4)}
    del world["LA3", "P6"]["chance"]
    words = sentences.read_against_mark(with_mark(results_table(world, small.LEFT_OUT), small.PROTOCOL))
    assert words.endswith("12 of the 20 for which this is known do better than chance would.")
    for tables in world.values():
        tables.pop("chance", None)
    assert "chance" not in sentences.read_against_mark(with_mark(results_table(world, small.LEFT_OUT), small.PROTOCOL))


def test_models_whose_results_are_withheld_are_counted():
    """Of 40 cases 4 positives: the rule that hides 1 to 5 hides every result."""
    shown, hidden = small.performance(), small.performance(cases=40, positives=4, preset="dfe")
    assert sentences.read_withheld(shown) == "" and sentences.read_withheld(None) == ""
    assert sentences.read_withheld(hidden).startswith("The results of four of four models are withheld")
    one_of_each = combine({("Northshire", "P7"): shown, ("Northshire", "P8"): hidden})
    words = sentences.read_withheld(one_of_each)
    assert "four of eight models" in words and words.endswith("What is said of models is about the others.")


def test_a_year_is_a_whole_number_beside_years_withheld():
    table = small.outcome_by_year(cases=(400, 500, 600), positives=(20, 25, 3), preset="dfe")
    assert sentences.read_prevalence(table).endswith("5% in 2015, 5% in 2016.")


def test_one_subgroup_alone_is_neither_highest_nor_lowest():
    table = small.subgroups()
    words = sentences.read_subgroups(table.where(subgroup="female"))
    assert words.startswith("One of one subgroup has results that can be shown") and "runs from" not in words


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2010, 1, 1), date(2020, 1, 31), "decisions from March 2012 to July 2019 are studied, as the protocol"),
        (date(2014, 5, 1), date(2020, 1, 31), "decisions from May 2014 to July 2019 are studied."),
        (date(2010, 1, 1), date(2018, 9, 30), "decisions from March 2012 to September 2018 are studied."),
    ],
)
def test_the_months_studied_are_those_of_extract_and_protocol_alike(first, last, words):
    assert period(first, last, small.PROTOCOL.study).endswith(words if words.endswith(".") else f"{words} says.")


def test_an_authority_of_another_name_has_the_published_values_beside_its_own():
    world = {("Northshire", "P7"): {"performance": small.performance()}}
    frame = england_summary(world).frame
    row = frame[frame["authority"].eq("Northshire") & frame["design"].eq(small.S_ALL)].set_index("metric").loc["auc"]
    assert row["run"] == 0.8 and row["published"] == published_value("P7", small.S_ALL, "auc")
    assert not (frame["prediction"].eq("P7") & frame["authority"].ne("Northshire")).any()


def test_the_timeline_counts_years_that_are_wholly_known_and_names_whose_they_are():
    world = {
        ("Northshire", "P7"): {"outcome_by_year": small.outcome_by_year((400, 500), (20, 3), preset="dfe")},
        ("Westshire", "P7"): {"outcome_by_year": small.outcome_by_year((100, 100), (10, 20), preset="dfe")},
    }
    row = timeline(small.PROTOCOL.predictions, world).frame.set_index("prediction").loc["P7"]
    assert row["authorities"] == "Northshire, Westshire"
    assert (row["cases"], row["positives"]) == (400 + 100 + 100, 20 + 10 + 20)


@pytest.mark.parametrize(("change", "said"), [(0.00003, "less than 0.0001."), (0.0012, "0.0012.")])
def test_a_change_of_area_too_small_to_be_printed_is_not_said_to_be_none(change, said):
    row = {"predictors": "all", "auc": 0.6, "auc_other_folds": 0.6 - change, "published": 0.6, "difference": 0.0}
    table = invented("network_table_2", lambda random, sample: [row])(None)
    assert network.read_folds(table).endswith(f" {said}")
