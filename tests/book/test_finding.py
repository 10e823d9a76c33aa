"""What a reader looks for is found: ten searches, definitions beside their terms, folded parts, tables put in order."""

import re

import pytest
import yaml
from bs4 import BeautifulSoup
from mini_book import ROOT, chapters_of

pytestmark = pytest.mark.slow

SEARCHES = {
    "bias": "notebooks/subgroups",
    "fairness": "notebooks/subgroups",
    "privacy": "authorities_and_data",
    "redaction": "notebooks/redaction",
    "false alarm": "notebooks/performance",
    "threshold": "machine_learning",
    "cite": "notebooks/findings",
    "leakage": "notebooks/leakage",
    "small numbers": "methods",
    "own data": "run_it_on_your_data",
}
TABLE = ".table-scroll > table:not(.grid):has(tbody tr:nth-child(4))"


@pytest.fixture
def page(browser):
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    yield opened
    opened.close()


def search(book, page, words: str) -> list[tuple[str, str]]:
    """(address within the book, excerpt) of each page found, the best first."""
    page.goto((book / "about.html").as_uri())
    page.fill("#book-search-field", words)
    page.press("#book-search-field", "Enter")
    page.wait_for_selector("#search-results p")
    links = page.locator("#search-results li")
    root = f"{book.as_uri()}/"
    return [
        (item.locator("a").evaluate("link => link.href").removeprefix(root), item.locator("p").inner_text())
        for item in links.all()
    ]


@pytest.mark.parametrize(("words", "chapter"), SEARCHES.items())
def test_a_search_finds_its_chapter_first(book, page, words, chapter):
    address, excerpt = search(book, page, words)[0]
    assert address == f"{chapter}.html" and len(excerpt) > 40


def test_an_excerpt_holds_what_was_searched_for(book, page):
    found = search(book, page, "average precision")
    assert len(found) > 3 and all("average precision" in excerpt.lower() for _, excerpt in found[:3])


def test_a_search_for_what_is_nowhere_says_so(book, page):
    assert search(book, page, "xylophone") == []
    assert "No page holds these words" in page.inner_text("#search-results")


def test_every_chapter_with_other_names_is_in_the_book():
    names = yaml.safe_load((ROOT / "book" / "search_words.yml").read_text(encoding="utf-8"))
    assert set(names) <= set(chapters_of())


def test_a_definition_is_shown_when_its_term_is_pointed_at_or_has_the_focus_and_can_be_dismissed(book, page):
    page.goto((book / "machine_learning.html").as_uri())
    term = page.locator(".defined-term").first
    definition = term.locator(".definition")
    assert not definition.is_visible()
    term.locator("a").focus()
    assert definition.is_visible() and len(definition.inner_text()) > 20
    assert term.locator("a").get_attribute("aria-describedby") == definition.get_attribute("id")
    page.keyboard.press("Escape")
    assert not definition.is_visible()
    page.evaluate("document.activeElement.blur()")
    other = page.locator(".defined-term").nth(1)
    other.locator("a").hover()
    assert other.locator(".definition").is_visible() and page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_a_definition_fits_a_telephone(book, page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto((book / "machine_learning.html").as_uri())
    for term in page.locator(".defined-term a").all():
        term.focus()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_parts_on_new_zealand_and_on_each_prediction_are_closed_elsewhere_and_open_on_their_pages(book, page):
    def parts() -> list[bool]:
        return page.eval_on_selector_all(".chapters-part", "parts => parts.map(part => part.open)")

    page.goto((book / "about.html").as_uri())
    assert parts() == [False, False]
    page.goto((book / "notebooks" / "network_data.html").as_uri())
    assert parts() == [False, True]


def test_a_long_table_is_put_in_order_by_a_column_and_back(book, page):
    soups = ((path, BeautifulSoup(path.read_text("utf-8"), "lxml")) for path in sorted(book.rglob("*.html")))
    page.goto(next(path for path, soup in soups if soup.select(TABLE)).as_uri())
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    table = page.locator(TABLE).first
    first = "rows => rows.map(row => row.cells[0].textContent)"
    before = table.locator("tbody tr").evaluate_all(first)
    table.locator("thead .sort-button").first.click()
    up = table.locator("tbody tr").evaluate_all(first)
    table.locator("thead .sort-button").first.click()
    down = table.locator("tbody tr").evaluate_all(first)
    assert sorted(up) == sorted(before) == sorted(down)
    assert len(set(before)) == 1 or up != down
    assert table.locator("[aria-sort]").count() == 1


def test_a_link_into_a_closed_part_opens_it(book, page):
    for path in sorted((book / "results").rglob("*.html")):
        closed = re.search(r'<details class="folded-table" id="([^"]+)"', path.read_text("utf-8"))
        if closed:
            page.goto(f"{path.as_uri()}#{closed[1]}")
            assert page.evaluate("id => document.getElementById(id).open", closed[1])
            return
    pytest.skip("this book has no closed table")
