"""The whole study of family networks: three checked tables in, every table of results out."""

from collections.abc import Mapping, Sequence
from functools import partial

import pandas as pd

from analysis.errors import CohortError
from analysis.network.description import data_table, flow_table, predictors_table, samples_table
from analysis.network.engine import materialise
from analysis.network.example import example_of
from analysis.network.fairness import CHARACTERISTICS
from analysis.network.predictors import WHOLE_LIFE_PREDICTORS
from analysis.network.sample import Counted, study_sample
from analysis.network.selection import Published
from analysis.network.study import SAMPLES, rows_of
from analysis.network.tables import NetworkTables, Prepared, collect, notification_table, prepare
from analysis.network.trees import incidence_by_age, tree_table
from analysis.network.whole_life import READINGS, placebo_counts, whole_life_counts
from analysis.network.wider import wider_counts
from analysis.processes import side_by_side
from analysis.protocol.values import Networks

SIDE_BY_SIDE_AT_MOST = 3_000_000  # notifications; of more the samples take 4 GB each and are studied in turn
TREE_PREDICTORS = ("nWithNotes", "nWithTarget", "nAbusers")

Frames = dict[str, pd.DataFrame]


def analyse(
    tables: NetworkTables,
    definitions: Networks,
    *,
    published: Mapping,
    published_models: Sequence[Published],
    synthetic: bool,
    level: float,
    seed: int,
) -> Frames:
    """Every table of `NETWORK_TABLES` but those of worlds drawn with several seeds: first counted, then studied.

    Parameters
    ----------
    tables : NetworkTables
        On an engine (`analysis.network.engine.connect`).
    definitions : Networks
        The protocol's section on networks.
    published, published_models
        What source B prints (`analysis.published.networks`).
    synthetic : bool
        Whether the people were invented; only then is one child's network shown.
    level : float
        Coverage of the intervals, above 0 and below 1.
    seed : int
        Of the permutations and resamples.

    Returns
    -------
    Frames
        By the table's name, not yet under disclosure control.
    """
    results, counted = count_tables(tables, definitions, published=published, synthetic=synthetic)
    return results | study_counted(counted, definitions, published_models=published_models, level=level, seed=seed)


def count_tables(
    tables: NetworkTables,
    definitions: Networks,
    *,
    published: Mapping,
    synthetic: bool,
    wider_steps: Sequence[int] = (2,),
) -> tuple[Frames, Counted]:
    """All that needs the engine: who is in the study, and what is counted of each notification.

    Parameters
    ----------
    tables : NetworkTables
        On an engine.
    definitions : Networks
        The protocol's section on networks.
    published : mapping
        What source B prints.
    synthetic : bool
        Only then is one child's network shown: that child does not exist.
    wider_steps : sequence of int
        Wider networks to try; three steps take minutes at the size of a country.

    Returns
    -------
    tuple of Frames and Counted
        Tables by name, not yet under disclosure control, and the counts of each notification.
    """
    prepared = prepare(tables, definitions, materialise)
    counted = count_all(prepared, wider_steps)
    frame = counted.frame
    results: Frames = {
        "network_data": data_table(tables, published["data"]),
        "network_flow": flow_table(tables, definitions),
        "network_samples": samples_table(frame, published["samples"]),
        "network_predictors": predictors_table(frame),
        "network_comparators": pd.DataFrame(published["comparators"]),
    }
    if synthetic:
        example = example_of(prepared, frame)
        results |= {"network_example": example.people, "network_example_values": example.values}
    return results, counted


def study_counted(
    counted: Counted,
    definitions: Networks,
    *,
    published_models: Sequence[Published],
    level: float,
    seed: int,
    processes: int = 1,
) -> Frames:
    """All that needs no engine: trees, models, calibration, what links add.

    Parameters
    ----------
    counted : Counted
    definitions : Networks
        The protocol's section on networks.
    published_models : sequence of Published
        The models that source B prints.
    level : float
        Coverage of the intervals, above 0 and below 1.
    seed : int
        Of the permutations and resamples; the results do not depend on `processes`.
    processes : int
        In which samples are studied side by side, unless there are so many notifications that memory would not do.

    Returns
    -------
    Frames
        By the table's name, not yet under disclosure control.

    Raises
    ------
    CohortError
        If a sample is too small to be divided into folds.
    """
    _refuse_small_samples(counted, definitions)
    of_sample = partial(study_sample, published=published_models, definitions=definitions, level=level, seed=seed)
    processes = processes if len(counted.frame) <= SIDE_BY_SIDE_AT_MOST else 1
    parts = list(side_by_side(of_sample, ((sample, counted.rows_of(sample)) for sample in SAMPLES), processes))
    tables = _stacked(parts)
    return tree_tables(counted, definitions) | {name: table for name, table in tables.items() if len(table)}


def _refuse_small_samples(counted: Counted, definitions: Networks) -> None:
    """The sentence holds no count: of which sample, or which of its two groups, there are too few is a small count."""
    for sample in SAMPLES:
        families = rows_of(counted.frame, sample).groupby("concern")["family_id"].nunique()
        if len(families) < 2 or families.min() < definitions.folds:
            raise CohortError(
                "networks",
                "too few families are notified for the first time, or again, with and without high concern, to learn "
                f"from some and test on others in {definitions.folds} folds; supply a longer period, or move the "
                "folder 'networks' out of the data and run the same command for a book without it",
            )


def count_all(prepared: Prepared, wider_steps: Sequence[int]) -> Counted:
    """Everything counted on the engine, brought into memory: some 150 bytes to a notification.

    Parameters
    ----------
    prepared : Prepared
    wider_steps : sequence of int
        Numbers of steps, 2 or more; one wider network is counted for each.

    Returns
    -------
    Counted
    """
    parts = [_count_part(part, wider_steps) for part in prepared.parts()]
    frame = pd.concat([part.frame for part in parts], ignore_index=True)
    return Counted(
        frame.astype(dict.fromkeys(CHARACTERISTICS, "category")),
        _stacked([part.readings for part in parts]),
        _stacked([part.wider for part in parts]),
    )


def _count_part(prepared: Prepared, wider_steps: Sequence[int]) -> Counted:
    known = [reading for reading in READINGS if reading != "complete_registry" or prepared.tables.registry is not None]
    reading = prepared.definitions.whole_life_links
    frame = collect(notification_table(prepared, reading))
    others = whole_life_counts(prepared, [other for other in known if other != reading])
    readings = {reading: frame[list(WHOLE_LIFE_PREDICTORS)]} | others | placebo_counts(prepared)
    return Counted(frame, readings, {steps: wider_counts(prepared, steps) for steps in wider_steps})


def _stacked(parts: Sequence[Mapping]) -> dict:
    """Tables of the same names, part under part."""
    return {name: pd.concat([part[name] for part in parts], ignore_index=True) for name in parts[0]}


def tree_tables(counted: Counted, definitions: Networks) -> Frames:
    """Single-split trees on first notifications: recorded, whole-life and, where it is known, the complete register.

    Parameters
    ----------
    counted : Counted
    definitions : Networks
        The protocol's section on networks.

    Returns
    -------
    Frames
        "network_trees" and "network_tree_incidence", not yet under disclosure control.
    """
    fold = f"fold_by_{definitions.unit_of_folds}"
    shown = {definitions.whole_life_links: "whole-life", "complete_registry": "complete register"}
    trees, incidence = [], []
    for reading, network in shown.items():
        if reading not in counted.readings:
            continue
        first = rows_of(counted.frame.assign(**counted.readings[reading]), "first")
        networks = {f"{name}W": network for name in TREE_PREDICTORS}
        if network == "whole-life":
            networks = {f"{name}R": "recorded" for name in TREE_PREDICTORS} | networks
        trees.append(tree_table(first, networks, fold))
        incidence.append(incidence_by_age(first, trees[-1]))
    return {
        "network_trees": pd.concat(trees, ignore_index=True),
        "network_tree_incidence": pd.concat(incidence, ignore_index=True),
    }


def summary_table(table_2: pd.DataFrame) -> pd.DataFrame:
    """The published table beside the run, in short: sample, predictors, published, run, low, high."""
    names = {"auc": "run", "auc_low": "low", "auc_high": "high"}
    return table_2.rename(columns=names)[["sample", "predictors", "published", *names.values()]]
