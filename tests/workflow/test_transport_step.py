"""Models moved between two small invented authorities: which pairs, from which fit, and when nothing may be said."""

import sys
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from analysis.disclosure import write_released
from analysis.disclosure.containment import child_level_folder
from analysis.extract import read_extract
from analysis.protocol import load_protocol
from analysis.study.checked_tables import write_checked_tables
from analysis.study.paths import Paths
from analysis.study.settings import Settings, write_settings
from analysis.study.transport import make_transport, same_question, transport_table, why_no_transport
from analysis.workflow.steps import transport_steps
from data_synthetic.england import synthesise

sys.path.insert(0, str(Path(__file__).parents[1] / "figures"))
import small_tables as small  # noqa: E402


def quick():
    registered = load_protocol()
    one = {"logistic_regression": 1, "decision_tree": 1, "xgboost": 1}
    models = registered.models.model_copy(
        update={"draws_per_family": registered.models.draws_per_family.model_copy(update=one)}
    )
    few = registered.uncertainty.model_copy(update={"replicates": 50, "permutations": 50})
    near = registered.comparison.model_copy(update={"permutations_near_alpha": 100})
    splits = registered.splits.model_copy(update={"folds": 3})
    return registered.model_copy(update={"models": models, "uncertainty": few, "comparison": near, "splits": splits})


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    """What extraction and pages of LA1 and LA3 leave, as far as moving models asks for it."""
    protocol, folder = quick(), tmp_path_factory.mktemp("transport")
    problems = tuple(problem for problem in protocol.problems if problem.outcome in ("P2", "P5", "P6"))
    for extract in synthesise(folder / "england", protocol=protocol, authorities=["LA1", "LA3"], scale=0.12):
        (extract / "documents.parquet").unlink()
        secret = b"synthetic data hold nobody's key"
        tables, _ = read_extract(extract, secret=secret, study=protocol.study, today=date(2020, 1, 1))
        write_checked_tables(tables, child_level_folder(folder / "build", extract.name))
    build = folder / "build"
    write_settings(Settings(protocol, True, problems), build)
    for problem in problems:
        write_released(small.page_tables(), Paths(build).released(problem.slug), provenance={})
    return build


@pytest.fixture(scope="module")
def moved(build):
    make_transport(build, Paths(build).transport)
    return (Paths(build).transport / "transport.csv").read_bytes()


def settings_of(build):
    from analysis.study.settings import read_settings

    return read_settings(build)


def test_only_questions_of_the_same_definition_are_moved(build, moved):
    frame = transport_table(build, settings_of(build)).frame
    assert set(zip(frame["made_in"], frame["moved_to"], frame["outcome"], strict=True)) == {
        ("LA1", "LA3", "P5"),
        ("LA3", "LA1", "P2"),
    }
    assert set(frame["metric"]) == {"average_precision", "auc", "observed_expected_ratio"}
    assert frame.loc[frame["metric"].ne("observed_expected_ratio"), "difference"].notna().all()
    assert why_no_transport(build, settings_of(build)) == ""


def test_a_second_run_gives_the_same_bytes(build, moved):
    make_transport(build, Paths(build).transport)
    assert (Paths(build).transport / "transport.csv").read_bytes() == moved


def test_no_row_is_made_where_the_page_withholds_its_counts(build, moved):
    released = Paths(build).released("LA3/P5")
    hidden = small.page_tables() | {
        "operating_point": small.operating_point(positives=3, true_positives=1, preset="dfe")
    }
    write_released(hidden, released, provenance={})
    make_transport(build, Paths(build).transport)
    frame = pd.read_csv(Paths(build).transport / "transport.csv")
    write_released(small.page_tables(), released, provenance={})
    assert set(frame["moved_to"]) == {"LA1"}


def test_where_no_question_is_shared_or_only_tables_were_sent_that_is_said(build, tmp_path):
    settings = settings_of(build)
    alone = Settings(settings.protocol, True, settings.problems[:1])
    assert not list(same_question(alone.problems)) and transport_steps(alone, tmp_path) == []
    assert "No two authorities" in why_no_transport(tmp_path, alone)
    assert "made of what authorities released" in why_no_transport(tmp_path, settings)
    (step,) = transport_steps(settings, build)
    assert set(step.after) == {"page/LA1/P2", "page/LA3/P5"}
