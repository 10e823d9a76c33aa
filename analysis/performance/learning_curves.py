"""Learning curves as tables: average precision by size, and whether it still rises."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.stats import norm

from analysis.model import Cases
from analysis.model.learning_curves import CurveFit
from analysis.performance.metrics import Designs
from analysis.performance.ranking import rank
from analysis.performance.resampling import family_weights, interval, with_point
from analysis.protocol.values import Protocol

STILL_RISING, FLAT, FALLING = "still rising", "flat", "falling"
Curves = Mapping[str, Sequence[CurveFit]]
COLUMNS = ["design", "size", "curve", "positive_families"]
VALUES = ["average_precision", "average_precision_low", "average_precision_high"]


def learning_curves(designs: Designs, curves: Curves, cases: Cases, protocol: Protocol) -> pd.DataFrame:
    """Mean average precision over repeats by size, on training and on test cases: the table "learning_curves".

    In each replicate of the interval one repeat is drawn and families are resampled, so that it covers both whose
    cases were learned from and whose were predicted.
    """
    rows = []
    for slug, fits in curves.items():
        split = designs[slug].split
        by_curve = {
            "training": _training_replicates(split.train, fits, cases, protocol),
            "validation": _validation_replicates(split.test, fits, cases, protocol),
        }
        for size in sorted({fit.size for fit in fits}):
            families = round(np.mean([_positive_families(cases, fit.rows) for fit in fits if fit.size == size]))
            for curve, found in by_curve.items():
                keys = dict(zip(COLUMNS, (slug, size, curve, families), strict=True))
                rows.append(keys | _cells(list(found[size].values()), protocol))
    return pd.DataFrame(rows, columns=COLUMNS + VALUES)


def learning_curve_verdicts(designs: Designs, curves: Curves, cases: Cases, protocol: Protocol) -> pd.DataFrame:
    """Slope of each validation curve over its last sizes, per doubling of cases: the table "learning_curve_verdicts".

    Average precision is regressed on log2 of the number of positive families over the protocol's last sizes. The
    slope's variance adds two parts: over family-bootstrap replicates of the test cases, the same families at every
    size; and over repeats, divided by their number. A slope further from 0 than the protocol's level allows is
    "still rising" or "falling"; otherwise "flat", which also covers curves that cannot tell.
    """
    rows = []
    for slug, fits in curves.items():
        slope, error = _slope(designs[slug].split.test, fits, cases, protocol)
        rows.append(
            {
                "design": slug,
                "slope": slope,
                "slope_standard_error": error,
                "verdict": rise_verdict(slope, error, protocol.uncertainty.level),
            }
        )
    return pd.DataFrame(rows)


def rise_verdict(slope: float, standard_error: float, level: float) -> str:
    """Whether a slope is told from 0 by its standard error, two-sided.

    >>> rise_verdict(0.05, 0.02, 0.95), rise_verdict(0.05, 0.04, 0.95), rise_verdict(-0.05, 0.02, 0.95)
    ('still rising', 'flat', 'falling')
    """
    if abs(slope) <= max(norm.ppf((1 + level) / 2) * standard_error, 1e-9):  # rounding is no slope
        return FLAT
    return STILL_RISING if slope > 0 else FALLING


Replicates = dict[int, dict[int, np.ndarray]]  # by size, then repeat; the first replicate is the estimate itself


def _validation_replicates(test: np.ndarray, fits: Sequence[CurveFit], cases: Cases, protocol: Protocol) -> Replicates:
    return _replicates(test, [(fit, test, fit.test_risk) for fit in fits], cases, protocol)


def _training_replicates(train: np.ndarray, fits: Sequence[CurveFit], cases: Cases, protocol: Protocol) -> Replicates:
    return _replicates(train, [(fit, fit.rows, fit.training_risk) for fit in fits], cases, protocol)


def _replicates(whole: np.ndarray, predicted: Sequence, cases: Cases, protocol: Protocol) -> Replicates:
    """Average precision of each fit on its predicted rows, families of the whole resampled once for all fits."""
    families = np.unique(cases.family[whole])
    weights = with_point(family_weights(len(families), protocol.uncertainty, protocol.seeds.analysis))
    found: Replicates = {}
    for fit, rows, risk in predicted:
        member = np.searchsorted(families, cases.family[rows])
        ranking = rank(cases.outcome[rows], risk, member, len(families))
        found.setdefault(fit.size, {})[fit.repeat] = ranking.average_precision(weights)
    return found


def _cells(replicates: Sequence[np.ndarray], protocol: Protocol) -> dict[str, float]:
    mean = float(np.mean([values[0] for values in replicates]))
    drawn = _one_repeat_each(np.stack(replicates))
    return dict(zip(VALUES, (mean, *interval(drawn[1:], protocol.uncertainty.level)), strict=True))


def _slope(test: np.ndarray, fits: Sequence[CurveFit], cases: Cases, protocol: Protocol) -> tuple[float, float]:
    """The slope of the mean over repeats, and its standard error."""
    validation = _validation_replicates(test, fits, cases, protocol)
    last = sorted(validation)[-protocol.learning_curves.last_sizes :]
    heights = np.stack([_by_repeat(validation[size], protocol.learning_curves.repeats) for size in last])
    doublings = np.log2([np.mean([_positive_families(cases, f.rows) for f in fits if f.size == size]) for size in last])
    centred = doublings - doublings.mean()
    slopes = np.tensordot(centred / (centred @ centred), heights, axes=1)  # repeats x (1 + replicates)
    over_tests = np.nanvar(np.nanmean(slopes[:, 1:], axis=0), ddof=1)
    over_repeats = np.nanvar(slopes[:, 0], ddof=1) / len(slopes) if len(slopes) > 1 else 0.0
    return float(np.nanmean(slopes[:, 0])), float(np.sqrt(over_tests + over_repeats))


def _by_repeat(found: Mapping[int, np.ndarray], repeats: int) -> np.ndarray:
    """Replicates by repeat; the one fit of the full size serves every repeat, and one that could not be made is NaN."""
    if len(found) == 1:
        return np.repeat([next(iter(found.values()))], repeats, axis=0)
    missing = np.full_like(next(iter(found.values())), np.nan)
    return np.stack([found.get(repeat + 1, missing) for repeat in range(repeats)])


def _one_repeat_each(replicates: np.ndarray) -> np.ndarray:
    """From an array of repeats x replicates, the repeats in turn."""
    place = np.arange(replicates.shape[1])
    return replicates[place % len(replicates), place]


def _positive_families(cases: Cases, rows: np.ndarray) -> int:
    return len(np.unique(cases.family[rows[cases.outcome[rows]]]))
