"""Invented people, schools, streets and towns in many texts are not in what the texts are shown as."""

import numpy as np
import polars as pl
import pytest
from scipy import sparse

from analysis.protocol import load_protocol
from analysis.text.documents import CaseDocuments
from analysis.text.language import unfitted_text
from analysis.text.published_words import may_be_shown
from analysis.text.redact import redact
from analysis.text.tables import topic_table, vulnerability_table
from analysis.text.words import TextFeatures, word_counts
from data_synthetic.england import labelled_text
from tests.privacy.planted_names import plant, planted_names

PLANTED = planted_names(500, seed=3)


@pytest.fixture(scope="module")
def texts():
    return plant([document.text for document in labelled_text(400, seed=5)], PLANTED, seed=7)


def shown(texts):
    """Every word in the topics and vulnerabilities of these texts, each of a family of its own."""
    count = len(texts)
    documents = CaseDocuments(
        pl.DataFrame({"kind": ["referral"] * count, "text": texts}),
        sparse.eye(count, dtype=bool, format="csr"),
        np.ones(count, int),
        np.ones(count),
    )
    cases = pl.DataFrame(
        {"family_id": [f"family {i}" for i in range(count)], "outcome": [i % 5 == 0 for i in range(count)]}
    )
    text = load_protocol().text.model_copy(update={"words": 2000, "topics": 20})
    fitted = TextFeatures(word_counts(documents), text, seed=1).fit(np.arange(count))
    tables = (
        topic_table(fitted, cases, families_per_term=5),
        vulnerability_table(*unfitted_text(documents), cases, families_per_term=5),
    )
    return " ".join(table.to_csv() for table in tables).lower()


def in_print(printed):
    return [word for _, word in PLANTED if word.lower() in printed]


def test_no_planted_name_is_shown_even_where_redaction_is_left_out(texts):
    """The allow-list alone holds: the texts are not redacted."""
    printed = shown(texts)
    assert in_print(printed) == [] and "clean" in printed


def test_no_planted_name_is_shown_of_redacted_texts(texts):
    printed = shown(redact(texts, []))
    assert in_print(printed) == [] and "support" in printed


def test_planted_names_would_be_topic_words_without_the_allow_list(texts, monkeypatch):
    monkeypatch.setattr("analysis.text.tables.may_be_shown", lambda terms, written_as_names: np.ones(len(terms), bool))
    assert in_print(shown(texts))


def test_redaction_removes_nearly_all_planted_names(texts):
    redacted = " ".join(redact(texts, [])).lower()
    left = [word for _, word in PLANTED if word.lower() in redacted]
    assert len(left) <= 0.02 * len(PLANTED)


def test_a_general_word_written_as_a_name_and_redactions_own_words_are_not_shown():
    terms = np.array(["garden", "school", "name", "date", "place", "brook", "high school", "school fellgate"])
    assert may_be_shown(terms, frozenset({"garden"})).tolist() == [False, True, False, False, False, False, True, False]
    assert may_be_shown(np.array(["garden"])).all()
