"""Every conclusion as a claim that is assessed again on whatever data the book stands on."""

from analysis.claims.agreement import Agreement
from analysis.claims.assess import Assessment, Claim, Verdict, assess, claims
from analysis.claims.audit import AUDIT, audit, audit_published
from analysis.claims.evidence import Evidence, published_evidence
from analysis.claims.findings import findings

__all__ = [
    "AUDIT",
    "Agreement",
    "Assessment",
    "Claim",
    "Evidence",
    "Verdict",
    "assess",
    "audit",
    "audit_published",
    "claims",
    "findings",
    "published_evidence",
]
