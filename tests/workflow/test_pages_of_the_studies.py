"""The page of each study says alike what departs, what was withheld, and why a prediction cannot be studied."""

import json
from datetime import date

import pytest
import yaml

from analysis.claims.evidence_map import check_places
from analysis.disclosure.files import read_manifest
from analysis.errors import TOO_FEW_OUTCOMES, CohortError
from analysis.protocol import load_protocol
from analysis.study.checked_tables import write_checked_tables
from analysis.study.evidence_files import page_anchors, places_not_made, read_evidence_map
from analysis.study.networks import OWN, NetworkStudy
from analysis.study.paths import Paths
from analysis.study.problem import ProblemStudy
from analysis.study.results import Results
from analysis.study.settings import Settings, choose_problems, write_settings
from analysis.study.supplied import plain_name
from analysis.workflow import page as page_tasks
from analysis.workflow.page import run_page
from analysis.workflow.steps import PAGE
from tests.cohort.cohort_worlds import checked

REGISTERED = load_protocol()
DEVIATION = {"address": "networks.permutations", "executed": 3, "when": date(2026, 12, 1), "why": "a test"}


@pytest.fixture
def run(tmp_path):
    """A run on own data whose protocol departs on the networks alone; its extract holds no family and no document."""
    networks = REGISTERED.networks.model_copy(update={"permutations": DEVIATION["executed"]})
    protocol = REGISTERED.model_copy(update={"networks": networks})
    (tmp_path / "deviations.yml").write_text(yaml.safe_dump([DEVIATION]), encoding="utf-8")
    problems = choose_problems(protocol, ["Smallshire"], ["P7"])
    names = {"Smallshire": "Smallshire Council"}
    settings = Settings(protocol, False, problems, tmp_path, network_world=OWN, names=names)
    build = tmp_path / "build"
    write_settings(settings, build)
    for step in ("extract-Smallshire", "page-Smallshire-P7", "networks-own"):
        (build / "steps").mkdir(exist_ok=True)
        (build / "steps" / f"{step}.json").write_text(json.dumps({"product": "0" * 64}))
    folder = build / "Smallshire" / "child_level"
    folder.mkdir(parents=True)
    write_checked_tables(
        checked([("child A", "family 1", date(2010, 1, 1), "male", "WBRI", "White", "no")], []), folder
    )
    return settings, build


def test_the_three_studies_pages_agree_on_what_departs_and_what_was_withheld(run):
    settings, build = run
    study = ProblemStudy(settings, build, settings.problems[0])
    study.release({})
    pages = [
        study.page("book/notebooks/problem.md"),
        Results(settings, build).page("book/notebooks/performance.md"),
        NetworkStudy(settings, build, OWN).page("book/notebooks/network_models.md"),
    ]
    assert {page.deviating for page in pages} == {frozenset({"networks"})}
    assert all(page.disclosure.startswith("Counts of 1 to 5 are withheld") for page in pages)
    assert {page.made_from for page in pages} == {"Smallshire Council's own extract"}


def test_a_prediction_that_cannot_be_studied_has_a_page_with_a_reason_and_every_place(run, monkeypatch):
    """The evidence map finds its places on it, and no word tells how few had the outcome."""
    settings, build = run
    (problem,) = settings.problems

    def too_few(*_, **__):
        raise CohortError("split of all cases", TOO_FEW_OUTCOMES)

    monkeypatch.setattr(page_tasks, "execute_notebook", too_few)
    product = Paths(build).page(problem.slug)
    run_page(problem, PAGE, product, Paths(build).page_files(problem.slug), build)
    cells = json.loads(product.read_text(encoding="utf-8"))["cells"]
    text = "\n\n".join("".join(cell["source"]) for cell in cells)
    assert "P7, Smallshire Council" in text and TOO_FEW_OUTCOMES in text
    assert not any(character.isdigit() for character in TOO_FEW_OUTCOMES)
    html = build / "html" / "results" / "Smallshire"
    html.mkdir(parents=True)
    (html / "P7.html").write_text(text, encoding="utf-8")
    items = [item for item in read_evidence_map() if "{page}" in item.place]
    assert len(items) > 5
    check_places(items, problem.slug, page_anchors(build / "html"))
    assert {item.at(problem.slug)[1] for item in items} <= places_not_made(build / "book")


def test_what_was_not_supplied_travels_with_what_is_released(run):
    settings, build = run
    ProblemStudy(settings, build, settings.problems[0]).release({})
    says = read_manifest(build / "Smallshire" / "P7" / "released")["provenance"]
    assert (says["name"], says["documents"]) == ("Smallshire Council", "not supplied")


def test_without_documents_no_design_reads_text(run):
    settings, build = run
    rules = ProblemStudy(settings, build, settings.problems[0]).rules
    assert [design.predictors for design in rules.design_list] == ["structured", "structured"]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Bath & North East Somerset", "Bath & North East Somerset"),
        ("Kingston upon Hull, City of", "Kingston upon Hull, City of"),
        ("<script>x</script>", "script x script"),
        ("[a](http://b) `c` {d} *e*_f_", "a (http b) c d e f"),
        ("a\n# b", "a b"),
        ("<>", "St-Helens"),
    ],
)
def test_a_name_can_hold_nothing_that_a_page_would_read_as_more_than_a_name(written, shown):
    assert plain_name(written, otherwise="St-Helens") == shown


def test_two_councils_of_one_name_are_told_apart():
    problems = choose_problems(REGISTERED, ["North", "South", "West"], ["P7"])
    settings = Settings(REGISTERED, False, problems, names={"North": "Borsetshire", "South": "Borsetshire"})
    assert [settings.name(n) for n in settings.authorities] == ["Borsetshire (North)", "Borsetshire (South)", "West"]
