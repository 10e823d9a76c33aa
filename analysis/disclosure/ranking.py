"""Disclosure by measures: what a printed AUC or average precision reveals of the counts of flagged cases.

Of P cases with the outcome and N without, a model flags t and f. Every one of the t ranks above the N - f that are not
flagged, and every one of the f above the P - t that were missed:

    t (N - f) <= AUC P N <= P N - (P - t) f

Average precision is highest where the t rank first among those flagged and the P - t first among the others, and
lowest where they rank last. With few cases this leaves a withheld t or f few values. Where P and N are rounded, every
pair that would be printed so is tried. The intervals are left out of account: they come of resampled families, and no
such rule is known for them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.disclosure.equations import LARGEST_COUNT
from analysis.disclosure.relations import Counts
from analysis.disclosure.specification import TableSpecification

MOST_PAIRS = 4_000_000  # of (t, f); where there are more, a measure of two decimals leaves a great many of them
MEASURES = ("auc", "average_precision")
Flags = tuple[str, str, str]  # quantities: true positives, false positives, and all that are flagged


@dataclass(frozen=True)
class Ranked:
    """Cases whose ranking is disclosed by a printed measure.

    Attributes
    ----------
    labels : dict of column -> label
        The design, and the subgroup if it is one.
    sizes : tuple of (positives, negatives)
        Every pair of numbers of cases with and without the outcome that would be printed so.
    printed : dict of measure -> (lowest, highest) value that is printed so
    flags : tuple of (true positives, false positives, flagged)
        At each threshold that is printed for these cases.
    """

    labels: Mapping[str, str]
    sizes: tuple[tuple[int, int], ...]
    printed: Mapping[str, tuple[float, float]]
    flags: tuple[Flags, ...]

    def values_left(self, hits: np.ndarray, alarms: np.ndarray) -> np.ndarray:
        """Which pairs of true (rows) and false positives (columns) agree with every printed measure.

        Parameters
        ----------
        hits : ndarray of int
            Flagged cases with the outcome.
        alarms : ndarray of int
            Flagged cases without the outcome.

        Returns
        -------
        ndarray
        """
        found = np.zeros((len(hits), len(alarms)), dtype=bool)
        for positives, negatives in self.sizes:
            among = np.ix_(hits <= positives, alarms <= negatives)
            found[among] |= self._agree(hits[hits <= positives], alarms[alarms <= negatives], positives, negatives)
        return found

    def _agree(self, hits: np.ndarray, alarms: np.ndarray, positives: int, negatives: int) -> np.ndarray:
        limits = {"auc": auc_limits, "average_precision": average_precision_limits}
        agree = np.ones((len(hits), len(alarms)), dtype=bool)
        for name, (least, most) in self.printed.items():
            low, high = limits[name](hits[:, None], alarms[None, :], positives, negatives)
            agree &= (low <= most + 1e-9) & (high >= least - 1e-9)
        return agree


def auc_limits(hits, alarms, positives: int, negatives: int) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest AUC of a model that flags so many cases with and without the outcome.

    Parameters
    ----------
    hits : ndarray of int
        Flagged cases with the outcome.
    alarms : ndarray of int
        Flagged cases without the outcome.
    positives : int, 1 or more
        Cases with the outcome.
    negatives : int, 1 or more
        Cases without it.

    Returns
    -------
    tuple of two ndarrays

    >>> low, high = auc_limits(np.array(3), np.array(2), 4, 10)
    >>> float(low), float(high)  # 3 x 8 / 40 and 1 - 1 x 2 / 40
    (0.6, 0.95)
    """
    whole = positives * negatives
    return hits * (negatives - alarms) / whole, 1 - (positives - hits) * alarms / whole


def average_precision_limits(hits, alarms, positives: int, negatives: int) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest average precision of such a model.

    Parameters
    ----------
    hits : ndarray of int
        Flagged cases with the outcome.
    alarms : ndarray of int
        Flagged cases without the outcome.
    positives : int, 1 or more
        Cases with the outcome.
    negatives : int, 1 or more
        Cases without it.

    Returns
    -------
    tuple of two ndarrays

    >>> low, high = average_precision_limits(np.array(1), np.array(1), 2, 2)
    >>> round(float(low), 6), round(float(high), 6)  # without, with, without, with; and with, without, with, without
    (0.5, 0.833333)
    """
    harmonic = np.concatenate([[0.0], np.cumsum(1 / np.arange(1, positives + negatives + 2))])
    high = positives - alarms * (harmonic[alarms + positives] - harmonic[alarms + hits])
    among_flagged = hits - alarms * (harmonic[alarms + hits] - harmonic[alarms])
    among_others = positives - hits - negatives * (harmonic[negatives + positives] - harmonic[negatives + hits])
    return (among_flagged + among_others) / positives, high / positives


def ranked_rows(
    frames: Mapping[str, pd.DataFrame],
    specifications: Mapping[str, TableSpecification],
    counts: Counts,
    bounds: Callable[[int], tuple[int, int]],
) -> Iterator[Ranked]:
    """Every printed AUC and average precision whose numbers of cases with and without the outcome are printed.

    Parameters
    ----------
    frames : dict of table name -> DataFrame
    specifications : dict of table name -> TableSpecification
    counts : Counts
        Counts of the tables, with the equations between them.
    bounds : callable
        The lowest and highest count that would be printed so.

    Returns
    -------
    iterator of Ranked
    """
    flags = _flags(counts)
    for name in (name for name in frames if specifications[name].ranks_cases):
        decimals = {column.name: column.decimals for column in specifications[name].named("measure")}
        for labels, places in _groups(specifications[name], counts, len(frames[name])):
            rows = [counts.rows[name, place] for place in places]
            row = rows[0]
            cases, positives = (counts.values.get(row.name(count)) for count in ("cases", "positives"))
            printed = dict(_printed([one.labels for one in rows], decimals))
            if printed and cases is not None and positives:
                (fewest, most), (least, largest) = bounds(cases), bounds(positives)
                sizes = {(p, n - p) for n in range(fewest, most + 1) for p in range(least, largest + 1) if n > p}
                yield Ranked(labels, tuple(sorted(sizes)), printed, flags.get((row.population, row.design), ()))


def limits_left(
    ranked: Ranked, position: Mapping[str, int], low: np.ndarray, high: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Bounds of every count once the printed measures are taken into account, at each threshold by itself.

    Parameters
    ----------
    ranked : Ranked
    position : dict of quantity -> int
        Positions in the arrays.
    low : ndarray, one element per ``system.names``
        Lowest value that each count can take.
    high : ndarray, one element per ``system.names``
        Highest value that each count can take.

    Returns
    -------
    tuple of two ndarrays
    """
    low, high = low.copy(), high.copy()
    for *pair, flagged in ranked.flags:
        places = [position[name] for name in pair]
        if (low[places] == high[places]).all():
            continue
        if not ranked.sizes:
            continue
        most = np.minimum(high[places], np.max(ranked.sizes, axis=0))
        ranges = [np.arange(int(a), int(b) + 1) for a, b in zip(low[places], most, strict=True)]
        if not 0 < len(ranges[0]) * len(ranges[1]) <= MOST_PAIRS // len(ranked.sizes):
            continue
        sums = ranges[0][:, None] + ranges[1][None, :]
        agree = ranked.values_left(*ranges) & (sums >= low[position[flagged]]) & (sums <= high[position[flagged]])
        if agree.any():  # else the measure is of other cases, and tells nothing
            for place, values, left in zip(places, ranges, (agree.any(axis=1), agree.any(axis=0)), strict=True):
                low[place], high[place] = values[left].min(), min(values[left].max(), LARGEST_COUNT)
    return low, high


def _flags(counts: Counts) -> dict[tuple[str, str], tuple[Flags, ...]]:
    found: dict[tuple[str, str], dict[Flags, None]] = {}
    for row in counts.rows.values():
        if row.design and {"true_positives", "false_positives"} <= set(row.labels):
            flags = row.name("true_positives"), row.name("false_positives"), row.name("flagged")
            found.setdefault((row.population, row.design), {})[flags] = None
    return {whose: tuple(flags) for whose, flags in found.items()}


def _groups(
    specification: TableSpecification, counts: Counts, length: int
) -> Iterator[tuple[dict[str, str], list[int]]]:
    """The rows of the same cases: one, or, where a row is one metric, several; none of a row without a label."""
    columns = [column.name for column in specification.named("key") if column.name != "metric"]
    groups: dict[tuple, list[int]] = {}
    for place in range(length):
        labels = counts.rows[specification.name, place].labels
        groups.setdefault(tuple(labels[column] for column in columns), []).append(place)
    for key, places in groups.items():
        if not any(map(pd.isna, key)):
            yield dict(zip(columns, key, strict=True)), places


def _printed(rows: Sequence[Mapping], decimals: Mapping[str, int]) -> Iterator[tuple[str, tuple[float, float]]]:
    for measure in MEASURES:
        column = "value" if "metric" in rows[0] else measure
        values = [row[column] for row in rows if row.get("metric", measure) == measure]
        if values and pd.notna(values[0]):
            half = 0.5 * 10.0 ** -decimals[column]
            yield measure, (float(values[0]) - half, float(values[0]) + half)
