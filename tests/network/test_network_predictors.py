"""The predictors of every notification equal those counted by hand."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from network_reference import Reference

import analysis.network.tables
from analysis.network.analyse import count_all
from analysis.network.engine import materialise
from analysis.network.predictors import PREDICTORS
from analysis.network.tables import collect, notification_table, prepare
from data_synthetic.network import generate_world, load_truth

NUMBERS = (*PREDICTORS, "concern")
COMPARED = 20_000


def as_reference(people, relationships, events, types, definitions):
    return Reference(
        people=people[["person_id", "birth_date"]].itertuples(index=False, name=None),
        relationships=list(relationships.itertuples(index=False, name=None)),
        events=list(events.itertuples(index=False, name=None)),
        types=types.set_index("relationship_type").to_dict("index"),
        definitions=definitions,
    )


def test_twenty_thousand_notifications_are_counted_as_by_hand(tables_of, types, definitions):
    """Drawn at random from those of a fiftieth of the country."""
    world = generate_world(load_truth(), share=0.02, seed=20191029)
    frames = [world.people, world.relationships, world.events]
    counted = collect(
        notification_table(
            prepare(tables_of(*(frame.to_arrow() for frame in frames)), definitions, materialise), "ever_recorded"
        )
    )
    reference = as_reference(*(pd.DataFrame(frame.to_dicts()) for frame in frames), types, definitions)
    keys = list(zip(counted["child_id"], counted["date"].dt.date, strict=True))
    assert keys == reference.notifications()
    chosen = np.random.default_rng(1).permutation(len(keys))[:COMPARED]
    assert len(chosen) == COMPARED
    expected = pd.DataFrame([reference.count(*keys[row]) for row in chosen])
    found = counted.loc[chosen, list(NUMBERS)].reset_index(drop=True)
    pd.testing.assert_frame_equal(found.astype(int), expected[list(NUMBERS)].astype(int))


DAYS = st.integers(0, 30).map(lambda n: date(2008, 2, 20) + timedelta(days=n)) | st.sampled_from(
    [date(2008, 2, 29), date(2010, 2, 28), date(2010, 3, 1), date(2006, 2, 28), date(2004, 2, 29), date(2005, 12, 31)]
)
PEOPLE = st.integers(1, 5)
BIRTHS = DAYS | st.sampled_from([date(1992, 2, 29), date(1992, 3, 1), date(1994, 3, 1), date(1970, 1, 1)])
KINDS = st.sampled_from(
    ["notification", "notification", "referral", "substantiated_finding", "serious_intervention",
     "family_group_conference", "family_agreement", "home_visit"]
)  # fmt: skip
TYPES = st.sampled_from(
    ["mother of", "child of", "sibling of", "half-sibling of", "cousin of", "was neglected by", "physical abuser of"]
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    births=st.lists(BIRTHS, min_size=5, max_size=5),
    relationships=st.lists(st.tuples(PEOPLE, PEOPLE, TYPES, DAYS), max_size=12),
    events=st.lists(st.tuples(PEOPLE, KINDS, DAYS), min_size=1, max_size=20),
)
def test_tiny_worlds_are_counted_as_by_hand(tables_of, types, definitions, births, relationships, events):
    """Ties, same-day events, relationships with oneself, repeated rows, children without relations."""
    events = [*events, (1, "notification", date(2008, 3, 1))]
    people = pd.DataFrame({"person_id": range(1, 6), "birth_date": births, "gender": "female", "ethnicity": "Māori"})
    related = pd.DataFrame(relationships, columns=["person_id", "relative_id", "relationship_type", "recorded_date"])
    happened = pd.DataFrame(events, columns=["person_id", "event", "date"])
    tables = tables_of(typed(people), typed(related), typed(happened))
    found = collect(notification_table(prepare(tables, definitions), "ever_recorded"))
    reference = as_reference(people, related, happened, types, definitions)
    keys = reference.notifications()
    assert list(zip(found["child_id"], found["date"].dt.date, strict=True)) == keys
    expected = pd.DataFrame([reference.count(*key) for key in keys], columns=list(NUMBERS))
    pd.testing.assert_frame_equal(found[list(NUMBERS)].astype(int), expected.astype(int))


def typed(frame):
    """An empty table has types too."""
    fields = [
        (name, pa.date32() if "date" in name else pa.int64() if name.endswith("_id") else pa.string())
        for name in frame.columns
    ]
    return pa.Table.from_pandas(frame, schema=pa.schema(fields), preserve_index=False)


@pytest.mark.parametrize("reading", ["recorded_before", "complete_registry", "implied"])
def test_every_reading_gives_each_notification_once(small_tables, small_frame, definitions, reading):
    frame = collect(notification_table(prepare(small_tables, definitions), reading))
    assert frame[["child_id", "date"]].equals(small_frame[["child_id", "date"]])


def test_counting_some_children_at_a_time_counts_all(tables_of, definitions, monkeypatch):
    """Three parts and one, of every notification of a five-hundredth of the country."""
    world = generate_world(load_truth(), share=0.002, seed=20191029)
    tables = tables_of(*(getattr(world, name).to_arrow() for name in ("people", "relationships", "events", "registry")))
    prepared = prepare(tables, definitions, materialise)
    whole = count_all(prepared, (2,))
    monkeypatch.setattr(analysis.network.tables, "NOTIFICATIONS_AT_ONCE", len(whole.frame) // 3 + 5)
    assert len(prepared.parts()) == 3
    parts = count_all(prepared, (2,))
    pd.testing.assert_frame_equal(parts.frame, whole.frame)
    for name in ("readings", "wider"):
        of_parts, of_whole = getattr(parts, name), getattr(whole, name)
        assert of_parts.keys() == of_whole.keys() and all(of_parts[key].equals(of_whole[key]) for key in of_whole)
