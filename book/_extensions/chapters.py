"""The list of chapters beside each page: the parts named in `folded_parts` are closed, unless the page is in one.

A page that a chapter lists, and not the table of contents, is shown below that chapter on its own page and on those of
its neighbours alone: the list is as long in a book of a thousand pages as in one of thirty.
"""

from collections.abc import Mapping, Sequence
from html import escape

from bs4 import BeautifulSoup
from sphinx.application import Sphinx

UNUSED = ("sphinx_multitoc_numbering", "sphinx_jupyterbook_latex")


def fold_parts(contents: str, folded: list[str]) -> str:
    """The list of chapters with the named parts folded behind their captions.

    Examples
    --------
    >>> fold_parts('<p class="caption">New Zealand</p><ul><li><a>1</a></li></ul>', ["New Zealand"])
    '<details class="chapters-part"><summary class="caption">New Zealand</summary><ul><li><a>1</a></li></ul></details>'
    """
    soup = BeautifulSoup(contents, "html.parser")
    for caption in soup.select("p.caption"):
        chapters = caption.find_next_sibling("ul")
        if caption.get_text(strip=True) not in folded or chapters is None:
            continue
        part = soup.new_tag("details", attrs={"class": "chapters-part"})
        if chapters.select_one(".current"):
            part["open"] = ""
        caption.name = "summary"
        caption.wrap(part)
        part.append(chapters)
    return str(soup)


def pages_below(page: str, lists: Mapping[str, Sequence[str]], root: str) -> tuple[str, ...]:
    """The pages shown below the current chapter: the one that the chapter lists, then all that are listed by that one.

    Parameters
    ----------
    page : str
    lists : mapping of page -> pages that it lists
    root : str
        The page that lists the chapters.

    Examples
    --------
    >>> lists = {"root": ["all"], "all": ["A", "B"], "A": ["A/P1", "A/P2"], "B": ["B/P1"]}
    >>> pages_below("A/P1", lists, "root"), pages_below("A", lists, "root"), pages_below("all", lists, "root")
    (('A', 'A/P1', 'A/P2'), ('A', 'A/P1', 'A/P2'), ())
    """
    listed_by = {below: above for above, all_below in lists.items() for below in all_below}
    path = [page]
    while path[-1] in listed_by and path[-1] != root:
        path.append(listed_by[path[-1]])
    if len(path) < 3 or path[-1] != root:  # a chapter, or a page that is listed nowhere
        return ()
    return path[-3], *lists.get(path[-3], ())


def _below(app: Sphinx, page: str) -> str:
    """The list of `pages_below`, as HTML; "" where there is none."""
    env, items = app.env, []
    for other in pages_below(page, env.toctree_includes, env.config.root_doc):
        address = "#" if other == page else escape(app.builder.get_relative_uri(page, other))
        here = "current" if other == page else ""
        row, link = f"toctree-l2 {here}".strip(), f"{here} reference internal".strip()
        words = escape(env.titles[other].astext(), quote=False)
        items.append(f'<li class="{row}"><a class="{link}" href="{address}">{words}</a></li>')
    return f"<ul>{''.join(items)}</ul>" if items else ""


def _fold(app: Sphinx, page: str, template: str, context: dict, doctree) -> None:
    whole, below = context["toctree"], _below(app, page)

    def chapters(**options) -> str:
        folded = fold_parts(str(whole(**options)), app.config.folded_parts)
        if not below:
            return folded
        soup = BeautifulSoup(folded, "html.parser")
        soup.select_one("li.toctree-l1.current").append(BeautifulSoup(below, "html.parser"))
        return str(soup)

    context["toctree"] = chapters


def _allow_processes(app: Sphinx) -> None:
    """Extensions that Jupyter Book loads, unused here, do not say whether pages may be read side by side."""
    for name in UNUSED:
        if name in app.extensions:
            app.extensions[name].parallel_read_safe = app.extensions[name].parallel_write_safe = True


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("builder-inited", _allow_processes)
    app.add_config_value("folded_parts", [], "html")
    app.connect("html-page-context", _fold, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
