"""Words that are not ours, on a page that the real Sphinx built and a real browser opened, stay words."""

import pytest
from defusedxml import ElementTree
from hostile_book import HOSTILE, TITLE, build_hostile_book

from analysis.book.sentences.words import label

MADE = """() => [...document.querySelectorAll(
  'script, [onerror], [onmouseover], [href^="javascript:" i], article .math, article h1 em, article h1 code')]
  .filter(e => !e.matches('script') || e.textContent.includes('window.owned')).map(e => e.outerHTML)"""


@pytest.fixture(scope="module")
def html(tmp_path_factory):
    return build_hostile_book(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def opened(html, browser):
    page = browser.new_page()
    page.goto((html / "page.html").as_uri())
    page.wait_for_load_state("load")
    yield page
    page.close()


def words(text: str) -> str:
    """Without the headings' anchor, with plain quotation marks and single spaces."""
    plain = text.replace("“", '"').replace("”", '"').replace("’", "'").replace("‘", "'").replace("…", "...")
    return " ".join(plain.replace("–", "-").split()).removesuffix("#").strip()


@pytest.mark.parametrize("name", ["first", "page", "last"])
def test_no_script_ran_on_the_page_or_on_those_that_name_it(html, browser, name):
    page = browser.new_page()
    page.goto((html / f"{name}.html").as_uri())
    page.wait_for_load_state("load")
    page.hover("h1")
    assert page.evaluate("window.owned") is None
    assert page.evaluate(MADE) == []
    page.close()


def test_the_title_is_intact(opened):
    assert words(opened.locator("h1").inner_text()) == words(f"P7, LA4: {TITLE}")
    assert words(opened.title()).startswith("P7, LA4: <script>window.owned=1</script> / <img src=x")


def test_the_question_and_the_table_are_intact(opened):
    article = words(opened.locator("article").inner_text())
    assert article.count(words(TITLE)) >= 5
    cells = [words(cell) for cell in opened.locator("table.study-table tbody th").all_inner_texts()]
    assert cells[: len(HOSTILE)] == [words(label(word)) for word in HOSTILE]
    assert "\u202e" not in article


def test_no_picture_holds_an_element_of_any_word(html):
    pictures = [path for path in html.rglob("*.svg") if "leakage" in path.name]
    tags = {element.tag for path in pictures for element in ElementTree.parse(path).iter()}
    assert pictures and not {tag for tag in tags if tag.rpartition("}")[2] in ("script", "img", "a", "foreignObject")}


def test_no_script_ran_in_the_results_of_a_search(html, browser):
    page = browser.new_page()
    page.goto((html / "search.html").as_uri() + "?q=loud")
    page.wait_for_selector("#search-results li", timeout=20_000)
    page.wait_for_timeout(500)  # a picture that cannot be fetched says so after the list is there
    assert page.evaluate("window.owned") is None
    assert page.evaluate(MADE) == []
    assert "<img src=x" in page.locator("#search-results").inner_text()
    page.close()
