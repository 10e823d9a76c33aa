"""Somebody between an authority and whoever collects cannot reach a file, change a number or run a script."""

import json
import os

import pytest
from submissions import KEYS, PROTOCOL, alter, invented_tables, seal, write_sealed, write_submission

from analysis.disclosure import PAGE_TABLES
from analysis.disclosure.contradictions import contradictions
from analysis.errors import DisclosureError
from analysis.workflow.collect import collect
from analysis.workflow.collect.folders import MOST_FILES, is_name


@pytest.fixture(scope="module")
def tables():
    return invented_tables(0)


@pytest.fixture
def folder(tables, tmp_path):
    return write_submission(tmp_path / "sent", tables, authority="LA1", outcome="P1", key=KEYS["LA1"])


@pytest.fixture
def build(tmp_path):
    """A build with a folder beside it that nobody may touch."""
    victim = tmp_path / "victim"
    (victim / "P1" / "released").mkdir(parents=True)
    (victim / "P1" / "released" / "important.txt").write_text("keep me")
    (tmp_path / "build").mkdir()
    yield tmp_path / "build"
    assert (victim / "P1" / "released" / "important.txt").read_text() == "keep me"
    assert [path.name for path in victim.rglob("*") if path.is_file()] == ["important.txt"]


def refused(folder, build, words: str) -> None:
    before = sorted(build.rglob("*"))
    with pytest.raises(DisclosureError, match=words):
        collect([folder], PROTOCOL, build)
    assert sorted(build.rglob("*")) == before


NAMES = ("../victim", "..", ".", "", "/tmp/victim", "a/b", "a\\b", "C:", "con", "LPT1", "book", "steps", "LA1 ", "-x",
         "LA1\n", "é", "a" * 32, "<script>", 7, None, ["LA1"])  # fmt: skip


@pytest.mark.parametrize("name", NAMES, ids=repr)
@pytest.mark.parametrize("what", ["authority", "outcome"])
def test_a_name_that_is_no_folder_of_the_build_is_refused(folder, build, what, name):
    seal(folder, KEYS["LA1"], **{what: name})
    refused(folder, build, f"the {what} in its manifest is not a name")


def test_an_absolute_path_to_the_victim_is_refused(folder, build):
    seal(folder, KEYS["LA1"], authority=str(build.parent / "victim"))
    refused(folder, build, "the authority in its manifest is not a name")


def test_names_of_the_protocol_are_names():
    assert all(is_name(name) for name in (*PROTOCOL.authorities, *PROTOCOL.predictions, "Northshire", "North-shire_2"))


@pytest.mark.parametrize("kind", ["file", "folder", "hard link", "manifest"])
def test_a_link_is_refused_wherever_it_leads(folder, build, kind):
    secret = build.parent / "secret"
    secret.mkdir()
    (secret / "secret.csv").write_text("identifier")
    files = folder / "page" / "files"
    files.mkdir(parents=True)
    if kind == "file":
        (files / "a.csv").symlink_to(secret / "secret.csv")
    elif kind == "folder":
        (files / "inner").symlink_to(secret, target_is_directory=True)
    elif kind == "hard link":
        os.link(secret / "secret.csv", files / "a.csv")
    else:
        manifest = folder / "manifest.json"
        manifest.rename(secret / "manifest.json")
        manifest.symlink_to(secret / "manifest.json")
    refused(folder, build, "link")


def test_a_link_in_the_build_is_not_written_through(folder, build):
    (build / "LA1").symlink_to(build.parent / "victim", target_is_directory=True)
    with pytest.raises(DisclosureError, match="leads out of the build"):
        collect([folder], PROTOCOL, build)
    (build / "LA1").unlink()
    (build / "LA1").mkdir()
    (build / "LA1" / "P1").symlink_to(build.parent / "victim" / "P1", target_is_directory=True)
    with pytest.raises(DisclosureError, match="leads out of the build"):
        collect([folder], PROTOCOL, build)


@pytest.mark.parametrize("left", ["LA1/child_level", "LA1/P1/released/page"])
def test_an_authority_s_own_run_is_not_replaced(folder, build, left):
    (build / left).mkdir(parents=True)
    with pytest.raises(DisclosureError, match="holds the authority's own run"):
        collect([folder], PROTOCOL, build)
    assert (build / left).is_dir()


@pytest.mark.parametrize("name", ["run.py", "page/index.html", "page/files/x.html", "page/files/inner/x.csv", ".csv"])
def test_a_file_that_no_release_holds_is_refused(folder, build, name):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")
    seal(folder, KEYS["LA1"])
    refused(folder, build, "is no file of a release")


def test_too_large_a_file_and_too_many_are_refused(folder, build, monkeypatch):
    monkeypatch.setattr("analysis.workflow.collect.folders.LARGEST", 100)
    refused(folder, build, "is larger than 100 bytes")
    files = folder / "page" / "files"
    files.mkdir(parents=True)
    for number in range(MOST_FILES):
        (files / f"a{number}.csv").write_text("x")
    refused(folder, build, f"at most {MOST_FILES}")


def test_a_table_named_outside_the_folder_is_refused(folder, build):
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest.pop("seal")
    manifest["tables"]["../../victim/x"] = manifest["tables"]["flow"]
    write_sealed(folder / "manifest.json", manifest)
    (folder / "signature.json").unlink()
    refused(folder, build, "a table that is not one this book knows")


@pytest.mark.parametrize("manifest", ["[]", "7", "{}", "[" * 100_000, '{"seal": []}', "\x00"], ids=lambda m: m[:12])
def test_a_manifest_that_is_none_is_refused(folder, build, manifest):
    (folder / "manifest.json").write_text(manifest)
    (folder / "signature.json").unlink()
    refused(folder, build, "manifest")


@pytest.mark.parametrize("signature", ["[]", "{}", '{"public_key": 1, "signature": 2}', '{"public_key": "zz"}', "x"])
def test_a_signature_that_is_none_is_refused(folder, build, signature):
    (folder / "signature.json").write_text(signature)
    refused(folder, build, "its signature is not of these tables")


CELLS = [
    ("flow", "remaining", "495", "no count agrees|do not"),
    ("flow", "remaining", "1e3", "not a count or empty"),
    ("flow", "step", "=HYPERLINK(\"http://example.org\")", "not a label"),
    ("flow", "step", "'=1+1", "not a label"),
    ("topics", "terms", "=HYPERLINK(\"http://example.org\")", "not single words"),
    ("topics", "terms", "Anna Smith of 4 Elm Road is 9", "not single words"),
    ("topics", "auc", "-", "not a number"),
    ("topics", "auc", "inf", "not a number"),
    ("sample", "cases", "-4", "not a count"),
    ("sample", "part", "everyone", "not one of its labels"),
    ("sample", "design", "<script>", "not one of its labels"),
    ("sample", "first_month", "<img src=x onerror=alert(1)>", "not a sentence of words"),
    ("sample", "first_month", "{raw}`x`", "not a sentence of words"),
    ("subgroups", "subgroup", "White\n\n:::{raw} html", "not a label"),
    ("subgroups", "recall", "1.5", "not a share"),
    ("outcome_by_year", "prevalence", "0.9", "no count agrees"),
    ("operating_point", "cases", "495", "do not print the same count|no count agrees"),
    ("outcome_by_year", "cases", "9999", "do not add up|no count agrees"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "column", "value", "words"), CELLS, ids=lambda value: str(value)[:24])
def test_an_altered_table_is_refused_although_hashed_and_signed_again(folder, build, table, column, value, words):
    alter(folder / f"{table}.csv", column, value)
    seal(folder, KEYS["LA1"])
    refused(folder, build, words)


@pytest.mark.parametrize("row", range(3))
def test_a_hundred_more_in_any_step_of_the_flow_contradicts_it(folder, build, tables, row):
    before = int(tables["flow"].frame["remaining"].iloc[row])
    alter(folder / "flow.csv", "remaining", str(before + 100), row)
    seal(folder, KEYS["LA1"])
    refused(folder, build, "no count agrees|do not")


def test_columns_added_dropped_and_exchanged_are_refused(folder, build):
    path = folder / "flow.csv"
    lines = path.read_text().splitlines()
    for altered in ([f"{line},x" for line in lines], [line.rpartition(",")[0] for line in lines],
                    ["step,remaining,removed", *lines[1:]], []):  # fmt: skip
        path.write_text("\n".join(altered) + "\n")
        seal(folder, KEYS["LA1"])
        refused(folder, build, "its columns are not those of the table")


@pytest.mark.parametrize("note", ["<script>window.owned = 1</script>", "[x](javascript:1)", "{raw}`x`", "a" * 400, 7])
def test_a_note_that_is_no_sentence_is_refused(folder, build, note):
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest.pop("seal")
    manifest["tables"]["flow"]["notes"] = [note]
    write_sealed(folder / "manifest.json", manifest)
    seal(folder, KEYS["LA1"])
    refused(folder, build, "the notes on table 'flow'")


def test_rules_that_this_book_does_not_have_are_refused(folder, build):
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest.pop("seal")
    manifest["tables"]["flow"]["preset"] = "none"
    write_sealed(folder / "manifest.json", manifest)
    seal(folder, KEYS["LA1"])
    refused(folder, build, "rules of disclosure that this book does not have")


def test_nothing_of_a_page_that_was_sent_reaches_the_build(folder, build):
    page = folder / "page" / "files"
    page.mkdir(parents=True)
    (folder / "page" / "notebook.ipynb").write_text('{"cells": ["<script>window.owned = 1</script>"]}')
    (page / "a.svg").write_text("<svg onload='window.owned = 1'/>")
    seal(folder, KEYS["LA1"])
    collect([folder], PROTOCOL, build)
    written = {path.relative_to(build).as_posix(): path.read_text() for path in build.rglob("*") if path.is_file()}
    tables = {"manifest.json", *(f"{n}.csv" for n in invented_names())}
    assert {name.rpartition("/")[2] for name in written} == tables | {"attack-LA1.json"}
    assert not any("owned" in text for text in written.values())


def invented_names() -> list[str]:
    return sorted(invented_tables(0))


@pytest.mark.slow
@pytest.mark.parametrize("preset", ["synthetic", "dfe", "research"])
@pytest.mark.parametrize("seed", range(3))
def test_no_page_as_it_was_released_contradicts_itself(preset, seed):
    tables = invented_tables(seed, preset, tuple(PAGE_TABLES))
    frames = {name: table.frame for name, table in tables.items()}
    assert contradictions(frames, PAGE_TABLES, PROTOCOL.disclosure.presets[preset]) == ()
