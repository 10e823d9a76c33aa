"""Cohorts of any prediction against a reference that goes through each child's events one by one."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.cohort import build_cohort, find_cases
from analysis.errors import CohortError
from analysis.protocol import load_protocol
from analysis.protocol.values import Prediction, Study
from analysis.schemas import EVENTS, PERIODS
from tests.cohort.cohort_worlds import FIRST, INDEX_DATES, LAST, add, add_months, checked, days_around, worlds

PROTOCOL = load_protocol()
STUDY = Study(first_date=date(2015, 2, 1), last_date=date(2018, 6, 30), oldest_age_years=18, source="test")


@st.composite
def durations(draw):
    if draw(st.booleans()):
        first = draw(st.integers(1, 12))
        return {"months": first}, {"months": first + draw(st.integers(0, 12))}
    return {"days": draw(st.integers(1, 30))}, {"months": draw(st.integers(1, 24))}


@st.composite
def predictions(draw) -> Prediction:
    """Any question the protocol can put: one or two steps, with or without events that rule the outcome out."""
    steps = []
    for _ in range(draw(st.integers(1, 2))):
        first, last = draw(durations())
        steps.append(
            {"any_of": draw(st.lists(st.sampled_from(EVENTS), min_size=1, max_size=3)), "from": first, "to": last}
        )
    looked_for = [event for step in steps for event in step["any_of"]]
    opening = ["contact", "referral", "assessment_authorised", "early_help_end", *looked_for]
    index = {"event": draw(st.sampled_from(opening))}
    if index["event"] == "referral" and draw(st.booleans()):
        index["outcome"] = "no further action"
    values = {
        "title": "t", "question": "q", "authority": "LA1", "index": index, "steps": steps, "source": "s",
        "none_of": draw(st.lists(st.sampled_from(EVENTS), max_size=1)),
        "exclude_if_open": draw(st.lists(st.sampled_from(tuple(PERIODS)), max_size=3, unique=True)),
    }  # fmt: skip
    return Prediction.model_validate(values)


def meets_in_turn(dates_by_step, earliest=date.min) -> bool:
    """Whether one date can be taken from each step so that none lies before the one taken before it."""
    if not dates_by_step:
        return True
    return any(meets_in_turn(dates_by_step[1:], day) for day in dates_by_step[0] if day >= earliest)


def has_outcome(own, index_date, prediction) -> bool:
    by_step = [
        [
            e["date"]
            for e in own
            if e["event"] in s.any_of and add(index_date, s.from_) <= e["date"] <= add(index_date, s.to)
        ]
        for s in prediction.steps
    ]
    first = prediction.steps[0]
    ruled_out = any(
        e["event"] in prediction.none_of and add(index_date, first.from_) <= e["date"] <= add(index_date, first.to)
        for e in own
    )
    return meets_in_turn(by_step) and not ruled_out


def open_on(own, period, index_date) -> bool:
    """A period begun before the index date and not ended by it, starts before ends on the same day."""
    start, end = PERIODS[period]
    steps = sorted((e["date"], e["event"] == end) for e in own if e["event"] in (start, end) and e["date"] < index_date)
    count = 0
    for _, ended in steps:
        count = max(count - 1, 0) if ended else count + 1
    return count > sum(e["event"] == end and e["date"] == index_date for e in own)


def opens_case(event, prediction) -> bool:
    return event["event"] == prediction.index.event and prediction.index.outcome in (None, event["outcome"])


def reference(tables, prediction, study):
    """Cases as (index_date, child_id, outcome), in order."""
    children = {c["child_id"]: c for c in tables.children.to_dicts()}
    cases = set()
    for event in tables.events.to_dicts():
        child, day = event["child_id"], event["date"]
        own = [e for e in tables.events.to_dicts() if e["child_id"] == child]
        end = max(add(day, step.to) for step in prediction.steps)
        born = children[child]["birth_month"]
        begins = {PERIODS[period][0] for period in prediction.exclude_if_open} | set(prediction.steps[-1].any_of)
        if not opens_case(event, prediction) or not max(study.first_date, FIRST) <= day <= min(study.last_date, LAST):
            continue
        if born and day >= add_months(born, 12 * study.oldest_age_years):
            continue
        if any(open_on(own, period, day) for period in prediction.exclude_if_open):
            continue
        # What opens a case does not decide it.
        deciding = [e for e in own if e["event"] in begins and not opens_case(e, prediction)]
        if any(e["date"] == day for e in deciding) or end > LAST:
            continue
        outcome = has_outcome(own, day, prediction)
        gone = {("need_end", "RC2"), ("need_end", "RC5"), ("care_end", "E2"), ("care_end", "E3")}
        if not outcome and any((e["event"], e["code"]) in gone and day <= e["date"] <= end for e in own):
            continue
        cases.add((day, child, outcome))
    return sorted(cases)


@st.composite
def predictions_and_worlds(draw):
    """A question, and children to whom only things that matter to it happen, on days around its edges."""
    prediction = draw(predictions())
    periods = {event for period in prediction.exclude_if_open for event in PERIODS[period]}
    steps = {event for step in prediction.steps for event in step.any_of}
    names = (prediction.index.event, *sorted(steps | periods | set(prediction.none_of)), "need_end")
    index_date = draw(st.sampled_from(INDEX_DATES))
    edges = [add(index_date, edge) for step in prediction.steps for edge in (step.from_, step.to)]
    opening = (prediction.index.event, index_date, None, prediction.index.outcome)
    return prediction, draw(worlds(names, tuple(days_around(index_date, *edges)), certain=[opening]))


@settings(max_examples=300, deadline=None)
@given(predictions_and_worlds())
def test_cases_and_outcomes_equal_a_search_child_by_child(drawn):
    prediction, tables = drawn
    cohort = find_cases(tables, prediction, STUDY)
    found = cohort.cases.select("index_date", "child_id", "outcome").rows()
    assert found == reference(tables, prediction, STUDY)
    assert cohort.cases["case_id"].to_list() == list(range(len(found)))


@settings(max_examples=100, deadline=None)
@given(worlds(), st.sampled_from(list(PROTOCOL.predictions)))
def test_the_flow_accounts_for_every_index_event(tables, outcome):
    flow = find_cases(tables, PROTOCOL.predictions[outcome], STUDY).flow
    assert list(flow.columns) == ["step", "removed", "remaining"]
    assert (flow["remaining"].shift(1) - flow["removed"]).iloc[1:].tolist() == flow["remaining"].iloc[1:].tolist()
    assert flow["remaining"].iloc[0] == flow["removed"].sum() + flow["remaining"].iloc[-1]


CHILD = ("child A", "family 1", date(2010, 1, 1), "male", "WBRI", "White", "no")
OTHER = ("child B", "family 2", date(2010, 1, 1), "male", "WBRI", "White", "no")
SIBLING = ("child B", "family 1", date(2010, 1, 1), "male", "WBRI", "White", "no")
PLAN_AFTER_CONTACT = PROTOCOL.predictions["P2"]


def contact(child, day):
    return (child, "contact", day, "police", None)


def plan(child, day):
    return (child, "plan_start", day, None, None)


@pytest.mark.parametrize(
    ("children", "events", "words"),
    [
        ([], [], "expected events 'contact' to open cases, found none"),
        ([CHILD], [plan("child A", date(2016, 1, 1))], "expected events 'contact' to open cases, found none"),
        ([CHILD], [contact("child A", date(2018, 6, 1))], "no case is left after the step 'window not fully observed'"),
        (
            [CHILD, OTHER],
            [contact("child A", date(2016, 1, 1)), contact("child B", date(2016, 1, 1))],
            "too few families have the outcome",
        ),
        (
            [CHILD],
            [contact("child A", date(2016, 1, 1)), plan("child A", date(2016, 9, 1))],
            "too few families have the outcome",
        ),
        (
            [CHILD, SIBLING],
            [
                contact("child A", date(2016, 1, 1)),
                contact("child B", date(2016, 1, 1)),
                plan("child A", date(2016, 9, 1)),
            ],
            "too few families have the outcome",
        ),
    ],
)
def test_a_cohort_that_cannot_be_studied_is_refused_in_words(children, events, words):
    with pytest.raises(CohortError, match="LA1, Escalation after contact: 1 problem") as refused:
        build_cohort(checked(children, events), PLAN_AFTER_CONTACT, STUDY)
    assert words in str(refused.value)
    assert "child A" not in str(refused.value) and "2016" not in str(refused.value)


def test_a_child_missing_from_the_children_is_a_family_of_one():
    cohort = find_cases(checked([], [contact("child Z", date(2016, 1, 1))]), PLAN_AFTER_CONTACT, STUDY)
    assert cohort.cases.select("child_id", "family_id").rows() == [("child Z", "child Z")]
