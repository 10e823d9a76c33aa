"""A whole world: four tables of plain columns, with the published numbers of rows."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from data_synthetic.network.episodes import DECISIONS, Notifications, make_notifications
from data_synthetic.network.families import NOBODY, make_families
from data_synthetic.network.recording import TYPES, fill_up, true_links, write_down
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
    social workers wrote down, and when."""

    people: pl.DataFrame
    relationships: pl.DataFrame
    events: pl.DataFrame
    registry: pl.DataFrame


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
    number = streams[3].permutation(families.people) + 1
    return World(
        people=_people(truth, families, number, streams[3]),
        relationships=_relationships(truth, families, notifications, share, number, streams[2]),
        events=_events(truth, notifications, share, number, streams[4]),
        registry=_registry(families, number),
    )


def _people(truth, families, number, random):
    values = truth["people"]
    children, mothers = len(families.family), len(families.children)
    female, share = random.random(families.people), values["gender"]["female"]
    is_male = female >= share
    is_male[children : children + mothers] = False
    groups = (*values["ethnicity"], "unknown")
    of_family = random.choice(len(groups) - 1, mothers + 1, p=list(values["ethnicity"].values()))
    family = families.family_of_person
    place = np.where(family == NOBODY, random.integers(0, len(groups), len(family)), of_family[family])
    place[random.random(len(place)) < values["ethnicity_unknown"]] = len(groups) - 1
    columns = {
        "person_id": number,
        "birth_date": families.birth,
        "gender": _words(("female", "male"), is_male),
        "ethnicity": _words(groups, place),
    }
    return pl.DataFrame(columns).with_columns(pl.col("birth_date").cast(pl.Date)).sort("person_id")


def _relationships(truth, families, notifications, share, number, random):
    links = write_down(truth, families, notifications, random)
    adults = np.arange(len(families.family), families.people)
    period = tuple(day_number(truth["period"][end]) for end in ("first_date", "last_date"))
    rows = round(truth["counts"]["relationships"] * share)
    person, relative, kind, day = fill_up(links, rows, adults, period, random)
    frame = pl.DataFrame(
        {
            "person_id": number[person],
            "relative_id": number[relative],
            "relationship_type": _words(TYPES, kind),
            "recorded_date": day.astype(np.int32),
        }
    )
    frame = frame.with_columns(pl.col("recorded_date").cast(pl.Date))
    return frame.sort("recorded_date", "person_id", "relative_id", "relationship_type")


def _events(truth, notifications: Notifications, share, number, random):
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
    frame = pl.DataFrame(
        {
            "person_id": number[np.concatenate([*(child for child, _ in parts.values()), notifications.child[row]])],
            "event": pl.concat(
                [
                    *(pl.repeat(name, len(child), dtype=pl.String, eager=True) for name, (child, _) in parts.items()),
                    _words(OTHER_EVENTS, kind),
                ]
            ),
            "date": np.concatenate([*(days for _, days in parts.values()), day]).astype(np.int32),
        }
    )
    return frame.with_columns(pl.col("date").cast(pl.Date)).sort("date", "person_id", "event")


def _registry(families, number):
    person, relative, kind = true_links(families)
    frame = pl.DataFrame(
        {"person_id": number[person], "relative_id": number[relative], "relationship_type": _words(TYPES, kind)}
    )
    return frame.sort("person_id", "relative_id")


def _words(words, places):
    """A column of words from their places in a tuple."""
    return pl.Series(words, dtype=pl.String).gather(pl.Series(places, dtype=pl.UInt32))
