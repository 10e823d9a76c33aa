"""Rows sorted in parts, as whole numbers, are the rows of one frame sorted whole."""

from datetime import date

import numpy as np
import polars as pl
import pytest

import data_synthetic.network.rows
from data_synthetic.network import World, write_world
from data_synthetic.network.rows import Rows
from data_synthetic.network.write import TABLES

WORDS = ("mother of", "aunt of", "Friend of")  # in another order than the alphabet's


@pytest.fixture
def rows():
    random = np.random.default_rng(1)
    columns = {
        "person_id": random.integers(1, 40, 5_000).astype(np.int32),
        "kind": random.integers(0, 3, 5_000).astype(np.int8),
        "date": random.integers(-900, 900, 5_000).astype(np.int32),
    }
    return Rows(columns, ("date", "person_id", "kind"), days=("date",), words={"kind": WORDS})


@pytest.fixture
def expected(rows):
    """As polars sorts words and days."""
    columns = {
        "person_id": rows.columns["person_id"].astype(np.int64),
        "kind": [WORDS[code] for code in rows.columns["kind"]],
        "date": rows.columns["date"],
    }
    return pl.DataFrame(columns).with_columns(pl.col("date").cast(pl.Date)).sort("date", "person_id", "kind")


def test_in_one_part(rows, expected):
    assert rows.frame().equals(expected)
    assert rows.schema == expected.schema == {"person_id": pl.Int64, "kind": pl.String, "date": pl.Date}


@pytest.mark.parametrize("limit, value", [("ROWS_SORTED_AT_ONCE", 400), ("_LARGEST_KEY", 39 * 3 * 100)])
def test_in_many_parts(rows, expected, monkeypatch, limit, value):
    """Because there are many rows, or because a key of a part's columns would not fit into a number."""
    monkeypatch.setattr(data_synthetic.network.rows, limit, value)
    assert len(list(rows.parts())) > 5
    assert rows.frame().equals(expected)


def test_a_table_is_written_in_equal_groups(rows, expected, monkeypatch, tmp_path):
    for limit, value in (("ROWS_SORTED_AT_ONCE", 400), ("ROW_GROUP", 700)):
        monkeypatch.setattr(data_synthetic.network.rows, limit, value)
    assert [group.height for group in rows.row_groups()] == [715] * 2 + [714] * 5
    write_world(World(dict.fromkeys(TABLES, rows)), tmp_path)
    assert pl.read_parquet(tmp_path / "events.parquet").equals(expected)


def test_a_table_without_rows(tmp_path):
    none = Rows({"person_id": np.zeros(0, int), "date": np.zeros(0, int)}, ("date", "person_id"), days=("date",))
    write_world(World(dict.fromkeys(TABLES, none)), tmp_path)
    assert pl.read_parquet(tmp_path / "events.parquet").equals(
        pl.DataFrame({"person_id": [0], "date": [date(1970, 1, 1)]})[:0]
    )
