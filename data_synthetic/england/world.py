"""One authority while its children's lives are being written: the people, the record so far, and the dice."""

from dataclasses import dataclass, field

import numpy as np

from analysis.protocol.values import Prediction
from data_synthetic.england.history import History
from data_synthetic.england.people import People, choose
from data_synthetic.england.truth import AuthorityTruth, Truth


@dataclass
class World:
    """One authority while its children's lives are being written."""

    truth: Truth
    authority: AuthorityTruth
    predictions: dict[str, Prediction]  # of this authority, as the protocol declares them
    people: People
    rng: np.random.Generator
    history: History
    rows: dict[str, list[dict]] = field(default_factory=dict)
    no_referral_until: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=int))
    no_need_until: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=int))

    def write(self, table: str, **columns) -> None:
        """Add rows to a table of the record."""
        self.rows.setdefault(table, []).append(columns)

    # Every child has its own number in every draw, whether or not the draw concerns it: a small change of the truth
    # then changes few lives, and what it does can be told from chance.

    def draw(self, child: np.ndarray) -> np.ndarray:
        """A number from 0 to 1 for each of these children."""
        return self.rng.random(len(self.people))[child]

    def uniform(self, low: int, high: int, child: np.ndarray) -> np.ndarray:
        """Whole days from low to high - 1.

        Parameters
        ----------
        low : int
            The first day.
        high : int
            The day after the last, above `low`.
        child : ndarray of int
            Each at most once.

        Returns
        -------
        ndarray of int, shape (children,)
        """
        return low + (self.draw(child) * (high - low)).astype(int)

    def chance(self, share: float | np.ndarray, child: np.ndarray) -> np.ndarray:
        """True with this probability.

        Parameters
        ----------
        share : float or ndarray
            From 0 to 1, one for all or one for each child.
        child : ndarray of int

        Returns
        -------
        ndarray of bool, shape (children,)
        """
        return self.draw(child) < share

    def days(self, typical: float, spread: float, child: np.ndarray) -> np.ndarray:
        """A log-normal length with this median and standard deviation of its logarithm.

        Parameters
        ----------
        typical : float
            Median, in days, above 0.
        spread : float
            0 or more.
        child : ndarray of int

        Returns
        -------
        ndarray of int, shape (children,)
        """
        return np.exp(np.log(typical) + spread * self.rng.standard_normal(len(self.people))[child]).astype(int)

    def source(self, child: np.ndarray) -> np.ndarray:
        """A source of contact."""
        return choose(self.rng, self.truth.sources, len(self.people))[child]


def new_world(truth: Truth, authority: AuthorityTruth, predictions: dict, people: People, rng) -> World:
    """An authority in which nothing has happened yet.

    Parameters
    ----------
    truth : Truth
    authority : AuthorityTruth
    predictions : dict
        Of this authority, by name.
    people : People
    rng : numpy Generator
        Of every draw that follows.

    Returns
    -------
    World
    """
    nothing = np.zeros(len(people), np.int64)
    return World(
        truth=truth,
        authority=authority,
        predictions=predictions,
        people=people,
        rng=rng,
        history=History(len(people), people.family, people.siblings),
        no_referral_until=nothing.copy(),
        no_need_until=nothing.copy(),
    )
