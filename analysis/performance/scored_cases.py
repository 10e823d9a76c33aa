"""The scores of a tool, read as a design is: the cases that had one, their risk, and the threshold that flags them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.cohort.supplied_scores import SCORED
from analysis.model import FittedDesign
from analysis.model.splits import Split
from analysis.protocol.values import Protocol

PROBABILITY, YES_OR_NO, OWN_RANGE = "a probability", "a yes or no", "a number in a range of its own"


@dataclass(frozen=True)
class SuppliedScore:
    """The cases that had a score in time, as the makers of tables read a design.

    Attributes
    ----------
    split : Split
        Its test rows are the cases with a score; there are no training rows.
    test_risk : ndarray, shape (cases with a score,)
        The score where it is a probability; else the share of these cases with a lower score, ties halved, which ranks
        them alike.
    threshold : float
        The lowest risk flagged: the tool's own threshold where the protocol states one, else as many as the registered
        design flags, and more where scores tie.
    scale : str
        `PROBABILITY`, `YES_OR_NO` or `OWN_RANGE`.
    """

    split: Split
    test_risk: np.ndarray
    threshold: float
    scale: str
    slug: str = SCORED


def supplied_score(
    score: np.ndarray, rows: np.ndarray, designs: Mapping[str, FittedDesign], protocol: Protocol
) -> SuppliedScore:
    """The scores of these cases, with the protocol's threshold for them, or one that flags as many as a design.

    Parameters
    ----------
    score : ndarray, shape (cases with a score,)
        In whatever range.
    rows : ndarray of int
        Which cases they are.
    designs : dict of str to FittedDesign
        By the design's slug.
    protocol : Protocol

    Returns
    -------
    SuppliedScore
    """
    own = protocol.scores.flag_from
    flagged = _as_many_as(designs, rows, protocol) if own is None else int((score >= own).sum())
    scale = scale_of(score, protocol.scores.fewest_values)
    risk = score.astype(float) if scale == PROBABILITY else _share_below(score)
    highest = np.sort(risk)[::-1]
    threshold = float(np.floor(highest[flagged - 1] * 1e4) / 1e4) if flagged else float(highest[0]) + 1e-4
    if own is not None and scale == PROBABILITY:
        threshold = own
    return SuppliedScore(Split(rows[:0], rows, (), "none"), risk, threshold, scale)


def scale_of(score: np.ndarray, fewest_values: int) -> str:
    """Whether scores may be probabilities: all from 0 to 1, and more than a yes or no.

    Parameters
    ----------
    score : ndarray
    fewest_values : int

    Returns
    -------
    str

    >>> scale_of(np.array([0, 1, 1]), 3), scale_of(np.array([0.1, 0.5, 1]), 3), scale_of(np.array([1, 5, 10]), 3)
    ('a yes or no', 'a probability', 'a number in a range of its own')
    """
    if len(np.unique(score)) < fewest_values:
        return YES_OR_NO
    return PROBABILITY if score.min() >= 0 and score.max() <= 1 else OWN_RANGE


def _as_many_as(designs: Mapping[str, FittedDesign], rows: np.ndarray, protocol: Protocol) -> int:
    """How many of these cases the registered design would flag, by its share of those to which it gave a risk."""
    design = designs[protocol.scores.flagged_as_many_as.slug]
    known = design.out_of_sample_risk[rows]
    known = known[np.isfinite(known)]
    return round(float((known >= design.threshold).mean()) * len(rows)) if len(known) else 0


def _share_below(score: np.ndarray) -> np.ndarray:
    """Share of cases with a lower score, half of those with the same counted: 0 to 1, in the order of the scores.

    >>> _share_below(np.array([10, 0, 5, 5]))
    array([0.875, 0.125, 0.5  , 0.5  ])
    """
    _, place, count = np.unique(score, return_inverse=True, return_counts=True)
    return ((np.cumsum(count) - count / 2) / len(score))[place]
