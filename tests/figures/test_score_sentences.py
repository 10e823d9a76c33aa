"""What is said of a tool follows its tables: better, worse, no better; refused, not covered, not a probability."""

import score_tables as scores
import small_tables as small

from analysis.book.sentences import supplied_scores as words
from analysis.book.sentences.performance import TOO_SMALL


def test_each_verdict_is_said_of_those_it_is_about():
    (said,) = words.read_comparisons(scores.joint("score_comparisons"))
    assert "clearly better than four variables" in said
    assert "clearly worse than structured data, all cases" in said
    assert "no better, as far as these cases can tell, than text and structured data, all cases" in said
    (equal,) = words.read_comparisons(scores.joint("score_comparisons", verdicts=("no clear difference",) * 3))
    assert "clearly" not in equal and "no better" in equal
    (best,) = words.read_comparisons(scores.joint("score_comparisons", verdicts=("better",) * 3))
    assert "no better" not in best and "worse" not in best


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
    assert "not probabilities" in words.read_no_calibration({("LA2", "P3"): tables})
    with_calibration = tables | {"calibration": small.calibration()}
    assert words.read_no_calibration({("LA2", "P3"): with_calibration}) == "" == words.read_no_calibration({})


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
