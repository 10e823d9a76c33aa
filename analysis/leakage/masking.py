"""Does the text give the answer away? The same documents, read as if some of them, or some words, were not there."""

import re
from functools import cache

import polars as pl

from analysis.protocol.values import Text
from analysis.schemas import CheckedTables
from analysis.text.documents import CaseDocuments, documents_before
from analysis.text.lexicon import read_lexicon


def giveaway_variants(tables: CheckedTables, cases: pl.DataFrame, text: Text) -> dict[tuple[str, int], CaseDocuments]:
    """The documents that each reading of the give-away audit uses, by (audit, days left out before the index date).

    A model whose average precision falls when orders, plans and care are masked, or when the last days are left out,
    was told the decision by the text.

    Parameters
    ----------
    tables : CheckedTables
        The authority's checked tables.
    cases : polars DataFrame
        One row per case, as `build_cohort` makes it.
    text : Text
        The protocol's section on text.

    Returns
    -------
    dict
        ("as_registered", lag of the protocol), ("terms_masked", the same lag), and ("lag", days) for each other lag
        that the protocol audits.
    """
    registered = documents_before(tables, cases, text, lag_days=text.lag_days)
    lags = [days for days in text.audit_lags_days if days != text.lag_days]
    return {
        ("as_registered", text.lag_days): registered,
        ("terms_masked", text.lag_days): registered.rewritten(mask_giveaway_terms),
        **{("lag", days): documents_before(tables, cases, text, lag_days=days) for days in lags},
    }


def mask_giveaway_terms(texts: list[str]) -> list[str]:
    """The texts without the terms that may say that the outcome was already decided (orders, plans, care)."""
    pattern = _giveaway_pattern()
    return [pattern.sub(" ", text) for text in texts]


@cache
def _giveaway_pattern() -> re.Pattern:
    terms = sorted(read_lexicon().giveaway, key=len, reverse=True)
    words = (re.escape(term.removesuffix("*")) + (r"\w*" if term.endswith("*") else "") for term in terms)
    return re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)
