"""The one door: a table of results goes in, a table anyone may see comes out."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.disclosure.catalogue import TableSpecification
from analysis.disclosure.released import _DOOR, Released
from analysis.errors import DisclosureError
from analysis.protocol.values import Disclosure


def release(
    specification: TableSpecification, frame: pd.DataFrame, *, preset: str, rules: Disclosure
) -> Released:
    """Suppress and round a table by a preset's rules, recomputing rates from the released counts.

    Raises
    ------
    DisclosureError
        If the table has columns its specification does not describe, or lacks some.
    """
    check_columns(specification, frame)
    frame = frame[list(specification.column_names)].reset_index(drop=True).copy()
    values = rules.presets[preset]
    notes: tuple[str, ...] = ()
    hidden = pd.DataFrame(False, index=frame.index, columns=[column.name for column in specification.named("count")])
    for column in hidden:
        counts = frame[column].astype("Float64")
        hidden[column] = ((counts > 0) & (counts <= values.threshold)).fillna(False).to_numpy(bool)
        frame[column] = (counts / values.rounding).round() * values.rounding
        frame[column] = frame[column].mask(hidden[column]).astype("Int64")
    for column in (*specification.named("rate"), *specification.named("measure")):
        withheld = hidden[[name for name in column.of]].any(axis=1) if column.of else pd.Series(False, index=frame.index)
        if column.role == "rate" and values.threshold:
            numerator, denominator = (frame[name].astype("Float64") for name in column.of)
            frame[column.name] = (numerator / denominator.replace(0, np.nan)).round(3)
        frame[column.name] = frame[column.name].astype("Float64").mask(withheld)
    if hidden.to_numpy().any():
        notes = (f"{int(hidden.to_numpy().sum())} counts of 1 to {values.threshold} are withheld.",)
    return Released(specification, frame, preset, notes, _DOOR)


def check_columns(specification: TableSpecification, frame: pd.DataFrame) -> None:
    expected, found = set(specification.column_names), set(frame.columns)
    problems = [f"column {name!r} is missing; add it" for name in sorted(expected - found)]
    problems += [f"column {name!r} is not described; describe it or drop it" for name in sorted(found - expected)]
    if problems:
        raise DisclosureError(f"table {specification.name!r}", problems)


def combine(tables: Mapping[tuple[str, str], Released]) -> Released:
    """Stack the released tables of several (authority, outcome) problems, which become its first two columns."""
    frames = [
        table.frame.assign(authority=authority, outcome=outcome) for (authority, outcome), table in tables.items()
    ]
    first = next(iter(tables.values()))
    frame = pd.concat(frames, ignore_index=True)
    frame = frame[["authority", "outcome", *first.specification.column_names]]
    notes = tuple(dict.fromkeys(note for table in tables.values() for note in table.notes))
    return Released(first.specification, frame, first.preset, notes, _DOOR)
