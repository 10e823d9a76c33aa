"""Who and what is in the study: rows of the data, notifications kept, the three samples, the predictors."""

from collections.abc import Mapping

import pandas as pd

from analysis.network.predictors import (
    EVENT_PREDICTORS,
    PREDICTORS,
    RECORDED_PREDICTORS,
    WHOLE_LIFE_PREDICTORS,
    age_in_years,
)
from analysis.network.study import SAMPLES, rows_of
from analysis.network.tables import NetworkTables
from analysis.protocol.values import Networks

MEANINGS = {
    "Age": "age at the notification, in years",
    "nNotes": "the child's earlier notifications",
    "nTargets": "the child's earlier target events: serious interventions and substantiated findings",
    "nNotesRecent": "the child's notifications in the last two years",
    "nTargetsRecent": "the child's target events in the last two years",
    "nNeighs": "people in the network",
    "nWithNotes": "children in the network with an earlier notification",
    "nWithTarget": "children in the network with an earlier target event",
    "nAbusers": "people in the network already known to have abused somebody",
}
GROUPS = {
    "age": ("Age",),
    "events": EVENT_PREDICTORS,
    "recorded network": RECORDED_PREDICTORS,
    "whole-life network": WHOLE_LIFE_PREDICTORS,
}


def data_table(tables: NetworkTables, published: Mapping[str, int]) -> pd.DataFrame:
    """Rows of each table, beside the published study's.

    Parameters
    ----------
    tables : NetworkTables
        On an engine.
    published : mapping of str to int
        Rows of each table that source B prints.

    Returns
    -------
    pandas.DataFrame
        quantity, run, published: the table "network_data", before disclosure control.
    """
    rows = {
        "people": tables.people,
        "relationships": tables.relationships,
        "relationship types": tables.types,
        "events": tables.events,
    }
    counts = {name: table.count().to_pyarrow().as_py() for name, table in rows.items()}
    return pd.DataFrame(
        {
            "quantity": list(counts),
            "run": list(counts.values()),
            "published": [published[name.replace(" ", "_")] for name in counts],
        }
    )


def flow_table(tables: NetworkTables, definitions: Networks) -> pd.DataFrame:
    """Notifications left out, step by step, until those studied remain.

    Parameters
    ----------
    tables : NetworkTables
        On an engine.
    definitions : Networks
        The years studied, and the age in years under which a child is studied.

    Returns
    -------
    pandas.DataFrame
        step, removed, remaining: the table "network_flow", before disclosure control.
    """
    events = tables.events
    notified = events.filter(events.event.isin(definitions.events.notification)).select("person_id", "date")
    days = notified.distinct()
    dated = days.filter(days.date.between(definitions.first_notification, definitions.last_notification))
    known = dated.join(tables.people.select("person_id", "birth_date"), "person_id")
    known = known.filter(known.birth_date.notnull())
    born = known.filter(known.birth_date <= known.date)
    young = born.filter(age_in_years(born.birth_date, born.date) < definitions.child_under_years)
    steps = {
        "notifications in the data": notified,
        "one for each child and day": days,
        "in the years studied": dated,
        "with a date of birth": known,
        "of a child already born": born,
        f"of a child under {definitions.child_under_years}": young,
    }
    remaining = [table.count().to_pyarrow().as_py() for table in steps.values()]
    removed = [0, *(before - after for before, after in zip(remaining, remaining[1:], strict=False))]
    return pd.DataFrame({"step": list(steps), "removed": removed, "remaining": remaining})


def samples_table(frame: pd.DataFrame, published: Mapping[str, Mapping[str, int]]) -> pd.DataFrame:
    """Size and incidence of the three samples.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row for each notification, as `analysis.network.tables.notification_table` makes them.
    published : mapping of str to mapping of str to int
        Notifications and children of each sample that source B prints.

    Returns
    -------
    pandas.DataFrame
        The table "network_samples", before disclosure control.
    """
    rows = []
    for sample in SAMPLES:
        part = rows_of(frame, sample)
        rows.append(
            {
                "sample": sample,
                "notifications": len(part),
                "children": part["child_id"].nunique(),
                "families": part["family_id"].nunique(),
                "high_concern": int(part["concern"].sum()),
                "published_notifications": published[sample]["notifications"],
                "published_children": published[sample]["children"],
            }
        )
    table = pd.DataFrame(rows)
    return table.assign(incidence=table["high_concern"] / table["notifications"])


def predictors_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Each predictor: what it counts, how often it is not 0, its mean."""
    rows = []
    for sample in SAMPLES:
        part = rows_of(frame, sample)
        for predictor in PREDICTORS:
            values = part[predictor].to_numpy()
            rows.append(
                {
                    "sample": sample,
                    "predictor": predictor,
                    "group": next(group for group, names in GROUPS.items() if predictor in names),
                    "meaning": MEANINGS.get(predictor) or MEANINGS[predictor[:-1]],
                    "notifications": len(part),
                    "above_zero": int((values > 0).sum()),
                    "mean": float(values.mean()),
                }
            )
    table = pd.DataFrame(rows)
    return table.assign(share_above_zero=table["above_zero"] / table["notifications"])
