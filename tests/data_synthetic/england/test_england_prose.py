"""The documents' answers: where the identifiers stand, what the vulnerabilities are, and that nobody real is named."""

import re
from collections import Counter

import pytest

from analysis.schemas import DOCUMENT_KINDS
from data_synthetic.england import labelled_text
from data_synthetic.england.prose import GRAMMAR


@pytest.fixture(scope="module")
def documents():
    return labelled_text(400, seed=7)


def test_the_same_seed_gives_the_same_documents(documents):
    assert labelled_text(400, seed=7) == documents
    assert labelled_text(400, seed=8) != documents


def test_every_kind_of_document_is_written(documents):
    assert {document.kind for document in documents} == set(DOCUMENT_KINDS)


def test_documents_are_of_a_modest_length(documents):
    words = [len(document.text.split()) for document in documents]
    assert min(words) >= 40 and max(words) <= 220


def test_spans_of_identifiers_hold_what_they_say(documents):
    forms = {
        "place": r"[A-Z][\w' ]+",
        "nhs_number": r"999 \d{3} \d{4}",
        "postcode": r"ZX\d{1,2} \d[A-Z]{2}",
        "email": r"[a-z.]+\d\d@example\.org",
        "phone": r"(01632 960|07700 900|0113 496 0|020 7946 0)\d{3}",
        "date": r"\d{2}/\d{2}/\d{4}|\d{1,2} [A-Z][a-z]+ \d{4}",
        "address": r"\d+ [A-Z][A-Za-z ]+, [A-Z][a-z ]+[A-Za-z ]*",
        "name": r"[A-Z][A-Za-z ]+",
    }
    found = Counter()
    for document in documents:
        for span in document.identifiers:
            assert re.fullmatch(forms[span.kind], document.text[span.start : span.end])
            found[span.kind] += 1
    assert set(found) == set(forms)


def test_nothing_that_looks_like_an_identifier_is_left_without_a_label(documents):
    pattern = re.compile(r"999 \d{3} \d{4}|ZX\d+ \d[A-Z]{2}|\S+@\S+|\d\d/\d\d/\d{4}|\b0\d{3,4} \d{3}")
    for document in documents:
        labelled = {span.start for span in document.identifiers}
        assert {match.start() for match in pattern.finditer(document.text)} <= labelled


def test_nhs_numbers_carry_their_check_digit_in_the_test_range(documents):
    for document in documents:
        for span in document.identifiers:
            if span.kind == "nhs_number":
                digits = [int(character) for character in document.text[span.start : span.end] if character != " "]
                # modulus 11: weights 10 ... 2 on the first nine, and 1 on the check digit, sum to a multiple of 11
                assert sum(digit * weight for digit, weight in zip(digits, range(10, 0, -1), strict=True)) % 11 == 0


def test_labels_say_whether_a_vulnerability_is_denied_or_past(documents):
    """The sentence around each label is one of the frames of its manner."""
    for document in documents:
        for label in document.vulnerabilities:
            manner = "negated" if label.negated else label.time
            before = document.text[: label.start].rsplit(". ", 1)[-1]
            after = document.text[label.end :].split(".", 1)[0]
            assert any(_frame_fits(frame, before, after) for frame in GRAMMAR["frames"][manner])


def _frame_fits(frame: str, before: str, after: str) -> bool:
    start, end = (re.sub(r"\\{\w+\\}", ".+", re.escape(part)) for part in frame.split("{concern}"))
    return bool(re.fullmatch(start, before)) and bool(re.fullmatch(end.removesuffix(r"\."), after))


def test_all_concepts_are_mentioned_in_every_manner(documents):
    many = labelled_text(1500, seed=3)
    seen = {(label.concept, label.negated, label.time) for d in many for label in d.vulnerabilities}
    concepts = {entry["concept"] for entry in GRAMMAR["vulnerabilities"]}
    for manner in ((False, "current"), (True, "current"), (False, "historic")):
        assert {concept for concept, *rest in seen if tuple(rest) == manner} == concepts
