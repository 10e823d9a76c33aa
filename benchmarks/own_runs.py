"""Runs on an invented authority's own data, with few draws: what it publishes, released again and again.

`python -m benchmarks.own_runs report --data EXTRACT ...` is `python -m analysis report ...` without the book around its
pages: a minute's work, for faults to be tried on.
"""

import sys
from collections.abc import Iterator
from functools import reduce
from pathlib import Path

import openpyxl
import polars as pl
import yaml

from analysis.__main__ import main
from analysis.protocol import load_protocol
from analysis.study.settings import Settings, choose_problems, write_settings
from analysis.workflow import report
from analysis.workflow.progress import Progress
from analysis.workflow.run import run_steps
from analysis.workflow.steps import extract_steps, page_steps
from data_synthetic.england import synthesise
from tests.report.own_extract import CHANGED

AUTHORITY, LIKE = "Northshire", "LA4"
OUTCOMES = ("P7", "P8")
REGISTERED = Path(__file__).resolve().parents[1] / "protocol.yml"
FEWER = {address: value for address, value in CHANGED.items() if not address.startswith("networks.")}
"""What these runs do otherwise than registered, to be quick; the counts are those of the registered cases."""


def write_protocol(folder: Path, preset: str) -> Path:
    """The registered protocol with fewer draws and this preset for own data, and its deviations beside it."""
    values: dict = yaml.safe_load(REGISTERED.read_text(encoding="utf-8"))
    changed: dict[str, object] = dict(FEWER)
    if values["disclosure"]["own_data"] != preset:
        changed["disclosure.own_data"] = preset
    for address, value in changed.items():
        *sections, name = address.split(".")
        reduce(dict.__getitem__, sections, values)[name] = value
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "protocol.yml"
    path.write_text(yaml.safe_dump(values, sort_keys=False), encoding="utf-8")
    why = {"when": "2026-11-25", "why": "A run under attack needs the same path, not the same draws."}
    deviations = [{"address": address, "executed": value} | why for address, value in sorted(changed.items())]
    (folder / "deviations.yml").write_text(yaml.safe_dump(deviations), encoding="utf-8")
    return path


def write_extract(folder: Path, scale: float) -> Path:
    """The invented authority's whole extract."""
    synthesise(folder, protocol=load_protocol(REGISTERED), authorities=[LIKE], scale=scale)
    return (folder / LIKE).rename(folder / AUTHORITY)


def publish_run(extract: Path, build: Path, protocol_path: Path, outcomes=OUTCOMES) -> Path:
    """Read the extract and release the pages of its outcomes, as a report does, without the book around them.

    Returns
    -------
    Path
        The build folder; `*/*/released` below it is what may be published.
    """
    protocol = load_protocol(protocol_path)
    problems = choose_problems(protocol, [AUTHORITY], outcomes)
    settings = Settings(protocol, False, problems, protocol_path.parent, "small", {AUTHORITY: AUTHORITY})
    write_settings(settings, build)
    steps = [*extract_steps(settings, {AUTHORITY: extract}, build), *page_steps(settings, build)]
    run_steps(steps, build, workers=1, progress=Progress()).raise_failures()
    return build


def releases(folder: Path, extract: Path, protocol_path: Path, outcomes=OUTCOMES) -> Iterator[Path]:
    """Build folders of three releases of one authority, in turn: one extract short, without one child, and whole.

    Between the first and the second nothing changes but that one child asked to be erased: what is printed in both
    must not tell of that child. The third has one extract more, still without the child.
    """
    latest = max((extract / "annex_a").glob("*.xlsx"))
    held_back = latest.rename(folder / latest.name)
    yield publish_run(extract, folder / "first", protocol_path, outcomes)
    erase_child(extract)
    yield publish_run(extract, folder / "erased", protocol_path, outcomes)
    held_back.rename(latest)
    erase_child(extract)
    yield publish_run(extract, folder / "more", protocol_path, outcomes)


def erase_child(extract: Path) -> None:
    """Take one child out of every file: the same child each time, of the middle of those with a document."""
    listed = extract.with_name("erased.txt")
    if not listed.exists():
        children = sorted(set(pl.read_parquet(extract / "documents.parquet")["child_id"]))
        listed.write_text(children[len(children) // 2], encoding="utf-8")
    child = listed.read_text(encoding="utf-8")
    for name in ("families.csv", "names.csv"):
        frame = pl.read_csv(extract / name, infer_schema=False)
        frame.filter(pl.col("child_id") != child).write_csv(extract / name)
    documents = pl.read_parquet(extract / "documents.parquet")
    documents.filter(pl.col("child_id") != child).write_parquet(extract / "documents.parquet")
    for path in sorted((extract / "annex_a").glob("*.xlsx")):
        book = openpyxl.load_workbook(path)
        for sheet in book:
            for number in range(sheet.max_row, 2, -1):
                if sheet.cell(number, 1).value == child:
                    sheet.delete_rows(number)
        book.save(path)


def pages_alone(*, build: Path, data: Path, protocol_path: Path, outcomes: list[str], **_) -> Path:
    """What stands in for the whole report."""
    return publish_run(data, build, protocol_path, outcomes)


if __name__ == "__main__":
    vars(report)["report"] = pages_alone
    sys.exit(main())
