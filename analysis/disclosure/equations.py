"""Linear constraints between counts: the bounds of each unknown count, by propagation and integer programming.

Bounds are first propagated equation by equation (quick, sound, not complete), then, where asked, by an integer
program (complete). A count that can take one value only has been recovered.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from analysis.errors import DisclosureError

LARGEST_COUNT = 10_000_000  # above any count of one authority (ours)
Limits = tuple[np.ndarray, np.ndarray]
_SLACK = 1e-6  # for errors of floating point; counts are whole numbers
_DIRECTIONS = 8  # random objectives tried before counts are solved for one by one, to save time (ours)
_INFEASIBLE = 2  # how `milp` says that no whole numbers agree


@dataclass(frozen=True)
class Equation:
    """``low <= sum(coefficient * quantity) <= high``, and the words for it."""

    terms: Mapping[str, float]
    words: str
    low: float = 0.0
    high: float = 0.0


def total(whole: str, parts: Iterable[str], words: str) -> Equation:
    """The equation ``whole = sum of parts``.

    Parameters
    ----------
    whole : str
        Name of a count.
    parts : iterable of str
        Names of the counts that add up to it.
    words : str
        The equation, for a finding.

    Returns
    -------
    Equation
    """
    terms = {whole: -1.0}
    for part in parts:
        terms[part] = terms.get(part, 0.0) + 1.0
    return Equation(terms, words)


_SOLVED: dict[bytes, dict[int, tuple[int, int]]] = {}
"""Exact bounds by digest of a block: withholding one count more leaves most blocks of a page as they were."""
_BLOCKS_REMEMBERED = 100_000  # when there are so many all are forgotten, to bound the memory (ours)


class System:
    """Equations between counts, as arrays.

    Parameters
    ----------
    equations : sequence of Equation
    others : names of counts that may stand in none of the equations

    Attributes
    ----------
    row, column, coefficient : arrays, one element per term of an equation
    entries : list of arrays
        Where in these a count has its terms, by its position.
    """

    def __init__(self, equations: Sequence[Equation], others: Iterable[str] = ()):
        self.equations = list(equations)
        self.names = list(dict.fromkeys([*others, *(name for e in self.equations for name in e.terms)]))
        self.position = {name: place for place, name in enumerate(self.names)}
        terms = [(row, n, c) for row, e in enumerate(self.equations) for n, c in e.terms.items() if abs(c) > _SLACK]
        self.row = np.array([row for row, _, _ in terms], dtype=int)
        self.column = np.array([self.position[name] for _, name, _ in terms], dtype=int)
        self.coefficient = np.array([coefficient for _, _, coefficient in terms], dtype=float)
        order = np.argsort(self.column, kind="stable")
        self.entries = np.split(order, np.cumsum(np.bincount(self.column, minlength=len(self.names)))[:-1])
        self.low = np.array([equation.low for equation in self.equations], dtype=float)
        self.high = np.array([equation.high for equation in self.equations], dtype=float)

    def bounds(self, known: Mapping[str, tuple[int, int]]) -> Limits:
        """Arrays of the lowest and highest value known of each count; 0 or more for one that is not known."""
        pairs = [known.get(name, (0, LARGEST_COUNT)) for name in self.names]
        array = np.array(pairs, dtype=float).reshape(-1, 2)
        return array[:, 0].copy(), array[:, 1].copy()


def propagate_bounds(system: System, low: np.ndarray, high: np.ndarray, passes: int = 200) -> Limits:
    """Bounds that each equation, taken by itself and again and again, leaves to each count.

    Parameters
    ----------
    system : System
        Counts and the equations between them.
    low : ndarray, one element per ``system.names``
        Lowest value that each count can take.
    high : ndarray, one element per ``system.names``
        Highest value that each count can take.
    passes : int, 1 or more, optional
        Most passes over the equations.

    Returns
    -------
    low, high : arrays, one element per ``system.names``; ``low > high`` where the equations contradict each other.
    """
    if not system.equations:
        return low, high
    row, column, coefficient = system.row, system.column, system.coefficient
    positive = coefficient > 0
    for _ in range(passes):
        least, most = coefficient * low[column], coefficient * high[column]
        least, most = np.where(positive, least, most), np.where(positive, most, least)
        spare_high = (system.high - np.bincount(row, least, len(system.low)))[row] + least
        spare_low = (system.low - np.bincount(row, most, len(system.low)))[row] + most
        upper = np.floor(np.where(positive, spare_high, spare_low) / coefficient + _SLACK)
        lower = np.ceil(np.where(positive, spare_low, spare_high) / coefficient - _SLACK)
        new_low, new_high = low.copy(), high.copy()
        np.maximum.at(new_low, column, lower)
        np.minimum.at(new_high, column, upper)
        if (new_low == low).all() and (new_high == high).all() or (new_low > new_high).any():
            return new_low, new_high
        low, high = new_low, new_high
    return low, high


def drop_infeasible(equations: Sequence[Equation], known: Mapping[str, tuple[int, int]]) -> System:
    """A system of those equations that do not contradict what is known or each other.

    An equation that does not hold of the numbers printed (two tables count different cases, say) tells a reader
    nothing, and would make every other one useless if it stayed.

    Parameters
    ----------
    equations : sequence of Equation
    known : dict of quantity -> (lowest, highest)

    Returns
    -------
    System
    """
    equations = list(equations)
    while True:
        system = System(equations, known)
        start = system.bounds(known)
        low, high = propagate_bounds(system, *start)
        crossed = np.flatnonzero(low > high)
        touching = np.unique(system.row[np.isin(system.column, crossed)])
        if not len(touching):
            return system
        false = np.intersect1d(touching, _false_rows(system, *start))
        del equations[max(false if len(false) else touching, key=lambda row: len(equations[row].terms))]


def _false_rows(system: System, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Equations that no counts within the bounds satisfy."""
    ends = system.coefficient * low[system.column], system.coefficient * high[system.column]
    least = np.bincount(system.row, np.minimum(*ends), len(system.low))
    most = np.bincount(system.row, np.maximum(*ends), len(system.low))
    return np.flatnonzero((least > system.high + _SLACK) | (most < system.low - _SLACK))


def solve_exact_bounds(system: System, low: np.ndarray, high: np.ndarray, targets: Iterable[int], width: int) -> Limits:
    """Exact bounds of those targets that can be neither 0 nor values `width` or more apart, by integer programs.

    Parameters
    ----------
    system : System
        Counts and the equations between them.
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
    for places, columns, block in _blocks(system, low, high, asked):
        digest = _digest(places, block, width)
        if digest not in _SOLVED:
            if len(_SOLVED) == _BLOCKS_REMEMBERED:
                _SOLVED.clear()
            _SOLVED[digest] = _solve_block(places, block, width)
        for place, (least, most) in _SOLVED[digest].items():
            low[columns[place]], high[columns[place]] = least, most
    return low, high


def _digest(places: np.ndarray, block: tuple, width: int) -> bytes:
    """One for all that the exact bounds of a block depend on."""
    matrix, *limits = block
    arrays = (places, matrix.data, matrix.indices, matrix.indptr, *limits)
    hashed = hashlib.sha256(repr((width, matrix.shape)).encode())
    for array in arrays:
        hashed.update(array.tobytes())
    return hashed.digest()


def _blocks(system: System, low: np.ndarray, high: np.ndarray, asked: list[int]):
    """The unknown counts that share equations: places asked for, columns, and their small system as arrays."""
    free = high > low
    matrix = csr_array((system.coefficient, (system.row, system.column)), (len(system.low), len(low)))
    fixed_part = matrix @ np.where(free, 0.0, low)
    unknown = abs(matrix[:, np.flatnonzero(free)])
    label = np.full(len(low), -1)
    label[free] = connected_components(unknown.T @ unknown, directed=False)[1]
    terms = np.flatnonzero(free[system.column])
    terms = terms[np.argsort(label[system.column[terms]], kind="stable")]
    of_terms = label[system.column[terms]]
    for component in np.unique(label[asked]):
        columns = np.flatnonzero(label == component)
        own = terms[np.searchsorted(of_terms, component) : np.searchsorted(of_terms, component, side="right")]
        if not len(own):
            continue
        rows, row = np.unique(system.row[own], return_inverse=True)
        column = np.searchsorted(columns, system.column[own])
        part = csr_array((system.coefficient[own], (row, column)), (len(rows), len(columns)))
        gap_low, gap_high = system.low[rows] - fixed_part[rows] - _SLACK, system.high[rows] - fixed_part[rows] + _SLACK
        places = np.flatnonzero(np.isin(columns, asked))
        yield places, columns, (part, gap_low, gap_high, low[columns], high[columns])


def _solve_block(places: np.ndarray, block: tuple, width: int) -> dict[int, tuple[int, int]]:
    """Exact bounds of the places that can be neither 0 nor values `width` apart.

    Solutions far from each other are sought first in directions that concern all places at once: most places
    turn out to be free, and need no program of their own.
    """
    matrix, row_low, row_high, low, high = block
    constraint, bounds = LinearConstraint(matrix, row_low, row_high), Bounds(low, high)
    seen_low, seen_high = np.full(len(low), np.inf), np.full(len(low), -np.inf)

    def furthest(objective: np.ndarray) -> np.ndarray | None:
        found = milp(objective, constraints=constraint, integrality=np.ones(len(low)), bounds=bounds)
        if found.status == _INFEASIBLE:
            return None
        if found.x is None:
            raise DisclosureError("the attack on what would be published", f"a program was not solved: {found.message}")
        solution = np.round(found.x)
        np.minimum(seen_low, solution, out=seen_low)
        np.maximum(seen_high, solution, out=seen_high)
        return solution

    def left() -> np.ndarray:
        return places[(seen_high[places] - seen_low[places] < width) & (seen_low[places] >= 1)]

    directions = np.random.default_rng(0)
    for _ in range(_DIRECTIONS):
        if not len(left()):
            return {}
        objective = np.zeros(len(low))
        objective[left()] = directions.choice([-1.0, 1.0], len(left()))
        if furthest(objective) is None or furthest(-objective) is None:
            return {}
    settled = {}
    for place in left():
        objective = np.zeros(len(low))
        objective[place] = 1.0
        least, most = furthest(objective), furthest(-objective)
        if least is not None and most is not None and most[place] - least[place] < width:
            settled[int(place)] = (int(least[place]), int(most[place]))
    return settled
