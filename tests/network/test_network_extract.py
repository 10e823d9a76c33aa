"""An owner's tables are read in any of their forms, and what is wrong with them is said without showing them."""

import shutil

import pandas as pd
import pytest

from analysis.errors import TableError
from analysis.extract.network_tables import read_network_tables, read_types
from analysis.network.tables import collect, notification_table, prepare
from data_synthetic.network import write_world
from data_synthetic.network.write import TYPES_FILE

SECRET = "person-4711"


@pytest.fixture
def folder(tmp_path):
    """Three children of one mother, as CSV with days as people write them."""
    shutil.copy(TYPES_FILE, tmp_path)
    people = pd.DataFrame(
        {
            "person_id": ["a1", "a2", "a3", "m"],
            "birth_date": ["01/02/2000", "2002-03-04", "05/06/2004", ""],
            "gender": ["female", "male", "", "female"],
            "ethnicity": ["Māori", "Pacific", "Māori", "Māori"],
        }
    )
    relationships = pd.DataFrame(
        {
            "person_id": ["m", "m", "a1"],
            "relative_id": ["a1", "a2", "a2"],
            "relationship_type": ["mother of", "mother of", "sibling of"],
            "recorded_date": ["01/01/2008"] * 3,
        }
    )
    events = pd.DataFrame(
        {
            "person_id": ["a1", "a1", "a2", "a2"],
            "event": ["notification", "substantiated_finding", "notification", "referral"],
            "date": ["2007-05-01", "2007-06-01", "2009-01-01", "2010-01-01"],
        }
    )
    for name, frame in (("people", people), ("relationships", relationships), ("events", events)):
        frame.to_csv(tmp_path / f"{name}.csv", index=False)
    return tmp_path


def notifications(folder, backend, definitions):
    tables = read_network_tables(folder, backend, definitions)
    return collect(notification_table(prepare(tables, definitions), "ever_recorded"))


def test_a_world_reads_back_as_it_was_drawn(tmp_path, world, backend, definitions, small_frame):
    write_world(world, tmp_path)
    tables = read_network_tables(tmp_path, backend, definitions)
    frame = collect(notification_table(prepare(tables, definitions), "ever_recorded"))
    pd.testing.assert_frame_equal(frame, small_frame, check_categorical=False)


def test_identifiers_may_be_words_and_days_may_be_british(folder, backend, definitions):
    tables = read_network_tables(folder, backend, definitions)
    frame = collect(notification_table(prepare(tables, definitions), "ever_recorded"))
    # a1 (the second-shortest identifier, after m) is notified on 1 May 2007 and found a month later: concern.
    # a2 is notified on 1 January 2009, with a sibling notified and found before, and referred within two years.
    assert frame["concern"].tolist() == [1, 1]
    assert frame["nWithTargetW"].tolist() == [0, 1]
    assert frame["nNeighsR"].tolist() == [0, 2]
    assert frame["family_id"].nunique() == 1


def change(folder, name, edit):
    frame = pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)
    edit(frame).to_csv(folder / f"{name}.csv", index=False)


def put(column, row, value):
    return lambda frame: frame.assign(**{column: [*frame[column][:row], value, *frame[column][row + 1 :]]})


@pytest.mark.parametrize("separator", [";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig"])
def test_a_table_saved_in_another_way_is_the_same_table(folder, backend, definitions, separator, encoding):
    expected = notifications(folder, backend, definitions)
    for name in ("people", "events", "relationship_types"):
        text = pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)
        (folder / f"{name}.csv").unlink()
        to = folder / ("relationship_types.csv" if name == "relationship_types" else f"{name.title()}.TXT")
        text.to_csv(to, index=False, sep=separator, encoding=encoding)
    pd.testing.assert_frame_equal(notifications(folder, backend, definitions), expected)


def test_a_table_saved_as_ansi_is_read(folder, backend, definitions):
    people = (folder / "people.csv").read_text(encoding="utf-8").replace("Māori", "Maöri")
    (folder / "people.csv").write_bytes(people.encode("cp1252"))
    assert "Maöri" in set(read_network_tables(folder, backend, definitions).people.to_pandas()["ethnicity"])


@pytest.mark.parametrize(
    "name, edit, message",
    [
        ("people", put("birth_date", 0, SECRET), "'birth_date': 1 of 4 cells cannot be read as days"),
        ("people", put("birth_date", 0, "31/02/2000"), "'birth_date': 1 of 4 cells cannot be read as days"),
        ("people", put("person_id", 1, "a1"), "1 rows repeat a 'person_id'"),
        ("events", put("person_id", 0, SECRET), "1 rows name a person who is not in people.csv"),
        ("events", put("date", 0, ""), "'date': 1 of 4 cells are empty"),
        ("events", lambda frame: frame.assign(event="visit"), "no event is a notification (notification)"),
        ("events", lambda frame: frame.drop(columns="event"), "column 'event' is missing; add it"),
        (
            "relationships",
            put("relationship_type", 0, SECRET),
            "1 types are not in the table of types; put a relationship_types.csv beside it",
        ),
        ("relationships", lambda frame: frame[:0], "relationships.csv: it has no rows"),
    ],
)
def test_each_mistake_is_named_without_its_value(folder, backend, definitions, name, edit, message):
    change(folder, name, edit)
    with pytest.raises(TableError) as error:
        read_network_tables(folder, backend, definitions)
    assert message in str(error.value)
    assert SECRET not in str(error.value)


def test_every_problem_is_told_at_once(folder, backend, definitions):
    change(folder, "people", put("birth_date", 0, "soon"))
    change(folder, "events", put("date", 0, "late"))
    with pytest.raises(TableError) as error:
        read_network_tables(folder, backend, definitions)
    assert len(error.value.problems) == 2


def test_a_missing_table_is_asked_for(folder, backend, definitions):
    (folder / "events.csv").unlink()
    with pytest.raises(TableError, match="no events.parquet or events.csv"):
        read_network_tables(folder, backend, definitions)


def test_without_a_table_of_types_the_usual_ones_stand(folder, backend, definitions):
    (folder / TYPES_FILE.name).unlink()
    tables = read_network_tables(folder, backend, definitions, usual_types=TYPES_FILE)
    assert tables.types.count().to_pyarrow().as_py() == 134
    with pytest.raises(TableError, match="no such file"):
        read_network_tables(folder, backend, definitions)


def test_an_owners_table_of_types_is_believed(folder, backend, definitions):
    """Here mothers are not family by birth, so a2 and a1 are related as siblings alone."""
    types = pd.read_csv(TYPES_FILE, dtype=str, keep_default_na=False)
    types.loc[types["class"] == "mother", "whole_life"] = "no"
    types.to_csv(folder / TYPES_FILE.name, index=False)
    tables = read_network_tables(folder, backend, definitions, usual_types=TYPES_FILE)
    assert tables.links("ever_recorded").count().to_pyarrow().as_py() == 2


def test_the_table_of_types_is_checked(folder):
    file = folder / TYPES_FILE.name
    file.write_text("relationship_type,class,whole_life,instigator\nmother of,mother,maybe,\nmother of,mother,yes,\n")
    with pytest.raises(TableError) as error:
        read_types(file)
    assert "1 types stand there twice" in str(error.value)
    assert "'whole_life': expected yes, no, found 'maybe'" in str(error.value)


def test_the_table_of_types_has_134_types():
    assert len(read_types(TYPES_FILE)) == 134
