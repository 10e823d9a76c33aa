"""Words and topics are learned from the rows of a fold and from nothing else."""

import joblib
import numpy as np
import polars as pl
import pytest
from scipy import sparse
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfVectorizer

from analysis.disclosure import PAGE_TABLES
from analysis.protocol import load_protocol
from analysis.text.documents import CaseDocuments
from analysis.text.tables import topic_table, vulnerability_table
from analysis.text.words import TextFeatures, word_counts

TEXT = load_protocol().text.model_copy(update={"words": 30, "topics": 3})
WORDS = {
    "school": "attendance teacher lessons exclusion homework".split(),
    "home": "kitchen bedroom mould landlord carpet".split(),
    "health": "hospital nurse asthma weight immunisations".split(),
}


def as_documents(texts):
    """One document for each case."""
    return CaseDocuments(
        documents=pl.DataFrame({"kind": ["referral"] * len(texts), "text": texts}),
        link=sparse.eye(len(texts), dtype=bool, format="csr"),
        available=np.ones(len(texts), int),
        days_since_last=np.ones(len(texts)),
    )


def invented_texts(n=300, seed=0):
    """Each text speaks mostly of one of three subjects."""
    random = np.random.default_rng(seed)
    subjects = random.choice(list(WORDS), n)
    pool = [word for words in WORDS.values() for word in words]
    texts = [" ".join([*random.choice(WORDS[s], 8), *random.choice(pool, 2), "the [name]"]) for s in subjects]
    return subjects, texts


def test_words_weigh_what_scikit_learn_says():
    _, texts = invented_texts()
    rows = np.arange(200)
    counts = word_counts(as_documents(texts))
    fitted = TextFeatures(counts, TEXT, seed=1).fit(rows)
    reference = TfidfVectorizer(vocabulary=list(counts.words[fitted.chosen]), stop_words=list(ENGLISH_STOP_WORDS))
    reference.fit([texts[row] for row in rows])
    expected = reference.transform(texts).toarray()
    assert np.allclose(fitted.words(np.arange(len(texts))).toarray(), expected, atol=1e-6)


def test_what_is_redacted_and_common_english_are_no_words():
    counts = word_counts(as_documents(["The [name] and [NHS number] attended; attended well-fed, it's 12."]))
    assert counts.words.tolist() == ["attended", "fed"]
    assert counts.counts.toarray().tolist() == [[2, 1]]


def test_texts_outside_the_training_rows_change_nothing_that_is_learned():
    _, texts = invented_texts()
    rows = np.arange(200)
    other = texts[:200] + ["zebra giraffe elephant kitchen kitchen"] * 100
    one = TextFeatures(word_counts(as_documents(texts)), TEXT, seed=1).fit(rows)
    two = TextFeatures(word_counts(as_documents(other)), TEXT, seed=1).fit(rows)
    assert one.names == two.names and "word: zebra" not in two.names
    assert np.array_equal(one.weights, two.weights)
    assert np.array_equal(one.topics.components_, two.topics.components_)
    assert np.array_equal(one.transform(rows).toarray(), two.transform(rows).toarray())


def test_planted_subjects_come_back_as_topics():
    _subjects, texts = invented_texts()
    fitted = TextFeatures(word_counts(as_documents(texts)), TEXT, seed=1).fit(np.arange(300))
    words = fitted.counts.words[fitted.chosen]
    found = {frozenset(words[np.argsort(-topic)[:5]]) for topic in fitted.topics.components_}
    assert found == {frozenset(words) for words in WORDS.values()}


def test_the_same_seed_gives_the_same_features():
    _, texts = invented_texts()
    counts = word_counts(as_documents(texts))
    one, two = (TextFeatures(counts, TEXT, seed=5).fit_transform(np.arange(100)) for _ in range(2))
    assert one.dtype == np.float32 and (one != two).nnz == 0


def test_without_words_there_are_no_features():
    features = TextFeatures(word_counts(as_documents([""] * 20)), TEXT, seed=1)
    fitted = features.fit(np.arange(10))
    assert fitted.names == [] and fitted.transform(np.arange(20)).shape == (20, 0)
    cases = pl.DataFrame({"family_id": ["f"] * 20, "outcome": [True, False] * 10})
    assert topic_table(fitted, cases, families_per_term=1).empty


@pytest.fixture
def topics():
    """Texts on school tell the outcome; all cases on home belong to four families, the others to one each."""
    subjects, texts = invented_texts()
    families = [f"home {i % 4}" if s == "home" else f"family {i}" for i, s in enumerate(subjects)]
    cases = pl.DataFrame({"family_id": families, "outcome": subjects == "school"})
    return TextFeatures(word_counts(as_documents(texts)), TEXT, seed=1).fit(np.arange(300)), cases


def test_the_topic_that_tells_the_outcome_is_shown_with_its_words(topics):
    table = topic_table(*topics, families_per_term=5)
    assert tuple(table.columns) == PAGE_TABLES["topics"].column_names
    best = table.sort_values("auc").iloc[-1]
    assert set(best["terms"].split(", ")[:5]) == set(WORDS["school"])
    assert best["auc"] > 0.9


def test_terms_and_topics_of_too_few_families_are_not_shown():
    """Ten cases of one family speak of a lighthouse; no other case does."""
    _, texts = invented_texts()
    texts = [f"{text} lighthouse lighthouse lighthouse" if i < 10 else text for i, text in enumerate(texts)]
    families = ["one" if i < 10 else f"family {i}" for i in range(300)]
    cases = pl.DataFrame({"family_id": families, "outcome": [i % 7 == 0 for i in range(300)]})
    fitted = TextFeatures(word_counts(as_documents(texts)), TEXT, seed=1).fit(np.arange(300))
    assert "lighthouse" in " ".join(topic_table(fitted, cases, families_per_term=1)["terms"])
    assert "lighthouse" not in " ".join(topic_table(fitted, cases, families_per_term=2)["terms"])


def test_the_vulnerability_table_leaves_out_what_too_few_families_share():
    names = ["neglect (child)", "gangs (child)", "current mentions"]
    values = np.array([[1, 1, 2], [1, 0, 1], [1, 1, 2], [0, 0, 0]], np.float32)
    cases = pl.DataFrame({"family_id": ["a", "b", "a", "c"], "outcome": [True, False, True, False]})
    table = vulnerability_table(values, names, cases, families_per_term=2)
    assert tuple(table.columns) == PAGE_TABLES["vulnerabilities"].column_names
    assert table.values.tolist() == [["neglect (child)", 3, 2, 2 / 3]]


def test_words_and_topics_are_learned_once_from_the_same_rows_and_leave_no_trace():
    features = TextFeatures(word_counts(as_documents(invented_texts()[1])), TEXT, seed=1)
    before = joblib.hash(features)
    fitted = features.fit(np.arange(200))
    assert features.fit(np.arange(200)) is fitted and features.fit(np.arange(100)) is not fitted
    assert joblib.hash(features) == before  # by which a run knows whether it has computed something already
