"""The book's own Sphinx extensions, without a browser."""

import sys

import accessible
import mathematics
import pytest
import registered
from bs4 import BeautifulSoup
from mini_book import ROOT
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace


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


def test_the_pictures_of_a_figure_share_a_container_that_can_be_focused():
    html = '<figure class="study-figure"><img src="l"/><img src="d"/><figcaption>What</figcaption></figure>'
    soup = BeautifulSoup(accessible.repair(html), "lxml")
    assert [child.name for child in soup.select_one("div.figure-scroll[tabindex='0']").children] == ["img", "img"]
    assert [child.name for child in soup.figure.children] == ["div", "figcaption"]


def test_an_interval_stays_on_one_line():
    cell = BeautifulSoup(
        accessible.repair('<table><tr><td class="number">0.61 (0.47 to 0.76)</td></tr></table>'), "lxml"
    ).td
    assert cell.get_text() == "0.61 (0.47\N{NO-BREAK SPACE}to\N{NO-BREAK SPACE}0.76)"


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


def test_every_section_of_the_protocol_is_listed_but_the_predictions():
    protocol = {"version": 1, "predictions": {"P1": {}}, "splits": {"folds": 5, "source": "ours"}}
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
    import yaml

    config = yaml.safe_load((ROOT / "_config.yml").read_text())["sphinx"]
    own = {path.stem for path in (ROOT / "book" / "_extensions").glob("*.py")}
    assert own == set(config["local_extensions"]) <= set(config["config"]["extensions"])
