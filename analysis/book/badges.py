"""The badges of a table and all that is drawn from it: whether it was planned before any result was known."""

from html import escape

from analysis.book.sentences.words import listed
from analysis.disclosure import Released
from analysis.disclosure.derive import PUBLISHED
from analysis.tables.conformance import DEVIATIONS, badge
from analysis.tables.planted_causes import PLANTED_CAUSES_TABLE
from analysis.tables.self_test import SELF_TEST_TABLE

BADGES = {
    "pre-registered": "Planned in the protocol before any result was computed.",
    "added later": "Planned in a later version of the protocol, when results on invented records were known.",
    "deviation": "Departs from the registered protocol; the protocol chapter says how and why.",
    "exploratory": "Not in the registered protocol: to be read as a question, not an answer.",
    "published": "Figures of the published study, not of this run.",
    "dated record": "Computed on the day that the text names, by a command that it names; not in this run.",
}
NO_RESULTS = (DEVIATIONS.name, "supplied")
"""Tables that have no badge: what departs from the protocol, and what was supplied, is no result of the study."""


DATED_RECORDS = (PLANTED_CAUSES_TABLE.name, SELF_TEST_TABLE.name)
"""Tables that no run makes again, because they cost hours."""


def badges(
    released: Released,
    *,
    deviating: frozenset[str],
    amended: frozenset[str],
    added: frozenset[str],
    registered: bool,
) -> list[str]:
    """The badges as HTML; none for a table that is no result.

    A table that holds registered predictions and an authority's own has a second badge for the latter.

    Parameters
    ----------
    released : Released
    deviating : frozenset of str
        Sections of the protocol in which the run deviates.
    amended : frozenset of str
        Sections that a later version of the protocol added.
    added : frozenset of str
        Predictions of the run that were not registered.
    registered : bool
        Whether the one prediction that the page is about, if it is about one, was registered.

    Returns
    -------
    list of str
        One or two.
    """
    if released.name in NO_RESULTS:
        return []
    if released.name in DATED_RECORDS:
        return [_mark("dated record", "dated record")]
    about = _predictions(released)
    own = sorted(about & added)
    planned = registered and not (own and about <= added)
    kind = badge(released.specification, deviating=deviating, amended=amended, registered=planned)
    kind = PUBLISHED if released.preset == PUBLISHED and not released.specification.planned_by else kind
    marks = [_mark(kind, kind)]
    return marks if kind == "exploratory" or not own else [*marks, _mark("exploratory", f"{listed(own)}: exploratory")]


def _predictions(released: Released) -> set[str]:
    """The predictions that a table holds results of."""
    frame = released.frame
    if "run" in frame:  # a published value that this run has nothing to set beside says nothing of the run
        frame = frame[frame["run"].notna()]
    return {name for key in ("outcome", "prediction") if key in frame for name in frame[key].dropna()}


def _mark(kind: str, words: str) -> str:
    name = kind.replace(" ", "-")
    return f'<span class="badge-quiet badge-{name}" title="{escape(BADGES[kind])}">{escape(words)}</span>'
