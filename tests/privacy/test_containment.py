"""Child-level data and the secret key stay where they belong."""

import os
import stat

import pytest

from analysis.disclosure.containment import (
    KEY_VARIABLE,
    child_level_folder,
    close_new_files,
    close_to_others,
    default_key_path,
    delete_child_level,
    list_child_level,
    secret_key,
    write_closed,
)
from analysis.errors import DisclosureError

posix = pytest.mark.skipif(os.name != "posix", reason="file modes are those of POSIX")


def mode(path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@posix
def test_child_level_data_are_readable_by_their_owner_only(tmp_path):
    folder = child_level_folder(tmp_path, "LA1", "P1")
    (folder / "cases").mkdir()
    (folder / "cases" / "risks.parquet").write_text("x")
    close_to_others(folder)
    assert [mode(folder), mode(folder / "cases"), mode(folder / "cases" / "risks.parquet")] == [0o700, 0o700, 0o600]


@pytest.fixture
def created_for_all(monkeypatch):
    """Nothing is closed afterwards, and a new file is open to all unless whoever creates it says otherwise."""
    before = os.umask(0)
    monkeypatch.setattr(os, "chmod", lambda *_, **__: None)
    monkeypatch.setattr("pathlib.Path.chmod", lambda *_, **__: None)
    yield
    os.umask(before)


@posix
def test_what_is_child_level_is_closed_when_it_is_created_not_afterwards(tmp_path, created_for_all):
    folder = child_level_folder(tmp_path, "LA1", "P1")
    write_closed(folder / "account.txt", "3 rows")
    assert [mode(folder), mode(folder / "account.txt")] == [0o700, 0o600]
    assert mode(folder.parent) == 0o777  # the fixture can tell


@posix
def test_an_account_that_lay_open_is_closed_before_it_is_written_again(tmp_path):
    (tmp_path / "check.html").write_text("an earlier one")
    (tmp_path / "check.html").chmod(0o644)
    with (tmp_path / "check.html").open() as opened:
        write_closed(tmp_path / "check.html", "3 rows")
        assert mode(tmp_path / "check.html") == 0o600 and opened.read() == "an earlier one"


@posix
def test_on_own_data_all_that_a_process_creates_is_closed(tmp_path, created_for_all):
    close_new_files()
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "page.html").write_text("x")
    assert [mode(tmp_path / "book"), mode(tmp_path / "book" / "page.html")] == [0o700, 0o600]


def test_child_level_data_are_listed_and_deleted_by_one_call_and_nothing_else_is(tmp_path):
    for parts in ((), ("LA1",), ("LA1", "P1")):
        (child_level_folder(tmp_path, *parts) / "table.csv").write_text("x")
    (tmp_path / "check.html").write_text("x")
    (tmp_path / "LA1" / "P1" / "released").mkdir()
    (tmp_path / "LA1" / "P1" / "released" / "flow.csv").write_text("x")
    expected = ("LA1/P1/child_level/table.csv", "LA1/child_level/table.csv", "check.html", "child_level/table.csv")
    assert list_child_level(tmp_path) == expected
    assert delete_child_level(tmp_path) == expected
    assert [p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()] == [
        "LA1/P1/released/flow.csv"
    ]


@posix
def test_a_link_out_of_the_build_is_not_followed(tmp_path):
    outside = tmp_path / "outside" / "child_level"
    outside.mkdir(parents=True)
    (outside / "kept.csv").write_text("x")
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "child_level").symlink_to(outside)
    delete_child_level(tmp_path / "build")
    assert (outside / "kept.csv").exists()


def test_the_key_is_made_once_and_kept(tmp_path):
    path = tmp_path / "settings" / "key"
    key = secret_key(path, outputs=())
    assert len(key) == 32
    assert secret_key(path, outputs=()) == key
    assert secret_key(tmp_path / "another", outputs=()) != key
    if os.name == "posix":
        assert mode(path) == 0o600


def test_the_key_is_where_the_variable_says(tmp_path, monkeypatch):
    monkeypatch.setenv(KEY_VARIABLE, str(tmp_path / "mine"))
    assert default_key_path() == tmp_path / "mine"
    monkeypatch.delenv(KEY_VARIABLE)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert default_key_path() == tmp_path / "machine-learning-in-childrens-services" / "key"


def test_a_key_in_the_outputs_is_refused(tmp_path):
    with pytest.raises(DisclosureError, match="keep it elsewhere"):
        secret_key(tmp_path / "build" / "LA1" / "key", outputs=[tmp_path / "build"])
    assert not (tmp_path / "build").exists()


@posix
def test_a_key_others_can_read_is_refused(tmp_path):
    secret_key(tmp_path / "key", outputs=())
    (tmp_path / "key").chmod(0o644)
    with pytest.raises(DisclosureError, match="chmod 600"):
        secret_key(tmp_path / "key", outputs=())


def test_a_file_that_holds_no_key_is_refused_and_not_quoted(tmp_path):
    (tmp_path / "key").write_text("my password")
    (tmp_path / "key").chmod(0o600)
    with pytest.raises(DisclosureError, match="64 hexadecimal digits") as raised:
        secret_key(tmp_path / "key", outputs=())
    assert "my password" not in str(raised.value)
