"""One synthetic child's network at three times, recorded beside whole-life (never made from anyone's own data)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis
import pandas as pd

from analysis.network.tables import NetworkTables, Prepared, frame_of

MOMENTS = ("first notification", "second notification", "end of the records")
NETWORKS = {"recorded": "recorded", "whole-life": "ever_recorded"}
COLUMN_OF = {"recorded": "recorded", "whole-life": "whole_life"}
MOST_MEMBERS = 9  # relatives in the picture (ours)
COLUMNS = ("moment", "network", "person", "role", "state", "is_child", "notified", "targeted", "abuser")


@dataclass(frozen=True)
class Example:
    """Two tables, one row a person or a value, at each moment and in each network."""

    people: pd.DataFrame
    values: pd.DataFrame


def choose_child(frame: pd.DataFrame) -> int:
    """The first child whose notifications show what the figure is about.

    At the first notification nothing is recorded while whole-life links would show a relative with a history;
    by the second a good part of the network is recorded.
    """
    ordered = frame.sort_values(["child_id", "date"])
    first = ordered[ordered["nNotes"] == 0].set_index("child_id")
    second = ordered[ordered["nNotes"] == 1].set_index("child_id")
    chosen = first[(first["nNeighsR"] <= 1) & (first["nWithNotesW"] >= 1)].index
    later = second[second["nNeighsR"].between(3, MOST_MEMBERS - 2) & (second["nAbusersW"] >= 1)].index
    both = chosen.intersection(later)
    if both.empty:
        both = chosen.intersection(second.index)
    if both.empty:
        raise ValueError("no child of this world has two notifications and a relative with a history")
    return int(both.min())


def example_of(prepared: Prepared, frame: pd.DataFrame) -> Example:
    """The network of the chosen child of a synthetic world.

    Parameters
    ----------
    prepared : Prepared
        Of a synthetic world.
    frame : pandas.DataFrame
        Its notifications, as `analysis.network.tables.notification_table` makes them.

    Returns
    -------
    Example

    Raises
    ------
    ValueError
        If no child of this world has two notifications and a relative with a history.
    """
    child = choose_child(frame)
    days = frame.loc[frame["child_id"] == child, "date"].sort_values().dt.date.tolist()
    last = prepared.tables.events.date.max().to_pyarrow().as_py()
    moments = dict(zip(MOMENTS, (days[0], days[1], last), strict=True))
    members = _members(prepared, child)
    rows = [
        _row(member, moment, day, network)
        for moment, day in moments.items()
        for network in NETWORKS
        for member in members.itertuples()
    ]
    people = pd.DataFrame(rows, columns=COLUMNS)
    return Example(people, _values(people))


def _members(prepared: Prepared, child: int) -> pd.DataFrame:
    """Those ever linked to the child, nearest kin first, with the days that matter."""
    tables = prepared.tables
    own = ibis.literal(child)
    linked: Any = None
    for network, reading in NETWORKS.items():
        links = tables.links(reading)
        links = links.filter(links.child_id == own).select("relative_id", **{COLUMN_OF[network]: "since"})
        linked = links if linked is None else linked.outer_join(links, "relative_id")
    linked = linked.mutate(relative_id=ibis.coalesce(linked.relative_id, linked.relative_id_right))
    births = tables.people.select("birth_date", relative_id="person_id")
    members = (
        linked.select("relative_id", *COLUMN_OF.values())
        .join(births, "relative_id")
        .join(prepared.known, "relative_id")
    )
    frame = frame_of(members.order_by("relative_id"))
    roles = _roles(tables, child)
    frame["role"] = frame["relative_id"].map(roles).fillna("other")
    order = {role: place for place, role in enumerate(ROLES)}
    frame = frame.sort_values(
        ["role", "birth_date"], key=lambda column: column.map(order) if column.name == "role" else column
    )
    return frame.head(MOST_MEMBERS).reset_index(drop=True)


ROLES = ("mother", "father", "parent", "sibling", "half-sibling", "step-parent", "child", "other kin", "other")


def _roles(tables: NetworkTables, child: int) -> dict[int, str]:
    """What each person is to the child, by the nearest class of relationship."""
    typed = tables.relationships.join(tables.types, "relationship_type")
    towards = typed.filter(typed.relative_id == child).select(person="person_id", kind="class")
    frame = frame_of(towards.distinct()).astype({"kind": str})
    frame = frame[frame["kind"].isin(ROLES)]
    frame["order"] = frame["kind"].map({role: place for place, role in enumerate(ROLES)})
    return frame.sort_values("order").drop_duplicates("person").set_index("person")["kind"].to_dict()


def _row(member, moment: str, day: date, network: str) -> tuple:
    """A member as seen at a moment."""
    since = getattr(member, COLUMN_OF[network])
    state = "in the network" if _before(since, day) else "known to exist"
    if not _before(member.birth_date, day):
        state = "not yet born"
    is_child = pd.Timestamp(member.grown_up) > pd.Timestamp(day)
    return (
        moment,
        network,
        str(member.Index + 1),
        member.role,
        state,
        "yes" if is_child else "no",
        "yes" if _before(member.first_notification, day) else "no",
        "yes" if _before(member.first_target, day) else "no",
        "yes" if _before(member.first_abuse, day) else "no",
    )


def _before(when, day) -> bool:
    return not pd.isna(when) and pd.Timestamp(when) < pd.Timestamp(day)


def _values(people: pd.DataFrame) -> pd.DataFrame:
    """The predictors as counted from the picture."""
    inside = people[people["state"] == "in the network"]
    child = inside["is_child"] == "yes"
    counted = inside.assign(
        nNeighs=1,
        nWithNotes=(child & (inside["notified"] == "yes")).astype(int),
        nWithTarget=(child & (inside["targeted"] == "yes")).astype(int),
        nAbusers=(inside["abuser"] == "yes").astype(int),
    )
    names = ["nNeighs", "nWithNotes", "nWithTarget", "nAbusers"]
    panels = people[["moment", "network"]].drop_duplicates()
    totals = counted.groupby(["moment", "network"], as_index=False)[names].sum()
    return panels.merge(totals, how="left").fillna(dict.fromkeys(names, 0)).astype(dict.fromkeys(names, int))
