"""The slopes of all learning curves, and their mean over the predictions of a run."""

from collections.abc import Mapping

import pandas as pd

from analysis.disclosure import Released, TableSpecification
from analysis.disclosure.catalogue import DESIGN, key, measure, setting, text
from analysis.disclosure.derive import derive
from analysis.disclosure.released import Problem, World
from analysis.disclosure.specification import MODELS
from analysis.tables.pooled import in_verdict, mean_over_predictions
from analysis.tables.summaries import joint

POOLED = "mean over predictions"
SLOPES = TableSpecification(
    "slopes",
    "How steep the learning curves still are",
    "one model, and last the mean over predictions",
    (
        key("prediction", f"prediction, or: {POOLED}"),
        key("authority", "authority; for the mean the number of predictions"),
        DESIGN,
        measure("slope", "average precision gained per doubling, last sizes"),
        measure("slope_low", "lower end of its interval"),
        measure("slope_high", "upper end of its interval"),
        text("verdict", "rising, level (shown to be within the registered margin), falling or cannot tell"),
        setting("margin", "slopes within it of zero are level"),
        text("in_verdict", "yes; or no, with the reason"),
    ),
    planned_by=MODELS | {"learning_curves"},
    derived=True,
)


def slopes(world: World, left_out: Mapping[Problem, str], *, margin: float, level: float) -> Released | None:
    """The slope of every model, and last the mean over the predictions in the verdict; None if there is no curve.

    Parameters
    ----------
    world : mapping
        Released tables by name, for each (authority, outcome).
    left_out : mapping of (authority, outcome) -> reason
    margin : float
        Within which the mean is level, in average precision per doubling.
    level : float
        Coverage of the interval of the mean, above 0 and below 1.

    Returns
    -------
    Released or None
    """

    def rows(verdicts: pd.DataFrame) -> pd.DataFrame:
        problems = zip(verdicts["authority"], verdicts["outcome"], strict=True)
        models = verdicts.rename(columns={"outcome": "prediction"})
        models = models.assign(in_verdict=[left_out.get(problem, "yes") for problem in problems], margin=margin)
        pooled = _pooled_row(in_verdict(verdicts, left_out), margin, level)
        return pd.concat([models[list(SLOPES.column_names)], pd.DataFrame([pooled])], ignore_index=True)

    verdicts = joint(world, "learning_curve_verdicts")
    return None if verdicts is None else derive(SLOPES, rows, verdicts)


def pooled_verdict(interval: tuple[float, float], narrow: tuple[float, float], margin: float) -> str:
    """What a pooled slope shows.

    Parameters
    ----------
    interval : tuple of float
        At the protocol's level.
    narrow : tuple of float
        That of the two one-sided tests (90% where the interval is 95%).
    margin : float
        Slopes nearer to zero than this are level; above 0, in average precision per doubling.

    Returns
    -------
    str
        "level", "rising", "falling" or "cannot tell". An interval may exclude zero and yet lie within the margin: then
        "level".

    References
    ----------
    Two one-sided tests: Schuirmann, D. J. (1987). Journal of Pharmacokinetics and Biopharmaceutics, 15, 657-680.

    Examples
    --------
    >>> pooled_verdict((0.005, 0.03), (0.007, 0.028), 0.01), pooled_verdict((-0.03, 0.02), (-0.02, 0.01), 0.01)
    ('rising', 'cannot tell')
    >>> pooled_verdict((-0.009, 0.008), (-0.008, 0.007), 0.01)
    'level'
    """
    if -margin < narrow[0] and narrow[1] < margin:
        return "level"
    if interval[0] > 0:
        return "rising"
    return "falling" if interval[1] < 0 else "cannot tell"


def _pooled_row(verdicts: pd.DataFrame, margin: float, level: float) -> dict:
    wide = mean_over_predictions(verdicts, "slope", level=level)
    narrow = mean_over_predictions(verdicts, "slope", level=2 * level - 1)
    interval = wide["low"], wide["high"]
    return {
        "prediction": POOLED,
        "authority": f"{wide['predictions']} predictions",
        "design": "",
        "slope": wide["mean"],
        "slope_low": interval[0],
        "slope_high": interval[1],
        "verdict": pooled_verdict(interval, (narrow["low"], narrow["high"]), margin),
        "margin": margin,
        "in_verdict": "yes",
    }
