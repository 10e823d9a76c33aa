"""Wider networks: people two or three relationships away (exploratory, as in B's discussion)."""

from collections.abc import Mapping

import ibis
import pandas as pd
from ibis.expr.types import Table

from analysis.network.cells import Sample
from analysis.network.predictors import network_counts
from analysis.network.study import Fitted
from analysis.network.tables import Prepared, counts_of_notifications
from analysis.network.whole_life import gains_in_sample

MEMBERS = "nNeighsX"
WIDER_PREDICTORS = (MEMBERS, "nWithNotesX", "nWithTargetX", "nAbusersX")


def links_within(children: Table, links: Table, steps: int) -> Table:
    """Everyone within a number of steps of these children, since the earliest day on which a way was known.

    Parameters
    ----------
    children : child_id
    links : child_id, relative_id, since
        Of everyone, not only of these children.
    steps : int
        Relationships between the child and the farthest person, 1 or more.

    Returns
    -------
    ibis Table
        child_id, relative_id, since.
    """
    reached = links.semi_join(children, "child_id")
    for _ in range(steps - 1):
        onward = links.select(through="child_id", relative_id="relative_id", onward="since")
        inward = reached.select("child_id", through="relative_id", inward="since")
        met = inward.join(onward, "through")
        further = met.select("child_id", "relative_id", since=ibis.greatest(met.inward, met.onward))
        both = reached.union(further.filter(further.child_id != further.relative_id))
        reached = both.group_by("child_id", "relative_id").agg(since=both.since.min())
    return reached


def wider_counts(prepared: Prepared, steps: int) -> pd.DataFrame:
    """Counts over everyone within a number of steps in the recorded network, for every notification.

    Parameters
    ----------
    prepared : Prepared
    steps : int
        Relationships between the child and the farthest person, 1 or more.

    Returns
    -------
    pandas.DataFrame
        The columns of `WIDER_PREDICTORS`, in the order of `collect`.
    """
    children = prepared.notifications.select("child_id").distinct()
    reached = links_within(children, prepared.recorded, steps)
    counts = network_counts(prepared.notifications, reached, prepared.known, "X")
    return counts_of_notifications(prepared, counts, WIDER_PREDICTORS)


def wider_gains(sample: str, coded: Sample, wider: Mapping[int, pd.DataFrame], *, without: Fitted) -> pd.DataFrame:
    """What counts over wider recorded networks add to age, events and the recorded network.

    Parameters
    ----------
    sample : {"all", "first", "subsequent"}
    coded : Sample
        Its notifications.
    wider : dict of DataFrame
        By number of steps: `wider_counts` for the notifications of the sample.
    without : Fitted
        Of age, events and the recorded network.

    Returns
    -------
    DataFrame
        sample, steps, notifications, high_concern, mean_members, auc_without, auc, gain, gain_low, gain_high.
    """
    table = gains_in_sample(sample, coded, wider, without=without).rename(columns={"reading": "steps"})
    return table.assign(mean_members=[float(added[MEMBERS].mean()) for added in wider.values()])
