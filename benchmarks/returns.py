"""Cost of reading and checking the statutory returns of a large authority, beside parsing their files alone."""

import csv
import tempfile
from datetime import date
from pathlib import Path

from lxml import etree

from analysis.extract import read_extract
from analysis.extract.readiness import readiness
from analysis.protocol import load_protocol
from benchmarks.timing import cost_of, row
from data_synthetic.england import synthesise

AUTHORITY = "LA2"  # 2012 to 2019: eight files of each return, of which the first is of a month and the last of four
SCALE = 2.0  # about 8,000 referrals a year, more than in 95 of 100 authorities
MOST_TIMES = 5


def run() -> list[dict]:
    """One row; `times_parsing_alone` is to stay below `MOST_TIMES`. The reference looks at every element, no more."""
    counted = {}
    with tempfile.TemporaryDirectory() as folder:
        synthesise(Path(folder), protocol=load_protocol(), authorities=[AUTHORITY], scale=SCALE, form="returns")
        authority = Path(folder) / AUTHORITY
        ours = cost_of(lambda: counted.update(_read_and_check(authority)))
        reference = cost_of(lambda: counted.update(parsed=_parse(authority)))
    name = (
        f"census and SSDA903 of seven years ({counted['parsed']:,} elements and rows, {counted['referrals']:,} "
        "referrals), read and checked, beside parsing alone"
    )
    times = ours.cpu_seconds / max(reference.cpu_seconds, 1e-9)
    return [row(name, ours, reference, times_parsing_alone=round(times, 2), at_most=MOST_TIMES)]


def _read_and_check(authority: Path) -> dict[str, int]:
    protocol = load_protocol()
    tables, report = read_extract(authority, secret=b"benchmark" * 4, study=protocol.study, today=date(2020, 1, 1))
    readiness(tables, protocol, carries=report.carries)
    return {"referrals": report.counts["referral events"]}


def _parse(authority: Path) -> int:
    parsed = 0
    for path in sorted((authority / "cin_census").iterdir()):
        for _, element in etree.iterparse(str(path), resolve_entities=False, no_network=True):
            parsed += 1
            if element.tag == "Child":
                element.clear()
    for path in sorted((authority / "ssda903").rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            parsed += sum(1 for _ in csv.reader(file))
    return parsed
