"""A published number agrees with a run only by the run's interval, and only where shuffled models would not."""

from dataclasses import replace

import numpy as np
import pytest
import small_tables as small
from recounting import made_of

from analysis.claims import Agreement, Evidence, Verdict, assess, audit, claims, findings
from analysis.claims.agreement import OF_MODELS, shuffled_values
from analysis.claims.measures import MEASURES
from analysis.claims.shuffled import random_scores, shuffled
from analysis.disclosure.derive import derive
from analysis.disclosure.released import rows_with
from analysis.network.catalogue import NETWORK_TABLES

EVERY_FINDING = {claim.id: claim for claim in claims() if claim.finding}
FINDINGS = {name: claim for name, claim in EVERY_FINDING.items() if claim.source == "A"}
OF_RISKS = {name: claim for name, claim in FINDINGS.items() if claim.measure in OF_MODELS}
AGREES = {Agreement.INSIDE}
HALF_WIDTH = 0.05


def evidence(**tables) -> Evidence:
    world = {problem: page | tables for problem, page in small.world().items()}
    return Evidence(world, small.PROTOCOL, small.PROTOCOL)


@pytest.fixture(scope="module")
def worlds() -> tuple[Evidence, ...]:
    return tuple(shuffled(evidence()))


def beside(claim, run, worlds):
    return assess(claim, run, shuffled_values([claim], worlds).get(claim.id))


def test_what_the_run_has_computed_of_shuffled_risks_is_what_a_chapter_would_compute():
    run = evidence()
    computed = replace(run, under_chance=shuffled_values(claims(), shuffled(run)))
    assert audit(computed).frame.equals(audit(run).frame)
    assert findings(computed) == findings(run)
    assert {row.chance for row in findings(run)} != {row.chance for row in findings(replace(run, under_chance={}))}


def as_if_run(world: Evidence) -> Evidence:
    """Shuffled tables with intervals about their values, as a run on models that know nothing would have them."""

    def shuffled_table(problem, name, table):
        frame = rows_with(world.frame(name, of="study"), authority=problem[0], outcome=problem[1])
        ends = {"performance": ("value",), "operating_point": ("precision", "recall")}.get(name, ())
        for column in ends:
            value = frame[column].astype(float)
            frame = frame.assign(**{f"{column}_low": value - HALF_WIDTH, f"{column}_high": value + HALF_WIDTH})
        return derive(table.specification, lambda _: frame[list(table.frame)], table)

    tables = {
        problem: {name: shuffled_table(problem, name, table) for name, table in page.items()}
        for problem, page in world.world.items()
    }
    return Evidence(tables, small.PROTOCOL, small.PROTOCOL)


@pytest.mark.parametrize("name", OF_RISKS)
def test_with_shuffled_risks_no_finding_reads_as_agreement(name, worlds):
    to_compare_with, others = worlds[:6], worlds[6:12]
    for world in others:
        assert beside(OF_RISKS[name], as_if_run(world), to_compare_with).agreement not in AGREES


@pytest.mark.parametrize("name", OF_RISKS)
def test_without_shuffled_models_to_compare_with_no_finding_reads_as_agreement(name):
    assert assess(OF_RISKS[name], evidence()).agreement not in AGREES


AS_FOUND = {"comparisons": small.comparisons(text=(-0.05, 0.02))}
OTHERWISE = {
    "A-none-above-threshold": {"performance": small.performance(average_precision=(0.8, 0.8, 0.8, 0.8))},
    "A-auc-easy-win": {"performance": small.performance(auc=(0.5, 0.5, 0.5, 0.5))},
    "A-wrong-six-in-ten": {"operating_point": small.operating_point(flagged=25, true_positives=22)},
    "A-misses-four-in-five": {"operating_point": small.operating_point(flagged=60, true_positives=45)},
    "A-text-no-benefit": {"comparisons": small.comparisons(text=(0.2, 0.2))},
    "A-earlier-worse": {"comparisons": small.comparisons(earlier=(0.2, 0.2))},
    "A-bias-inconclusive": {"subgroup_pairs": small.subgroup_pairs(a=0.2, b=0.1)},
    "A-curves-rising-most": {"learning_curve_verdicts": small.learning(("level",) * 4)[1]},
}
OTHER = {Agreement.OUTSIDE, Agreement.OTHER_DIRECTION, Agreement.OTHER_NUMBER, Agreement.OUT_OF_RANGE}


def test_every_finding_about_models_has_a_world_in_which_it_comes_out_otherwise():
    assert set(OTHERWISE) == set(OF_RISKS)


@pytest.mark.parametrize("name", OTHERWISE)
def test_a_finding_comes_out_otherwise_in_another_world(name, worlds):
    assert beside(OF_RISKS[name], evidence(**OTHERWISE[name]), worlds).agreement in OTHER
    assert beside(OF_RISKS[name], evidence(**AS_FOUND), worlds).agreement not in OTHER


NETWORK_FINDINGS = [name for name, claim in EVERY_FINDING.items() if claim.source == "B"]


def networks(*, four: float, registry: float) -> Evidence:
    """Networks in which the best models of four predictors add this much, and a complete register keeps this much."""
    samples = ("all", "first", "subsequent")
    comments = {"best four-variable model": 0.65 + four}
    comments |= {"best four-variable model without whole-life relationships": 0.65}
    table_2 = [{"sample": s, "comment": c, "predictors": c, "auc": auc} for s in samples for c, auc in comments.items()]
    gains = {"ever_recorded": 0.02, "complete_registry": registry}
    whole_life = [{"sample": s, "reading": r, "gain": gain} for s in samples for r, gain in gains.items()]
    tables = {"network_table_2": table_2, "network_whole_life": whole_life}
    made = {name: made_of(NETWORK_TABLES[name], rows) for name, rows in tables.items()}
    return Evidence(small.world(), small.PROTOCOL, small.PROTOCOL, made)


@pytest.mark.parametrize("name", NETWORK_FINDINGS)
def test_a_finding_about_networks_comes_out_otherwise_in_another_world(name):
    as_found, otherwise = networks(four=0.01, registry=0.019), networks(four=-0.01, registry=0.001)
    assert assess(EVERY_FINDING[name], as_found).verdict is Verdict.HOLDS
    assert assess(EVERY_FINDING[name], otherwise).verdict is Verdict.DOES_NOT_HOLD


def test_no_finding_is_without_a_world_in_which_it_comes_out_otherwise():
    """But for the poll, which no run can repeat and which is therefore never said to agree."""
    of_the_poll = set(EVERY_FINDING) - set(OTHERWISE) - set(NETWORK_FINDINGS)
    assert {EVERY_FINDING[name].measure for name in of_the_poll} == {"poll_share"}
    for name in of_the_poll:
        assert assess(EVERY_FINDING[name], evidence()).agreement is Agreement.NOT_OF_A_RUN


def test_a_mean_of_errors_agrees_where_its_interval_holds_the_published_number(worlds):
    found = beside(FINDINGS["A-wrong-six-in-ten"], evidence(), worlds)
    # Six predictions outside LA1, each with intervals .4 wide: half = sqrt(6 (.4 / 6)^2) / 2 = .082
    assert found.agreement is Agreement.INSIDE and found.interval == "52% to 68%" and found.distance == "0 points"
    assert "would pass in 0 of 20 shuffles" in found.chance


def test_a_share_of_none_has_an_interval_from_its_counts(worlds):
    """Models that flag 25 children, none rightly: no bootstrap interval, and yet not certain to be wrong always."""
    none = small.operating_point(flagged=25, true_positives=0).frame.assign(precision_low=np.nan, precision_high=np.nan)
    found = assess(FINDINGS["A-wrong-six-in-ten"], evidence(operating_point=small.released("operating_point", none)))
    # Wilson: 0 of 25 is compatible with up to 1.96^2 / (25 + 1.96^2) = .133; six predictions: .133 / sqrt(6) / 2 = .027
    assert found.interval == "97% to 100%" and found.agreement is Agreement.OUTSIDE


def test_that_no_model_passes_the_mark_cannot_be_told_from_chance(worlds):
    found = beside(FINDINGS["A-none-above-threshold"], evidence(), worlds)
    assert found.agreement is Agreement.CANNOT_TELL
    assert found.chance == "0; would pass in 20 of 20 shuffles"


def test_groups_that_do_not_differ_give_the_published_contrast(worlds):
    first = [MEASURES["pairs_that_differ"](world, test="test_a").value for world in worlds]
    second = [MEASURES["pairs_that_differ"](world, test="test_b").value for world in worlds]
    assert np.mean(first) > 0.9 and 0.03 < np.mean(second) < 0.07
    assert beside(FINDINGS["A-bias-inconclusive"], evidence(), worlds).agreement is Agreement.CANNOT_TELL


@pytest.mark.parametrize(("cases", "positives"), [(200, 20), (50, 5), (3, 1)])
def test_random_orders_score_what_scikit_learn_gives_them(cases, positives):
    from sklearn.metrics import average_precision_score, roc_auc_score

    random = np.random.default_rng(1)
    outcome = np.arange(cases) < positives
    drawn = [random.random(cases) for _ in range(300)]
    precision = np.mean([average_precision_score(outcome, risk) for risk in drawn])
    area = np.mean([roc_auc_score(outcome, risk) for risk in drawn])
    ours = random_scores(cases, positives, 300, random).mean(axis=1)
    assert ours == pytest.approx([precision, area], abs=0.05)


def test_counts_that_allow_no_score_give_none():
    random = np.random.default_rng(1)
    assert np.isnan([random_scores(5, 0, 2, random), random_scores(5, 5, 2, random)]).all()


def test_a_withheld_count_has_no_shuffled_value():
    few = small.operating_point(positives=4, flagged=4, true_positives=2, preset="dfe")
    world = Evidence({("LA2", "P3"): {"operating_point": few}}, small.PROTOCOL, small.PROTOCOL)
    frame = next(shuffled(world, seeds=2)).frame("operating_point")
    assert frame["precision"].isna().all() and frame["true_positives"].isna().all()


def test_a_shuffled_run_flags_as_many_children_as_the_model():
    frame = next(shuffled(evidence(), seeds=1)).frame("operating_point")
    counted = frame["true_positives"] + frame["false_positives"]
    assert counted.eq(25).all() and (frame["true_positives"] + frame["false_negatives"]).eq(50).all()
    # 25 of 1,000 flagged at random of whom 50 have the outcome: 1.25 on average
    assert frame["true_positives"].astype(float).mean() == pytest.approx(1.25, abs=0.7)
