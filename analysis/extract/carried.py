"""Which events a source can hold, and what a prediction asks of it that it cannot."""

from collections.abc import Collection, Mapping

from analysis.extract.definitions import Table, events_from_reasons
from analysis.protocol.values import Prediction
from analysis.schemas import PERIODS


def events_carried(lists: Collection[str], tables: Mapping[str, Table]) -> frozenset[str]:
    """The events that these lists can tell of, those included that follow from the reason a period ended.

    Parameters
    ----------
    lists : collection of str
        Names of the lists that were read.
    tables : mapping of str to Table
        Every list of the source.

    Returns
    -------
    frozenset of str
    """
    direct = {rule.event for name in lists for rule in tables[name].events}
    return frozenset(direct | {event for event, ends in events_from_reasons().items() if direct & set(ends)})


def cannot_be_seen(prediction: Prediction, carries: Collection[str]) -> str:
    """Why a source that carries only these events cannot answer a prediction; empty if it can.

    A prediction needs the event that opens its cases and every event of its outcome: with one of several missing a
    child could have the outcome, and be counted as one without.

    Parameters
    ----------
    prediction : Prediction
    carries : collection of str
        As `events_carried` returns them.

    Returns
    -------
    str
        As it follows "cannot run: ".
    """
    if prediction.index.event not in carries:
        return f"the returns supplied hold no {_named([prediction.index.event])}, which opens its cases"
    needed = (*prediction.steps[-1].any_of, *prediction.none_of)
    if unseen := [event for event in needed if event not in carries]:
        return f"the returns supplied hold no {_named(unseen)}, which its outcome needs; supply the other return too"
    return ""


def seen_in_part(prediction: Prediction, carries: Collection[str], holder: str = "returns") -> str:
    """What a prediction that can be answered does without, for the source does not hold it; empty if nothing.

    Parameters
    ----------
    prediction : Prediction
    carries : collection of str
        As `events_carried` returns them.
    holder : str
        What was supplied, in the plural.

    Returns
    -------
    str
    """
    before = [event for step in prediction.steps[:-1] for event in step.any_of]
    opened = [PERIODS[period][0] for period in prediction.exclude_if_open]
    unseen = [event for event in dict.fromkeys((*before, *opened)) if event not in carries]
    return f"answered without {_named(unseen)}, which the {holder} supplied do not hold" if unseen else ""


def _named(events: Collection[str]) -> str:
    return " or ".join(event.replace("_", " ") for event in events)
