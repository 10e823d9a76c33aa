"""The PDF and the archive."""

import hashlib
import re
import subprocess
import zipfile
from datetime import date
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from mini_book import ROOT, chapters_of
from pypdf import PdfReader

from analysis.errors import DisclosureError, StepError
from analysis.publish import deposit_parts, publish, read_citation, write_archive, write_pdf
from analysis.publish.on_paper import turn, unlink_what_is_not_printed
from analysis.publish.one_page import _article, chapter_id, one_page, pages_in_order
from analysis.publish.pdf import NAME as PDF

pytestmark = pytest.mark.slow

PUBLISHED = date(2026, 11, 22)
CITED = read_citation(ROOT / "CITATION.cff")


@pytest.fixture(scope="module")
def whole(book) -> BeautifulSoup:
    return BeautifulSoup(one_page(book, CITED), "lxml")


def test_the_pages_follow_the_table_of_contents(book):
    pages = [page.removesuffix(".html") for page in pages_in_order(book)]
    named = [chapter for chapter in chapters_of() if chapter != "results/pages"]
    assert [page for page in pages if page in named] == named
    assert any(page.startswith("results/") for page in pages)


def test_the_first_page_is_one_of_its_own(book):
    first = BeautifulSoup((book / "index.html").read_text(encoding="utf-8"), "lxml")
    assert first.html["lang"] == "en-GB" and first.title.get_text(strip=True)
    assert (book / first.main.a["href"]).is_file()


def test_the_whole_book_has_every_chapter_and_no_id_twice(whole, book):
    assert len(whole.select("article")) == len(pages_in_order(book))
    ids = [element["id"] for element in whole.select("[id]")]
    assert len(ids) == len(set(ids))


def test_links_within_the_whole_book_lead_somewhere(whole):
    ids = {element["id"] for element in whole.select("[id]")}
    inner = {link["href"][1:] for link in whole.select("a[href^='#']")}
    assert inner and not inner - ids


def test_every_picture_and_style_of_the_whole_book_is_there(whole, book):
    files = [e["src"] for e in whole.select("img")] + [e["href"] for e in whole.select("link[rel=stylesheet]")]
    assert files and all((book / file.partition("?")[0]).is_file() for file in files)


def test_no_link_of_the_whole_book_names_a_place_on_this_machine(whole):
    assert not [
        link["href"] for link in whole.select("a[href]") if not link["href"].startswith(("#", "http", "mailto:"))
    ]


def test_nothing_that_needs_a_screen_is_printed(whole):
    assert not whole.select("script, button, form, .only-dark, .explorer-controls")


def test_a_table_too_long_for_paper_is_named_where_it_would_stand():
    table = "<table><tr><td>1</td></tr></table>"
    html = f'<details class="folded-table" id="t"><summary>All tried <span>96 rows</span></summary>{table}</details>'
    article = BeautifulSoup(f"<article><h1>x</h1>{html}</article>", "lxml")
    found = _article(article, "page.html", {"page.html": "page"})
    assert found.table is None and found.p["id"] == "page--t"
    assert found.p.get_text() == "All tried 96 rows: in the web pages and, whole, in its CSV."


def test_a_folder_without_a_book_is_refused(tmp_path):
    with pytest.raises(StepError, match="holds no book"):
        pages_in_order(tmp_path)


@pytest.fixture(scope="module")
def printed(book, chromium, tmp_path_factory) -> Path:
    """The PDF of the book."""
    return write_pdf(book, tmp_path_factory.mktemp("pdf") / "book.pdf", cited=CITED, chromium=chromium)


def test_the_pdf_is_tagged_a4_and_has_the_chapters_as_bookmarks(book, printed):
    reader, content = PdfReader(printed), printed.read_bytes()
    root = reader.trailer["/Root"]
    assert "/StructTreeRoot" in root and root["/Lang"] == "en-GB"
    titles = [entry.title for entry in reader.outline if not isinstance(entry, list)]
    assert len(titles) >= len(pages_in_order(book))
    # A4: 210 x 297 mm of 72 points to 25.4 mm.
    size = [float(side) for side in reader.pages[0].mediabox[2:]]
    assert size == pytest.approx((210 / 25.4 * 72, 297 / 25.4 * 72), abs=1)
    assert b"file://" not in content and not (book / "whole-book.html").exists()


def test_the_pdf_says_whose_it_is_and_when_it_was_made_and_nothing_of_the_machine(printed, pages):
    properties = PdfReader(printed).metadata
    assert (properties.title, properties.author) == (CITED.title, CITED.authors)
    assert properties.creation_date == properties.modification_date == CITED.released_at
    assert set(properties) == {"/Title", "/Author", "/Subject", "/CreationDate", "/ModDate"}
    assert f"Version {CITED.version}" in pages[0] and "How to cite" in pages[0]


@pytest.fixture(scope="module")
def pages(printed) -> list[str]:
    """The words of each page of the PDF."""
    return [printed_words(page.extract_text()) for page in PdfReader(printed).pages]


def test_the_contents_give_the_page_on_which_each_chapter_begins(book, pages):
    """Each chapter's heading stands on the page that the contents name, which is the number printed at its foot."""
    last = next(number for number, text in enumerate(pages) if "Accessibility statement" in text)
    contents = " ".join(pages[1 : last + 1])
    for page in pages_in_order(book):
        heading = BeautifulSoup((book / page).read_text("utf-8"), "lxml").h1
        for link in heading.select("a.headerlink"):
            link.decompose()
        title = printed_words(heading.get_text(" ", strip=True))
        number = int(re.search(rf"{re.escape(title)} (\d+)", contents)[1])
        assert title in pages[number - 1] and str(number) in re.findall(r"^\d+|\d+$", pages[number - 1]), (
            title,
            number,
        )


def printed_words(text: str) -> str:
    """Words on one line, with one kind of apostrophe: a font may have another than the page."""
    return " ".join(re.sub("[ʼ’]", "'", text).split())


def test_nothing_printed_offers_a_file_to_click(pages):
    assert pages and not [page for page in pages if "Data (CSV)" in page]


def test_no_page_holds_a_few_lines_alone(pages):
    """But for the last, and the last before the annex, which begins a page of its own.

    A page of 60 words would be the end of a chapter with nothing after it.
    """
    followed = zip(pages, pages[1:], strict=False)
    assert min(len(page.split()) for page, after in followed if "Annex: one page for each" not in after) >= 60


def test_two_prints_are_the_same_bytes(chromium, tmp_path):
    """Of a book of two short chapters, which takes a second to print; chromium marks the headings of its tables."""
    headings, row = "<tr><th scope='col'>a</th><th scope='col'>b</th></tr>", "<tr><th scope='row'>1</th><td>2</td></tr>"
    table = f"<table><thead>{headings}</thead><tbody>{2 * row}</tbody></table>"
    for page, following in (("index", '<link rel="next" href="second.html">'), ("second", "")):
        article = f"<article><h1>{page}</h1><p>Words.</p>{table}</article>"
        (tmp_path / f"{page}.html").write_text(f"<html><head>{following}</head><body>{article}</body></html>")
    first, second = (write_pdf(tmp_path, tmp_path / n, cited=CITED, chromium=chromium).read_bytes() for n in "ab")
    assert first == second and b"(node00000001)" in first


def test_the_single_predictions_come_last(whole, book):
    chapters = [article["id"] for article in whole.select("article")]
    assert set(chapters) == {chapter_id(page) for page in pages_in_order(book)}
    in_annex = [name.startswith("results-") for name in chapters]
    assert any(in_annex) and in_annex == sorted(in_annex)
    assert whole.select_one(".annex-start")["id"] == chapters[in_annex.index(True)]


def test_a_table_of_few_rows_and_many_columns_is_turned():
    html = "<table><thead><tr><th></th><th>a</th><th>b</th></tr></thead><tbody><tr><th>x</th><td>1</td><td>2</td></tr>"
    soup = BeautifulSoup(f"{html}<tr><th>y</th><td>3</td><td>4</td></tr></tbody></table>", "lxml")
    turn(soup.table, soup)
    rows = [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in soup.select("tr")]
    assert rows == [["", "x", "y"], ["a", "1", "3"], ["b", "2", "4"]]
    assert [cell.name for cell in soup.select("tbody tr")[0].find_all(True)] == ["th", "td", "td"]


def test_a_table_with_joined_cells_is_left_as_it_is():
    html = "<table><tr><td colspan='2'>a</td></tr><tr><td>1</td><td>2</td></tr></table>"
    soup = BeautifulSoup(html, "lxml")
    turn(soup.table, soup)
    assert str(soup.table).replace('"', "'") == html


def test_parts_that_are_closed_are_named_and_links_into_them_lose_their_address():
    part = (
        "<section class='closed-section' id='s'><details><summary><h3>Spread</h3></summary><p>x</p></details></section>"
    )
    html = f"<article><h1>x</h1><a href='#s'>see</a><section><h2>In detail</h2>{part}</section></article>"
    article = _article(BeautifulSoup(html, "lxml"), "page.html", {"page.html": "page"})
    assert article.select_one(".not-printed").get_text() == "In the web pages: Spread." and not article.details
    unlink_what_is_not_printed([article])
    assert article.a.get_text() == "see" and "href" not in article.a.attrs


def test_the_first_of_several_tabs_is_printed_and_the_others_are_named():
    tab = '<input type="radio"><label class="sd-tab-label">{0}</label><div class="sd-tab-content"><p>{0}!</p></div>'
    html = f"<article><h1>x</h1><div class='sd-tab-set'>{tab.format('One')}{tab.format('Two')}</div></article>"
    article = _article(BeautifulSoup(html, "lxml"), "page.html", {"page.html": "page"})
    assert article.select_one(".sd-tab-set").get_text("|") == "One!|In the web pages: Two."


def test_a_section_of_nothing_but_hidden_code_is_not_printed():
    code = "<div class='cell'><details class='hide'><pre>x = 1</pre></details>{}</div>"
    html = f"<article><h1>x</h1><section>{code.format('')}</section><section>{code.format(OUTPUT)}</section></article>"
    article = _article(BeautifulSoup(html, "lxml"), "page.html", {"page.html": "page"})
    assert article.get_text() == "xshown"


OUTPUT = "<div class='cell_output'>shown</div>"


def test_no_part_of_a_table_is_left_alone_at_the_foot_or_head_of_a_page(pages):
    """A heading row without rows beneath it: the columns of the schema's tables are named alike."""
    assert not [number for number, text in enumerate(pages, 1) if re.search(r"Role Meaning Rests on \d*$", text)]


def test_no_table_or_picture_is_cut_at_the_edge_of_the_paper(book, browser):
    """A4 less its margins: 210 - 2 x 18 = 174 mm upright, 297 - 36 = 261 mm sideways; 96 px to 25.4 mm."""
    path = book / "whole-book.html"
    path.write_text(one_page(book, CITED), encoding="utf-8")
    page = browser.new_page()
    page.emulate_media(media="print")
    page.goto(path.as_uri())
    for millimetres, chosen in ((174, ".table-scroll:not(.wide) table, img"), (261, ".table-scroll.wide table")):
        width = int(millimetres / 25.4 * 96)
        page.set_viewport_size({"width": width, "height": 1000})
        rights = page.evaluate(f"[...document.querySelectorAll('{chosen}')].map(e => e.getBoundingClientRect().right)")
        assert (rights or "wide" in chosen) and all(right <= width + 1 for right in rights)
    page.close()
    path.unlink()


def test_a_browser_that_prints_nothing_leaves_the_earlier_pdf(book, tmp_path):
    earlier = tmp_path / "book.pdf"
    earlier.write_bytes(b"earlier")
    with pytest.raises(StepError, match="printed nothing"):
        write_pdf(book, earlier, cited=CITED, chromium="false")
    assert earlier.read_bytes() == b"earlier"


@pytest.fixture
def parts(tmp_path):
    (tmp_path / "html").mkdir()
    (tmp_path / "html" / "index.html").write_text("<p>book</p>")
    (tmp_path / "released").mkdir()
    (tmp_path / "released" / "flow.csv").write_text("step,remaining\n")
    return {"html": tmp_path / "html", "released/LA1/P1": tmp_path / "released", "protocol.yml": ROOT / "protocol.yml"}


def archived(path, parts):
    return write_archive(path, parts, citation=ROOT / "CITATION.cff", published=PUBLISHED)


def test_the_archive_describes_each_file_with_its_hash(parts, tmp_path):
    from rocrate.rocrate import ROCrate

    with zipfile.ZipFile(archived(tmp_path / "book.zip", parts)) as packed:
        packed.extractall(tmp_path / "unpacked")
    crate = ROCrate(tmp_path / "unpacked")
    described = {entity.id: entity["sha256"] for entity in crate.data_entities if "sha256" in entity.properties()}
    assert set(described) == {"html/index.html", "released/LA1/P1/flow.csv", "protocol.yml"}
    for name, digest in described.items():
        assert hashlib.sha256((tmp_path / "unpacked" / name).read_bytes()).hexdigest() == digest
    check = subprocess.run(["sha256sum", "--check", "--quiet", "sha256.txt"], cwd=tmp_path / "unpacked")
    assert check.returncode == 0


def test_the_same_files_make_the_same_archive(parts, tmp_path):
    first, second = archived(tmp_path / "first.zip", parts), archived(tmp_path / "second.zip", parts)
    assert first.read_bytes() == second.read_bytes()


def test_a_deposit_holds_released_tables_and_never_child_level_ones(tmp_path):
    build = tmp_path / "build"
    for folder in ("LA1/P1/released", "LA1/P1/child_level", "LA1/child_level"):
        (build / folder).mkdir(parents=True)
        (build / folder / "table.csv").touch()
    parts = deposit_parts(ROOT, build, tmp_path / "html")
    assert parts["released/LA1/P1"] == build / "LA1/P1/released"
    assert parts["CITATION.cff"] == ROOT / "CITATION.cff"
    assert not [name for name, path in parts.items() if "child_level" in path.parts]


def test_without_a_chromium_the_book_is_packed_without_its_pdf(book, tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.publish.deposit.find_chromium", lambda: None)
    made = publish(ROOT, tmp_path, book, tmp_path / "out", published=PUBLISHED)
    assert set(made) - {"pdf"} == {"archive"}
    assert ("pdf" in made) == (book / PDF).is_file()  # one that a browser made before
    names = zipfile.ZipFile(made["archive"]).namelist()
    assert {"ro-crate-metadata.json", "sha256.txt", "html/index.html", "CITATION.cff"} <= set(names)
    assert ("book.pdf" in names) == ("pdf" in made)


def test_nothing_child_level_is_archived(parts, tmp_path):
    private = tmp_path / "LA1" / "child_level"
    private.mkdir(parents=True)
    (private / "events.parquet").touch()
    with pytest.raises(DisclosureError, match="must not leave"):
        archived(tmp_path / "book.zip", parts | {"LA1": tmp_path / "LA1"})
    assert not (tmp_path / "book.zip").exists()
