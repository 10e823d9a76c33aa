"""Who is linked to whom, and since when: one table (child_id, relative_id, since) for each reading of a network.

Everything else counts a link on the day of a notification if `since` lies strictly before that day, so the
readings differ in this table alone.

=================  ==================================================================================
recorded           any type of relationship; since the day it was first written down
ever_recorded      parent, child, sibling, half-sibling, written down on any day, even after the
                   notification; since the birth of the younger of the two (the whole-life network of B)
recorded_before    the same types; since the birth of the younger or the writing down, the later
complete_registry  parents, children, siblings and half-siblings in a register of births; since the
                   birth of the younger
implied            the same types, put together from two links written down that share a relative
=================  ==================================================================================
"""

import ibis
from ibis.expr.types import Table


def recorded_links(relationships: Table) -> Table:
    """Links of any type, in both directions, since the day each pair was first written down."""
    pairs = _both_directions(relationships.select("person_id", "relative_id", since="recorded_date"))
    return pairs.group_by("child_id", "relative_id").agg(since=pairs.since.min())


def whole_life_links(relationships: Table, types: Table, people: Table) -> Table:
    """Links of family by birth, written down on any day, since the birth of the younger of the two.

    Parameters
    ----------
    relationships : ibis Table
        With person_id, relative_id and relationship_type.
    types : ibis Table
        Says which types are family by birth.
    people : ibis Table
        With person_id and birth_date.

    Returns
    -------
    ibis Table
        child_id, relative_id, since.
    """
    pairs = _both_directions(_by_birth(relationships, types).select("person_id", "relative_id")).distinct()
    return _since_birth(pairs, people)


def recorded_before_links(relationships: Table, types: Table, people: Table) -> Table:
    """Links of family by birth, since the birth of the younger or the day of writing down, the later.

    Parameters
    ----------
    relationships : ibis Table
        With person_id, relative_id, relationship_type and recorded_date.
    types : ibis Table
        Says which types are family by birth.
    people : ibis Table
        With person_id and birth_date.

    Returns
    -------
    ibis Table
        child_id, relative_id, since.
    """
    recorded = recorded_links(_by_birth(relationships, types))
    born = _since_birth(recorded.select("child_id", "relative_id"), people).rename(born="since")
    both = recorded.join(born, ["child_id", "relative_id"])
    return both.select("child_id", "relative_id", since=ibis.greatest(both.since, both.born))


def implied_links(direct: Table) -> Table:
    """Links put together from two by birth, each written down: known since both were, and the younger was born.

    What a social worker could have worked out from the records: the child's mother is known from one visit,
    her other child from another. Direct links are among them.

    Parameters
    ----------
    direct : ibis Table
        As `recorded_before_links` gives them, of everyone.

    Returns
    -------
    ibis Table
        child_id, relative_id, since.
    """
    onward = direct.select(through="child_id", relative_id="relative_id", onward="since")
    steps = direct.select("child_id", through="relative_id", inward="since").join(onward, "through")
    reached = steps.select("child_id", "relative_id", since=ibis.greatest(steps.inward, steps.onward))
    links = reached.filter(reached.child_id != reached.relative_id).union(direct)
    return links.group_by("child_id", "relative_id").agg(since=links.since.min())


def links_of(
    link_definition: str, *, relationships: Table, types: Table, people: Table, registry: Table | None = None
) -> Table:
    """The links of a reading, by its name in the table above.

    Parameters
    ----------
    link_definition : str
        Name of the reading.
    relationships : ibis Table
        As in the functions above.
    types : ibis Table
        As in the functions above.
    people : ibis Table
        As in the functions above.
    registry : ibis Table or None
        A complete register of births, where there is one.

    Returns
    -------
    ibis Table
        child_id, relative_id, since.

    Raises
    ------
    ValueError
        If there is no such reading, or the complete register is asked for where there is none.
    """
    if link_definition == "recorded":
        return recorded_links(relationships)
    if link_definition == "ever_recorded":
        return whole_life_links(relationships, types, people)
    if link_definition == "recorded_before":
        return recorded_before_links(relationships, types, people)
    if link_definition == "implied":
        return implied_links(recorded_before_links(relationships, types, people))
    if link_definition == "complete_registry" and registry is not None:
        return whole_life_links(registry, types, people)
    raise ValueError(f"no links by the reading {link_definition!r}")


def _by_birth(relationships: Table, types: Table) -> Table:
    by_birth = types.filter(types.whole_life == "yes").select("relationship_type")
    return relationships.semi_join(by_birth, "relationship_type")


def _both_directions(pairs: Table) -> Table:
    """Each pair from both ends; nobody is linked to oneself."""
    rest = [column for column in pairs.columns if column not in ("person_id", "relative_id")]
    forward = pairs.select(*rest, child_id="person_id", relative_id="relative_id")
    backward = pairs.select(*rest, child_id="relative_id", relative_id="person_id")
    both = forward.union(backward)
    return both.filter(both.child_id != both.relative_id)


def _since_birth(pairs: Table, people: Table) -> Table:
    child = people.select(child_id="person_id", child_birth="birth_date")
    relative = people.select(relative_id="person_id", relative_birth="birth_date")
    born = pairs.join(child, "child_id").join(relative, "relative_id")
    return born.select("child_id", "relative_id", since=ibis.greatest(born.child_birth, born.relative_birth))
