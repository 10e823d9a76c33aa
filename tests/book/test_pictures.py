"""The words in the pictures of the built book: plain names, never those of columns, designs or predictors."""

import re
import xml.etree.ElementTree as ElementTree

import pytest

from analysis.book.sentences.labels import NETWORK_PREDICTORS

pytestmark = pytest.mark.slow

CODE = re.compile(rf"\w_\w|\b({'|'.join(set(NETWORK_PREDICTORS) - {'Age'})})\b")
BARE = re.compile(r"P\d+( · LA\d+)?(,.*)?")


def words_in(svg: str) -> list[str]:
    """Each text of a picture, its lines joined."""
    groups = (group for group in ElementTree.fromstring(svg).iterfind(".//{*}g") if group.find("{*}text") is not None)
    return [" ".join(" ".join(group.itertext()).split()) for group in groups]


def coded(words: list[str]) -> list[str]:
    """Those that are a name of the data, or a prediction's number and no more."""
    return [text for text in words if CODE.search(text) or BARE.fullmatch(text.strip())]


def test_no_picture_names_anything_by_code(book):
    pictures = sorted(book.rglob("*-light.svg"))
    found = {path.name: hits for path in pictures if (hits := coded(words_in(path.read_text("utf-8"))))}
    assert pictures and found == {}


@pytest.mark.parametrize(
    "word", ["nWithNotesW", "first: nNotes, nTargets", "P1 · LA1", "P3, earlier cases", "average_precision"]
)
def test_a_code_is_seen(word):
    assert coded([word]) == [word]


@pytest.mark.parametrize("word", ["P1 Escalation after contact", "notified children (whole-life)", "average precision"])
def test_a_plain_name_is_let_pass(word):
    assert coded([word]) == []
