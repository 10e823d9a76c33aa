"""A whole world: four tables of plain columns, with the published numbers of rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from data_synthetic.network.episodes import DECISIONS, Notifications, make_notifications
from data_synthetic.network.families import NOBODY, make_families
from data_synthetic.network.recording import TYPES, fill_up, true_links, write_down
from data_synthetic.network.rows import Rows
from data_synthetic.network.truth import Truth, day_number

OTHER_EVENTS = (
    "contact_record",
    "investigation",
    "assessment",
    "home_visit",
    "placement",
    "court_order",
    "plan_review",
)
OTHER_EVENT_SHARES = (0.34, 0.16, 0.14, 0.18, 0.06, 0.04, 0.08)  # of these events, in their order (ours)


@dataclass(frozen=True)
class World:
    """Four tables. `registry` is the truth that a complete register of births would hold; `relationships` is what
    social workers wrote down, and when.

    Attributes
    ----------
    rows : dict of str to Rows
        Each table by its name, some 20 bytes to a row; as a frame it is an attribute and takes three times that.
    """

    rows: Mapping[str, Rows]

    @cached_property
    def people(self) -> pl.DataFrame:
        return self.rows["people"].frame()

    @cached_property
    def relationships(self) -> pl.DataFrame:
        return self.rows["relationships"].frame()

    @cached_property
    def events(self) -> pl.DataFrame:
        return self.rows["events"].frame()

    @cached_property
    def registry(self) -> pl.DataFrame:
        return self.rows["registry"].frame()


def generate_world(truth: Truth, *, share: float, seed: int) -> World:
    """Draw a world.

    Parameters
    ----------
    truth : Truth
        From `load_truth`.
    share : float
        1 for the published number of people, relationships and events; 0.01 for a hundredth.
    seed : int
        The same truth, share and seed give the same rows in the same order.

    Returns
    -------
    World

    Raises
    ------
    ValueError
        If the truth plants more people, relationships or events than the world should have.
    """
    streams = [np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(5)]
    families = make_families(truth, share, streams[0])
    notifications = make_notifications(truth, families, streams[1])
    number = (streams[3].permutation(families.people) + 1).astype(np.int32)
    rows = {
        "people": _people(truth, families, number, streams[3]),
        "relationships": _relationships(truth, families, notifications, share, number, streams[2]),
        "events": _events(truth, notifications, share, number, streams[4]),
        "registry": _registry(families, number),
    }
    return World(rows)


def _people(truth, families, number, random) -> Rows:
    values = truth["people"]
    children, mothers = len(families.family), len(families.children)
    female, share = random.random(families.people), values["gender"]["female"]
    is_male = female >= share
    is_male[children : children + mothers] = False
    groups = (*values["ethnicity"], "unknown")
    of_family = random.choice(len(groups) - 1, mothers + 1, p=list(values["ethnicity"].values()))
    family = families.family_of_person
    group = np.where(family == NOBODY, random.integers(0, len(groups), len(family)), of_family[family])
    group[random.random(len(group)) < values["ethnicity_unknown"]] = len(groups) - 1
    columns = {
        "person_id": number,
        "birth_date": families.birth,
        "gender": is_male.astype(np.int8),
        "ethnicity": group.astype(np.int8),
    }
    return Rows(
        columns, tuple(columns), days=("birth_date",), words={"gender": ("female", "male"), "ethnicity": groups}
    )


def _relationships(truth, families, notifications, share, number, random) -> Rows:
    links = write_down(truth, families, notifications, random)
    adults = np.arange(len(families.family), families.people)
    period = tuple(day_number(truth["period"][end]) for end in ("first_date", "last_date"))
    rows = round(truth["counts"]["relationships"] * share)
    person, relative, kind, day = fill_up(links, rows, adults, period, random)
    columns = {
        "person_id": number[person],
        "relative_id": number[relative],
        "relationship_type": kind,
        "recorded_date": day.astype(np.int32),
    }
    order = ("recorded_date", "person_id", "relative_id", "relationship_type")
    return Rows(columns, order, days=("recorded_date",), words={"relationship_type": TYPES})


def _events(truth, notifications: Notifications, share, number, random) -> Rows:
    """Notifications, referrals (dated as the notification they decide on), decisions, and other events in between."""
    parts = {"notification": (notifications.child, notifications.day)}
    parts["referral"] = (notifications.child[notifications.referred], notifications.day[notifications.referred])
    for name in DECISIONS:
        made = notifications.decisions[name] >= 0
        parts[name] = (notifications.child[made], notifications.decisions[name][made])
    missing = round(truth["counts"]["events"] * share) - sum(len(child) for child, _ in parts.values())
    if missing < 0:
        raise ValueError("more events were drawn than were published; plant a lower rate of notifications")
    row = random.integers(0, len(notifications.child), missing)
    day = notifications.day[row] + random.exponential(60, missing).astype(np.int64)
    day = np.minimum(day, day_number(truth["period"]["last_date"]))
    kind = random.choice(len(OTHER_EVENTS), missing, p=OTHER_EVENT_SHARES)
    kinds = [np.full(len(child), code, np.int8) for code, (child, _) in enumerate(parts.values())]
    columns = {
        "person_id": number[np.concatenate([*(child for child, _ in parts.values()), notifications.child[row]])],
        "event": np.concatenate([*kinds, (len(parts) + kind).astype(np.int8)]),
        "date": np.concatenate([*(days for _, days in parts.values()), day]).astype(np.int32),
    }
    return Rows(columns, ("date", "person_id", "event"), days=("date",), words={"event": (*parts, *OTHER_EVENTS)})


def _registry(families, number) -> Rows:
    person, relative, kind = true_links(families)
    columns = {"person_id": number[person], "relative_id": number[relative], "relationship_type": kind}
    return Rows(columns, tuple(columns), words={"relationship_type": TYPES})
