"""Sections that come last on their page, and sections that are closed until a reader opens them.

A notebook computes before it shows; a reader wants the answer first. So the section `LAST` is moved to the end of its
page, and the parts of the section `CLOSED` are folded away behind their headings.
"""

from docutils import nodes
from sphinx.application import Sphinx

LAST, CLOSED = "how-this-page-was-made", "in-detail"


def arrange(doctree: nodes.document) -> None:
    """Move the section `LAST` to the end and fold the parts of the section `CLOSED`."""
    for section in list(doctree.findall(nodes.section)):
        if LAST in section["ids"]:
            parent = section.parent
            parent.remove(section)
            parent.append(section)
        if CLOSED in section["ids"]:
            for part in section.children:
                if isinstance(part, nodes.section):
                    fold(part)


def fold(section: nodes.section) -> None:
    """Put a section behind its heading."""
    title, *rest = section.children
    section["classes"].append("closed-section")
    section.children = []
    section += [_html("<details>\n<summary>"), title, _html("</summary>"), *rest, _html("</details>")]


def _html(text: str) -> nodes.raw:
    return nodes.raw("", text, format="html")


def setup(app: Sphinx) -> dict[str, bool]:
    # Before the lists of contents are collected, so that these follow the page.
    app.connect("doctree-read", lambda app, doctree: arrange(doctree), priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
