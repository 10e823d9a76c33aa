"""What the guidance on data analytics in children's social care asks, and how far this book answers it."""

from collections.abc import Container, Iterable
from typing import Literal

from analysis.claims.evidence import Evidence
from analysis.claims.evidence_map import CLASSES, NOT_MADE_HERE, Placed, link_to
from analysis.claims.quantities import present_value
from analysis.html_table import Cell, html_table

SOURCES = {"announcement": "the announcement", "ours": "us: not checked against the guidance"}
HEADINGS = ("Point", "Asks", "This book", "Where, and what it says now", "For the authority to decide")


class Point(Placed):
    """One point of the guidance, with a value of this run and what remains for the authority.

    Attributes
    ----------
    source : {"announcement", "ours"}
        Whether the announcement of the guidance raises it, or we do.
    authority : str
        What only the authority can decide.
    """

    source: Literal["announcement", "ours"]
    value: str
    authority: str


def guidance_text(
    points: Iterable[Point], evidence: Evidence, *, example: str, not_made: Container[str] = (), root: str = ""
) -> str:
    """The points as an accessible table with links.

    Parameters
    ----------
    points : iterable of Point
    evidence : Evidence
        The run's.
    example : str
        See `Placed.at`.
    not_made : container of str
        Anchors of the figures and tables that this run could not make.
    root : str
        From the page to the book's root, such as "../".

    Returns
    -------
    str
    """
    rows = []
    for point in points:
        _, anchor = point.at(example)
        value = NOT_MADE_HERE if anchor in not_made else present_value(point.value, evidence)
        rows.append(
            (
                point.item,
                Cell(f"{point.asks}?", below=(f"From {SOURCES[point.source]}.",)),
                Cell(point.this_run, below=(point.why,) if point.why else ()),
                link_to(point, example, root, (value,)),
                point.authority,
            )
        )
    caption = "Each point: how far this book answers it, where, and what is for the authority to decide"
    return html_table(caption, HEADINGS, rows, anchor="table-guidance", classes=CLASSES)
