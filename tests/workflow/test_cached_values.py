"""What a page keeps from one run to the next is opened only if this user's own run wrote it, to the last byte."""

import os
import pickle

import joblib
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.disclosure.containment import KEY_VARIABLE, child_level_folder
from analysis.protocol import PredictionProblem, load_protocol
from analysis.study import problem as problem_module
from analysis.study.cached_values import drop_altered, read_cached, signing_key, write_cached
from analysis.study.problem import ProblemStudy
from analysis.study.settings import Settings

KEY, ANOTHER = b"k" * 32, b"l" * 32


class Opens:
    """A pickle that leaves a file behind when it is opened."""

    def __init__(self, path):
        self.path = str(path)

    def __reduce__(self):
        return os.mkdir, (self.path,)


def test_what_was_written_is_read_again(tmp_path):
    write_cached({"risk": [0.5]}, tmp_path / "designs.kept", KEY)
    assert joblib.load(read_cached(tmp_path / "designs.kept", KEY)) == {"risk": [0.5]}
    assert read_cached(tmp_path / "curves.kept", KEY) is None


@given(at=st.integers(0, 10_000), flip=st.integers(1, 255), length=st.integers(0, 10_000))
def test_no_altered_byte_and_no_cut_is_believed(tmp_path_factory, at, flip, length):
    path = tmp_path_factory.mktemp("kept") / "designs.kept"
    write_cached(list(range(100)), path, KEY)
    written = bytearray(path.read_bytes())
    altered = bytes(written[: length % len(written)])
    written[at % len(written)] ^= flip
    for content in (altered, bytes(written)):
        path.write_bytes(content)
        assert read_cached(path, KEY) is None


def test_neither_another_key_nor_another_name_will_do(tmp_path):
    write_cached(1, tmp_path / "designs.kept", KEY)
    assert read_cached(tmp_path / "designs.kept", ANOTHER) is None
    (tmp_path / "designs.kept").rename(tmp_path / "curves.kept")
    assert read_cached(tmp_path / "curves.kept", KEY) is None


def test_what_is_dropped_is_said(tmp_path):
    write_cached(1, tmp_path / "curves.kept", KEY)
    (tmp_path / "designs.kept").write_bytes(pickle.dumps(Opens(tmp_path / "opened")))
    (sentence,) = drop_altered(tmp_path, KEY)
    assert sentence.startswith("designs.kept: not as this user's run wrote it")
    assert [path.name for path in tmp_path.iterdir()] == ["curves.kept"]


def test_the_signing_key_is_made_from_the_secret_key_and_is_not_that_key(tmp_path, monkeypatch):
    monkeypatch.setenv(KEY_VARIABLE, str(tmp_path / "key"))
    key = signing_key([tmp_path / "build"])
    assert key == signing_key([tmp_path / "build"])
    assert key.hex() not in (tmp_path / "key").read_text()
    monkeypatch.setenv(KEY_VARIABLE, str(tmp_path / "another"))
    assert signing_key([tmp_path / "build"]) != key


def test_with_nowhere_to_keep_a_key_nothing_is_believed_later(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv(KEY_VARIABLE, str(tmp_path / "file" / "key"))
    assert signing_key([]) != signing_key([])


@pytest.fixture
def open_study(tmp_path, monkeypatch):
    monkeypatch.setenv(KEY_VARIABLE, str(tmp_path / "key"))
    monkeypatch.setattr(problem_module, "hash_code", lambda *modules: "as written")
    protocol = load_protocol()
    prediction = next(iter(protocol.predictions.values()))
    problem = PredictionProblem(authority="LA1", outcome="P1", prediction=prediction)
    return lambda: ProblemStudy(Settings(protocol, True, (problem,)), tmp_path / "build", problem)


CALLS = []


def count_words(frame):
    """Every other element of an array: once read again it lies otherwise in memory, and so hashes otherwise."""
    CALLS.append("count_words")
    return np.arange(2 * len(frame))[::2]


def fit(counted, times):
    CALLS.append("fit")
    return len(counted) * times


def test_a_value_read_again_can_have_another_hash(tmp_path):
    counted = count_words("ab")
    write_cached(counted, tmp_path / "words.kept", KEY)
    assert joblib.hash(joblib.load(read_cached(tmp_path / "words.kept", KEY))) != joblib.hash(counted)


def make_page(study):
    counted = study.cached(count_words)(pd.DataFrame({"word": ["a", "b"]}))
    return study.cached(fit)(counted, times=3)


def test_a_page_that_is_resumed_computes_nothing_again(open_study):
    CALLS.clear()
    assert make_page(open_study()) == make_page(open_study()) == 6
    assert CALLS == ["count_words", "fit"]


def test_a_planted_value_is_neither_opened_nor_published(open_study, tmp_path):
    make_page(open_study())
    folder = child_level_folder(tmp_path / "build", "LA1/P1")
    for path in folder.glob("*.kept"):
        path.write_bytes(path.read_bytes()[:32] + pickle.dumps(Opens(tmp_path / "opened")))
    CALLS.clear()
    assert make_page(open_study()) == 6
    assert CALLS == ["count_words", "fit"] and not (tmp_path / "opened").exists()
