"""The PDF and the archive."""

import hashlib
import re
import subprocess
import zipfile
from datetime import date

import pytest
from bs4 import BeautifulSoup
from mini_book import ROOT, chapters_of

from analysis.errors import DisclosureError, StepError
from analysis.publish import deposit_parts, publish, write_archive, write_pdf
from analysis.publish.one_page import _article, one_page, pages_in_order

PUBLISHED = date(2026, 11, 22)


@pytest.fixture(scope="module")
def whole(book) -> BeautifulSoup:
    return BeautifulSoup(one_page(book), "lxml")


def test_the_pages_follow_the_table_of_contents(book):
    pages = [page.removesuffix(".html") for page in pages_in_order(book)]
    named = [chapter for chapter in chapters_of() if chapter != "results/pages"]
    assert [page for page in pages if page in named] == named
    assert any(page.startswith("results/") for page in pages)


def test_the_front_door_is_a_page_of_its_own(book):
    door = BeautifulSoup((book / "index.html").read_text(encoding="utf-8"), "lxml")
    assert door.html["lang"] == "en-GB" and door.title.get_text(strip=True)
    assert (book / door.main.a["href"]).is_file()


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


def test_the_pdf_is_tagged_a4_and_has_the_chapters_as_bookmarks(book, chromium, tmp_path):
    content = write_pdf(book, tmp_path / "book.pdf", chromium=chromium).read_bytes()
    assert content.startswith(b"%PDF") and b"/StructTreeRoot" in content and b"/Outlines" in content
    width, height = map(float, re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", content).groups())
    # A4: 210 x 297 mm of 72 points to 25.4 mm.
    assert (width, height) == pytest.approx((210 / 25.4 * 72, 297 / 25.4 * 72), abs=1)
    assert len(re.findall(rb"/Type /Page\b", content)) > len(pages_in_order(book))
    assert b"file://" not in content
    assert not (book / "whole-book.html").exists()


def test_no_table_or_picture_is_cut_at_the_edge_of_the_paper(book, browser):
    """A4 less its margins: 210 - 2 x 18 = 174 mm upright, 297 - 36 = 261 mm sideways; 96 px to 25.4 mm."""
    path = book / "whole-book.html"
    path.write_text(one_page(book), encoding="utf-8")
    page = browser.new_page()
    page.emulate_media(media="print")
    page.goto(path.as_uri())
    for millimetres, chosen in ((174, ".table-scroll:not(.wide) table, img"), (261, ".table-scroll.wide table")):
        width = int(millimetres / 25.4 * 96)
        page.set_viewport_size({"width": width, "height": 1000})
        rights = page.evaluate(f"[...document.querySelectorAll('{chosen}')].map(e => e.getBoundingClientRect().right)")
        assert rights and max(rights) <= width + 1
    page.close()
    path.unlink()


def test_a_browser_that_prints_nothing_leaves_the_earlier_pdf(book, tmp_path):
    earlier = tmp_path / "book.pdf"
    earlier.write_bytes(b"earlier")
    with pytest.raises(StepError, match="printed nothing"):
        write_pdf(book, earlier, chromium="false")
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
    assert set(made) == {"archive"}
    names = zipfile.ZipFile(made["archive"]).namelist()
    assert {"ro-crate-metadata.json", "sha256.txt", "html/index.html", "CITATION.cff"} <= set(names)
    assert "book.pdf" not in names


def test_nothing_child_level_is_archived(parts, tmp_path):
    private = tmp_path / "LA1" / "child_level"
    private.mkdir(parents=True)
    (private / "events.parquet").touch()
    with pytest.raises(DisclosureError, match="must not leave"):
        archived(tmp_path / "book.zip", parts | {"LA1": tmp_path / "LA1"})
    assert not (tmp_path / "book.zip").exists()
