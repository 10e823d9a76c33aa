"""Do the counts that a page prints agree with each other? A table that was altered rarely does."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from analysis.disclosure.attack import known_of_print, orders_of_ties, printed_rates
from analysis.disclosure.equations import System, propagate_bounds
from analysis.disclosure.relations import Counts, Relations, Row, records, whole_of
from analysis.disclosure.specification import Sum, TableSpecification
from analysis.protocol.values import Preset

Frames = Mapping[str, pd.DataFrame]
Specifications = Mapping[str, TableSpecification]


def contradictions(frames: Frames, specifications: Specifications, preset: Preset) -> tuple[str, ...]:
    """One sentence for each count of a page that cannot be what is printed, given all else that is.

    Parameters
    ----------
    frames : dict of table name -> frame
        As released: a withheld cell is missing.
    specifications : dict of table name -> TableSpecification
    preset : Preset
        The rules they passed, whose rounding is allowed for.

    Returns
    -------
    tuple of str
    """
    rows = [
        Row(specifications[name], place, labels)
        for name, frame in frames.items()
        for place, labels in enumerate(records(frame))
    ]
    found = [*_unlike(rows, specifications, preset), *_wrong_sums(rows, specifications, preset)]
    return tuple(dict.fromkeys([*found, *_impossible(frames, specifications, preset)]))


def _unlike(rows: list[Row], specifications: Specifications, preset: Preset) -> Iterator[str]:
    """Counts of the same cases that tables print differently."""
    printed: dict[str, dict[str, int]] = {}
    for row in rows:
        for column in specifications[row.table].named("count"):
            if not pd.isna(row.labels[column.name]):
                printed.setdefault(row.name(column.name), {}).setdefault(row.table, int(row.labels[column.name]))
    for quantity, values in printed.items():
        if max(values.values()) - min(values.values()) > _slack(preset, terms=2):
            yield f"{quantity}: tables {', '.join(sorted(values))} do not print the same count"


def _wrong_sums(rows: list[Row], specifications: Specifications, preset: Preset) -> Iterator[str]:
    """Rows that should add up to a printed whole and do not."""
    printed = {
        row.name(column.name): row.labels[column.name]
        for row in rows
        for column in specifications[row.table].named("count")
        if not pd.isna(row.labels[column.name])
    }
    sums = [(name, sum_) for name, table in specifications.items() for sum_ in table.adds_up or () if sum_.complete]
    for table, sum_ in sums:
        for members in _groups(table, sum_, rows):
            for count in (count for count in sum_.counts if count in members[0].labels):
                whole, parts = printed.get(whole_of(sum_, count, members[0])), [row.labels[count] for row in members]
                if whole is None or any(map(pd.isna, parts)):
                    continue
                if abs(sum(parts) - whole) > _slack(preset, terms=len(parts) + 1):
                    yield f"{count}: the rows of {table} do not add up to {whole_of(sum_, count, members[0])}"


def _impossible(frames: Frames, specifications: Specifications, preset: Preset) -> Iterator[str]:
    """Counts for which the equations of the page leave no value at all, however thresholds printed alike may lie."""
    orders = orders_of_ties([(frames, specifications)])
    relations = Relations(frames, specifications)
    first, *others = (_without_value(frames, specifications, preset, relations.counts(ties)) for ties in orders)
    for design, quantities in first.items():
        if all(design in other for other in others):
            yield from (f"{quantity}: no count agrees with the rest of the page" for quantity in quantities)


def _without_value(
    frames: Frames, specifications: Specifications, preset: Preset, counts: Counts
) -> dict[str, list[str]]:
    """Counts that can have no value in one order of the thresholds, by the design that they are of."""
    equations = [*counts.equations, *printed_rates(frames, specifications, counts, preset, decimals=2)]
    system = System(equations)
    low, high = propagate_bounds(system, *system.bounds(known_of_print(counts, preset)))
    design_of = {quantity: counts.rows[cell[:2]].design for cell, quantity in counts.cells.items()}
    found: dict[str, list[str]] = {}
    for quantity in (system.names[place] for place in np.flatnonzero(low > high + 0.5)):
        found.setdefault(design_of.get(quantity) or "", []).append(quantity)
    return found


def _groups(table: str, sum_: Sum, rows: list[Row]) -> list[list[Row]]:
    groups: dict[tuple, list[Row]] = {}
    for row in (row for row in rows if row.table == table):
        groups.setdefault(tuple(str(row.labels[name]) for name in sum_.within), []).append(row)
    return list(groups.values())


def _slack(preset: Preset, *, terms: int) -> float:
    """By how much counts that are rounded may miss their sum; a total may itself be the sum of rounded parts."""
    return 0 if preset.rounding == 1 else terms * preset.rounding
