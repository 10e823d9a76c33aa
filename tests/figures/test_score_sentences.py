"""What is said of a tool follows its tables: better, worse, no better; refused, not covered, not a probability."""

import pytest
import score_tables as scores
import small_tables as small

from analysis.book.sentences import supplied_scores as words
from analysis.book.sentences.performance import TOO_SMALL
from analysis.disclosure import combine
from analysis.disclosure.derive import derive
from analysis.tables.supplied_scores import accuracy


def test_each_verdict_is_said_of_those_it_is_about():
    (said,) = words.read_comparisons(scores.joint("score_comparisons"))
    assert "clearly better than four variables" in said
    assert "clearly worse than structured data, all cases" in said
    assert "no better, as far as these cases can tell, than text and structured data, all cases" in said
    (equal,) = words.read_comparisons(scores.joint("score_comparisons", verdicts=("no clear difference",) * 3))
    assert "clearly" not in equal and "no better" in equal
    (best,) = words.read_comparisons(scores.joint("score_comparisons", verdicts=("better",) * 3))
    assert "no better" not in best and "worse" not in best


def four(verdict, problems=(("LA4", "P7"),), **counts):
    return scores.joint("score_comparisons", problems, verdicts=("worse", "worse", verdict), **counts)


def test_the_finding_on_a_tool_is_better_than_four_variables_only_where_its_test_says_so():
    assert words.beyond_four_variables(four("better")).startswith(
        "The tool is clearly better than a simple rule of four"
    )
    for verdict in ("no clear difference", "worse"):
        said = words.beyond_four_variables(four(verdict))
        assert said.startswith("The tool is not shown to be better than a simple rule of four variables")
        assert ("clearly worse in one of one prediction of LA4" in said) == (verdict == "worse")
        assert "would probably miss a difference under 0.07" in said
    both = combine({("LA4", "P7"): scores.tables()["score_comparisons"],
                    ("LA4", "P8"): scores.tables(("worse",) * 3)["score_comparisons"]})  # fmt: skip
    said = words.beyond_four_variables(both)
    assert "than a simple rule of four variables in one of two predictions of LA4, clearly worse in one" in said
    assert "cannot be said" in words.beyond_four_variables(four("better", positives=3, preset="dfe"))
    assert words.beyond_four_variables(None) == ""


def test_from_which_score_a_case_is_flagged_is_said():
    rules = small.PROTOCOL.scores
    assert "as many cases as this book's model of structured data would" in words.read_flagging(rules)
    own = rules.model_copy(update={"flag_from": 6.0})
    assert (
        words.read_flagging(own)
        == "The tool is taken to flag a case from a score of 6, the threshold stated in the protocol."
    )


def test_whose_scores_were_supplied_is_counted_and_named():
    two = {("LA3", "P5"): {}, ("LA4", "P7"): {}}
    assert words.which_scores(two) == "Scores were supplied for the cases of two predictions: P5 in LA3 and P7 in LA4."
    assert words.which_scores({}) == words.NOT_SUPPLIED


SEVERAL = (("LA3", "P5"), ("LA4", "P7"))


def test_of_several_predictions_the_verdicts_are_counted():
    said = words.read_scores_compared(scores.joint("score_comparisons", SEVERAL))
    assert said.startswith("In two predictions the tool is clearly worse than structured data, all cases in two")
    assert "clearly better than four variables in two" in said
    alike = scores.joint("score_comparisons", SEVERAL, verdicts=("no clear difference",) * 3)
    assert "neither clearly better nor clearly worse" in words.read_scores_compared(alike)


def test_of_several_predictions_the_accuracy_is_a_range():
    common = scores.tables(cases=100, positives=50)
    said = words.read_accuracy(accuracy({SEVERAL[0]: scores.tables(), SEVERAL[1]: common}, small.PROTOCOL))
    assert "Flagging no one is right about 50% to 95% of cases, and finds none" in said
    assert "“80% accurate” would be right less often than that in one of two predictions" in said


def changed(name, change):
    """The joint table of one prediction with other values."""
    table = scores.tables()[name]
    return combine({("LA2", "P3"): derive(table.specification, change, table)})


def test_scores_are_said_to_be_higher_only_where_fewer_are_seen_to_have_the_outcome():
    said = words.read_scores_calibrated(scores.joint("calibration"))
    # in the highest tenth .12 expected and .10 seen
    assert "these say 12%, and 10% had the outcome, fewer than they say" in said
    lower = changed("calibration", lambda frame: frame.assign(mean_risk=frame["observed"] / 2))
    assert "more than they say" in words.read_scores_calibrated(lower)
    alike = changed("calibration", lambda frame: frame.assign(mean_risk=frame["observed"] + 0.004))
    assert "these say 10%, and 10% had the outcome, as many as they say" in words.read_scores_calibrated(alike)


@pytest.mark.parametrize(
    ("gain", "half_width", "ahead", "clearly"), [(0.01, 0.005, 30, 30), (0.01, 0.02, 30, 0), (-0.01, 0.005, 0, 0)]
)
def test_acting_on_the_tool_is_clearly_better_only_where_its_interval_is(gain, half_width, ahead, clearly):
    def shifted(frame):
        net_benefit = frame["net_benefit_all"].astype(float).clip(lower=0) + gain
        ends = {"net_benefit_low": net_benefit - half_width, "net_benefit_high": net_benefit + half_width}
        return frame.assign(net_benefit=net_benefit, **ends)

    said = words.read_scores_worth(changed("decision_curve", shifted))
    assert f"at {ahead} of 30 thresholds, and clearly so at {clearly}" in said


def test_groups_are_given_as_a_range_and_none_is_named():
    said = words.read_scores_by_group(scores.joint("subgroups"))
    assert "60% to 60% of the children with the outcome are missed" in said and "White" not in said
    none = scores.joint("subgroups").where(assessable="no")
    assert words.read_scores_by_group(none) == TOO_SMALL


def test_coverage_counts_those_refused_and_those_without():
    (said,) = words.read_coverage(scores.joint("score_coverage", scale="a probability"))
    assert "91% of 1,100 cases had a score before the decision" in said
    assert "60 had one only on that day or after, which was refused, and 40 had none" in said
    assert said.endswith("The scores are a probability.")
    assert words.read_coverage(None) == []


def test_accuracy_stands_beside_flagging_no_one():
    """Of 1,000 cases 50 have the outcome: flagging no one is right about 95%, more than a tool that is 80% accurate."""
    said = words.read_accuracy(scores.accuracy_table())
    assert "flagging no one is right about 95% of cases, and finds none of the outcomes" in said
    assert "sold as “80% accurate” would here be right less often" in said
    common = words.read_accuracy(scores.accuracy_table(cases=100, positives=50))
    assert "would here be right more often" in common and "right about 50%" in common


def test_withheld_counts_leave_its_accuracy_unsaid():
    table = scores.accuracy_table(cases=40, positives=3, preset="dfe")
    assert table.where(flagged_by=words.NOBODY).frame["accuracy"].isna().all()
    assert "too small" in words.read_accuracy(table)


def test_a_score_that_is_no_probability_is_said_not_to_be_asked_what_it_means():
    tables = scores.tables()
    without = {name: table for name, table in tables.items() if name != "calibration"}
    assert "not probabilities" in words.read_no_calibration({("LA2", "P3"): without})
    assert words.read_no_calibration({("LA2", "P3"): tables}) == "" == words.read_no_calibration({})


def test_without_scores_nothing_is_said_of_any_tool():
    assert words.which_scores({}) == words.NOT_SUPPLIED
    assert "one prediction: P3 in LA2" in words.which_scores({("LA2", "P3"): scores.tables()})


def test_withheld_counts_are_not_read():
    small_counts = scores.joint("score_comparisons", positives=11, cases=1000)
    assert words.read_comparisons(small_counts)
    hidden = scores.joint("score_comparisons", positives=3, preset="dfe")
    assert TOO_SMALL[1:] in words.read_comparisons(hidden)[0]
    flags = words.read_flags(scores.joint("operating_point"))
    assert "would flag 2.5, 1 of them rightly, and miss 4 with the outcome" in flags


def test_of_more_authorities_than_are_named_each_outcome_has_one_sentence_and_ranges():
    """Of 12 authorities the odd ones have scores of 100 cases, half of them with the outcome; the others of 1,000."""
    pages = {(f"A{n}", "P5"): scores.tables(cases=(1000, 100)[n % 2], scale="a probability") for n in range(12)}

    def together(name):
        return combine({problem: tables[name] for problem, tables in pages.items()})

    assert words.which_scores(pages).endswith("cases of 12 predictions: P5 in 12 authorities.")
    (covered,) = words.read_coverage(together("score_coverage"))
    assert covered == (
        "P5 in 12 authorities: 50% to 91% of cases had a score before the decision. The scores are a probability in 12."
    )
    said = words.read_flags(together("operating_point"))
    assert said.startswith("P5 in 12 authorities: of every 100 cases") and said.count("P5") == 1
    calibrated = words.read_scores_calibrated(together("calibration"))
    assert calibrated.endswith("highest scores fewer had the outcome than these say in 12.")
    table = scores.tables()["calibration"]
    same = derive(table.specification, lambda frame: frame.assign(mean_risk=frame["observed"]), table)
    alike = combine(dict.fromkeys(pages, same))
    assert "as many had the outcome as these say in 12" in words.read_scores_calibrated(alike)
    assert "of 30 thresholds" in words.read_scores_worth(together("decision_curve"))
    assert words.read_scores_by_group(together("subgroups")).count("P5") == 1
    for name, tables in pages.items():
        pages[name] = {name: table for name, table in tables.items() if name != "calibration"}
    assert words.read_no_calibration(pages).startswith("The scores for P5 in 12 authorities are not")
