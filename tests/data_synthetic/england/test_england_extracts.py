"""What the synthetic authorities hand over: the same bytes for the same seed, in the forms that real ones use."""

from pathlib import Path

import polars as pl
import pytest
from python_calamine import load_workbook

import data_synthetic.england
from analysis.cohort import find_cases
from analysis.extract import read_extract
from data_synthetic.england import synthesise
from data_synthetic.england.truth import load_truth

TINY = 0.0025
SECRET = b"synthetic data hold nobody's secrets"
SAMPLE = Path(data_synthetic.england.__file__).parent / "sample"


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory, protocol):
    folder = tmp_path_factory.mktemp("tiny")
    synthesise(folder, protocol=protocol, authorities=["LA1", "LA4"], scale=TINY)
    return folder


def test_the_same_seed_gives_the_same_bytes(tiny, tmp_path, protocol):
    synthesise(tmp_path, protocol=protocol, authorities=["LA1", "LA4"], scale=TINY)
    assert contents(tmp_path) == contents(tiny)


def test_another_seed_gives_other_children(tiny, tmp_path, protocol):
    synthesise(tmp_path, protocol=protocol, authorities=["LA1"], scale=TINY, seed=protocol.seeds.synthetic_england + 1)
    assert contents(tmp_path)["LA1/families.csv"] != contents(tiny)["LA1/families.csv"]


def test_the_sample_that_is_kept_is_what_the_code_writes(tiny):
    written, kept = contents(tiny), contents(SAMPLE)
    assert set(written) == set(kept)
    for name in written:
        if name.endswith(".parquet"):  # another version of the writer may lay the same table out differently
            assert pl.read_parquet(tiny / name).equals(pl.read_parquet(SAMPLE / name)), name
        else:
            assert written[name] == kept[name], name


def test_the_sample_is_small():
    assert sum(len(content) for content in contents(SAMPLE).values()) < 300_000


def test_headings_are_ofsteds_with_their_trailing_spaces_and_curly_apostrophes(tiny):
    (path,) = (tiny / "LA1" / "annex_a").iterdir()
    workbook = load_workbook(path)
    assert workbook.sheet_names == [f"List_{number}" for number in (1, 2, 3, 4, 5, 6, 7, 8, 10)]
    first, second = workbook.get_sheet_by_name("List_4").to_python()[:2]
    assert first[0] == "List 4: Assessments"
    assert second[9] == "Was the child assessed as requiring LA children’s social care support"
    assert workbook.get_sheet_by_name("List_8").to_python()[1][19] == "Date Ceased to be Looked After "


def test_la4_sends_an_extract_every_six_months_and_la1_a_single_one(tiny):
    names = sorted(path.name for path in (tiny / "LA4" / "annex_a").iterdir())
    # 1 October 2015 + 6 months ... + 42 months, then what is left until 31 July 2019
    assert len(names) == 8 and names[0] == "annex_a_2016-03-31.xlsx" and names[-1] == "annex_a_2019-07-31.xlsx"
    assert len(list((tiny / "LA1" / "annex_a").iterdir())) == 1


def test_a_six_month_extract_has_one_row_per_child_on_lists_6_to_8(tiny):
    for path in (tiny / "LA4" / "annex_a").iterdir():
        workbook = load_workbook(path)
        for name in ("List_6", "List_7", "List_8"):
            children = [row[0] for row in workbook.get_sheet_by_name(name).to_python()[2:]]
            assert len(children) == len(set(children)), (path.name, name)


def test_both_forms_of_one_long_extract_give_the_same_cases(tmp_path, protocol):
    cases = {}
    for form in ("annex_a", "ssd"):
        synthesise(tmp_path / form, protocol=protocol, authorities=["LA3"], scale=0.02, form=form)
        tables, _ = read_extract(tmp_path / form / "LA3", secret=SECRET, study=protocol.study)
        cases[form] = find_cases(tables, protocol.predictions["P5"], protocol.study).cases
    assert cases["annex_a"].equals(cases["ssd"])


def test_no_child_has_two_cases_open_at_once(tmp_path, protocol):
    synthesise(tmp_path, protocol=protocol, authorities=["LA2"], scale=0.05, form="ssd")
    tables, _ = read_extract(tmp_path / "LA2", secret=SECRET, study=None)
    needs = tables.events.filter(pl.col("event").is_in(["need_start", "need_end"])).sort("child_id", "date", "event")
    before = pl.col("event").shift().over("child_id")
    assert len(needs) > 1000 and needs.filter(pl.col("event").eq(before)).is_empty()


def test_the_truth_speaks_of_the_authorities_and_predictions_of_the_protocol(protocol):
    truth = load_truth()
    assert set(truth.authorities) == set(protocol.authorities)
    assert set(truth.predictions) == set(protocol.predictions)
