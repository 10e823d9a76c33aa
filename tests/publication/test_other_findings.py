"""An authority in which a design truly passes the mark: other findings, claims and badges, and no text edited."""

from pathlib import Path

import nbformat
import pandas as pd
import pytest
import small_tables as small

from analysis.claims import Evidence, Verdict, audit, findings
from analysis.model import fit_designs
from analysis.performance import operating_point, performance, sample
from analysis.workflow.chapter import run_chapter
from analysis.workflow.steps import NOTEBOOKS
from benchmarks.planted_world import plant_world

pytestmark = pytest.mark.slow

PASSED = ("LA3", "P5")
MARK = small.PROTOCOL.success.threshold
FEW = small.PROTOCOL.models.draws_per_family.model_copy(
    update={"logistic_regression": 1, "decision_tree": 1, "xgboost": 1}
)
QUICK = small.PROTOCOL.model_copy(
    update={
        "models": small.PROTOCOL.models.model_copy(update={"draws_per_family": FEW}),
        "uncertainty": small.PROTOCOL.uncertainty.model_copy(update={"replicates": 50, "permutations": 50}),
    }
)


@pytest.fixture(scope="module")
def planted() -> dict:
    """Released tables of cases whose outcome follows their predictors so closely that models must find it."""
    world = plant_world(800, seed=3, prevalence=0.3, signal=6.0, words=10, topics=2)
    designs = fit_designs(world.cases, world.predictors, QUICK, window_months=6)
    frames = {
        "performance": performance(designs, world.cases, QUICK),
        "operating_point": operating_point(designs, world.cases, QUICK),
        "sample": sample(designs, world.cases),
    }
    return {name: small.released(name, frame) for name, frame in frames.items()}


@pytest.fixture(scope="module")
def worlds(planted) -> dict[str, dict]:
    """The same eight predictions twice: none above the mark, and one authority's cases easy to tell."""
    return {"before": small.world(), "after": small.world() | {PASSED: small.page_tables() | planted}}


def passing(planted: dict) -> pd.DataFrame:
    frame = planted["performance"].frame
    return frame[frame["metric"].eq("average_precision") & frame["value"].gt(MARK)]


def test_the_planted_authority_truly_passes(planted):
    assert 1 <= len(passing(planted)) <= 4


def test_the_finding_and_its_verdict_turn(worlds, planted):
    before, after = (
        findings(Evidence(worlds[name], small.PROTOCOL, small.PROTOCOL))[0] for name in ("before", "after")
    )
    assert before.verdict is Verdict.HOLDS and after.verdict is Verdict.DOES_NOT_HOLD
    assert f"{passing(planted)['value'].max():.2f} (P5 in LA3" in after.sentence


def test_the_audit_of_claims_turns(worlds):
    rows = {
        name: audit(Evidence(world, small.PROTOCOL, small.PROTOCOL)).frame.set_index("claim")
        for name, world in worlds.items()
    }
    claim = "A-none-above-threshold"
    assert rows["before"].loc[claim, "agreement"] == "cannot tell a model from none"
    assert rows["after"].loc[claim, "agreement"].endswith("outside this run's interval")
    # What the study printed and what its tables say are no business of this run.
    published = ["printed", "published_tables_give", "verdict_on_published"]
    assert rows["before"][published].equals(rows["after"][published])


def test_the_chapters_turn_without_an_edit(worlds, build_of):
    texts = {chapter: (NOTEBOOKS / f"{chapter}.md").read_bytes() for chapter in ("findings", "rehearsal", "claims")}
    builds = {name: build_of(world, name) for name, world in worlds.items()}
    shown = {(name, chapter): shown_by(chapter, build) for name, build in builds.items() for chapter in texts}
    assert texts == {chapter: (NOTEBOOKS / f"{chapter}.md").read_bytes() for chapter in texts}
    before, after = (shown[name, "rehearsal"] for name in ("before", "after"))
    assert "None of 24 models has an average precision above" in before and "P5 in LA3" not in before
    assert "None of 24 models has" not in after and "P5 in LA3" in after
    assert shown["before", "claims"] != shown["after", "claims"]
    # On invented data the first page answers with what was published, whatever the run gives.
    assert shown["before", "findings"] == shown["after", "findings"] and "0 of 24" in shown["after", "findings"]


def shown_by(chapter: str, build: Path) -> str:
    """All that the chapter's cells show, run as the report runs them."""
    product = build / "book" / "notebooks" / f"{chapter}.ipynb"
    run_chapter(NOTEBOOKS / f"{chapter}.md", product, build / "book" / "_files" / chapter, build, "small")
    cells = nbformat.read(product, as_version=4).cells
    return "\n".join(
        output.data.get("text/markdown", "") for cell in cells if cell.cell_type == "code" for output in cell.outputs
    )
