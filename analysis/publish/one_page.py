"""All chapters of the built book as one HTML page, in reading order, with its links turned inwards."""

import re
from collections.abc import Mapping
from html import escape
from pathlib import Path, PurePosixPath
from posixpath import normpath, relpath

from bs4 import BeautifulSoup, Tag

from analysis.errors import StepError

SCREEN_ONLY = ("script", "form", "button", "a.headerlink", "noscript", ".explorer-controls")
WIDE_COLUMNS = 11  # a table with more is printed on a page turned sideways
ADDRESSES = ("href", "src", "for", "id", "aria-labelledby", "aria-describedby", "aria-controls", "headers")


def pages_in_order(html: Path) -> list[str]:
    """Addresses of the book's pages within `html`, from the first by each page's link to the next.

    Raises
    ------
    StepError
        If `html` holds no built book.
    """
    if not (html / "index.html").is_file():
        raise StepError(str(html), "holds no book; run `python -m analysis report` first")
    page, pages = _first_page(html), []
    while page and page not in pages:
        pages.append(page)
        following = _soup(html / page).find("link", rel="next")
        page = normpath(str(PurePosixPath(page).parent / following["href"])) if following else None
    return pages


def one_page(html: Path) -> str:
    """The whole book as one page, to be saved inside `html`, whose pictures and styles it uses."""
    pages = pages_in_order(html)
    names = {page: re.sub(r"[^a-z0-9]+", "-", page.removesuffix(".html").lower()) for page in pages}
    first = _soup(html / pages[0])
    title = first.select_one(".book-title").get_text(strip=True)
    articles = [_article(_soup(html / page), page, names) for page in pages]
    styles = [_rebased(link["href"], pages[0]) for link in first.find_all("link", rel="stylesheet")]
    strip = first.select_one(".data-strip p strong")
    return "\n".join(
        [
            '<!DOCTYPE html>\n<html lang="en-GB" data-theme="light">\n<head>\n<meta charset="utf-8">',
            f"<title>{escape(title)}</title>",
            *(f'<link rel="stylesheet" href="{escape(style)}">' for style in styles),
            '</head>\n<body class="whole-book">',
            _title_page(title, strip is not None),
            _contents(articles, [names[page] for page in pages]),
            *(str(article) for article in articles),
            "</body>\n</html>\n",
        ]
    )


def _first_page(html: Path) -> str:
    """The page that `index.html` sends to, or `index.html` itself."""
    refresh = _soup(html / "index.html").find("meta", attrs={"http-equiv": re.compile("^refresh$", re.IGNORECASE)})
    return refresh["content"].partition("url=")[2] if refresh else "index.html"


def _soup(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")


def _article(soup: BeautifulSoup, page: str, names: Mapping[str, str]) -> Tag:
    """A page's article, its ids made unique in the whole book and its links pointing at them."""
    article = soup.select_one("article")
    for element in article.select(", ".join(SCREEN_ONLY)):
        element.decompose()
    for element in article.select(".only-dark"):
        element.decompose()
    for element in article.select("details.folded-table"):
        element.replace_with(_not_printed(element))
    for element in article.find_all(True):
        for attribute in ADDRESSES:
            if attribute in element.attrs:
                element[attribute] = _address(element[attribute], attribute, page, names)
    for link in article.select("a[href]"):
        if not re.match(r"#|https?:|mailto:", link["href"]):
            del link["href"]  # a file beside the book: in print it would be an address on the printing machine
    for container in article.select(".table-scroll"):
        if max((len(row.find_all(["th", "td"])) for row in container.select("tr")), default=0) > WIDE_COLUMNS:
            container["class"] = [*container["class"], "wide"]
    article["id"], article["class"] = names[page], ["whole-book-chapter"]
    article.attrs.pop("role", None)
    return article


def _not_printed(folded: Tag) -> Tag:
    """The sentence that stands for a table too long to be read on paper."""
    words = folded.summary.get_text(" ", strip=True)
    line = BeautifulSoup(f"<p><strong>{escape(words)}</strong>: in the web pages and, whole, in its CSV.</p>", "lxml").p
    line["id"] = folded.get("id", "")
    return line


def _address(value: str | list[str], attribute: str, page: str, names: Mapping[str, str]) -> str:
    if attribute not in ("href", "src"):
        ids = value.split() if isinstance(value, str) else value
        return " ".join(f"{names[page]}--{part}" for part in ids)
    if re.match(r"[a-z]+:", value):
        return value
    target, _, fragment = value.partition("#")
    target = _rebased(target, page) if target else page
    if target in names:
        return f"#{names[target]}--{fragment}" if fragment else f"#{names[target]}"
    return target + (f"#{fragment}" if fragment else "")


def _rebased(address: str, page: str) -> str:
    """An address relative to `page`, relative to the top of the book instead.

    Examples
    --------
    >>> _rebased("../_images/a.svg", "results/LA1/P1.html")
    'results/_images/a.svg'
    """
    return relpath(normpath(str(PurePosixPath(page).parent / address)), ".")


def _title_page(title: str, synthetic: bool) -> str:
    basis = (
        "This edition stands on synthetic data: no child in it exists."
        if synthetic
        else "This edition stands on an authority's own records."
    )
    return (
        f'<header class="title-page"><p class="title-page-title">{escape(title)}</p>'
        f"<p>Two published studies, re-executed in the open.</p><p>{basis}</p>"
        "<p><strong>Not for use in decisions about a child.</strong></p></header>"
    )


def _contents(articles: list[Tag], names: list[str]) -> str:
    titles = [article.find("h1").get_text(" ", strip=True) if article.find("h1") else "" for article in articles]
    rows = [f'<li><a href="#{name}">{escape(title)}</a></li>' for name, title in zip(names, titles, strict=True)]
    return (
        '<nav class="whole-book-contents" aria-label="Contents"><h2>Contents</h2><ol>' + "".join(rows) + "</ol></nav>"
    )
