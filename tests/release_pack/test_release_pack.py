"""What leaves is checked, named and hashed; a second person agrees to it; a changed byte voids that."""

import hashlib
import json
import re
import shutil
from dataclasses import replace

import pytest
from conftest import APPROVER, CHILD, CONTEXT, REQUESTER, write_run
from submissions import KEYS, PROTOCOL, alter, seal

from analysis.disclosure import PAGE_TABLES, read_released
from analysis.disclosure.ledger import ledger_folder, open_ledger
from analysis.errors import DisclosureError, StepError
from analysis.workflow.collect import collect, describe_submissions
from analysis.workflow.release_pack.approve import approval_of, approve
from analysis.workflow.release_pack.request import request

COMMENT = "Read both pages and all tables."
KEY = KEYS["LA1"]


def agree(pack, name=APPROVER, comment=COMMENT):
    return approve(pack, name=name, comment=comment, key=KEY)


def released(pack, outcome="P7"):
    return pack / "LA4" / outcome / "released"


def test_a_pack_names_every_control_with_its_result(pack):
    values = json.loads((pack / "pack.json").read_text())
    assert values["requested_by"] == REQUESTER and values["context"] == CONTEXT
    results = {control["name"]: control["result"] for control in values["controls"]}
    assert results == {
        "files as they were written": "passed",
        "rules of disclosure": "passed",
        "small counts printed": "passed",
        "attack on each page": "passed",
        "attack on all pages together": "passed",
        "agreement of the tables": "passed",
        "earlier releases": "cannot tell",
        "nothing child-level in the pack": "passed",
        "signature": "passed",
    }
    text = (pack / "request.md").read_text()
    assert all(name in text for name in results) and "LA4/P8: 7 tables" in text


def recorded(build, *pages):
    """The ledger of LA4 as a run that released these pages would leave it: (outcome, tables) in turn."""
    with open_ledger(ledger_folder("england", "LA4"), PAGE_TABLES) as ledger:
        for number, (outcome, tables) in enumerate(pages):
            ledger.record(outcome, f"{number}", "", tables)


def tables_of(build, outcome):
    return read_released(build / "LA4" / outcome / "released", PAGE_TABLES)


def earlier(pack):
    controls = json.loads((pack / "pack.json").read_text())["controls"]
    return next((control["result"], control["found"]) for control in controls if control["name"] == "earlier releases")


def ask(build, pack, outcomes=("P7", "P8")):
    return request(build, [f"LA4/{outcome}" for outcome in outcomes], pack, name=REQUESTER, context=CONTEXT)


def test_pages_are_attacked_beside_every_other_release_of_the_ledger(build, tmp_path):
    recorded(build, ("P7", tables_of(build, "P7")), ("P8", tables_of(build, "P8")))
    result, found = earlier(ask(build, tmp_path / "both"))
    assert result == "passed" and "2 other releases" in found


def test_pages_that_no_ledger_of_this_user_holds_cannot_be_told_of(build, tmp_path):
    recorded(build, ("P7", tables_of(build, "P7")))
    result, found = earlier(ask(build, tmp_path / "pack"))
    assert result == "cannot tell" and "LA4/P8: " in found and "LA4/P7" not in found


def test_a_page_from_which_a_few_children_can_be_told_beside_an_earlier_release_is_refused(build, tmp_path):
    """The earlier release printed three children more of one year, and all else the same."""
    now = tables_of(build, "P7")
    years = now["outcome_by_year"]
    place = years.frame["cases"].idxmax()
    before = years.frame.copy()
    before.loc[place, "cases"] += 3
    recorded(build, ("P7", now | {"outcome_by_year": replace(years, frame=before)}), ("P7", now))
    with pytest.raises(DisclosureError, match="earlier releases: [1-9].* can be worked out beside other releases"):
        ask(build, tmp_path / "pack", ["P7"])
    assert not (tmp_path / "pack").exists()


def test_a_ledger_that_was_altered_is_a_control_that_failed(build, tmp_path):
    recorded(build, ("P7", tables_of(build, "P7")))
    (ledger_folder("england", "LA4") / "000001" / "flow.csv").write_text("step\n")
    with pytest.raises(DisclosureError, match="earlier releases: .*not as it was written"):
        ask(build, tmp_path / "pack", ["P7"])


def test_each_file_has_its_hash(pack):
    files = json.loads((pack / "pack.json").read_text())["files"]
    there = {path.relative_to(pack).as_posix(): path for path in pack.rglob("*") if path.is_file()}
    assert set(files) == set(there) - {"pack.json"}
    assert all(files[name] == hashlib.sha256(there[name].read_bytes()).hexdigest() for name in files)


def test_the_manifest_is_one_that_sacro_viewer_opens(pack):
    """As the viewer reads it: one JSON beside the outputs has version and results; each file has a hash that holds."""
    valid = []
    for path in pack.glob("*.json"):
        values = json.loads(path.read_text())
        if "version" in values and "results" in values:
            valid.append(values)
    (values,) = valid
    major, minor, *_ = values["version"].split(".")
    assert (int(major), int(minor)) >= (0, 4)
    keys = {"uid", "status", "type", "properties", "files", "outcome", "command", "summary", "timestamp", "comments",
            "exception"}  # fmt: skip
    for uid, result in values["results"].items():
        assert set(result) == keys and result["uid"] == uid and result["status"] in ("pass", "fail", "review")
        for file in result["files"]:
            checksum = (pack / "checksums" / f"{file['name']}.txt").read_text(encoding="utf8")
            assert checksum == hashlib.sha256((pack / file["name"]).read_bytes()).hexdigest()
            for flag, cells in file["sdc"].get("cells", {}).items():
                assert flag == "suppressed" and all(len(cell) == 2 for cell in cells)
    listed = {file["name"] for result in values["results"].values() for file in result["files"]}
    outputs = {path.relative_to(pack).as_posix() for path in pack.glob("LA4/*/released/**/*.csv")}
    assert outputs <= listed


def test_withheld_cells_are_marked_in_the_manifest(pack):
    results = json.loads((pack / "results.json").read_text())["results"]
    tables = [result["files"][0]["sdc"] for result in results.values() if result["type"] == "table"]
    assert any(table["cells"]["suppressed"] for table in tables)


def test_collect_says_that_a_second_person_approved(pack, tmp_path):
    sentences = describe_submissions(collect([pack], PROTOCOL, tmp_path / "joint"), {})
    assert all("not approved: no second person" in sentence for sentence in sentences)
    agree(pack)
    sentences = describe_submissions(collect([pack], PROTOCOL, tmp_path / "joint"), {})
    (sentence,) = sentences
    assert re.match(r"LA4 P\d, P\d: ", sentence) and "approved by a second person" in sentence
    assert REQUESTER not in sentence and APPROVER not in sentence


def test_a_release_without_a_pack_is_not_approved(build):
    assert approval_of(build / "LA4" / "P7" / "released").startswith("not approved: it came without")


def changes():
    yield "a table", lambda pack: alter(released(pack) / "topics.csv", "families", "41")
    yield "a table, sealed again", lambda pack: (alter(released(pack) / "topics.csv", "families", "41"),
                                                 seal(released(pack), KEY))  # fmt: skip
    yield "the context", lambda pack: _rewrite(pack / "pack.json", context="something else")
    yield "the comment", lambda pack: _rewrite(pack / "approval.json", comment="something else")
    yield "the approver", lambda pack: _rewrite(pack / "approval.json", approved_by="Third Placeholder")
    yield "the request", lambda pack: (pack / "request.md").write_text("changed")
    yield "an added file", lambda pack: (pack / "added.txt").write_text("x")
    yield "a missing file", lambda pack: (pack / "request.md").unlink()
    yield "a record that is none", lambda pack: (pack / "approval.json").write_text("[]")


def _rewrite(path, **changed):
    path.write_text(json.dumps(json.loads(path.read_text()) | changed))


@pytest.mark.parametrize(("what", "change"), list(changes()), ids=lambda value: value if isinstance(value, str) else "")
def test_a_change_after_the_approval_voids_it(pack, what, change):
    agree(pack)
    assert approval_of(released(pack)).startswith("approved")
    change(pack)
    assert approval_of(released(pack)).startswith("approval void")


SAME = (REQUESTER, REQUESTER.upper(), "Placeholder, First", " first  placeholder ", "Fírst Placeholder")


@pytest.mark.parametrize("name", SAME)
def test_the_requester_cannot_approve(pack, name):
    with pytest.raises(DisclosureError, match="the requester cannot approve it"):
        agree(pack, name)
    assert not (pack / "approval.json").exists()


def test_an_approval_needs_a_name_and_a_comment_and_is_given_once(pack):
    with pytest.raises(DisclosureError) as raised:
        agree(pack, " ", "\n")
    assert len(raised.value.problems) == 2
    agree(pack)
    with pytest.raises(DisclosureError, match="approved already"):
        agree(pack)


def test_a_pack_that_changed_cannot_be_approved(pack):
    alter(released(pack) / "topics.csv", "families", "41")
    with pytest.raises(DisclosureError, match="topics.csv' has changed since the request"):
        agree(pack)


def failing(build):
    table = build / "LA4" / "P7" / "released" / "topics.csv"
    return {
        "a small count": lambda: alter(table, "families", "3"),
        "a pseudonym": lambda: alter(table, "terms", CHILD),
    }


@pytest.mark.parametrize(("what", "control"), [("a small count", "small counts printed"),
                                               ("a pseudonym", "nothing child-level in the pack")])  # fmt: skip
def test_a_failed_control_makes_no_pack(build, tmp_path, what, control):
    failing(build)[what]()
    seal(build / "LA4" / "P7" / "released", KEY)
    with pytest.raises(DisclosureError, match=control) as raised:
        request(build, ["LA4/P7"], tmp_path / "pack", name=REQUESTER, context=CONTEXT)
    assert CHILD not in str(raised.value)
    assert [path.name for path in tmp_path.iterdir()] == ["build"]


def test_own_data_without_a_signature_make_no_pack(build, tmp_path):
    (build / "LA4" / "P7" / "released" / "signature.json").unlink()
    with pytest.raises(DisclosureError, match="signature: not signed"):
        request(build, ["LA4/P7"], tmp_path / "pack", name=REQUESTER, context=CONTEXT)


def test_what_cannot_be_searched_for_is_not_said_to_be_absent(build, tmp_path):
    shutil.rmtree(build / "LA4" / "child_level")
    pack = request(build, ["LA4/P7"], tmp_path / "pack", name=REQUESTER, context=CONTEXT)
    results = {c["name"]: c["result"] for c in json.loads((pack / "pack.json").read_text())["controls"]}
    assert results["nothing child-level in the pack"] == "cannot tell"


def test_synthetic_pages_need_no_signature(tmp_path):
    build = write_run(tmp_path / "build", synthetic=True)
    pack = request(build, ["LA4/P7"], tmp_path / "pack", name=REQUESTER, context=CONTEXT)
    results = {c["name"]: c["result"] for c in json.loads((pack / "pack.json").read_text())["controls"]}
    assert results["signature"] == results["earlier releases"] == results["attack on each page"] == "not needed"


@pytest.mark.parametrize(("slugs", "name", "words"), [
    (["LA4/P1"], REQUESTER, "not a problem of this run"), (["../x"], REQUESTER, "not a problem of this run"),
    ([], REQUESTER, "nothing is asked for"), (["LA4/P7"], " ", "nobody asks for it")])  # fmt: skip
def test_a_request_that_cannot_be_met_says_why(build, tmp_path, slugs, name, words):
    with pytest.raises(StepError, match=words):
        request(build, slugs, tmp_path / "pack", name=name, context=CONTEXT)


def test_a_pack_is_not_written_over(build, pack):
    with pytest.raises(StepError, match="is there already"):
        request(build, ["LA4/P7"], pack, name=REQUESTER, context=CONTEXT)
