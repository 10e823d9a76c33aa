"""The book under test, and a browser to open it with."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.publish import find_chromium

HERE = Path(__file__).resolve().parent
sys.path += [str(HERE), str(HERE.parent / "figures"), str(HERE.parents[1] / "book" / "_extensions")]

from mini_book import build_mini_book  # noqa: E402


@pytest.fixture(scope="session")
def book(tmp_path_factory) -> Path:
    """Folder of built HTML: the one named by BOOK_HTML (the report's, say), or else a small book."""
    if "BOOK_HTML" in os.environ:
        return Path(os.environ["BOOK_HTML"]).resolve()
    return build_mini_book(tmp_path_factory.mktemp("book"))


@pytest.fixture(scope="session")
def chromium() -> str:
    path = find_chromium()
    if path is None:
        pytest.skip("no chromium on this machine: the browser tests did not run")
    return path


@pytest.fixture(scope="session")
def browser(chromium) -> Iterator:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as play:
        opened = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield opened
        opened.close()
