"""An extract that the study's dates leave nothing of is refused before anything is computed."""

from datetime import date
from types import SimpleNamespace

import pytest

from analysis.disclosure.containment import KEY_VARIABLE, secret_key
from analysis.errors import DisclosureError, TableError
from analysis.protocol import load_protocol
from analysis.workflow import extraction

PROTOCOL = load_protocol()


@pytest.mark.parametrize(("first", "last"), [((2005, 1, 1), (2012, 2, 29)), ((2019, 8, 1), (2024, 1, 1))])
def test_an_extract_wholly_outside_the_study_is_refused_with_both_periods(monkeypatch, tmp_path, first, last):
    tables = SimpleNamespace(first_date=date(*first), last_date=date(*last))
    monkeypatch.setattr(extraction, "read_extract", lambda *_, **__: (tables, None))
    with pytest.raises(TableError, match="the protocol studies 01/03/2012 to 31/07/2019 only; copy the protocol"):
        extraction.extract_authority(
            "Northshire", tmp_path / "x", tmp_path / "build", protocol=PROTOCOL, synthetic=True
        )
    assert not (tmp_path / "build").exists()


class ReadError(Exception):
    """Stands in the place of reading, once the key is known."""


def key_read_with(monkeypatch, build, *, synthetic: bool) -> bytes:
    """The key that an extract's identifiers would be hashed with."""

    def read(_source, *, secret, study):
        raise ReadError(secret)

    monkeypatch.setattr(extraction, "read_extract", read)
    with pytest.raises(ReadError) as raised:
        extraction.extract_authority("Northshire", build / "x", build, protocol=PROTOCOL, synthetic=synthetic)
    return raised.value.args[0]


def test_own_data_are_hashed_with_their_users_secret_key_alone(monkeypatch, tmp_path):
    keys = []
    for name in ("mine", "another's"):
        monkeypatch.setenv(KEY_VARIABLE, str(tmp_path / name))
        keys.append(key_read_with(monkeypatch, tmp_path / "build", synthetic=False))
        assert keys[-1] == secret_key(outputs=())
        assert keys[-1] != key_read_with(monkeypatch, tmp_path / "build", synthetic=True)
    assert keys[0] != keys[1]


@pytest.mark.parametrize("build", ["build", "anything else", "deep/er"])
def test_a_key_in_the_runs_own_build_is_refused_whatever_its_name(monkeypatch, tmp_path, build):
    monkeypatch.setenv(KEY_VARIABLE, str(tmp_path / build / "LA1" / "key"))
    with pytest.raises(DisclosureError, match="keep it elsewhere"):
        extraction.extract_authority("Northshire", tmp_path / "x", tmp_path / build, protocol=PROTOCOL, synthetic=False)
    assert not (tmp_path / build).exists()
