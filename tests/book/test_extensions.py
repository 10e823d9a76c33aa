"""The book's own Sphinx extensions, without a browser."""

import sys
import time
from types import SimpleNamespace

import accessible
import bounded_writing
import chapters
import definitions
import description
import mathematics
import pytest
import registered
import sections
import yaml
from bs4 import BeautifulSoup
from docutils import nodes
from docutils.core import publish_doctree
from mini_book import ROOT
from sphinx import builders
from sphinx.application import Sphinx
from sphinx.builders import html
from sphinx.environment.adapters.toctree import global_toctree_for_doc
from sphinx.util.build_phase import BuildPhase
from sphinx.util.docutils import docutils_namespace
from sphinx.util.parallel import ParallelTasks


def test_a_formula_becomes_mathml_that_carries_its_latex():
    markup = mathematics.mathml(r"\frac{a}{b} < 1", display="block")
    assert '<math alttext="\\frac{a}{b} &lt; 1"' in markup
    assert "<mfrac>" in markup and 'display="block"' in markup


def test_a_bare_table_gets_a_named_container_that_can_be_focused():
    soup = BeautifulSoup(accessible.repair("<table><caption>Cases #</caption><tr><td>1</td></tr></table>"), "lxml")
    container = soup.select_one("div.table-scroll")
    assert (container["role"], container["tabindex"], container["aria-label"]) == ("region", "0", "Cases")


def test_a_table_that_has_a_container_keeps_it():
    html = '<div class="table-scroll" aria-label="Cases"><table><tr><td>1</td></tr></table></div>'
    assert len(BeautifulSoup(accessible.repair(html), "lxml").select(".table-scroll")) == 1


def test_two_tables_of_one_name_are_told_apart():
    table = "<table><caption>Cases</caption><tr><td>1</td></tr></table>"
    names = [c["aria-label"] for c in BeautifulSoup(accessible.repair(table * 2), "lxml").select(".table-scroll")]
    assert names == ["Cases", "Cases (table 2)"]


def test_an_empty_heading_cell_heads_nothing_and_the_others_say_what_they_head():
    html = "<table><thead><tr><th></th><th>n</th></tr></thead><tbody><tr><th>a</th><td>1</td></tr></tbody></table>"
    soup = BeautifulSoup(accessible.repair(html), "lxml")
    assert [(c.name, c.get("scope")) for c in soup.select("tr > *")] == [
        ("td", None),
        ("th", "col"),
        ("th", "row"),
        ("td", None),
    ]


def test_a_cell_of_a_table_of_sentences_bears_its_columns_name():
    head, body = "<tr><th>Says</th><th>Gives</th></tr>", "<tr><th>a</th><td>1</td></tr>"
    html = f'<table class="prose"><thead>{head}</thead><tbody>{body}</tbody></table>'
    soup = BeautifulSoup(accessible.repair(html), "lxml")
    assert [cell.get("data-column") for cell in soup.select("tbody tr > *")] == [None, "Gives"]


def test_a_written_table_of_many_columns_is_one_of_sentences():
    head = "".join(f"<th>{name}</th>" for name in "abc")
    few = head.replace("<th>c</th>", "")
    tables = (f'<table class="table"><thead><tr>{one}</tr></thead><tbody></tbody></table>' for one in (head, few))
    soup = BeautifulSoup(accessible.repair("".join(tables)), "lxml")
    assert [table["class"] for table in soup.find_all("table")] == [["table", "prose"], ["table"]]


def test_a_heading_that_opens_a_closed_part_holds_no_link():
    html = "<details><summary><h3>A<a class='headerlink' href='#a'>#</a></h3></summary>x</details>"
    assert accessible.repair(html) == "<details><summary><h3>A</h3></summary>x</details>"


def test_repairing_twice_changes_nothing():
    table = "<table><thead><tr><th></th><th>n</th></tr></thead></table>"
    html = f"<h2>A<a class='headerlink' href='#a'>#</a></h2>{table}<pre>x</pre>"
    once = accessible.repair(html)
    assert accessible.repair(once) == once


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, "yes"),
        (1000, "1,000"),
        (0.05, "0.05"),
        (["plan_start", "care_start"], "plan start, care start"),
        ({"days": None, "months": 12}, "months: 12"),
        ([], "none"),
    ],
)
def test_a_registered_value_is_shown_in_words(value, words):
    assert registered.in_words(value) == words


def test_every_section_of_the_protocol_is_listed_but_predictions_and_amendments():
    protocol = {"version": 1, "predictions": {"P1": {}}, "splits": {"folds": 5, "source": "ours"}}
    protocol["amendments"] = [{"version": 2}]  # a table of its own
    assert list(registered.leaves(protocol)) == [("version", 1, ""), ("splits.folds", 5, "ours")]


SOURCE = "# Page\n\n::::{edition} synthetic\nInvented words.\n::::\n\n::::{edition} own\nOwn words.\n::::\n"


@pytest.mark.parametrize(("data", "shown", "hidden"), [("synthetic", "Invented", "Own"), ("own", "Own", "Invented")])
def test_an_edition_shows_its_own_words_only(tmp_path, data, shown, hidden):
    html = build(tmp_path, SOURCE, book_data=data)
    assert f"{shown} words" in html and f"{hidden} words" not in html


def test_a_registered_value_that_is_not_there_stops_the_build(tmp_path):
    with pytest.raises(Exception, match=r"no value at 'splits\.fold'"):
        build(tmp_path, "# Page\n\n{registered}`splits.fold`\n")


def test_a_registered_value_is_read_from_the_protocol(tmp_path):
    assert '<span class="registered">0.65</span>' in build(tmp_path, "# Page\n\n{registered}`success.threshold`\n")


def build(folder, text: str, **values) -> str:
    """The HTML of a one-page book."""
    (folder / "source").mkdir()
    (folder / "source" / "index.md").write_text(text, encoding="utf-8")
    (folder / "source" / "references.bib").touch()
    settings = {"extensions": ["myst_parser", "edition", "registered"], "myst_enable_extensions": ["colon_fence"]}
    with docutils_namespace():
        app = Sphinx(
            str(folder / "source"),
            None,
            str(folder / "html"),
            str(folder / "doctrees"),
            "html",
            confoverrides=settings | {"templates_path": []} | values,
            status=None,
            warning=sys.stderr,
            warningiserror=True,
        )
        app.build()
    return (folder / "html" / "index.html").read_text(encoding="utf-8")


def test_the_extensions_are_the_ones_the_configuration_lists():
    config = yaml.safe_load((ROOT / "_config.yml").read_text())["sphinx"]
    own = {path.stem for path in (ROOT / "book" / "_extensions").glob("*.py")}
    assert own == set(config["local_extensions"]) <= set(config["config"]["extensions"])


def arranged(text: str) -> tuple[list[str], nodes.document]:
    """The headings of a page, in the order in which `sections` leaves them, and the page."""
    doctree = publish_doctree(text, settings_overrides={"doctitle_xform": False})
    sections.arrange(doctree)
    return [title.astext() for title in doctree.findall(nodes.title)], doctree


def test_how_a_page_was_made_comes_last_and_what_is_in_detail_is_closed():
    made, answer = "How this page was made\n----------------------\n\nx\n\n", "Answer\n------\n\ny\n\n"
    page = f"Title\n=====\n\n{made}{answer}In detail\n---------\n\nPart\n~~~~\n\nz\n"
    headings, doctree = arranged(page)
    assert headings == ["Title", "Answer", "In detail", "Part", "How this page was made"]
    closed = [section for section in doctree.findall(nodes.section) if "closed-section" in section["classes"]]
    assert [section["ids"] for section in closed] == [["part"]]
    assert closed[0].children[0].astext().startswith("<details>") and closed[0].children[-1].astext() == "</details>"


def test_a_page_without_such_sections_is_left_alone():
    page = "Title\n=====\n\nB\n-\n\nx\n\nA\n-\n\ny\n"
    headings, doctree = arranged(page)
    assert headings == ["Title", "B", "A"] and "details" not in doctree.pformat()


def test_a_part_is_folded_unless_the_page_is_in_it():
    contents = '<p class="caption">P</p><ul><li class="{}"><a>1</a></li></ul><p class="caption">Q</p><ul></ul>'
    assert "<details" not in chapters.fold_parts(contents, ["R"])
    assert "open" not in chapters.fold_parts(contents, ["P"])
    assert '<details class="chapters-part" open="">' in chapters.fold_parts(contents.format("current"), ["P"])
    assert chapters.fold_parts(contents, ["P"]).count("<details") == 1


def book_of(authorities: int) -> dict[str, list[str]]:
    """What each page lists in a book of so many authorities with eight pages each."""
    names = [f"results/A{number}" for number in range(authorities)]
    lists = {name: [f"{name}/P{outcome}" for outcome in range(1, 9)] for name in names}
    return {"notebooks/findings": ["about", "all_authorities"], "all_authorities": names, **lists}


@pytest.mark.parametrize("page", ["about", "all_authorities", "notebooks/findings", "elsewhere"])
def test_no_page_of_an_authority_is_listed_beside_a_chapter(page):
    assert chapters.pages_below(page, book_of(153), "notebooks/findings") == ()


@pytest.mark.parametrize("page", ["results/A3", "results/A3/P5"])
def test_the_list_beside_an_authoritys_pages_is_as_long_in_a_country_as_among_a_few(page):
    few, country = (chapters.pages_below(page, book_of(number), "notebooks/findings") for number in (6, 153))
    assert few == country == ("results/A3", *(f"results/A3/P{outcome}" for outcome in range(1, 9)))


def test_the_list_of_chapters_is_made_as_often_in_a_country_as_among_a_few():
    few, country = (
        {
            chapters.kind_of_list(page, lists, "notebooks/findings")
            for page in (page for own in lists.values() for page in own)
        }
        for lists in (book_of(6), book_of(153))
    )
    assert few == country >= {("all_authorities", 1), ("all_authorities", 2)}


def test_a_page_beside_a_chapter_has_a_list_of_its_own():
    lists = {"root": ["results/all"], "results/all": ["results/A", "results/B"]}
    assert chapters.kind_of_list("results/A", lists, "root") == ("results/A",)


def test_a_term_the_glossary_does_not_have_is_left_as_it_is():
    link = '<a href="g.html#term-y"><span class="std-term">y</span></a>'
    assert definitions.add_definitions(link, {"term-x": "An unknown."}) == link


def test_a_page_is_described_by_its_first_paragraph_that_says_something():
    banner = "<div class='admonition'><p>This page is about invented children and nothing else.</p></div>"
    first = "A paragraph that says <b>what</b> the page is about, in words enough."
    assert description.describe(f"{banner}<p>Short.</p><p>{first}</p>").startswith("A paragraph that says what")
    assert description.describe("<p>Short.</p>") == description.OF_THE_BOOK
    long = description.describe(f"<p>{'word ' * 100}</p>")
    assert len(long) <= description.LONGEST + 2 and long.endswith("word …")


@pytest.mark.slow
def test_every_page_says_what_it_is_about_to_those_who_share_it_and_offers_its_source_by_name(book):
    not_pages = ("_static", "search.html", "index.html", "whole-book.html")
    pages = [path for path in book.rglob("*.html") if not {*path.relative_to(book).parts} & {*not_pages}]
    for path in pages:
        soup = BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")
        said = {meta.get("property") or meta.get("name"): meta["content"] for meta in soup.select("meta[content]")}
        assert 20 <= len(said["description"]) <= 210 and said["og:description"] == said["description"], path
        assert said["og:title"] and said["og:image"].endswith("papers/card.png") and "robots" not in said, path
        link = soup.select_one(".book-footer a[href*='_sources/']")
        assert link["download"] == f"{path.relative_to(book).with_suffix('').as_posix().replace('/', '-')}" + (
            ".ipynb" if link["href"].endswith(".ipynb") else ".md"
        )
        assert soup.select_one(".book-footer a[href$='changes.html'], .book-footer a[href='#']"), path


@pytest.mark.parametrize(("tasks", "most"), [(bounded_writing.BoundedTasks, 1), (ParallelTasks, 4)])
def test_no_more_than_one_page_waits_to_be_written_as_many_do_for_sphinx_itself(tasks, most):
    running, waiting, written = tasks(2), [], []
    for page in range(6):
        running.add_task(_written, page, lambda page, result: written.append((page, result)))
        waiting.append(len(running._precvsWaiting))
    while running._pworking:
        running._join_one()
    assert max(waiting) == most
    assert sorted(written) == [(page, 2 * page) for page in range(6)]


@pytest.mark.parametrize(("pages", "processes", "most", "sizes"), [
    (0, 2, 30, []), (1, 3, 30, [1]), (5, 2, 30, [3, 2]), (70, 2, 30, [30, 30, 10]), (1422, 3, 30, [30] * 47 + [12]),
    (1422, 3, 1422, [474] * 3),
])  # fmt: skip
def test_each_process_is_given_some_pages_and_no_more_than_asked(pages, processes, most, sizes):
    names = [str(page) for page in range(pages)]
    chunks = bounded_writing.small_chunks(names, processes, most)
    assert [len(chunk) for chunk in chunks] == sizes and [name for chunk in chunks for name in chunk] == names


def _written(page: int) -> int:
    time.sleep(0.2)
    return 2 * page


def test_pages_are_read_by_as_few_processes_as_may_be_and_written_a_few_at_a_time(monkeypatch):
    monkeypatch.setattr(builders, "ParallelTasks", ParallelTasks)
    monkeypatch.setattr(builders, "make_chunks", None)
    app = SimpleNamespace(phase=BuildPhase.READING, connect=lambda *_: None)
    bounded_writing.setup(app)
    assert [len(chunk) for chunk in builders.make_chunks(range(90), 2)] == [45, 45]
    app.phase = BuildPhase.WRITING
    assert [len(chunk) for chunk in builders.make_chunks(range(90), 2)] == [30, 30, 30]


@pytest.mark.parametrize(("as_configured", "asked"), [(True, 0), (False, 1)])
def test_the_list_of_every_page_is_not_made_for_a_page(tmp_path, monkeypatch, as_configured, asked):
    """The theme makes it to see whether its sidebar is empty: in a book of 1,422 pages a third of the cost."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["sphinx"]["config"]
    made, whole = [], global_toctree_for_doc
    monkeypatch.setattr(html, "global_toctree_for_doc", lambda *a, **o: made.append(a[1]) or whole(*a, **o))
    values = {"html_sidebars": config["html_sidebars"]} if as_configured else {}
    theme = "sphinx_book_theme"
    build(tmp_path, "# Page\n", extensions=["myst_parser", theme], html_theme=theme, **values)
    assert made.count("index") == asked
