"""Whole numbers that are not known, what relates them, and what each can then be: an outsider's arithmetic."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

MOST = 1_000_000


@dataclass
class Unknowns:
    """Whole numbers by name, each between two limits, and linear relations between them."""

    limits: dict[str, list[float]] = field(default_factory=dict)
    relations: list[tuple[dict[str, float], float, float]] = field(default_factory=list)

    def number(self, name: str, low: float = 0, high: float = MOST) -> str:
        known = self.limits.setdefault(name, [0, MOST])
        known[0], known[1] = max(known[0], low), min(known[1], high)
        return name

    def count_constraints(self, terms: Mapping[str, float], low: float = 0.0, high: float = 0.0) -> None:
        for name in terms:
            self.number(name)
        self.relations.append((dict(terms), low, high))

    def add_up(self, whole: str, parts: Sequence[str], *, complete: bool = True) -> None:
        terms = {whole: -1.0}
        for part in parts:
            terms[part] = terms.get(part, 0.0) + 1.0
        terms = {name: factor for name, factor in terms.items() if factor}  # a whole may be its own only part
        if terms:
            self.count_constraints(terms, 0.0 if complete else -np.inf, 0.0)


def narrow(unknowns: Unknowns, asked: Sequence[str], threshold: int) -> Iterator[tuple[str, int, int]]:
    names = list(unknowns.limits)
    place = {name: number for number, name in enumerate(names)}
    if not unknowns.relations:
        return
    low, high = np.array(list(unknowns.limits.values()), dtype=float).T
    terms = [(r, place[n], c) for r, (relation, _, _) in enumerate(unknowns.relations) for n, c in relation.items()]
    row, column, value = (np.array(part) for part in zip(*terms, strict=True))
    row, column = row.astype(int), column.astype(int)
    least = np.array([relation[1] for relation in unknowns.relations]) - 1e-6
    most = np.array([relation[2] for relation in unknowns.relations]) + 1e-6
    low, high = _propagate(row, column, value, (least, most), (low, high))
    matrix = csr_array((value, (row, column)), (len(least), len(names)))
    seen = np.full(len(names), np.inf), np.full(len(names), -np.inf)  # of every number in any world that was solved for
    for name in asked:
        at = place[name]
        if high[at] < 1 or low[at] > threshold or seen[1][at] - seen[0][at] >= 2:
            continue
        if high[at] - low[at] >= 2 or low[at] < 1:
            low[at], high[at] = _extremes(matrix, (least, most), (low, high), at, seen)
        if 1 <= low[at] <= threshold and high[at] - low[at] < 2:
            yield name, int(low[at]), int(high[at])


def _propagate(row, column, value, sides, limits, passes: int = 100):
    """Each relation by itself, again and again, narrows what its numbers can be."""
    low, high = limits
    for _ in range(passes):
        small, large = np.minimum(value * low[column], value * high[column]), np.maximum(
            value * low[column], value * high[column])  # fmt: skip
        room_up = (sides[1] - np.bincount(row, small, len(sides[1])))[row] + small
        room_down = (sides[0] - np.bincount(row, large, len(sides[0])))[row] + large
        with np.errstate(invalid="ignore"):
            upper = np.floor(np.where(value > 0, room_up, room_down) / value + 1e-6)
            lower = np.ceil(np.where(value > 0, room_down, room_up) / value - 1e-6)
        new_low, new_high = low.copy(), high.copy()
        np.maximum.at(new_low, column, lower)
        np.minimum.at(new_high, column, upper)
        assert (new_low <= new_high).all(), "what is printed contradicts what the outsider takes for certain"
        if (new_low == low).all() and (new_high == high).all():
            break
        low, high = new_low, new_high
    return low, high


def _extremes(matrix, sides, limits, at: int, seen) -> tuple[float, float]:
    """Lowest and highest possible value of one number, all relations taken together.

    Each solution is a world that agrees with what is printed: what other numbers are in it is noted in `seen`.
    """
    rows, columns = _connected(matrix, at, limits)
    block = matrix[rows][:, columns]
    objective = (np.array(columns) == at).astype(float)
    found = []
    for sign in (1.0, -1.0):
        solved = milp(
            sign * objective,
            constraints=LinearConstraint(block, sides[0][rows], sides[1][rows]),
            integrality=np.ones(len(columns)),
            bounds=Bounds(limits[0][columns], limits[1][columns]),
        )
        if solved.x is None:
            return limits[0][at], limits[1][at]
        world = np.round(solved.x)
        np.minimum.at(seen[0], columns, world)
        np.maximum.at(seen[1], columns, world)
        found.append(float(world[columns.index(at)]))
    return found[0], found[1]


def _connected(matrix, at: int, limits) -> tuple[list[int], list[int]]:
    """The relations and numbers that a number hangs together with; numbers that are known do not connect."""
    free = limits[1] > limits[0]
    by_column, rows, columns, front = matrix.tocsc(), set(), {at}, {at}
    while front:
        touched = {
            int(r) for c in front for r in by_column.indices[by_column.indptr[c] : by_column.indptr[c + 1]]
        } - rows
        rows |= touched
        reached = {int(c) for r in touched for c in matrix.indices[matrix.indptr[r] : matrix.indptr[r + 1]]} - columns
        columns |= reached
        front = {c for c in reached if free[c]}
    return sorted(rows), sorted(columns)
