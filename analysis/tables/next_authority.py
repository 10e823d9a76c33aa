"""What the results of several authorities say of the next one, and of each other."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from analysis.disclosure import Released, TableSpecification
from analysis.disclosure.catalogue import DESIGN, key, measure, setting, text
from analysis.disclosure.derive import derive
from analysis.disclosure.released import World
from analysis.disclosure.specification import MODELS
from analysis.protocol import Protocol
from analysis.tables.random_effects import error_on_logit, interval_with_prior, prediction_interval
from analysis.tables.summaries import joint

PLANNED = MODELS | {"next_authority", "uncertainty"}
ONE_RESULT, BY_T, WITH_PRIOR = "one result", "next authority, these results alone", "next authority, with a prior"
CANNOT_TELL = "cannot be said"

SPREAD = TableSpecification(
    "spread",
    "How far the AUC of the next authority may lie from these",
    "one result; last, what they say of the next authority",
    (
        key("row", f"{ONE_RESULT}; {BY_T}; or {WITH_PRIOR}"),
        key("authority", "authority"),
        key("outcome", "prediction"),
        DESIGN,
        measure("auc", "AUC; for the next authority, in the middle"),
        measure("auc_low", "lower end of its interval; for the next authority, of its prediction interval"),
        measure("auc_high", "upper end"),
        setting("results", "how many results it rests on"),
        text("in_verdict", "yes; or no, with the reason"),
    ),
    planned_by=PLANNED,
    derived=True,
)
LEAGUE = TableSpecification(
    "league",
    "The results side by side, as if each outcome were equally common",
    "one result of one design",
    (
        key("authority", "authority"),
        key("outcome", "prediction"),
        DESIGN,
        measure("prevalence", "share of test cases with the outcome"),
        measure("average_precision", "average precision as it is, which rises with prevalence"),
        measure("standardised_average_precision", "average precision as if the outcome were as common everywhere"),
        measure("standardised_average_precision_low", "lower end of its interval"),
        measure("standardised_average_precision_high", "upper end"),
        measure("auc", "AUC"),
        measure("auc_low", "lower end of its interval"),
        measure("auc_high", "upper end"),
        text("standing", "how many others it is clearly above and below: intervals of both measures that do not meet"),
    ),
    planned_by=PLANNED | {"standard_prevalence"},
    derived=True,
)
_INDEX = ["authority", "outcome", "design"]


def spread(world: World, protocol: Protocol, left_out: Mapping[tuple[str, str], str]) -> Released | None:
    """The AUC of each result of the registered design, and the prediction interval for the next authority.

    Two last rows give the interval by Hartung and Knapp with t(k - 2), and with the registered prior; they are left
    out where there are too few results, or too few authorities, to say anything of another.

    Parameters
    ----------
    world : mapping
        Released tables by name, for each (authority, outcome).
    protocol : Protocol
    left_out : mapping of (authority, outcome) -> reason
        Results that do not count.

    Returns
    -------
    Released or None
        `SPREAD`, its AUCs from 0 to 1.

    References
    ----------
    IntHout, J., Ioannidis, J. P. A., Rovers, M. M. and Goeman, J. J. (2016). BMJ Open, 6, e010247.
    """
    performance = joint(world, "performance")
    if performance is None:
        return None
    return derive(SPREAD, lambda frame: _spread_rows(frame, protocol, left_out), performance)


def league(world: World, protocol: Protocol) -> Released | None:
    """The results of the registered design by measures that do not depend on prevalence; in no order of merit.

    Parameters
    ----------
    world : World
    protocol : Protocol
        Its section `next_authority` says which design is compared.

    Returns
    -------
    Released or None
        `LEAGUE`; None where no performance was released.
    """
    performance = joint(world, "performance")
    return None if performance is None else derive(LEAGUE, lambda f: _league_rows(f, protocol), performance)


def _spread_rows(performance: pd.DataFrame, protocol: Protocol, left_out: Mapping) -> pd.DataFrame:
    chosen = performance["metric"].eq("auc") & performance["design"].eq(protocol.next_authority.design.slug)
    names = {"value": "auc", "value_low": "auc_low", "value_high": "auc_high"}
    rows = performance[chosen].rename(columns=names)[[*_INDEX, *names.values()]]
    problems = zip(rows["authority"], rows["outcome"], strict=True)
    rows = rows.assign(row=ONE_RESULT, results=1, in_verdict=[left_out.get(problem, "yes") for problem in problems])
    counted = rows[rows["in_verdict"].eq("yes")].dropna(subset=list(names.values()))
    inside = counted[["auc_low", "auc_high"]].astype(float)
    counted = counted[(inside["auc_low"] > 0) & (inside["auc_high"] < 1)]
    rules = protocol.next_authority
    if len(counted) >= rules.fewest_results and counted["authority"].nunique() >= rules.fewest_authorities:
        rows = pd.concat([rows, _next_rows(counted, protocol)], ignore_index=True)
    return rows[list(SPREAD.column_names)]


def _next_rows(counted: pd.DataFrame, protocol: Protocol) -> pd.DataFrame:
    level = protocol.uncertainty.level
    value, low, high = (counted[name].to_numpy(float) for name in ("auc", "auc_low", "auc_high"))
    given = logit(value), error_on_logit(low, high, level)
    intervals = {
        BY_T: prediction_interval(*given, level),
        WITH_PRIOR: interval_with_prior(*given, protocol.next_authority.spread_of_auc, level),
    }
    labels = {"authority": "", "outcome": "", "design": protocol.next_authority.design.slug}
    return pd.DataFrame(
        [
            {"row": row, **labels, "results": len(counted), "in_verdict": "yes"}
            | dict(zip(("auc", "auc_low", "auc_high"), map(float, expit(interval)), strict=True))
            for row, interval in intervals.items()
        ]
    )


def _league_rows(performance: pd.DataFrame, protocol: Protocol) -> pd.DataFrame:
    frame = performance[performance["design"].eq(protocol.next_authority.design.slug)]
    by_metric = {metric: part.set_index(_INDEX) for metric, part in frame.groupby("metric")}
    precision = by_metric["average_precision"]
    rows = pd.DataFrame({"prevalence": precision["chance"], "average_precision": precision["value"]})
    for metric in ("standardised_average_precision", "auc"):
        part = by_metric.get(metric, precision.assign(value=np.nan, value_low=np.nan, value_high=np.nan))
        ends = {metric: "value", f"{metric}_low": "value_low", f"{metric}_high": "value_high"}
        rows = rows.assign(**{name: part[column] for name, column in ends.items()})
    return rows.assign(standing=_standings(rows)).reset_index()[list(LEAGUE.column_names)]


def _standings(rows: pd.DataFrame) -> list[str]:
    """In words, how many other results each is clearly above and below; by both measures, so that neither decides."""
    both = [
        (
            rows[f"{metric}_low"].to_numpy(float, na_value=np.nan),
            rows[f"{metric}_high"].to_numpy(float, na_value=np.nan),
        )
        for metric in ("standardised_average_precision", "auc")
    ]
    above = np.all([low[:, None] > high[None, :] for low, high in both], axis=0)
    known = np.all([np.isfinite(low) & np.isfinite(high) for low, high in both], axis=0)
    others = int(known.sum()) - 1
    return [
        _standing(over, under, others) if enough else CANNOT_TELL
        for over, under, enough in zip(above.sum(axis=1), above.sum(axis=0), known, strict=True)
    ]


def _standing(over: int, under: int, others: int) -> str:
    if not over and not under:
        return f"not clearly apart from any of {others} others"
    return f"clearly above {over} and clearly below {under} of {others} others"
