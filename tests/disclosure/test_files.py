"""Released tables on disk are what they were, or are refused by name."""

import json

import numpy as np
import pandas as pd
import pytest
from invented_page import fill, invent_page

from analysis.disclosure import PAGE_TABLES, add_page, read_released, release, release_all, write_released
from analysis.errors import DisclosureError
from analysis.protocol import load_protocol

RULES = load_protocol().disclosure


@pytest.fixture(scope="module")
def tables():
    page = invent_page(PAGE_TABLES, np.random.default_rng(5), size=4000)
    return release_all({n: page[n] for n in ("flow", "sample", "operating_point")}, preset="dfe", rules=RULES)


@pytest.fixture
def folder(tables, tmp_path):
    write_released(tables, tmp_path / "released", provenance={"authority": "LA1", "outcome": "P1"})
    return tmp_path / "released"


def test_tables_come_back_as_they_went(tables, folder):
    for name, table in read_released(folder, PAGE_TABLES).items():
        pd.testing.assert_frame_equal(table.frame, tables[name].frame, check_dtype=False, rtol=1e-5)
        assert (table.preset, table.notes) == (tables[name].preset, tables[name].notes)


def test_large_counts_and_words_that_look_missing_survive(tmp_path):
    frame = fill(PAGE_TABLES["outcome_by_year"], [{"year": "NA", "cases": 7_891_732.0, "positives": None}])
    table = release(PAGE_TABLES["outcome_by_year"], frame, preset="synthetic", rules=RULES)
    write_released({"outcome_by_year": table}, tmp_path, provenance={})
    back = read_released(tmp_path, PAGE_TABLES)["outcome_by_year"].frame
    assert back.loc[0, ["year", "cases"]].tolist() == ["NA", 7_891_732]
    assert pd.isna(back.loc[0, "positives"])


@pytest.mark.parametrize("ends", [[-0.0, None], [-0.0, -0.0], [-0.0, 0.0], [-0.0, -2.0], [0.0, None], [-0.0, 0.12]])
def test_the_sign_of_an_end_at_zero_survives_whatever_stands_below_it(ends, tmp_path):
    rows = [{"first": str(place), "cases": 900, "difference_high": end} for place, end in enumerate(ends)]
    frame = fill(PAGE_TABLES["comparisons"], rows)
    table = release(PAGE_TABLES["comparisons"], frame, preset="synthetic", rules=RULES)
    write_released({"comparisons": table}, tmp_path, provenance={})
    back = read_released(tmp_path, PAGE_TABLES)["comparisons"].frame["difference_high"].astype(float)
    assert np.signbit(back).tolist() == np.signbit(frame["difference_high"].astype(float)).tolist()
    assert back.fillna(9).tolist() == frame["difference_high"].astype(float).fillna(9).tolist()


def test_the_same_tables_give_the_same_bytes(tables, folder, tmp_path):
    write_released(tables, tmp_path / "again", provenance={"outcome": "P1", "authority": "LA1"})
    for path in folder.iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes()


@pytest.mark.parametrize("name", ["flow.csv", "sample.csv"])
def test_one_altered_byte_is_refused_by_name(folder, name):
    content = bytearray((folder / name).read_bytes())
    content[-2] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(DisclosureError) as raised:
        read_released(folder, PAGE_TABLES)
    assert raised.value.problems == (f"{name!r} is not the file that was released; fetch it again",)


def test_missing_and_added_files_are_refused_by_name(folder):
    (folder / "flow.csv").unlink()
    (folder / "notes.txt").write_text("x")
    with pytest.raises(DisclosureError) as raised:
        read_released(folder, PAGE_TABLES)
    assert raised.value.problems == (
        "'flow.csv' is missing; fetch it again",
        "'notes.txt' is not in the manifest; remove it",
    )


def test_an_altered_manifest_is_refused(folder):
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["provenance"]["authority"] = "LA2"
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(DisclosureError, match="'manifest.json' is not as it was written"):
        read_released(folder, PAGE_TABLES)


def test_a_page_travels_with_its_tables(folder, tmp_path):
    (tmp_path / "P1.ipynb").write_text("{}")
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "roc.svg").write_text("<svg/>")
    add_page(folder, tmp_path / "P1.ipynb", tmp_path / "files")
    read_released(folder, PAGE_TABLES)
    (folder / "page" / "files" / "roc.svg").write_text("<svg >")
    with pytest.raises(DisclosureError, match="'page/files/roc.svg' is not the file"):
        read_released(folder, PAGE_TABLES)
