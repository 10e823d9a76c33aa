"""An authority that changes its list of predictions gets its book: as many councils, the same command."""

import re

import pytest

from benchmarks.own_lists import VARIATIONS, make_book

pytestmark = pytest.mark.slow
OTHERS = [name for name in VARIATIONS if name != "added"]  # as the guide has it: see `test_own_questions`


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> dict:
    """The book of each variation; the family networks, which no list changes, are studied once."""
    folder, books = tmp_path_factory.mktemp("lists"), {}
    for name in OTHERS:
        books[name] = make_book(name, folder / name, folder / next(iter(books)) / "build" if books else None)
    return books


@pytest.mark.parametrize("name", OTHERS)
def test_every_list_of_predictions_runs_to_a_book(made, name):
    """`make_book` fails if the command does, or if a prediction has no page that names its council."""
    first = (made[name] / "notebooks" / "findings.html").read_text(encoding="utf-8")
    assert "Does machine learning work" in first and "Anyborough" in first
    assert not re.search(r"\bLA[1-4]\b", first)
