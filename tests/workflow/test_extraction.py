"""An extract that the study's dates leave nothing of is refused before anything is computed."""

from datetime import date
from types import SimpleNamespace

import pytest

from analysis.errors import TableError
from analysis.protocol import load_protocol
from analysis.workflow import extraction

STUDY, RULES = load_protocol().study, load_protocol().disclosure


@pytest.mark.parametrize(("first", "last"), [((2005, 1, 1), (2012, 2, 29)), ((2019, 8, 1), (2024, 1, 1))])
def test_an_extract_wholly_outside_the_study_is_refused_with_both_periods(monkeypatch, tmp_path, first, last):
    tables = SimpleNamespace(first_date=date(*first), last_date=date(*last))
    monkeypatch.setattr(extraction, "read_extract", lambda *_, **__: (tables, None))
    with pytest.raises(TableError, match="the protocol studies 01/03/2012 to 31/07/2019 only; copy the protocol"):
        extraction.extract_authority(
            "Northshire", tmp_path / "x", tmp_path / "build", study=STUDY, rules=RULES, synthetic=True
        )
    assert not (tmp_path / "build").exists()
