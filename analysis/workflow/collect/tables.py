"""Are sent tables what their specifications say: columns, types, labels, and words that are words and nothing else?"""

import csv
import math
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from analysis.cohort.supplied_scores import NO_SCORE, SCORED, TOO_LATE
from analysis.disclosure import Column, TableSpecification
from analysis.model.dependence import DIVISIONS
from analysis.model.yardsticks import YARDSTICKS
from analysis.performance.equally_good import EVERYONE
from analysis.performance.time_causes import CAUSES
from analysis.performance.time_parts import PARTS
from analysis.protocol import Protocol
from analysis.schemas import DOCUMENT_KINDS
from analysis.text.lexicon import read_lexicon

MOST_ROWS = 5_000  # of one table (ours)
MOST_SHOWN = 5  # rows named in a message
METRICS = ("average_precision", "standardised_average_precision", "skill", "auc", "brier_score",
           "calibration_intercept", "calibration_slope", "observed_expected_ratio")  # fmt: skip
CHECKS = (
    *("single_predictor", "recorded_after_index", "as_at_extract", "too_good", "train_v_test"),
    *("constant_for_child", "counted_at_export", "recorded_by_outcome"),
)
_WORDS = re.compile(r"[^\W_][\w ,;:.()'-]{0,299}")  # letters of any language, digits, and the marks of a sentence
_TERMS = re.compile(r"[^\W\d_][\w'-]{0,29}(, [^\W\d_][\w'-]{0,29}){0,11}")
_COUNT, _NUMBER = re.compile(r"\d{1,9}"), re.compile(r"-?\d{1,9}(\.\d{1,12})?(e[+-]?\d{1,2})?")


def labels_of(protocol: Protocol) -> dict[str, frozenset[str]]:
    """Which labels a column may hold, for columns whose labels are known before any result is."""
    designs = frozenset(design.slug for design in protocol.design_list) | {SCORED}
    closed = {
        "design": designs,
        "part": {"training", "test", *PARTS, *CAUSES},
        "curve": {"training", "validation"},
        "status": {SCORED, TOO_LATE, NO_SCORE},
        "metric": METRICS,
        "comparison": {"text_v_structured", "earlier_v_all"},
        "characteristic": (*protocol.subgroups.characteristics, EVERYONE),
        "audit": {"as_registered", "terms_masked", "lag"},
        "check": CHECKS,
        "yardstick": YARDSTICKS,
        "division": DIVISIONS,
        "decision": {"recorded_decision", "own_rule"},
        "kind": DOCUMENT_KINDS,
        "family": protocol.models.families,
        "concept": {f"{concept.name} ({whose})" for concept in read_lexicon().concepts for whose in concept.subjects},
    }
    return {name: frozenset(labels) for name, labels in closed.items()}


def check_table(path: Path, specification: TableSpecification, labels: Mapping[str, frozenset[str]]) -> list[str]:
    """One sentence for each column that is not what the table's specification says; rows are counted from 1.

    Parameters
    ----------
    path : Path
        A CSV that was sent.
    specification : TableSpecification
        What the table should be.
    labels : dict of column -> labels
        See `labels_of`.

    Returns
    -------
    list of str
        None of a cell's own words.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            head, *rows = list(csv.reader(file, strict=True)) or [[]]
    except (UnicodeDecodeError, csv.Error):
        return [f"{path.name}: it is not a CSV in UTF-8; release it again"]
    if head != list(specification.column_names):
        return [f"{path.name}: its columns are not those of the table; release it with this version"]
    if len(rows) > MOST_ROWS or any(len(row) != len(head) for row in rows):
        return [f"{path.name}: {len(rows)} rows, some too long or too many; a table has at most {MOST_ROWS:,}"]
    return list(_wrong_columns(path.name, specification, rows, labels))


def _wrong_columns(name: str, specification: TableSpecification, rows: list, labels: Mapping) -> Iterator[str]:
    for place, column in enumerate(specification.columns):
        allowed, expected = _rule(specification, column, labels)
        wrong = [str(number) for number, row in enumerate(rows, start=1) if not allowed(row[place])]
        if wrong:
            shown = ", ".join(wrong[:MOST_SHOWN]) + ", …" * (len(wrong) > MOST_SHOWN)
            yield f"{name}: {column.name!r} is not {expected} in {len(wrong)} of {len(rows)} rows ({shown}); refuse it"


def _rule(specification: TableSpecification, column: Column, labels: Mapping) -> tuple[Callable[[str], bool], str]:
    """Whether a cell of a column is allowed, and what was expected, in words."""
    if column.role == "count":
        return lambda cell: not cell or bool(_COUNT.fullmatch(cell)), "a count or empty"
    if column.role == "rate":
        return lambda cell: not cell or _is_number(cell) and 0 <= float(cell) <= 1, "a share between 0 and 1 or empty"
    if column.role in ("measure", "setting"):
        return lambda cell: not cell or _is_number(cell), "a number or empty"
    if column.role == "key" and column.name in labels:
        return labels[column.name].__contains__, "one of its labels"
    if (specification.name, column.name) == ("topics", "terms"):
        return lambda cell: not cell or bool(_TERMS.fullmatch(cell)), "single words with commas between them"
    if column.role == "key":
        return lambda cell: bool(_WORDS.fullmatch(cell)), "a label of letters, digits and spaces"
    return lambda cell: not cell or bool(_WORDS.fullmatch(cell)), "a sentence of words"


def _is_number(cell: str) -> bool:
    return bool(_NUMBER.fullmatch(cell)) and math.isfinite(float(cell))


def check_notes(notes: object) -> bool:
    """Whether a manifest's notes on a table are a few sentences of words."""
    sentences = notes if isinstance(notes, list) else [None]
    return len(sentences) <= 10 and all(isinstance(note, str) and _WORDS.fullmatch(note) for note in sentences)
