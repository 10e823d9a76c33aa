"""The file of registered keys is read whole or refused, without repeating what it holds."""

import pytest

from analysis.errors import DisclosureError
from analysis.workflow.collect.keys import read_keys

DIGITS = "1a2b 3c4d 5e6f 7081 92a3 b4c5 d6e7 f809"


def test_names_and_fingerprints_are_read(tmp_path):
    path = tmp_path / "keys.yml"
    path.write_text(f"LA1: {DIGITS}\nNorthshire: {DIGITS}\n")
    assert read_keys(path) == {"LA1": DIGITS, "Northshire": DIGITS}
    assert read_keys(None) == {}


CAPITALS = DIGITS.upper()
OTHERS = ("- a", "x", f"../victim: {DIGITS}", "LA1: 12", "LA1: [1]", "{", f"LA1: {CAPITALS}")


@pytest.mark.parametrize("text", OTHERS)
def test_anything_else_is_refused(tmp_path, text):
    path = tmp_path / "keys.yml"
    path.write_text(text)
    with pytest.raises(DisclosureError, match="write lines such as"):
        read_keys(path)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(DisclosureError, match="keys.yml"):
        read_keys(tmp_path / "keys.yml")
