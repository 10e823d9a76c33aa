"""Where this book satisfies a reporting guideline, item by item, with the present value; gaps stop the build."""

from collections.abc import Container, Iterable, Mapping
from typing import Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, model_validator

from analysis.claims.evidence import Evidence
from analysis.claims.headings import headings
from analysis.claims.quantities import QUANTITIES, present_value
from analysis.errors import AnalysisError
from analysis.html_table import Cell, html_table

WHERE = "book/evidence/tripod_ai.yml"
Status = Literal["met", "partly", "not met", "not applicable", "cannot tell"]
JUDGED = ("study_a", "study_b", "this_run", "why")
JUDGED_HEADINGS = ("Study A", "Study B", "This run", "Why")
NOT_MADE_HERE = "could not be made in this run; the page says why"
CLASSES = "study-table prose"
KINDS_OF_PLACE = {"fig": "figure", "table": "table"}
"""What the first word of an id on a page stands for."""


class EvidenceError(AnalysisError):
    """An item of the evidence map points to something this book does not have."""


class Placed(BaseModel):
    """What is asked of this book, the place that answers it, and how far this run does; a run that does not says why.

    Attributes
    ----------
    place : str
        The page#anchor that answers it.
    answers : str
        Words that stand there; '' where that is a figure, a table or a page that each run makes.

    Raises
    ------
    ValidationError
        If this run is not said to meet it and no reason is given, or is said to, in part or whole, and no place is.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    item: str
    place: str = ""
    answers: str = ""
    asks: str
    this_run: Status
    why: str = ""

    @model_validator(mode="after")
    def _says_why(self):
        if self.this_run != "met" and not self.why:
            raise ValueError("an item that this run does not meet needs a reason")
        if self.this_run in ("met", "partly") and not self.place:
            raise ValueError("an item that no place in the book answers is not met")
        return self

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


class Judged(Placed):
    """The same, with how far the two studies answer it."""

    study_a: Status
    study_b: Status


class Area(Judged):
    """One item of a further guideline."""

    guideline: str
    area: str


class Item(Judged):
    """One item of TRIPOD+AI, and a value of this run."""

    section: str
    place: str
    value: str


def check_values(items: Iterable, where: str = WHERE) -> None:
    """Check that every item's value is one that can be computed.

    Parameters
    ----------
    items : iterable of Item or Point
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
    """Check that every place named is in the book, if only as one that this run could not fill.

    Parameters
    ----------
    items : iterable of Placed
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
    for item in (item for item in items if item.place):
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
    """The map as a table: item, section, what it asks, its place and present value.

    Parameters
    ----------
    items : iterable of Item
    evidence : Evidence
        The run's.
    example : str
        See `Placed.at`.

    Returns
    -------
    pandas.DataFrame
        One row per item.
    """
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

    Parameters
    ----------
    page : str
        Address without its ending, such as "notebooks/performance".
    anchor : str
        The id on the page; "" for the whole page.

    Returns
    -------
    str

    Examples
    --------
    >>> place_in_words("notebooks/performance", "table-performance-results"), place_in_words("results/LA1/P1", "")
    ('How well do the models do? – table, results', 'LA1 P1')
    >>> place_in_words("results/LA1/P1", "fig-la1-p1-roc-curve"), place_in_words("ethics", "rules-that-this-book-keeps")
    ('LA1 P1 – figure, roc curve', 'Is it right to use machine learning here? – Rules that this book keeps')
    """
    name = " ".join(part for part in page.split("/") if part not in ("notebooks", "results")).replace("_", " ")
    titles = headings(page)
    kind, _, rest = anchor.replace("-", " ").partition(" ")
    if kind in KINDS_OF_PLACE:
        what = f"{KINDS_OF_PLACE[kind]}, {rest.removeprefix(name.lower()).strip()}".removesuffix(", ")
    else:
        what = titles.get(anchor, anchor.replace("-", " "))
    title = titles.get("", name)
    return title if what in ("", title) else f"{title} – {what}"


def evidence_text(
    items: Iterable[Item], evidence: Evidence, *, example: str, not_made: Container[str] = (), root: str = ""
) -> str:
    """The map as an accessible table with links, for the page that shows it.

    Parameters
    ----------
    items : iterable of Item
    evidence : Evidence
        The run's.
    example : str
        See `Placed.at`.
    not_made : container of str
        Anchors of the figures and tables that this run could not make; the map says so beside their links.
    root : str
        From the page to the book's root, such as "../" for a page one folder down.

    Returns
    -------
    str
        HTML.
    """
    rows = []
    for item in items:
        missing = (NOT_MADE_HERE,) if item.at(example)[1] in not_made else ()
        link, value = link_to(item, example, root, missing), present_value(item.value, evidence)
        rows.append((item.item, item.section, item.asks, link, value, *_judged(item)))
    caption = "Each item of TRIPOD+AI: where this book deals with it, what it says there now, and who meets it"
    names = ("Item", "Section", "Asks", "Where", "Value in this book", *JUDGED_HEADINGS)
    return html_table(caption, names, rows, anchor="table-tripod-ai", classes=CLASSES)


def areas_text(areas: Iterable[Area], *, example: str, root: str = "") -> str:
    """The items of the further guidelines as an accessible table with links.

    Parameters
    ----------
    areas : iterable of Area
    example, root : str
        See `evidence_text`.

    Returns
    -------
    str
        HTML.
    """
    rows = [
        (f"{area.guideline} {area.item}", area.area, area.asks, link_to(area, example, root), *_judged(area))
        for area in areas
    ]
    caption = "PROBAST+AI and REFORMS, item by item: who meets what they ask"
    headings = ("Guideline and item", "Area", "Asks", "Where", *JUDGED_HEADINGS)
    return html_table(caption, headings, rows, anchor="table-risk-of-bias", classes=CLASSES)


def link_to(item: Placed, example: str, root: str, below: tuple[str, ...] = ()) -> Cell:
    """A link to the place of an item; a dash for one that has none.

    Parameters
    ----------
    item : Placed
    example, root : str
        See `evidence_text`.
    below : tuple of str
        Lines under the link.

    Returns
    -------
    Cell
    """
    if not item.place:
        return Cell("–")
    page, anchor = item.at(example)
    address = f"{root}{page}.html" + (f"#{anchor}" if anchor else "")
    return Cell(place_in_words(page, anchor), link=address, below=below)


def _judged(row) -> list[str]:
    return [getattr(row, name) for name in JUDGED]
