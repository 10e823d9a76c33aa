"""The poll beside the decision curve: twenty cases worked by hand, and words that follow the numbers."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import small_tables as small
from scipy.stats import norm

from analysis.book.sentences import poll_uses as words
from analysis.model import Cases
from analysis.performance import decision_curve
from analysis.protocol import load_protocol
from analysis.protocol.values import PollUses
from analysis.published import poll_answers
from analysis.tables.poll_uses import use_of_models, uses

EARLY_HELP, DISCUSS = "identify families for early help", "prioritise cases to discuss with a manager"
CLOSE = "help to decide whether to close a case"
INTERVENE = "decide whether a family meets the threshold for intervention"
# Twenty children: four have the outcome. At a risk of 0.25 three are flagged, two of them rightly; at 0.20 five and
# three; at 0.10 ten and three; at 0.05 all of the first sixteen, with all four outcomes.
RISKS = [0.60, 0.40, 0.30, 0.22, 0.20, 0.15, 0.14, 0.13, 0.12, 0.10, 0.09, 0.08, 0.07, 0.06, 0.06, 0.05]
RISKS += [0.04, 0.03, 0.02, 0.01]
WITH_OUTCOME = (0, 1, 3, 12)


@pytest.fixture
def by_hand():
    """The net benefits of twenty cases, through the maker of decision curves and the release gate."""
    outcome = np.isin(np.arange(20), WITH_OUTCOME)
    cases = Cases(outcome, np.arange(20), np.full(20, np.datetime64("2015-01-01")))
    split = SimpleNamespace(test=np.arange(20))
    design = SimpleNamespace(split=split, test_risk=np.array(RISKS), threshold=0.25, slug=small.S_ALL)
    protocol = load_protocol()
    few = protocol.uncertainty.model_copy(update={"replicates": 200})
    protocol = protocol.model_copy(update={"uncertainty": few})
    curve = small.released("decision_curve", decision_curve({small.S_ALL: design}, cases, protocol))
    return use_of_models({("LA2", "P3"): {"decision_curve": curve}}, protocol).frame.set_index("use")


def test_twenty_cases_by_hand(by_hand):
    """Net benefit is true / 20 - false / 20 / false alarms accepted; flagging all, 4 / 20 - 16 / 20 / the same."""
    expected = {
        INTERVENE: (2 / 20 - 1 / 20 / 3, max(0, 4 / 20 - 16 / 20 / 3)),
        CLOSE: (3 / 20 - 2 / 20 / 4, max(0, 4 / 20 - 16 / 20 / 4)),
        DISCUSS: (3 / 20 - 7 / 20 / 9, max(0, 4 / 20 - 16 / 20 / 9)),
        EARLY_HELP: (4 / 20 - 12 / 20 / 19, max(0, 4 / 20 - 16 / 20 / 19)),
    }
    for use, (benefit, without) in expected.items():
        row = by_hand.loc[use]
        assert row["net_benefit"] == pytest.approx(1000 * benefit), use
        assert row["without_a_model"] == pytest.approx(1000 * without, abs=1e-9), use
        assert row["gain"] == pytest.approx(1000 * (benefit - without)), use


def test_the_shares_and_trade_offs_are_those_printed_and_registered(by_hand):
    assert by_hand.loc[EARLY_HELP, "share"] == 0.26 and by_hand.loc[EARLY_HELP, "false_alarms"] == 19
    assert by_hand.loc[INTERVENE, "threshold"] == 0.25
    low, high = by_hand.loc[EARLY_HELP, ["share_low", "share_high"]]
    assert 0.18 < low < 0.26 < high < 0.35


def test_every_use_that_the_poll_named_has_a_trade_off_and_no_other():
    named = {a.answer for a in poll_answers() if a.question == "uses" and not a.answer.startswith("none")}
    assert set(load_protocol().poll_uses.false_alarms_per_true_alarm) == named
    assert PollUses(false_alarms_per_true_alarm={"a": 1, "b": 99}, source="").thresholds == {"a": 0.5, "b": 0.01}


def curves(gain, half_width):
    """A model whose net benefit is that of the better simple policy and this much more, at every threshold."""
    frame = small.decision_curve().frame
    without = frame["net_benefit_all"].clip(lower=0)
    ends = {"net_benefit_low": without + gain - half_width, "net_benefit_high": without + gain + half_width}
    table = small.released("decision_curve", frame.assign(net_benefit=without + gain, **ends))
    return use_of_models({("LA2", "P3"): {"decision_curve": table}}, small.PROTOCOL)


@pytest.mark.parametrize(
    ("gain", "half_width", "verdict", "said"),
    [
        (0.02, 0.01, "better", "four of four models are clearly better"),
        (-0.02, 0.01, "not better", "none of four models is clearly better"),
        (0.005, 0.01, "cannot tell", "none of four models is clearly better"),
    ],
)
def test_a_model_is_better_only_where_its_interval_is(gain, half_width, verdict, said):
    models = curves(gain, half_width)
    assert set(models.frame["verdict"]) == {verdict}
    summary = uses(models, small.PROTOCOL)
    assert set(summary.frame[verdict.replace(" ", "_")]) == {4} and set(summary.frame["models"]) == {4}
    assert list(summary.frame["middle_gain"]) == pytest.approx([1000 * gain] * 4)
    assert all(said in sentence and "if it is taken to accept" in sentence for sentence in words.read_uses(summary))


def test_without_a_model_the_poll_is_still_shown():
    assert use_of_models({}, small.PROTOCOL) is None
    summary = uses(None, small.PROTOCOL)
    assert set(summary.frame["models"]) == {0} and pd.isna(summary.frame["middle_gain"]).all()
    assert "nothing is known of any model" in words.read_uses(summary)[0]


@pytest.mark.parametrize("level", [0.5, 0.99])
def test_the_intervals_of_the_poll_are_at_the_protocols_level(level):
    protocol = load_protocol()
    protocol = protocol.model_copy(update={"uncertainty": protocol.uncertainty.model_copy(update={"level": level})})
    row = uses(None, protocol).frame.set_index("use").loc[EARLY_HELP]
    people = next(answer.answers for answer in poll_answers() if answer.answer == EARLY_HELP)
    z = norm.ppf((1 + level) / 2)
    middle, around = (row["share"] + z**2 / (2 * people)) / (1 + z**2 / people), z / (1 + z**2 / people)
    around *= np.sqrt(row["share"] * (1 - row["share"]) / people + z**2 / (4 * people**2))
    assert (row["share_low"], row["share_high"]) == pytest.approx((middle - around, middle + around), rel=1e-5)
