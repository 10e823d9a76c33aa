"""The planted risks: those that outcomes were drawn from, written only where asked for, and matched to the cases."""

import hashlib

import numpy as np
import polars as pl
import pytest

from analysis.cohort import build_cohort
from analysis.extract import read_extract
from analysis.study.paths import Paths
from analysis.study.planted import SYNTHETIC_KEY, planted_risk
from data_synthetic.england import synthesise


@pytest.fixture(scope="module")
def build(protocol, tmp_path_factory):
    """A tenth of LA4, with its planted risks, as the report leaves them."""
    folder = tmp_path_factory.mktemp("planted")
    planted = Paths(folder).planted("LA4").parent
    synthesise(folder / "with", protocol=protocol, authorities=["LA4"], scale=0.2, form="ssd", planted_risks=planted)
    return folder


def hashes(folder):
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_an_extract_is_the_same_whether_or_not_its_risks_are_left_and_holds_none_of_them(build, protocol):
    synthesise(build / "without", protocol=protocol, authorities=["LA4"], scale=0.2, form="ssd")
    assert hashes(build / "with") == hashes(build / "without")
    assert not any("planted" in name for name in hashes(build / "with"))


def test_the_risks_are_of_the_authoritys_predictions_and_are_probabilities(build):
    drawn = pl.read_parquet(Paths(build).planted("LA4"))
    assert set(drawn["prediction"]) == {"P7", "P8"}
    assert drawn["risk"].is_between(0, 1).all()
    assert drawn.select("prediction", "child_id", "date").is_unique().all()


def test_most_cases_have_the_risk_that_was_drawn_for_them_and_outcomes_follow_it(build, protocol):
    tables, _ = read_extract(build / "with" / "LA4", secret=SYNTHETIC_KEY, study=protocol.study)
    problem = protocol.problem("P7")
    cases = build_cohort(tables, problem.prediction, protocol.study).cases
    risk = planted_risk(Paths(build), problem, cases)
    known = np.isfinite(risk)
    outcome = cases["outcome"].to_numpy()
    assert len(risk) == len(cases) and known.mean() > 0.9
    high = risk > np.nanmedian(risk)
    assert outcome[known & high].mean() > outcome[known & ~high].mean()
    expected = risk[known].sum()
    assert abs(outcome[known].sum() - expected) < 5 * np.sqrt(expected) + 0.3 * expected


def test_where_no_risks_were_left_there_are_none(tmp_path, protocol):
    cases = pl.DataFrame({"child_id": ["a"], "index_date": [protocol.study.first_date]})
    assert planted_risk(Paths(tmp_path), protocol.problem("P7"), cases) is None
