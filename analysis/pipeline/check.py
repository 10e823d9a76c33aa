"""The verb `check`: what an extract holds and what it can answer, with nothing fitted."""

from pathlib import Path

from analysis.extract import check
from analysis.protocol import load_protocol


def check_extract(data: Path, protocol_path: Path, build: Path) -> int:
    """Print the account of an extract and write it as a page; 0 if it can be read, 1 if not."""
    report = check(data, load_protocol(protocol_path))
    print(report.text())
    build.mkdir(parents=True, exist_ok=True)
    page = build / "check.html"
    page.write_text(report.html(), encoding="utf-8")
    print(f"\nThe same as a page: {page}")
    return 0 if report.readable else 1
