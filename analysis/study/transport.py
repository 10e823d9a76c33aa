"""Models moved between the authorities of a run that are asked the same question, as a released table."""

import shutil
from collections.abc import Iterable, Iterator
from itertools import permutations
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.cohort import build_cohort, predictors
from analysis.disclosure import PAGE_TABLES, Released, TableSpecification, read_released, release, write_released
from analysis.disclosure.derive import derive
from analysis.disclosure.files import MANIFEST
from analysis.disclosure.page_columns import interval
from analysis.disclosure.specification import MODELS, key, measure, text
from analysis.errors import CohortError
from analysis.model import Cases, FittedDesign, fit_designs
from analysis.model.cases import Predictors
from analysis.performance.transport import LocalModel, transport
from analysis.protocol import PredictionProblem, Protocol
from analysis.study.paths import Paths
from analysis.study.problem import ProblemStudy, open_problem
from analysis.study.settings import Settings, read_settings

STEP = "transport"

TRANSPORT = TableSpecification(
    "transport",
    "Models moved to another authority that is asked the same question",
    "one authority that a model was made in, one that it was moved to, and one metric",
    (
        key("made_in", "authority whose cases the model learned from"),
        key("moved_to", "authority on whose test cases it is scored"),
        key("outcome", "what the question is called there"),
        key("metric", "average_precision, auc or observed_expected_ratio"),
        *interval("own", "the model made there", ()),
        *interval("moved", "the moved model, as it comes", ()),
        *interval("recalibrated", "the moved model, after recalibration there", ()),
        *interval("difference", "moved minus own", ()),
        measure("minimum_detectable_difference", "smallest true difference it would find four times in five"),
        measure("p_value", "family permutation p-value, for average precision", (), 3),
        text("verdict", "better, worse or no clear difference than the own model, for average precision"),
    ),
    planned_by=MODELS | {"next_authority", "uncertainty", "comparison"},
)
"""It holds no counts: its test cases are those of a page, and where their counts are withheld there, no row is made."""


def same_question(problems: Iterable[PredictionProblem]) -> Iterator[tuple[PredictionProblem, PredictionProblem]]:
    """Ordered pairs of problems of two authorities whose definitions are the same, whatever they are called.

    The same index event, windows, excluding events and open periods; names, titles and sources do not count.
    """
    for one, other in permutations(problems, 2):
        if one.authority != other.authority and _definition(one) == _definition(other):
            yield one, other


def make_transport(build: Path, folder: Path) -> None:
    """Move every model between authorities that are asked the same question, and release what came of it.

    The folder holds no table where no question is shared, or none of those that are could be studied.

    Parameters
    ----------
    build : Path
        The folder of the run's products.
    folder : Path
        Where the released table goes; what it held is deleted.
    """
    settings = read_settings(build)
    pairs = list(same_question(settings.problems))
    known = {problem.slug: problem for pair in pairs for problem in pair}
    models = {slug: local_model(open_problem(p.authority, p.outcome, build)) for slug, p in known.items()}
    frames = [
        transport(models[home.slug], models[away.slug], settings.protocol).assign(
            made_in=home.authority, moved_to=away.authority, outcome=away.outcome
        )
        for home, away in pairs
        if models[home.slug] and models[away.slug] and _counts_are_released(away, settings, build)
    ]
    shutil.rmtree(folder, ignore_errors=True)
    rules = settings.protocol.disclosure
    made = [release(TRANSPORT, pd.concat(frames), preset=settings.preset, rules=rules)] if frames else []
    write_released({table.name: table for table in made}, folder, provenance={})


def local_model(study: ProblemStudy) -> LocalModel | None:
    """The registered design, fitted on one authority's cases; None where they cannot be studied.

    The fit that the problem's page cached is used again, since it is the same; else it is fitted here.
    """
    seen = study.protocol.next_authority.design
    designs = study.protocol.designs.model_copy(
        update={"predictors": (seen.predictors,), "learned_from": (seen.learned_from,)}
    )
    rules = study.protocol.model_copy(update={"designs": designs})
    try:
        cohort = build_cohort(study.tables, study.prediction, rules.study)
        structured = predictors(study.tables, cohort.cases, supplied_counts=rules.supplied_counts.used)
        known = structured.drop("case_id").to_pandas()
        cases, values = Cases.of(cohort.cases), known.to_numpy("float32")
        fitted = (study.last_cached(fit_designs) or {}).get(seen.slug)
        if fitted is None or len(fitted.out_of_sample_risk) != len(cases):
            window = study.prediction.window_months
            fitted = study.cached(fit_structured)(cases, values, rules, window_months=window)[seen.slug]
    except CohortError:
        return None
    return LocalModel(cases, known, fitted)


def fit_structured(
    cases: Cases, values: np.ndarray, rules: Protocol, *, window_months: float
) -> dict[str, FittedDesign]:
    """`fit_designs` on structured predictors alone.

    Parameters
    ----------
    cases : Cases
    values : ndarray of float, shape (cases, predictors)
        Structured predictors.
    rules : Protocol
        With the design to be fitted.
    window_months : float
        Length of the outcome window in months, above 0.

    Returns
    -------
    dict of str to FittedDesign
        By the design's slug.
    """
    known = Predictors(structured=values, text_unfitted=values[:, :0])
    return fit_designs(cases, known, rules, window_months=window_months)


def transport_table(build: Path, settings: Settings) -> Released | None:
    """The moved models with the authorities' names; None where there are none.

    Parameters
    ----------
    build : Path
        The folder of the run's products.
    settings : Settings

    Returns
    -------
    Released or None
    """
    folder, shared = Paths(build).transport, any(same_question(settings.problems))
    tables = read_released(folder, {TRANSPORT.name: TRANSPORT}) if shared and (folder / MANIFEST).is_file() else {}
    names = {authority: settings.name(authority) for authority in settings.authorities}

    def named(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(**{column: frame[column].map(names) for column in ("made_in", "moved_to")})

    return derive(TRANSPORT, named, tables[TRANSPORT.name]) if tables else None


def why_no_transport(build: Path, settings: Settings) -> str:
    """Why no model was moved, in a sentence; "" where one was.

    Parameters
    ----------
    build : Path
        The folder of the run's products.
    settings : Settings

    Returns
    -------
    str
    """
    if transport_table(build, settings) is not None:
        return ""
    if not any(same_question(settings.problems)):
        return "No two authorities of this edition are asked the same question, so no model could be moved."
    if not (Paths(build).transport / MANIFEST).is_file():
        return (
            "This edition was made of what authorities released. To move a model, the child-level records of both "
            "authorities are needed in one run, so it cannot be made here."
        )
    return (
        "No model was moved: in one of the authorities the question could not be studied, or its counts are withheld."
    )


def _definition(problem: PredictionProblem) -> tuple:
    asked = problem.prediction
    return asked.index, asked.steps, frozenset(asked.none_of), frozenset(asked.exclude_if_open)


def _counts_are_released(problem: PredictionProblem, settings: Settings, build: Path) -> bool:
    """Whether the page of these test cases prints how many they are and how many had the outcome."""
    page = read_released(Paths(build).released(problem.slug), PAGE_TABLES)
    if "operating_point" not in page:
        return False
    counts = page["operating_point"].where(design=_slug(settings.protocol)).frame[["cases", "positives"]]
    return len(counts) == 1 and bool(counts.notna().all(axis=None))


def _slug(protocol: Protocol) -> str:
    return protocol.next_authority.design.slug
