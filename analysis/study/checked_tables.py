"""Checked tables on disk: child-level, so in a folder that only its owner can read, and never in the book."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import polars as pl

from analysis.errors import StepError
from analysis.schemas import SCHEMAS, CheckedTables, check_columns

PERIOD = "period.json"
DOUBTS = "doubts.json"


def write_checked_tables(tables: CheckedTables, folder: Path) -> None:
    """One parquet file per table, and the observation period.

    Parameters
    ----------
    tables : CheckedTables
    folder : Path
        One that only its owner can read.

    Raises
    ------
    ValueError
        If a table has other columns or types than `SCHEMAS` gives.
    """
    for name in SCHEMAS:
        frame = getattr(tables, name)
        check_columns(frame, name)
        frame.write_parquet(folder / f"{name}.parquet")
    period = {name: getattr(tables, name) for name in ("first_date", "last_date", "families_known")}
    (folder / PERIOD).write_text(json.dumps(period, default=str) + "\n", encoding="utf-8")


def were_written(folder: Path) -> bool:
    """Whether `write_checked_tables` has written to this folder."""
    return (folder / PERIOD).is_file()


def read_checked_tables(folder: Path) -> CheckedTables:
    """What `write_checked_tables` wrote."""
    if not were_written(folder):
        raise StepError(folder.parent.name, "its extract has not been read yet; run `python -m analysis report` first")
    period = json.loads((folder / PERIOD).read_text(encoding="utf-8"))
    return CheckedTables(
        **{name: pl.read_parquet(folder / f"{name}.parquet") for name in SCHEMAS},
        first_date=date.fromisoformat(period["first_date"]),
        last_date=date.fromisoformat(period["last_date"]),
        families_known=period["families_known"],
    )


def write_doubts(doubts: Mapping[str, str], folder: Path) -> None:
    """Write why each prediction that is not to be trusted, or cannot be seen at all, is so.

    Parameters
    ----------
    doubts : mapping of str to str
        Reasons by outcome.
    folder : Path
        That of the checked tables.
    """
    (folder / DOUBTS).write_text(json.dumps(dict(doubts), indent=1) + "\n", encoding="utf-8")


def read_doubts(folder: Path) -> dict[str, str]:
    """What `write_doubts` wrote; nothing if it wrote nothing."""
    path = folder / DOUBTS
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
