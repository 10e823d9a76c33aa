"""Which documents are read about a case, and what is counted of them."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from scipy import sparse

from analysis.cohort import outcome_by_year
from analysis.disclosure import PAGE_TABLES
from analysis.leakage.masking import giveaway_variants, mask_giveaway_terms
from analysis.protocol import load_protocol
from analysis.text.documents import CaseDocuments, documents_before, documents_table
from analysis.text.language import linguistic_features, unfitted_text
from analysis.text.words import word_counts
from tests.cohort.cohort_worlds import checked

TEXT = load_protocol().text


def cases_of(*rows):
    schema = {"case_id": pl.Int64, "child_id": pl.String, "index_date": pl.Date}
    return pl.DataFrame([(number, *row) for number, row in enumerate(rows)], schema=schema, orient="row")


def documents(*rows):
    return checked([], [], documents=[(child, day, "referral", text) for child, day, text in rows])


ONE_CHILD = documents(
    ("child A", date(2016, 1, 1), "first"),
    ("child A", date(2016, 1, 24), "a week before"),
    ("child A", date(2016, 1, 31), "the day before"),
    ("child A", date(2016, 2, 1), "the day itself"),
    ("child B", date(2016, 1, 1), "another child"),
)


@pytest.mark.parametrize(
    ("lag_days", "texts"),
    [
        (0, "first\n\na week before\n\nthe day before"),  # before 1 Feb
        (1, "first\n\na week before"),  # before 31 Jan
        (7, "first\n\na week before"),  # before 25 Jan
        (8, "first"),  # before 24 Jan
        (31, ""),  # before 1 Jan
    ],
)
def test_documents_are_read_up_to_the_lag_before_the_index_date(lag_days, texts):
    found = documents_before(ONE_CHILD, cases_of(("child A", date(2016, 2, 1))), TEXT, lag_days=lag_days)
    assert found.texts == [texts]


def test_only_the_most_recent_documents_are_read():
    tables = documents(*(("child A", date(2016, 1, day), f"day {day}") for day in range(1, 10)))
    text = TEXT.model_copy(update={"documents_per_case": 2})
    found = documents_before(
        tables, cases_of(("child A", date(2016, 1, 6)), ("child B", date(2016, 1, 6))), text, lag_days=0
    )
    assert found.texts == ["day 4\n\nday 5", ""]
    assert found.available.tolist() == [5, 0]
    assert found.days_since_last[0] == 1 and np.isnan(found.days_since_last[1])


def test_a_document_of_two_cases_is_held_once():
    cases = cases_of(("child A", date(2016, 1, 2)), ("child A", date(2016, 1, 25)))
    found = documents_before(ONE_CHILD, cases, TEXT, lag_days=0)
    assert found.documents["text"].to_list() == ["first", "a week before"]
    assert found.texts == ["first", "first\n\na week before"]


def test_the_documents_table_counts_documents_once_and_cases_each():
    cases = cases_of(("child A", date(2016, 1, 2)), ("child A", date(2016, 1, 25)))
    table = documents_table(documents_before(ONE_CHILD, cases, TEXT, lag_days=0))
    assert tuple(table.columns) == PAGE_TABLES["documents"].column_names
    assert table.set_index("kind").loc["referral"].tolist() == [2, 2]
    assert table["documents"].sum() == 2


def test_masked_documents_keep_their_cases():
    tables = documents(
        ("child A", date(2016, 1, 1), "A Child Protection Plan and a section 20 agreement; adopted since.")
    )
    found = documents_before(tables, cases_of(("child A", date(2016, 2, 1))), TEXT, lag_days=0)
    masked = found.rewritten(mask_giveaway_terms)
    assert masked.texts[0].split() == ["A", "and", "a", "agreement;", "since."]
    assert found.texts[0].startswith("A Child Protection Plan")


def test_the_give_away_audit_reads_what_is_registered_masked_and_earlier():
    variants = giveaway_variants(ONE_CHILD, cases_of(("child A", date(2016, 2, 1))), TEXT)
    assert {key: found.texts for key, found in variants.items()} == {
        ("as_registered", 0): ["first\n\na week before\n\nthe day before"],
        ("terms_masked", 0): ["first\n\na week before\n\nthe day before"],
        ("lag", 7): ["first\n\na week before"],
        ("lag", 30): ["first"],  # before 2 January
    }


def test_without_documents_every_feature_is_that_of_an_empty_text():
    tables = checked([], [])
    found = documents_before(tables, cases_of(("child A", date(2016, 2, 1))), TEXT, lag_days=0)
    values, names = unfitted_text(found)
    expected = np.where([name == "days since last document" for name in names], 3650, 0)
    assert values.tolist() == [expected.tolist()]
    assert word_counts(found).counts.shape == (1, 0)


def test_language_is_counted_by_hand():
    """Sentences of 4 and 5 words; 7 different ones, since "need" and "help" come twice; "may" and "not" once each."""
    values, names = linguistic_features(["Mother may need help. [name] does not need help today."])
    found = dict(zip(names, values[0].tolist(), strict=True))
    assert found["words"] == 4 + 5
    assert found["sentences"] == 2
    assert found["words per sentence"] == (4 + 5) / 2
    assert found["variety of words"] == pytest.approx(7 / 9**0.5)
    assert found["hedging per 100 words"] == found["negation per 100 words"] == pytest.approx(100 / 9)
    assert found["redactions per 100 words"] == pytest.approx(100 / 9)


def test_mentions_in_two_documents_are_summed_and_a_vulnerability_counts_once():
    tables = documents(("child A", date(2016, 1, 1), "Neglect."), ("child A", date(2016, 1, 2), "Neglect. No gangs."))
    values, names = unfitted_text(documents_before(tables, cases_of(("child A", date(2016, 2, 1))), TEXT, lag_days=0))
    found = dict(zip(names, values[0].tolist(), strict=True))
    assert found["neglect (child)"] == 1
    assert found["gangs (child)"] == 0
    assert (found["current mentions"], found["negated mentions"], found["documents read"]) == (1 + 1, 1, 2)


def test_outcomes_by_year_of_the_index_date():
    days = [date(2015, 12, 31), date(2016, 1, 1), date(2016, 12, 31)]
    table = outcome_by_year(pl.DataFrame({"index_date": days, "outcome": [True, False, True]}))
    assert tuple(table.columns) == PAGE_TABLES["outcome_by_year"].column_names
    assert table.values.tolist() == [[2015, 1, 1, 1.0], [2016, 2, 1, 0.5]]


def test_a_text_read_before_among_others_is_read_alike():
    texts = [f"Mother denied neglect {number} times. He may be at risk." for number in range(6)]
    alone = [unfitted_text(_one_each([text]))[0] for text in texts[::-1]][::-1]
    assert np.array_equal(unfitted_text(_one_each([*texts, texts[0]]))[0], np.vstack([*alone, alone[0]]))


def _one_each(texts: list[str]) -> CaseDocuments:
    """One document for each case."""
    return CaseDocuments(
        documents=pl.DataFrame({"kind": ["referral"] * len(texts), "text": texts}),
        link=sparse.eye(len(texts), dtype=bool, format="csr"),
        available=np.ones(len(texts), int),
        days_since_last=np.ones(len(texts)),
    )
