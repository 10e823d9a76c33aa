"""The summary of a run is written of pages that tell nobody together, and of no others."""

from types import SimpleNamespace

import pytest

from analysis.disclosure import PAGE_TABLES, release
from analysis.errors import DisclosureError
from analysis.protocol import load_protocol
from analysis.workflow import summary
from tests.disclosure.invented_page import fill

PROTOCOL = load_protocol()


def year_of(cases: int):
    row = {"year": "2016", "cases": cases, "positives": 20, "prevalence": 20 / cases}
    frame = fill(PAGE_TABLES["outcome_by_year"], [row])
    return {"outcome_by_year": release(PAGE_TABLES["outcome_by_year"], frame, preset="dfe", rules=PROTOCOL.disclosure)}


def test_no_summary_is_written_of_pages_that_tell_a_few_children_together(tmp_path, monkeypatch):
    """103 children were asked of one outcome and 100 of them of the other."""
    study = SimpleNamespace(
        pages={("Northshire", "P7"): year_of(100), ("Northshire", "P8"): year_of(103)},
        protocol=PROTOCOL,
        build=tmp_path,
        settings=SimpleNamespace(preset="dfe", synthetic=False, authorities=("Northshire",), problems=(), name=str),
    )
    monkeypatch.setattr(summary, "open_results", lambda build: study)
    with pytest.raises(DisclosureError, match="difference of Northshire/P8"):
        summary.write_summary(tmp_path, tmp_path / "summary", tmp_path / "shuffled.json", tmp_path / "networks.csv")
    assert not (tmp_path / "summary").exists()
