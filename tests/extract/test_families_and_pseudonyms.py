"""Families joined where they share a child; identifiers hashed so that nobody can go back without the secret."""

from datetime import date

import polars as pl
import pytest
from extract_worlds import contacts, read, write_csv, write_workbook
from hypothesis import given
from hypothesis import strategies as st

from analysis.extract.families import LARGEST_FAMILY, families_of
from analysis.extract.pseudonymise import pseudonyms
from analysis.extract.report import ReportBuilder


def links(*pairs) -> pl.DataFrame:
    return pl.DataFrame(pairs, schema={"child_id": pl.String, "family_id": pl.String}, orient="row")


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([("a", "1"), ("b", "1"), ("c", "2")], {"a": "1", "b": "1", "c": "2"}),
        ([("a", "1"), ("a", "2"), ("b", "2")], {"a": "1", "b": "1"}),  # a child in two families joins them
        (
            [("a", "1"), ("b", "1"), ("b", "2"), ("c", "2"), ("c", "3"), ("a", "3")],
            {"a": "1", "b": "1", "c": "1"},
        ),  # a circle
        ([("a", "1"), ("a", "1")], {"a": "1"}),
        ([("a", None), (None, "1")], {}),
    ],
)
def test_families(pairs, expected):
    assert dict(families_of(links(*pairs), ReportBuilder(), "families").rows()) == expected


def test_a_family_too_large_to_be_one_is_a_placeholder():
    notes = ReportBuilder()
    crowd = [(f"c{i}", "unknown") for i in range(LARGEST_FAMILY + 1)]
    assert dict(families_of(links(*crowd, ("a", "1")), notes, "families.csv").rows()) == {"a": "1"}
    assert "1 family of more than 40 children" in str(notes.problems[0])


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("123456")), max_size=12))
def test_children_who_share_a_family_are_always_together(pairs):
    family = dict(families_of(links(*pairs), ReportBuilder(), "families").rows())
    assert set(family) == {child for child, _ in pairs}
    for child, one in pairs:
        for other, another in pairs:
            if one == another:
                assert family[child] == family[other]


def test_siblings_share_a_family_and_the_rest_are_alone(tmp_path):
    day = date(2018, 1, 2)
    write_workbook(tmp_path / "annex_a/1.xlsx", {"L": contacts(*[(child, day, "6") for child in ("A1", "A2", "A3")])})
    write_csv(tmp_path / "families.csv", [["child_id", "family_id"], ["A1", "F1"], ["A2", "F1"]])
    tables, report = read(tmp_path)
    assert tables.families_known and tables.children["family_id"].n_unique() == 2
    assert "1 child in no family" in report.text()


def test_a_pseudonym_is_sixteen_hexadecimal_digits_and_repeats():
    hashed = pseudonyms(pl.Series(["1", "2", "1", None]), secret=b"s" * 16, kind="child")
    assert hashed.str.contains("^[0-9a-f]{16}$").drop_nulls().all()
    assert hashed[0] == hashed[2] != hashed[1] and hashed[3] is None


def test_the_same_identifier_of_a_child_and_of_a_family_differ():
    one, two = (pseudonyms(pl.Series(["1"]), secret=b"s" * 16, kind=kind)[0] for kind in ("child", "family"))
    assert one != two


@given(st.lists(st.text(max_size=8), unique=True, max_size=30))
def test_different_identifiers_have_different_pseudonyms(identifiers):
    hashed = pseudonyms(pl.Series(identifiers, dtype=pl.String), secret=b"s" * 16, kind="child")
    assert hashed.n_unique() == len(identifiers)
