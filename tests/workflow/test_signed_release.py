"""What is released of own data is signed with a key of the authority's, which stays outside what may be sent."""

import json
import stat

import pandas as pd
import pytest

from analysis.disclosure import PAGE_TABLES, release, write_released
from analysis.disclosure.files import MANIFEST
from analysis.disclosure.signatures import (
    SIGNATURE,
    describe_key,
    fingerprint,
    sign_file,
    signer_of_file,
    signing_key,
    signing_key_path,
)
from analysis.errors import DisclosureError
from analysis.protocol import load_protocol
from analysis.study.paths import Paths
from analysis.study.settings import Settings, choose_problems, write_settings
from analysis.workflow import page
from analysis.workflow.steps import PAGE

PROTOCOL = load_protocol()


@pytest.fixture
def key_file(tmp_path, monkeypatch):
    monkeypatch.setenv("CHILDRENS_SERVICES_KEY", str(tmp_path / "keys" / "key"))
    return tmp_path / "keys" / "key-signing"


def run(build, monkeypatch, *, synthetic: bool):
    """`run_page` with a notebook that releases one table; the folder that it leaves."""
    (problem,) = choose_problems(PROTOCOL, ["LA1"], ["P1"])
    write_settings(Settings(PROTOCOL, synthetic, (problem,)), build)
    folder = build / "LA1" / "P1" / "released"

    def execute(source, product, parameters, heading):
        rows = pd.DataFrame([{"step": "cases", "removed": 0, "remaining": 100}])
        preset = "synthetic" if synthetic else "dfe"
        flow = release(PAGE_TABLES["flow"], rows, preset=preset, rules=PROTOCOL.disclosure)
        write_released({"flow": flow}, folder, provenance={})
        product.parent.mkdir(parents=True)
        product.write_text("{}")

    monkeypatch.setattr(page, "execute_notebook", execute)
    page.run_page(problem, PAGE, Paths(build).page(problem.slug), Paths(build).page_files(problem.slug), build)
    return folder


def test_a_release_of_own_data_is_signed_with_its_page(tmp_path, monkeypatch, key_file):
    folder = run(tmp_path / "build", monkeypatch, synthetic=False)
    assert "page/notebook.ipynb" in json.loads((folder / MANIFEST).read_text())["page"]
    signer = signer_of_file(folder / MANIFEST)
    assert signer == fingerprint(signing_key().public_key().public_bytes_raw()) and signer in describe_key()
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600 and signing_key_path() == key_file


def test_synthetic_data_need_no_key(tmp_path, monkeypatch, key_file):
    folder = run(tmp_path / "build", monkeypatch, synthetic=True)
    assert not (folder / SIGNATURE).exists() and not key_file.exists()


def test_a_key_inside_the_build_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("CHILDRENS_SERVICES_KEY", str(tmp_path / "build" / "key"))
    with pytest.raises(DisclosureError, match="its file lies in the output"):
        run(tmp_path / "build", monkeypatch, synthetic=False)
    assert not (tmp_path / "build" / "key-signing").exists()


def test_a_signature_is_of_one_manifest_and_one_key(tmp_path, key_file):
    manifest = tmp_path / MANIFEST
    manifest.write_text("{}")
    assert signer_of_file(manifest) == ""
    signer = sign_file(manifest, signing_key())
    assert signer_of_file(manifest) == signer
    signature = json.loads((tmp_path / SIGNATURE).read_text())
    other = sign_file(manifest, signing_key(tmp_path / "other"))
    assert other != signer
    mixed = json.loads((tmp_path / SIGNATURE).read_text()) | {"public_key": signature["public_key"]}
    (tmp_path / SIGNATURE).write_text(json.dumps(mixed))
    with pytest.raises(DisclosureError, match="its signature is not of these tables"):
        signer_of_file(manifest)
