"""The run is held to its registration."""

from datetime import date

import pytest
import small_tables as small
from hypothesis import given
from hypothesis import strategies as st

from analysis.claims.audit import AUDIT
from analysis.disclosure import PAGE_TABLES
from analysis.errors import ProtocolError
from analysis.network.catalogue import NETWORK_TABLES
from analysis.protocol.values import Protocol
from analysis.tables.conformance import Deviation, badge, compare, deviations_table
from analysis.tables.results_table import RESULTS
from analysis.tables.summaries import ENGLAND_SUMMARY, METRIC_CHOICE, SUBGROUP_GAPS, TIMELINE

REGISTERED = small.PROTOCOL


def changed(address: str, value: object) -> Protocol:
    values = REGISTERED.model_dump(mode="json", by_alias=True)
    *path, last = address.split(".")
    part = values
    for name in path:
        part = part[name]
    part[last] = value
    return Protocol.model_validate(values)


def test_the_registered_protocol_conforms_to_itself():
    conformance = compare(REGISTERED, REGISTERED)
    assert conformance.differences == () and conformance.deviating == frozenset()
    assert deviations_table(conformance).frame.empty


def test_an_unrecorded_change_stops_the_report_and_says_what_to_do():
    with pytest.raises(
        ProtocolError, match=r"'success.threshold' is registered as 0.65 and executed as 0.7; restore it"
    ):
        compare(changed("success.threshold", 0.7), REGISTERED)


def test_every_unrecorded_change_is_named_at_once():
    with pytest.raises(ProtocolError) as error:
        compare(changed("splits.folds", 3).model_copy(update={"version": 99}), REGISTERED)
    assert len(error.value.problems) == 2


def test_a_recorded_change_is_a_deviation_and_marks_what_rests_on_it():
    deviation = Deviation(address="success.threshold", executed=0.7, when=date(2026, 12, 1), why="a reason")
    conformance = compare(changed("success.threshold", 0.7), REGISTERED, [deviation])
    assert badge(PAGE_TABLES["performance"], deviating=conformance.deviating) == "deviation"
    assert badge(PAGE_TABLES["calibration"], deviating=conformance.deviating) == "pre-registered"
    assert list(deviations_table(conformance).frame.iloc[0]) == [
        "success.threshold",
        "0.65",
        "0.7",
        "2026-12-01",
        "a reason",
    ]


def test_another_draw_of_the_invented_data_is_a_deviation_of_no_analysis():
    """The seed of the analysis is another matter: the models and the intervals rest on it."""
    tables = {}
    for address in ("seeds.synthetic_england", "seeds.analysis"):
        deviation = Deviation(address=address, executed=7, when=date(2026, 12, 1), why="a reason")
        conformance = compare(changed(address, 7), REGISTERED, [deviation])
        assert len(deviations_table(conformance).frame) == 1
        tables[address] = badge(PAGE_TABLES["performance"], deviating=conformance.deviating)
    assert tables == {"seeds.synthetic_england": "pre-registered", "seeds.analysis": "deviation"}


def test_a_record_of_something_else_does_not_count():
    deviation = Deviation(address="success.threshold", executed=0.8, when=date(2026, 12, 1), why="a reason")
    with pytest.raises(ProtocolError, match="success.threshold"):
        compare(changed("success.threshold", 0.7), REGISTERED, [deviation])


def test_a_deviation_that_is_not_executed_is_refused():
    deviation = Deviation(address="splits.folds", executed=10, when=date(2026, 12, 1), why="a reason")
    with pytest.raises(ProtocolError, match="'splits.folds', which is executed as registered"):
        compare(REGISTERED, REGISTERED, [deviation])


def test_what_was_recorded_for_the_protocol_copied_from_holds_where_it_is_still_executed():
    recorded = Deviation(address="success.threshold", executed=0.7, when=date(2026, 12, 1), why="a reason")
    assert compare(changed("success.threshold", 0.7), REGISTERED, inherited=[recorded]).deviating == {"success"}
    assert compare(REGISTERED, REGISTERED, inherited=[recorded]).deviating == frozenset()
    with pytest.raises(ProtocolError, match="success.threshold"):
        compare(changed("success.threshold", 0.8), REGISTERED, inherited=[recorded])


def test_an_authority_may_add_and_leave_out_predictions():
    own = {"P9": REGISTERED.predictions["P5"].model_copy(update={"authority": "Borsetshire"})}
    executed = REGISTERED.model_copy(
        update={
            "predictions": own,
            "authorities": {"Borsetshire": REGISTERED.authorities["LA1"].model_copy(update={"name": "Borsetshire"})},
        }
    )
    conformance = compare(executed, REGISTERED)
    assert conformance.differences == () and conformance.added == {"P9"}
    assert badge(PAGE_TABLES["performance"], registered=False) == "exploratory"


def test_changing_a_registered_prediction_is_a_deviation():
    with pytest.raises(ProtocolError, match="predictions.P5.title"):
        compare(changed("predictions.P5.title", "Another title"), REGISTERED)


def test_a_rule_of_ones_own_is_no_deviation_but_another_choice_of_variables_is():
    rule = {"events": ["contact"], "months": 12, "at_least": 3}
    assert compare(changed("yardsticks.own_rule", rule), REGISTERED).differences == ()
    assert compare(changed("scores.flag_from", 6), REGISTERED).differences == ()
    with pytest.raises(ProtocolError, match="yardsticks.beside"):
        compare(changed("yardsticks.beside", ["age_years"]), REGISTERED)


def test_what_was_not_planned_is_exploratory():
    assert badge(NETWORK_TABLES["network_comparators"]) == "exploratory"


JOINT_TABLES = (AUDIT, ENGLAND_SUMMARY, METRIC_CHOICE, RESULTS, SUBGROUP_GAPS, TIMELINE)
ALL_TABLES = (*PAGE_TABLES.values(), *NETWORK_TABLES.values(), *JOINT_TABLES)


@given(st.frozensets(st.sampled_from(sorted({s for table in ALL_TABLES for s in table.planned_by}))))
def test_a_table_deviates_exactly_when_one_of_its_sections_does(deviating):
    for table in ALL_TABLES:
        assert (badge(table, deviating=deviating) == "deviation") == bool(table.planned_by & deviating)


def test_every_section_named_is_a_section_of_the_protocol():
    known = set(Protocol.model_fields) | {"networks"}
    assert {section for table in ALL_TABLES for section in table.planned_by} <= known
