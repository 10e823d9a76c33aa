"""Definitions as tables of invented children: run as tests, and printed as a chapter of the book.

Each file beside this one defines one prediction (or the exclusions, or the predictors) by children whose right answer
a social worker can check, and disagree with. The tests hold the code to every row; the chapter prints the same rows.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files

import yaml

from analysis.cohort.predictor_catalogue import PREDICTORS
from analysis.schemas import EVENTS

PREDICTIONS = ("P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8")
OWN_PREDICTION = "own_prediction"
CHAPTER = ("introduction", *PREDICTIONS, OWN_PREDICTION, "exclusions", "predictors")

_RECORD = re.compile(
    r"(?P<sibling>sibling: )?(?P<event>[a-z0-9 ]+?)(?: \((?P<detail>[^)]+)\))? (?P<day>\d{1,2} [A-Z][a-z]{2} \d{4})"
)
_OUTCOMES = ("no further action", "further action", "support", "no support")


@dataclass(frozen=True)
class Record:
    """One thing that happened: `referral (no further action) 1 Feb 2016`."""

    event: str
    day: date
    detail: str | None
    of_sibling: bool

    @property
    def code(self) -> str | None:
        return None if self.detail in _OUTCOMES else self.detail

    @property
    def outcome(self) -> str | None:
        return self.detail if self.detail in _OUTCOMES else None


def own_prediction() -> dict:
    """The prediction declared in the definition of an authority's own, as it would stand in its protocol."""
    return yaml.safe_load(definition_text(OWN_PREDICTION).split("```")[1].removeprefix("yaml"))


@cache
def definition_text(name: str) -> str:
    """One definition as it is written and printed."""
    return files("analysis.cohort.definitions").joinpath(f"{name}.md").read_text(encoding="utf-8")


def read_rows(name: str) -> list[dict[str, str]]:
    """The rows of a definition's tables, in order: heading -> cell."""
    rows, headings = [], None
    for line in definition_text(name).splitlines():
        if not line.startswith("|"):
            headings = None
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if headings is None:
            headings = cells
        elif set(line) - set("|-: "):
            rows.append(dict(zip(headings, cells, strict=True)))
    return rows


def read_records(cell: str) -> list[Record]:
    """What happened to an invented child: records parted by semicolons.

    >>> read_records("contact (police) 1 Feb 2016")[0].day
    datetime.date(2016, 2, 1)
    """
    return [_read_record(part.strip()) for part in cell.split(";") if part.strip()]


def read_day(cell: str) -> date:
    """A day as the tables write it: 1 Feb 2016."""
    return datetime.strptime(cell, "%d %b %Y").date()


def definitions_chapter() -> str:
    """The chapter of definitions in MyST Markdown: the very tables that the tests run."""
    return "\n\n".join([*(definition_text(name).strip() for name in CHAPTER), _predictor_list()]) + "\n"


def _read_record(words: str) -> Record:
    found = _RECORD.fullmatch(words)
    event = found["event"].replace(" ", "_") if found else ""
    if found is None or event not in (*EVENTS, "supplied_referrals"):
        raise ValueError(f"not a record: {words!r}; write 'event (detail) 1 Feb 2016'")
    return Record(event, read_day(found["day"]), found["detail"], bool(found["sibling"]))


def _predictor_list() -> str:
    rows = "\n".join(f"| {p.name.replace('_', ' ')} | {p.group} | {p.meaning} |" for p in PREDICTORS)
    heading = f"## All {len(PREDICTORS)} structured predictors"
    return f"{heading}\n\n| predictor | group | meaning |\n|---|---|---|\n{rows}"
