"""What is said of yardsticks follows the tables: other tables, other sentences; a withheld one is no result."""

import small_tables as small

from analysis.book.sentences import yardsticks as words
from analysis.disclosure.derive import derive
from analysis.tables.summaries import joint


def test_models_that_clearly_beat_four_variables_are_counted():
    said = words.read_four_variables(small.yardsticks(four=(0.2, -0.2, 0.01, 0.1)))
    assert said.startswith("Two of four models do clearly better") and "one clearly worse" in said
    assert "one shows no clear difference" in said
    # (.2 - .2 + .01 + .1) / 4 = .0275
    assert "+0.03" in said


def test_where_none_is_better_none_is_said_to_be():
    assert words.read_four_variables(small.yardsticks(four=(0.0, 0.0, 0.0, 0.0))).startswith("None of four models")


def test_withheld_comparisons_are_too_small_and_not_none():
    table = small.yardsticks(preset="dfe")
    frame = table.frame.assign(difference=float("nan"))
    assert "too small" in words.read_four_variables(small.released("yardsticks", frame))
    assert words.read_four_variables(None) == words.NOT_STUDIED


def test_a_decision_is_said_with_both_numbers_found():
    said = words.read_decisions(small.flags_compared(true_positives=20, decided_positives=12))
    assert "flagging 100 of 1,000 cases, as the recorded decision did" in said
    assert "finds 20 of 50 outcomes and the recorded decision 12 (a clear difference)" in said
    assert "No recorded decision" in words.read_decisions(small.flags_compared().where(design="none"))


def test_a_small_count_of_a_decision_is_withheld_and_not_said():
    table = small.flags_compared(decided_positives=3, preset="dfe")
    assert table.frame["decided_positives"].isna().all() and table.frame["difference"].isna().all()
    assert "too small" in words.read_decisions(table)


def test_the_steps_clear_of_chance_are_named():
    said = words.read_dependence(small.dependence())
    # steps -.02, -.06, -.02, -.02 with half-widths of .03
    assert (
        "scores 0.30 when the cases are divided at random and 0.18 when" in said
        and "is the step to “by family” (−0.06)" in said
    )
    assert "No single step" in words.read_dependence(small.dependence((0.3, 0.3, 0.3, 0.3, 0.3)))
    several = joint({("LA2", "P3"): {"dependence": small.dependence()}}, "dependence")
    assert "In the mean over one prediction" in words.read_dependence(several)


def test_agreement_is_of_the_models_that_have_a_rival():
    said = words.read_equally_good(small.equally_good())
    assert "every equally good model flags 40 in the mean over three models (40 to 40)" in said
    assert "For one model no other candidate" in said and "drops 30 of 100 flags" in said


def test_a_model_that_cannot_be_judged_is_not_one_with_too_few_cases():
    said = words.read_enough_cases(small.enough_cases())
    assert "one of three models had the cases" in said and "For one it cannot be said" in said
    # 20,000 needed by two and 3,000 by one; 200 outcomes of 96 predictors
    assert "needed more than 20,000, and half had fewer than 2.1 outcomes for each predictor" in said
    assert "cannot be said" in words.read_enough_cases(small.enough_cases(("cannot tell",) * 4))


def test_decisions_of_several_predictions_are_counted():
    table = small.flags_compared(true_positives=20, decided_positives=12)
    said = words.read_decisions_together(table)
    counted = len(table.frame)
    assert f"In {words.counted_of(table.frame, 'comparison')} at the same number flagged" in said
    fewer = derive(table.specification, lambda frame: frame.assign(verdict="worse"), table)
    assert f"clearly fewer in {words.spelled(counted)}" in words.read_decisions_together(fewer)
    assert "No recorded decision" in words.read_decisions_together(None)


def test_models_that_reach_the_planted_risk_are_not_below_it():
    near, far = small.ceiling(planted=0.5, model=0.45), small.ceiling(planted=0.8, model=0.2)
    assert "0.50 and the models 0.45; none is clearly below" in words.read_ceilings(near)
    assert "0.80 and the models 0.20; four are clearly below" in words.read_ceilings(far)
    assert words.read_ceilings(None) == words.ONLY_INVENTED


def test_own_cases_have_no_planted_risk():
    assert words.read_ceiling(small.ceiling().where(design="none")) == words.ONLY_INVENTED
    assert "0.40, where the planted risk scores 0.50 (0.40 to 0.60)" in words.read_ceiling(small.ceiling())
