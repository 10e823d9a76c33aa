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

RISING, LEVEL, FALLING, CANNOT_TELL = "rising", "level", "falling", "cannot tell"
Curves = Mapping[str, Sequence[CurveFit]]
COLUMNS = ["design", "size", "curve", "positive_families"]
VALUES = ["average_precision", "average_precision_low", "average_precision_high"]


def learning_curves(designs: Designs, curves: Curves, cases: Cases, protocol: Protocol) -> pd.DataFrame:
    """Mean average precision over repeats by size, on training and on test cases: the table "learning_curves".

    In each replicate of the interval one repeat is drawn and families are resampled, so that it covers both whose
    cases were learned from and whose were predicted.

    Parameters
    ----------
    designs : dict of str to FittedDesign
        By the design's slug.
    curves : dict of str to tuple of CurveFit
        Fits on nested samples, by the design's slug.
    cases : Cases
    protocol : Protocol

    Returns
    -------
    DataFrame
        The table "learning_curves", unrounded; its record describes the columns.
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
    size; and over repeats, divided by their number. The interval is normal; what the slope shows is `slope_verdict`.

    Parameters
    ----------
    designs : dict of str to FittedDesign
        By the design's slug.
    curves : dict of str to tuple of CurveFit
        Fits on nested samples, by the design's slug.
    cases : Cases
    protocol : Protocol

    Returns
    -------
    DataFrame
        The table "learning_curve_verdicts", unrounded; its record describes the columns.
    """
    level, margin = protocol.uncertainty.level, protocol.learning_curves.level_margin
    rows = []
    for slug, fits in curves.items():
        slope, error = _slope(designs[slug].split.test, fits, cases, protocol)
        half_width = norm.ppf((1 + level) / 2) * error
        rows.append(
            {
                "design": slug,
                "slope": slope,
                "slope_standard_error": error,
                "slope_low": slope - half_width,
                "slope_high": slope + half_width,
                "verdict": slope_verdict(slope, error, level=level, margin=margin),
            }
        )
    return pd.DataFrame(rows)


def slope_verdict(slope: float, standard_error: float, *, level: float, margin: float) -> str:
    """What a slope shows: level, rising, falling, or that these data cannot tell.

    Level has to be shown: two one-sided tests put the slope within the margin of 0 (equivalence). Rising and falling
    are distinguished from 0 by the two-sided interval. A rise that is shown to be smaller than the margin is level.

    Parameters
    ----------
    slope : float
    standard_error : float, 0 or more
        Of the slope, in the same unit.
    level : float
        Of the two-sided interval; each one-sided test has size 1 - level.
    margin : float
        Average precision per doubling.

    Returns
    -------
    str

    References
    ----------
    Schuirmann, D. J. (1987). A comparison of the two one-sided tests procedure and the power approach.
    Journal of Pharmacokinetics and Biopharmaceutics, 15, 657-680.

    >>> [slope_verdict(slope, 0.02, level=0.95, margin=0.01) for slope in (0.05, 0.03, -0.05)]
    ['rising', 'cannot tell', 'falling']
    >>> slope_verdict(0.004, 0.001, level=0.95, margin=0.01)
    'level'
    """
    if not np.isfinite(slope) or not np.isfinite(standard_error):
        return CANNOT_TELL
    if abs(slope) + norm.ppf(level) * standard_error < margin:
        return LEVEL
    if abs(slope) <= norm.ppf((1 + level) / 2) * standard_error:
        return CANNOT_TELL
    return RISING if slope > 0 else FALLING


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
