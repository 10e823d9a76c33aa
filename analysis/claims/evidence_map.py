"""Where this book satisfies a reporting guideline, item by item, with the present value; gaps stop the build."""

from collections.abc import Container, Iterable, Mapping
from typing import Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, model_validator

from analysis.claims.evidence import Evidence
from analysis.claims.quantities import QUANTITIES, present_value
from analysis.errors import AnalysisError
from analysis.html_table import Cell, html_table

WHERE = "book/evidence/tripod_ai.yml"
Status = Literal["met", "partly", "not met", "not applicable", "cannot tell"]
JUDGED = ("study_a", "study_b", "this_run", "why")
JUDGED_HEADINGS = ("Study A", "Study B", "This run", "Why")
NOT_MADE_HERE = "could not be made in this run; the page says why"
CLASSES = "study-table prose"


class EvidenceError(AnalysisError):
    """An item of the evidence map points to something this book does not have."""


class Judged(BaseModel):
    """What a guideline asks, and how far the two studies and this run answer it; a run that does not says why.

    Raises
    ------
    ValidationError
        If this run is not said to meet it and no reason is given.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    asks: str
    study_a: Status
    study_b: Status
    this_run: Status
    why: str = ""

    @model_validator(mode="after")
    def _says_why(self):
        if self.this_run != "met" and not self.why:
            raise ValueError("an item that this run does not meet needs a reason")
        return self


class Area(Judged):
    """One item of a further guideline, or one area of it where `item` is ''."""

    guideline: str
    item: str
    area: str


class Placed(BaseModel):
    """What is asked of this book, the place that answers it, and a value of this run."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    item: str
    place: str
    value: str

    def at(self, example: str) -> tuple[str, str]:
        """(page, anchor) in this run's book; the anchor is '' for a whole page.

        Parameters
        ----------
        example : str
            The slug of the prediction whose page stands for all of them, such as "LA1/P1".
        """
        names = {"page": f"results/{example}", "slug": example.replace("/", "-").lower()}
        page, _, anchor = self.place.format(**names).partition("#")
        return page, anchor


class Item(Judged, Placed):
    """One item of TRIPOD+AI, the place that answers it, and a value of this run."""

    section: str


def check_values(items: Iterable[Placed], where: str = WHERE) -> None:
    """Raise `EvidenceError` unless every item's value is one that can be computed.

    Parameters
    ----------
    items : iterable of Placed
    where : str
        The file that they stand in, for the error.
    """
    problems = [
        f"item {item.item}: {item.value!r} is not a quantity; use one of {sorted(QUANTITIES)}"
        for item in items
        if item.value not in QUANTITIES
    ]
    if problems:
        raise EvidenceError(where, problems)


def check_places(
    items: Iterable[Placed], example: str, anchors: Mapping[str, frozenset[str]], where: str = WHERE
) -> None:
    """Check that every place is in the book, if only as one that this run could not fill.

    Parameters
    ----------
    example : str
        See `Placed.at`.
    anchors : mapping of str to frozenset of str
        The ids on each page of the built book, by page without its ending, such as "notebooks/text".
    where : str
        The file that the items stand in, for the error.

    Raises
    ------
    EvidenceError
        Naming every item whose page or anchor is missing.
    """
    problems = []
    for item in items:
        page, anchor = item.at(example)
        if page not in anchors:
            problems.append(f"item {item.item}: the book has no page {page!r}; restore it, or point the item elsewhere")
        elif anchor and anchor not in anchors[page]:
            problems.append(
                f"item {item.item}: page {page!r} has nothing at #{anchor}; restore the section, figure or table, or "
                "point the item elsewhere"
            )
    if problems:
        raise EvidenceError(where, problems)


def evidence_frame(items: Iterable[Item], evidence: Evidence, *, example: str) -> pd.DataFrame:
    """The map as a table: item, section, what it asks, its place and present value."""
    rows = [
        {
            "item": item.item,
            "section": item.section,
            "asks": item.asks,
            "place": "#".join(filter(None, item.at(example))),
        }
        | {"value": present_value(item.value, evidence)}
        | {name: getattr(item, name) for name in JUDGED}
        for item in items
    ]
    return pd.DataFrame(rows)


def place_in_words(page: str, anchor: str) -> str:
    """A page and what is on it, as a reader would say it.

    Examples
    --------
    >>> place_in_words("notebooks/performance", "table-performance-results"), place_in_words("results/LA1/P1", "")
    ('performance: table performance results', 'LA1 P1')
    """
    name = " ".join(part for part in page.split("/") if part not in ("notebooks", "results")).replace("_", " ")
    return ": ".join(filter(None, (name, anchor.replace("-", " "))))


def evidence_text(
    items: Iterable[Item], evidence: Evidence, *, example: str, not_made: Container[str] = (), root: str = ""
) -> str:
    """The map as an accessible table with links, for the page that shows it.

    Parameters
    ----------
    example : str
        See `Placed.at`.
    not_made : container of str
        Anchors of the figures and tables that this run could not make; the map says so beside their links.
    root : str
        From the page to the book's root, such as "../" for a page one folder down.
    """
    rows = []
    for row in evidence_frame(items, evidence, example=example).itertuples():
        page, _, anchor = row.place.partition("#")
        address = f"{root}{page}.html" + (f"#{anchor}" if anchor else "")
        missing = (NOT_MADE_HERE,) if anchor in not_made else ()
        link = Cell(place_in_words(page, anchor), link=address, below=missing)
        rows.append((row.item, row.section, row.asks, link, row.value, *_judged(row)))
    caption = "Each item of TRIPOD+AI: where this book deals with it, what it says there now, and who meets it"
    names = ("Item", "Section", "Asks", "Where", "Present value", *JUDGED_HEADINGS)
    return html_table(caption, names, rows, anchor="table-tripod-ai", classes=CLASSES)


def areas_text(areas: Iterable[Area]) -> str:
    """The items and areas of the further guidelines as an accessible table."""
    rows = [(f"{area.guideline} {area.item}".strip(), area.area, area.asks, *_judged(area)) for area in areas]
    caption = "PROBAST+AI by area and REFORMS by item: who meets what they ask"
    headings = ("Guideline and item", "Area", "Asks", *JUDGED_HEADINGS)
    return html_table(caption, headings, rows, anchor="table-risk-of-bias", classes=CLASSES)


def _judged(row) -> list[str]:
    return [getattr(row, name) for name in JUDGED]
