"""What a page says of itself where somebody shares its address, and the picture that stands beside it.

On the web the picture needs a whole address, which begins with `html_baseurl` of `_config.yml`; by default it is empty.
"""

from bs4 import BeautifulSoup
from page_body import elements, parse, parsed
from sphinx.application import Sphinx

CARD = "papers/card.png"
LONGEST, SHORTEST = 200, 40
OF_THE_BOOK = (
    "Two published studies asked whether machine learning can tell which child's case will become serious. This book "
    "re-executes both, in the open."
)


def describe(body: str) -> str:
    """The first paragraph that says something, cut at a word; that of the book where a page has none.

    Examples
    --------
    >>> describe("<h1>Bias</h1><p>Short.</p><p>Do the models serve some children worse than others? We look.</p>")
    'Do the models serve some children worse than others? We look.'
    """
    return describe_parsed(parse(body))


def describe_parsed(soup: BeautifulSoup) -> str:
    """The same of a body that nobody needs any more."""
    for element in elements(soup, classes=["definition", "headerlink"]):
        element.decompose()
    for paragraph in soup.find_all("p"):
        if paragraph.find_parent(["figcaption", "details"]) or paragraph.find_parent(class_="admonition"):
            continue
        words = " ".join(paragraph.get_text().split())
        if len(words) >= SHORTEST:
            return words if len(words) <= LONGEST else f"{words[:LONGEST].rpartition(' ')[0]} …"
    return OF_THE_BOOK


def _describe(app: Sphinx, page: str, template: str, context: dict, doctree) -> None:
    context["page_description"] = describe_parsed(parsed(context))
    base = app.config.html_baseurl
    context["card"] = f"{base.rstrip('/')}/{CARD}" if base else context["pathto"](CARD, 1)


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("html-page-context", _describe, priority=960)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
