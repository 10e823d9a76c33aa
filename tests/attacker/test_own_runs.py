"""A whole run on own data, released twice, as an outsider has it: no small count and no name can be had from it.

Five hundred invented people, schools, streets and towns stand in its texts. Before the second release one child was
erased, and only one of the two outcomes was asked again. Other sizes and presets, and a third
release: `python -m benchmarks attack`.
"""

import os
import shutil
from pathlib import Path

import polars as pl
import pytest

from analysis.disclosure import write_released
from analysis.disclosure.canaries import find_canaries
from analysis.disclosure.containment import KEY_VARIABLE, delete_child_level
from analysis.disclosure.ledger import ledgers_folder
from analysis.protocol import load_protocol
from analysis.study.paths import Paths
from analysis.workflow.papers import make_papers
from benchmarks.own_runs import FEWER, erase_child, publish_run, write_extract, write_protocol
from tests.attacker.outsider import RELEASE, attack, read_page, recovered_over_time
from tests.privacy.planted_names import plant, planted_names

pytestmark = pytest.mark.slow

DFE = load_protocol().disclosure.presets["dfe"].threshold
SCALE, OUTCOMES = 0.07, ("P7", "P8")
NAMES = planted_names(500, seed=11)
MARKS = {f"{kind} {number}": word for number, (kind, word) in enumerate(NAMES)}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Folder of the extract, build folders of two releases, and the folder of the ledger."""
    folder = tmp_path_factory.mktemp("attacked")
    before = os.environ[KEY_VARIABLE]
    os.environ[KEY_VARIABLE] = str(folder / "key" / "key")
    extract, protocol = write_extract(folder, SCALE), write_protocol(folder / "protocol", "dfe")
    documents = pl.read_parquet(extract / "documents.parquet")
    texts = pl.Series("text", plant(documents["text"].to_list(), NAMES, seed=13))
    documents.with_columns(texts).write_parquet(extract / "documents.parquet")
    first = publish_run(extract, folder / "first", protocol, OUTCOMES)
    erase_child(extract)
    second = publish_run(extract, folder / "second", protocol, OUTCOMES[:1])
    ledger = ledgers_folder()
    os.environ[KEY_VARIABLE] = before
    return extract, (first, second), ledger


def pages_of(builds) -> dict:
    return {
        f"{folder.parent.name}{RELEASE}{number}": read_page(folder)
        for number, build in enumerate(builds, start=1)
        for folder in sorted(build.glob("*/*/released"))
    }


def test_both_outcomes_were_studied_and_something_was_withheld(runs):
    pages = {name: page for name, page in pages_of(runs[1]).items() if name.startswith(OUTCOMES)}
    assert set(pages) == {f"P7{RELEASE}1", f"P8{RELEASE}1", f"P7{RELEASE}2"}
    for page in pages.values():
        assert len(page) > 15 and page["subgroups"]["positives"].isna().any()


def test_from_the_files_of_two_releases_no_small_count_is_recovered(runs):
    assert recovered_over_time(runs[1], DFE, replicates=FEWER["uncertainty.replicates"]) == []


def test_one_child_fewer_in_a_printed_count_would_be_seen(runs):
    """The attack can succeed: had the second release printed what the first did, less one child, it would."""
    first = pages_of(runs[1][:1])[f"P7{RELEASE}1"]
    years = {"outcome_by_year": first["outcome_by_year"]}
    fewer = years["outcome_by_year"].copy()
    fewer.loc[fewer["cases"].idxmax(), "cases"] -= 1
    found = attack({f"P7{RELEASE}1": years, f"P7{RELEASE}2": {"outcome_by_year": fewer}}, DFE)
    assert any("change of" in line for line in found)


def test_no_planted_name_is_in_any_byte_that_may_leave(runs):
    _extract, builds, ledger = runs
    for folder in (*builds, ledger):
        assert find_canaries(folder, MARKS) == ()


def test_the_papers_are_made_without_the_records_and_hold_no_planted_name(runs, tmp_path):
    """From a build folder whose child-level files were deleted they are the same bytes."""
    whole, emptied = tmp_path / "whole", tmp_path / "emptied"
    for build in (whole, emptied):
        shutil.copytree(runs[1][0], build)
        write_released({}, Paths(build).networks("small"), provenance={})
    assert delete_child_level(emptied)
    for build in (whole, emptied):
        make_papers(build, build / "papers")
    files = sorted((whole / "papers").iterdir())
    assert {file.suffix for file in files} == {".docx", ".pptx", ".png"}
    assert all(file.read_bytes() == (emptied / "papers" / file.name).read_bytes() for file in files)
    assert find_canaries(whole / "papers", MARKS) == ()


def test_the_planted_names_are_in_what_was_read(runs):
    """The search can fail: it finds nearly all of them in the extract."""
    assert {hit.canary for hit in find_canaries(Path(runs[0]), MARKS)} == set(MARKS)
