"""Linear constraints between counts, and the bounds of each unknown count that follow equation by equation.

That is quick and sound, and not complete: `analysis.disclosure.exact_bounds` is.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

LARGEST_COUNT = 10_000_000  # above any count of one authority (ours)
Limits = tuple[np.ndarray, np.ndarray]
SLACK = 1e-6  # for errors of floating point; counts are whole numbers
_SOLUTIONS_REMEMBERED = 200  # to bound the memory (ours)


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


class System:
    """Equations between counts, as arrays.

    Parameters
    ----------
    equations : sequence of Equation
    others : names of counts that may stand in none of the equations

    Attributes
    ----------
    row, column, coefficient : arrays, one element per term of an equation, in the order of the equations
    solutions : deque of arrays, one element per name
        Whole numbers found before that satisfy the equations, of some of the counts at least.
    """

    def __init__(self, equations: Sequence[Equation], others: Iterable[str] = ()):
        self.equations = list(equations)
        self.names = list(dict.fromkeys([*others, *(name for e in self.equations for name in e.terms)]))
        self.position = {name: place for place, name in enumerate(self.names)}
        terms = [term for equation in self.equations for term in equation.terms.items()]
        coefficient = np.fromiter((coefficient for _, coefficient in terms), dtype=float, count=len(terms))
        column = np.fromiter((self.position[name] for name, _ in terms), dtype=int, count=len(terms))
        row = np.repeat(np.arange(len(self.equations)), [len(equation.terms) for equation in self.equations])
        stands = abs(coefficient) > SLACK
        self.row, self.column, self.coefficient = row[stands], column[stands], coefficient[stands]
        self.low = np.array([equation.low for equation in self.equations], dtype=float)
        self.high = np.array([equation.high for equation in self.equations], dtype=float)
        self.solutions: deque[np.ndarray] = deque(maxlen=_SOLUTIONS_REMEMBERED)

    @cached_property
    def entries(self) -> list[np.ndarray]:
        """Where among the terms those of each count are, by its position."""
        order = np.argsort(self.column, kind="stable")
        return np.split(order, np.cumsum(np.bincount(self.column, minlength=len(self.names)))[:-1])

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
        upper = np.floor(np.where(positive, spare_high, spare_low) / coefficient + SLACK)
        lower = np.ceil(np.where(positive, spare_low, spare_high) / coefficient - SLACK)
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
    return np.flatnonzero((least > system.high + SLACK) | (most < system.low - SLACK))
