"""How near the synthetic world comes to the published values, and how near worlds of other seeds come.

The truth planted in the synthetic England was fitted to the published values in the mean over many worlds. The worlds
of the record were held out: their seeds were fixed by a hash before the fit. The world shown is the median of them by
its distance from the published values, so it is neither the luckiest nor the unluckiest.
"""

from collections.abc import Collection
from datetime import date

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict

from analysis.disclosure import Released, TableSpecification
from analysis.disclosure.catalogue import key, measure, setting
from analysis.disclosure.derive import derive
from analysis.disclosure.specification import EXPLORATORY
from analysis.published import published_value

SHOWN = "the world shown"
METRICS = ("average_precision", "auc")
LEAST_DEVIATION = 0.01  # between worlds: A prints two decimals, so finer distances are not asked for (ours)
AGREEMENT = TableSpecification(
    "agreement",
    "Distance from the published values, in the world shown and in worlds of other seeds",
    "one synthetic world",
    (
        key("world", "whether it is the world shown, or the seed it was drawn with"),
        setting("models", "models compared with a published value"),
        measure("average_precision_median", "distance in average precision that half of the models keep within"),
        measure("average_precision_largest", "largest distance in average precision"),
        measure("auc_median", "distance in AUC that half of the models keep within"),
        measure("auc_largest", "largest distance in AUC"),
        measure("distance", "squared distances in standard deviations between worlds, summed over models and metrics"),
        setting("pairs", "pairs of a model that learned from all cases and one that learned from earlier cases"),
        setting("lower_from_earlier", "pairs in which the model that learned from earlier cases scored lower"),
    ),
    planned_by=EXPLORATORY,
)


WORLDS_BESIDE = TableSpecification(
    "worlds_beside",
    "Average precision as published, in the world shown and in worlds of other seeds",
    "one model in one synthetic world",
    (
        key("world", "whether it is the world shown, or the seed it was drawn with"),
        key("prediction", "prediction"),
        key("design", "predictors and cases learned from"),
        key("in_verdict", "whether the model counts towards the verdict"),
        measure("average_precision", "average precision in that world"),
        setting("published", "average precision as published"),
        setting("mark", "average precision registered as success"),
    ),
    planned_by=EXPLORATORY,
)


class PublishedComparison(BaseModel):
    """One model of a world drawn with another seed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seed: int
    prediction: str
    design: str
    average_precision: float
    auc: float
    prevalence: float  # share of its test cases with the outcome


class FreshWorlds(BaseModel):
    """The record of worlds drawn with seeds held out: when and how it was made, from which truth, and every model."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    made: date
    command: str
    truth: str
    held_out: str  # hash of the word that the seeds come from, recorded before the truth was fitted
    models: tuple[PublishedComparison, ...]


def agreement(summary: Released, fresh: FreshWorlds, *, shown: int | None = None) -> Released:
    """The released table `agreement`: a row for the world shown, then one for each world of another seed.

    Distances are absolute differences from the published values, over the models that have one.

    Parameters
    ----------
    summary : Released
        As `analysis.tables.summaries.england_summary` returns it.
    fresh : FreshWorlds
    shown : int, optional
        Seed of the world shown; the record's row of it is not another world.

    Returns
    -------
    Released
    """

    def rows(frame: pd.DataFrame) -> pd.DataFrame:
        models = _of_every_world(frame, fresh, shown)
        models["distance"] = (models["run"].astype(float) - models["published"].astype(float)).abs()
        models["squared"] = (models["distance"] / _between_worlds(fresh, models)) ** 2
        return pd.DataFrame([_row(world, part) for world, part in models.groupby("world", sort=False)])

    return derive(AGREEMENT, rows, summary)


def median_world(fresh: FreshWorlds) -> int:
    """Seed of the world of the record whose distance from the published values is the median; of two, the nearer."""
    models = _of_every_world(pd.DataFrame(columns=["prediction", "design", "metric", "run"]), fresh, None)
    squared = ((models["run"] - models["published"]) / _between_worlds(fresh, models)) ** 2
    distances = squared.groupby(models["world"]).sum().sort_values(kind="stable")
    return int(distances.index[(len(distances) - 1) // 2].removeprefix("seed "))


def worlds_beside(
    summary: Released,
    fresh: FreshWorlds,
    left_out: Collection[tuple[str, str]],
    *,
    mark: float,
    shown: int | None = None,
) -> Released:
    """The released table `worlds_beside`: each model's average precision in each world, beside the published one.

    Parameters
    ----------
    summary : Released
        As `analysis.tables.summaries.england_summary` returns it.
    fresh : FreshWorlds
    left_out : collection of (authority, outcome)
        Predictions that are left out of the verdict.
    mark : float
        Average precision registered as success.
    shown : int, optional
        Seed of the world shown; the record's row of it is not another world.

    Returns
    -------
    Released
    """
    outcomes = {outcome for _, outcome in left_out}

    def rows(frame: pd.DataFrame) -> pd.DataFrame:
        models = _of_every_world(frame, fresh, shown)
        models = models[models["metric"].eq("average_precision")].rename(columns={"run": "average_precision"})
        in_verdict = ["no" if outcome in outcomes else "yes" for outcome in models["prediction"]]
        return models.assign(in_verdict=in_verdict, mark=mark)[list(WORLDS_BESIDE.column_names)]

    return derive(WORLDS_BESIDE, rows, summary)


def _of_every_world(frame: pd.DataFrame, fresh: FreshWorlds, shown: int | None) -> pd.DataFrame:
    """A row for each world, model and metric that has a published value: world, run and published."""
    run = frame[["prediction", "design", "metric", "run"]].assign(world=SHOWN)
    other = _record(fresh)
    other = other[other["seed"].ne(shown)]
    other = other.assign(world="seed " + other["seed"].astype(str)).drop(columns="seed")
    models = pd.concat([run, other], ignore_index=True) if len(run) else other.reset_index(drop=True)
    names = zip(models["prediction"], models["design"], models["metric"], strict=True)
    models["published"] = [published_value(*name) for name in names]
    return models.dropna(subset=["run", "published"]).copy()


def _record(fresh: FreshWorlds) -> pd.DataFrame:
    """A row for each world of the record, model and metric."""
    models = pd.DataFrame([model.model_dump() for model in fresh.models])
    return models.melt(["seed", "prediction", "design"], list(METRICS), var_name="metric", value_name="run")


def _between_worlds(fresh: FreshWorlds, models: pd.DataFrame) -> np.ndarray:
    """Of each row, the standard deviation of its metric of its model between the worlds of the record."""
    names = ["prediction", "design", "metric"]
    deviations = _record(fresh).groupby(names)["run"].std().clip(lower=LEAST_DEVIATION).fillna(LEAST_DEVIATION)
    return deviations.reindex(pd.MultiIndex.from_frame(models[names])).to_numpy()


def _row(world: str, models: pd.DataFrame) -> dict:
    row = {"world": world, "models": int(models["metric"].eq("average_precision").sum())}
    for metric in METRICS:
        distance = models.loc[models["metric"].eq(metric), "distance"]
        row |= {f"{metric}_median": distance.median(), f"{metric}_largest": distance.max()}
    row["distance"] = models["squared"].sum()
    return row | _earlier(models[models["metric"].eq("average_precision")])


def _earlier(models: pd.DataFrame) -> dict:
    """Pairs of the same predictors, learned from all and from earlier cases, at two decimals as A compares them."""
    seen, learned_from = models["design"].str.split("-", n=1).str[0], models["design"].str.split("-", n=1).str[1]
    pairs = models.assign(seen=seen, learned_from=learned_from, run=models["run"].astype(float).round(2))
    pairs = pairs.pivot(index=["prediction", "seen"], columns="learned_from", values="run").dropna()
    lower = (pairs["earlier_cases"] < pairs["all_cases"]).sum() if len(pairs) else 0
    return {"pairs": len(pairs), "lower_from_earlier": int(lower)}
