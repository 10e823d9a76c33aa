"""One sort gives what scikit-learn gives, weight by weight, ties and all."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import norm
from sklearn.metrics import average_precision_score, roc_auc_score

from analysis.performance.ranking import average_precision, rank


@st.composite
def weighted_samples(draw):
    """Outcomes, risks with many ties, families, and integer weights of the families."""
    seed, count = draw(st.integers(0, 2**31)), draw(st.integers(2, 60))
    random = np.random.default_rng(seed)
    outcome = random.random(count) < draw(st.sampled_from([0.05, 0.3, 0.8]))
    risk = random.integers(0, draw(st.sampled_from([1, 3, 10, 10_000])), count) / 7
    family = np.unique(random.integers(0, max(1, count // 2), count), return_inverse=True)[1]
    weights = random.integers(0, 4, size=(family.max() + 1, 5)).astype(float)
    return outcome, risk, family, weights


@settings(max_examples=150, deadline=None)
@given(weighted_samples())
def test_average_precision_and_auc_equal_scikit_learns_with_sample_weight(sample):
    outcome, risk, family, weights = sample
    ranking = rank(outcome, risk, family, len(weights))
    precisions, aucs = ranking.average_precision(weights), ranking.auc(weights)
    for replicate, weight in enumerate(weights[family].T):
        if weight[outcome].sum() == 0:
            assert np.isnan(precisions[replicate])
            continue
        kept = weight > 0
        expected = average_precision_score(outcome[kept], risk[kept], sample_weight=weight[kept])
        assert precisions[replicate] == pytest.approx(expected, abs=1e-12)
        if weight[~outcome].sum() > 0:
            expected = roc_auc_score(outcome[kept], risk[kept], sample_weight=weight[kept])
            assert aucs[replicate] == pytest.approx(expected, abs=1e-12)


@settings(max_examples=100, deadline=None)
@given(weighted_samples(), st.sampled_from([0.02, 0.05, 0.5]))
def test_standardised_average_precision_is_reweighting_to_the_standard_prevalence(sample, standard):
    outcome, risk, _family, _ = sample
    assume(0 < outcome.sum() < len(outcome))
    prevalence = outcome.mean()
    weight = np.where(outcome, standard / prevalence, (1 - standard) / (1 - prevalence))
    ours = rank(outcome, risk).count(np.ones((len(outcome), 1))).standardised_average_precision(standard)[0]
    assert ours == pytest.approx(average_precision_score(outcome, risk, sample_weight=weight), abs=1e-12)


@settings(max_examples=50, deadline=None)
@given(weighted_samples())
def test_only_the_order_of_the_risks_matters(sample):
    outcome, risk, family, weights = sample
    stretched = np.exp(3 * risk / (1 + risk.max())) - 7
    one, other = (rank(outcome, values, family, len(weights)) for values in (risk, stretched))
    assert np.array_equal(one.auc(weights), other.auc(weights), equal_nan=True)
    assert np.array_equal(one.average_precision(weights), other.average_precision(weights), equal_nan=True)


@settings(max_examples=50, deadline=None)
@given(weighted_samples(), st.integers(0, 1000))
def test_the_order_of_rows_does_not_matter(sample, seed):
    outcome, risk, family, weights = sample
    mixed = np.random.default_rng(seed).permutation(len(outcome))
    one = rank(outcome, risk, family, len(weights)).auc(weights)
    other = rank(outcome[mixed], risk[mixed], family[mixed], len(weights)).auc(weights)
    assert np.array_equal(one, other, equal_nan=True)


def test_a_constant_risk_has_average_precision_at_prevalence_and_auc_a_half():
    outcome = np.array([True] * 3 + [False] * 17)
    assert average_precision(outcome, np.full(20, 0.3)) == pytest.approx(3 / 20)
    assert rank(outcome, np.full(20, 0.3)).auc(np.ones((20, 1)))[0] == 0.5


def test_a_useless_predictor_has_auc_a_half():
    random = np.random.default_rng(0)
    outcome, risk = random.random(40_000) < 0.1, random.random(40_000)
    auc = rank(outcome, risk).auc(np.ones((40_000, 1)))[0]
    # The standard error of AUC under chance is sqrt((P + N + 1) / (12 P N)), 0.0048 here.
    assert auc == pytest.approx(0.5, abs=4 * 0.0048)


def test_a_planted_auc_comes_back():
    """Scores N(1, 1) with the outcome and N(0, 1) without: AUC is Phi(1 / sqrt 2)."""
    random = np.random.default_rng(1)
    outcome = random.random(40_000) < 0.1
    auc = rank(outcome, random.normal(size=40_000) + outcome).auc(np.ones((40_000, 1)))[0]
    assert auc == pytest.approx(norm.cdf(1 / np.sqrt(2)), abs=0.015)


def test_a_replicate_without_outcomes_has_no_average_precision():
    ranking = rank(np.array([True, False]), np.array([0.2, 0.1]))
    assert np.isnan(ranking.average_precision(np.array([[0.0], [1.0]]))[0])
