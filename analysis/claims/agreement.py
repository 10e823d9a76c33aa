"""Whether a published number agrees with a run: by the run's interval, and beside models that know nothing.

That a run's number goes the same way as the published one is no agreement. It agrees only if the published number lies
inside an interval of the run's own, and if models whose risks are shuffled would seldom have given as much.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from analysis.book.sentences.words import number, percentage
from analysis.claims.evidence import Evidence
from analysis.claims.measures import MEASURES, Measurement, NotAssessable, satisfies
from analysis.claims.shuffled import Chance, shuffled

OF_MODELS = frozenset(
    {
        *("models_above", "more_by_auc", "comparisons_with", "share_of_comparisons_with", "share_clearly"),
        *("wrong_among_flagged", "missed_of_positives", "accuracy", "pairs_that_differ", "gap_between_tests"),
        *("subgroup_above_the_rest", "curves_still_rising", "training_above_validation"),
    }
)
"""Measures that shuffled risks would change."""
NOT_OF_A_RUN = frozenset({"poll_share", "poll_counts", "highest_acceptable_use", "stated", "not_published"})
"""Measures that no run can repeat: the poll, and what follows from a definition."""


class Agreement(StrEnum):
    """What a run says of a published number."""

    INSIDE = "the published number lies inside this run's interval"
    OUTSIDE = "the published number lies outside this run's interval"
    SAME_DIRECTION = "no interval: the same direction only"
    OTHER_DIRECTION = "no interval: the other direction"
    SAME_NUMBER = "no interval: the same number"
    OTHER_NUMBER = "no interval: another number"
    IN_RANGE = "no interval: in the range set beforehand"
    OUT_OF_RANGE = "no interval: out of the range set beforehand"
    CANNOT_TELL = "cannot tell a model from none"
    CANNOT_BE_ASSESSED = "cannot be assessed here"
    NOT_OF_A_RUN = "no run can repeat it"


WITHOUT_INTERVAL = {
    "equals": (Agreement.SAME_NUMBER, Agreement.OTHER_NUMBER),
    "between": (Agreement.IN_RANGE, Agreement.OUT_OF_RANGE),
}
"""What is said where a claim's rule is met and where not, if the run's number has no interval; else the direction."""


def agreement(claim, found: Measurement, chance: Chance | None) -> Agreement:
    """What a run's number says of the published one.

    Parameters
    ----------
    claim : Claim
    found : Measurement
        The run's number.
    chance : Chance or None
        The same number under shuffled risks; None if it was not, or cannot be, computed. A claim about models then
        counts as one that cannot be distinguished from chance.

    Returns
    -------
    Agreement
    """
    if claim.measure in NOT_OF_A_RUN:
        return Agreement.NOT_OF_A_RUN
    of_models = claim.measure in OF_MODELS
    if claim.published is not None and found.has_interval:
        if not found.low <= claim.published <= found.high:
            return Agreement.OUTSIDE
        distinguishable = not of_models or (chance is not None and not chance.most_pass)
        return Agreement.INSIDE if distinguishable else Agreement.CANNOT_TELL
    same, other = WITHOUT_INTERVAL.get(
        next(iter(claim.holds_if), ""), (Agreement.SAME_DIRECTION, Agreement.OTHER_DIRECTION)
    )
    if not satisfies(found.value, claim.holds_if):
        return other
    return Agreement.CANNOT_TELL if chance is not None and chance.most_pass else same


def under_chance(claims: Iterable, evidence: Evidence) -> Mapping[str, tuple[float, ...]]:
    """The number of each claim about models with shuffled risks: as the run has computed it, or computed here.

    Parameters
    ----------
    claims : iterable of Claim
    evidence : Evidence
        The run's.

    Returns
    -------
    mapping of claim's id -> tuple of float
        One for each of `analysis.claims.shuffled.SEEDS`; at least the claims that `shuffled_values` can give.
    """
    computed = evidence.under_chance
    return shuffled_values(claims, shuffled(evidence)) if computed is None else computed


def shuffled_values(claims: Iterable, worlds: Iterable[Evidence]) -> dict[str, tuple[float, ...]]:
    """The number of each claim about models in each world of shuffled risks, world after world.

    Parameters
    ----------
    claims : iterable of Claim
    worlds : iterable of Evidence
        As `analysis.claims.shuffled.shuffled` makes them; each is left behind before the next is made.

    Returns
    -------
    dict of claim's id -> tuple of float
        Without the claims that are not about models, or of which nothing is known under shuffled risks.
    """
    asked = {claim.id: claim for claim in claims if claim.measure in OF_MODELS}
    values: dict[str, list[float]] = {name: [] for name in asked}
    for world in worlds:
        for name in tuple(values):
            try:
                values[name].append(float(MEASURES[asked[name].measure](world, **asked[name].parameters).value))
            except NotAssessable:
                del values[name]
    return {name: tuple(of_worlds) for name, of_worlds in values.items() if of_worlds}


def chance_of(claim, found: Measurement, values: Sequence[float] | None) -> Chance | None:
    """A claim's number under shuffled risks, and how often it passes for the published one.

    With an interval, shuffled models pass where the published number would lie inside an interval as wide as the
    run's about theirs; without one, where theirs goes the same way.

    Parameters
    ----------
    claim : Claim
    found : Measurement
        The run's number.
    values : sequence of float or None
        The claim's of `shuffled_values`.

    Returns
    -------
    Chance or None
        None where there are no values.
    """
    return Chance(tuple(values), sum(_passes(claim, found, value) for value in values)) if values else None


def interval_in_words(found: Measurement) -> str:
    """The run's interval as it is shown, "–" where there is none."""
    return f"{_say(found.low, found)} to {_say(found.high, found)}" if found.has_interval else "–"


def chance_in_words(found: Measurement, chance: Chance | None) -> str:
    """What shuffled models give, from the lowest to the highest seed, and in how many seeds they pass.

    Parameters
    ----------
    found : Measurement
        The run's number, which says how one is shown.
    chance : Chance or None
        None where it was not, or cannot be, computed.

    Returns
    -------
    str
        "–" for None.
    """
    if chance is None:
        return "–"
    low, high = (_say(end, found) for end in (min(chance.values), max(chance.values)))
    spread = low if low == high else f"{low} to {high}"
    return f"{spread}; would pass in {chance.passing} of {len(chance.values)} shuffles"


def distance_in_words(published: float | None, found: Measurement) -> str:
    """How far the run's number lies from the published one, "–" where none was published.

    Parameters
    ----------
    published : float or None
        The printed number.
    found : Measurement
        The run's number.

    Returns
    -------
    str
        Run minus published, with its sign; in percentage points where the number is shown as a percentage.
    """
    if published is None:
        return "–"
    distance = found.value - published
    of_shares = "%" in found.shown or "points" in found.shown
    size = f"{abs(100 * distance):.0f} points" if of_shares else _say(abs(distance), found)
    exact = not any(digit in size for digit in "123456789")
    return size if exact else f"{'−' if distance < 0 else '+'}{size}"


def _passes(claim, found: Measurement, value: float) -> bool:
    if claim.published is None or not found.has_interval:
        return satisfies(value, claim.holds_if)
    return value - (found.value - found.low) <= claim.published <= value + (found.high - found.value)


def _say(value: float, found: Measurement) -> str:
    if "%" in found.shown or _is_share_of_counts(found):
        return percentage(value)
    if float(value).is_integer() and abs(value) >= 1 or value == 0:
        return f"{value:,.0f}"
    decimals = found.shown.partition(".")[2]
    return number(value, max(2, len(decimals)) if decimals.isdigit() else 2)


def _is_share_of_counts(found: Measurement) -> bool:
    """Whether the number is a share that is shown as a count, such as 0.375 as "6 of 16"."""
    hits, of, _ = found.shown.partition(" of ")
    return bool(of) and hits.isdigit() and int(hits) != found.value
