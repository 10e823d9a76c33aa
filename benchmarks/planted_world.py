"""Arrays in which the truth is planted: families, dates, predictors and documents with a known log-odds."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from sklearn.decomposition import NMF
from sklearn.feature_extraction.text import TfidfTransformer

from analysis.model import Cases, Predictors


@dataclass(frozen=True)
class PlantedWorld:
    """Cases, predictors and the true risk of each case."""

    cases: Cases
    predictors: Predictors
    true_risk: np.ndarray


@dataclass(frozen=True)
class PlantedText:
    """Word counts by case, weighed by rarity and gathered into topics, both learned from the rows given."""

    counts: sparse.csr_matrix
    topics: int

    def fit(self, rows):
        weigh = TfidfTransformer(sublinear_tf=True).fit(self.counts[rows])
        gather = NMF(self.topics, init="nndsvda", max_iter=200, tol=1e-2, random_state=0).fit(
            weigh.transform(self.counts[rows])
        )
        return FittedPlantedText(self.counts, weigh, gather)


@dataclass(frozen=True)
class FittedPlantedText:
    counts: sparse.csr_matrix
    weigh: TfidfTransformer
    gather: NMF

    def transform(self, rows):
        words = self.weigh.transform(self.counts[rows])
        return sparse.hstack([words, sparse.csr_matrix(self.gather.transform(words))], format="csr", dtype=np.float32)


def plant_world(
    count: int,
    *,
    seed: int,
    prevalence: float = 0.1,
    signal: float = 1.0,
    structured: int = 12,
    words: int = 40,
    topics: int = 3,
    years: float = 6.0,
) -> PlantedWorld:
    """`count` cases whose log-odds are a planted sum of three predictors and a family effect.

    Parameters
    ----------
    signal : float
        Multiplies the log-odds; at 0 no predictor carries anything.
    """
    random = np.random.default_rng(seed)
    family = _families(count, random)
    index_date = _dates(family, years, random)
    values = random.normal(size=(count, structured))
    shared = random.normal(size=family.max() + 1)[family]
    score = signal * (values[:, 0] + 0.7 * values[:, 1] - 0.7 * values[:, 2] + 0.5 * shared)
    true_risk = 1 / (1 + np.exp(-(score + _intercept(score, prevalence))))
    outcome = random.random(count) < true_risk
    values[random.random(values.shape) < 0.05] = np.nan
    counts = sparse.csr_matrix(random.poisson(0.15, size=(count, words)).astype(np.float32))
    predictors = Predictors(
        structured=values.astype(np.float32),
        text_unfitted=random.poisson(1.0, size=(count, 5)).astype(np.float32),
        text_features=PlantedText(counts, topics),
    )
    return PlantedWorld(Cases(outcome, family, index_date), predictors, true_risk)


def _families(count: int, random: np.random.Generator) -> np.ndarray:
    """Families of one to four cases (1.9 on average)."""
    sizes = random.choice(4, size=count, p=[0.45, 0.3, 0.15, 0.1]) + 1
    return np.repeat(np.arange(count), sizes)[:count]


def _dates(family: np.ndarray, years: float, random: np.random.Generator) -> np.ndarray:
    """A family comes on any day of the period; its later cases follow within about a year."""
    days = int(years * 365.25)
    came = random.integers(0, days, size=family.max() + 1)[family]
    day = came + random.exponential(200, size=len(family)).astype(int)
    return np.datetime64("2012-03-01") + np.where(day < days, day, came)


def _intercept(score: np.ndarray, prevalence: float) -> float:
    """The intercept at which the mean risk is the prevalence, by bisection."""
    low, high = -30.0, 30.0
    for _ in range(60):
        middle = (low + high) / 2
        mean = np.mean(1 / (1 + np.exp(-(score + middle))))
        low, high = (middle, high) if mean < prevalence else (low, middle)
    return low
