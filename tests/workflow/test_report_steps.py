"""What each step of the report waits for: one authority's data touch its own pages, the summaries and the book."""

from pathlib import Path

import pytest

from analysis.errors import ProtocolError
from analysis.protocol import load_protocol
from analysis.study.evidence_files import FOLDER
from analysis.study.settings import Settings, choose_problems, read_settings, write_settings
from analysis.workflow import steps as report_steps
from analysis.workflow.book import contents
from analysis.workflow.network_study import network_steps

PROTOCOL = load_protocol(Path(__file__).resolve().parents[2] / "protocol.yml")


@pytest.fixture
def steps(tmp_path):
    settings = Settings(PROTOCOL, True, PROTOCOL.problems, network_world="small")
    sources = {authority: tmp_path / "synthetic" / authority for authority in PROTOCOL.authorities}
    return [
        *report_steps.extract_steps(settings, sources, tmp_path),
        *report_steps.page_steps(settings, tmp_path),
        *network_steps(settings, tmp_path, "small"),
        *report_steps.chapter_steps(settings, tmp_path),
        *report_steps.book_steps(settings, tmp_path, tmp_path / "_build"),
    ]


def downstream(steps, first: str) -> set[str]:
    touched = {first}
    for step in steps:
        if touched & set(step.after):
            touched.add(step.name)
    return touched


def test_each_step_comes_after_those_it_waits_for(steps):
    seen: set[str] = set()
    for step in steps:
        assert set(step.after) <= seen, step.name
        seen.add(step.name)


def test_one_authoritys_data_touch_only_its_own_two_pages(steps):
    pages = {name for name in downstream(steps, "extract/LA2") if name.startswith("page/")}
    assert pages == {"page/LA2/P3", "page/LA2/P4"}


def test_on_own_data_an_authoritys_pages_are_released_one_after_another(tmp_path):
    settings = Settings(PROTOCOL, False, choose_problems(PROTOCOL, ["Eastshire", "Westshire"], ["P7", "P8"]))
    pages = {step.name: step.after for step in report_steps.page_steps(settings, tmp_path)}
    assert pages["page/Eastshire/P7"] == ("extract/Eastshire",)
    assert pages["page/Eastshire/P8"] == ("extract/Eastshire", "page/Eastshire/P7")
    assert pages["page/Westshire/P7"] == ("extract/Westshire",)


def test_family_networks_do_not_wait_for_england_nor_england_for_them(steps):
    assert not any(name.startswith("network") for name in downstream(steps, "extract/LA2"))
    assert not any(name.startswith("page/") for name in downstream(steps, "networks/small"))


def test_no_two_steps_leave_the_same_thing_behind(steps):
    made = [path for step in steps for path in step.makes]
    assert len(made) == len(set(made))


def test_an_authority_the_protocol_does_not_name_gets_every_prediction():
    problems = choose_problems(PROTOCOL, ["Northshire"])
    assert [problem.slug for problem in problems] == [f"Northshire/P{n}" for n in range(1, 9)]
    assert {problem.prediction.authority for problem in problems} == {"Northshire"}


def test_where_all_authorities_are_studied_each_gets_its_own_predictions():
    assert choose_problems(PROTOCOL, list(PROTOCOL.authorities)) == PROTOCOL.problems


def test_an_outcome_that_is_not_declared_is_named_with_those_that_are():
    with pytest.raises(ProtocolError, match="'P9' is not declared; the protocol has P1, P2"):
        choose_problems(PROTOCOL, ["Northshire"], ["P9"])


def test_settings_come_back_as_they_were_written(tmp_path):
    settings = Settings(PROTOCOL, False, choose_problems(PROTOCOL, ["Northshire"], ["P2", "P7"]))
    write_settings(settings, tmp_path)
    assert read_settings(tmp_path) == settings


def test_the_contents_name_this_runs_pages_where_result_pages_go():
    toc = {"root": "index", "parts": [{"chapters": [{"file": "results/pages"}]}, {"chapters": [{"file": "about"}]}]}
    named = contents(toc, ["index", "results/LA1/P1", "results/LA2/P3"])
    assert named["parts"][0]["chapters"] == [{"file": "results/LA1/P1"}, {"file": "results/LA2/P3"}]
    assert named["parts"][1] == toc["parts"][1]


def test_a_departure_that_an_authority_records_makes_its_pages_and_chapters_anew(tmp_path):
    settings = Settings(PROTOCOL, True, PROTOCOL.problems, deviations=tmp_path)
    made = [*report_steps.page_steps(settings, tmp_path), *report_steps.sent_page_steps(settings, tmp_path)]
    made += [step for step in report_steps.chapter_steps(settings, tmp_path) if step.after]
    assert made and all(tmp_path / "deviations.yml" in step.reads for step in made)


@pytest.mark.parametrize("own", [False, True])
def test_settings_name_no_folder_of_this_machine_and_are_read_back(tmp_path, monkeypatch, own):
    """A folder of products that is moved together with the protocol beside it is taken up again."""
    monkeypatch.chdir(tmp_path)
    deviations = {"deviations": tmp_path / "council"} if own else {}
    settings = Settings(PROTOCOL, True, PROTOCOL.problems, **deviations)
    for build in (Path("build"), tmp_path / "deeper" / "build"):
        write_settings(settings, build)
        assert str(tmp_path) not in (build / "settings.json").read_text()
        assert read_settings(build).recorded.resolve() == settings.recorded
        assert (read_settings(build).deviations == FOLDER) is not own
