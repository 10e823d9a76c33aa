"""Every number that shapes results and stands in the code says what it is and where it comes from, in one home."""

from textwrap import dedent

from analysis.protocol.in_code import SHAPE_RESULTS, FixedNumber, fixed_numbers

NO_CHOICE = {
    "MOST_CASES": "memory",
    "BATCH": "memory",
    "DOCUMENTS_AT_ONCE": "memory",
    "SIDE_BY_SIDE_AT_MOST": "memory",
    "NOTIFICATIONS_AT_ONCE": "memory",
    "DAYS_PER_YEAR": "the calendar",
    "HALF_YEAR": "what the words mean",
    "PER": "a unit",
    "MOST_BESIDE_AGE": "as the published study has it",
    "DECIMALS": "as the published study has it",
}
"""Numbers without a source that change no result, or that are nobody's choice here."""


def test_a_number_without_a_source_is_no_choice_of_ours():
    unsaid = {found.name for found in fixed_numbers() if not found.source}
    assert unsaid == set(NO_CHOICE)


def test_every_number_says_what_it_is():
    for found in fixed_numbers():
        assert len(found.meaning.split()) > 1 or found.name in NO_CHOICE, found


def test_a_number_is_read_with_what_it_means(tmp_path):
    (tmp_path / "analysis" / "leakage").mkdir(parents=True)
    code = '''
    FEWEST = 30  # rows; of fewer nothing is said (ours)
    SHARES = (0.1, 0.2)
    """Of the cases (Riley and others 2019)."""
    SMALLEST = 1 / 8  # of the families
    NAMES = ("a", "b")
    _HIDDEN = 3
    '''
    (tmp_path / "analysis" / "leakage" / "audit.py").write_text(dedent(code), encoding="utf-8")
    file = "analysis/leakage/audit.py"
    assert fixed_numbers(tmp_path / "analysis") == [
        FixedNumber(file, "FEWEST", (30,), "rows; of fewer nothing is said", "ours"),
        FixedNumber(file, "SHARES", (0.1, 0.2), "Of the cases", "Riley and others 2019"),
        FixedNumber(file, "SMALLEST", (0.125,), "of the families", ""),
    ]


def test_numbers_of_the_audit_of_tests_of_power_and_of_shuffles_are_among_them():
    """So that the search for them has not gone blind."""
    names = {found.name for found in fixed_numbers()}
    assert {"FEWEST_ROWS", "FEWEST_CASES", "FEWEST_FAMILIES", "POWER", "SEEDS", "ROUNDS", "BINS"} <= names
    assert {found.file.split("/")[1] for found in fixed_numbers()} <= set(SHAPE_RESULTS)
