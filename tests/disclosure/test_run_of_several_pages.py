"""A run's pages are also read together, and beside what was released of them before."""

import json
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from invented_page import fill, invent_page

from analysis.disclosure import (
    PAGE_TABLES,
    attack,
    attack_jointly,
    read_earlier,
    read_released,
    release,
    release_all,
    write_released,
)
from analysis.disclosure.earlier import printed_before
from analysis.errors import DisclosureError
from analysis.protocol import load_protocol
from analysis.study.problem import ProblemStudy
from analysis.study.settings import Settings, choose_problems
from analysis.workflow.summary import check_jointly

PROTOCOL = load_protocol()
DFE = PROTOCOL.disclosure.presets["dfe"]


def one_year(cases: int, preset: str):
    row = {"year": "2016", "cases": cases, "positives": 20, "prevalence": 20 / cases}
    frame = fill(PAGE_TABLES["outcome_by_year"], [row])
    return {"outcome_by_year": release(PAGE_TABLES["outcome_by_year"], frame, preset=preset, rules=PROTOCOL.disclosure)}


def run_of(cases: int, preset: str):
    """Two outcomes of one authority, asked of 100 children and of `cases`."""
    world = {("Northshire", "P7"): one_year(100, preset), ("Northshire", "P8"): one_year(cases, preset)}
    settings = {"preset": preset, "synthetic": preset == "synthetic", "authorities": ("Northshire",)}
    settings = SimpleNamespace(**settings, problems=())  # no folders, and so none that was attacked before
    return SimpleNamespace(pages=world, protocol=PROTOCOL, settings=settings)


def test_a_run_whose_pages_together_tell_a_few_children_is_stopped():
    with pytest.raises(DisclosureError, match="difference of Northshire/P8.*leave one of the outcomes") as raised:
        check_jointly(run_of(103, "dfe"))
    assert raised.value.where == "all pages together"


@pytest.mark.parametrize(("cases", "preset"), [(100, "dfe"), (140, "dfe"), (103, "synthetic")])
def test_a_run_whose_pages_together_tell_nobody_goes_on(cases, preset):
    check_jointly(run_of(cases, preset))


@pytest.fixture
def study(tmp_path):
    """A problem of an authority's own, whose extract has been read."""
    (tmp_path / "steps").mkdir()
    (tmp_path / "steps" / "extract-Northshire.json").write_text(json.dumps({"product": "0" * 64}))
    (problem,) = choose_problems(PROTOCOL, ["Northshire"], ["P7"])
    return ProblemStudy(Settings(PROTOCOL, False, (problem,)), tmp_path, problem)


@pytest.mark.parametrize("others", [0, 40])
def test_what_is_released_again_tells_nothing_beside_what_was_released_before(study, others):
    """Three more in one year, and in another none, so that the release stands, or so many that it is made anew."""
    page = invent_page(PAGE_TABLES, np.random.default_rng(11), size=6000, prevalence=0.05)
    frames = {name: page[name] for name in ("flow", "outcome_by_year")}
    first = study.release(frames)
    before = printed_before([first], PAGE_TABLES, PROTOCOL.disclosure)
    grown = {name: frame.copy() for name, frame in frames.items()}
    grown["outcome_by_year"].loc[0, ["cases", "positives"]] += [3, 1]
    grown["outcome_by_year"].loc[1, ["cases", "positives"]] += [others, others // 2]
    grown["flow"]["remaining"] += 3 + others

    after = {name: table.frame for name, table in study.release(grown).items()}
    assert not attack(after, PAGE_TABLES, DFE, earlier=before)
    naive = {name: release(PAGE_TABLES[name], frame, preset="dfe", rules=PROTOCOL.disclosure).frame
             for name, frame in grown.items()}  # fmt: skip
    assert attack(naive, PAGE_TABLES, DFE, earlier=before)
    assert after["flow"].equals(first["flow"].frame) == (not others)
    on_disk = read_released(study.build / "Northshire" / "P7" / "released", PAGE_TABLES)
    pd.testing.assert_frame_equal(on_disk["flow"].frame, after["flow"], check_dtype=False)


def test_two_outcomes_of_nearly_the_same_children_are_released_so_that_their_difference_is_not_told(tmp_path):
    """P8 has three more children in the first year, and so in all: together the pages would tell of them."""
    (tmp_path / "steps").mkdir()
    (tmp_path / "steps" / "extract-Northshire.json").write_text(json.dumps({"product": "0" * 64}))
    settings = Settings(PROTOCOL, False, choose_problems(PROTOCOL, ["Northshire"], ["P7", "P8"]))
    page = invent_page(PAGE_TABLES, np.random.default_rng(11), size=6000, prevalence=0.05)
    frames = {name: page[name] for name in ("flow", "outcome_by_year")}
    grown = {name: frame.copy() for name, frame in frames.items()}
    grown["outcome_by_year"].loc[0, "cases"] += 3
    grown["flow"]["remaining"] += 3
    apart = {"P7": frames, "P8": grown}
    naive = {("Northshire", outcome): release_all(tables, preset="dfe", rules=PROTOCOL.disclosure)
             for outcome, tables in apart.items()}  # fmt: skip
    assert attack_jointly(naive, DFE)

    studies = {p.outcome: ProblemStudy(settings, tmp_path, p) for p in settings.problems}
    together = {("Northshire", outcome): studies[outcome].release(tables) for outcome, tables in apart.items()}
    assert attack_jointly(together, DFE) == ()
    pd.testing.assert_frame_equal(
        together["Northshire", "P7"]["flow"].frame, naive["Northshire", "P7"]["flow"].frame
    )  # the first page is as it would be alone
    last = together["Northshire", "P8"]["flow"].frame["remaining"].iloc[-1]
    assert pd.isna(last)  # the number of all cases, which the first page prints
    shown = together["Northshire", "P8"]["outcome_by_year"].frame["cases"].notna().sum()
    assert shown >= len(frames["outcome_by_year"]) - 2  # and the second loses no more than it must


def test_an_earlier_release_is_read_as_far_as_it_is_as_it_was(tmp_path):
    assert read_earlier(tmp_path, PAGE_TABLES) == {}  # nothing was released there
    write_released(one_year(100, "dfe"), tmp_path, provenance={})
    (tmp_path / "half_a_page.csv").write_text("a run was interrupted here")
    assert set(read_earlier(tmp_path, PAGE_TABLES)) == {"outcome_by_year"}
    (tmp_path / "outcome_by_year.csv").write_text("altered")
    assert read_earlier(tmp_path, PAGE_TABLES) == {}
