"""The invented tool's scores: of one authority, the day after contacts, by the same bytes each time."""

from datetime import date

import polars as pl
import pytest

from analysis.extract import read_extract
from analysis.protocol import load_protocol
from data_synthetic.england import synthesise
from data_synthetic.england.tool import HIGHEST, SCORED_AUTHORITIES

KEY = b"a key for the tests alone"


@pytest.mark.parametrize(("name", "highest"), [("LA3", 0.5), ("LA4", HIGHEST)])
def test_the_scores_are_read_and_follow_contacts(name, highest, tmp_path):
    assert name in SCORED_AUTHORITIES
    protocol = load_protocol()
    (folder,) = synthesise(tmp_path / "one", protocol=protocol, authorities=[name], scale=0.05)
    (again,) = synthesise(tmp_path / "two", protocol=protocol, authorities=[name], scale=0.05)
    assert (folder / "scores.csv").read_bytes() == (again / "scores.csv").read_bytes()
    tables, _ = read_extract(folder, secret=KEY, study=protocol.study, today=date(2020, 1, 1))
    scores = tables.scores
    assert 0 <= scores["score"].min() < 0.1 * highest < 0.3 * highest < scores["score"].max() <= highest
    assert set(scores["version"]) == {"1", "2"}
    contacts = tables.events.filter(pl.col("event") == "contact").select(
        "child_id", date=pl.col("date").dt.offset_by("1d")
    )
    assert scores.join(contacts, on=["child_id", "date"], how="anti").is_empty()
    assert 0.8 < scores["child_id"].n_unique() / contacts["child_id"].n_unique() < 0.97


def test_the_other_authorities_have_none(tmp_path):
    (folder,) = synthesise(tmp_path, protocol=load_protocol(), authorities=["LA2"], scale=0.02)
    assert not (folder / "scores.csv").exists()
