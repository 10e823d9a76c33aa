"""Claims follow the data: other tables, other verdicts, other sentences."""

import dataclasses
import importlib
from functools import partial

import pytest
import small_tables as small

from analysis.claims import (
    Agreement,
    Evidence,
    Verdict,
    agreement,
    assess,
    audit,
    audit_published,
    claims,
    findings,
    published_evidence,
)
from analysis.claims.assess import assess_published
from analysis.claims.audit import ClaimError
from analysis.claims.findings import findings_text, own_questions_text
from analysis.claims.measures import MEASURES
from analysis.claims.shuffled import shuffled
from analysis.tables.results_table import results_table

NETWORK_MEASURES = {name for name, function in MEASURES.items() if "network_measures" in function.__module__}
CLAIMS = {claim.id: claim for claim in claims()}


@pytest.fixture(autouse=True)
def few_shuffles(monkeypatch):
    """What shuffled models give is tested in test_agreement; here two shuffles will do."""
    monkeypatch.setattr(agreement, "shuffled", partial(shuffled, seeds=2))


def evidence(**of_each) -> Evidence:
    return Evidence(small.world(**of_each), small.PROTOCOL, small.PROTOCOL)


def test_no_registered_verdict_has_flipped():
    audit_published(small.PROTOCOL)


def test_ten_aucs_above_the_threshold_are_fourteen():
    found = assess_published(CLAIMS["A-ten-aucs"], published_evidence(small.PROTOCOL))
    # P3 2 + P4 4 + P5 3 + P6 4 + P7 1 + P8 0
    assert found.value == 2 + 4 + 3 + 4 + 1 + 0
    assert found.verdict is Verdict.DOES_NOT_HOLD


@pytest.mark.parametrize(
    ("claim", "value", "verdict"),
    [
        ("A-none-above-threshold", 0, Verdict.HOLDS),
        ("A-earlier-drops", 13, Verdict.HOLDS),
        ("A-text-better", 6, Verdict.HOLDS),
        ("A-text-worse", 6, Verdict.HOLDS),
        ("B-whole-life-adds-least", 0.653 - 0.636, Verdict.DOES_NOT_HOLD),
        ("B-recorded-adds-all", 0.650 - 0.639, Verdict.HOLDS),
        ("B-first-and-subsequent", 200_770 + 913_088, Verdict.HOLDS),
    ],
)
def test_the_published_tables_judge_the_published_claims(claim, value, verdict):
    found = assess_published(CLAIMS[claim], published_evidence(small.PROTOCOL))
    assert found.value == pytest.approx(value) and found.verdict is verdict


def test_a_flipped_claim_stops_the_build_and_is_named(monkeypatch):
    flipped = dataclasses.replace(CLAIMS["A-ten-aucs"], registered=Verdict.HOLDS)
    monkeypatch.setattr(importlib.import_module("analysis.claims.audit"), "claims", lambda: (flipped,))
    with pytest.raises(ClaimError, match="A-ten-aucs.*registered as 'holds'.*'does not hold'.*14 of 24"):
        audit_published(small.PROTOCOL)


def test_an_authority_that_passes_changes_the_first_finding():
    before = findings(evidence())[0]
    assert before.verdict is Verdict.HOLDS and before.sentence.startswith("None of 24 models")
    world = small.world()
    world["LA3", "P5"] = small.page_tables(average_precision=(0.8, 0.2, 0.2, 0.2))
    after = findings(Evidence(world, small.PROTOCOL, small.PROTOCOL))[0]
    assert after.verdict is Verdict.DOES_NOT_HOLD
    assert "the highest is 0.80 (P5 in LA3, structured data, all cases)" in after.sentence
    assert after.sentence.startswith("one of 24 models has")


def test_an_authority_that_leaks_is_left_out_by_rule_and_not_by_name():
    leaking = small.world(average_precision=(0.9, 0.9, 0.9, 0.9))
    clean = {problem: small.page_tables() for problem in leaking}
    for authority in ("LA1", "LA3"):
        world = clean | {pair: small.page_tables(leaks=True) for pair in clean if pair[0] == authority}
        here = Evidence(world, small.PROTOCOL, small.PROTOCOL)
        assert here.leaking == {authority}
        assert authority in findings(here)[0].sentence
        assert all(pair[0] != authority for pair in here.in_verdict)


def test_drift_in_time_is_not_leakage():
    frame = small.leakage(flagged=True).frame.assign(check="train_v_test")
    tables = small.page_tables() | {"leakage": small.released("leakage", frame)}
    assert not Evidence({("LA2", "P3"): tables}, small.PROTOCOL, small.PROTOCOL).leaking


def test_comparisons_of_a_leaking_authority_still_count():
    found = MEASURES["comparisons_with"](evidence(), comparison="earlier_v_all", verdict="worse")
    assert found.shown == "16 of 16"


def test_with_no_tables_at_all_nothing_is_claimed():
    empty = Evidence({}, small.PROTOCOL, small.PROTOCOL)
    for claim in claims():
        found = assess(claim, empty)
        if claim.measure not in ("stated", "poll_share", "poll_counts", "highest_acceptable_use"):
            assert found.verdict is Verdict.CANNOT_BE_ASSESSED and "here" in found.sentence


def test_withheld_results_are_not_claimed_either():
    tables = small.page_tables() | {
        "operating_point": small.operating_point(positives=4, flagged=4, true_positives=2, preset="dfe")
    }
    found = assess(CLAIMS["A-wrong-six-in-ten"], Evidence({("LA2", "P3"): tables}, small.PROTOCOL, small.PROTOCOL))
    assert found.verdict is Verdict.CANNOT_BE_ASSESSED


def test_claims_about_the_whole_study_are_not_made_of_a_part():
    part = {("LA2", "P3"): small.page_tables()}
    assert (
        assess(CLAIMS["A-models"], Evidence(part, small.PROTOCOL, small.PROTOCOL)).verdict is Verdict.CANNOT_BE_ASSESSED
    )


def test_subgroups_are_compared_with_the_other_subgroups_of_their_kind():
    found = assess(CLAIMS["A-under-1s-better"], evidence())
    # under 1: .3 + .2; the others: .3, .3, .3 and .3 - .2, whose mean is .25
    assert found.value == pytest.approx(0.5 - (0.3 + 0.3 + 0.3 + 0.1) / 4)
    assert found.verdict is Verdict.HOLDS


def test_the_audit_has_a_row_for_every_claim_and_a_verdict_in_every_row():
    frame = audit(evidence()).frame
    assert list(frame["claim"]) == [claim.id for claim in claims()]
    assert set(frame["verdict_on_published"]) <= {verdict.value for verdict in Verdict}
    assert set(frame["agreement"]) <= {agreement.value for agreement in Agreement}
    assert frame.notna().all(axis=None)


def test_every_claim_has_words_for_what_it_finds():
    for claim in claims():
        assert claim.measure in MEASURES and claim.holds_if or claim.measure == "not_published"
        assert len({claim.id for claim in claims()}) == len(claims())
        if claim.finding:
            assert {"holds", "does not hold"} <= set(claim.words) and "#" in claim.evidence or claim.source == "B"


def test_findings_are_a_list_with_verdicts_and_links():
    text = findings_text(evidence(), root="../")
    assert text.count("\n1. ") + 1 == len(findings(evidence()))
    assert 'href="../notebooks/text.html#fig-text-text-v-structured"' in text
    assert text.count("agreement-") == len(findings(evidence()))
    assert "agreement-" not in findings_text(evidence(), invented=True)


def test_counts_of_the_study_are_not_claimed_of_a_part():
    part = Evidence({("LA2", "P3"): small.page_tables()}, small.PROTOCOL, small.PROTOCOL)
    for claim in ("A-ten-aucs", "A-text-better", "A-earlier-drops", "A-curves-rising"):
        assert assess(CLAIMS[claim], part).verdict is Verdict.CANNOT_BE_ASSESSED
    # but what holds of most can be said of any number
    assert assess(CLAIMS["A-earlier-worse"], part).verdict is Verdict.HOLDS
    assert assess(CLAIMS["A-curves-rising-most"], part).value == 2 / 4


def test_other_data_do_not_contradict_what_describes_the_studys_own():
    # 400 + 500 + 600 cases in each problem, where the study's smallest set had about 700
    found = assess(CLAIMS["A-fewest-cases"], evidence())
    assert found.value == 1500 and found.shown == "1,500"
    assert found.verdict is Verdict.CANNOT_BE_ASSESSED and "not the study's" in found.sentence


PUBLISHED = ["published_tables_give", "verdict_on_published"]


def declared(*outcomes: str, **added):
    """The registered protocol with only these predictions, and others of an authority's own."""
    predictions = {outcome: small.PROTOCOL.predictions[outcome] for outcome in outcomes} | added
    return small.PROTOCOL.model_copy(update={"predictions": predictions})


OWN = small.PROTOCOL.predictions["P6"].model_copy(update={"title": "Return to early help", "authority": "LA3"})
ASKED = {
    "one struck out": declared("P1", "P2", "P3", "P4", "P5", "P6", "P7"),
    "one kept": declared("P7"),
    "one added": declared(*small.PROTOCOL.predictions, P9=OWN),
    "none kept": declared(P9=OWN),
}


@pytest.mark.parametrize("asked", ASKED.values(), ids=list(ASKED))
def test_what_a_run_asks_changes_nothing_of_what_was_published(asked):
    world = {("Anyborough", outcome): small.page_tables() for outcome in asked.predictions}
    rows = audit(Evidence(world, asked, small.PROTOCOL)).frame
    assert rows[PUBLISHED].equals(audit(evidence()).frame[PUBLISHED])
    assert not rows["published_tables_give"].eq("–").all()


def test_a_prediction_of_ones_own_is_never_in_the_verdict_nor_held_against_the_study():
    world = small.world()
    world["LA3", "P9"] = small.page_tables(average_precision=(0.9, 0.9, 0.9, 0.9), leaks=True)
    with_own = Evidence(world, ASKED["one added"], small.PROTOCOL)
    assert [f.sentence for f in findings(with_own)] == [f.sentence for f in findings(evidence())]
    assert audit(with_own).frame.equals(audit(evidence()).frame)
    assert with_own.left_out == small.LEFT_OUT | {("LA3", "P9"): "no: not registered"}
    results = results_table(world, with_own.left_out).frame
    assert set(results.loc[results["prediction"].eq("P9"), "in_verdict"]) == {"no: not registered"}
    said = own_questions_text(with_own)
    assert "P9, Return to early help (LA3)" in said and "0.90" in said and "agreement-" not in said


def test_with_questions_of_ones_own_alone_nothing_is_claimed_of_the_study():
    only = Evidence({("Anyborough", "P9"): small.page_tables()}, ASKED["none kept"], small.PROTOCOL)
    assert {f.verdict for f in findings(only)} == {Verdict.CANNOT_BE_ASSESSED}
    assert "none of the predictions of this run was registered" in findings(only)[0].sentence


def test_without_questions_of_ones_own_nothing_is_said_of_them():
    assert own_questions_text(evidence()) == ""


def test_what_no_run_can_judge_carries_no_verdict():
    networks = published_evidence(small.PROTOCOL).network_tables
    beside_own = Evidence(small.world(), small.PROTOCOL, small.PROTOCOL, networks, networks_are_its_own=False)
    for source in ("B", "poll"):
        text = findings_text(beside_own, source=source)
        assert text and "agreement-" not in text
    assert "better in three of three samples" in findings_text(beside_own, source="B")
    assert "invented country" in findings_text(beside_own, source="B")
    rows = audit(beside_own).frame
    network_measures = {claim.id for claim in claims() if claim.measure in NETWORK_MEASURES}
    assert set(rows[rows["claim"].isin(network_measures)]["agreement"]) == {"cannot be assessed here"}
    its_own = dataclasses.replace(beside_own, networks_are_its_own=True)
    assert "agreement-same-number" in findings_text(its_own, source="B")


def test_no_sentence_joins_scores_on_own_test_cases_with_differences_on_the_same():
    """How often models score lower on test cases of their own is one thing, the mean change on the same another."""
    sentence = next(f for f in findings(evidence()) if f.claim.id == "A-earlier-worse").sentence
    for part in sentence.split(". "):
        assert not ("own test cases" in part and ("on average" in part or "clearly" in part)), part
    assert "On the same test cases" in sentence


def test_without_documents_no_claim_about_text_is_made_and_the_reason_is_said():
    def structured(tables):
        kept = {name: table.frame for name, table in tables.items()}
        return tables | {
            name: small.released(name, frame[~frame[column].str.startswith("text")])
            for name, column in (("performance", "design"), ("comparisons", "first"))
            for frame in [kept[name]]
        }

    world = {problem: structured(tables) for problem, tables in small.world().items()}
    found = next(
        f for f in findings(Evidence(world, small.PROTOCOL, small.PROTOCOL)) if f.claim.id == "A-text-no-benefit"
    )
    assert found.verdict is Verdict.CANNOT_BE_ASSESSED and "no documents were supplied" in found.sentence


def test_the_share_of_false_alarms_that_were_early_is_said_and_left_out_where_there_are_none():
    """Six of the fifteen whom each model flags without the outcome had it early."""
    world = small.world()
    evidence = Evidence(world, small.PROTOCOL, small.PROTOCOL)
    found = MEASURES["wrong_among_flagged"](evidence)
    assert MEASURES["early_among_wrong"](evidence).value == pytest.approx(6 / 15)
    assert found.words["early"] == " Of those who did not, 40% had it before its window opened."
    for tables in world.values():
        del tables["early_outcomes"]
    assert MEASURES["wrong_among_flagged"](Evidence(world, small.PROTOCOL, small.PROTOCOL)).words["early"] == ""
