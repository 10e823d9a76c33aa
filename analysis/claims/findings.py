"""The executive findings, written by the claims: other data, other sentences."""

from html import escape

from analysis.claims.assess import Assessment, Verdict, assess, claims
from analysis.claims.evidence import Evidence

MARKS = {
    Verdict.HOLDS: "as the study found",
    Verdict.DOES_NOT_HOLD: "not as the study found",
    Verdict.CANNOT_BE_ASSESSED: "cannot be assessed here",
}


def findings(evidence: Evidence, *, source: str = "A") -> list[Assessment]:
    """The assessed claims that are findings, in their order."""
    chosen = sorted((claim for claim in claims() if claim.finding and claim.source == source), key=lambda c: c.finding)
    return [assess(claim, evidence) for claim in chosen]


def findings_text(evidence: Evidence, *, source: str = "A", root: str = "") -> str:
    """The findings as a numbered MyST list, each with its verdict and a link to what shows it.

    Parameters
    ----------
    root : str
        From the page to the book's root, such as "../" for a page one folder down.
    """
    return "\n".join(_finding(assessment, root) for assessment in findings(evidence, source=source))


def _finding(assessment: Assessment, root: str) -> str:
    claim = assessment.claim
    mark = MARKS[assessment.verdict]
    kind = assessment.verdict.value.replace(" ", "-")
    badge = f'<span class="badge-quiet verdict-{kind}">{mark}</span>'
    return f"1. {sentence_of(assessment)} {badge}{link(claim.evidence, root)}"


def sentence_of(assessment: Assessment) -> str:
    """The assessment's sentence, begun with a capital."""
    words = assessment.sentence.strip()
    return words[:1].upper() + words[1:]


def link(evidence: str, root: str) -> str:
    """A link to the figure or table that shows a claim; empty if none is named."""
    if not evidence:
        return ""
    page, mark, anchor = evidence.partition("#")
    place = page.rpartition("/")[2].replace("_", " ")
    return f' <a class="reference internal" href="{root}{escape(page)}.html{mark}{escape(anchor)}">See: {place}</a>'
