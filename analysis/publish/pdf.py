"""The whole book as one PDF, printed by a browser: A4, tagged, with bookmarks and page numbers."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from analysis.errors import StepError
from analysis.publish.one_page import one_page

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
LIMIT_SECONDS = 300  # for the browser (ours)


def find_chromium() -> str | None:
    """Path of a chromium that can print: the environment variable CHROMIUM, or the first one installed."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


def write_pdf(html: Path, pdf: Path, *, chromium: str | None = None) -> Path:
    """Print the built book.

    Parameters
    ----------
    html : Path
        Folder of the built HTML.
    pdf : Path
        The file to write; an earlier one stands if printing fails.
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
        raise StepError("PDF", "no chromium was found; install one, or name it in the environment variable CHROMIUM")
    page = html / "whole-book.html"
    page.write_text(one_page(html), encoding="utf-8")
    pdf.parent.mkdir(parents=True, exist_ok=True)
    partial = pdf.with_name(f".{pdf.name}.partial")
    try:
        _print(browser, page, partial)
        partial.replace(pdf)
    finally:
        page.unlink(missing_ok=True)
        partial.unlink(missing_ok=True)
    return pdf


def _print(browser: str, page: Path, pdf: Path) -> None:
    with tempfile.TemporaryDirectory() as profile:
        # Without a sandbox, which containers and servers often forbid: the page is our own and asks for nothing.
        command = [
            *(browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"),
            *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
            *(f"--user-data-dir={profile}", "--no-pdf-header-footer", "--generate-pdf-document-outline"),
            *(f"--print-to-pdf={pdf.resolve()}", page.resolve().as_uri()),
        ]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            raise StepError("PDF", f"the browser did not finish within {LIMIT_SECONDS} seconds; try again") from None
    if done.returncode or not pdf.is_file():
        raise StepError("PDF", f"the browser stopped with code {done.returncode} and printed nothing; try another one")
