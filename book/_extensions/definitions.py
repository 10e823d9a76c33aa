"""A term's definition beside the term: shown while the term is pointed at or has the keyboard's focus.

The definition is the glossary's own, in the page itself, so that nothing is fetched and it works without scripts.
"""

from bs4 import BeautifulSoup
from docutils import nodes
from page_body import elements, parse, parsed
from sphinx import addnodes
from sphinx.application import Sphinx

GLOSSARY = "glossary"


def read_definitions(doctree: nodes.document) -> dict[str, str]:
    """The first paragraph of each definition, in plain words, by the id of its term."""
    definitions = {}
    for glossary in doctree.findall(addnodes.glossary):
        for item in glossary.findall(nodes.definition_list_item):
            words = " ".join(next(item.findall(nodes.paragraph)).astext().split())
            definitions |= {name: words for term in item.findall(nodes.term) for name in term["ids"]}
    return definitions


def add_definitions(body: str, definitions: dict[str, str]) -> str:
    """The body of a page with the definition of each term after its link.

    Examples
    --------
    >>> add_definitions('<a href="g.html#term-x"><span class="std-term">x</span></a>', {"term-x": "An unknown."})
    '<span class="defined-term"><a aria-describedby="definition-1" href="g.html#term-x"><span class="std-term">x</span>\
</a><span class="definition" id="definition-1" role="tooltip">An unknown.</span></span>'
    """
    soup = parse(body)
    add_to_parsed(soup, definitions)
    return str(soup)


def add_to_parsed(soup: BeautifulSoup, definitions: dict[str, str]) -> None:
    """The same to a body where it stands."""
    terms = [term.parent for term in elements(soup, classes=["std-term"])]
    links = [link for link in terms if link.name == "a" and link.has_attr("href")]
    for number, link in enumerate(links, start=1):
        words = definitions.get(link["href"].partition("#")[2])
        if words is None:
            continue
        name = f"definition-{number}"
        link["aria-describedby"] = name
        link.wrap(soup.new_tag("span", attrs={"class": ["defined-term"]}))
        definition = soup.new_tag("span", attrs={"class": ["definition"], "id": name, "role": "tooltip"})
        definition.string = words
        link.insert_after(definition)


def _define_terms(app: Sphinx, page: str, template: str, context: dict, doctree) -> None:
    if "body" not in context or page == GLOSSARY or GLOSSARY not in app.env.found_docs:
        return
    if not hasattr(app, "definitions"):
        app.definitions = read_definitions(app.env.get_doctree(GLOSSARY))
    add_to_parsed(parsed(context), app.definitions)


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("html-page-context", _define_terms, priority=910)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
