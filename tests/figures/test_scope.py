"""Every count of models in a chapter says whose they are: authorities that leak are in some counts and not others."""

import re

import numpy as np
import pytest
from recounting import WORDS
from recounts import RECOUNTS
from shown import chapters, shown_by

from analysis.disclosure import combine

KINDS = "model comparison prediction slope half-year pair result".split() + ["learning curve", "average precision"]
COUNT = re.compile(rf"\b(?:of|over|in|the) (?:{'|'.join(WORDS)}|\d[\d,]*) (?:{'|'.join(KINDS)})s?\b", re.IGNORECASE)
NAMED = re.compile(r"\bLA\d\b")
NAMES_EACH = {
    "comparison.read_timeline": "all the predictions of the protocol, each by name",
    "front.read_front": "the models beside it on the first page, whose note says who is left out",
    "planted_causes.read_planted_causes": "invented worlds, not the models of a run",
    "poll_uses.read_uses": "stands below the count of the same models, which says whose they are",
    "supplied_scores.read_accuracy": "a tool, for the predictions that the page's first sentence names",
    "supplied_scores.read_scores_compared": "a tool, for the predictions that the page's first sentence names",
}
"""Sentences of chapters that count and name no authority, and why a reader still knows what is counted."""
IN_CHAPTERS = sorted({name for page in chapters() for name in shown_by(page)} & set(RECOUNTS))


def said_of_several(name: str) -> tuple[str, set[str]]:
    """A chapter's sentence on a table of several authorities, and those that count."""
    recount, random = RECOUNTS.get(f"{name} of several", RECOUNTS[name]), np.random.default_rng(0)
    table = recount.table(random)
    if not {"authority", "authorities"} & set(table.frame) and "design" in table.frame:
        table = combine({("LA2", "P3"): table, ("LA4", "P8"): recount.table(random)})
    frame = table.frame
    if "authorities" in frame:
        return recount.say(table), set("; ".join(frame["authorities"]).split("; "))
    counted = frame[frame["in_verdict"].eq("yes")] if "in_verdict" in frame else frame
    return recount.say(table), set(NAMED.findall(" ".join(map(str, counted.get("authority", ())))))


@pytest.mark.parametrize("name", [name for name in IN_CHAPTERS if name not in NAMES_EACH])
def test_a_chapter_that_counts_models_says_whose_they_are(name):
    said, authorities = said_of_several(name)
    if COUNT.search(said) and authorities:
        assert set(NAMED.findall(said)) == authorities, said


def test_each_exception_is_shown_in_a_chapter_and_counts():
    for name in NAMES_EACH:
        assert name in IN_CHAPTERS and COUNT.search(said_of_several(name)[0]), name


def test_a_count_without_its_authorities_is_found():
    assert COUNT.search("Six of 24 models pass.") and COUNT.search("in the mean over two predictions")
    assert not NAMED.search("Six of 24 models pass.")
