"""The verb `check`: what an extract holds and what it can answer, with nothing fitted."""

from pathlib import Path

from analysis.disclosure.containment import CHECK_PAGE, write_closed
from analysis.extract import check
from analysis.protocol import load_protocol


def check_extract(data: Path, protocol_path: Path, build: Path) -> int:
    """Write the account of an extract as a page and print it; 0 if it can be read, 1 if not."""
    report = check(data, load_protocol(protocol_path))
    build.mkdir(parents=True, exist_ok=True)
    page = build / CHECK_PAGE
    write_closed(page, report.html())
    print(f"{report.text()}\n\nThe same as a page: {page}", flush=True)
    return 0 if report.readable else 1
