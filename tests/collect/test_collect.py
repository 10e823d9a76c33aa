"""What several authorities send becomes one book, or is refused by name."""

import shutil

import pandas as pd
import pytest
from invented_page import fill
from submissions import (
    KEYS,
    PROBLEMS,
    PROTOCOL,
    RULES,
    STRANGER,
    fingerprint_of,
    invented_tables,
    seal,
    write_submission,
)

from analysis.disclosure import PAGE_TABLES, add_up, attack_jointly, read_released, release
from analysis.errors import DisclosureError
from analysis.workflow.collect import collect, describe_submissions
from analysis.workflow.collect.attacked import attack_authority
from analysis.workflow.collect.submission import read_submissions

DFE = RULES.presets["dfe"]


@pytest.fixture(scope="module")
def tables():
    return [invented_tables(seed) for seed in range(len(PROBLEMS))]


@pytest.fixture
def sent(tables, tmp_path):
    """One folder per authority, as it would arrive on a stick."""
    for (authority, outcome), page in zip(PROBLEMS, tables, strict=True):
        folder = tmp_path / f"from {authority}" / outcome / "released"
        write_submission(folder, page, authority=authority, outcome=outcome, key=KEYS[authority])
        (folder.parent / "P.ipynb").write_text(f"{{{authority!r}}}")
    return tmp_path


def folders(sent):
    return [sent / f"from {authority}" for authority, _ in PROBLEMS]


def rewrite(sent, place: int, tables, **others):
    authority, outcome = PROBLEMS[place]
    folder = sent / f"from {authority}" / outcome / "released"
    shutil.rmtree(folder)
    write_submission(folder, tables, **({"authority": authority, "outcome": outcome} | others), key=KEYS[authority])


def test_what_was_sent_is_where_the_book_is_built_from(sent, tables):
    found = collect(folders(sent), PROTOCOL, sent / "build")
    assert [one.problem for one in found] == list(PROBLEMS)
    for (authority, outcome), page in zip(PROBLEMS, tables, strict=True):
        copied = read_released(sent / "build" / authority / outcome / "released", PAGE_TABLES)
        for name, table in page.items():
            pd.testing.assert_frame_equal(copied[name].frame, table.frame, check_dtype=False, rtol=1e-5)


def test_one_altered_byte_is_refused_by_name(sent):
    path = sent / "from LA2" / "P3" / "released" / "flow.csv"
    content = bytearray(path.read_bytes())
    content[-2] ^= 1
    path.write_bytes(content)
    with pytest.raises(DisclosureError) as raised:
        collect(folders(sent), PROTOCOL, sent / "build")
    (problem,) = raised.value.problems
    assert "from LA2/P3/released: 'flow.csv' is not the file that was released" in problem
    assert not (sent / "build").exists()


@pytest.mark.parametrize(
    ("others", "words"),
    [({"protocol": "0" * 64}, "made from another protocol"), ({"code": "0.9"}, "version of the analysis '0.9'"),
     ({"outcome": "P99"}, "outcome 'P99' is not in this book's protocol"),
     ({"authority": "LA1", "outcome": "P1"}, "more than once")],
    ids=["protocol", "version", "outcome", "twice"],
)  # fmt: skip
def test_what_does_not_match_is_refused(sent, tables, others, words):
    rewrite(sent, 1, tables[1], **others)
    with pytest.raises(DisclosureError, match=words):
        collect(folders(sent), PROTOCOL, sent / "build")


def test_synthetic_and_own_data_do_not_stand_in_one_book(sent):
    rewrite(sent, 1, invented_tables(1, preset="synthetic", names=("flow",)))
    with pytest.raises(DisclosureError, match="rules of disclosure 'synthetic'"):
        collect(folders(sent), PROTOCOL, sent / "build")


def test_a_folder_without_tables_is_named(tmp_path):
    with pytest.raises(DisclosureError, match="no 'manifest.json' in the folders given"):
        collect([tmp_path], PROTOCOL, tmp_path / "build")
    with pytest.raises(DisclosureError, match="nowhere' is not a folder"):
        collect([tmp_path / "nowhere"], PROTOCOL, tmp_path / "build")


def years(cases: list[int], positives: list[int]):
    rows = [{"year": str(2013 + n), "cases": c, "positives": p, "prevalence": p / c}
            for n, (c, p) in enumerate(zip(cases, positives, strict=True))]  # fmt: skip
    frame = fill(PAGE_TABLES["outcome_by_year"], rows)
    return release(PAGE_TABLES["outcome_by_year"], frame, preset="dfe", rules=RULES)


def test_a_total_is_missing_where_a_part_is_withheld():
    one, other = years([100, 120], [3, 20]), years([90, 80], [30, 10])
    totals = add_up({("LA1", "P1"): one, ("LA2", "P3"): other}, by=("year",)).frame
    assert totals["cases"].tolist() == [100 + 90, 120 + 80]
    assert totals["positives"].isna().tolist() == [True, False]
    assert totals["positives"].iat[1] == 20 + 10


def test_a_joint_total_that_tells_a_withheld_part_is_found():
    pages = {("LA1", "P1"): {"outcome_by_year": years([100, 120], [3, 20])},
             ("LA2", "P3"): {"outcome_by_year": years([90, 80], [30, 10])}}  # fmt: skip
    assert attack_jointly(pages, DFE) == ()
    total = pd.DataFrame({"year": ["2013"], "cases": [190], "positives": [3 + 30], "prevalence": [None]})
    (finding,) = attack_jointly(pages, DFE, totals={"outcome_by_year": total})[:1]
    assert finding.quantity == "LA1/P1: positives of all cases, 2013"
    careful = add_up({problem: page["outcome_by_year"] for problem, page in pages.items()}, by=("year",)).frame
    assert attack_jointly(pages, DFE, totals={"outcome_by_year": careful.assign(prevalence=None)}) == ()


def test_two_outcomes_of_nearly_the_same_children_tell_the_few_that_differ():
    def pages(second):
        return {
            ("LA4", "P7"): {"outcome_by_year": years([100], [20])},
            ("LA4", "P8"): {"outcome_by_year": years([second], [30])},
        }

    assert attack_jointly(pages(100), DFE) == ()
    assert attack_jointly(pages(140), DFE) == ()
    findings = attack_jointly(pages(103), DFE)
    assert any("difference of LA4/P8" in finding.quantity for finding in findings)


def test_collecting_runs_the_attack_on_each_page_and_on_all(sent, tables):
    leaking = {"outcome_by_year": years([100, 120], [40, 20])}
    leaking["outcome_by_year"].frame.loc[0, "positives"] = 100 - 2  # as a faulty gate would print
    leaking["outcome_by_year"].frame.loc[0, "prevalence"] = (100 - 2) / 100
    rewrite(sent, 1, leaking)
    submissions = read_submissions(folders(sent), PROTOCOL)
    assert any(attack_authority({one.problem: one.tables}, DFE) for one in submissions)
    with pytest.raises(DisclosureError, match="can be worked out from: cases = positives \\+ negatives"):
        collect(folders(sent), PROTOCOL, sent / "build")


def test_two_pages_that_tell_a_few_children_together_and_not_apart_are_refused(sent):
    """One authority sends two outcomes: 100 children were asked of the one and 103 of the other."""
    (authority, _), other = PROBLEMS[0], "P3"
    rewrite(sent, 0, {"outcome_by_year": years([100], [20])})
    more = sent / f"from {authority}" / other / "released"
    write_submission(
        more, {"outcome_by_year": years([103], [30])}, authority=authority, outcome=other, key=KEYS[authority]
    )
    with pytest.raises(DisclosureError, match="difference of"):
        collect([sent / f"from {authority}"], PROTOCOL, sent / "build")


def test_a_page_that_could_not_be_studied_is_collected_too(sent):
    rewrite(sent, 0, {})
    assert [one.problem for one in collect(folders(sent), PROTOCOL, sent / "build")] == list(PROBLEMS)


def keys(**others):
    return {authority: fingerprint_of(key) for authority, key in KEYS.items()} | others


def test_who_signed_is_said(sent):
    known = describe_submissions(collect(folders(sent), PROTOCOL, sent / "build", keys=keys()), keys())
    assert known[0].startswith("LA1 P1: signed by the key registered for LA1; not approved")
    unknown = describe_submissions(collect(folders(sent), PROTOCOL, sent / "build"), {})
    assert f"'LA2: {fingerprint_of(KEYS['LA2'])}' into a file" in unknown[1]


def test_a_signature_by_another_key_is_refused(sent):
    seal(sent / "from LA2" / "P3" / "released", STRANGER)
    with pytest.raises(DisclosureError, match="signed by another key than the one registered for LA2"):
        collect(folders(sent), PROTOCOL, sent / "build", keys=keys())
    assert not (sent / "build").exists()


def test_an_authority_of_which_no_key_is_registered_is_refused_where_keys_are_given(sent):
    with pytest.raises(DisclosureError, match="no key is registered for LA2"):
        collect(folders(sent), PROTOCOL, sent / "build", keys={"LA1": fingerprint_of(KEYS["LA1"])})


def test_a_signature_of_other_tables_is_refused(sent):
    seal(sent / "from LA2" / "P3" / "released", data="def")
    with pytest.raises(DisclosureError, match="from LA2/P3/released: its signature is not of these tables"):
        collect(folders(sent), PROTOCOL, sent / "build")


def test_own_data_without_a_signature_are_refused_and_synthetic_data_need_none(sent):
    (sent / "from LA2" / "P3" / "released" / "signature.json").unlink()
    with pytest.raises(DisclosureError, match="P3/released: not signed"):
        collect(folders(sent), PROTOCOL, sent / "build")
    folder = sent / "synthetic"
    write_submission(folder, invented_tables(3, preset="synthetic"), authority="LA1", outcome="P1")
    done = collect([folder], PROTOCOL, sent / "build")
    assert "not signed (synthetic data need no signature)" in describe_submissions(done, {})[0]
    with pytest.raises(DisclosureError, match="signed by no key for LA1"):
        collect([folder], PROTOCOL, sent / "build", keys=keys())
