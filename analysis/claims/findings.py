"""The executive findings, written by the claims: other data, other sentences."""

from dataclasses import replace
from html import escape

import pandas as pd

from analysis.book.sentences.performance import read_average_precision
from analysis.book.sentences.words import percentage
from analysis.claims.agreement import under_chance
from analysis.claims.assess import Assessment, Claim, assess, claims, printed_number
from analysis.claims.evidence import Evidence
from analysis.disclosure import Released, TableSpecification
from analysis.disclosure.catalogue import key, text
from analysis.disclosure.derive import derive
from analysis.disclosure.specification import EXPLORATORY

SIDE_BY_SIDE = TableSpecification(
    "side_by_side",
    "Each finding, published and re-run",
    "one finding",
    (
        key("claim", "finding"),
        text("says", "what the study found, in our words"),
        text("published", "number printed"),
        text("run", "number of this run"),
        text("interval", "interval of this run's number"),
        text("distance", "this run's number minus the published one"),
        text("chance", "what models with shuffled risks give, over the seeds"),
        text("agreement", "what this run says of the published number"),
        text("words", "this run in words"),
    ),
    planned_by=EXPLORATORY,
)
FINDING_HEADINGS = {
    "says": "Finding",
    "published": "Published",
    "run": "This edition",
    "interval": "Interval",
    "distance": "Distance",
    "chance": "Shuffled models give",
    "agreement": "So",
    "words": "In words",
}
POLL_MEASURES = ("poll_share", "poll_counts", "highest_acceptable_use")
OWN_QUESTIONS = (
    "The authority's own questions were not registered before any result of this book was known, and the study gave no "
    "answer to them. So nothing here agrees or disagrees with it."
)
OF_AN_INVENTED_COUNTRY = (
    "The networks of this edition are those of a small invented country, drawn to show how the analysis works. They "
    "are of nobody's children, and nothing here agrees or disagrees with the study."
)


def findings(evidence: Evidence, *, source: str = "A") -> list[Assessment]:
    """The assessed claims that are findings, in their order.

    Parameters
    ----------
    evidence : Evidence
        The run's.
    source : {"A", "B", "poll"}
        The English study but for its poll, the study of family networks, or the poll, which no run can repeat.

    Returns
    -------
    list of Assessment
    """
    # What is shown without a verdict may be of any data.
    shown = evidence if judged(evidence, source) else replace(evidence, networks_are_its_own=True)
    asked = _claims_of(source)
    by_chance = under_chance(asked, shown) if source == "A" else {}
    return [assess(claim, shown, by_chance.get(claim.id)) for claim in asked]


def finding_sentences(evidence: Evidence) -> dict[str, str]:
    """What this run says of each finding of the English study, by the claim's id, without a verdict."""
    return {claim.id: sentence_of(assess(claim, evidence)) for claim in _claims_of("A")}


def judged(evidence: Evidence, source: str) -> bool:
    """Whether this run can agree or disagree with what a source found.

    Parameters
    ----------
    evidence : Evidence
        The run's.
    source : {"A", "B", "poll"}
        See `findings`.

    Returns
    -------
    bool
    """
    return {"A": True, "B": evidence.networks_are_its_own, "poll": False}[source]


def findings_text(evidence: Evidence, *, source: str = "A", root: str = "", invented: bool = False) -> str:
    """The findings as a numbered MyST list with links to what shows them, and marks where this run can judge.

    Parameters
    ----------
    evidence : Evidence
        The run's.
    source : {"A", "B", "poll"}
        See `findings`.
    root : str
        From the page to the book's root, such as "../" for a page one folder down.
    invented : bool
        Whether the run's cases were invented: they were made to resemble what was published, so nothing is marked.

    Returns
    -------
    str
        MyST.
    """
    marked = judged(evidence, source) and not invented
    rows = [_finding(assessment, root, marked=marked) for assessment in findings(evidence, source=source)]
    lead = [f"{OF_AN_INVENTED_COUNTRY}\n"] if source == "B" and not marked else []
    return "\n".join([*lead, *rows])


def side_by_side(evidence: Evidence) -> Released:
    """Every finding as published and as this run gives it: the table "side_by_side"."""

    def rows() -> pd.DataFrame:
        assessed = [assessment for source in ("A", "B") for assessment in findings(evidence, source=source)]
        return pd.DataFrame([_beside(assessment) for assessment in assessed])

    return derive(SIDE_BY_SIDE, rows)


def own_questions_text(evidence: Evidence) -> str:
    """What came of predictions that were not registered, as a MyST list without verdicts; "" where there are none."""
    predictions, study = evidence.protocol.predictions, evidence.study
    rows = [
        f"- {outcome}, {predictions[outcome].title} ({authority}). {read_average_precision(tables['performance'])}"
        for (authority, outcome), tables in evidence.world.items()
        if (authority, outcome) not in study and "performance" in tables
    ]
    return "\n".join([f"{OWN_QUESTIONS}\n", *rows]) if rows else ""


def _beside(assessment: Assessment) -> dict[str, str]:
    claim = assessment.claim
    as_share = "%" in assessment.shown and claim.published is not None
    return {
        "claim": claim.id,
        "says": claim.says,
        "published": percentage(claim.published) if as_share else printed_number(claim),
        "run": assessment.shown,
        "interval": assessment.interval,
        "distance": assessment.distance,
        "chance": assessment.chance,
        "agreement": assessment.agreement.value,
        "words": sentence_of(assessment),
    }


def _claims_of(source: str) -> list[Claim]:
    of_source = [claim for claim in claims() if claim.finding and _group(claim) == source]
    return sorted(of_source, key=lambda claim: claim.finding)


def _group(claim: Claim) -> str:
    return "poll" if claim.measure in POLL_MEASURES else claim.source


def _finding(assessment: Assessment, root: str, *, marked: bool) -> str:
    claim = assessment.claim
    if not marked:
        return f"1. {sentence_of(assessment)}{link(claim.evidence, root)}"
    kind = assessment.agreement.name.lower().replace("_", "-")
    badge = f'<span class="badge-quiet agreement-{kind}">{assessment.agreement.value}</span>'
    return f"1. {sentence_of(assessment)} {badge}{link(claim.evidence, root)}"


def sentence_of(assessment: Assessment) -> str:
    """The assessment's sentence, begun with a capital."""
    words = assessment.sentence.strip()
    return words[:1].upper() + words[1:]


def link(evidence: str, root: str) -> str:
    """A link to the figure or table that shows a claim; empty if none is named.

    Parameters
    ----------
    evidence : str
        Page and anchor, such as "results/metrics#table-metrics"; "" for none.
    root : str
        From the page to the book's root, such as "../".

    Returns
    -------
    str
        HTML.
    """
    if not evidence:
        return ""
    page, mark, anchor = evidence.partition("#")
    place = page.rpartition("/")[2].replace("_", " ")
    return f' <a class="reference internal" href="{root}{escape(page)}.html{mark}{escape(anchor)}">See: {place}</a>'
