"""Joint tables: every prediction side by side, published values beside the run's, ready to be drawn or counted."""

import dataclasses
from collections.abc import Mapping

import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from analysis.disclosure import Released, TableSpecification, combine
from analysis.disclosure.catalogue import CASES, DESIGN, POSITIVES, PREVALENCE, key, measure, setting, text
from analysis.disclosure.derive import derive
from analysis.disclosure.released import World
from analysis.disclosure.specification import COHORT, EXPLORATORY, MODELS
from analysis.protocol.values import Prediction, months_in
from analysis.published import england_cells, poll_answers, published_value

"""Released tables by name, for each (authority, outcome)."""

ENGLAND_SUMMARY = TableSpecification(
    "england_summary",
    "Published and run",
    "one prediction, design and metric",
    (
        key("prediction", "prediction"),
        key("authority", "authority"),
        DESIGN,
        key("metric", "average_precision or auc"),
        setting("published", "value printed in source A"),
        measure("run", "value of this run"),
        measure("low", "lower end of the run's interval"),
        measure("high", "upper end of the run's interval"),
    ),
    planned_by=MODELS | {"uncertainty", "success"},
)
PERFORMANCE_AND_PUBLISHED = TableSpecification(
    "performance",
    "How well each design tells cases apart, beside what was published",
    "one design and metric, on the test cases",
    (
        DESIGN,
        key("metric", "metric"),
        CASES,
        POSITIVES,
        measure("value", "the metric"),
        measure("value_low", "lower end"),
        measure("value_high", "upper end"),
        measure("chance", "its value for a useless model"),
        setting("published", "value printed in source A"),
    ),
    planned_by=MODELS | {"uncertainty", "success"},
    derived=True,
)
PRECISION_RECALL_AND_CHANCE = TableSpecification(
    "precision_recall_curve",
    "Precision at each recall, with the chance level",
    "one design and point of a fixed grid of recall",
    (
        DESIGN,
        setting("recall", "recall"),
        measure("precision", "precision at this recall"),
        measure("chance", "precision of a useless model: the prevalence of the test cases"),
    ),
    planned_by=MODELS | {"disclosure"},
)
TIMELINE = TableSpecification(
    "timeline",
    "The predictions on one timeline",
    "one prediction and step of its outcome window",
    (
        key("prediction", "prediction"),
        text("authorities", "whose cases are counted; where there are none, who asked"),
        text("title", "what is predicted"),
        key("step", "number of the step"),
        setting("from_months", "months from the decision to the start of the step's window"),
        setting("to_months", "months from the decision to its end"),
        CASES,
        POSITIVES,
        PREVALENCE,
    ),
    planned_by=COHORT,
    derived=True,
)
METRIC_CHOICE = TableSpecification(
    "metric_choice",
    "Three metrics of the same models",
    "one prediction and metric",
    (
        key("authority", "authority"),
        key("prediction", "prediction"),
        DESIGN,
        key("metric", "average_precision, auc or accuracy"),
        measure("value", "the metric"),
        measure("chance", "what a model that knows nothing scores"),
    ),
    planned_by=MODELS | {"operating_threshold"},
)
SUBGROUP_GAPS = TableSpecification(
    "subgroup_gaps",
    "Each subgroup against the others of its kind, within one model",
    "one model and subgroup that could be assessed",
    (
        key("authority", "authority"),
        key("prediction", "prediction"),
        DESIGN,
        key("characteristic", "gender, disability, ethnicity_group or age_band"),
        key("subgroup", "subgroup"),
        key("metric", "missed, wrongly_flagged or auc"),
        measure("value", "the metric in the subgroup"),
        measure("others", "its mean over the other subgroups of the characteristic"),
        measure("gap", "subgroup minus others"),
        text("test_c", "whether test C says that the subgroup differs from any other; only the AUC is tested"),
    ),
    planned_by=MODELS | {"subgroups"},
)
POLL = TableSpecification(
    "poll",
    "What social workers think",
    "one answer",
    (
        key("answer", "answer"),
        setting("answers", "people who answered"),
        measure("share", "share of them"),
        measure("share_low", "lower end of its interval"),
        measure("share_high", "upper end of its interval"),
    ),
    planned_by=EXPLORATORY,
)


def joint(world: World, name: str) -> Released | None:
    """One table of every problem that has it, stacked; None if none has.

    Parameters
    ----------
    world : World
    name : str
        Of the table.

    Returns
    -------
    Released or None
        Its first columns are authority and outcome.
    """
    tables = {problem: tables[name] for problem, tables in world.items() if name in tables}
    return combine(tables) if tables else None


def england_summary(world: World) -> Released:
    """Average precision and AUC of each model, published beside run.

    Columns: prediction, authority, design, metric, published, run, low, high. A published value that has no
    run, or a run that was not published, is missing.
    """
    performance = joint(world, "performance")
    return derive(ENGLAND_SUMMARY, _beside_published, *([performance] if performance else []))


def with_published(performance: Released, outcome: str) -> Released:
    """One problem's performance with the published value of each design, missing where A has none.

    Parameters
    ----------
    performance : Released
        The table "performance" of one problem.
    outcome : str
        As the protocol numbers the prediction, such as "P1".

    Returns
    -------
    Released
        `PERFORMANCE_AND_PUBLISHED`.
    """

    def add(frame: pd.DataFrame) -> pd.DataFrame:
        values = [published_value(outcome, row.design, row.metric) for row in frame.itertuples()]
        return frame.assign(published=pd.array(values, dtype="Float64"))

    return derive(PERFORMANCE_AND_PUBLISHED, add, performance)


def every_measure(world: World) -> Released | None:
    """Every measure of every model with the published values, its first columns authority and outcome."""
    tables = {p: with_published(t["performance"], p[1]) for p, t in world.items() if "performance" in t}
    return combine(tables) if tables else None


def with_titles(table: Released, titles: Mapping[str, str]) -> Released:
    """A table of several predictions with what each predicts, in words; any other as it is.

    Parameters
    ----------
    table : Released
    titles : mapping of str to str
        By the prediction's name; missing where a row is of none of them.

    Returns
    -------
    Released
        With a last column title, where it has a column outcome or prediction and none of that name.
    """
    column = next((name for name in ("outcome", "prediction") if name in table.frame), None)
    if column is None or not titles or "title" in table.frame:
        return table
    described = table.specification.column_names
    of = (name for name in ("authority", "outcome") if name in table.frame and name not in described)
    columns = (*(key(name, name) for name in of), *table.specification.columns, text("title", "what is predicted"))
    named = dataclasses.replace(table.specification, columns=columns, derived=True)
    return derive(named, lambda frame: frame.assign(title=frame[column].map(titles)), table)


def with_chance(curve: Released, performance: Released) -> Released:
    """A precision-recall curve with the chance level of each design's test cases.

    Parameters
    ----------
    curve : Released
        The table "precision_recall_curve".
    performance : Released
        The table "performance" of the same problem, whose column chance is the prevalence of the test cases.

    Returns
    -------
    Released
        `PRECISION_RECALL_AND_CHANCE`.
    """

    def add(points: pd.DataFrame, metrics: pd.DataFrame) -> pd.DataFrame:
        chance = metrics[metrics["metric"].eq("average_precision")].set_index("design")["chance"]
        return points.assign(chance=points["design"].map(chance.to_dict()).astype("Float64"))

    return derive(PRECISION_RECALL_AND_CHANCE, add, curve, performance)


def timeline(predictions: Mapping[str, Prediction], world: World) -> Released:
    """Each prediction's outcome window in months from the decision, with its cases and prevalence where known.

    Years of which a count is withheld are in neither.

    Parameters
    ----------
    predictions : mapping of str to Prediction
        Those of the run, by outcome.
    world : mapping
        Released tables by name, for each (authority, outcome).

    Returns
    -------
    Released
    """
    totals = joint(world, "outcome_by_year")

    def rows(*frames: pd.DataFrame) -> pd.DataFrame:
        years = frames[0].dropna(subset=["cases", "positives"]) if frames else pd.DataFrame()
        known = years.groupby("outcome")[["cases", "positives"]].sum() if len(years) else pd.DataFrame()
        windows = [
            {"authorities": _authorities(world, prediction, name), "prediction": name, "title": prediction.title}
            | window
            for name, prediction in predictions.items()
            for window in _windows(prediction)
        ]
        frame = pd.DataFrame(windows)
        for column in ("cases", "positives"):
            found = known[column] if column in known else pd.Series(dtype="Float64")
            frame[column] = frame["prediction"].map(found.to_dict()).astype("Float64")
        return frame.assign(prevalence=frame["positives"] / frame["cases"])

    return derive(TIMELINE, rows, *([totals] if totals else []))


def metric_choice(world: World, design: str) -> Released | None:
    """Average precision, AUC and accuracy of one design's models, each with the score of knowing nothing.

    The accuracy of a model that knows nothing is that of saying no to everyone: one minus the prevalence.

    Parameters
    ----------
    world : World
    design : str
        Slug of the design.

    Returns
    -------
    Released or None
        `METRIC_CHOICE`; None where no performance or no operating point was released.
    """
    performance, operating_point = joint(world, "performance"), joint(world, "operating_point")
    if performance is None or operating_point is None:
        return None
    return derive(METRIC_CHOICE, lambda p, o: _three_metrics(p, o, design), performance, operating_point)


def subgroup_gaps(world: World, metric: str) -> Released | None:
    """Each subgroup's error rate or AUC minus the mean of the others of its kind in the same model.

    Subgroups are compared within models because not every model can assess every subgroup: a plain mean would
    compare models as well. Average precision is left out, since it differs between groups of different prevalence
    even where a model serves them alike.

    Parameters
    ----------
    world : World
    metric : str
        Share of outcomes missed, share of flagged cases without the outcome, or AUC.

    Returns
    -------
    Released or None
        `SUBGROUP_GAPS`; None where no subgroups were released.
    """
    subgroups, pairs = joint(world, "subgroups"), joint(world, "subgroup_pairs")
    if subgroups is None:
        return None
    parents = [subgroups] if pairs is None else [subgroups, pairs]
    return derive(SUBGROUP_GAPS, lambda *frames: _gaps(metric, *frames), *parents)


def poll(question: str, *, level: float) -> Released:
    """The poll's answers to one question, with Wilson intervals for the share.

    Parameters
    ----------
    question : str
        "role" or "uses".
    level : float
        Coverage of the intervals, above 0 and below 1.

    Returns
    -------
    Released
        `POLL`, one row per answer.
    """
    answers = [answer for answer in poll_answers() if answer.question == question]

    def rows() -> pd.DataFrame:
        return pd.DataFrame(
            [
                {"answer": a.answer, "answers": a.answers, "share": a.share}
                | dict(zip(("share_low", "share_high"), wilson_interval(a.share, a.answers, level), strict=True))
                for a in answers
            ]
        )

    return derive(POLL, rows)


def wilson_interval(share: float, cases: int, level: float) -> tuple[float, float]:
    """Wilson's interval for a share.

    Parameters
    ----------
    share : float
        From 0 to 1.
    cases : int
        What it is a share of, 1 or more.
    level : float
        Coverage of the interval, above 0 and below 1.

    Returns
    -------
    tuple of float and float
        Lower and upper end, from 0 to 1.

    References
    ----------
    Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22.
    """
    low, high = proportion_confint(share * cases, cases, alpha=1 - level, method="wilson")
    return float(low), float(high)


def _beside_published(*frames: pd.DataFrame) -> pd.DataFrame:
    names = {"outcome": "prediction", "value": "run", "value_low": "low", "value_high": "high"}
    published = pd.DataFrame([vars(cell) for cell in england_cells()]).rename(columns={"value": "published"})
    index = ["prediction", "design", "metric"]
    if not frames:
        return published.assign(run=pd.NA, low=pd.NA, high=pd.NA)
    run = frames[0].rename(columns=names)
    run = run[run["metric"].isin(("average_precision", "auc"))][["authority", *index, "run", "low", "high"]]
    # An authority of another name than the study's has the published value of its prediction beside it.
    frame = run.merge(published, on=index, how="outer", suffixes=("", "_published"))
    frame["authority"] = frame["authority"].fillna(frame["authority_published"])
    return frame.sort_values(["prediction", "authority", "design", "metric"], kind="stable")[
        list(ENGLAND_SUMMARY.column_names)
    ]


def _authorities(world: World, prediction: Prediction, outcome: str) -> str:
    """Whose cases are counted; of a prediction that could not be studied, whose cases were asked."""
    here = [authority for authority, name in world if name == outcome]
    return ", ".join(here) or prediction.authority


def _windows(prediction: Prediction) -> list[dict]:
    return [
        {"step": str(number), "from_months": months_in(step.from_.offset), "to_months": months_in(step.to.offset)}
        for number, step in enumerate(prediction.steps, start=1)
    ]


def _three_metrics(performance: pd.DataFrame, operating_point: pd.DataFrame, design: str) -> pd.DataFrame:
    columns = ["authority", "prediction", "design", "metric", "value", "chance"]
    scored = performance[performance["metric"].isin(("average_precision", "auc"))].rename(
        columns={"outcome": "prediction"}
    )
    accuracy = operating_point.rename(columns={"outcome": "prediction", "accuracy": "value"}).assign(metric="accuracy")
    accuracy["chance"] = 1 - accuracy["positives"].astype("Float64") / accuracy["cases"].astype("Float64")
    frame = pd.concat([scored[columns], accuracy[columns]], ignore_index=True)
    return frame[frame["design"].eq(design)].sort_values(["prediction", "metric"], kind="stable")


def _gaps(metric: str, subgroups: pd.DataFrame, pairs: pd.DataFrame | None = None) -> pd.DataFrame:
    frame = subgroups.rename(columns={"outcome": "prediction"})
    frame = frame[frame["assessable"].eq("yes")]
    values = {
        "missed": 1 - frame["recall"].astype("Float64"),
        "wrongly_flagged": frame["false_discovery_rate"].astype("Float64"),
        "auc": frame["auc"].astype("Float64"),
    }
    gaps = _gaps_in(frame.assign(metric=metric, value=values[metric]))
    said = _said_by_test_c(pairs) if pairs is not None and metric == "auc" else {}
    labels = gaps[_MODEL_AND_GROUP].itertuples(index=False, name=None)
    gaps["test_c"] = pd.Series([said.get(group) for group in labels], gaps.index, dtype=object)
    return gaps[list(SUBGROUP_GAPS.column_names)]


_MODEL_AND_GROUP = ["authority", "prediction", "design", "characteristic", "subgroup"]


def _gaps_in(frame: pd.DataFrame) -> pd.DataFrame:
    """One metric's gaps within each model and characteristic."""
    known = frame[frame["value"].notna()].copy()
    kind = known.groupby(_MODEL_AND_GROUP[:-1])["value"]
    total, size = kind.transform("sum"), kind.transform("size")
    known["others"] = (total - known["value"]) / (size - 1).where(size > 1)
    return known.assign(gap=known["value"] - known["others"])


def _said_by_test_c(pairs: pd.DataFrame) -> dict[tuple[str, ...], str]:
    """What test C says of the AUC of each model's subgroup against any other: "differ", or "no difference"."""
    tested = pairs[pairs["metric"].eq("auc") & pairs["test_c"].notna()].rename(columns={"outcome": "prediction"})
    sides = [tested.rename(columns={side: "subgroup"})[[*_MODEL_AND_GROUP, "test_c"]] for side in ("first", "second")]
    verdicts = pd.concat(sides).groupby(_MODEL_AND_GROUP)["test_c"].agg(lambda said: "differ" in set(said))
    return {group: "differ" if differs else "no difference" for group, differs in verdicts.items()}
