"""A book of more authorities than can be listed beside each page: their own pages, and what is not done twice."""

import csv
import pickle
import re
import weakref
from io import StringIO
from itertools import product
from pathlib import Path

import pandas as pd
import pytest
import yaml
from invented_page import fill
from submissions import KEYS, PROTOCOL, RULES, invented_tables, write_submission

from analysis.book.charts.charts import CHARTS
from analysis.book.page import figure_text
from analysis.disclosure import PAGE_TABLES, attack_jointly, lazy, read_released, release, write_released
from analysis.disclosure import joint as joint_attack
from analysis.disclosure.lazy import open_released
from analysis.errors import DisclosureError
from analysis.study import directory
from analysis.study.fingerprint import ROOT
from analysis.study.paths import Paths
from analysis.study.results import open_results
from analysis.study.sent import ANSWERS, open_sent
from analysis.study.settings import MOST_LISTED, Settings, choose_problems, write_settings
from analysis.workflow import progress, summary
from analysis.workflow.book import contents, drop_stale_pages
from analysis.workflow.collect import attacked, collect, joint
from analysis.workflow.collect.submission import read_submissions

AUTHORITIES = [f"Council-{letter}" for letter in "ABCDEF"]
OUTCOMES = ("P1", "P2", "P3", "P4", "P5", "P6")
DFE = RULES.presets["dfe"]


@pytest.fixture(scope="module")
def build(tmp_path_factory) -> Path:
    """What collecting the pages of six authorities leaves, their tables from three invented pages in turn."""
    folder = tmp_path_factory.mktemp("many")
    sent = folder / "sent"
    for number, (authority, outcome) in enumerate(product(AUTHORITIES, OUTCOMES)):
        tables = invented_tables(number % 3, preset="synthetic", names=("flow", "performance"))
        write_submission(sent / authority / outcome, tables, authority=authority, outcome=outcome)
    build = folder / "build"
    found = collect([sent], PROTOCOL, build)
    problems = [problem for one in found for problem in choose_problems(PROTOCOL, [one.authority], [one.outcome])]
    write_settings(Settings(PROTOCOL, True, tuple(problems), network_world="small"), build)
    write_released({}, Paths(build).networks("small"), provenance={})
    return build


@pytest.fixture(scope="module")
def pages(build) -> dict[str, str]:
    directory.write_directory(build)
    return {path.stem: path.read_text(encoding="utf-8") for path in Paths(build).book.rglob("*.md")}


def test_a_page_of_so_many_draws_its_answers_and_leaves_the_pictures_of_its_details_to_the_authoritys_own_book(build):
    page = open_sent("Council-A", "P1", build).page("book/notebooks/problem.md")
    measures = open_sent("Council-A", "P1", build).released["performance"]
    drawn, left = (
        figure_text(page, name, measures, caption="Measures.", chart=CHARTS["average_precision"])
        for name in ("average_precision", "calibration")
    )
    assert drawn.count("```{image}") == 4 and "no picture" not in drawn
    assert "```{image}" not in left and "There is no picture of it" in left and ".csv" in left
    assert CHARTS["average_precision"].reading(measures.as_written()) in left


def test_the_figures_that_are_drawn_on_every_page_are_those_above_its_details():
    above, details, _ = (ROOT / "book" / "notebooks" / "problem.md").read_text().partition("\n## In detail\n")
    assert details and set(re.findall(r'show_figure\(\s*page, "(\w+)"', above)) == ANSWERS


def models_above_the_mark(build: Path, authority: str) -> tuple[int, int]:
    """Models that passed and models judged, from the CSV files that were released."""
    above = judged = 0
    for path in sorted((build / authority).glob("*/released/performance.csv")):
        with path.open(newline="") as file:
            for row in csv.DictReader(file):
                if row["metric"] == "average_precision" and row["value"]:
                    judged += 1
                    above += float(row["value"]) > PROTOCOL.success.threshold
    return above, judged


def test_each_authority_has_a_page_that_leads_to_its_own_predictions(build, pages):
    assert set(pages) == {*AUTHORITIES, directory.ALL_AUTHORITIES}
    for authority in AUTHORITIES:
        assert pages[authority].startswith(f"# {authority}\n")
        links = re.findall(r'href="([^"]+)"', pages[authority])
        assert links == [f"{authority}/{outcome}.html" for outcome in OUTCOMES]


def test_the_page_of_all_authorities_counts_what_their_tables_say(build, pages):
    text = pages[directory.ALL_AUTHORITIES]
    for authority in AUTHORITIES:
        row = next(line for line in text.splitlines() if f'"results/{authority}.html"' in line)
        assert re.findall(r"<td[^>]*>([^<]*)</td>", row) == [
            str(len(OUTCOMES)),
            "{} of {}".format(*models_above_the_mark(build, authority)),
            "yes",
        ]


def test_an_authority_whose_models_all_fail_is_told_from_one_with_a_model_that_passes(build, pages):
    answers = {authority: re.search(r"\*\*([^*]+)\*\*", pages[authority])[1] for authority in AUTHORITIES}
    for authority, answer in answers.items():
        assert (answer == "In part.") is bool(models_above_the_mark(build, authority)[0])


def test_a_page_that_would_be_the_same_is_not_written_again(build, pages):
    paths = [Paths(build).landing(authority) for authority in AUTHORITIES]
    before = [path.stat().st_mtime_ns for path in paths]
    directory.write_directory(build)
    assert [path.stat().st_mtime_ns for path in paths] == before


def test_many_pages_are_listed_below_their_authorities_and_few_as_they_are():
    toc = yaml.safe_load("{root: r, parts: [{caption: c, chapters: [{file: results/pages}]}]}")
    few = [f"results/A{n}/P1" for n in range(MOST_LISTED)]
    assert contents(toc, few)["parts"][0]["chapters"] == [{"file": page} for page in few]
    (entry,) = contents(toc, [*few, "results/A0/P2"])["parts"][0]["chapters"]
    assert entry["file"] == directory.ALL_AUTHORITIES
    assert [below["file"] for below in entry["sections"]] == [f"results/A{n}" for n in range(MOST_LISTED)]
    assert entry["sections"][0]["sections"] == [{"file": "results/A0/P1"}, {"file": "results/A0/P2"}]


def test_lists_of_an_earlier_and_larger_run_are_removed(tmp_path):
    kept, stale = tmp_path / "results" / "A1.md", (tmp_path / "results" / "A2.md", tmp_path / "all_authorities.md")
    kept.parent.mkdir()
    for path in (kept, *stale):
        path.touch()
    drop_stale_pages(tmp_path, {kept})
    assert kept.exists() and not any(path.exists() for path in stale)


def test_a_chapter_reads_the_tables_it_asks_for_and_no_others(build, monkeypatch):
    read = []
    monkeypatch.setattr("analysis.disclosure.lazy.read_one", lambda folder, table, entry: read.append(table.name))
    assert list(open_released(build / "Council-A" / "P1" / "released", PAGE_TABLES))
    study = open_results(build)
    assert len(study.world) == len(AUTHORITIES) * len(OUTCOMES) and not read
    with pytest.raises(AttributeError):  # the stand-in reads nothing
        study.joint("flow")
    assert set(read) == {"flow"}


def test_the_summary_holds_no_more_tables_of_single_pages_than_the_claims_need_and_reads_each_once(
    build, tmp_path, monkeypatch
):
    """A few rows each, they take gigabytes for a whole country; joined they take little."""
    read, held, read_one, write = [], [], lazy.read_one, summary.write_released

    def noted(folder, specification, entry):
        table = read_one(folder, specification, entry)
        read.append((folder, table.name, weakref.ref(table)))
        return table

    def counted(tables, folder, **about):
        held.extend(name for _, name, table in read if table() is not None)
        assert len(read) == len({(folder, name) for folder, name, _ in read})
        write(tables, folder, **about)
        for name in ("flow", "performance"):
            pd.testing.assert_frame_equal(tables[name].frame, open_results(build).joint(name).frame)

    monkeypatch.setattr(lazy, "read_one", noted)
    monkeypatch.setattr(summary, "write_released", counted)
    (tmp_path / "networks.csv").touch()
    summary.write_summary(build, tmp_path / "summary", tmp_path / "shuffled.json", tmp_path / "networks.csv")
    assert {name for _, name, _ in read} >= {"flow", "performance"} and set(held) == {"performance"}


def test_tables_read_one_by_one_are_those_read_together_and_an_altered_one_is_refused(tmp_path):
    write_released(invented_tables(0, preset="synthetic"), tmp_path, provenance={})
    whole, lazy = read_released(tmp_path, PAGE_TABLES), open_released(tmp_path, PAGE_TABLES)
    assert list(lazy) == list(whole) and "flow" in lazy and "roc_curve" not in lazy
    for name, table in whole.items():
        pd.testing.assert_frame_equal(lazy[name].frame, table.frame)
        assert lazy[name] is lazy[name]
    with (tmp_path / "flow.csv").open("a") as file:
        file.write("\n")
    with pytest.raises(DisclosureError, match="'flow.csv' is missing or not the file that was released"):
        open_released(tmp_path, PAGE_TABLES)["flow"]


def year_of(cases: int, positives: int = 20) -> dict:
    row = {"year": "2013", "cases": cases, "positives": positives, "prevalence": positives / cases}
    frame = fill(PAGE_TABLES["outcome_by_year"], [row])
    return {"outcome_by_year": release(PAGE_TABLES["outcome_by_year"], frame, preset="dfe", rules=RULES)}


@pytest.mark.parametrize("second", [100, 103, 140])
def test_each_authority_attacked_alone_gives_what_all_attacked_together_give(second):
    pages = {(name, outcome): year_of(cases) for name in ("A", "B", "C")
             for outcome, cases in (("P7", 100), ("P8", second if name == "B" else 140))}  # fmt: skip
    together = joint_attack._attack_together(pages, DFE, None)
    alone = attack_jointly(pages, DFE)
    assert {str(finding) for finding in alone} == {str(finding) for finding in together}
    assert bool(alone) is (second == 103)


@pytest.fixture
def sent(tmp_path):
    for outcome, cases in (("P7", 100), ("P8", 140)):
        write_submission(tmp_path / "sent" / outcome, year_of(cases), authority="LA1", outcome=outcome, key=KEYS["LA1"])
    return tmp_path / "sent"


@pytest.fixture
def attacks(monkeypatch) -> list:
    seen: list = []

    def watched(pages, preset, **options):
        seen.append(sorted(pages))
        return attack_jointly(pages, preset, **options)

    for module in (attacked, summary):
        monkeypatch.setattr(module, "attack_jointly", watched)
    return seen


def test_what_was_sent_again_unaltered_is_not_attacked_again(sent, attacks, tmp_path):
    build = tmp_path / "build"
    collect([sent], PROTOCOL, build)
    collect([sent], PROTOCOL, build)
    assert attacks == [[("LA1", "P7"), ("LA1", "P8")]]


def test_one_table_that_changed_is_attacked_with_all_of_its_authority(sent, attacks, tmp_path):
    build = tmp_path / "build"
    collect([sent], PROTOCOL, build)
    write_submission(sent / "P8", year_of(103), authority="LA1", outcome="P8", key=KEYS["LA1"])
    for _ in range(2):  # what was refused once is not believed the second time
        with pytest.raises(DisclosureError, match="difference of"):
            collect([sent], PROTOCOL, build)
    assert len(attacks) == 3


def test_what_withstood_the_attack_before_it_was_stopped_is_not_attacked_again(sent, attacks, tmp_path, monkeypatch):
    write_submission(sent / "other", year_of(100), authority="LA2", outcome="P3", key=KEYS["LA2"])
    watched = attacked.attack_jointly

    def stopped_at_the_second(pages, preset, **options):
        if ("LA2", "P3") in pages:
            raise KeyboardInterrupt
        return watched(pages, preset, **options)

    monkeypatch.setattr(attacked, "attack_jointly", stopped_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        collect([sent], PROTOCOL, tmp_path / "build")
    assert not Paths(tmp_path / "build").released("LA1/P7").exists()
    monkeypatch.setattr(attacked, "attack_jointly", watched)
    collect([sent], PROTOCOL, tmp_path / "build")
    assert attacks == [[("LA1", "P7"), ("LA1", "P8")], [("LA2", "P3")]]


@pytest.mark.parametrize("second", [140, 103])
def test_many_are_checked_and_written_in_processes_as_few_are_here(tmp_path, monkeypatch, second):
    """Of three authorities, the last sends pages that may tell three children apart."""

    def collected(build: Path) -> list | tuple:
        try:
            sent = collect([tmp_path / "sent"], PROTOCOL, build)
        except DisclosureError as error:
            return list(error.problems)
        written = {path.relative_to(build): path.read_bytes() for path in build.rglob("*") if path.is_file()}
        return [one.problem for one in sent], {path: b for path, b in written.items() if path.suffix != ".json"}

    for name in ("LA1", "LA2", "LA3"):
        for outcome, cases in (("P7", 100), ("P8", second if name == "LA3" else 140)):
            folder = tmp_path / "sent" / name / outcome
            write_submission(folder, year_of(cases), authority=name, outcome=outcome, key=KEYS["LA1"])
    here = collected(tmp_path / "here")
    monkeypatch.setattr(joint, "FEW", 0)
    assert collected(tmp_path / "in processes") == here
    assert bool(isinstance(here, tuple) and here[1]) is (second == 140)


def test_tables_that_changed_since_they_were_checked_are_not_read(sent):
    (one, _) = read_submissions([sent], PROTOCOL)
    assert set(pickle.loads(pickle.dumps(one)).tables) == {"outcome_by_year"}
    with (one.folder / "outcome_by_year.csv").open("a") as file:
        file.write("\n")
    with pytest.raises(DisclosureError, match="not the file that was released"):
        dict(one.tables)


def test_a_long_count_says_now_and_then_how_far_it_is(monkeypatch):
    stream = StringIO()
    monkeypatch.setattr(progress.time, "monotonic", iter(range(0, 400, 4)).__next__)
    assert list(progress.Progress(stream).counted("abcdefg", 7, "letters read")) == list("abcdefg")
    assert [line.strip() for line in stream.getvalue().splitlines()] == ["letters read: 3 of 7", "letters read: 6 of 7"]


@pytest.mark.parametrize("record", ["", "[]", '{"sent": "0", "written": "0"}'])
def test_a_record_of_another_attack_is_not_believed(sent, attacks, tmp_path, record):
    build = tmp_path / "build"
    collect([sent], PROTOCOL, build)
    Paths(build).step("attack/LA1").write_text(record)
    collect([sent], PROTOCOL, build)
    assert len(attacks) == 2


def test_the_summary_attacks_what_was_not_collected_and_no_more(sent, attacks, tmp_path):
    build = tmp_path / "build"
    found = collect([sent], PROTOCOL, build)
    problems = [problem for one in found for problem in choose_problems(PROTOCOL, [one.authority], [one.outcome])]
    write_settings(Settings(PROTOCOL, False, tuple(problems), network_world="small"), build)
    summary.check_jointly(open_results(build))
    assert attacks[1:] == [[]]
    released = Paths(build).released("LA1/P8")
    write_released(year_of(103), released, provenance={"authority": "LA1", "outcome": "P8"})
    with pytest.raises(DisclosureError, match="difference of"):
        summary.check_jointly(open_results(build))
    (released / "more.csv").touch()
    with pytest.raises(DisclosureError, match="'more.csv' is not in the manifest"):
        summary.check_files(open_results(build))
