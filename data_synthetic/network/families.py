"""Families: mothers, fathers, step-parents and children, their dates of birth, and who is whose kin."""

from dataclasses import dataclass

import numpy as np

from data_synthetic.network.truth import Truth, day_number

YEAR_DAYS = 365.25  # of the Julian calendar
NOBODY = -1  # in place of a person's number


@dataclass(frozen=True)
class Families:
    """Children lie family by family, eldest first. People are numbered children, mothers, men, other adults.

    Attributes
    ----------
    family : array of int, (children,)
        Family of each child.
    first_child, children : array of int, (families,)
        Position of the eldest child and number of children.
    birth : array of int, (people,)
        Day of birth, in days since 1970-01-01.
    man : array of int, (children,)
        Number of the father, known or not: equal for full siblings.
    mother, father, step_parent : array of int, (children,)
        Person, or `NOBODY` (a father who is not known, no step-parent).
    family_of_person : array of int, (people,)
        `NOBODY` for adults outside the families.
    """

    family: np.ndarray
    first_child: np.ndarray
    children: np.ndarray
    birth: np.ndarray
    mother: np.ndarray
    man: np.ndarray
    father: np.ndarray
    step_parent: np.ndarray
    family_of_person: np.ndarray

    @property
    def people(self) -> int:
        return len(self.birth)


def make_families(truth: Truth, share: float, random: np.random.Generator) -> Families:
    """Draw the families, and as many other adults as make up the published number of people.

    Parameters
    ----------
    truth : Truth
        Its section `families`, the number of people and the period.
    share : float
        Of the published size, above 0.
    random : numpy Generator

    Returns
    -------
    Families

    Raises
    ------
    ValueError
        If the families alone hold more people than the world should.
    """
    values = truth["families"]
    number, people = round(values["families"] * share), round(truth["counts"]["people"] * share)
    sizes = random.choice(
        np.arange(1, len(values["children_per_family"]) + 1), size=number, p=values["children_per_family"]
    )
    family, order, birth = _children(values, sizes, random, day_number(truth["period"]["last_date"]))
    children = np.bincount(family, minlength=number)
    first_child = np.concatenate([[0], np.cumsum(children)[:-1]])
    eldest_birth = birth[first_child]
    mother_birth = eldest_birth - _years(random, number, **values["mother_age_at_first_birth"])
    man, men_family, men_birth = _men(values, family, order, mother_birth, random)
    known = (random.random(len(men_family)) < values["father_known"])[man]
    step = _step_parents(values, first_child, children, man, random)
    step_birth = mother_birth[step >= 0] - _years(random, (step >= 0).sum(), 0, 8)
    first_man, first_step = len(birth) + number, len(birth) + number + len(men_family)
    others = people - first_step - len(step_birth)
    if others < 0:
        raise ValueError(f"the families alone hold {people - others} people, more than {people}; plant fewer families")
    other_birth = random.integers(day_number(truth["period"]["first_date"]) - 22000, 5000, others)
    step_person = np.where(step >= 0, first_step + step, NOBODY)
    return Families(
        family=family,
        first_child=first_child,
        children=children,
        birth=np.concatenate([birth, mother_birth, men_birth, step_birth, other_birth]).astype(np.int32),
        mother=len(birth) + family,
        man=man,
        father=np.where(known, first_man + man, NOBODY),
        step_parent=step_person[family],
        family_of_person=np.concatenate(
            [family, np.arange(number), men_family, np.flatnonzero(step >= 0), np.full(others, NOBODY)]
        ),
    )


def sibling_pairs(families: Families) -> tuple[np.ndarray, np.ndarray]:
    """Every ordered pair of children of one family: (child, sibling)."""
    children = families.children[families.family]
    child = np.repeat(np.arange(len(families.family)), children)
    start = np.repeat(np.cumsum(children) - children, children)
    sibling = families.first_child[families.family[child]] + np.arange(len(child)) - start
    return child[child != sibling], sibling[child != sibling]


def _children(values, sizes, random, last_day):
    """Family, order of birth and day of birth of each child born by the last day (the eldest always is)."""
    family = np.repeat(np.arange(len(sizes)), sizes)
    first = np.cumsum(sizes) - sizes
    order = np.arange(len(family)) - first[family]
    low, high = (day_number(values["first_birth"][end]) for end in ("from", "to"))
    spacing = values["years_between_births"]
    gap = random.gamma(spacing["shape"], spacing["mean"] / spacing["shape"], len(family)) * YEAR_DAYS
    gap = np.maximum(gap, 300.0)
    gap[first] = random.integers(low, high, len(sizes))
    total = np.cumsum(gap)
    birth = (total - (total[first] - gap[first])[family]).astype(np.int64)
    born = birth <= last_day
    return family[born], order[born], birth[born]


def _men(values, family, order, mother_birth, random):
    """A father for each child: the same man as the child before, or a new one."""
    new = (order == 0) | (random.random(len(family)) < values["new_father"])
    man = np.cumsum(new) - 1
    men_family = family[new]
    return man, men_family, mother_birth[men_family] - _years(random, len(men_family), -2, 10)


def _step_parents(values, first_child, children, man, random):
    """Number of the step-parent of each family, or `NOBODY`."""
    one_father = man[first_child] == man[first_child + children - 1]
    has = one_father & (random.random(len(children)) < values["step_parent"])
    return np.where(has, np.cumsum(has) - 1, NOBODY)


def _years(random, number, low=0.0, high=0.0, **ends):
    """Whole days in a number of years drawn evenly between two ends."""
    low, high = ends.get("from", low), ends.get("to", high)
    return (random.uniform(low, high, number) * YEAR_DAYS).astype(np.int64)
