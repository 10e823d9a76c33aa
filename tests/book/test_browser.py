"""The book in a real browser, opened as files: for everyone, on any screen, without a network."""

from dataclasses import dataclass, field

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup

pytestmark = pytest.mark.slow

WIDTHS = {"desktop": 1280, "telephone": 320}
AXE = {"preload": False, "resultTypes": ["violations"]}


@dataclass
class Visit:
    """What was seen on all pages together; each list should stay empty."""

    violations: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    sideways: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)


def pages_of(book) -> list:
    """Every page but the first, which sends the reader on before it can be examined."""
    pages = [path for path in book.rglob("*.html") if not {"_static", "_downloads"} & set(path.parts)]
    return sorted(path for path in pages if 'http-equiv="refresh"' not in path.read_text(encoding="utf-8").lower())


@pytest.fixture(scope="module")
def visit(book, browser) -> Visit:
    """Every page, opened out, at both widths, light and dark: axe, requests, errors, sideways scrolling."""
    seen, page = Visit(), browser.new_page()
    page.on("request", lambda request: _note_request(seen, request.url))
    page.on("pageerror", lambda error: seen.errors.append(f"{page.url}: {error}"))
    page.on("requestfailed", lambda request: seen.errors.append(f"{page.url} could not load {request.url}"))
    for path in pages_of(book):
        page.goto(path.as_uri())
        page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
        seen.pages.append(path.name)
        for screen, width in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                seen.sideways.append(f"{path.name} at {width} px")
            if screen == "telephone":  # the code of the figures, long and alike at any width, is examined once
                page.evaluate("for (const code of document.querySelectorAll('.figure-code')) code.open = false")
            for theme in ("light", "dark"):
                page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
                found = Axe().run(page, options=AXE).response["violations"]
                seen.violations += [
                    f"{path.name}, {theme}, {screen}: {problem['id']}: {problem['nodes'][0]['html'][:120]}"
                    for problem in found
                ]
    page.close()
    return seen


def _note_request(seen: Visit, address: str) -> None:
    if not address.startswith(("file:", "data:")):
        seen.requests.append(address)


@pytest.fixture
def page(browser):
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    yield opened
    opened.close()


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (390, 844)])
def test_the_first_screen_has_the_answer_four_numbers_and_the_pass_mark(book, page, width, height):
    """In no more than 60 words before the chart and its title."""
    page.set_viewport_size({"width": width, "height": height})
    page.goto((book / "notebooks" / "findings.html").as_uri())
    if not page.locator(".tiles").count():
        pytest.skip("the notebooks of a small book are not run")
    for part in (".answer strong", ".tiles > li:last-child .tile-words", ".tiles > li:has-text('mark of 0.')"):
        box = page.locator(part).first.bounding_box()
        assert box["y"] + box["height"] <= height, part
    above = (".answer", ".tiles", ".source-line")
    assert len(" ".join(page.locator(part).first.inner_text() for part in above).split()) <= 60


@pytest.mark.parametrize(("width", "beside"), [(1024, 0), (1280, 0), (1600, 14 * 16)])
def test_the_text_has_all_the_width_beside_the_menus(book, page, width, beside):
    """A page's own contents stand above it on a laptop, and leave no empty column beside it."""
    page.set_viewport_size({"width": width, "height": 900})
    page.goto((book / "methods.html").as_uri())
    assert page.locator(".on-this-page").is_visible()
    article = page.locator(".bd-article").bounding_box()
    assert width - article["x"] - article["width"] < beside + 120


def test_axe_finds_nothing_on_any_page_light_or_dark_wide_or_narrow(visit):
    assert len(visit.pages) > 20
    assert not visit.violations, "\n".join(visit.violations)


def test_no_page_asks_for_anything_outside(visit):
    assert not visit.requests


def test_no_page_reports_an_error(visit):
    assert not visit.errors


def test_no_page_scrolls_sideways(visit):
    assert not visit.sideways


def test_search_finds_average_precision_from_a_file(book, page):
    page.goto((book / "glossary.html").as_uri())
    page.fill("#book-search-field", "average precision")
    page.press("#book-search-field", "Enter")
    page.wait_for_selector("#search-results a:has-text('Machine learning, explained')", timeout=10_000)


def test_the_first_stop_of_the_keyboard_skips_to_the_content(book, page):
    page.goto((book / "about.html").as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main-content"


def test_the_appearance_is_switched_and_remembered(book, page):
    page.goto((book / "about.html").as_uri())
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.click(".appearance-switch")
    after = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.goto((book / "ethics.html").as_uri())
    assert before != after == page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert page.inner_text(".appearance-switch") == "Light"


def test_chapters_unfold_on_a_narrow_screen_and_escape_folds_them(book, page):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto((book / "about.html").as_uri())
    assert not page.is_visible("#chapters")
    page.click(".contents-switch")
    assert page.is_visible("#chapters")
    assert page.get_attribute(".contents-switch", "aria-expanded") == "true"
    page.keyboard.press("Escape")
    assert not page.is_visible("#chapters")
    assert page.evaluate("document.activeElement.className").endswith("contents-switch")


def test_no_example_of_code_is_cut_on_a_laptop(book, page):
    """But for the code of figures and pages, which is as wide as code is, and closed."""
    cut = "blocks => blocks.filter(block => block.scrollWidth > block.clientWidth + 1).map(block => block.innerText)"
    for name in ("run_it_on_your_data", "definitions"):
        page.goto((book / f"{name}.html").as_uri())
        assert page.locator("pre:visible").evaluate_all(cut) == [], name


def test_the_picture_of_a_hundred_children_shows_a_hundred_and_says_how_many_of_each(book):
    picture = BeautifulSoup((book / "machine_learning.html").read_text("utf-8"), "lxml").select_one("svg")
    groups, keys = picture.select("path")[:4], picture.select("text")
    counts = [group["d"].count("M") for group in groups]
    assert sum(counts) == 100 and counts == [int(key.get_text().split()[0]) for key in keys]


def test_nothing_but_a_table_or_code_is_wider_than_a_telephone(book, page):
    page.set_viewport_size({"width": 390, "height": 844})
    wide = "parts => parts.filter(part => part.scrollWidth > part.clientWidth + 1).map(part => part.textContent)"
    for path in pages_of(book):
        page.goto(path.as_uri())
        assert page.locator("div.math, figure, svg, .tiles").evaluate_all(wide) == [], path.name


def test_a_wide_table_is_scrolled_with_the_keyboard(book, page):
    page.set_viewport_size({"width": 320, "height": 800})
    for path in pages_of(book):
        page.goto(path.as_uri())
        tables = page.locator(".table-scroll:visible")
        widths = tables.evaluate_all("tables => tables.map(table => table.scrollWidth - table.clientWidth)")
        if max(widths, default=0) > 20:
            break
    table = tables.nth(widths.index(max(widths)))
    table.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("table => table.scrollLeft > 0", arg=table.element_handle(), timeout=3000)


def test_the_book_reads_without_scripts(book, browser):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto((book / "about.html").as_uri())
    assert page.is_visible("h1") and page.is_visible("#chapters")
    assert not page.is_visible(".contents-switch") and not page.is_visible(".appearance-switch")
    context.close()


def test_text_is_enlarged_four_times_without_sideways_scrolling(book, page):
    """WCAG 1.4.10: 1280 px at 400% is 320 px."""
    page.set_viewport_size({"width": 1280 // 4, "height": 256})
    page.goto((book / "machine_learning.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_threshold_explorer_works_by_keyboard(book, page):
    """It opens at the model's own threshold; one key leads to the next."""
    explorers = [path for path in pages_of(book) if 'class="threshold-explorer"' in path.read_text(encoding="utf-8")]
    page.goto(explorers[0].as_uri())
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    slider = page.locator(".threshold-explorer input[type=range]").first
    slider.focus()
    before = page.locator(".threshold-explorer output").first.inner_text()
    page.keyboard.press("ArrowRight")
    after = page.locator(".threshold-explorer output").first.inner_text()
    assert before.startswith("At the model’s own threshold of") and after.startswith("At a threshold of")
    assert before != after
