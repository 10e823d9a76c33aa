"""The expression that counts: every boundary in it matters."""

import hashlib
import inspect
from types import ModuleType

import pandas as pd
import pyarrow as pa
import pytest

import analysis.network.links
import analysis.network.predictors
from analysis.network import tables as study_tables
from analysis.network.engine import register
from analysis.network.tables import NetworkTables, collect, notification_table, prepare

DAY = "2008-06-0"


def digest(frame: pd.DataFrame) -> str:
    """A fingerprint of a whole table."""
    plain = frame.assign(date=frame["date"].astype(str)).astype(str)
    return hashlib.sha256(plain.to_csv(index=False).encode()).hexdigest()


@pytest.fixture(scope="module")
def edges(types):
    """A few people with something on every boundary: the same day, the day before, repeats, 16th birthdays."""
    people = pd.DataFrame(
        [
            (1, "2000-06-05", "female"),
            (2, "1992-06-05", "male"),  # 16 on the day of the notification
            (3, "1992-06-06", "male"),  # 16 on the day after
            (4, "1970-01-01", "female"),
            (5, "2008-06-05", "male"),  # born on the day of the notification
        ],
        columns=["person_id", "birth_date", "gender"],
    ).assign(ethnicity="Māori")
    relationships = pd.DataFrame(
        [
            (4, 1, "mother of", "2008-06-04"),
            (2, 1, "sibling of", "2008-06-04"),
            (3, 1, "sibling of", "2008-06-05"),
            (3, 1, "sibling of", "2008-06-03"),
            (1, 3, "sibling of", "2008-06-03"),
            (5, 1, "sibling of", "2008-06-05"),
            (1, 1, "sibling of", "2001-01-01"),
            (2, 4, "was neglected by", "2008-06-05"),
            (3, 2, "physical abuser of", "2008-06-04"),
        ],
        columns=["person_id", "relative_id", "relationship_type", "recorded_date"],
    )
    events = pd.DataFrame(
        [
            *[(person, "notification", f"{DAY}{day}") for person in (1, 2, 3) for day in (4, 5)],
            (1, "notification", f"{DAY}5"),
            (1, "notification", "2006-06-05"),
            *[(1, "notification", "2006-06-04")] * 2,
            (3, "substantiated_finding", f"{DAY}4"),
            (2, "substantiated_finding", f"{DAY}5"),
            (1, "substantiated_finding", "2006-06-05"),
            (1, "referral", f"{DAY}5"),
            (1, "family_group_conference", "2010-06-05"),
            (5, "notification", "2008-06-05"),
        ],
        columns=["person_id", "event", "date"],
    )
    frames = {"people": people, "relationships": relationships, "events": events}
    for frame in frames.values():
        for name in frame.columns.intersection(["birth_date", "recorded_date", "date"]):
            frame[name] = pd.to_datetime(frame[name]).dt.date
    return frames | {"types": types}


def on(engine, frames) -> NetworkTables:
    return NetworkTables(
        **{name: register(engine, pa.Table.from_pandas(frame, preserve_index=False)) for name, frame in frames.items()}
    )


def frame_from(engine, frames, definitions, changed: dict[str, ModuleType] | None = None) -> pd.DataFrame:
    """Every notification, with some modules of the expression replaced."""
    changed = changed or {}
    patched = pytest.MonkeyPatch()
    try:
        for module in changed.values():
            for name, value in vars(module).items():
                if inspect.isfunction(value) and hasattr(study_tables, name):
                    patched.setattr(study_tables, name, value)
        return collect(notification_table(prepare(on(engine, frames), definitions), "ever_recorded"))
    finally:
        patched.undo()


def mutated(module: ModuleType, old: str, new: str) -> ModuleType:
    """A copy of a module with one piece of its code changed; that piece must occur once."""
    source = inspect.getsource(module)
    assert source.count(old) == 1, f"{old!r} stands {source.count(old)} times in {module.__name__}"
    copy = ModuleType(module.__name__)
    exec(compile(source.replace(old, new), module.__name__, "exec"), vars(copy))
    return copy


PREDICTORS, LINKS = analysis.network.predictors, analysis.network.links
MUTANTS = [
    (PREDICTORS, "before = pairs.day < pairs.date", "before = pairs.day <= pairs.date"),
    (PREDICTORS, "(pairs.day > pairs.date) &", "(pairs.day >= pairs.date) &"),
    (PREDICTORS, "(pairs.day <= pairs.date + ibis", "(pairs.day < pairs.date + ibis"),
    (PREDICTORS, "(pairs.day >= pairs.date - ibis", "(pairs.day > pairs.date - ibis"),
    (PREDICTORS, "interval(years=definitions.recent_years)", "interval(years=definitions.recent_years + 1)"),
    (PREDICTORS, "interval(years=definitions.window_years)", "interval(years=definitions.window_years - 1)"),
    (PREDICTORS, "member = met.since < met.date", "member = met.since <= met.date"),
    (PREDICTORS, "member & (met.grown_up > met.date)", "member & (met.grown_up >= met.date)"),
    (PREDICTORS, "child & (met.first_notification < met.date)", "member & (met.first_notification < met.date)"),
    (PREDICTORS, "child & (met.first_target < met.date)", "child & (met.first_target <= met.date)"),
    (PREDICTORS, "member & (met.first_abuse < met.date)", "member & (met.first_abuse <= met.date)"),
    (PREDICTORS, "dated.whole_years < definitions", "dated.whole_years <= definitions"),
    (PREDICTORS, 'date="date").distinct()', 'date="date")'),
    (PREDICTORS, "condition.ifelse(1, 0).max()", "condition.ifelse(1, 0).sum()"),
    (PREDICTORS, 'abusive.instigator == "person"', 'abusive.instigator == "nobody"'),
    (LINKS, "both.child_id != both.relative_id", "both.child_id != both.relative_id - 99"),
    (LINKS, "forward.union(backward)", "forward.union(forward)"),
    (LINKS, ".agg(since=pairs.since.min())", ".agg(since=pairs.since.max())"),
    (LINKS, 'select("person_id", "relative_id")).distinct()', 'select("person_id", "relative_id"))'),
]  # fmt: skip


@pytest.fixture(scope="module")
def expected(backend, edges, definitions) -> str:
    """The fingerprint of every notification of the few people, as the code stands."""
    return digest(frame_from(backend, edges, definitions))


@pytest.mark.parametrize("module, old, new", MUTANTS, ids=[old for _, old, _ in MUTANTS])
def test_every_boundary_of_the_expression_matters(backend, edges, definitions, expected, monkeypatch, module, old, new):
    copy = mutated(module, old, new)
    if module is LINKS:
        monkeypatch.setattr(study_tables, "links_of", copy.links_of)
        found = collect(notification_table(prepare(on(backend, edges), definitions), "ever_recorded"))
    else:
        found = frame_from(backend, edges, definitions, {"predictors": copy})
    assert digest(found) != expected


def test_the_order_of_the_rows_is_irrelevant(backend, edges, definitions, expected):
    shuffled = {name: frame.sample(frac=1, random_state=3) for name, frame in edges.items()}
    assert digest(frame_from(backend, shuffled, definitions)) == expected


def test_repeating_rows_of_relationships_and_events_changes_nothing(backend, edges, definitions, expected):
    doubled = edges | {name: pd.concat([edges[name]] * 2) for name in ("relationships", "events")}
    assert digest(frame_from(backend, doubled, definitions)) == expected
