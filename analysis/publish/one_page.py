"""All chapters of the built book as one HTML page, in reading order, with its links turned inwards."""

import re
from collections.abc import Mapping, Sequence
from html import escape, unescape
from pathlib import Path, PurePosixPath
from posixpath import normpath, relpath

from bs4 import BeautifulSoup, Tag

from analysis.errors import StepError
from analysis.publish.citation import Citation
from analysis.publish.on_paper import (
    columns,
    drop_download,
    name_closed_parts,
    name_folded_table,
    show_first_tab,
    turn,
    unlink_what_is_not_printed,
)

SCREEN_ONLY = (
    *("script", "form", "button", "a.headerlink", "noscript", ".explorer-controls", ".threshold-explorer"),
    *(
        ".screen-only",
        ".only-dark",
        ".narrow-screen",
        ".figure-code",
        ".provenance",
        ".definition",
        ".cell_input",
        "details.hide",
    ),
)
WIDE_COLUMNS = 11  # a table with more is turned if it has few rows, or else printed on a page turned sideways
FEW_ROWS = 6  # as columns they fit on upright paper beside their names
NEXT = re.compile(r'<link rel="next"[^>]* href="([^"]+)"')
ANNEX = "Annex: one page for each prediction"
MOST_IN_ANNEX = 32
"""Pages of single predictions that are printed (ours); of more none is, and each can be printed from a browser."""
UNKNOWN_PAGE = "000"  # as wide as a number, until it is known
ROW = re.compile(rf'(<li><a href="#([^"]+)"><span>[^<]*</span> <span class="page-number">){UNKNOWN_PAGE}<')
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
        following = NEXT.search((html / page).read_text(encoding="utf-8"))
        page = normpath(str(PurePosixPath(page).parent / unescape(following[1]))) if following else None
    return pages


def one_page(html: Path, cited: Citation) -> str:
    """The whole book as one page, to be saved inside `html`, whose pictures and styles it uses.

    The report comes first; the pages of the single predictions are its annex, unless they are many. In its contents
    the page on which a chapter begins is unknown; see `with_page_numbers`.

    Parameters
    ----------
    html : Path
        Folder of the built HTML.
    cited : Citation
        Who made which version of the book, and when.

    Returns
    -------
    str
        HTML.
    """
    pages = printed_pages(pages_in_order(html))
    names = {page: chapter_id(page) for page in pages}
    first = _soup(html / pages[0])
    articles = {page: _article(_soup(html / page), page, names) for page in pages}
    unlink_what_is_not_printed(list(articles.values()))
    annex = next((page for page in pages if _in_annex(page)), None)
    if annex:
        articles[annex].insert(0, BeautifulSoup(f'<p class="annex-heading">{ANNEX}</p>', "lxml").p)
        articles[annex]["class"] = [*articles[annex]["class"], "annex-start"]
    styles = [_rebased(link["href"], pages[0]) for link in first.find_all("link", rel="stylesheet")]
    synthetic = first.select_one(".data-strip") is not None
    return "\n".join(
        [
            '<!DOCTYPE html>\n<html lang="en-GB" data-theme="light">\n<head>\n<meta charset="utf-8">',
            f"<title>{escape(cited.title)}</title>",
            *(f'<link rel="stylesheet" href="{escape(style)}">' for style in styles),
            '</head>\n<body class="whole-book">',
            _title_page(cited, synthetic),
            _contents(articles),
            *(str(article) for article in articles.values()),
            "</body>\n</html>\n",
        ]
    )


def printed_pages(pages: Sequence[str]) -> list[str]:
    """The pages that are printed, the annex last; without one where it would be longer than anybody prints.

    Parameters
    ----------
    pages : sequence of str
        As `pages_in_order` gives them.

    Returns
    -------
    list of str
    """
    chapters, annex = ([page for page in pages if _in_annex(page) is apart] for apart in (False, True))
    return [*chapters, *(annex if len(annex) <= MOST_IN_ANNEX else ())]


def with_page_numbers(text: str, numbers: Mapping[str, int]) -> str:
    """The whole book with the printed pages of its chapters in its contents.

    Parameters
    ----------
    text : str
        As `one_page` makes it.
    numbers : mapping of str to int
        The page on which each chapter begins, by the chapter's id.

    Returns
    -------
    str
    """
    return ROW.sub(lambda row: f"{row[1]}{numbers.get(row[2], UNKNOWN_PAGE)}<", text)


def chapter_id(page: str) -> str:
    """The id of a page's chapter in the whole book.

    Examples
    --------
    >>> chapter_id("notebooks/findings.html")
    'notebooks-findings'
    """
    return re.sub(r"[^a-z0-9]+", "-", page.removesuffix(".html").lower())


def _in_annex(page: str) -> bool:
    """Whether a page is about a single prediction."""
    return page.startswith("results/")


def _first_page(html: Path) -> str:
    """The page that `index.html` sends to, or `index.html` itself."""
    refresh = _soup(html / "index.html").find("meta", attrs={"http-equiv": re.compile("^refresh$", re.IGNORECASE)})
    return refresh["content"].partition("url=")[2] if refresh else "index.html"


def _soup(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")


def _article(soup: BeautifulSoup, page: str, names: Mapping[str, str]) -> Tag:
    """A page's article, its ids made unique in the whole book and its links pointing at them."""
    article = soup.select_one("article")
    for link in article.select("a.download"):
        drop_download(link)
    for section in article.select("section:has(details.hide):not(:has(.cell_output))"):
        section.decompose()  # it is about code, which is not printed
    for element in article.select(", ".join(SCREEN_ONLY)):
        element.decompose()
    for tabs in article.select(".sd-tab-set"):
        show_first_tab(tabs, soup)
    for element in article.select("details.folded-columns"):
        element["open"] = ""
    for element in article.select("details.folded-table"):
        element.replace_with(name_folded_table(element))
    for section in article.select("section:has(> section.closed-section)"):
        name_closed_parts(section, soup)
    for table in article.select("table"):
        if 0 < len(table.select("tbody tr")) <= FEW_ROWS and columns(table) > WIDE_COLUMNS:
            turn(table, soup)
    for element in article.find_all(True):
        for attribute in ADDRESSES:
            if attribute in element.attrs:
                element[attribute] = _address(element[attribute], attribute, page, names)
    for link in article.select("a[href]"):
        if not re.match(r"#|https?:|mailto:", link["href"]):
            del link["href"]  # a file beside the book: in print it would be an address on the printing machine
    for container in article.select(".table-scroll"):
        if columns(container) > WIDE_COLUMNS:
            container["class"] = [*container["class"], "wide"]
    article["id"], article["class"] = names[page], ["whole-book-chapter"]
    article.attrs.pop("role", None)
    return article


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


def _title_page(cited: Citation, synthetic: bool) -> str:
    basis = (
        "The run of this edition is a rehearsal on invented records."
        if synthetic
        else "This edition was made from an authority's own records."
    )
    facts = {
        "Authors": cited.authors,
        "Version": cited.version,
        "Date": f"{cited.released:%-d %B %Y}",
        "Licence": cited.license,
        "How to cite": f"{cited.words} Please cite the two studies as well; see References.",
    }
    rows = "".join(f"<dt>{name}</dt><dd>{escape(words)}</dd>" for name, words in facts.items())
    return (
        f'<header class="title-page"><p class="title-page-title">{escape(cited.title)}</p>'
        f"<p>Two published studies, re-executed in the open.</p><p>{basis}</p>"
        "<p><strong>Not for use in decisions about a child.</strong></p>"
        f'<dl class="title-page-facts">{rows}</dl></header>'
    )


def _contents(articles: Mapping[str, Tag]) -> str:
    """The chapters with room for their printed pages, those of the annex in a list of their own."""
    parts: dict[str, list[str]] = {"Contents": [], ANNEX: []}
    for page, article in articles.items():
        parts[ANNEX if _in_annex(page) else "Contents"].append(_contents_row(article))
    lists = "".join(f"<h2>{part}</h2><ol>{''.join(rows)}</ol>" for part, rows in parts.items() if rows)
    return f'<nav class="whole-book-contents" aria-label="Contents">{lists}</nav>'


def _contents_row(article: Tag) -> str:
    heading = article.find("h1")
    title = escape(heading.get_text(" ", strip=True)) if heading else ""
    return (
        f'<li><a href="#{article["id"]}"><span>{title}</span> <span class="page-number">{UNKNOWN_PAGE}</span></a></li>'
    )
