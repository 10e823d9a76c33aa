"""The list of chapters beside each page: the parts named in `folded_parts` are closed, unless the page is in one."""

from bs4 import BeautifulSoup
from sphinx.application import Sphinx


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


def _fold(app: Sphinx, page: str, template: str, context: dict, doctree) -> None:
    whole = context["toctree"]
    context["toctree"] = lambda **options: fold_parts(str(whole(**options)), app.config.folded_parts)


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_config_value("folded_parts", [], "html")
    app.connect("html-page-context", _fold, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
