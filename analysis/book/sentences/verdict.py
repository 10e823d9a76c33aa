"""The answer for one prediction, before any chart: the mark, the children, the leakage, the comparisons."""

from collections.abc import Mapping

from analysis.book.sentences.comparison import read_leakage, read_verdicts
from analysis.book.sentences.performance import (
    TOO_SMALL,
    best_row,
    read_average_precision,
    read_operating_point,
    read_per_hundred,
    read_success,
)
from analysis.disclosure import Released
from analysis.tables.flags import flags


def verdict(tables: Mapping[str, Released], *, mark: float, registered: bool) -> str:
    """The box at the head of a prediction's page, as MyST.

    Parameters
    ----------
    tables : mapping of str to Released
        Of the prediction, by name.
    mark : float
        Average precision that counts as success.
    registered : bool
        Whether the prediction was registered; one that was not has no mark to be held against.

    Returns
    -------
    str
    """
    performance = tables["performance"]
    lead = read_success(performance, mark) if registered else read_average_precision(performance)
    sentences = [
        *([read_average_precision(performance)] if registered else []),
        _per_hundred(tables),
        read_operating_point(tables["operating_point"]),
        read_leakage(tables["leakage"]),
        read_verdicts(tables["comparisons"]),
    ]
    lines = "\n".join(f"- {words}" for words in dict.fromkeys(sentences) if words != TOO_SMALL)
    return f":::{{container}} verdict\n\n**{lead}**\n\n{lines}\n\n:::"


def _per_hundred(tables: Mapping[str, Released]) -> str:
    """The flags of the design with the highest average precision; where they are withheld, those most often right."""
    flagged = flags(tables["operating_point"], tables.get("early_outcomes"))
    best = best_row(tables["performance"].where(metric="average_precision").frame, "value")
    if flagged is None:
        return TOO_SMALL
    words = TOO_SMALL if best is None else read_per_hundred(flagged.where(design=best["design"]))
    return read_per_hundred(flagged) if words == TOO_SMALL else words
