"""The published numbers agree with what the study says of them."""

from itertools import permutations

import pytest

from analysis.published import (
    england_cells,
    leaking_authorities,
    poll_answers,
    prevalence_range,
    published_value,
    reconstructions,
)

S_ALL, T_ALL, S_EARLIER, T_EARLIER = DESIGNS = (
    "structured-all_cases",
    "text_and_structured-all_cases",
    "structured-earlier_cases",
    "text_and_structured-earlier_cases",
)
PREDICTIONS = [f"P{number}" for number in range(1, 9)]


def rows(first_of_p8: float) -> list[list[float]]:
    """The four average precisions of each prediction as printed, in the order stored."""
    printed = [[published_value(p, design, "average_precision") for design in DESIGNS] for p in PREDICTIONS]
    printed[7][0] = first_of_p8
    return printed


def tally(table: list[list[float]], order: tuple[int, ...]) -> tuple[int, int, int]:
    """(drops from all to earlier, better with text, worse with text) if the rows stood in this order of designs."""
    drops = better = worse = 0
    for values in table:
        s_all, t_all, s_earlier, t_earlier = (values[place] for place in order)
        drops += (s_earlier < s_all) + (t_earlier < t_all)
        better += (t_all > s_all) + (t_earlier > s_earlier)
        worse += (t_all < s_all) + (t_earlier < s_earlier)
    return drops, better, worse


def test_there_are_32_models_with_two_metrics_each():
    cells = england_cells()
    assert len(cells) == 8 * 4 * 2
    assert {c.design for c in cells} == set(DESIGNS) and {c.prediction for c in cells} == set(PREDICTIONS)
    assert all(0 < c.value < 1 for c in cells)


def test_the_order_of_the_table_gives_what_the_report_says():
    # 13 of 16 drop when only earlier cases may be learned from; text makes 6 better and 6 worse
    assert tally(rows(0.07), (0, 1, 2, 3)) == (13, 6, 6)


def test_no_other_order_of_the_rows_does_but_the_one_with_text_and_structured_swapped():
    fits = {
        (order, first)
        for order in permutations(range(4))
        for first in (0.07, 0.7)
        if tally(rows(first), order) == (13, 6, 6)
    }
    assert {order for order, _ in fits} == {(0, 1, 2, 3), (1, 0, 3, 2)}
    assert {first for _, first in fits} == {0.07}


def test_the_reconstructed_value_is_marked_and_explained():
    (cell,) = reconstructions()
    assert (cell["prediction"], cell["printed"], cell["read_as"]) == ("P8", 0.7, 0.07)
    assert published_value("P8", S_ALL, "average_precision") == cell["read_as"]


def test_an_average_precision_of_seven_tenths_is_out_of_reach_at_that_auc():
    """Of n cases ordered by risk with k outcomes first and the rest last, AUC is at least k's share of outcomes.

    An average precision of .7 needs a recall r reached at a mean precision of at least .7 - (1 - r) times the
    prevalence's ceiling, so at 17% prevalence at least half of the outcomes must stand nearly first; the AUC is then
    at least that half.
    """
    highest = prevalence_range()["highest"]
    for r in [step / 1000 for step in range(1001)]:
        # best case for AP at given AUC: a share r of outcomes first with precision 1, the others last of all,
        # where their precision is at most the prevalence
        ap, auc = r + (1 - r) * highest, r
        if ap >= 0.7:
            assert auc > 0.56
            break


@pytest.mark.parametrize(("question", "people"), [("role", 129), ("uses", 129)])
def test_the_poll_adds_up(question, people):
    answers = [answer for answer in poll_answers() if answer.question == question]
    assert sum(round(100 * answer.share) for answer in answers) == 100
    assert {answer.answers for answer in answers} == {people}


def test_the_authority_left_out_is_the_one_named():
    assert leaking_authorities() == ("LA1",)
    assert published_value("P9", S_ALL, "auc") is None
