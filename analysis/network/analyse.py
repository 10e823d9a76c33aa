"""The whole study of family networks: three checked tables in, every table of results out."""

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.network.description import data_table, flow_table, predictors_table, samples_table
from analysis.network.engine import hold
from analysis.network.example import example_of
from analysis.network.selection import Published, study_sample
from analysis.network.study import SAMPLES, rows_of
from analysis.network.tables import NetworkTables, Prepared, prepare
from analysis.network.trees import incidence_by_age, tree_table
from analysis.network.whole_life import READINGS, frames_by_reading, gains, placebo_gains
from analysis.network.wider import wider_gains
from analysis.protocol.values import Networks

TREE_PREDICTORS = ("nWithNotes", "nWithTarget", "nAbusers")

Frames = dict[str, pd.DataFrame]


def analyse(
    tables: NetworkTables,
    definitions: Networks,
    *,
    published: Mapping,
    published_models: Sequence[Published],
    synthetic: bool,
    seed: int,
    wider_steps: Sequence[int] = (2,),
) -> Frames:
    """Every table of `NETWORK_TABLES` but those of worlds drawn with several seeds.

    Parameters
    ----------
    tables : NetworkTables
        On an engine (`analysis.network.engine.connect`).
    published, published_models
        What source B prints (`analysis.published.networks`).
    synthetic : bool
        Only then is one child's network shown: that child does not exist.
    wider_steps : sequence of int
        Wider networks to try; three steps take minutes at the size of a country.
    """
    prepared = prepare(tables, definitions, hold)
    readings = _readings(tables, definitions)
    frames = frames_by_reading(prepared, readings)
    frame = frames[definitions.whole_life_links]
    results: Frames = {
        "network_data": data_table(tables, published["data"]),
        "network_flow": flow_table(tables, definitions),
        "network_samples": samples_table(frame, published["samples"]),
        "network_predictors": predictors_table(frame),
        "network_comparators": pd.DataFrame(published["comparators"]),
    }
    parts = [study_sample(frame, sample, published_models, definitions, seed) for sample in SAMPLES]
    results |= {name: pd.concat([part[name] for part in parts], ignore_index=True) for name in parts[0]}
    results |= tree_tables(frames, definitions)
    results["network_whole_life"] = whole_life_table(prepared, frames, definitions)
    wider = [wider_gains(prepared, frame, steps, unit_of_folds=definitions.unit_of_folds) for steps in wider_steps]
    if wider:
        results["network_wider"] = pd.concat(wider, ignore_index=True)
    if synthetic:
        example = example_of(prepared, frame)
        results |= {"network_example": example.people, "network_example_values": example.values}
    return results


def tree_tables(frames: Mapping[str, pd.DataFrame], definitions: Networks) -> Frames:
    """Single-split trees on first notifications: recorded, whole-life and, where it is known, the complete registry."""
    fold = f"fold_by_{definitions.unit_of_folds}"
    shown = {definitions.whole_life_links: "whole-life", "complete_registry": "complete registry"}
    trees, incidence = [], []
    for reading, network in shown.items():
        if reading not in frames:
            continue
        first = rows_of(frames[reading], "first")
        networks = {f"{name}W": network for name in TREE_PREDICTORS}
        if network == "whole-life":
            networks = {f"{name}R": "recorded" for name in TREE_PREDICTORS} | networks
        trees.append(tree_table(first, networks, fold))
        incidence.append(incidence_by_age(first, trees[-1]))
    return {
        "network_trees": pd.concat(trees, ignore_index=True),
        "network_tree_incidence": pd.concat(incidence, ignore_index=True),
    }


def whole_life_table(prepared: Prepared, frames: Mapping[str, pd.DataFrame], definitions: Networks) -> pd.DataFrame:
    """What whole-life networks add under each reading, and what the placebo adds."""
    unit = definitions.unit_of_folds
    placebo = placebo_gains(prepared, frames["ever_recorded"], unit_of_folds=unit)
    return pd.concat([gains(frames, unit_of_folds=unit), placebo], ignore_index=True)


def summary_table(table_2: pd.DataFrame) -> pd.DataFrame:
    """The published table beside the run, in short: sample, predictors, published, run, low, high."""
    names = {"auc": "run", "auc_low": "low", "auc_high": "high"}
    return table_2.rename(columns=names)[["sample", "predictors", "published", *names.values()]]


def _readings(tables: NetworkTables, definitions: Networks) -> list[str]:
    """Every reading that these tables allow, the protocol's among them."""
    known = [reading for reading in READINGS if reading != "complete_registry" or tables.registry is not None]
    return list(dict.fromkeys([definitions.whole_life_links, *known]))
