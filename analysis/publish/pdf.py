"""The whole book as one PDF, printed by a browser: A4, tagged, with bookmarks, page numbers and fixed dates."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from pypdf import PdfReader, PdfWriter

from analysis.errors import StepError
from analysis.publish.citation import Citation
from analysis.publish.one_page import one_page, with_page_numbers

NAME = "report.pdf"
VARIABLE = "CHROMIUM"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
LIMIT_SECONDS = 300  # for the browser (ours)
_TAG_ID = re.compile(rb"\(node(\d{8})\)")  # as chromium names the parts of a tagged PDF


def find_chromium() -> str | None:
    """Path of a chromium that can print: the one that the environment variable CHROMIUM names, or one installed.

    A name that is no program, such as "none", prints nothing.
    """
    named = os.environ.get(VARIABLE)
    return shutil.which(named) if named else next(filter(None, map(shutil.which, BROWSERS)), None)


def write_pdf(html: Path, pdf: Path, *, cited: Citation, chromium: str | None = None) -> Path:
    """Print the built book twice: once to see on which page each chapter begins, and again with these numbers.

    Parameters
    ----------
    html : Path
        Folder of the built HTML.
    pdf : Path
        The file to write; an earlier one stands if printing fails.
    cited : Citation
        Title, authors, version and date, on the first page and in the file's properties.
    chromium : str, optional
        Path of the browser; by default the one that `find_chromium` finds.

    Returns
    -------
    Path
        `pdf`.

    Raises
    ------
    StepError
        If there is no book, no browser, or the browser makes no PDF.
    """
    browser = chromium or find_chromium()
    if browser is None:
        raise StepError("PDF", f"no chromium was found; install one, or name it in the environment variable {VARIABLE}")
    page = html / "whole-book.html"
    pdf.parent.mkdir(parents=True, exist_ok=True)
    partial = pdf.with_name(f".{pdf.name}.partial")
    text = one_page(html, cited)
    try:
        page.write_text(text, encoding="utf-8")
        _print(browser, page, partial)
        page.write_text(with_page_numbers(text, chapter_pages(partial)), encoding="utf-8")
        _print(browser, page, partial)
        _describe(partial, cited)
        partial.write_bytes(with_tags_numbered(partial.read_bytes()))
        partial.replace(pdf)
    finally:
        page.unlink(missing_ok=True)
        partial.unlink(missing_ok=True)
    return pdf


def chapter_pages(pdf: Path) -> dict[str, int]:
    """The page of a printed book on which each chapter, and each place that is linked to, begins, by its id."""
    reader = PdfReader(pdf)
    places = reader.named_destinations.items()
    return {name.removeprefix("/"): (reader.get_destination_page_number(place) or 0) + 1 for name, place in places}


def with_tags_numbered(pdf: bytes) -> bytes:
    """A PDF whose tags are numbered from 1 in their order; chromium goes on from a number that differs in each run.

    Parameters
    ----------
    pdf : bytes
        As chromium printed it and pypdf wrote it; a number is replaced by one of as many digits.

    Returns
    -------
    bytes

    Examples
    --------
    >>> with_tags_numbered(b"/ID (node00000489) /ID (node00000512) /Headers [ (node00000489) ]")
    b'/ID (node00000001) /ID (node00000002) /Headers [ (node00000001) ]'
    """
    numbers = {tag: b"%08d" % n for n, tag in enumerate(sorted(set(_TAG_ID.findall(pdf))), start=1)}
    return _TAG_ID.sub(lambda tag: b"(node%b)" % numbers[tag[1]], pdf)


def _describe(pdf: Path, cited: Citation) -> None:
    """Write the book's properties into a PDF in place of the browser's: the same bytes on every day and machine."""
    writer = PdfWriter(clone_from=pdf)
    writer.metadata = None
    writer.add_metadata(_properties(cited))
    writer.write(pdf)


def _properties(cited: Citation) -> Mapping[str, str]:
    day = _as_pdf_date(cited.released)
    return {
        "/Title": cited.title,
        "/Author": cited.authors,
        "/Subject": f"Version {cited.version}. {cited.abstract}",
        "/CreationDate": day,
        "/ModDate": day,
    }


def _as_pdf_date(day: date) -> str:
    """A day as PDF writes it.

    >>> _as_pdf_date(date(2026, 11, 22))
    'D:20261122000000Z'
    """
    return f"D:{day:%Y%m%d}000000Z"


def _print(browser: str, page: Path, pdf: Path) -> None:
    with tempfile.TemporaryDirectory() as profile:
        # Without a sandbox, which containers and servers often forbid: the page is our own and asks for nothing.
        command = [
            *(browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"),
            *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
            "--host-resolver-rules=MAP * ~NOTFOUND",
            *(f"--user-data-dir={profile}", "--no-pdf-header-footer", "--generate-pdf-document-outline"),
            *(f"--print-to-pdf={pdf.resolve()}", page.resolve().as_uri()),
        ]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            raise StepError("PDF", f"the browser did not finish within {LIMIT_SECONDS} seconds; try again") from None
    if done.returncode or not pdf.is_file():
        raise StepError(
            "PDF",
            f"the browser stopped with code {done.returncode} and printed nothing; name another one in {VARIABLE}, or "
            "none to do without",
        )
