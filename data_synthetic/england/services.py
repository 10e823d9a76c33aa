"""What a service records of children: contacts, referrals, needs, enquiries, plans and care."""

import numpy as np

from data_synthetic.england.history import NEVER
from data_synthetic.england.world import World


def record_contact(world: World, child: np.ndarray, date: np.ndarray, source: np.ndarray) -> None:
    """Write a contact of each child.

    Parameters
    ----------
    world : World
    child : ndarray of int
        Each at most once.
    date : ndarray of int
        Days since 1 January 1970.
    source : ndarray of str
        In the words of Annex A.
    """
    world.write("contacts", child=child, date=date, source=source)
    world.history.record("contact", child, date)
    for event, group in (("police_contact", ": Police"), ("health_contact", ": Health")):
        of_group = np.char.find(source, group) > 0
        world.history.record(event, child[of_group], date[of_group])


def record_referral(
    world: World, child: np.ndarray, date: np.ndarray, source: np.ndarray, *, further_action: bool
) -> None:
    """Write a referral of each child.

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
        Whether it led to further action.
    """
    world.write(
        "referrals", child=child, date=date, source=source, no_further_action=np.full(len(child), not further_action)
    )
    world.history.record("referral", child, date)
    if not further_action:
        world.history.record("no_further_action", child, date)


def start_need(world: World, child: np.ndarray, date: np.ndarray) -> None:
    """Open a case of children in need where none is open; one that is bound to open later ends it the day before.

    Parameters
    ----------
    world : World
    child : ndarray of int
        Each at most once.
    date : ndarray of int
        Days since 1 January 1970.
    """
    new = ~world.history.open("need", child, date)
    end = date[new] + world.days(100, 0.9, child[new]) + 15
    following = world.history.next_start("need", child[new], date[new])
    world.history.record_period("need", child[new], date[new], np.minimum(end, following - 1))


def record_section_47(world: World, child, date, *, conference: np.ndarray, plan: bool) -> None:
    """Write a section 47 enquiry, with its conference about a fortnight later.

    Parameters
    ----------
    world : World
    child : ndarray of int
        Each at most once.
    date : ndarray of int
        Days since 1 January 1970.
    conference : ndarray of bool
        Whether one was held.
    plan : bool
        Whether the conference decided on a child protection plan.
    """
    on = np.where(conference, date + world.uniform(10, 19, child), NEVER)
    world.write("section_47", child=child, date=date, conference=on, plan=np.full(len(child), plan))
    world.history.record("section_47", child, date)


def start_plan(world: World, child: np.ndarray, date: np.ndarray) -> None:
    """A child protection plan, after a section 47 enquiry and with a case open.

    Parameters
    ----------
    world : World
    child : ndarray of int
        Each at most once.
    date : ndarray of int
        First days of the plans, in days since 1 January 1970.
    """
    enquiry = date - 15
    world.write("section_47", child=child, date=enquiry, conference=date, plan=np.ones(len(child), bool))
    world.history.record("section_47", child, enquiry)
    start_need(world, child, enquiry - 1)
    world.history.record_period("plan", child, date, date + world.uniform(90, 420, child))


def start_care(world: World, child: np.ndarray, date: np.ndarray) -> None:
    """A period of being looked after, with a case open.

    Parameters
    ----------
    world : World
    child : ndarray of int
        Each at most once.
    date : ndarray of int
        First days of care, in days since 1 January 1970.
    """
    start_need(world, child, date)
    length = world.days(270, 1.0, child) + 3
    world.history.record_period("care", child, date, date + length)


def come_back(world: World, child: np.ndarray, date: np.ndarray) -> None:
    """A new contact and a referral with further action, out of the family's round of visits.

    Parameters
    ----------
    world : World
    child : ndarray of int
        Each at most once.
    date : ndarray of int
        Days since 1 January 1970.
    """
    source = world.source(child)
    record_contact(world, child, date, source)
    record_referral(world, child, date, source, further_action=True)
    start_need(world, child, date)
