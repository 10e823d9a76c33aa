"""Families and their children: who there is to be seen, and what nobody records about them."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from data_synthetic.england.truth import AuthorityTruth, Truth

CHILDHOOD_DAYS = 6574  # eighteen years
# Shares, near those of children in need in England (Department for Education, Children in need 2024).
GENDERS = {"a) Male": 0.535, "b) Female": 0.45, "c) Not stated/recorded": 0.013, "d) Neither": 0.002}


@dataclass(frozen=True)
class People:
    """One authority's children as arrays of one value per child (dates as days since 1970).

    `siblings` has one row per family, its children's positions, padded with -1.
    `family_effect` and `hidden` are standard normal: the family's own risk, and the child's, that no list holds.
    """

    family: np.ndarray
    siblings: np.ndarray
    first_visit: np.ndarray  # one per family
    birth: np.ndarray
    gender: np.ndarray
    ethnicity: np.ndarray
    disability: np.ndarray
    family_effect: np.ndarray
    hidden: np.ndarray

    def __len__(self) -> int:
        return len(self.family)


def day(moment: date) -> int:
    """Days since 1 January 1970."""
    return (moment - date(1970, 1, 1)).days


def choose(rng: np.random.Generator, shares: dict, size: int) -> np.ndarray:
    """Keys drawn at random, each in proportion to its value.

    Parameters
    ----------
    rng : numpy Generator
    shares : dict
        Values of 0 or more, which need not add up to 1.
    size : int
        How many to draw.

    Returns
    -------
    ndarray, shape (size,)
    """
    weights = np.array(list(shares.values()), dtype=float)
    return np.array(list(shares))[rng.choice(len(weights), size, p=weights / weights.sum())]


def populate(truth: Truth, authority: AuthorityTruth, rng: np.random.Generator, *, scale: float) -> People:
    """Draw an authority's families and children, `scale` times as many as its truth says.

    Parameters
    ----------
    truth : Truth
        Shares of sizes of family, ages, ethnicities and disability.
    authority : AuthorityTruth
        Its number of families and its period.
    rng : numpy Generator
    scale : float
        Above 0; there are at least twelve families.

    Returns
    -------
    People
    """
    families = max(int(round(authority.families * scale)), 12)
    sizes = choose(rng, truth.siblings, families)
    family = np.repeat(np.arange(families), sizes)
    children = len(family)
    first_visit = rng.integers(day(authority.first_date), day(authority.last_date) - 30, families)
    ethnicity = {**truth.ethnicity, "OOTH": authority.other_ethnicity * sum(truth.ethnicity.values())}
    return People(
        family=family,
        siblings=_siblings(sizes),
        first_visit=first_visit,
        birth=first_visit[family] - _ages_in_days(truth, rng, children),
        gender=choose(rng, GENDERS, children),
        ethnicity=choose(rng, ethnicity, families)[family],
        disability=choose(
            rng, {"a) Yes": truth.disability, "b) No": 0.94 - truth.disability, "c) Unknown": 0.06}, children
        ),
        family_effect=rng.standard_normal(families)[family],
        hidden=rng.standard_normal(children),
    )


def _siblings(sizes: np.ndarray) -> np.ndarray:
    place = np.arange(sizes.max())
    first = np.cumsum(sizes) - sizes
    return np.where(place < sizes[:, None], first[:, None] + place, -1)


def _ages_in_days(truth: Truth, rng: np.random.Generator, children: int) -> np.ndarray:
    """Ages at the family's first visit; a child not yet born has a negative one."""
    starts = np.array([*truth.ages, 18]) * 365.25
    band = rng.choice(len(truth.ages), children, p=np.array(list(truth.ages.values())) / sum(truth.ages.values()))
    low, high = starts[band], starts[band + 1]
    return np.clip(rng.uniform(low, high), -120, CHILDHOOD_DAYS - 90).astype(int)
