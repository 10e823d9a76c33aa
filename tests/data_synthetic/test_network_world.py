"""What the synthetic New Zealand promises."""

import numpy as np
import polars as pl
import pytest

from analysis.errors import ProtocolError
from data_synthetic.network import generate_world, load_truth, write_world
from data_synthetic.network.recording import TYPES
from data_synthetic.network.truth import overlay
from data_synthetic.network.world import OTHER_EVENTS
from data_synthetic.network.write import TABLES, TYPES_FILE

SHARE = 0.01


@pytest.fixture(scope="module")
def truth():
    return load_truth()


@pytest.fixture(scope="module")
def drawn(truth):
    return generate_world(truth, share=SHARE, seed=20191029)


def test_the_counts_are_the_published_ones(truth, drawn):
    """826,309 people, 4,975,810 relationships, 7,891,732 events: a hundredth of each."""
    assert truth["counts"] == {"people": 826309, "relationships": 4975810, "events": 7891732}
    for name, number in truth["counts"].items():
        assert getattr(drawn, name).height == round(number * SHARE)


def test_the_same_seed_writes_the_same_bytes(truth, drawn, tmp_path):
    for name, world in (("a", drawn), ("b", generate_world(truth, share=SHARE, seed=20191029))):
        write_world(world, tmp_path / name)
    for table in TABLES:
        file = f"{table}.parquet"
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_another_seed_draws_another_world(truth, drawn):
    assert not generate_world(truth, share=SHARE, seed=1).events.equals(drawn.events)


def test_every_person_named_anywhere_exists(drawn):
    people = set(drawn.people["person_id"])
    assert len(people) == drawn.people.height
    for frame in (drawn.relationships, drawn.registry):
        assert set(frame["person_id"]) | set(frame["relative_id"]) <= people
    assert set(drawn.events["person_id"]) <= people


def test_nobody_is_notified_before_birth_or_as_an_adult(drawn):
    notified = drawn.events.filter(pl.col("event") == "notification").join(drawn.people, on="person_id")
    age = (notified["date"] - notified["birth_date"]).dt.total_days() / 365.25
    assert age.min() > 0
    assert age.max() < 17


def test_a_referral_is_dated_as_its_notification(drawn):
    events = drawn.events.select("person_id", "date", "event")
    referrals = events.filter(pl.col("event") == "referral").select("person_id", "date")
    notifications = events.filter(pl.col("event") == "notification").select("person_id", "date")
    assert referrals.join(notifications, on=["person_id", "date"], how="anti").is_empty()


def test_parents_are_older_than_their_children(drawn):
    births = drawn.people.select("person_id", "birth_date")
    parents = drawn.registry.filter(pl.col("relationship_type").is_in(["mother of", "father of"]))
    both = parents.join(births, on="person_id").join(
        births, left_on="relative_id", right_on="person_id", suffix="_child"
    )
    years = (both["birth_date_child"] - both["birth_date"]).dt.total_days() / 365.25
    assert years.min() > 11


def test_links_of_children_are_written_down_after_a_notification_in_the_family(drawn):
    """The first writing down of a mother follows some notification of the child."""
    first = drawn.events.filter(pl.col("event") == "notification").group_by("person_id").agg(pl.col("date").min())
    mothers = drawn.relationships.filter(pl.col("relationship_type") == "mother of")
    both = mothers.join(first, left_on="relative_id", right_on="person_id", how="left")
    assert both["date"].null_count() == 0
    assert (both["recorded_date"] > both["date"]).all()


def test_what_is_written_down_of_family_is_true(drawn):
    by_birth = ["mother of", "father of", "sibling of", "half-sibling of"]
    keys = ["person_id", "relative_id", "relationship_type"]
    written = drawn.relationships.filter(pl.col("relationship_type").is_in(by_birth))
    assert written.join(drawn.registry, on=keys, how="anti").is_empty()
    assert written.select(keys).unique().height < drawn.registry.height  # and not everything is written down


def test_the_table_of_types_knows_every_type_drawn():
    types = pl.read_csv(TYPES_FILE, infer_schema=False)
    assert set(TYPES) <= set(types["relationship_type"])


def test_every_kind_of_event_is_drawn(drawn):
    kinds = set(drawn.events["event"])
    assert set(OTHER_EVENTS) <= kinds
    assert {"notification", "referral", "substantiated_finding", "family_group_conference"} <= kinds


def test_where_family_tells_nothing_siblings_are_not_alike():
    """Rate of notifications of a child against that of the next child of the family: uncorrelated in the null world."""
    alike = {}
    for name in ("calibrated", "no_family_risk"):
        world = generate_world(load_truth(name), share=0.02, seed=7)
        counts = world.events.filter(pl.col("event") == "notification")["person_id"].value_counts()
        numbers = dict(counts.iter_rows())
        pairs = world.registry.filter(pl.col("relationship_type") == "sibling of").select("person_id", "relative_id")
        first, second = (np.array([numbers.get(person, 0) for person in pairs[column]]) for column in pairs.columns)
        born = dict(world.people.select("person_id", pl.col("birth_date").dt.year()).iter_rows())
        older = np.array([born[a] < 2000 and born[b] < 2000 for a, b in pairs.iter_rows()])
        alike[name] = np.corrcoef(first[older], second[older])[0, 1]
    assert abs(alike["no_family_risk"]) < 0.08
    assert alike["calibrated"] > 0.2


def test_a_world_changes_only_what_exists():
    with pytest.raises(ProtocolError, match="'rte' is not a value of the truth"):
        overlay({"a": {"rate": 1}}, {"a": {"rte": 2}})
    with pytest.raises(ProtocolError, match="no world 'paradise'"):
        load_truth("paradise")
