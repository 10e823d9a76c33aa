"""Notifications and what follows them: referrals, findings, interventions, conferences, agreements."""

from dataclasses import dataclass

import numpy as np

from data_synthetic.network.families import YEAR_DAYS, Families
from data_synthetic.network.truth import Truth, day_number

ADULT_YEARS = 17  # until 2019 care and protection in New Zealand ended at 17
DAY_BITS = 20  # of a number that holds a child and a day: days to the year 4840
DECISIONS = ("substantiated_finding", "serious_intervention", "family_group_conference", "family_agreement")


@dataclass(frozen=True)
class Notifications:
    """One row per child and day, sorted. `decisions` holds the day of each decision, or -1 where there was none."""

    child: np.ndarray
    day: np.ndarray
    referred: np.ndarray
    decisions: dict[str, np.ndarray]


def make_notifications(truth: Truth, families: Families, random: np.random.Generator) -> Notifications:
    """Draw every notification of every child, and what was decided on it.

    Parameters
    ----------
    truth : Truth
    families : Families
    random : numpy Generator

    Returns
    -------
    Notifications
    """
    family_risk = random.standard_normal(len(families.children))
    child_risk = random.standard_normal(len(families.family))
    child, day = _first_hand(truth, families, family_risk, child_risk, random)
    child, day = _follow_up(truth["notifications"], child, day, random)
    child, day = _with_siblings(truth["notifications"], families, child, day, random)
    child, day = _in_childhood(truth, families, child, day)
    return _decide(truth, families, (child, day), (family_risk, child_risk), random)


def _first_hand(truth, families, family_risk, child_risk, random):
    """Notifications that nothing in the records set off: Poisson, thinned by age and by the growth of recording."""
    values = truth["notifications"]
    begin, end = (day_number(truth["period"][name]) for name in ("first_date", "last_date"))
    birth = families.birth[: len(families.family)].astype(np.int64)
    start, stop = np.maximum(birth, begin), np.minimum(birth + ADULT_YEARS * YEAR_DAYS, end)
    years = np.maximum(stop - start, 0) / YEAR_DAYS
    risk = values["family_risk"] * family_risk[families.family] + values["child_risk"] * child_risk
    most = values["rate"] * (1 + values["infant"])
    number = random.poisson(most * np.exp(risk) * years)
    child = np.repeat(np.arange(len(birth)), number)
    day = (start[child] + random.random(len(child)) * years[child] * YEAR_DAYS).astype(np.int64)
    age = (day - birth[child]) / YEAR_DAYS
    factor = (1 + values["infant"] * np.exp(-age / values["infant_fades_years"])) / (1 + values["infant"])
    kept = random.random(len(child)) < factor * _recorded_share(values["recording_grows"], day)
    return child[kept], day[kept]


def _recorded_share(grows, day):
    year = 1970 + day / YEAR_DAYS
    return np.interp(year, [grows["first_year"], grows["last_year"]], [grows["from"], grows["to"]])


def _follow_up(values, child, day, random):
    """Each notification sets off others, and these again others, a few generations deep."""
    children, days = [child], [day]
    while len(child):
        number = random.poisson(values["follow_up"], len(child))
        child, day = np.repeat(child, number), np.repeat(day, number)
        day = day + 1 + random.exponential(values["follow_up_years"] * YEAR_DAYS, len(day)).astype(np.int64)
        children.append(child)
        days.append(day)
    return np.concatenate(children), np.concatenate(days)


def _with_siblings(values, families, child, day, random):
    """A sibling is named in the same notification."""
    if not values["sibling_share"]:
        return child, day
    others = families.children[families.family[child]] - 1
    row = np.repeat(np.arange(len(child)), others)
    named = np.flatnonzero(random.random(len(row)) < values["sibling_share"])
    row = row[named]
    sibling = families.first_child[families.family[child[row]]] + named - (np.cumsum(others) - others)[row]
    sibling += sibling >= child[row]
    return np.concatenate([child, sibling]), np.concatenate([day, day[row]])


def _in_childhood(truth, families, child, day):
    """One notification per child and day, after birth, under 17, within the period; sorted."""
    age_days = day - families.birth[child]
    kept = (age_days > 0) & (age_days < ADULT_YEARS * YEAR_DAYS) & (day <= day_number(truth["period"]["last_date"]))
    return distinct_days(child[kept], day[kept])


def child_and_day(child: np.ndarray, day: np.ndarray | int) -> np.ndarray:
    """One whole number for each child and day, sorted as they are: by child, then by day.

    Parameters
    ----------
    child : array of int
        Numbers from 0.
    day : array of int, or int
        Days since 1 January 1970, from 0 and below 2^20.

    Returns
    -------
    array of int
        From 0.
    """
    return child << DAY_BITS | day


def distinct_days(child: np.ndarray, day: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each pair of child and day once, by child and day.

    Sorted: numpy's own `unique` looks whole numbers up in a table, which at ten times a country is out of every cache.

    Parameters
    ----------
    child : array of int
        Their numbers, from 0.
    day : array of int, as many
        Days since 1 January 1970, from 0 and below 2^20.

    Returns
    -------
    tuple of two arrays of int
        Children and days.

    Examples
    --------
    >>> distinct_days(np.array([7, 2, 7, 7]), np.array([30, 9, 30, 4]))
    (array([2, 7, 7]), array([ 9,  4, 30]))
    """
    key = child_and_day(child, day)
    key.sort()
    key = key[np.diff(key, prepend=-1) > 0]
    return key >> DAY_BITS, key & (2**DAY_BITS - 1)


def _decide(truth, families, rows, risks, random):
    """Referral first; the other decisions only on referred notifications."""
    child, day = rows
    family_risk, child_risk = risks
    values = truth["decisions"]
    shared = values["severity_correlation"]
    own = random.standard_normal(len(family_risk))
    severity = (shared * family_risk + np.sqrt(1 - shared**2) * own)[families.family[child]]
    age = (day - families.birth[child]) / YEAR_DAYS
    known = np.diff(child, prepend=-1) == 0  # an earlier notification
    own_risk = child_risk[child]

    def drawn(name):
        effect = values[name]
        logit = effect["severity"] * severity
        logit += effect["intercept"]  # in the same memory: new memory costs as much as the sum
        logit += effect["child"] * own_risk
        logit += effect["age"] * age
        logit += effect["known"] * known
        return random.random(len(child)) < 1 / (1 + np.exp(-logit))

    referred = drawn("referral")
    decisions = {}
    for name in DECISIONS:
        lag = 1 + random.exponential(values["lag_days"][name], len(child)).astype(np.int64)
        made = referred & drawn(name) & (day + lag <= day_number(truth["period"]["last_date"]))
        decisions[name] = np.where(made, day + lag, -1)
    return Notifications(child, day, referred, decisions)
