"""Simulated histories: visit by visit, what is recorded of each child, and what then becomes of it.

Each family is visited several times. A visit is a contact about some of its children and takes a pathway (no
more than a contact, early help, a referral with or without further action). The history so far decides the
risk of each outcome; the outcome is drawn, and only then are its events written, inside the window for those
who have it and not for the others.
"""

from collections.abc import Iterator

import numpy as np

from data_synthetic.england.outcomes import MARGIN_DAYS, declares, draw_outcomes
from data_synthetic.england.people import CHILDHOOD_DAYS, choose, day
from data_synthetic.england.services import record_contact, record_referral, record_section_47, start_need
from data_synthetic.england.world import World

YEAR = 365  # days


def simulate_visits(world: World) -> None:
    """Write every family's visits, first visits of all families first."""
    for child, date in visits(world):
        simulate_visit(world, child, date)


def visits(world: World) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The first visit of each family, then the second, ...: the children seen, and the day."""
    authority, people, rng = world.authority, world.people, world.rng
    families = len(people.first_visit)
    shape = authority.visit_shape
    number = 1 + rng.poisson(rng.gamma(shape, authority.further_visits / shape, families))
    date, last = people.first_visit.copy(), day(authority.last_date)
    for visit_number in range(number.max()):
        if visit_number:
            date = date + 7 + rng.exponential(authority.gap_days, families).astype(int)
        going = (number > visit_number) & (date <= last)
        yield _seen(world, going, date)


def _seen(world: World, going: np.ndarray, date: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The children of the families visited: the one it is about, and often siblings."""
    people, rng = world.people, world.rng
    about = people.siblings[:, 0] + rng.integers(0, (people.siblings >= 0).sum(axis=1))
    children = np.arange(len(people))
    when = date[people.family]
    seen = going[people.family]
    seen &= (about[people.family] == children) | world.chance(world.truth.seen_together, children)
    seen &= (when - people.birth < CHILDHOOD_DAYS) & (when - people.birth > -150)
    return children[seen], when[seen]


def simulate_visit(world: World, child: np.ndarray, date: np.ndarray) -> None:
    """One visit to each of these children.

    Parameters
    ----------
    world : World
    child : ndarray of int
        Each at most once.
    date : ndarray of int
        Days since 1 January 1970.
    """
    family = world.people.family[child]
    source = choose(world.rng, world.truth.sources, len(world.people.siblings))[family]
    pathway = _pathway(world, child, date)
    # A contact with a referral of no further action has its outcome drawn at the referral, where that is studied.
    drawn = (pathway != 2) | (not declares(world, "referral: no further action"))
    draw_outcomes(world, "contact", child[drawn], date[drawn])
    record_contact(world, child, date, source)
    begin_early_help(world, child[pathway == 1], date[pathway == 1] + 5)
    # Where the leak is planted, a referral bears the date of its contact; elsewhere it follows within two days.
    days = 1 if world.authority.counts_as_at == "extract" else 3
    lag = world.rng.integers(0, days, len(world.people.siblings))[family]
    referred = date + lag
    refer(world, child[pathway == 2], referred[pathway == 2], source[pathway == 2], further_action=False)
    refer(world, child[pathway == 3], referred[pathway == 3], source[pathway == 3], further_action=True)


def _pathway(world: World, child: np.ndarray, date: np.ndarray) -> np.ndarray:
    """0 contact only, 1 early help, 2 no further action, 3 further action; siblings mostly share theirs."""
    shares = world.authority.pathways
    edges = np.cumsum([shares.contact_only, shares.early_help, shares.no_further_action])
    families = world.rng.random(len(world.people.siblings))
    draw = np.where(world.chance(0.15, child), world.draw(child), families[world.people.family[child]])
    pathway = np.searchsorted(edges, draw, side="right")
    history = world.history
    busy = history.open("plan", child, date) | history.open("care", child, date)
    pathway = np.where(busy | (world.no_referral_until[child] >= date), 0, pathway)
    no_need = world.no_need_until[child] >= date
    return np.where((pathway == 3) & no_need, 2, pathway)


def begin_early_help(world: World, child: np.ndarray, date: np.ndarray) -> None:
    """Write a spell of early help; its end is an index date of its own.

    Parameters
    ----------
    world : World
    child : ndarray of int
        Each at most once.
    date : ndarray of int
        First days, in days since 1 January 1970.
    """
    end = date + world.uniform(45, 260, child)
    world.write("early_help", child=child, start=date, end=end)
    world.history.record_period("early_help", child, date, end)
    if declares(world, "early_help_end"):
        world.no_referral_until[child] = np.maximum(world.no_referral_until[child], end + YEAR + MARGIN_DAYS)
        draw_outcomes(world, "early_help_end", child, end)


def refer(world: World, child: np.ndarray, date: np.ndarray, source: np.ndarray, *, further_action: bool) -> None:
    """Write a referral and what follows of its own accord.

    Parameters
    ----------
    world : World
    child : ndarray of int
        Each at most once.
    date : ndarray of int
        Days since 1 January 1970.
    source : ndarray of str
        In the words of Annex A.
    further_action : bool
        Whether it leads to further action.
    """
    if further_action:
        draw_outcomes(world, "referral: further action", child, date)
    else:
        first = world.chance(world.authority.early_help_first, child) & ~world.history.open("early_help", child, date)
        begin_early_help(world, child[first], date[first] - world.uniform(5, 60, child[first]))
        draw_outcomes(world, "referral: no further action", child, date)
    record_referral(world, child, date, source, further_action=further_action)
    if further_action:
        follow_up(world, child, date)


def follow_up(world: World, child: np.ndarray, date: np.ndarray) -> None:
    """After a referral with further action: need, assessment, perhaps a section 47 enquiry.

    Parameters
    ----------
    world : World
    child : ndarray of int
        Each at most once.
    date : ndarray of int
        Of the referral, in days since 1 January 1970.
    """
    start_need(world, child, date)
    start = date + world.uniform(1, 8, child)
    authorised = start + world.uniform(18, 62, child)
    support = world.chance(0.66, child)
    world.write("assessments", child=child, start=start, authorised=authorised, support=support)
    enquiry = world.chance(world.authority.section_47, child)
    on = date[enquiry] + world.uniform(1, 15, child[enquiry])
    record_section_47(world, child[enquiry], on, conference=world.chance(0.15, child[enquiry]), plan=False)
    draw_outcomes(world, "assessment", child, authorised)
    world.history.record("assessment", child, start)
