"""The numbers that claims about yardsticks are about: models that clearly beat a simple rule on the same cases."""

from analysis.book.sentences.words import capitalised, plural, spelled
from analysis.claims.evidence import Evidence
from analysis.claims.measures import Measurement, NotAssessable, known, left_out, measure, why_empty


@measure
def models_clearly_beating(evidence: Evidence, *, yardstick: str) -> Measurement:
    """How many models in the verdict are clearly better than a yardstick on the same test cases.

    Parameters
    ----------
    yardstick : str
        A label of the table "yardsticks", such as "four_variables".
    """
    frame = known(evidence.frame("yardsticks", yardstick=yardstick), "difference", why_empty(evidence))
    better, worse = (int(frame["verdict"].eq(verdict).sum()) for verdict in ("better", "worse"))
    words = {
        "count": spelled(better),
        "models": plural(len(frame), "model"),
        "beat": "beats" if better == 1 else "beat",
        "worse": spelled(worse),
        "rest": spelled(len(frame) - better - worse),
        "left_out": left_out(evidence),
    }
    return Measurement(better, f"{better} of {len(frame)}", words)


def beyond_four_variables(evidence: Evidence) -> str:
    """The finding on four variables, as a sentence for the book's first page."""
    try:
        found = models_clearly_beating(evidence, yardstick="four_variables")
    except NotAssessable as reason:
        return f"Whether any model beats four simple variables cannot be said here: {reason}."
    return capitalised(
        "{count} of {models} clearly {beat} a simple rule of four variables; {worse} did clearly worse, and for {rest} "
        "there was no clear difference.".format(**found.words)
    )
