"""Wider networks: people two or three relationships away (exploratory, as in B's discussion)."""

import ibis
import pandas as pd
from ibis.expr.types import Table

from analysis.network.cells import make_sample
from analysis.network.discrimination import difference_interval
from analysis.network.predictors import network_counts
from analysis.network.study import SAMPLES, candidates, fit_model, rows_of, without_whole_life
from analysis.network.tables import Prepared, collect

MOST_STEPS = 3
MEASURES = ("nNeighs", "nWithNotes", "nWithTarget", "nAbusers")


def links_within(children: Table, links: Table, steps: int) -> Table:
    """Everyone within a number of steps of these children, since the earliest day on which a way was known.

    Parameters
    ----------
    children : child_id
    links : child_id, relative_id, since
        Of everyone, not only of these children.
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


def wider_gains(prepared: Prepared, frame: pd.DataFrame, steps: int, *, unit_of_folds: str) -> pd.DataFrame:
    """What counts over the wider recorded network add to the events and the recorded network.

    Returns
    -------
    DataFrame
        sample, steps, notifications, high_concern, mean_members, auc_without, auc, gain, gain_low, gain_high.
    """
    links = prepared.tables.links("recorded")
    children = prepared.notifications.select("child_id").distinct()
    reached = links_within(children, links, steps)
    counts = collect(network_counts(prepared.notifications, reached, prepared.known, "X"))
    names = [f"{measure}X" for measure in MEASURES]
    wider = frame.merge(counts, on=["child_id", "date"], how="left").fillna(dict.fromkeys(names, 0))
    rows = []
    for sample in SAMPLES:
        subset = without_whole_life(candidates(sample))
        chosen = rows_of(wider, sample)
        coded = make_sample(chosen, ("Age", *subset, *names), fold=f"fold_by_{unit_of_folds}", family="family_id")
        without, with_wider = fit_model(coded, subset), fit_model(coded, (*subset, *names))
        gain, low, high = difference_interval(with_wider.area, without.area)
        rows.append(
            {
                "sample": sample,
                "steps": steps,
                "notifications": coded.notifications,
                "high_concern": int(coded.concern.sum()),
                "mean_members": float(chosen["nNeighsX"].mean()),
                "auc_without": without.area.auc,
                "auc": with_wider.area.auc,
                "gain": gain,
                "gain_low": low,
                "gain_high": high,
            }
        )
    return pd.DataFrame(rows)
