"""The book's own search: one script that holds the words of every page, so that a page opened as a file can search.

A browser refuses to fetch from a page opened as a file, so excerpts cannot be read from the pages themselves. What a
chapter is also called stands in `book/search_words.yml`. Each page's entry is a file beside the doctrees, so that pages
may be written by several processes, and one that is not written again keeps its entry.
"""

import json
from pathlib import Path

import yaml
from bs4 import BeautifulSoup
from page_body import elements, parse, parsed
from sphinx.application import Sphinx

WORDS, INDEX = "search_words.yml", "_static/pages.js"
PROSE = ("p", "li", "dd", "dt", "figcaption", "caption", "summary")
NOT_SEARCHED = ("figure-code", "definition", "headerlink", "provenance", "cell_input")


def page_entry(page: str, body: str, also_called: list[str]) -> dict:
    """What can be found of a page: its title, its headings, other names for its subject and its prose.

    Examples
    --------
    >>> page_entry("a", "<h1>Bias</h1><h2>By age</h2><p>Some <b>words</b>.</p>", ["fairness"])
    {'page': 'a', 'title': 'Bias', 'headings': ['By age'], 'names': ['fairness'], 'text': 'Some words .'}
    """
    return entry_of_parsed(page, parse(body), also_called)


def entry_of_parsed(page: str, soup: BeautifulSoup, also_called: list[str]) -> dict:
    """The same of a body that is taken apart here."""
    for element in (*elements(soup, classes=NOT_SEARCHED), *soup.find_all("script")):
        element.decompose()
    for element in elements(soup, "details", classes=["hide"]):
        element.decompose()
    title = soup.h1.get_text(" ", strip=True) if soup.h1 else page
    headings = [heading.get_text(" ", strip=True) for heading in elements(soup, "h2", "h3")]
    blocks = [block for block in elements(soup, *PROSE) if not block.find_parent(["li", "dd", "figcaption"])]
    text = " ".join(" ".join(block.get_text(" ", strip=True).split()) for block in blocks)
    return {"page": page, "title": title, "headings": headings, "names": also_called, "text": text}


def _collect(app: Sphinx, page: str, template: str, context: dict, doctree) -> None:
    if doctree is not None and "body" in context:
        path = _entry_path(app, page)
        path.parent.mkdir(parents=True, exist_ok=True)
        entry = entry_of_parsed(page, parsed(context), app.also_called.get(page, []))
        path.write_text(json.dumps(entry, ensure_ascii=False), encoding="utf-8", newline="\n")


def _entry_path(app: Sphinx, page: str) -> Path:
    return Path(app.doctreedir) / "search" / f"{page}.json"


def _write(app: Sphinx, failed: Exception | None) -> None:
    if failed or app.builder.format != "html":
        return
    entries = [_entry_path(app, page).read_text(encoding="utf-8") for page in sorted(app.env.found_docs)]
    index = f"window.bookPages = [{', '.join(entries)}];\n"
    (Path(app.outdir) / INDEX).write_text(index, encoding="utf-8", newline="\n")


def _prepare(app: Sphinx) -> None:
    app.builder.load_indexer = lambda pages: setattr(app.builder, "indexer", None)  # that of Sphinx is not used
    path = Path(app.srcdir) / WORDS
    app.also_called = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("builder-inited", _prepare)
    app.connect("html-page-context", _collect, priority=950)
    app.connect("build-finished", _write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
