"""Which published counts are the same number, which add up to which, and which lie inside which.

A reader of a whole page has more than one table: the test cases of a design stand in five of them, the subgroups
of a characteristic add up to the sample, each threshold flags all that a higher one flags. Each such fact is an
equation here, and a way to work out a count that no table prints.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.disclosure.catalogue import TableSpecification
from analysis.disclosure.equations import Equation, total

# Counts of one row: a whole and its two parts, where the parts a table leaves out are read off all the same.
SPLITS = (
    ("cases", ("positives", "negatives")),
    ("cases", ("flagged", "not_flagged")),
    ("cases", ("correct", "wrong")),
    ("flagged", ("true_positives", "false_positives")),
    ("positives", ("true_positives", "false_negatives")),
    ("negatives", ("false_positives", "true_negatives")),
    ("not_flagged", ("false_negatives", "true_negatives")),
    ("correct", ("true_positives", "true_negatives")),
    ("wrong", ("false_positives", "false_negatives")),
    ("families", ("positive_families", "families_without_the_outcome")),
)
# Counts that depend on the model as well as on whose cases they are.
DECISIONS = ("flagged", "not_flagged", "true_positives", "false_positives", "false_negatives", "true_negatives")
DECISIONS = (*DECISIONS, "correct", "wrong")
# Printed as the sum of their rounded parts, where counts are rounded and both parts are printed.
TOTALS = {
    "flagged": ("true_positives", "false_positives"),
    "not_flagged": ("false_negatives", "true_negatives"),
    "correct": ("true_positives", "true_negatives"),
}
_TEST = "test cases, {learned_from}"

# Whose cases a row counts. A table that is not named here counts cases of its own.
POPULATIONS = {
    "flow": "index events after {step}",
    "outcome_by_year": "all cases, {year}",
    "sample": "{part} cases, {learned_from}",
    "performance": _TEST,
    "operating_point": _TEST,
    "thresholds": _TEST,
    "calibration": _TEST + ", {design}, tenth {bin}",
    "subgroups": _TEST + ", {characteristic} {subgroup}",
    "give_away": _TEST + ", {audit} {lag_days}",
    "vulnerabilities": "all cases, {concept}",
    "documents": "all cases, {kind}",
    "topics": "all cases, topic {topic}",
}


@dataclass(frozen=True)
class Sum:
    """Rows of `table` that share `within` and add up to a whole, or to less of it unless they are `complete`."""

    table: str
    within: tuple[str, ...]
    whole: str
    counts: tuple[str, ...]
    complete: bool = True


SUMS = (
    Sum("outcome_by_year", (), "all cases", ("cases", "positives")),
    Sum("sample", ("design",), "all cases", ("cases", "positives", "families", "positive_families"), complete=False),
    Sum("calibration", ("design",), _TEST, ("cases", "positives")),
    Sum("subgroups", ("design", "characteristic"), _TEST,
        ("cases", "positives", "flagged", "true_positives", "false_positives", "false_negatives")),
    Sum("give_away", ("design", "audit", "lag_days"), _TEST, ("cases", "positives"), complete=False),
    Sum("vulnerabilities", ("concept",), "all cases", ("cases", "positives"), complete=False),
    Sum("documents", ("kind",), "all cases", ("cases",), complete=False),
)  # fmt: skip
# Tables whose rows are points on one path: what a row flags, every row that flags more flags too.
PATH = ("thresholds", "operating_point")
PATH_COUNTS = ("flagged", "true_positives", "false_positives")

Cell = tuple[str, int, str]


@dataclass(frozen=True)
class Counts:
    """Every count of some tables, by the quantity it is, with the equations between quantities.

    Attributes
    ----------
    cells : dict of (table, row, column) -> quantity
    values : dict of quantity -> int or None
        None where no cell gives it.
    equations : tuple of Equation
    totals : dict of quantity -> its parts
        Those that are printed as the sum of their rounded parts.
    """

    cells: dict[Cell, str]
    values: dict[str, int | None]
    equations: tuple[Equation, ...]
    totals: dict[str, tuple[str, ...]]


def relate(frames: Mapping[str, pd.DataFrame], specifications: Mapping[str, TableSpecification]) -> Counts:
    """The quantities and equations of some tables that are read together."""
    cells = {cell: quantity for name in frames for cell, quantity in _cells(frames[name], specifications[name])}
    cells = _split_where_tables_differ(cells, frames)
    values: dict[str, int | None] = {}
    for cell, quantity in cells.items():
        value = _value(frames, cell)
        values[quantity] = value if value is not None else values.get(quantity)
    found = [e for name, frame in frames.items() for e in _equations(frame, specifications[name], cells, values)]
    equations = {tuple(sorted(e.terms.items())): e for e in (*found, *_bands(frames, cells))}
    return Counts(cells, values, tuple(equations.values()), _totals(cells))


def _totals(cells: dict[Cell, str]) -> dict[str, tuple[str, ...]]:
    totals = {}
    for (table, row, column), quantity in cells.items():
        parts = [cells.get((table, row, part)) for part in TOTALS.get(column, ())]
        if parts and None not in parts:
            totals[quantity] = tuple(parts)
    return totals


def population(table: str, specification: TableSpecification, row: Mapping) -> str:
    """Whose cases a row counts, in words that are the same in every table that counts the same cases."""
    template = POPULATIONS.get(table)
    if template is None:
        labels = [f"{column.name} {row[column.name]}" for column in specification.named("key")]
        return ", ".join([f"table {table}", *labels])
    return template.format(**row, learned_from=_learned_from(row))


def _learned_from(row: Mapping) -> str:
    return str(row.get("design", "")).split("-")[-1]


def name_count(count: str, whose: str, row: Mapping) -> str:
    """A count's full name; decisions also carry the design, and the threshold if there are several."""
    if count not in DECISIONS or not row.get("design"):
        return f"{count} of {whose}"
    threshold = f" at threshold {row['threshold']}" if row.get("threshold_is_a_row") else ""
    return f"{count} of {whose}, by {row['design']}{threshold}"


def _rows(frame: pd.DataFrame, table: str) -> Iterator[tuple[int, dict]]:
    for place, row in enumerate(frame.to_dict("records")):
        yield place, row | {"threshold_is_a_row": table == "thresholds"}


def _cells(frame: pd.DataFrame, specification: TableSpecification) -> Iterator[tuple[Cell, str]]:
    for place, row in _rows(frame, specification.name):
        whose = population(specification.name, specification, row)
        for column in specification.named("count"):
            yield (specification.name, place, column.name), name_count(column.name, whose, row)


def _value(frames: Mapping[str, pd.DataFrame], cell: Cell) -> int | None:
    table, row, column = cell
    value = frames[table][column].iat[row]
    return None if pd.isna(value) else int(value)


def _split_where_tables_differ(cells: dict[Cell, str], frames: Mapping[str, pd.DataFrame]) -> dict[Cell, str]:
    """Give a quantity one name per table and design where its tables do not print the same value."""
    found: dict[str, set[int]] = {}
    for cell, quantity in cells.items():
        value = _value(frames, cell)
        if value is not None:
            found.setdefault(quantity, set()).add(value)

    def own_name(cell: Cell) -> str:
        table, row, _ = cell
        frame = frames[table]
        labels = [str(frame[c].iat[row]) for c in frame.columns if c in ("design", "comparison", "threshold")]
        return f"{cells[cell]} ({', '.join([table, *labels])})"

    return {cell: own_name(cell) if len(found.get(q, ())) > 1 else q for cell, q in cells.items()}


def _equations(frame, specification, cells, values) -> Iterator[Equation]:
    table = specification.name
    for place, row in _rows(frame, table):
        yield from _splits(specification, cells, place, row)
    for sum_ in SUMS:
        if sum_.table == table:
            yield from _sums(sum_, frame, specification, cells, values)
    if table == "flow":
        yield from _flow(frame, cells)


def _splits(specification, cells, place: int, row: Mapping) -> Iterator[Equation]:
    table, printed = specification.name, {column.name for column in specification.named("count")}
    whose = population(table, specification, row)

    def named(count: str) -> str:
        return cells.get((table, place, count)) or name_count(count, f"{whose}", row) + _suffix(cells, table, place)

    known = set(printed)
    for whole, parts in SPLITS:
        if len(known & {whole, *parts}) >= 2:
            known |= {whole, *parts}
            yield total(named(whole), map(named, parts), f"{whole} = {' + '.join(parts)}, {whose}")
    for rate in specification.named("rate"):
        part, whole = rate.of
        if not any(whole == w and part in parts for w, parts in SPLITS):
            rest = f"{whole} without {part}"
            yield total(named(whole), map(named, (part, rest)), f"{whole} = {part} + the rest, {whose}")


def _suffix(cells, table: str, place: int) -> str:
    """The suffix that tells a row's unprinted counts apart where its printed ones had to be."""
    own = next((q for (t, p, _), q in cells.items() if t == table and p == place and q.endswith(")")), "")
    return own[own.rfind(" (") :] if own else ""


def _sums(sum_: Sum, frame, specification, cells, values) -> Iterator[Equation]:
    groups = frame.groupby(list(sum_.within), sort=False, dropna=False).indices if sum_.within else {"": frame.index}
    records = dict(_rows(frame, sum_.table))
    for places in groups.values():
        row = records[int(places[0])]
        whose = sum_.whole.format(**row, learned_from=_learned_from(row))
        for count in sum_.counts:
            whole = name_count(count, whose, row | {"threshold_is_a_row": False})
            parts = [cells[(sum_.table, int(place), count)] for place in places]
            labels = ", ".join(str(row[name]) for name in sum_.within)
            words = f"{count} of {whose} = sum over the rows of {sum_.table}" + f" ({labels})" * bool(labels)
            rest = f"{count} of {whose} in no row of {sum_.table} ({labels})"
            complete = sum_.complete or _covers_all_cases(row)
            equation = total(whole, parts, words)
            adds_up = complete and not _contradicted(equation, values)
            yield equation if adds_up else total(whole, [*parts, rest], words + " + the rest")


def _covers_all_cases(row: Mapping) -> bool:
    """Training and test cases make up all cases unless an embargo lies between them."""
    return "part" in row and _learned_from(row) == "all_cases"


def _contradicted(equation: Equation, values: Mapping[str, int | None]) -> bool:
    """Whether the values of an equation are all known and do not satisfy it."""
    found = [values.get(name) for name in equation.terms]
    if any(value is None for value in found):
        return False
    return abs(sum(c * v for c, v in zip(equation.terms.values(), found, strict=True))) > 0.5


def _bands(frames: Mapping[str, pd.DataFrame], cells) -> Iterator[Equation]:
    """Cases with risks between two printed thresholds, as the difference of two rows."""
    points = [
        {"design": row["design"], "table": table, "place": place, "threshold": row["threshold"]}
        for table in PATH if table in frames for place, row in _rows(frames[table], table)
    ]  # fmt: skip
    if not points:
        return
    for _, group in pd.DataFrame(points).groupby("design", sort=False):
        path = group.sort_values("threshold", ascending=False, kind="stable").to_dict("records")
        for fewer, more in zip(path, path[1:], strict=False):
            for count in PATH_COUNTS:
                small, large = (cells[(point["table"], point["place"], count)] for point in (fewer, more))
                yield total(large, [small, f"({large}) - ({small})"], f"{large} = {small} + those between")


def _flow(frame: pd.DataFrame, cells) -> Iterator[Equation]:
    for place in range(1, len(frame)):
        before, after = cells[("flow", place - 1, "remaining")], cells[("flow", place, "remaining")]
        removed = cells[("flow", place, "removed")]
        yield total(before, [after, removed], f"{before} = {after} + {removed}")
    if len(frame):
        last = cells[("flow", len(frame) - 1, "remaining")]
        yield total("cases of all cases", [last], f"{last} = cases of all cases")
