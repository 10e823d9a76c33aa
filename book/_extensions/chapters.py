"""The list of chapters beside each page: the parts named in `folded_parts` are closed, unless the page is in one.

A page that a chapter lists, and not the table of contents, is shown below that chapter on its own page and on those of
its neighbours alone: the list is as long in a book of a thousand pages as in one of thirty.
"""

from collections.abc import Mapping, Sequence
from html import escape

from bs4 import BeautifulSoup
from sphinx.application import Sphinx
from sphinx.environment.adapters.toctree import global_toctree_for_doc

_SHARED: dict[tuple, dict[tuple, str]] = {}
"""What `_shared_lists` has made, by what was asked of a list."""
BEFORE_THE_THEME = 400  # the theme makes the list, at 500, to see whether it is empty
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
    path = _below_a_chapter(page, lists, root)
    return (path[-2], *lists.get(path[-2], ())) if path else ()


def kind_of_list(page: str, lists: Mapping[str, Sequence[str]], root: str) -> tuple:
    """What the list of chapters beside a page depends on: two pages of one kind have the same list.

    Pages of one chapter have it if they lie equally deep and no chapter lies in their outermost folder, for then its
    address would be shorter from there. Any other page is of a kind of its own.

    Parameters
    ----------
    page : str
    lists : mapping of page -> pages that it lists
    root : str
        The page that lists the chapters.

    Examples
    --------
    >>> lists = {"root": ["all"], "all": ["R/A", "R/B"], "R/A": ["R/A/P1", "R/A/P2"], "R/B": ["R/B/P1"]}
    >>> kind_of_list("R/A/P1", lists, "root"), kind_of_list("R/B/P1", lists, "root"), kind_of_list("all", lists, "root")
    (('all', 2), ('all', 2), ('all',))
    """
    path = _below_a_chapter(page, lists, root)
    beside = any(chapter.partition("/")[0] == page.partition("/")[0] for chapter in lists.get(root, ()))
    return (path[-1], page.count("/")) if path and not beside else (page,)


def _below_a_chapter(page: str, lists: Mapping[str, Sequence[str]], root: str) -> list[str]:
    """The page, the page that lists it, and so on to its chapter; empty for a chapter and a page listed nowhere."""
    listed_by = {below: above for above, all_below in lists.items() for below in all_below}
    path = [page]
    while path[-1] in listed_by and path[-1] != root:
        path.append(listed_by[path[-1]])
    return path[:-1] if len(path) > 2 and path[-1] == root else []


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
    kind = kind_of_list(page, app.env.toctree_includes, app.env.config.root_doc)

    def chapters(**options) -> str:
        shared = _shared_lists(app, options).get(kind)
        folded = fold_parts(str(whole(**options)), app.config.folded_parts) if shared is None else shared
        if not below:
            return folded
        soup = BeautifulSoup(folded, "html.parser")
        soup.select_one("li.toctree-l1.current").append(BeautifulSoup(below, "html.parser"))
        return str(soup)

    context["toctree"] = chapters


def _shared_lists(app: Sphinx, options: Mapping) -> dict[tuple, str]:
    """The lists of chapters that several pages share, by `kind_of_list`.

    Sphinx goes through every page of the book to make one. So they are made once, beside the first page that is
    written, before there are processes for the others.
    """
    asked = tuple(sorted(options.items()))
    if asked not in _SHARED:
        kinds: dict[tuple, list[str]] = {}
        for page in sorted(app.env.found_docs):
            kinds.setdefault(kind_of_list(page, app.env.toctree_includes, app.env.config.root_doc), []).append(page)
        several = {kind: pages[0] for kind, pages in kinds.items() if len(pages) > 1}
        _SHARED[asked] = {kind: fold_parts(_list(app, page, **options), app.config.folded_parts)
                          for kind, page in several.items()}  # fmt: skip
    return _SHARED[asked]


def _list(app: Sphinx, page: str, *, collapse: bool = True, includehidden: bool = False, **options) -> str:
    """The list of chapters beside a page, as Sphinx makes it for a template."""
    options = {name: value for name, value in options.items() if (name, value) != ("maxdepth", "")}
    tree = global_toctree_for_doc(app.env, page, app.builder, collapse, includehidden, **options)
    return app.builder.render_partial(tree)["fragment"]


def _allow_processes(app: Sphinx) -> None:
    """Extensions that Jupyter Book loads, unused here, do not say whether pages may be read side by side."""
    for name in UNUSED:
        if name in app.extensions:
            app.extensions[name].parallel_read_safe = app.extensions[name].parallel_write_safe = True


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("builder-inited", _allow_processes)
    app.connect("builder-inited", lambda app: _SHARED.clear())
    app.add_config_value("folded_parts", [], "html")
    app.connect("html-page-context", _fold, priority=BEFORE_THE_THEME)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
