"""The scores of a tool that an authority has or is offered: a table beside the lists, read and doubted like them."""

from datetime import date
from pathlib import Path

import polars as pl

from analysis.extract import cells
from analysis.extract.documents import read_named_table
from analysis.extract.events import not_before_birth
from analysis.extract.files import printable
from analysis.extract.report import ListAccount, ReportBuilder, number, some_rows
from analysis.schemas import SCHEMAS

LONGEST_VERSION = 40  # characters
NO_VERSION = "not stated"
_COLUMNS = list(SCHEMAS["scores"])


def read_scores(path: Path, people: pl.DataFrame, *, latest: date, notes: ReportBuilder) -> pl.DataFrame:
    """Scores with `child_id` (as supplied), `date`, `score` and `version`; every row that is left out is counted.

    A percent sign is dropped and the number stays as it is: scores are compared with each other, whatever their
    range.

    Parameters
    ----------
    path : Path
        A table with columns child_id, date, score and, if there are several, version.
    people : polars.DataFrame
        The children of the lists.
    latest : date
        No score can be dated later.
    notes : ReportBuilder

    Returns
    -------
    polars.DataFrame
        In the order of the table.

    Raises
    ------
    TableError
        If the file cannot be read or a heading is missing.
    """
    where = printable(path.name)
    table = read_named_table(path, ("child_id", "date", "score"), notes, optional=("version",))
    day, wrong_day = cells.dates(table["date"], latest=latest)
    score, wrong_score = _numbers(table["score"])
    version, wrong_version = _versions(table)
    for column, wrong, what, cure in (
        ("date", wrong_day, "not a date", "write 31/01/2019"),
        ("score", wrong_score, "not a number", "write 0.25, 25 or 25%"),
        ("version", wrong_version, f"longer than {LONGEST_VERSION} characters or not a name", "taken as not stated"),
    ):
        if wrong.any():
            rows = some_rows(table["row"].filter(wrong).to_list())
            notes.problem(where, f"'{column}': {number(int(wrong.sum()), 'cell')} {what} ({rows}); {cure}")
    frame = pl.DataFrame(
        {"child_id": cells.identifiers(table["child_id"]), "date": day, "score": score, "version": version}
    )
    explained: dict[str, int] = {}
    for reason, column in (
        ("no child identifier", "child_id"),
        ("no usable date", "date"),
        ("no usable score", "score"),
    ):
        explained[reason] = len(frame) - len(frame := frame.drop_nulls(column))
    explained["the same score again"] = len(frame) - len(frame := frame.unique(maintain_order=True))
    known = frame.join(people.select("child_id"), on="child_id", how="semi", maintain_order="left")
    if strangers := len(frame) - len(known):
        explained["about a child who is in no list"] = strangers
        notes.problem(where, f"{number(strangers, 'score')} about a child who is in no list; left out")
    born = not_before_birth(known, people, what="score", where=where, notes=notes)
    explained["before birth"] = len(known) - len(born)
    explained = {reason: count for reason, count in explained.items() if count}
    notes.lists.append(ListAccount("scores", "Scores", len(table), len(born), explained))
    if born.is_empty():
        notes.problem(where, "no score is left, so no tool is looked at; see what was left out above")
    return born.select(_COLUMNS)


def _numbers(text: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Finite numbers, and a mask of the cells that hold something else."""
    numbers = text.str.replace(r"\s*%$", "").cast(pl.Float64, strict=False)
    numbers = numbers.set(~numbers.is_finite().fill_null(False), None)
    return numbers, text.is_not_null() & numbers.is_null()


def _versions(table: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
    """Names of versions, and a mask of those that are none."""
    if "version" not in table.columns:
        return pl.Series([NO_VERSION] * len(table), dtype=pl.String), pl.Series([False] * len(table), dtype=pl.Boolean)
    version = table["version"]
    wrong = ~version.str.contains(rf"^[\p{{L}}\d][\p{{L}}\d .,()_-]{{0,{LONGEST_VERSION - 1}}}$").fill_null(True)
    return version.set(wrong, None).fill_null(NO_VERSION), wrong & version.is_not_null()
