"""The pooled slope says rising, level, falling or cannot tell, and no doubt is written as a no."""

import numpy as np
import pytest
import small_tables as small
from scipy.stats import t as student

from analysis.book.sentences.slopes import read_pooled_slope, read_slopes
from analysis.published import curves_said_to_rise
from analysis.tables.slopes import POOLED, slopes

OUTSIDE_LA1 = [problem for problem in small.world() if problem not in small.LEFT_OUT]


def steepness(by_prediction, verdict="cannot tell"):
    """Slopes of each prediction outside LA1, the same for its four designs; LA1's fall steeply and do not count."""
    table = small.learning()[1]

    def of(slope):
        values = {"slope": slope, "slope_low": slope - 0.09, "slope_high": slope + 0.09, "verdict": verdict}
        return {"learning_curve_verdicts": small.released("learning_curve_verdicts", table.frame.assign(**values))}

    world = {problem: of(slope) for problem, slope in zip(OUTSIDE_LA1, by_prediction, strict=True)}
    world |= dict.fromkeys(small.LEFT_OUT, of(-0.5))
    return slopes(world, small.LEFT_OUT, margin=0.01, level=0.95)


@pytest.mark.parametrize(
    ("by_prediction", "verdict", "words"),
    [
        # mean .015; sd .0059, t(5) = 2.57: .015 +- 2.57 x .0059 / sqrt(6) = .009 to .021
        ((0.01, 0.02, 0.01, 0.02, 0.01, 0.02), "rising", "still rise"),
        ((-0.01, -0.02, -0.01, -0.02, -0.01, -0.02), "falling", "the curves fall"),
        ((0.002, -0.002, 0.001, -0.001, 0.002, -0.002), "level", "less than 0.01"),
        ((0.1, -0.1, 0.1, -0.1, 0.1, -0.05), "cannot tell", "cannot tell whether more cases would help"),
    ],
)
def test_the_mean_over_predictions_has_the_verdict_that_was_planted(by_prediction, verdict, words):
    table = steepness(by_prediction)
    pooled = table.where(prediction=POOLED).frame.iloc[0]
    assert pooled["verdict"] == verdict and pooled["authority"] == "6 predictions"
    assert pooled["slope"] == pytest.approx(sum(by_prediction) / 6)
    assert words in read_pooled_slope(table)


def test_many_curves_that_cannot_tell_are_not_read_as_no():
    """22 of 24 slopes above zero, none clear: what the run of the book looks like."""
    table = steepness((0.01, 0.02, 0.01, 0.02, 0.01, 0.02))
    words = read_slopes(table, curves_said_to_rise())
    assert "24 of 24 slopes of LA2, LA3 and LA4 are above zero" in words and "24 cannot tell" in words
    assert "none are clearly rising" in words and "14 of 24 had not levelled off; here 12 of them" in words
    for said in (words, read_pooled_slope(table)):
        assert "would not help" not in said and "flat" not in said


def test_one_prediction_alone_has_no_pooled_interval():
    world = {OUTSIDE_LA1[0]: {"learning_curve_verdicts": small.learning()[1]}}
    table = slopes(world, {}, margin=0.01, level=0.95)
    assert table.where(prediction=POOLED).frame.iloc[0]["verdict"] == "cannot tell"
    assert "cannot tell whether more cases would help" in read_pooled_slope(table)
    assert slopes({}, {}, margin=0.01, level=0.95) is None


def test_the_interval_of_the_mean_slope_is_at_the_protocols_level():
    """Means 0.01 to 0.06: at 80% the mean is clearly above zero, at 99.9% it cannot be said."""
    world = {
        problem: {"learning_curve_verdicts": small.released("learning_curve_verdicts", frame.assign(slope=slope))}
        for problem, slope in zip(OUTSIDE_LA1, (0.01, 0.02, 0.03, 0.04, 0.05, 0.06), strict=True)
        for frame in [small.learning()[1].frame]
    }
    error = np.std((0.01, 0.02, 0.03, 0.04, 0.05, 0.06), ddof=1) / np.sqrt(6)
    for level, verdict in ((0.8, "rising"), (0.999, "cannot tell")):
        pooled = slopes(world, {}, margin=0.001, level=level).where(prediction=POOLED).frame.iloc[0]
        assert pooled["slope_high"] - 0.035 == pytest.approx(student.ppf((1 + level) / 2, 5) * error, rel=1e-5)
        assert pooled["verdict"] == verdict
