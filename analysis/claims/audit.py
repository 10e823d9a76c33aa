"""The audit: what was printed, what the published tables give, what this run gives, and the verdicts."""

import pandas as pd

from analysis.book.sentences.words import percentage
from analysis.claims.agreement import under_chance
from analysis.claims.assess import Assessment, Claim, Verdict, assess, assess_published, claims, printed_number
from analysis.claims.evidence import Evidence, published_evidence
from analysis.disclosure import Released, TableSpecification
from analysis.disclosure.catalogue import key, text
from analysis.disclosure.derive import derive
from analysis.disclosure.specification import MODELS
from analysis.errors import AnalysisError
from analysis.protocol import Protocol


class ClaimError(AnalysisError):
    """A published claim's verdict against the published tables is not the one registered."""


AUDIT = TableSpecification(
    "claims",
    "Every numeric claim of the two studies",
    "one claim",
    (
        key("claim", "claim"),
        key("source", "study"),
        text("where", "place in the study"),
        text("says", "what it says, in our words"),
        text("printed", "number printed"),
        text("published_tables_give", "number found in the published tables"),
        text("verdict_on_published", "verdict of the published tables"),
        text("run_gives", "number found in this run"),
        text("interval", "interval of the number found in this run"),
        text("distance", "number found in this run minus the number printed"),
        text("chance", "what models with shuffled risks give, over the seeds"),
        text("agreement", "what this run says of the number printed"),
        text("note", "why"),
    ),
    planned_by=MODELS | {"success", "uncertainty"},
)

HEADINGS = {
    "says": "What the study says",
    "source": "Study",
    "printed": "Printed",
    "published_tables_give": "Its own tables give",
    "verdict_on_published": "By its own tables it",
    "run_gives": "This run gives",
    "interval": "Interval",
    "distance": "Distance",
    "chance": "Shuffled models give",
    "agreement": "So",
    "note": "Why",
}


def audit(evidence: Evidence) -> Released:
    """Every claim beside what the published tables and this run say of it."""
    published, by_chance = published_evidence(evidence.registered), under_chance(claims(), evidence)

    def rows() -> pd.DataFrame:
        assessed = [assess(claim, evidence, by_chance.get(claim.id)) for claim in claims()]
        return pd.DataFrame([_row(found.claim, published, found) for found in assessed])

    return derive(AUDIT, rows)


def audit_published(registered: Protocol) -> None:
    """Check every claim's registered verdict against the published tables.

    Parameters
    ----------
    registered : Protocol
        The registered protocol, by which the published studies are judged whatever a run asks of its own data.

    Raises
    ------
    ClaimError
        Naming each claim whose verdict has flipped.
    """
    published = published_evidence(registered)
    problems = []
    for claim in claims():
        found = assess_published(claim, published)
        if found.verdict is not claim.registered:
            problems.append(
                f"claim {claim.id!r} is registered as {claim.registered.value!r} but the published tables say "
                f"{found.verdict.value!r} ({found.shown}); correct the published value, the measure or the registration"
            )
    if problems:
        raise ClaimError("published claims", problems)


def _row(claim: Claim, published: Evidence, by_run: Assessment) -> dict[str, str]:
    by_study = assess_published(claim, published)
    unassessed = by_study.verdict is Verdict.CANNOT_BE_ASSESSED
    as_share = claim.published is not None and not claim.printed and "%" in by_study.shown + by_run.shown
    return {
        "claim": claim.id,
        "source": claim.source,
        "where": claim.where,
        "says": claim.says,
        "printed": percentage(claim.published) if as_share else printed_number(claim),
        "published_tables_give": "–" if unassessed else by_study.shown,
        "verdict_on_published": by_study.verdict.value,
        "run_gives": by_run.shown,
        "interval": by_run.interval,
        "distance": by_run.distance,
        "chance": by_run.chance,
        "agreement": by_run.agreement.value,
        "note": claim.note,
    }
