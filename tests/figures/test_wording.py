"""Words for numbers are true of every number."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.book.sentences.comparison import direction, signed
from analysis.book.sentences.performance import against_threshold, per_hundred
from analysis.book.sentences.words import (
    fraction,
    in_order,
    interval,
    is_missing,
    listed,
    number,
    percentage,
    plural,
    spelled,
)

shares = st.floats(0, 1)


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.8, "four in five"),
        (0.6, "three in five"),
        (0.62, "about three in five"),  # .02 from three in five, more than one point
        (0.5, "half"),
        (0.0, "none"),
        (1.0, "all"),
        (0.012, "fewer than one in twenty"),
        (0.99, "nearly all"),
        (float("nan"), "an unknown share"),
    ],
)
def test_a_share_becomes_an_everyday_fraction(share, words):
    assert fraction(share) == words


@given(shares)
def test_a_fraction_is_never_more_than_five_points_from_its_share(share):
    words = fraction(share).removeprefix("about ")
    values = {"none": 0, "all": 1, "half": 0.5, "fewer than one in twenty": 0.025, "nearly all": 0.975}
    names = {w: i for i, w in enumerate("zero one two three four five six seven eight nine ten".split())}
    names |= {"twenty": 20, "nineteen": 19}
    if words not in values:
        top, bottom = words.split(" in ")
        values[words] = names[top] / names[bottom]
    assert abs(values[words] - share) <= 0.05


@given(st.floats(-1, 1))
def test_a_number_never_reads_minus_nought(value):
    assert number(value) != "−0.00"
    assert not number(value).startswith("-")


@given(st.floats(-1, 1), st.floats(0, 1))
def test_turning_a_difference_round_turns_its_direction_round(middle, half):
    other = {"higher": "lower", "lower": "higher", "not clearly different": "not clearly different"}
    low, high = middle - half, middle + half
    assert direction(-high, -low) == other[direction(low, high)]


@given(st.floats(0, 1), st.floats(0, 0.5), st.floats(0, 1))
def test_an_interval_is_above_or_below_only_if_all_of_it_is(value, half, threshold):
    where = against_threshold(value - half, value + half, threshold)
    assert (where == "above") == (value - half > threshold)
    assert (where == "below") == (value + half < threshold)


@pytest.mark.parametrize("value", [None, pd.NA, float("nan")])
def test_what_was_withheld_is_said_to_be(value):
    assert is_missing(value)
    assert {number(value), percentage(value), interval(value, 0, 1), spelled(value)} == {"withheld"}
    assert per_hundred(value, 100) == "a withheld number"
    assert direction(value, 1) == "withheld"
    assert plural(value, "model") == "a withheld number of models"


def test_bands_of_age_stand_in_order_and_other_groups_as_they_come():
    bands = ["1 to 4", "10 to 15", "16 and over", "5 to 9", "under 1"]
    assert in_order(bands) == ["under 1", "1 to 4", "5 to 9", "10 to 15", "16 and over"]
    assert in_order(["White", "Mixed", "Black"]) == ["White", "Mixed", "Black"]


def test_small_words():
    assert listed(["a", "b", "c"]) == "a, b and c" and listed(["a"]) == "a" and listed([]) == "none"
    assert (
        plural(0, "model") == "no models" and plural(1, "model") == "one model" and plural(24, "model") == "24 models"
    )
    assert signed(0.031) == "+0.03" and signed(-0.031) == "−0.03" and signed(0.001) == "0.00"
    assert per_hundred(1, 4) == "25" and per_hundred(1, 8) == "12"  # 12.5 to even
    # 25 of 1,000 are 2.5 of 100; 100 of 1,000 are 10
    assert per_hundred(25, 1000) == "2.5" and per_hundred(100, 1000) == "10" and per_hundred(0, 1000) == "0"
    assert percentage(0.024) == "2.4%" and percentage(0.17) == "17%" and percentage(0.05) == "5%"
    assert percentage(-0.221) == "−22%" and percentage(-0.013) == "−1.3%"


@given(st.floats(-1, 1), st.floats(0, 1))
def test_an_interval_as_printed_shows_whether_zero_lies_inside(low, width):
    low += 0.0  # −0.0, from rounding by the gate, is below zero
    high = low + width
    first, last = interval(low + width / 2, low, high).split(" (")[1].removesuffix(")").split(" to ")
    assert first.startswith("−") == (low < 0) and last.startswith("−") == (high < 0)
