"""The predictors and the response of every notification, as one expression of the engine.

Only equal keys are joined and only conditions are summed. "Before" is always *strictly before the day of the
notification*.
"""

import ibis
from ibis.expr.types import BooleanValue, DateValue, IntegerValue, Table

from analysis.protocol.values import Networks

EVENT_PREDICTORS = ("nNotes", "nTargets", "nNotesRecent", "nTargetsRecent")
RECORDED_PREDICTORS = ("nNeighsR", "nWithNotesR", "nWithTargetR", "nAbusersR")
WHOLE_LIFE_PREDICTORS = ("nWithNotesW", "nWithTargetW", "nAbusersW")
PREDICTORS = ("Age", *EVENT_PREDICTORS, *RECORDED_PREDICTORS, *WHOLE_LIFE_PREDICTORS)

# A multiplicative generator on whole numbers below 2^31 - 1 (Park and Miller): the same folds on every machine.
_MULTIPLIER, _MODULUS = 48271, 2147483647
_DAY_MULTIPLIER = 69621  # another multiplier, so that days and children do not keep step (ours)


def sampled_notifications(people: Table, events: Table, definitions: Networks) -> Table:
    """One row per child and day with a notification in the years studied, of a child under the age studied.

    Parameters
    ----------
    people : ibis Table
        person_id, birth_date, gender, ethnicity.
    events : ibis Table
        person_id, event, date.
    definitions : Networks
        The years studied, the age in years under which a child is studied, and whether age is in whole years.

    Returns
    -------
    ibis Table
        child_id, date, birth_date, gender, ethnicity, Age (years).
    """
    days = events.filter(events.event.isin(definitions.events.notification))
    days = days.filter(days.date.between(definitions.first_notification, definitions.last_notification))
    days = days.select(child_id="person_id", date="date").distinct()
    children = people.select("birth_date", "gender", "ethnicity", child_id="person_id")
    dated = days.join(children, "child_id")
    dated = dated.filter(dated.birth_date <= dated.date).mutate(whole_years=age_in_years(dated.birth_date, dated.date))
    dated = dated.filter(dated.whole_years < definitions.child_under_years)
    age = dated.whole_years
    if definitions.age == "exact_years":
        age = dated.date.delta(dated.birth_date, unit="day") / 365.25
    return dated.select("child_id", "date", "birth_date", "gender", "ethnicity", Age=age)


def age_in_years(birth: DateValue, day: DateValue) -> IntegerValue:
    """Completed years of age.

    Parameters
    ----------
    birth : DateValue
    day : DateValue
        On or after the day of birth.

    Returns
    -------
    IntegerValue
    """
    before_birthday = (day.month() * 100 + day.day()) < (birth.month() * 100 + birth.day())
    return (day.year() - birth.year() - before_birthday.ifelse(1, 0)).cast("int32")


def history(notifications: Table, events: Table, definitions: Networks) -> Table:
    """The child's own events before the notification, and whether concern was high after it.

    The decision to refer is dated as the notification it decides on, so the notification's own is not after it.

    Parameters
    ----------
    notifications : ibis Table
        child_id and date, one row for each notification.
    events : ibis Table
        person_id, event, date.
    definitions : Networks
        Kinds of event; what is recent, in years; and the response's window, in years.

    Returns
    -------
    ibis Table
        child_id, date, counts and `concern` (1 or 0).
    """
    kinds = definitions.events
    own = events.filter(events.event.isin((*kinds.notification, *kinds.target, *kinds.concern)))
    own = own.group_by("person_id", "date").agg(
        notified=_any(own.event.isin(kinds.notification)),
        targets=sum((_any(own.event == kind) for kind in kinds.target), start=ibis.literal(0)),
        concerns=_any(own.event.isin(kinds.concern)),
    )
    own = own.select("notified", "targets", "concerns", child_id="person_id", day="date")
    pairs = notifications.select("child_id", "date").join(own, "child_id")
    before = pairs.day < pairs.date
    recent = before & (pairs.day >= pairs.date - ibis.interval(years=definitions.recent_years))
    after = (pairs.day > pairs.date) & (pairs.day <= pairs.date + ibis.interval(years=definitions.window_years))
    return pairs.group_by("child_id", "date").agg(
        nNotes=before.ifelse(pairs.notified, 0).sum(),
        nTargets=before.ifelse(pairs.targets, 0).sum(),
        nNotesRecent=recent.ifelse(pairs.notified, 0).sum(),
        nTargetsRecent=recent.ifelse(pairs.targets, 0).sum(),
        concern=after.ifelse(pairs.concerns, 0).max(),
    )


def relatives(people: Table, relationships: Table, events: Table, types: Table, definitions: Networks) -> Table:
    """What is known of each person as somebody's relative: first notification, target event, abuse instigated.

    Parameters
    ----------
    people : ibis Table
        person_id and birth_date.
    relationships : ibis Table
        With the day on which each was written down.
    events : ibis Table
        person_id, event, date.
    types : ibis Table
        Says whom a type of relationship names as an abuser.
    definitions : Networks
        Kinds of event, and the age in years at which a person is no longer a child.

    Returns
    -------
    ibis Table
        relative_id, grown_up, first_notification, first_target, first_abuse; days, null where there is none.
    """
    notified = _first_day(events, definitions.events.notification, "first_notification")
    targeted = _first_day(events, definitions.events.target, "first_target")
    abused = first_abuse(relationships, types)
    table = people.select(
        relative_id="person_id", grown_up=people.birth_date + ibis.interval(years=definitions.child_under_years)
    )
    for facts in (notified, targeted, abused):
        table = table.left_join(facts, "relative_id").drop("relative_id_right")
    return table


def first_abuse(relationships: Table, types: Table) -> Table:
    """The day on which each abuser was first written down as one, whoever was abused.

    Parameters
    ----------
    relationships : ibis Table
        With the day on which each was written down.
    types : ibis Table
        Says whom a type of relationship names as an abuser.

    Returns
    -------
    ibis Table
        relative_id, first_abuse.
    """
    abusive = relationships.join(types.select("relationship_type", "instigator"), "relationship_type")
    by_person = abusive.filter(abusive.instigator == "person").select(abuser_id="person_id", day="recorded_date")
    by_relative = abusive.filter(abusive.instigator == "relative").select(abuser_id="relative_id", day="recorded_date")
    both = by_person.union(by_relative)
    return both.group_by(relative_id="abuser_id").agg(first_abuse=both.day.min())


def family_of_child(relationships: Table, types: Table) -> Table:
    """The mother of each child, as written down on any day: children of one mother are one family.

    Used to resample and to measure uncertainty, never as a predictor. Of several mothers the one with the
    smallest number.

    Parameters
    ----------
    relationships : ibis Table
        person_id, relative_id and relationship_type.
    types : ibis Table
        Says which types are those of a mother.

    Returns
    -------
    ibis Table
        child_id, mother_id.
    """
    mothers = types.filter(types["class"] == "mother").select("relationship_type")
    pairs = relationships.semi_join(mothers, "relationship_type")
    return pairs.group_by(child_id="relative_id").agg(mother_id=pairs.person_id.min())


def network_counts(notifications: Table, links: Table, known: Table, suffix: str) -> Table:
    """Members of each child's network before the notification: all, and those with a history before it.

    Members with notifications or target events count while they are children themselves; members and abusers
    count at any age.

    Parameters
    ----------
    notifications : ibis Table
        child_id and date, one row for each notification.
    links : ibis Table
        child_id, relative_id, since.
    known : ibis Table
        As `relatives` gives it.
    suffix : str
        Of the names of the columns: "R" for recorded, "W" for whole-life networks.

    Returns
    -------
    ibis Table
        child_id, date and four counts; no row for a notification of a child without links.
    """
    met = notifications.select("child_id", "date").join(links, "child_id").join(known, "relative_id")
    member = met.since < met.date
    child = member & (met.grown_up > met.date)
    return met.group_by("child_id", "date").agg(
        **{
            f"nNeighs{suffix}": _count(member),
            f"nWithNotes{suffix}": _count(child & (met.first_notification < met.date)),
            f"nWithTarget{suffix}": _count(child & (met.first_target < met.date)),
            f"nAbusers{suffix}": _count(member & (met.first_abuse < met.date)),
        }
    )


def predictor_table(
    notifications: Table, own: Table, recorded: Table, whole_life: Table, definitions: Networks
) -> Table:
    """Notifications with their 12 predictors, `concern` and the two ways of folding, as whole numbers.

    Parameters
    ----------
    notifications : ibis Table
        As `sampled_notifications` gives them.
    own : ibis Table
        As `history` gives it.
    recorded : ibis Table
        As `network_counts` gives it, of recorded links.
    whole_life : ibis Table
        As `network_counts` gives it, of whole-life links.
    definitions : Networks
        Number of folds, and whether age is in whole years.

    Returns
    -------
    ibis Table
        One row for each notification.
    """
    table = notifications.drop("birth_date")
    for counts in (own, recorded, whole_life):
        table = table.left_join(counts, ["child_id", "date"]).drop("child_id_right", "date_right")
    numbers = (*EVENT_PREDICTORS, *RECORDED_PREDICTORS, *WHOLE_LIFE_PREDICTORS, "concern")
    return table.select(
        "child_id",
        "date",
        "gender",
        "ethnicity",
        Age=table.Age.cast("int16") if definitions.age == "whole_years" else table.Age,
        **{name: table[name].fill_null(0).cast("int16") for name in numbers},
        fold_by_child=fold_of(table.child_id, definitions.folds),
        fold_by_notification=fold_of(table.child_id + table.date.epoch_days() * _DAY_MULTIPLIER, definitions.folds),
    )


def fold_of(number: IntegerValue, folds: int) -> IntegerValue:
    """A fold by whole-number arithmetic alone, the same on every engine.

    Parameters
    ----------
    number : IntegerValue
        Of a child or a notification, below 2^31 - 1 for an even spread.
    folds : int
        How many, 1 or more.

    Returns
    -------
    IntegerValue
        From 0 to folds - 1.

    References
    ----------
    Park, S. K., & Miller, K. W. (1988). Random number generators: good ones are hard to find. Communications of the
    ACM, 31, 1192-1201; with the multiplier of Park, S. K., Miller, K. W., & Stockmeyer, P. K. (1993), the same, 36(7),
    105-110.
    """
    scrambled = (number.cast("int64") * _MULTIPLIER) % _MODULUS
    return ((scrambled * _MULTIPLIER) % _MODULUS % folds).cast("int16")


def _first_day(events: Table, kinds: tuple[str, ...], name: str) -> Table:
    chosen = events.filter(events.event.isin(kinds))
    return chosen.group_by(relative_id="person_id").agg(**{name: chosen.date.min()})


def _any(condition: BooleanValue) -> IntegerValue:
    """1 if the condition holds of any row, else 0: a row that is repeated counts once."""
    return condition.ifelse(1, 0).max()


def _count(condition: BooleanValue) -> IntegerValue:
    return condition.ifelse(1, 0).sum()
