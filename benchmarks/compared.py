"""What it costs to set every model of the England report beside something else: rules, decisions, other models.

The models themselves are fitted first and not counted; the report has them.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from analysis.cohort import build_cohort, characteristics, predictors
from analysis.cohort.decisions import decisions_on
from analysis.extract import read_extract
from analysis.model import Cases, fit_designs
from analysis.model.predictors import build_predictors
from analysis.performance.set_beside import beside_other_models, beside_simple_rules
from analysis.protocol import PredictionProblem, Protocol, load_protocol
from analysis.schemas import CheckedTables
from analysis.study.paths import Paths
from analysis.study.planted import SYNTHETIC_KEY, planted_risk
from analysis.text.documents import documents_before
from benchmarks.timing import Cost, cost_of, row
from data_synthetic.england import synthesise

AT_MOST = 120.0  # CPU-seconds for all predictions of the report


def run() -> list[dict]:
    """Rows of {name, cpu_seconds, ...}: one for each prediction, then all of them."""
    rows = list(_rows(load_protocol()))
    whole = Cost(sum(one["cpu_seconds"] for one in rows))
    return [*rows, row("every model of England set beside something else", whole, at_most=AT_MOST)]


def _rows(protocol: Protocol) -> Iterator[dict]:
    for authority in protocol.authorities:
        with tempfile.TemporaryDirectory() as folder:
            paths = Paths(Path(folder))
            planted = paths.planted(authority).parent
            (source,) = synthesise(paths.build, protocol=protocol, authorities=[authority], planted_risks=planted)
            tables, _ = read_extract(source, secret=SYNTHETIC_KEY, study=protocol.study)
            for problem in (problem for problem in protocol.problems if problem.authority == authority):
                yield _row(problem, tables, paths, protocol)


def _row(problem: PredictionProblem, tables: CheckedTables, paths: Paths, protocol: Protocol) -> dict:
    prediction = problem.prediction
    cohort = build_cohort(tables, prediction, protocol.study)
    structured = predictors(tables, cohort.cases, supplied_counts=protocol.supplied_counts.used)
    documents = documents_before(tables, cohort.cases, protocol.text, lag_days=protocol.text.lag_days)
    cases, known = Cases.of(cohort.cases), build_predictors(structured, documents, protocol)
    groups = characteristics(tables, cohort.cases, protocol.subgroups).to_pandas()
    designs = fit_designs(cases, known, protocol, window_months=prediction.window_months)

    def compare() -> None:
        decisions = decisions_on(tables, cohort.cases, prediction, protocol.yardsticks)
        planted = planted_risk(paths, problem, cohort.cases)
        beside_simple_rules(designs, structured, decisions, planted, cases, protocol)
        beside_other_models(designs, cases, cohort.cases["child_id"].to_numpy(), known, groups, protocol)

    return row(f"{problem.slug}, {len(cases):,} cases, set beside something else", cost_of(compare))
