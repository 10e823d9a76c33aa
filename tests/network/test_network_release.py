"""The tables of the network study are read together, so they are released together."""

import pandas as pd
import pytest

from analysis.disclosure import attack, release, release_all
from analysis.disclosure.relations import count_constraints
from analysis.network.catalogue import NETWORK_TABLES
from analysis.protocol import load_protocol
from analysis.protocol.values import Preset

RULES = load_protocol().disclosure
DFE = RULES.presets["dfe"]


def row(table, **cells):
    """One row of a table with these cells and no other."""
    empty = {column.name: None for column in NETWORK_TABLES[table].columns}
    return pd.DataFrame([empty | cells])


def rows(table, *every):
    return pd.concat([row(table, **cells) for cells in every], ignore_index=True)


def found(frames, preset: Preset = DFE):
    return [finding.quantity for finding in attack(frames, NETWORK_TABLES, preset)]


@pytest.mark.parametrize("preset", ["synthetic", "dfe", "research"])
def test_every_table_passes_the_release_gate(results, preset):
    released = release_all(results, NETWORK_TABLES, preset=preset, rules=RULES)
    assert released.keys() == results.keys()
    if preset != "synthetic":
        assert not found({name: table.frame for name, table in released.items()}, RULES.presets[preset])


def test_tables_released_one_by_one_give_small_counts_away(results):
    """Why they are not: what one table withholds, another lets be worked out."""
    alone = {name: release(NETWORK_TABLES[name], frame, preset="dfe", rules=RULES) for name, frame in results.items()}
    assert found({name: table.frame for name, table in alone.items()})


def test_every_relation_between_the_tables_holds_of_the_results(results):
    counts = count_constraints(results, NETWORK_TABLES)
    assert not [key for key, row_ in counts.rows.items() if row_.distinguished]
    held = 0
    for equation in counts.equations:
        values = [counts.values.get(name) for name in equation.terms]
        if None not in values:
            total = sum(factor * value for factor, value in zip(equation.terms.values(), values, strict=True))
            assert equation.low - 0.5 <= total <= equation.high + 0.5, equation.words
            held += 1
    assert held > 100


def test_a_small_subgroup_is_the_sample_without_the_others():
    samples = row("network_samples", sample="all", notifications=400 + 300 + 3)
    of_gender = {"sample": "all", "characteristic": "gender"}
    groups = rows(
        "network_error_rates",
        {**of_gender, "subgroup": "female", "notifications": 400},
        {**of_gender, "subgroup": "male", "notifications": 300},
        {**of_gender, "subgroup": "not stated", "notifications": None},
    )
    told = "notifications of all notifications, gender not stated"
    assert told in found({"network_samples": samples, "network_error_rates": groups})
    assert told not in found({"network_error_rates": groups})


def test_first_notifications_are_all_without_the_subsequent():
    samples = rows(
        "network_samples",
        {"sample": "all", "high_concern": 60 + 4},
        {"sample": "first", "high_concern": None},
        {"sample": "subsequent", "high_concern": 60},
    )
    assert "high_concern of first notifications" in found({"network_samples": samples})


def test_a_tree_that_cuts_at_one_counts_what_the_predictors_table_counts():
    of_tree = {"predictor": "nAbusersR", "network": "recorded", "threshold": 1}
    tree = row("network_trees", **of_tree, above=None, below=500 - 4)
    predictors = row(
        "network_predictors", sample="first", predictor="nAbusersR", group="recorded network", above_zero=4
    )
    assert "notifications of first notifications, recorded nAbusersR above" in found(
        {"network_trees": tree, "network_predictors": predictors}
    )
    assert not found({"network_trees": tree.assign(below=None)})


def test_ages_add_up_to_the_side_of_the_tree():
    of_tree = {"predictor": "nAbusersR", "network": "recorded"}
    tree = row("network_trees", **of_tree, threshold=2, above=40 + 5)
    ages = rows(
        "network_tree_incidence",
        {**of_tree, "group": "above", "age_years": 1, "notifications": 40},
        {**of_tree, "group": "above", "age_years": 2, "notifications": None},
    )
    assert "notifications of first notifications, recorded nAbusersR above, age 2" in found(
        {"network_trees": tree, "network_tree_incidence": ages}
    )


def test_calibration_groups_add_up_to_the_sample():
    samples = row("network_samples", sample="all", high_concern=30 + 2)
    tenths = rows(
        "network_calibration",
        {"sample": "all", "group": "1", "high_concern": None},
        {"sample": "all", "group": "2", "high_concern": 30},
    )
    assert "high_concern of all notifications, tenth 1" in found(
        {"network_samples": samples, "network_calibration": tenths}
    )
