"""A claim: what was said, how it is measured on a set of tables, and the words for each verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from analysis.book.sentences.words import number
from analysis.claims import group_measures, network_measures, study_measures  # noqa: F401  each registers its own
from analysis.claims.agreement import (
    NOT_OF_A_RUN,
    Agreement,
    agreement,
    chance_in_words,
    chance_of,
    distance_in_words,
    interval_in_words,
)
from analysis.claims.evidence import Evidence
from analysis.claims.measures import MEASURES, Measurement, NotAssessable, satisfies
from analysis.published import claim_values


class Verdict(StrEnum):
    """What is said of a claim."""

    HOLDS = "holds"
    DOES_NOT_HOLD = "does not hold"
    CANNOT_BE_ASSESSED = "cannot be assessed here"


@dataclass(frozen=True)
class Claim:
    """One numeric claim of a published study.

    Attributes
    ----------
    id : str
    source : str
        "A" or "B".
    where : str
        The place in the source.
    says : str
        The claim, in our words.
    published : float or None
        Its number, if it has one.
    measure : str
        Name in `MEASURES` of the function that finds the number in released tables.
    parameters : mapping
        For the measure.
    holds_if : mapping
        One of at_least, at_most, above, below, equals or between: when the claim's direction holds in a run.
    tolerance : float
        How far the published tables' number may be from the printed one to be the same.
    registered : Verdict
        The verdict against the published tables, as found when the claim was registered.
    describes_data : bool
        Whether it describes the study's own data, so that data which differ contradict nothing.
    printed : str
        The number as printed, where that is not `published` in figures.
    note : str
        Why that verdict, where it needs a reason.
    words : mapping
        For findings: 'holds', 'does not hold' and, optionally, 'cannot be assessed here' with {fields}.
    finding : int
        Place among the executive findings; 0 if it is not one.
    evidence : str
        Page and anchor that show it, such as "results/metrics#table-metrics".
    """

    id: str
    source: str
    where: str
    says: str
    measure: str
    registered: Verdict
    describes_data: bool = False
    printed: str = ""
    published: float | None = None
    parameters: Mapping[str, object] = field(default_factory=dict)
    holds_if: Mapping[str, object] = field(default_factory=dict)
    tolerance: float = 0.005
    note: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    finding: int = 0
    evidence: str = ""


@dataclass(frozen=True)
class Assessment:
    """A claim held against a set of tables.

    Attributes
    ----------
    claim : Claim
    verdict : Verdict
        For the published tables, whether they give the printed number; for a run, whether its number goes the same
        way, which chooses the sentence and is no agreement.
    value : float or None
    shown : str
        The number found, as it is shown.
    sentence : str
    agreement : Agreement
        What a run says of the published number.
    interval, distance, chance : str
        The run's interval, how far its number lies from the published one, and what models with shuffled risks give,
        each "–" where there is none.
    """

    claim: Claim
    verdict: Verdict
    value: float | None
    shown: str
    sentence: str
    agreement: Agreement = Agreement.CANNOT_BE_ASSESSED
    interval: str = "–"
    distance: str = "–"
    chance: str = "–"


@cache
def claims() -> tuple[Claim, ...]:
    """Every registered claim, in the order of its source."""
    return tuple(Claim(**{**row, "registered": Verdict(row["registered"])}) for row in claim_values())


def measured(claim: Claim, evidence: Evidence) -> Measurement:
    """The claim's number in these tables.

    Parameters
    ----------
    claim : Claim
    evidence : Evidence
        A run's, or the published tables.

    Returns
    -------
    Measurement

    Raises
    ------
    NotAssessable
        With the reason, if the tables cannot tell.
    """
    return MEASURES[claim.measure](evidence, **claim.parameters)


def assess(claim: Claim, evidence: Evidence, under_chance: Sequence[float] | None = None) -> Assessment:
    """What a run's tables say of a published claim.

    Parameters
    ----------
    claim : Claim
    evidence : Evidence
        The run's.
    under_chance : sequence of float, optional
        The claim's numbers with shuffled risks, of `analysis.claims.agreement.shuffled_values`. Without them no claim
        about models can agree with the run.

    Returns
    -------
    Assessment
    """
    try:
        found = measured(claim, evidence)
    except NotAssessable as reason:
        return _unassessed(claim, str(reason))
    chance = chance_of(claim, found, under_chance)
    beside = {
        "agreement": agreement(claim, found, chance),
        "interval": interval_in_words(found),
        "distance": distance_in_words(claim.published, found),
        "chance": chance_in_words(found, chance),
    }
    holds = satisfies(found.value, claim.holds_if)
    if claim.describes_data and not holds:
        reason = "this run's data are not the study's"
        return Assessment(
            claim,
            Verdict.CANNOT_BE_ASSESSED,
            found.value,
            found.shown,
            _cannot(claim, reason),
            **beside | {"agreement": Agreement.CANNOT_BE_ASSESSED},
        )
    verdict = Verdict.HOLDS if holds else Verdict.DOES_NOT_HOLD
    template = claim.words.get(verdict.value, "{shown}.")
    sentence = template.format(**found.words, shown=found.shown)
    return Assessment(claim, verdict, found.value, found.shown, sentence, **beside)


def _unassessed(claim: Claim, reason: str) -> Assessment:
    of_run = claim.measure in NOT_OF_A_RUN
    mark = Agreement.NOT_OF_A_RUN if of_run else Agreement.CANNOT_BE_ASSESSED
    return Assessment(claim, Verdict.CANNOT_BE_ASSESSED, None, "–", _cannot(claim, reason), mark)


def assess_published(claim: Claim, evidence: Evidence) -> Assessment:
    """Whether the published tables give the number that was printed, or, where none was, its direction.

    Parameters
    ----------
    claim : Claim
    evidence : Evidence
        As `analysis.claims.evidence.published_evidence` makes it.

    Returns
    -------
    Assessment
        Holds where the tables' number lies within the claim's tolerance of the printed one.
    """
    if claim.published is None:
        return assess(claim, evidence)
    try:
        found = measured(claim, evidence)
    except NotAssessable as reason:
        return Assessment(claim, Verdict.CANNOT_BE_ASSESSED, None, "–", str(reason))
    same = abs(found.value - claim.published) <= claim.tolerance + 1e-9
    verdict = Verdict.HOLDS if same else Verdict.DOES_NOT_HOLD
    return Assessment(claim, verdict, found.value, found.shown, found.shown)


def _cannot(claim: Claim, reason: str) -> str:
    default = "{says} This cannot be assessed here: {reason}."
    return claim.words.get(Verdict.CANNOT_BE_ASSESSED.value, default).format(says=claim.says, reason=reason)


def printed_number(claim: Claim) -> str:
    """A claim's number as printed: whole numbers without decimals."""
    value = claim.published
    if claim.printed or value is None:
        return claim.printed or "–"
    return f"{value:,.0f}" if float(value).is_integer() else number(value, 4 if abs(value) < 0.01 else 3).rstrip("0")
