"""Family networks of somebody's own: remembered like any release, and labelled by declared words only."""

import pandas as pd
import pyarrow as pa
import pytest

from analysis.disclosure import read_released, release_all
from analysis.disclosure.ledger import ledger_folder, ledgers_folder, read_ledger
from analysis.network.catalogue import NETWORK_TABLES
from analysis.network.categories import DECLARED, OTHER, fold_categories
from analysis.protocol import load_protocol
from analysis.workflow.network_study import STUDY, _write_account, release_networks

PROTOCOL = load_protocol()
RULES, DFE = PROTOCOL.disclosure, PROTOCOL.disclosure.presets["dfe"]


def table(name, *rows):
    empty = {column.name: None for column in NETWORK_TABLES[name].columns}
    return pd.DataFrame([empty | row for row in rows])


def frames(more=0):
    """Three samples and their flow; `more` notifications more, all of them subsequent ones."""
    sizes = {"all": (1000 + more, 120), "first": (400, 40), "subsequent": (600 + more, 80)}
    groups = {"female": 480 + more, "male": 520}
    return {
        "network_flow": table(
            "network_flow",
            {"step": "notifications in the data", "removed": 0, "remaining": 1100 + more},
            {"step": "in the years studied", "removed": 100, "remaining": 1000 + more},
        ),
        "network_samples": table(
            "network_samples",
            *({"sample": s, "notifications": n, "high_concern": h, "children": 300, "families": 200}
              for s, (n, h) in sizes.items()),
        ),
        "network_error_rates": table(
            "network_error_rates",
            *({"sample": "all", "characteristic": "gender", "subgroup": name, "notifications": n}
              for name, n in groups.items()),
        ),
    }  # fmt: skip


def counts(folder):
    """Every printed count by table, labels and column, read from the files as anybody could."""
    printed = {}
    for name in frames():
        keys = [column.name for column in NETWORK_TABLES[name].named("key")]
        for row in pd.read_csv(folder / f"{name}.csv").to_dict("records"):
            labels = tuple(row[key] for key in keys)
            printed |= {(name, labels, c.name): row[c.name] for c in NETWORK_TABLES[name].named("count")}
    return pd.Series(printed, dtype=float)


def moved_a_little(first, second) -> int:
    return int((first - second).abs().between(1, DFE.threshold).sum())


def test_one_notification_more_is_not_told_by_any_later_release(tmp_path):
    released = tmp_path / "networks" / "own" / "released"
    seen = []
    for more in (0, 1, 1, 30, 2):
        release_networks(frames(more), PROTOCOL, released, synthetic=False)
        seen.append(counts(released))
    naive = release_all(frames(1), NETWORK_TABLES, preset="dfe", rules=RULES)
    assert (naive["network_samples"].frame["notifications"] == [1001, 400, 601]).all()
    assert [moved_a_little(a, b) for a in seen for b in seen] == [0] * 25
    assert seen[1].equals(seen[2])
    assert seen[0].equals(seen[1]) and seen[0].equals(seen[4])  # so few changed that the first release stands
    assert len(read_ledger(ledger_folder("networks", "own"), NETWORK_TABLES).entries) == 2


def test_what_was_released_of_networks_before_there_was_a_ledger_counts(tmp_path):
    released = tmp_path / "networks" / "own" / "released"
    release_networks(frames(), PROTOCOL, released, synthetic=False)
    before = counts(released)
    ledgers_folder().rename(tmp_path / "lost")
    release_networks(frames(1), PROTOCOL, released, synthetic=False)
    assert moved_a_little(before, counts(released)) == 0
    entries = read_ledger(ledger_folder("networks", "own"), NETWORK_TABLES).entries
    assert [entry.page for entry in entries] == [STUDY, STUDY]


def test_a_synthetic_world_is_released_as_it_is_and_leaves_no_ledger(tmp_path):
    released = tmp_path / "networks" / "small" / "released"
    release_networks(frames(1), PROTOCOL, released, synthetic=True)
    assert {table.preset for table in read_released(released, NETWORK_TABLES).values()} == {"synthetic"}
    assert counts(released)["network_samples", ("all",), "notifications"] == 1001 and not ledgers_folder().exists()


@pytest.fixture
def typed(world, tables_of):
    """The small world with words typed where none belong."""
    people = world.people.to_arrow().slice(0, 6).to_pydict()
    people |= {
        "gender": ["female", "Male", "x", None, "FEMALE", "see file"],
        "ethnicity": ["Pitcairn (see Quarmby file)", " māori", "White", "not stated", "", "<img src=x>"],
    }
    empty = (world.relationships.to_arrow().slice(0, 0), world.events.to_arrow().slice(0, 0))
    return tables_of(pa.table(people), *empty)


def test_only_declared_words_become_labels(typed):
    tables, folded = fold_categories(typed)
    people = tables.people.to_pyarrow().to_pandas().sort_values("person_id")
    assert list(people["gender"]) == ["female", "male", OTHER, OTHER, "female", OTHER]
    assert list(people["ethnicity"]) == [OTHER, "Māori", "White", OTHER, OTHER, OTHER]
    assert folded == {"gender": 3, "ethnicity": 4}
    assert set(people["ethnicity"]) <= {*DECLARED["ethnicity"], OTHER}


def test_the_account_counts_what_was_folded_and_quotes_nothing(typed, tmp_path):
    _write_account(fold_categories(typed)[1], tmp_path)
    text = (tmp_path / "child_level" / "account.txt").read_text(encoding="utf-8")
    assert text == f"gender: 3 people are counted as {OTHER!r}\nethnicity: 4 people are counted as {OTHER!r}\n"


def test_somebodys_own_networks_are_released_by_the_rules_for_own_data(tmp_path):
    small = frames()
    small["network_error_rates"].loc[1, "notifications"] = 3
    released = tmp_path / "networks" / "own" / "released"
    release_networks(small, PROTOCOL, released, synthetic=False)
    assert {table.preset for table in read_released(released, NETWORK_TABLES).values()} == {RULES.own_data}
    assert pd.isna(counts(released)["network_error_rates", ("all", "gender", "male"), "notifications"])
