"""Repair in the built pages what a screen reader, a keyboard or a narrow screen would stumble over.

Tables scroll inside containers that can be focused, headed cells say what they head, and no element
carries a name that differs from what it shows. Everything is done in the page itself, so that it works without scripts.
"""

from bs4 import BeautifulSoup, Tag
from page_body import elements, parse, parsed
from sphinx.application import Sphinx

MANY_COLUMNS = 3  # of a table written in the text, at which a narrow screen shows its rows one below the other (ours)


def repair(body: str) -> str:
    """The body of a page, repaired.

    Examples
    --------
    >>> repair("<table><thead><tr><th></th><th>n</th></tr></thead></table>")  # doctest: +ELLIPSIS
    '<div aria-label="Table 1" class="table-scroll" ...><table><thead><tr><td></td><th scope="col">n...
    """
    soup = parse(body)
    repair_parsed(soup)
    return str(soup)


def repair_parsed(soup: BeautifulSoup) -> None:
    """Repair a body where it stands."""
    head_cells(soup)
    contain_tables(soup)
    name_cells(soup)
    for block in soup.find_all("pre"):
        block["tabindex"] = "0"
    for element in elements(soup, roles=["doc-biblioentry"]):
        element["role"] = "listitem"
    summaries = [summary for summary in soup.find_all("summary") if summary.parent.name == "details"]
    for element in (*elements(soup, roles=["doc-noteref", "doc-backlink"]), *summaries):
        element.attrs.pop("aria-label", None)
    for link in elements(soup, "a", classes=["headerlink"]):
        if link.find_parent("summary"):
            link.decompose()
            continue
        link["aria-label"] = f"Link to this part: {link.parent.get_text(' ', strip=True).removesuffix('#').strip()}"
        link["title"] = "Link to this part"


def head_cells(soup: BeautifulSoup) -> None:
    """Give each heading cell its scope; an empty one heads nothing."""
    for cell in soup.find_all("th"):
        if not cell.get_text(strip=True):
            cell.name = "td"
        elif "scope" not in cell.attrs:
            cell["scope"] = "col" if cell.find_parent("thead") else "row"


def name_cells(soup: BeautifulSoup) -> None:
    """Give each cell of a table of sentences its column's name, for screens too narrow to have columns.

    A table written in the text is one of sentences if it has many columns.
    """
    for table in elements(soup, "table", classes=["table"]):
        if "prose" not in table["class"] and len(table.select("thead > tr > *")) >= MANY_COLUMNS:
            table["class"] = [*table["class"], "prose"]
    for table in elements(soup, "table", classes=["prose"]):
        names = [cell.get_text(" ", strip=True) for cell in table.select("thead th, thead td")]
        for row in table.select("tbody tr"):
            for cell, name in zip(row.find_all(True, recursive=False), names, strict=False):
                if cell.name == "td":
                    cell["data-column"] = name
                if cell.get_text(strip=True) == "–":
                    cell["class"] = [*cell.get("class", ()), "nothing"]


def contain_tables(soup: BeautifulSoup) -> None:
    """Wrap each table that has no scrolling container of its own; containers are numbered so that names differ."""
    names: set[str] = set()
    for number, table in enumerate(soup.find_all("table"), start=1):
        container = table.find_parent(class_="table-scroll")
        if container is None:
            container = soup.new_tag("div", attrs={"class": ["table-scroll"], "role": "region", "tabindex": "0"})
            table.wrap(container)
        name = _caption(table) or container.get("aria-label") or f"Table {number}"
        container["aria-label"] = name if name not in names else f"{name} (table {number})"
        names.add(name)


def _caption(table: Tag) -> str:
    caption = table.find("caption")
    return caption.get_text(" ", strip=True).removesuffix("#").strip() if caption else ""


def _repair_page(app: Sphinx, page: str, template: str, context: dict, doctree) -> None:
    if "body" in context:
        repair_parsed(parsed(context))


def setup(app: Sphinx) -> dict[str, bool]:
    # After the theme's own changes to the page.
    app.connect("html-page-context", _repair_page, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
