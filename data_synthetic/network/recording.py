"""How relationships come to be written down: at visits after serious events, link by link."""

from dataclasses import dataclass

import numpy as np

from data_synthetic.network.episodes import Notifications, child_and_day, distinct_days
from data_synthetic.network.families import NOBODY, Families, sibling_pairs
from data_synthetic.network.truth import Truth, day_number

Links = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]  # person, relative, type, day

INVERSE = {
    "mother of": "child of",
    "father of": "child of",
    "sibling of": "sibling of",
    "half-sibling of": "half-sibling of",
    "step-parent of": "step-child of",
    "cousin of": "cousin of",
    "aunt of": "niece of",
    "caregiver of": "in the care of",
}
ABUSE = ("was physically abused by", "was emotionally abused by", "was neglected by", "was sexually abused by")
ABUSE_SHARES = (0.25, 0.45, 0.25, 0.05)  # of these types, in their order (ours)
BETWEEN_ADULTS = ("partner of", "ex-partner of", "friend of", "flatmate of", "associate of", "neighbour of")

# A type of relationship is stored as its index in this tuple.
TYPES = (*dict.fromkeys((*INVERSE, *INVERSE.values(), *ABUSE, *BETWEEN_ADULTS)),)
CODE = {name: code for code, name in enumerate(TYPES)}
INVERSE_CODE = np.array([CODE[INVERSE.get(name, name)] for name in TYPES], dtype=np.int8)


@dataclass(frozen=True)
class Visits:
    """Days on which a social worker wrote down a child's relationships, sorted by child and day."""

    child: np.ndarray
    day: np.ndarray

    @property
    def key(self) -> np.ndarray:
        return child_and_day(self.child, self.day)


def true_links(families: Families) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The registry of birth: (relative, child, type) of every mother, known father, sibling and half-sibling."""
    child = np.arange(len(families.family))
    known = families.father != NOBODY
    first, second = sibling_pairs(families)
    full = families.man[first] == families.man[second]
    person = np.concatenate([families.mother, families.father[known], second])
    relative = np.concatenate([child, child[known], first])
    kind = np.concatenate(
        [
            np.full(len(child), CODE["mother of"], np.int8),
            np.full(known.sum(), CODE["father of"], np.int8),
            np.where(full, CODE["sibling of"], CODE["half-sibling of"]).astype(np.int8),
        ]
    )
    return person, relative, kind


def make_visits(truth: Truth, notifications: Notifications, random: np.random.Generator) -> Visits:
    """A visit follows a notification the more likely, the more serious what came of it.

    Parameters
    ----------
    truth : Truth
        Its section `recording`.
    notifications : Notifications
    random : numpy Generator

    Returns
    -------
    Visits
    """
    values = truth["recording"]
    serious = np.max(list(notifications.decisions.values()), axis=0) >= 0
    kinds = [serious, notifications.referred]
    chance = np.select(
        kinds, [values["visit"]["serious"], values["visit"]["referred"]], values["visit"]["not_referred"]
    )
    held = random.random(len(chance)) < chance
    day = notifications.day[held] + 1 + random.exponential(values["lag_days"], held.sum()).astype(np.int64)
    child = notifications.child[held]
    within = day <= day_number(truth["period"]["last_date"])
    return Visits(*distinct_days(child[within], day[within]))


def write_down(truth: Truth, families: Families, notifications: Notifications, random: np.random.Generator) -> Links:
    """Every relationship as written down, before the rows that make up the published number.

    Parameters
    ----------
    truth : Truth
        Its section `recording`.
    families : Families
    notifications : Notifications
    random : numpy Generator

    Returns
    -------
    Links
    """
    visits = make_visits(truth, notifications, random)
    parts = [
        _family_links(truth["recording"], families, visits, random),
        _kin(truth["recording"], families, visits, random),
        _acquaintances(truth["recording"], families, visits, random),
    ]
    links = _with_inverses(truth["recording"], _joined(parts), random)
    abuse = _abuse(truth["recording"], families, notifications, random)
    return _joined([links, abuse])


def _joined(parts: list[Links]) -> Links:
    """The links of several parts, one after another."""
    person, relative, kind, day = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return person, relative, kind, day


def fill_up(links: Links, number: int, adults: np.ndarray, period: tuple[int, int], random) -> Links:
    """Add rows up to a number: half are rows written down again later, half are acquaintances among adults.

    Parameters
    ----------
    links : Links
        As `write_down` gives them.
    number : int
        Of rows in all.
    adults : ndarray of int
        Their numbers, at least two.
    period : tuple of int and int
        First and last day, in days since 1 January 1970.
    random : numpy Generator

    Returns
    -------
    Links

    Raises
    ------
    ValueError
        If there are more rows already.
    """
    missing = number - len(links[0])
    if missing < 0:
        raise ValueError(f"{len(links[0])} relationships were drawn, more than {number}; write down fewer at a visit")
    again = random.integers(0, len(links[0]), missing // 2)
    later = np.minimum(links[3][again] + 1 + random.exponential(500, len(again)).astype(np.int64), period[1])
    repeated = (links[0][again], links[1][again], links[2][again], later)
    rest = missing - len(again)
    one = random.integers(0, len(adults), rest)
    other = (one + random.integers(1, len(adults), rest)) % len(adults)
    kinds = random.choice([CODE[name] for name in BETWEEN_ADULTS], rest).astype(np.int8)
    between = (adults[one], adults[other], kinds, random.integers(*period, rest))
    return _joined([links, repeated, between])


def _family_links(values, families, visits, random):
    """At each visit of a child each true link is written down with its chance, so its day is that of the k-th visit."""
    person, relative, kind = true_links(families)
    stepped = np.flatnonzero(families.step_parent != NOBODY)
    person = np.concatenate([person, families.step_parent[stepped]])
    relative = np.concatenate([relative, stepped])
    kind = np.concatenate([kind, np.full(len(stepped), CODE["step-parent of"], np.int8)])
    chance = np.select(
        [kind == CODE[name] for name in ("mother of", "father of", "step-parent of")],
        [values["written_down"][name] for name in ("mother", "father", "step_parent")],
        values["written_down"]["sibling"],
    )
    day = _day_of_visit(visits, relative, families.birth[person].astype(np.int64), chance, random)
    kept = day >= 0
    return person[kept], relative[kept], kind[kept], day[kept]


def _day_of_visit(visits, child, not_before, chance, random):
    """Day of the first visit of `child` since `not_before` at which a coin of that chance fell heads; -1 if none."""
    if not len(visits.child):
        return np.full(len(child), -1)
    key = visits.key
    first = np.searchsorted(key, child_and_day(child, np.maximum(not_before, 0)))
    visit = first + random.geometric(chance) - 1
    inside = visit < np.searchsorted(key, child_and_day(child + 1, 0))
    return np.where(inside, visits.day[np.minimum(visit, len(visits.day) - 1)], -1)


def _kin(values, families, visits, random):
    """A member of the related family: its mother (an aunt) or one of its children (a cousin)."""
    row = np.flatnonzero(random.random(len(visits.child)) < values["kin_per_visit"])
    child, day = visits.child[row], visits.day[row]
    related = np.minimum(families.family[child] ^ 1, len(families.children) - 1)
    cousin = families.first_child[related] + (random.random(len(row)) * families.children[related]).astype(np.int64)
    is_aunt = random.random(len(row)) < 0.4
    person = np.where(is_aunt, len(families.family) + related, cousin)
    kind = np.where(is_aunt, CODE["aunt of"], CODE["cousin of"]).astype(np.int8)
    kept = (families.birth[person] < day) & (related != families.family[child])
    return person[kept], child[kept], kind[kept], day[kept]


def _acquaintances(values, families, visits, random):
    row = np.flatnonzero(random.random(len(visits.child)) < values["others_per_visit"])
    person = random.integers(len(families.family), families.people, len(row))
    return person, visits.child[row], np.full(len(row), CODE["caregiver of"], np.int8), visits.day[row]


def _with_inverses(values, links, random):
    """Most relationships are also written from the other side: the child of, the niece of."""
    person, relative, kind, day = links
    row = np.flatnonzero(random.random(len(person)) < values["inverse_written"])
    return (
        np.concatenate([person, relative[row]]),
        np.concatenate([relative, person[row]]),
        np.concatenate([kind, INVERSE_CODE[kind[row]]]),
        np.concatenate([day, day[row]]),
    )


def _abuse(values, families, notifications, random):
    """The abuser named with a substantiated finding: 'child was ... abused by person'."""
    found = notifications.decisions["substantiated_finding"]
    row = np.flatnonzero((found >= 0) & (random.random(len(found)) < values["abuser_named"]))
    child = notifications.child[row]
    roles = list(values["abusers"])
    role = random.choice(len(roles), len(row), p=list(values["abusers"].values()))
    sibling = families.first_child[families.family[child]]
    other = random.integers(len(families.family), families.people, len(row))
    choices = {
        "father": families.father[child],
        "mother": families.mother[child],
        "step_parent": families.step_parent[child],
        "sibling": np.where(sibling == child, NOBODY, sibling),
        "other": other,
    }
    person = np.choose(role, [choices[name] for name in roles])
    named = person != NOBODY
    kind = random.choice([CODE[name] for name in ABUSE], named.sum(), p=ABUSE_SHARES).astype(np.int8)
    return child[named], person[named], kind, found[row][named]
