"""What a page offers on a screen and paper cannot: files to download, parts to open, tables wider than the sheet."""

import re
from collections.abc import Iterable
from html import escape

from bs4 import BeautifulSoup, NavigableString, Tag


def drop_download(link: Tag) -> None:
    """Take out a link to a file, which paper cannot offer, with the dot before it and a paragraph left empty."""
    before, paragraph = link.previous_sibling, link.parent
    if isinstance(before, NavigableString):
        before.replace_with(re.sub(r"\s*·\s*$", "", before))
    link.decompose()
    if paragraph.name == "p" and not paragraph.get_text(strip=True):
        paragraph.decompose()


def name_closed_parts(section: Tag, soup: BeautifulSoup) -> None:
    """Say in one sentence which parts of a section are in the web pages alone.

    Parameters
    ----------
    section : Tag
        It holds parts that are closed until a reader opens them.
    soup : BeautifulSoup
        The page.
    """
    closed = section.find_all("section", class_="closed-section", recursive=False)
    titles = [part.select_one("h2, h3, h4").get_text(" ", strip=True).removesuffix("#").strip() for part in closed]
    said = soup.new_tag("p", attrs={"class": "not-printed"})
    said.string = f"In the web pages: {'; '.join(titles)}."
    closed[0].insert_before(said)
    for part in closed:
        part.decompose()


def show_first_tab(tabs: Tag, soup: BeautifulSoup) -> None:
    """Leave the first of several tabs and say which others the web pages have.

    Parameters
    ----------
    tabs : Tag
        Changed in place.
    soup : BeautifulSoup
        The page.
    """
    contents, labels = tabs.select(".sd-tab-content"), tabs.select(".sd-tab-label")
    titles = [label.get_text(" ", strip=True) for label in labels[1:]]
    for element in [*tabs.select("input"), *labels, *contents[1:]]:
        element.decompose()
    contents[0].unwrap()
    if titles:
        said = soup.new_tag("p", attrs={"class": "not-printed"})
        said.string = f"In the web pages: {'; '.join(titles)}."
        tabs.append(said)


def turn(table: Tag, soup: BeautifulSoup) -> None:
    """Turn a table of few rows and many columns, so that its columns become rows and it fits upright paper.

    Parameters
    ----------
    table : Tag
        Changed in place; one with joined cells stays as it is.
    soup : BeautifulSoup
        The page.
    """
    rows = [row.find_all(["th", "td"], recursive=False) for row in table.select("tr")]
    if len({sum(int(cell.get("colspan", 1)) for cell in row) for row in rows}) != 1 or len(rows[0]) != len(rows[-1]):
        return
    head, body = soup.new_tag("thead"), soup.new_tag("tbody")
    for number, column in enumerate(zip(*rows, strict=True)):
        row = soup.new_tag("tr")
        for place, cell in enumerate(column):
            cell.name = "th" if number == 0 or place == 0 else "td"
            cell.attrs.pop("scope", None)
            if cell.name == "th":
                cell["scope"] = "col" if number == 0 else "row"
            row.append(cell.extract())
        (head if number == 0 else body).append(row)
    for part in table.select("thead, tbody, colgroup"):
        part.decompose()
    table.extend([head, body])


def columns(element: Tag) -> int:
    return max((len(row.find_all(["th", "td"])) for row in element.select("tr")), default=0)


def unlink_what_is_not_printed(articles: Iterable[Tag]) -> None:
    """Leave the words of a link into a part that is not printed, and take away where it led."""
    ids = {element["id"] for article in articles for element in [article, *article.select("[id]")]}
    for article in articles:
        for link in article.select("a[href^='#']"):
            if link["href"][1:] not in ids:
                del link["href"]


def name_folded_table(folded: Tag) -> Tag:
    """The sentence that stands for a table too long to be read on paper."""
    words = folded.summary.get_text(" ", strip=True)
    line = BeautifulSoup(f"<p><strong>{escape(words)}</strong>: in the web pages and, whole, in its CSV.</p>", "lxml").p
    line["id"] = folded.get("id", "")
    return line
