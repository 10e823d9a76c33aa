"""The metrics table: every model in a row, its prevalence first, published values beside the run's."""

import dataclasses
from collections.abc import Mapping

import pandas as pd

from analysis.disclosure import Released, TableSpecification
from analysis.disclosure.catalogue import CASES, DESIGN, POSITIVES, PREVALENCE, key, measure, setting, text
from analysis.disclosure.derive import derive
from analysis.disclosure.released import World
from analysis.disclosure.specification import MODELS
from analysis.html_table import Cell
from analysis.protocol import Protocol
from analysis.published import published_value
from analysis.tables.summaries import joint

METRICS = ("average_precision", "auc")

RESULTS = TableSpecification(
    "results",
    "How well the models do",
    "one prediction and design, on the test cases",
    (
        key("prediction", "prediction"),
        key("authority", "authority"),
        DESIGN,
        CASES,
        POSITIVES,
        PREVALENCE,
        *(
            column
            for metric in METRICS
            for column in (
                measure(metric, metric.replace("_", " "), ("cases", "positives")),
                measure(f"{metric}_low", "lower end of its interval", ("cases", "positives")),
                measure(f"{metric}_high", "upper end of its interval", ("cases", "positives")),
                setting(f"published_{metric}", "value printed in source A, missing where there is none"),
            )
        ),
        text("better_than_chance", "whether average precision is above chance: yes, or no (see the table of chance)"),
        text("in_verdict", "yes; or no, with the reason: leakage was found, or the prediction was not registered"),
    ),
    planned_by=MODELS | {"uncertainty", "success"},
    derived=True,
)

RESULTS_AND_MARK = dataclasses.replace(
    RESULTS,
    columns=(
        *RESULTS.columns,
        text("title", "what is predicted"),
        setting("mark", "average precision registered as success"),
    ),
)


def results_table(world: World, left_out: Mapping[tuple[str, str], str]) -> Released | None:
    """Average precision and AUC of every model, with intervals and published values; None if there is no model.

    Parameters
    ----------
    world : mapping
        Released tables by name, for each (authority, outcome).
    left_out : mapping
        Why a problem is left out of the overall verdict, by (authority, outcome); see `analysis.claims.Evidence`.

    Returns
    -------
    Released or None
        `RESULTS`, sorted by prediction and authority.
    """

    def rows(performance: pd.DataFrame, *permuted: pd.DataFrame) -> pd.DataFrame:
        index = ["outcome", "authority", "design"]
        frames = [_metric(performance, metric).set_index(index) for metric in METRICS]
        frame = frames[0].join(frames[1].drop(columns=["cases", "positives"])).reset_index()
        frame = frame.rename(columns={"outcome": "prediction"}).sort_values(["prediction", "authority"], kind="stable")
        prevalence = frame["positives"].astype("Float64") / frame["cases"].astype("Float64")
        problems = zip(frame["authority"], frame["prediction"], strict=True)
        in_verdict = [left_out.get(problem, "yes") for problem in problems]
        better = _better_than_chance(frame, *permuted)
        return frame.assign(prevalence=prevalence, in_verdict=in_verdict, better_than_chance=better)

    performance, permuted = joint(world, "performance"), joint(world, "chance")
    return None if performance is None else derive(RESULTS, rows, *filter(None, (performance, permuted)))


def with_mark(results: Released | None, protocol: Protocol) -> Released | None:
    """The table of results with what is predicted, and the average precision registered as success, in each row.

    Parameters
    ----------
    results : Released or None
        As `results_table` returns it.
    protocol : Protocol
        Holds the titles of the predictions and the pass mark.

    Returns
    -------
    Released or None
    """

    def rows(frame: pd.DataFrame) -> pd.DataFrame:
        titles = {name: prediction.title for name, prediction in protocol.predictions.items()}
        return frame.assign(title=frame["prediction"].map(titles), mark=protocol.success.threshold)

    return None if results is None else derive(RESULTS_AND_MARK, rows, results)


def row_names(world: World, protocol: Protocol, left_out: Mapping[tuple[str, str], str]) -> dict[tuple[str, str], Cell]:
    """What heads the row of each (authority, outcome): what is predicted, its name, and why it is left out.

    Parameters
    ----------
    world : World
    protocol : Protocol
        Holds the titles of the predictions.
    left_out : mapping of tuple of str and str to str
        Why a problem is left out of the overall verdict, by (authority, outcome).

    Returns
    -------
    dict of tuple of str and str to Cell
        In order of outcome, then authority.
    """
    names = {}
    for authority, outcome in sorted(world, key=lambda problem: (problem[1], problem[0])):
        out = left_out.get((authority, outcome))
        why = () if out is None else (f"not counted: {out.removeprefix('no: ')}",)
        names[authority, outcome] = Cell(
            protocol.predictions[outcome].title, "words", (f"{outcome} · {authority}", *why)
        )
    return names


def _better_than_chance(models: pd.DataFrame, *permuted: pd.DataFrame) -> list[object]:
    """The verdict on each model's average precision, missing where no table gives it or it is withheld."""
    verdicts = {
        (row.outcome, row.authority, row.design): row.better_than_chance
        for table in permuted
        for row in table[table["metric"].eq("average_precision")].itertuples()
    }
    of = models[["prediction", "authority", "design"]].itertuples(index=False, name=None)
    return [verdicts.get(model, pd.NA) for model in of]


def _metric(performance: pd.DataFrame, metric: str) -> pd.DataFrame:
    rows = performance[performance["metric"].eq(metric)]
    ends = {f"value{end}": f"{metric}{end}" for end in ("", "_low", "_high")}
    frame = rows[["outcome", "authority", "design", "cases", "positives", *ends]].rename(columns=ends)
    published = [published_value(row.outcome, row.design, metric) for row in rows.itertuples()]
    return frame.assign(**{f"published_{metric}": pd.array(published, dtype="Float64")})
