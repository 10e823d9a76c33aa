"""Which data this edition of the book stands on, and its PDF; the report says so in the environment.

BOOK_DATA is "synthetic" or "own"; BOOK_PDF is the name of the printed book beside the pages, or empty.
Every page's strip depends on it, and so does the content of the directive `edition`, whose argument is "synthetic"
or "own".
"""

import os

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import nested_parse_with_titles

EDITIONS = ("synthetic", "own")


class Edition(SphinxDirective):
    """Content for one edition only."""

    required_arguments = 1
    has_content = True

    def run(self):
        if self.arguments[0] not in EDITIONS:
            raise self.error(f"edition is {' or '.join(EDITIONS)}, not {self.arguments[0]!r}")
        if self.arguments[0] != self.config.book_data:
            return []
        container = nodes.Element()
        nested_parse_with_titles(self.state, self.content, container)
        return container.children


def _say_which_data(app: Sphinx, page: str, template: str, context: dict, doctree) -> None:
    context["data_are_synthetic"] = app.config.book_data == "synthetic"
    context["book_pdf"] = app.config.book_pdf


def setup(app: Sphinx) -> dict[str, bool]:
    # A change of this value reads every page again.
    app.add_config_value("book_data", os.environ.get("BOOK_DATA", "synthetic"), "env")
    app.add_config_value("book_pdf", os.environ.get("BOOK_PDF", ""), "html")
    app.add_directive("edition", Edition)
    app.connect("html-page-context", _say_which_data)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
