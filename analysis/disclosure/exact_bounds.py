"""Exact bounds of the counts that may have been recovered, by integer programs, block of shared unknowns by block.

Most programs are spared by a proof: a count is safe once two solutions lie far enough apart in it, whenever they were
found; and its bounds are exact once solutions reach those of the linear relaxation, which is quick to solve again
for another count.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import highspy
import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from analysis.disclosure.equations import SLACK, Limits, System
from analysis.errors import DisclosureError

_DIRECTIONS = 8  # random objectives tried before counts are solved for one by one, to save time (ours)
_GAP = 0.1  # between what is found in such a direction and the furthest: any solution far away will do (ours)
_FEW = 8  # counts that are solved for one by one at once (ours)
_INFEASIBLE = 2  # how `milp` says that no whole numbers agree
_SOLVED: dict[bytes, dict[int, tuple[int, int]]] = {}
"""Exact bounds by digest of a block: withholding one count more leaves most blocks of a page as they were."""
_BLOCKS_REMEMBERED = 100_000  # when there are so many all are forgotten, to bound the memory (ours)


def solve_exact_bounds(system: System, low: np.ndarray, high: np.ndarray, targets: Iterable[int], width: int) -> Limits:
    """Exact bounds of those targets that can be neither 0 nor values `width` or more apart, by integer programs.

    Parameters
    ----------
    system : System
        Counts and the equations between them; the solutions that are found are added to it.
    low, high : arrays, as `propagate_bounds` leaves them
    targets : positions in ``system.names``
    width : int
        Bounds this far apart need not be exact: such a count is safe.

    Returns
    -------
    low, high : arrays; exact for targets of at least 1 whose bounds lie less than `width` apart, as given for the rest.
    """
    low, high = low.copy(), high.copy()
    asked = [place for place in targets if high[place] - low[place] >= width or low[place] < 1]
    for block in _blocks(system, low, high, asked):
        digest = block.digest(width)
        if digest not in _SOLVED:
            if len(_SOLVED) == _BLOCKS_REMEMBERED:
                _SOLVED.clear()
            search = _Search(block, width, system.solutions)
            _SOLVED[digest] = search.settle()
            system.solutions.extend(_whole(system, block, solution, low) for solution in search.solutions)
        for place, (least, most) in _SOLVED[digest].items():
            low[block.columns[place]], high[block.columns[place]] = least, most
    return low, high


@dataclass(frozen=True)
class _Block:
    """The unknown counts that share equations, and their small system.

    Attributes
    ----------
    columns : array
        Positions of its counts in the whole system.
    places : array
        Those of them that are asked for, as positions in `columns`.
    matrix : csr_array
    row_low, row_high : arrays, one element per row of it
    low, high : arrays, one element per column of it
    """

    columns: np.ndarray
    places: np.ndarray
    matrix: csr_array
    row_low: np.ndarray
    row_high: np.ndarray
    low: np.ndarray
    high: np.ndarray

    def digest(self, width: int) -> bytes:
        """One for all that its exact bounds depend on."""
        matrix, limits = self.matrix, (self.row_low, self.row_high, self.low, self.high)
        hashed = hashlib.sha256(repr((width, matrix.shape)).encode())
        for array in (self.places, matrix.data, matrix.indices, matrix.indptr, *limits):
            hashed.update(array.tobytes())
        return hashed.digest()

    def agreeing(self, solutions: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
        """The counts of this block in those solutions that satisfy it."""
        for solution in solutions:
            counts = solution[self.columns]
            if ((counts >= self.low) & (counts <= self.high)).all():
                sums = self.matrix @ counts
                if ((sums >= self.row_low) & (sums <= self.row_high)).all():
                    yield counts


def _blocks(system: System, low: np.ndarray, high: np.ndarray, asked: list[int]) -> Iterator[_Block]:
    free = high > low
    label = _components(system, free)
    wanted = np.unique(label[asked])
    of_asked = np.zeros(len(low), dtype=bool)
    of_asked[asked] = True
    fixed = system.coefficient * np.where(free, 0.0, low)[system.column]
    fixed_part = np.bincount(system.row, fixed, len(system.low))
    of_block = np.argsort(label, kind="stable")
    terms = np.flatnonzero(free[system.column])
    terms = terms[np.lexsort((system.column[terms], system.row[terms], label[system.column[terms]]))]
    ends = [np.searchsorted(label[of_block], wanted, side) for side in ("left", "right")]
    ends += [np.searchsorted(label[system.column[terms]], wanted, side) for side in ("left", "right")]
    place_in_block = np.empty(len(low), dtype=np.int32)
    for first, end, first_term, end_term in zip(*ends, strict=True):
        columns, own = of_block[first:end], terms[first_term:end_term]
        if not len(own):
            continue
        place_in_block[columns] = np.arange(len(columns))
        begins = np.flatnonzero(np.diff(system.row[own], prepend=-1))
        rows, pointers = system.row[own[begins]], np.append(begins, len(own)).astype(np.int32)
        terms_of_rows = system.coefficient[own], place_in_block[system.column[own]], pointers
        part = csr_array(terms_of_rows, (len(rows), len(columns)))
        gap_low, gap_high = system.low[rows] - fixed_part[rows] - SLACK, system.high[rows] - fixed_part[rows] + SLACK
        places = np.flatnonzero(of_asked[columns])
        yield _Block(columns, places, part, gap_low, gap_high, low[columns], high[columns])


def _components(system: System, free: np.ndarray) -> np.ndarray:
    """The block of each count, by number: unknown counts that share equations; -1 for a count that is known."""
    terms = free[system.column]
    nodes = len(free) + len(system.low)  # counts, then equations
    ends = system.column[terms], len(free) + system.row[terms]
    shared = csr_array((np.ones(len(ends[0])), ends), (nodes, nodes))
    return np.where(free, connected_components(shared, directed=False)[1][: len(free)], -1)


def _whole(system: System, block: _Block, solution: np.ndarray, low: np.ndarray) -> np.ndarray:
    """A solution of one block as one of the system, its other unknowns as they were in the last one."""
    whole = (system.solutions[-1] if system.solutions else low).copy()
    whole[block.columns] = solution
    return whole


class _Search:
    """Solutions of a block, sought so that as few integer programs as possible are solved."""

    def __init__(self, block: _Block, width: int, known: Iterable[np.ndarray]):
        self.block, self.width = block, width
        self.solutions: list[np.ndarray] = []
        self.seen_low = np.full(len(block.low), np.inf)
        self.seen_high = np.full(len(block.low), -np.inf)
        for counts in block.agreeing(known):
            self._see(counts)

    def settle(self) -> dict[int, tuple[int, int]]:
        """Exact bounds of the places that can be neither 0 nor values `width` apart.

        Solutions far from each other are sought first in directions that concern all places at once: most places
        turn out to be free, and need no program of their own.
        """
        settled = self._proven() if np.isfinite(self.seen_low).all() else {}
        directions = np.random.default_rng(0)
        for _ in range(_DIRECTIONS):
            left = self._left(settled)
            if len(left) <= _FEW:
                break
            objective = np.zeros(len(self.block.low))
            objective[left] = directions.choice([-1.0, 1.0], len(left))
            if self._furthest(objective, gap=_GAP) is None or self._furthest(-objective, gap=_GAP) is None:
                return {}
        for place in self._left(settled):
            if place in self._left(settled):  # no solution for another has shown meanwhile that it is free
                least, most = self._end(place, 1.0), self._end(place, -1.0)
                if least is not None and most is not None and most - least < self.width:
                    settled[int(place)] = (least, most)
        return settled

    def _left(self, settled: dict[int, tuple[int, int]]) -> np.ndarray:
        """Places that are neither settled nor seen to be free."""
        places = self.block.places
        apart = self.seen_high[places] - self.seen_low[places]
        left = places[(apart < self.width) & (self.seen_low[places] >= 1)]
        return left[~np.isin(left, list(settled))]

    def _proven(self) -> dict[int, tuple[int, int]]:
        """Bounds of the places where the solutions seen before reach both ends of the linear relaxation."""
        ends = {int(place): (self._reached(place, 1.0), self._reached(place, -1.0)) for place in self._left({})}
        return {place: (least, most) for place, (least, most) in ends.items() if least is not None and most is not None}

    def _end(self, place: int, sign: float) -> int | None:
        """The least (sign 1) or the most (sign -1) that the count can be; None if no whole numbers agree."""
        reached = self._reached(place, sign)
        if reached is not None:
            return reached
        objective = np.zeros(len(self.block.low))
        objective[place] = sign
        solution = self._furthest(objective)
        return None if solution is None else int(solution[place])

    def _reached(self, place: int, sign: float) -> int | None:
        """That end, if a solution seen reaches the end of the linear relaxation, and so proves it."""
        seen = (self.seen_low if sign > 0 else self.seen_high)[place]
        return int(seen) if np.isfinite(seen) and self._relaxed.end(place, sign) == seen else None

    def _furthest(self, objective: np.ndarray, gap: float = 0.0) -> np.ndarray | None:
        block = self.block
        found = milp(
            objective,
            constraints=LinearConstraint(block.matrix, block.row_low, block.row_high),
            integrality=np.ones(len(block.low)),
            bounds=Bounds(block.low, block.high),
            options={"mip_rel_gap": gap},
        )
        if found.status == _INFEASIBLE:
            return None
        if found.x is None:
            raise DisclosureError("the attack on what would be published", f"a program was not solved: {found.message}")
        solution = np.round(found.x)
        self._see(solution)
        self.solutions.append(solution)
        return solution

    def _see(self, counts: np.ndarray) -> None:
        np.minimum(self.seen_low, counts, out=self.seen_low)
        np.maximum(self.seen_high, counts, out=self.seen_high)

    @cached_property
    def _relaxed(self) -> "_Relaxation":
        return _Relaxation(self.block)


class _Relaxation:
    """The block without the rule that counts are whole; each solution begins where the last one ended."""

    def __init__(self, block: _Block):
        program = highspy.HighsLp()
        program.num_row_, program.num_col_ = block.matrix.shape
        program.col_cost_ = np.zeros(len(block.low))
        program.col_lower_, program.col_upper_ = block.low, block.high
        program.row_lower_, program.row_upper_ = block.row_low, block.row_high
        program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        program.a_matrix_.start_, program.a_matrix_.index_ = block.matrix.indptr, block.matrix.indices
        program.a_matrix_.value_ = block.matrix.data
        self._solver = highspy._Highs()  # type: ignore[attr-defined]  # `Highs` prints its version as it is made
        self._solver.setOptionValue("output_flag", False)
        self._solver.setOptionValue("presolve", "off")
        self._solver.setOptionValue("threads", 1)
        self._solver.passModel(program)

    def end(self, place: int, sign: float) -> float:
        """The least (sign 1) or the most (sign -1) that the count can be, as a whole number; NaN if not solved."""
        self._solver.changeColCost(int(place), sign)
        self._solver.run()
        solved = self._solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        value = self._solver.getSolution().col_value[place] if solved else np.nan
        self._solver.changeColCost(int(place), 0.0)
        return float(np.ceil(value - SLACK) if sign > 0 else np.floor(value + SLACK))
