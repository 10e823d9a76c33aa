"""How near the synthetic worlds come to the published values: distances by hand, and a record that is not stale."""

import pytest
import small_tables as small

from analysis.book.sentences.agreement import read_agreement, read_worlds_beside
from analysis.disclosure.derive import derive
from analysis.protocol import load_protocol
from analysis.published import published_value
from analysis.study.evidence_files import fingerprint_of_truth, read_fresh_worlds
from analysis.tables.agreement import SHOWN, FreshWorlds, agreement, median_world, worlds_beside
from analysis.tables.summaries import england_summary
from data_synthetic.england.held_out import RECORDED, seeds_from, seeds_held_out

PAIR = ("LA2", "P3")
# Published of P3: .41 and .38 from all cases, .03 and .03 from earlier cases; AUC .75, .70, .58, .59


def worlds(*average_precisions: tuple[float, ...], prediction: str = "P3") -> FreshWorlds:
    """A record of worlds with only one prediction in them, each model with the published AUC."""
    models = [
        {"seed": seed, "prediction": prediction, "design": design, "average_precision": value}
        | {"auc": published_value(prediction, design, "auc"), "prevalence": 0.03}
        for seed, values in enumerate(average_precisions, start=1)
        for design, value in zip(small.DESIGNS, values, strict=True)
    ]
    return FreshWorlds.model_validate(
        {"made": "2026-11-22", "command": "c", "truth": "t", "held_out": "h", "models": models}
    )


@pytest.fixture
def distances():
    """The world shown is .01, .01, .01 and .03 away from the published values; the others .1 and .2 throughout."""
    shown = small.performance(average_precision=(0.42, 0.37, 0.04, 0.06))
    away = tuple(published_value("P3", design, "average_precision") + 0.1 for design in small.DESIGNS)
    further = tuple(value + 0.1 for value in away)
    return agreement(england_summary({PAIR: {"performance": shown}}), worlds(away, further))


def test_each_world_has_its_median_and_largest_distance(distances):
    frame = distances.frame.set_index("world")
    assert list(frame.index) == [SHOWN, "seed 1", "seed 2"] and (frame["models"] == 4).all()
    assert frame["average_precision_median"].tolist() == pytest.approx([0.01, 0.1, 0.2])
    assert frame["average_precision_largest"].tolist() == pytest.approx([0.03, 0.1, 0.2])
    # The AUCs shown are .8, .75, .6, .65 in the order of the designs
    auc = [abs(a - published_value("P3", d, "auc")) for d, a in zip(small.DESIGNS, (0.8, 0.75, 0.6, 0.65), strict=True)]
    assert frame.loc[SHOWN, "auc_largest"] == pytest.approx(max(auc)) and frame.loc["seed 1", "auc_largest"] == 0


def test_pairs_lower_from_earlier_cases_are_counted(distances):
    frame = distances.frame.set_index("world")
    assert (frame["pairs"] == 2).all() and (frame["lower_from_earlier"] == 2).all()


def test_the_sum_of_squares_is_in_standard_deviations_between_worlds(distances):
    """Two worlds .1 apart: a standard deviation of .0707; the AUCs of both are the published ones."""
    frame = distances.frame.set_index("world")
    assert frame.loc["seed 1", "distance"] == pytest.approx(4 * 2) and frame.loc["seed 2", "distance"] == pytest.approx(
        4 * 8
    )


def test_the_sentence_says_when_the_world_shown_is_the_luckiest(distances):
    words = read_agreement(distances)
    assert "within 0.01 of the published one, and the furthest is 0.03 away" in words
    assert "In two worlds" in words and "0.10 to 0.20" in words
    far = distances.frame.assign(distance=[0.5, 2.0, 3.0])
    words = read_agreement(derive(distances.specification, lambda _: far, distances))
    assert "none of the others lie nearer to the published values than the world shown and two further away." in words
    assert words.endswith("Part of the agreement shown is luck.")


def test_the_sentence_says_when_it_is_not():
    shown = small.performance(average_precision=(0.9, 0.9, 0.9, 0.9))
    published = tuple(published_value("P3", design, "average_precision") for design in small.DESIGNS)
    table = agreement(england_summary({PAIR: {"performance": shown}}), worlds(published))
    assert read_agreement(table).endswith(
        "one of the others lies nearer to the published values than the world shown and none further away."
    )


def test_the_median_world_is_neither_the_nearest_nor_the_furthest():
    published = [published_value("P3", design, "average_precision") for design in small.DESIGNS]
    away = [tuple(value + by for value in published) for by in (0.3, 0.01, 0.1)]
    assert median_world(worlds(*away)) == 3


def test_the_world_shown_is_not_another_world():
    summary = england_summary({PAIR: {"performance": small.performance(average_precision=(0.4, 0.4, 0.1, 0.1))}})
    record = worlds((0.1, 0.1, 0.1, 0.1), (0.2, 0.2, 0.2, 0.2))
    assert list(agreement(summary, record, shown=2).frame["world"]) == [SHOWN, "seed 1"]


def beside(*average_precisions, shown=(0.42, 0.37, 0.04, 0.06), left_out=()):
    summary = england_summary({PAIR: {"performance": small.performance(average_precision=shown)}})
    return read_worlds_beside(worlds_beside(summary, worlds(*average_precisions), left_out, mark=0.65))


def test_a_published_value_that_no_world_reaches_is_not_among_them():
    """Published .41, .38, .03, .03: the first two lie between these worlds; of the world shown only the third does."""
    words = beside((0.40, 0.37, 0.035, 0.2), (0.415, 0.39, 0.05, 0.3), shown=(0.42, 0.36, 0.04, 0.06))
    assert words.startswith("For two of four models the published value") and "two worlds" in words
    assert "for one the value shown does" in words and "the mark of 0.65 in none of these worlds." in words


def test_a_published_value_beyond_two_standard_deviations_is_named():
    """Published .41: these worlds have .30 and .31. Published .38, .03, .03 lie within."""
    words = beside((0.30, 0.37, 0.03, 0.03), (0.31, 0.40, 0.04, 0.04))
    assert words.endswith("does not lead to it: P3 (structured data, all cases).") and "For one the published" in words


def test_worlds_in_which_text_adds_as_much_as_published_are_counted():
    """P6 as published: .38 and with text .33 from all cases; .47 and with text .54 from earlier cases."""
    summary = england_summary(
        {("LA3", "P6"): {"performance": small.performance(average_precision=(0.4, 0.3, 0.4, 0.5))}}
    )
    record = worlds((0.4, 0.3, 0.40, 0.47), (0.4, 0.3, 0.40, 0.46), prediction="P6")
    words = read_worlds_beside(worlds_beside(summary, record, (), mark=0.65))
    assert words.endswith("in which it adds as much is one for P6 (learned from earlier cases, 0.07).")
    assert "Where text added" not in beside((0.4, 0.3, 0.1, 0.1), (0.4, 0.5, 0.1, 0.2))  # none was published of P3


def test_a_world_in_which_a_model_passes_the_mark_is_counted_unless_the_model_does_not_count():
    passing, other = (0.7, 0.1, 0.1, 0.1), (0.1, 0.1, 0.1, 0.1)
    assert "passes the mark of 0.65 in one of these worlds." in beside(passing, other)
    assert "passes the mark of 0.65 in none of these worlds." in beside(passing, other, left_out={PAIR})


def test_a_run_of_other_predictions_has_nothing_to_compare():
    words = read_agreement(agreement(england_summary({}), worlds((0.1, 0.1, 0.1, 0.1))))
    assert words == "There is nothing to compare with the published values."


def test_the_record_is_of_the_truth_as_it_stands():
    """Change `truth.yml`, and the worlds of other seeds must be drawn again: `python -m benchmarks.fresh_worlds`."""
    assert read_fresh_worlds().truth == fingerprint_of_truth()


def test_the_record_holds_every_model_of_the_worlds_held_out():
    protocol, models = load_protocol(), read_fresh_worlds().models
    assert read_fresh_worlds().held_out == RECORDED
    assert tuple(dict.fromkeys(model.seed for model in models)) == seeds_held_out()
    expected = {(p, d.slug) for p in protocol.predictions for d in protocol.design_list}
    for seed in seeds_held_out():
        assert {(model.prediction, model.design) for model in models if model.seed == seed} == expected


def test_the_world_shown_is_the_median_of_the_worlds_held_out():
    assert load_protocol().seeds.synthetic_england == median_world(read_fresh_worlds())


def test_another_word_than_the_recorded_one_is_refused():
    with pytest.raises(ValueError, match="recorded before tuning"):
        seeds_from("another word")
