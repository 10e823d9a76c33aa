"""What results say of the next authority: recomputed simply, in words that follow the numbers."""

import re

import next_tables as tables
import numpy as np
import pytest
import small_tables as small
from scipy import integrate
from scipy.special import expit, logit
from scipy.stats import lognorm, norm, t

from analysis.book.sentences import next_authority as words
from analysis.study.transport import same_question
from analysis.tables.next_authority import BY_T, ONE_RESULT, WITH_PRIOR
from analysis.tables.random_effects import interval_with_prior, prediction_interval

PRIOR = small.PROTOCOL.next_authority.spread_of_auc


def test_the_prediction_interval_is_the_textbook_formula():
    """Three results, equally exact: the mean is plain, and the variance between them is what error leaves."""
    estimates, errors = np.array([0.2, 0.8, 1.4]), np.full(3, 0.1)
    between = estimates.var(ddof=1) - 0.1**2
    error = np.sqrt(estimates.var(ddof=1) / 3)
    half = t.ppf(0.975, 1) * np.sqrt(between + error**2)
    assert prediction_interval(estimates, errors, 0.95) == pytest.approx((0.8, 0.8 - half, 0.8 + half), rel=1e-4)


def test_results_that_agree_still_leave_their_own_errors():
    mean, low, high = prediction_interval(np.full(5, 0.5), np.full(5, 0.2), 0.95)
    half = t.ppf(0.975, 3) * 0.2 / np.sqrt(5)
    assert (mean, low, high) == pytest.approx((0.5, 0.5 - half, 0.5 + half), rel=1e-4)


KACKER = np.array([61.0, 61.4, 62.21, 62.3, 62.34, 62.6, 62.7, 62.84, 65.9])
KACKER_VARIANCES = np.array([0.2025, 1.21, 0.09, 0.2025, 0.3844, 0.5625, 0.0676, 0.0225, 1.8225])


def test_the_published_example_of_nine_laboratories():
    """Kacker (2004), Metrologia 41:132, table 1: a spread of .8399 by Paule and Mandel; metafor's mean is 62.4076.

    Its usual standard error, .3380, is not what Hartung and Knapp's formula gives, recomputed here; the larger counts.
    """
    between = 0.8399**2
    weights = 1 / (KACKER_VARIANCES + between)
    mean = (weights * KACKER).sum() / weights.sum()
    assert mean == pytest.approx(62.4076, abs=2e-4) and weights.sum() ** -0.5 == pytest.approx(0.3380, abs=1e-4)
    hartung_knapp = (weights * (KACKER - mean) ** 2).sum() / (8 * weights.sum())
    half = t.ppf(0.975, 7) * np.sqrt(between + max(hartung_knapp, 1 / weights.sum()))
    found = prediction_interval(KACKER, np.sqrt(KACKER_VARIANCES), 0.95)
    assert found == pytest.approx((62.4076, 62.4076 - half, 62.4076 + half), abs=1e-3)


def test_where_results_differ_less_than_chance_hartung_and_knapp_alone_would_be_too_narrow():
    """Four equal results: by their formula the mean is known exactly; the usual error does not let that pass."""
    estimates, errors = np.full(4, 0.6), np.array([0.2, 0.3, 0.25, 0.2])
    _, low, high = prediction_interval(estimates, errors, 0.95)
    assert (high - low) / 2 == pytest.approx(t.ppf(0.975, 2) / np.sqrt((1 / errors**2).sum()), rel=1e-4)


def test_results_of_six_questions_may_say_nothing_at_all_and_the_words_say_so():
    """As in a rehearsal in which the next result could be anything from .29 to .95."""
    said = words.read_spread(tables.spread_table(aucs=(0.7, 0.7, 0.93, 0.45, 0.6, 0.8, 0.9, 0.5), half_width=0.04))
    low, high = (float(end) for end in re.search(r"anywhere from ([.\d]+) to ([.\d]+\d)", said).groups())
    assert low < 0.35 and high > 0.94 and "assure the next authority of nothing" in said


def test_the_interval_with_a_prior_is_the_integral():
    """By simple quadrature over the spread, with scipy's own log-normal."""
    estimates, errors = np.array([0.4, 0.9, 1.1, 0.7]), np.array([0.1, 0.2, 0.15, 0.1])
    middle = expit(estimates.mean())
    width = np.sqrt(np.log(1 + (PRIOR.standard_deviation / PRIOR.mean) ** 2))
    prior = lognorm(width, scale=PRIOR.mean / np.exp(width**2 / 2) / (middle * (1 - middle)))
    assert prior.mean() * middle * (1 - middle) == pytest.approx(PRIOR.mean)

    def at(spread):
        variance = errors**2 + spread**2
        mean = (estimates / variance).sum() / (1 / variance).sum()
        fit = np.prod(norm.pdf(estimates, mean, np.sqrt(variance))) / np.sqrt((1 / variance).sum())
        return fit * prior.pdf(spread), mean, np.sqrt(spread**2 + 1 / (1 / variance).sum())

    def below(value):
        part = integrate.quad(lambda s: at(s)[0] * norm.cdf(value, *at(s)[1:]), 0.01, 2, limit=200)[0]
        return part / integrate.quad(lambda s: at(s)[0], 0.01, 2, limit=200)[0]

    middle_value, low, high = interval_with_prior(estimates, errors, PRIOR, 0.95)
    assert (below(low), below(middle_value), below(high)) == pytest.approx((0.025, 0.5, 0.975), abs=2e-3)


def test_the_table_leaves_out_leaking_authorities_and_ends_with_the_next_one():
    frame = tables.spread_table().frame
    assert list(frame["row"]) == [ONE_RESULT] * 8 + [BY_T, WITH_PRIOR]
    last = frame.iloc[8]
    assert last["results"] == 6 and last["auc_low"] < 0.55 and last["auc_high"] > 0.8
    counted = frame[:8][frame["in_verdict"][:8] == "yes"]
    effects = logit(counted["auc"].to_numpy(float))
    errors = (logit(counted["auc_high"].to_numpy(float)) - logit(counted["auc_low"].to_numpy(float))) / (
        2 * norm.ppf(0.975)
    )
    expected = expit(prediction_interval(effects, errors, 0.95))
    assert (last["auc"], last["auc_low"], last["auc_high"]) == pytest.approx(tuple(expected))


def test_an_interval_that_reaches_guessing_is_said_to_and_one_that_does_not_is_not():
    wide = words.read_spread(tables.spread_table(aucs=(0.7, 0.7, 0.9, 0.5, 0.6, 0.8, 0.95, 0.55)))
    assert "anywhere from" in wide and "reaches below a half" in wide
    narrow = words.read_spread(tables.spread_table(aucs=(0.7,) * 8))
    assert "All of it is above a half" in narrow and "reaches below" not in narrow


def test_one_authority_or_two_results_say_nothing_of_the_next():
    one = {problem: page for problem, page in tables.world().items() if problem[0] == "LA2"}
    from analysis.tables.next_authority import spread

    table = spread(one, small.PROTOCOL, {})
    assert set(table.frame["row"]) == {ONE_RESULT}
    assert "cannot tell what to expect" in words.read_spread(table)
    assert words.read_spread(None) == words.NOT_STUDIED and spread({}, small.PROTOCOL, {}) is None


def test_results_whose_intervals_meet_are_not_ranked():
    """Above by one measure alone is not above."""
    by_auc_alone = tables.league_table(aucs=(0.9, *(0.6,) * 7), standardised=(0.2,) * 8)
    assert set(by_auc_alone.frame["standing"]) == {"not clearly apart from any of 7 others"}
    assert "cannot be ranked" in words.read_league(by_auc_alone)
    by_both = tables.league_table(aucs=(0.9, *(0.6,) * 7), standardised=(0.6, *(0.2,) * 7))
    assert list(by_both.frame["standing"])[0] == "clearly above 7 and clearly below 0 of 7 others"
    assert set(by_both.frame["standing"][1:]) == {"clearly above 0 and clearly below 1 of 7 others"}
    assert "cannot be ranked" not in words.read_league(by_both)


def test_whose_results_are_left_out_is_said():
    world = dict.fromkeys([("LA1", "P1"), ("LA1", "P2"), ("LA2", "P3")])
    assert words.read_left_out(world, {("LA2", "P3"): None}) == "LA1 is left out, because leakage was found there."
    assert words.read_left_out(world, world) == ""


def test_a_question_is_the_same_by_its_definition_and_not_by_its_name():
    pairs = {(home.outcome, away.outcome) for home, away in same_question(small.PROTOCOL.problems)}
    assert pairs == {("P2", "P5"), ("P5", "P2")}
    problems = list(small.PROTOCOL.problems)
    wider = problems[4].prediction.model_copy(update={"exclude_if_open": ("care",)})
    problems[4] = problems[4].model_copy(update={"prediction": wider})
    assert not list(same_question(problems))
    named_alike = [p.prediction.model_copy(update={"title": "the same", "question": "the same"}) for p in problems]
    alike = [p.model_copy(update={"prediction": named}) for p, named in zip(problems, named_alike, strict=True)]
    assert not list(same_question(alike))


def test_a_moved_model_is_called_what_it_is():
    assert "no clear difference" in words.read_transport(tables.transport_table())
    assert "it is clearly worse" in words.read_transport(tables.transport_table(0.05, "worse"))
    assert "2.00 had it as the model came, and 1.00 after" in words.read_transport(tables.transport_table())
    leaks = words.whose_leaks(small.LEFT_OUT, tables.transport_table())
    assert leaks.startswith("Leakage was found in LA1.")
    assert words.whose_leaks({}, tables.transport_table()) == "" == words.whose_leaks(small.LEFT_OUT, None)
