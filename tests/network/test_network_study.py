"""The study's own methods: trees, error rates, calibration, selection, and the look-ahead of whole-life links."""

from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.tree import DecisionTreeClassifier

from analysis.book.sentences.network import CalibrationRecord, read_search
from analysis.disclosure import release_all
from analysis.errors import CohortError
from analysis.network.analyse import study_counted, summary_table
from analysis.network.catalogue import NETWORK_TABLES
from analysis.network.cells import cells_of
from analysis.network.discrimination import difference_interval
from analysis.network.engine import materialise
from analysis.network.fairness import calibration, error_rates, fairness_tables
from analysis.network.permuted import permute, permute_between_families
from analysis.network.sample import Counted
from analysis.network.selection import near_best, recall_at
from analysis.network.study import (
    candidates,
    chosen_under_resampling,
    fit_all,
    fit_model,
    sample_of,
    small_subsets,
)
from analysis.network.tables import collect, notification_table, prepare
from analysis.network.trees import best_split, incidence_by_age, tree_table
from analysis.network.whole_life import PLACEBO, READINGS, gains, mean_over_seeds, whole_life_counts
from analysis.network.wider import links_within
from analysis.processes import side_by_side
from analysis.protocol import load_protocol
from analysis.published.networks import published_models
from data_synthetic.network import generate_world, load_truth


@pytest.fixture(scope="module")
def first(small_frame):
    return sample_of(small_frame, "first", unit_of_folds="child", level=0.95)


def test_every_table_described_is_made(results):
    drawn_with_several_seeds = {"network_whole_life_by_seed", "network_whole_life_mean"}
    assert set(results) == set(NETWORK_TABLES) - drawn_with_several_seeds


def test_there_are_528_small_models_and_three_full_ones(results):
    """165 + 55 + 11 + 1 on all and on subsequent notifications, 35 + 21 + 7 + 1 on first ones."""
    models = results["network_models"]
    assert (models["near_best"] != "full model").sum() == 2 * (165 + 55 + 11 + 1) + 35 + 21 + 7 + 1
    assert (models["near_best"] == "full model").sum() == 3


def test_the_summary_has_the_eleven_published_rows(results):
    summary = summary_table(results["network_table_2"])
    assert list(summary.columns) == ["sample", "predictors", "published", "run", "low", "high"]
    assert summary["published"].tolist() == [row.auc for row in published_models()]
    assert (summary["low"] < summary["run"]).all() and (summary["run"] < summary["high"]).all()


def test_flow_ends_with_the_sample(results, small_frame):
    flow = results["network_flow"]
    assert flow["remaining"].iloc[-1] == len(small_frame)
    assert (flow["remaining"].shift(fill_value=flow["remaining"].iloc[0]) - flow["removed"]).equals(flow["remaining"])


def test_the_example_counts_what_it_draws(results):
    people, values = results["network_example"], results["network_example_values"]
    for row in values.itertuples():
        panel = people[(people["moment"] == row.moment) & (people["network"] == row.network)]
        assert row.nNeighs == (panel["state"] == "in the network").sum()
    first = values.set_index(["moment", "network"]).loc["first notification"]
    assert first.loc["whole-life", "nWithNotes"] >= 1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 1)), min_size=2, max_size=60))
def test_the_split_is_as_pure_as_that_of_a_tree(rows):
    """Among equally pure thresholds either may stand, so impurity is compared."""
    values, concern = np.array(rows).T
    split = best_split(values, concern)
    tree = DecisionTreeClassifier(max_depth=1).fit(values[:, None], concern)
    if split is None or tree.tree_.node_count == 1:
        assert split is None or split.impurity_removed < 1e-12
        return
    share = tree.tree_.n_node_samples / len(values)
    removed = tree.tree_.impurity[0] - share[1] * tree.tree_.impurity[1] - share[2] * tree.tree_.impurity[2]
    assert split.impurity_removed == pytest.approx(removed)


def test_a_tree_finds_the_planted_threshold():
    values = np.repeat([0, 1, 2, 3], 100)
    concern = np.concatenate([np.tile([0, 0, 0, 1], 50), np.tile([0, 1, 1, 1], 50)])  # a quarter, then three
    frame = pd.DataFrame({"n": values, "concern": concern, "fold": np.tile(np.arange(10), 40), "Age": 3})
    row = tree_table(frame, {"n": "recorded"}, "fold").iloc[0]
    assert (row["threshold"], row["share_above"], row["incidence_above"], row["incidence_below"]) == (
        2,
        0.5,
        0.75,
        0.25,
    )


def test_first_notifications_without_any_relative_grow_no_tree_and_still_have_their_tables():
    frame = pd.DataFrame({"n": 0, "concern": [0, 1] * 10, "fold": np.tile(np.arange(10), 2), "Age": 3})
    trees = tree_table(frame, {"n": "recorded"}, "fold")
    tables = {"network_trees": trees, "network_tree_incidence": incidence_by_age(frame, trees)}
    released = release_all(tables, NETWORK_TABLES, preset="research", rules=load_protocol().disclosure)
    assert [len(released[name].frame) for name in tables] == [0, 0]


def test_calibration_of_true_risks_lies_on_the_diagonal():
    random = np.random.default_rng(3)
    risk = random.uniform(0.05, 0.9, 200_000)
    table = calibration(risk, (random.random(len(risk)) < risk).astype(int))
    assert table["notifications"].sum() == len(risk)
    assert (table["mean_risk"] - table["observed"]).abs().max() < 0.015  # 20,000 a group: four standard errors


def test_error_rates_are_those_of_a_count_by_hand():
    """Ten notifications, the fifth with the greatest risks flagged: one girl rightly, one boy wrongly."""
    rows = pd.DataFrame(
        {
            "gender": ["female"] * 5 + ["male"] * 5,
            "ethnicity": ["Māori"] * 10,
            "concern": [1, 1, 0, 0, 0, 0, 1, 0, 0, 0],
        }
    )
    risk = np.array([0.9, 0.3, 0.1, 0.1, 0.1, 0.8, 0.2, 0.1, 0.1, 0.1])
    table = error_rates(rows, risk, np.arange(10), 0.2, 0.95).set_index("subgroup")
    assert table.loc["female", "false_negative_rate"] == 1 / 2
    assert table.loc["female", "false_positive_rate"] == 0 / 3
    assert table.loc["male", "false_negative_rate"] == 1 / 1
    assert table.loc["male", "false_positive_rate"] == 1 / 4
    assert table.loc["everyone", "flagged"] == 2


def test_permuted_responses_keep_their_number_and_lose_their_meaning(first):
    permuted = permute_between_families(first, np.random.default_rng(2))
    assert permuted.sum() == first.concern.sum()
    search = fit_all(first, [("nWithNotesW", "nNeighsR", "nAbusersW")], permute(first, 3, seed=4))
    assert search.best_permuted.max() < 0.57 < fit_model(first, candidates("first")).area.auc


def test_each_permutation_is_counted_as_if_alone(first):
    """Three, so that one is left without a second."""
    cells, random = cells_of(first, ("Age", "nNeighsR")), np.random.default_rng(4)
    counts = permute(first, 3, seed=4).positives(cells)
    for found in counts:
        concern = permute_between_families(first, random)
        expected = np.zeros(cells.cases.shape, int)
        np.add.at(expected, (cells.of_notification, first.fold), concern)
        assert (found == expected).all()


def test_resampling_chooses_among_the_near_best(first):
    search = fit_all(first, small_subsets("first"))
    chosen = chosen_under_resampling(search, replicates=200, seed=1)
    often = np.bincount(chosen, minlength=len(search.table)).argmax()
    assert near_best(search)[often]
    assert near_best(search)[search.table["auc"].idxmax()]


def test_the_curve_has_the_area_of_the_model(first):
    """Trapezoids over a fine grid, risks of all folds together: within a hundredth of the mean over folds."""
    model = fit_model(first, ("nWithNotesW", "nWithNotesR"))
    grid = np.linspace(0, 1, 2001)
    recall = recall_at(model, grid)
    assert (np.diff(recall) >= 0).all()
    assert np.trapezoid(recall, grid) == pytest.approx(model.area.auc, abs=0.01)


def test_wider_networks_follow_links_step_by_step(backend, small_tables, definitions):
    """Within one step are the links themselves; every step adds people and moves nobody to a later day."""
    links = materialise(small_tables.links("recorded"))
    children = materialise(prepare(small_tables, definitions).notifications.select("child_id").distinct().limit(50))
    near, far = (
        links_within(children, links, steps).to_pyarrow().to_pandas().set_index(["child_id", "relative_id"])["since"]
        for steps in (1, 2)
    )
    assert near.index.isin(far.index).all() and len(far) > len(near)
    assert (far.loc[near.index] <= near).all()


@pytest.fixture(scope="module")
def null_gains(tables_of, definitions):
    """A world in which families share no risk."""
    world = generate_world(load_truth("no_family_risk"), share=0.03, seed=11)
    tables = tables_of(
        *(frame.to_arrow() for frame in (world.people, world.relationships, world.events, world.registry))
    )
    prepared = prepare(tables, definitions, materialise)
    frame = collect(notification_table(prepared, "ever_recorded"))
    readings = whole_life_counts(prepared, ("ever_recorded", "complete_registry"))
    return gains(frame, readings, unit_of_folds="child", level=0.95).set_index(["reading", "sample"])


def test_where_family_tells_nothing_a_complete_registry_adds_nothing(null_gains):
    registry = null_gains.loc["complete_registry"]
    assert (registry["gain_low"] <= 0).all()
    assert registry["gain"].abs().max() < 0.01


def test_where_family_tells_nothing_links_written_down_later_still_gain(null_gains):
    """Look-ahead: the link exists because something was to happen."""
    assert (null_gains.loc["ever_recorded"]["gain_low"] > 0).all()


def test_every_reading_has_a_gain_in_every_sample(results):
    found = results["network_whole_life"]
    assert set(found["reading"]) == {*READINGS, PLACEBO}
    assert found.groupby("reading")["sample"].nunique().eq(3).all()


def test_the_mean_over_seeds_is_students():
    """Gains 1, 2, 3: mean 2, standard deviation 1, t with two degrees of freedom 4.303; 2 ± 4.303 / √3."""
    frame = pd.DataFrame({"world": "w", "seed": "123", "sample": "all", "reading": "r", "gain": [1.0, 2.0, 3.0]})
    row = mean_over_seeds(frame, 0.95).iloc[0]
    assert row["gain"] == 2 and row["worlds"] == 3
    assert row["gain_high"] - 2 == pytest.approx(4.303 / np.sqrt(3), abs=1e-3)


def test_what_was_used_for_counting_is_what_the_registry_holds(small_tables, definitions):
    """With every link of the register, at least as many relatives with notifications are known as recorded by birth."""
    prepared = prepare(small_tables, definitions, materialise)
    counts = whole_life_counts(prepared, ("ever_recorded", "complete_registry"))
    assert (counts["complete_registry"]["nWithNotesW"] >= counts["ever_recorded"]["nWithNotesW"]).all()


def test_a_difference_is_as_sure_as_its_families(first):
    more, fewer = fit_model(first, ("nWithNotesW",)).area, fit_model(first, ()).area
    gain, low, high = difference_interval(more, fewer)
    assert low < gain < high
    assert high - low < 2 * 1.96 * (more.standard_error + fewer.standard_error)


@pytest.mark.parametrize("level", [0.5, 0.8])
def test_every_interval_of_the_networks_has_the_registered_coverage(small_frame, results, level):
    """At another level each interval is as much narrower as its quantile is: of areas, differences and coefficients."""
    counted = Counted(small_frame, {}, {})
    rows = replace(sample_of(small_frame, "all", unit_of_folds="child", level=0.95), level=level)
    model, rival = fit_model(rows, ("nWithNotesW",)), fit_model(rows, ())
    half = NormalDist().inv_cdf((1 + level) / 2) * model.area.standard_error
    assert model.area.interval == pytest.approx((model.area.auc - half, model.area.auc + half))
    wide = difference_interval(*(replace(one.area, level=0.95) for one in (model, rival)))
    narrow = difference_interval(model.area, rival.area)
    shorter = NormalDist().inv_cdf((1 + level) / 2) / NormalDist().inv_cdf(0.975)
    assert narrow[2] - narrow[0] == pytest.approx(shorter * (wide[2] - wide[0]))
    rates = fairness_tables(counted.frame, rows, model, 0.2)["network_error_rates"].set_index("subgroup")
    registered = fairness_tables(counted.frame, replace(rows, level=0.95), model, 0.2)["network_error_rates"]
    registered = registered.set_index("subgroup")
    for table, factor in ((rates, shorter), (registered, 1.0)):
        ends = table.loc["everyone", ["false_positive_rate_low", "false_positive_rate_high"]].astype(float)
        reach = registered.loc["everyone", ["false_positive_rate_low", "false_positive_rate_high"]].astype(float)
        assert np.ptp(ends) == pytest.approx(factor * np.ptp(reach))


def test_the_mean_over_worlds_has_the_registered_coverage():
    """With two degrees of freedom Student's quantile for 80% is 1.886."""
    frame = pd.DataFrame({"world": "w", "seed": "123", "sample": "all", "reading": "r", "gain": [1.0, 2.0, 3.0]})
    assert mean_over_seeds(frame, 0.8).iloc[0]["gain_high"] - 2 == pytest.approx(1.886 / np.sqrt(3), abs=1e-3)


@pytest.mark.parametrize("share", [0.1, 0.5])
def test_as_large_a_share_is_flagged_as_the_protocol_says(small_frame, share):
    rows = sample_of(small_frame, "all", unit_of_folds="child", level=0.95)
    rates = fairness_tables(small_frame, rows, fit_model(rows, ("nNotes",)), share)["network_error_rates"].iloc[0]
    assert share <= rates["flagged"] / rates["notifications"] < share + 0.2


def test_notifications_are_collected_in_order(small_frame):
    keys = small_frame[["child_id", "date"]]
    assert keys.equals(keys.sort_values(["child_id", "date"]).reset_index(drop=True))


@pytest.mark.parametrize("shown", [True, False])
def test_the_search_for_the_planted_values_is_owned_up_to(shown):
    sentence = read_search(CalibrationRecord(evaluations=350, on_seed_shown=shown))
    assert "about 350 worlds" in sentence and ("chance that was kept" in sentence) is shown


def test_samples_studied_side_by_side_are_those_studied_in_turn():
    in_two, here = (list(side_by_side(divmod, [(7, 2), (9, 4)], processes)) for processes in (2, 1))
    assert in_two == here == [(3, 1), (2, 1)]


@pytest.mark.parametrize("never", ["notified again", "of high concern"])
def test_networks_too_small_to_be_studied_are_refused_in_a_sentence_without_a_count(small_frame, definitions, never):
    frame = small_frame if never == "of high concern" else small_frame[small_frame["nNotes"].eq(0)]
    frame = frame.assign(concern=0) if never == "of high concern" else frame
    with pytest.raises(CohortError, match="move the folder 'networks' out of the data") as raised:
        study_counted(Counted(frame, {}, {}), definitions, published_models=(), level=0.95, seed=1)
    assert not any(character.isdigit() for character in "".join(raised.value.problems).replace("10 folds", ""))
