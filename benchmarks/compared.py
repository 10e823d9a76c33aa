"""What it costs to set every model of the England report beside something else.

That is: rules, decisions, other models, a tool's scores, and models made in another authority. The models themselves
are fitted first and not counted; the report has them.
"""

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from analysis.cohort import build_cohort, characteristics, predictors
from analysis.cohort.decisions import decisions_on
from analysis.cohort.supplied_scores import scores_before
from analysis.extract import read_extract
from analysis.model import Cases, fit_designs
from analysis.model.predictors import build_predictors
from analysis.performance.set_beside import beside_other_models, beside_simple_rules
from analysis.performance.supplied_scores import score_tables
from analysis.performance.transport import LocalModel, transport
from analysis.protocol import PredictionProblem, Protocol, load_protocol
from analysis.schemas import CheckedTables
from analysis.study.paths import Paths
from analysis.study.planted import SYNTHETIC_KEY, planted_risk
from analysis.study.transport import same_question
from analysis.text.documents import documents_before
from benchmarks.timing import Cost, cost_of, row
from data_synthetic.england import synthesise

AT_MOST = 120.0  # CPU-seconds for all predictions of the report


def run() -> list[dict]:
    """Rows of {name, cpu_seconds, ...}: one for each prediction and each model that is moved, then all of them."""
    protocol, models = load_protocol(), {}
    rows = list(_rows(protocol, models))
    for home, away in same_question(protocol.problems):
        moved = cost_of(partial(transport, models[home.slug], models[away.slug], protocol))
        rows.append(row(f"{home.slug} moved to {away.slug}", moved))
    whole = Cost(sum(one["cpu_seconds"] for one in rows))
    return [*rows, row("every model of England set beside something else", whole, at_most=AT_MOST)]


def _rows(protocol: Protocol, models: dict[str, LocalModel]) -> Iterator[dict]:
    """One row for each prediction; its model of structured data is put into `models`."""
    for authority in protocol.authorities:
        with tempfile.TemporaryDirectory() as folder:
            paths = Paths(Path(folder))
            planted = paths.planted(authority).parent
            (source,) = synthesise(paths.build, protocol=protocol, authorities=[authority], planted_risks=planted)
            tables, _ = read_extract(source, secret=SYNTHETIC_KEY, study=protocol.study)
            for problem in (problem for problem in protocol.problems if problem.authority == authority):
                yield from _rows_of(problem, tables, paths, protocol, models)


def _rows_of(
    problem: PredictionProblem, tables: CheckedTables, paths: Paths, protocol: Protocol, models: dict[str, LocalModel]
) -> Iterator[dict]:
    prediction = problem.prediction
    cohort = build_cohort(tables, prediction, protocol.study)
    structured = predictors(tables, cohort.cases, supplied_counts=protocol.supplied_counts.used)
    documents = documents_before(tables, cohort.cases, protocol.text, lag_days=protocol.text.lag_days)
    cases, known = Cases.of(cohort.cases), build_predictors(structured, documents, protocol)
    groups = characteristics(tables, cohort.cases, protocol.subgroups).to_pandas()
    designs = fit_designs(cases, known, protocol, window_months=prediction.window_months)
    chosen = designs[protocol.next_authority.design.slug]
    models[problem.slug] = LocalModel(cases, structured.drop("case_id").to_pandas(), chosen)

    def compare() -> None:
        decisions = decisions_on(tables, cohort.cases, prediction, protocol.yardsticks)
        planted = planted_risk(paths, problem, cohort.cases)
        beside_simple_rules(designs, structured, decisions, planted, cases, protocol)
        beside_other_models(designs, cases, cohort.cases["child_id"].to_numpy(), known, groups, protocol)

    yield row(f"{problem.slug}, {len(cases):,} cases, set beside something else", cost_of(compare))
    scores = scores_before(tables.scores, cohort.cases)
    if tables.scores.height:
        tool = cost_of(partial(score_tables, scores, designs, structured, cases, groups, protocol))
        yield row(f"{problem.slug}, a tool's scores", tool)
