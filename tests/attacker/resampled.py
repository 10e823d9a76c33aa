"""What the interval of a share tells of its two counts, where families were resampled: an outsider's estimate.

Among many cases the number of hits in a bootstrap sample is close to Poisson, and so is that of the others. The printed
ends are quantiles of hits / (hits + others). Which counts agree with them, with room for chance in the drawing of the
samples and for families of more than one case?
"""

from functools import lru_cache

import numpy as np
from scipy.stats import poisson

FAMILY = 1.3  # of cases in a family, at most, on average: what it takes from the number of independent draws
LARGEST = 120  # the largest whole tried
ROOM = 4.0  # standard errors of the level at which an end of the interval was drawn


def agreeing(
    parts: tuple[int, int], wholes: tuple[int, int], share: float | None, ends: tuple[float, float], replicates: int
) -> list[tuple[int, int]] | None:
    """Pairs of part and whole, each between two limits, that agree with the ends; None if there is no telling.

    `share` is k / n to three decimals, or None where it is that of rounded counts.
    """
    most = min(wholes[1], LARGEST)
    pairs = [
        (part, whole)
        for whole in range(max(wholes[0], 2), int(most) + 1)
        for part in range(max(parts[0], 1), int(min(parts[1], whole - 1)) + 1)
        if share is None or abs(part / whole - share) <= 0.0005 + 1e-9
    ]
    if not pairs or wholes[0] > LARGEST:
        return None
    found = [pair for pair in pairs if _agrees(*pair, ends, replicates)]
    open_above = wholes[1] > LARGEST and any(whole == max(w for _, w in pairs) for _, whole in found)
    return found if found and not open_above else None


def _agrees(part: int, whole: int, ends: tuple[float, float], replicates: int) -> bool:
    low, high = zip(_ends(part, whole - part, replicates), _ends(part / FAMILY, (whole - part) / FAMILY, replicates),
                    strict=True)  # fmt: skip
    within = [min(w[0] for w in side) - 0.005 <= end <= max(w[1] for w in side) + 0.005
              for side, end in zip((low, high), ends, strict=True)]  # fmt: skip
    return all(within)


@lru_cache(maxsize=10_000)
def _ends(hits: float, others: float, replicates: int) -> tuple[tuple[float, float], tuple[float, float]]:
    """Between what the lower and the upper end of an interval of 95% can lie."""
    room = ROOM * np.sqrt(0.025 * 0.975 / replicates)
    levels = np.array([max(0.025 - room, 0), 0.025 + room])
    top = int(hits + others + 8 * np.sqrt(hits + others) + 8)
    number = np.arange(top)
    chance = np.outer(poisson.pmf(number, hits), poisson.pmf(number, others)).ravel()[1:]
    drawn = (number[:, None] / np.maximum(number[:, None] + number, 1)).ravel()[1:]
    order = np.argsort(drawn)
    below = np.cumsum(chance[order]) / chance.sum()

    def quantile(level: float) -> float:
        return float(drawn[order][min(np.searchsorted(below, level), len(order) - 1)])

    return (quantile(levels[0]), quantile(levels[1])), (quantile(1 - levels[1]), quantile(1 - levels[0]))
