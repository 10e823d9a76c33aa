"""The lexicon on documents of the synthetic England, whose answers are known, redacted as real ones would be."""

import pytest

from analysis.protocol import load_protocol
from analysis.quality.lexicon_trial import lexicon_trial
from analysis.text.lexicon import read_lexicon
from analysis.text.redact import redact
from analysis.text.vulnerabilities import lexicon_performance
from data_synthetic.england import labelled_text


@pytest.fixture(scope="module")
def performance():
    documents = labelled_text(400, seed=11)
    names = [name for document in documents for name in document.names]
    texts = redact([document.text for document in documents], names)
    return lexicon_performance(texts, [document.vulnerabilities for document in documents]).set_index("concept")


def test_the_lexicon_knows_every_concept_that_is_planted():
    planted = {label.concept for document in labelled_text(400, seed=11) for label in document.vulnerabilities}
    assert planted <= set(read_lexicon().names)


def test_what_a_document_affirms_is_found_and_what_it_denies_is_not(performance):
    assert performance.loc["all", "precision"] >= 0.95
    assert performance.loc["all", "recall"] >= 0.95


def test_a_reading_without_context_takes_denials_for_concerns(performance):
    """About half the mentions are denied or of the past, so about half of what that reading finds is wrong."""
    assert 0.3 < performance.loc["all", "precision_without_context"] < 0.6


def test_the_trial_shows_both_sets_of_texts_through_the_release_gate():
    trial = lexicon_trial(load_protocol()).frame
    assert trial["texts"].tolist() == ["documents of the synthetic England, redacted", "sentences written to be hard"]
    assert (trial["precision"] > trial["precision_without_context"]).all()
    assert trial["recall"].iloc[0] > trial["recall"].iloc[1]  # a grammar is easier than what people write
