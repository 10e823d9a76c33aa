"""The mutants of `python -m benchmarks mutants` can be planted: their text and the tests beside them are there."""

import pytest

from benchmarks.mutants import MUTANTS, ROOT, failing_of_themselves, weakened


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_each_mutant_can_be_planted_and_names_tests_that_are_there(mutant):
    text = (ROOT / mutant.file).read_text(encoding="utf-8")
    assert weakened(mutant, text) != text
    assert mutant.tests and all((ROOT / test.partition("::")[0]).is_file() for test in mutant.tests)


def test_mutants_have_names_of_their_own():
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS) >= 20


def test_a_test_that_fails_of_itself_is_not_taken_for_one_that_catches(tmp_path):
    (tmp_path / "test_sums.py").write_text("def test_right():\n    assert 1\n\ndef test_wrong():\n    assert 0\n")
    right, wrong = "test_sums.py::test_right", "test_sums.py::test_wrong"
    assert failing_of_themselves(tmp_path, [right]) == []
    assert failing_of_themselves(tmp_path, [right, wrong]) == [wrong]
