"""The uses that social workers were asked about, and what models are worth at the trade-off each is taken to imply."""

import numpy as np
import pandas as pd

from analysis.disclosure import Released, TableSpecification
from analysis.disclosure.catalogue import DESIGN, key, measure, setting, text
from analysis.disclosure.derive import derive
from analysis.disclosure.released import World
from analysis.disclosure.specification import MODELS
from analysis.protocol import Protocol
from analysis.tables.summaries import joint, poll

BETTER, NO_BETTER, CANNOT_TELL = "better", "not better", "cannot tell"
PER = 1000  # cases
PLANNED = MODELS | {"poll_uses", "decision_curve", "uncertainty"}
_SHARE = (
    measure("share", "share of social workers who named this use"),
    measure("share_low", "lower end of its interval"),
    measure("share_high", "upper end"),
)
_TRADE_OFF = (
    setting("false_alarms", "flagged without the outcome, assumed to be accepted for one rightly flagged"),
    setting("threshold", "risk from which a child would be flagged: 1 / (1 + false alarms)"),
)

USE_OF_MODELS = TableSpecification(
    "use_of_models",
    "What each model is worth at each use's trade-off",
    "one use and model",
    (
        key("use", "use that social workers were asked about"),
        *_SHARE,
        *_TRADE_OFF,
        key("authority", "authority"),
        key("outcome", "prediction"),
        DESIGN,
        measure("net_benefit", "net benefit of the model, per 1,000 cases", (), 1),
        measure("without_a_model", "net benefit of the better of flagging everyone and no one, per 1,000 cases", (), 1),
        measure("gain", "model minus that, per 1,000 cases", (), 1),
        measure("gain_low", "lower end of its interval", (), 1),
        measure("gain_high", "upper end", (), 1),
        text("verdict", "better, not better or cannot tell: whether the interval of the gain lies above or below zero"),
    ),
    planned_by=PLANNED,
    derived=True,
)
USES = TableSpecification(
    "uses",
    "Each use: who would accept it, and how many models are worth it",
    "one use that social workers were asked about",
    (
        key("use", "use"),
        *_SHARE,
        *_TRADE_OFF,
        setting("models", "models whose net benefit is known"),
        setting("better", "of them, clearly better than flagging everyone or no one"),
        setting("not_better", "clearly not better"),
        setting("cannot_tell", "neither is clear"),
        measure("middle_gain", "gain of the model in the middle, per 1,000 cases", (), 1),
    ),
    planned_by=PLANNED,
    derived=True,
)


def use_of_models(world: World, protocol: Protocol) -> Released | None:
    """For each use and model, the net benefit at the use's trade-off; None where no decision curve was released.

    The interval is that of the model's net benefit; what flagging everyone or no one is worth is taken as known.

    Parameters
    ----------
    world : mapping
        Released tables by name, for each (authority, outcome).
    protocol : Protocol
        Its section `poll_uses` says what trade-off each use is taken to imply.

    Returns
    -------
    Released or None
    """
    curves = joint(world, "decision_curve")
    if curves is None:
        return None
    return derive(USE_OF_MODELS, lambda c, p: _rows(c, p, protocol), curves, _poll(protocol))


def uses(models: Released | None, protocol: Protocol) -> Released:
    """Each use with its share of the poll and how many models are worth it; without models where there are none.

    Parameters
    ----------
    models : Released or None
        As `use_of_models` returns it.
    protocol : Protocol
        Its section `poll_uses` says what trade-off each use is taken to imply.

    Returns
    -------
    Released
        `USES`, one row per use.
    """
    if models is None:
        return derive(USES, lambda p: _summary(_asked(p, protocol)), _poll(protocol))
    return derive(USES, _summary, models)


def _poll(protocol: Protocol) -> Released:
    return poll("uses", level=protocol.uncertainty.level)


def _asked(answers: pd.DataFrame, protocol: Protocol) -> pd.DataFrame:
    """The uses with their shares and trade-offs, in the order of the protocol."""
    alarms = protocol.poll_uses.false_alarms_per_true_alarm
    asked = pd.DataFrame({"use": list(alarms), "false_alarms": list(alarms.values())})
    asked["threshold"] = [protocol.poll_uses.thresholds[use] for use in alarms]
    return asked.merge(answers.rename(columns={"answer": "use"}), on="use", how="left")


def _rows(curves: pd.DataFrame, answers: pd.DataFrame, protocol: Protocol) -> pd.DataFrame:
    curves = curves.assign(at=curves["threshold"].astype(float).round(4)).drop(columns="threshold")
    asked = _asked(answers, protocol).assign(at=lambda frame: frame["threshold"].round(4))
    rows = asked.merge(curves, on="at", how="inner")
    for name in ("net_benefit", "net_benefit_low", "net_benefit_high", "net_benefit_all"):
        rows[name] = rows[name].astype("Float64") * PER
    without = rows["net_benefit_all"].clip(lower=0)
    rows = rows.assign(
        without_a_model=without,
        gain=rows["net_benefit"] - without,
        gain_low=rows["net_benefit_low"] - without,
        gain_high=rows["net_benefit_high"] - without,
    )
    rows["verdict"] = [_verdict(low, high) for low, high in zip(rows["gain_low"], rows["gain_high"], strict=True)]
    return rows[list(USE_OF_MODELS.column_names)]


def _verdict(low: float, high: float) -> str | None:
    """Whether an interval of a gain lies above or below zero.

    >>> _verdict(0.2, 3.0), _verdict(-2.0, 0.0), _verdict(-2.0, 3.0), _verdict(pd.NA, pd.NA)
    ('better', 'not better', 'cannot tell', None)
    """
    if pd.isna(low) or pd.isna(high):
        return None
    return BETTER if low > 0 else NO_BETTER if high <= 0 else CANNOT_TELL


def _summary(rows: pd.DataFrame) -> pd.DataFrame:
    first = [column.name for column in USES.columns[:6]]
    if "verdict" not in rows:
        return rows[first].assign(models=0, better=0, not_better=0, cannot_tell=0, middle_gain=np.nan)
    counts = {"better": BETTER, "not_better": NO_BETTER, "cannot_tell": CANNOT_TELL}
    known = rows.dropna(subset=["verdict"])
    summary = rows[first].drop_duplicates("use")
    for name, verdict in counts.items():
        summary[name] = (
            summary["use"].map(known[known["verdict"].eq(verdict)].groupby("use").size()).fillna(0).astype(int)
        )
    summary["models"] = summary[list(counts)].sum(axis=1)
    summary["middle_gain"] = summary["use"].map(known.groupby("use")["gain"].median())
    return summary[list(USES.column_names)]
