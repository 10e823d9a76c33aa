"""The protocol refuses what it does not know, says where, and says everything at once."""

from pathlib import Path

import pytest
import yaml

from analysis.errors import ProtocolError
from analysis.protocol import load_protocol, parse_protocol, taken_as_registered
from analysis.protocol.read import protocol_hash
from analysis.protocol.values import Duration

PATH = Path(__file__).resolve().parents[2] / "protocol.yml"
OWN_RULE = "# own_rule: {events: [contact], months: 12, at_least: 3}"
FLAG_FROM = "# flag_from: 6"
TEXT = PATH.read_text(encoding="utf-8")


def refused(text: str) -> str:
    with pytest.raises(ProtocolError) as raised:
        parse_protocol(text)
    return str(raised.value)


def test_the_registered_protocol_has_eight_predictions_and_four_designs():
    protocol = load_protocol(PATH)
    assert len(protocol.problems) == 2 * 4 and len(protocol.design_list) == 2 * 2
    assert len({problem.slug for problem in protocol.problems}) == 8


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("  folds: 5", "  folds: 5\n  fold: 5", "'splits.fold' is not a key of the protocol"),
        ("  folds: 5\n", "", "'splits.folds' is missing; add it"),
        ("threshold: 0.65", "threshold: 65", "'success.threshold'"),
        ("index: {event: early_help_end}", "index: {event: early_help_ended}", "'predictions.P6.index.event'"),
        ("exclude_if_open: [care]", "exclude_if_open: [caring]", "'predictions.P8.exclude_if_open.0'"),
        ("from: {months: 3}", "from: {months: 3, days: 1}", "give either days or months"),
        ("authority: LA4", "authority: LA5", "authorities that are not declared: LA5; add each under 'authorities'"),
        ("for early help: 19", "for early help: 2", "which decision_curve.thresholds does not hold"),
        ("  learned_from: [all_cases, earlier_cases]", "  learned_from: [earlier_cases]", "'designs' does not hold"),
        ("own_data: dfe", "own_data: none", "no preset ['none']"),
        ("test_share_of_families: 0.2", "test_share_of_families: 0", "'splits.test_share_of_families'"),
        ("test_share_of_families: 0.2", "test_share_of_families: 1.0", "'splits.test_share_of_families'"),
        ("  folds: 5\n", "  folds: 1\n", "'splits.folds'"),
        ("  folds: 5\n", "  folds: 1000000\n", "'splits.folds'"),
        ("from: {months: 6}, to: {months: 12}", "from: {months: 18}, to: {months: 12}", "before it begins (18 months)"),
        ("from: {days: 1}, to: {months: 12}", "from: {days: 1}, to: {days: 0}", "before it begins (1 day)"),
        ("last_date: 2019-07-31", "last_date: 2011-07-31", "last_date is before first_date; exchange them"),
        ("any_of: [referral], from: {days: 1}", "any_of: [early_help_end], from: {days: 0}", "begin its window on the"),
        (OWN_RULE, "own_rule: {events: [contcat], months: 12, at_least: 3}", "'yardsticks.own_rule.events.0'"),
        (OWN_RULE, "own_rule: {events: [contact], months: 0, at_least: 3}", "'yardsticks.own_rule.months'"),
        (OWN_RULE, "own_rule: {events: [contact], months: 12}", "'yardsticks.own_rule.at_least' is missing"),
        (FLAG_FROM, "flag_from: high", "'scores.flag_from'"),
        (FLAG_FROM, "flag_from: .inf", "'scores.flag_from'"),
    ],
)
def test_a_slip_is_named_with_its_address(right, wrong, told):
    assert right in TEXT
    assert told in refused(TEXT.replace(right, wrong, 1))


@pytest.mark.parametrize(
    ("right", "wrong", "address"),
    [
        ("test_share_of_families: 0.2", "test_share_of_families: 0", "'splits.test_share_of_families'"),
        ("test_share_of_families: 0.2", "test_share_of_families: 1", "'splits.test_share_of_families'"),
        ("  folds: 5", "  folds: 1", "'splits.folds'"),
        ("  folds: 5", "  folds: 1000000", "'splits.folds'"),
        ("from: {months: 6}", "from: {months: 18}", "ends (12 months) before it begins (18 months)"),
        ("  last_date: ", "  last_date: 1999-12-31 #", "'study': last_date is before first_date"),
        ("  last_notification: ", "  last_notification: 1970-12-31 #", "'networks': last_notification is before"),
        ("  first_date: ", "  first_date: 2015-02-30 #", "'study.first_date'"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_with_its_address(right, wrong, address):
    assert right in TEXT
    assert address in refused(TEXT.replace(right, wrong, 1))


def test_the_own_rule_in_the_comment_is_read_once_it_is_no_comment():
    rule = parse_protocol(TEXT.replace(OWN_RULE, OWN_RULE.removeprefix("# "))).yardsticks.own_rule
    assert (rule.events, rule.months, rule.at_least) == (("contact",), 12, 3)


def test_the_tools_threshold_in_the_comment_is_read_once_it_is_no_comment():
    assert parse_protocol(TEXT).scores.flag_from is None
    assert parse_protocol(TEXT.replace(FLAG_FROM, FLAG_FROM.removeprefix("# "))).scores.flag_from == 6


def test_a_prediction_declared_twice_is_refused_with_its_line():
    line = TEXT.splitlines().index("  P2:") + 1
    assert f"line {line} gives 'P1' a second time" in refused(TEXT.replace("  P2:", "  P1:", 1))


def test_a_protocol_saved_with_a_byte_order_mark_is_read(tmp_path):
    path = tmp_path / "bom.yml"
    path.write_text(TEXT, encoding="utf-8-sig")
    assert load_protocol(path) == load_protocol(PATH)


@pytest.mark.parametrize("text", ["a: &x [1]\nb: *x\n", "[" * 5000])
def test_a_protocol_that_repeats_or_nests_is_one_clear_error(text):
    assert "1 problem" in refused(text)


def test_every_slip_is_told_at_once():
    message = refused(TEXT.replace("  folds: 5\n", "").replace("threshold: 0.65", "threshold: 65"))
    assert "2 problems" in message and "splits.folds" in message and "success.threshold" in message


def test_what_is_not_a_protocol_is_refused_in_words():
    assert "line 1 is not YAML" in refused("a: [1,")
    assert "expected keys and values" in refused("just words")
    assert "line 2 refers to another value with '*'" in refused("a: &a [1]\nb: [*a, *a]")
    assert "nested more than" in refused("[" * 5000)
    assert "larger than" in refused("# " + "x" * 2_000_000)
    with pytest.raises(ProtocolError, match="no such file"):
        load_protocol("nowhere.yml")


def test_the_hash_follows_what_is_said_and_not_how_it_is_laid_out():
    said = protocol_hash(parse_protocol(TEXT))
    assert protocol_hash(parse_protocol(TEXT + "\n# a comment\n")) == said
    assert protocol_hash(parse_protocol(TEXT.replace("folds: 5", "folds: 6"))) != said


def test_a_duration_reads_as_words_and_as_an_offset():
    assert (str(Duration(days=1)), Duration(days=1).offset) == ("1 day", "1d")
    assert (str(Duration(months=12)), Duration(months=12).offset) == ("12 months", "12mo")


def test_what_is_wrong_with_a_whole_section_is_not_buried_in_it():
    said = refused(TEXT.replace("\n    authority: LA1\n", "\n    authority: LA9\n", 1))
    assert "not declared: LA9; add each under 'authorities'" in said
    assert len(said) < 250


def test_a_protocol_saved_as_ansi_is_refused_in_a_sentence(tmp_path):
    path = tmp_path / "protocol.yml"
    path.write_bytes(b"title: Caf\xe9\n" + TEXT.encode())
    with pytest.raises(ProtocolError, match="line 1 is not UTF-8"):
        load_protocol(path)
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    assert load_protocol(path) == parse_protocol(TEXT)


def test_a_protocol_written_before_an_amendment_is_read_with_what_was_added_as_registered(tmp_path):
    values = yaml.safe_load(TEXT)
    del values["yardsticks"], values["comparison"]["permutations_near_alpha"], values["amendments"]
    (tmp_path / "old.yml").write_text(yaml.safe_dump(values | {"version": 1}))
    assert taken_as_registered(tmp_path / "old.yml") == ("comparison.permutations_near_alpha", "yardsticks")
    assert load_protocol(tmp_path / "old.yml") == parse_protocol(TEXT)
    del values["splits"]["folds"]
    (tmp_path / "old.yml").write_text(yaml.safe_dump(values))
    with pytest.raises(ProtocolError, match="'splits.folds' is missing"):  # which is no amendment
        load_protocol(tmp_path / "old.yml")


def test_a_number_of_very_many_digits_is_one_clear_error():
    assert "a number or a date in it cannot be read" in refused(TEXT.replace("folds: 5", f"folds: 0x{'f' * 5000}"))
