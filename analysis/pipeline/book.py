"""Steps that assemble the book's source and build it. Nothing is executed here, so nothing can be stale."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import yaml

from analysis.errors import StepError
from analysis.pipeline.fingerprint import ROOT
from analysis.protocol import PredictionProblem

NOT_PROSE = ("notebooks", "results", "_files")


def make_book(source: Path, book: Path, output: Path, problems: Sequence[PredictionProblem], synthetic: bool) -> None:
    """Copy the prose beside the executed notebooks and build."""
    assemble_prose(source, book)
    build_book(book, output, ROOT / "_toc.yml", problems, synthetic)


def assemble_prose(source: Path, book: Path) -> None:
    """Copy the prose, styles and extensions of `book/` beside the executed notebooks; drop what is gone."""
    book.mkdir(parents=True, exist_ok=True)
    wanted = {path.relative_to(source) for path in source.rglob("*") if path.is_file()}
    wanted = {path for path in wanted if path.parts[0] not in NOT_PROSE and "__pycache__" not in path.parts}
    for path in sorted(wanted):
        target = book / path
        if not target.is_file() or target.read_bytes() != (source / path).read_bytes():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / path, target)


def contents(toc: dict, problems: Sequence[PredictionProblem]) -> dict:
    """The table of contents with its `results/…` entries replaced by one for each problem."""
    pages = [{"file": f"results/{problem.slug}"} for problem in problems]

    def replaced(entry):
        if isinstance(entry, dict):
            return {key: replaced(value) for key, value in entry.items()}
        if not isinstance(entry, list):
            return entry
        is_page = [isinstance(item, dict) and str(item.get("file", "")).startswith("results/") for item in entry]
        kept = [replaced(item) for item, page in zip(entry, is_page, strict=True) if not page]
        return kept if not any(is_page) else kept[: is_page.index(True)] + pages + kept[is_page.index(True) :]

    return replaced(toc)


def build_book(book: Path, output: Path, toc: Path, problems: Sequence[PredictionProblem], synthetic: bool) -> None:
    """Build the HTML from scratch, treating warnings as errors.

    Raises
    ------
    StepError
        With Sphinx's warnings, if there were any.
    """
    build = book.parent
    own_toc = build / "_toc.yml"
    own_toc.write_text(yaml.safe_dump(contents(yaml.safe_load(toc.read_text()), problems), sort_keys=False))
    shutil.rmtree(output, ignore_errors=True)
    command = [
        *(sys.executable, "-m", "jupyter_book.cli.main", "build", str(book), "--path-output", str(output.parent)),
        *("--config", str(ROOT / "_config.yml"), "--toc", str(own_toc), "-W", "--keep-going", "-q"),
    ]
    environment = dict(os.environ, BOOK_DATA="synthetic" if synthetic else "own", PYTHONPATH=str(ROOT))
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT)
    warnings = [line for line in done.stderr.splitlines() if re.search("WARNING|ERROR|Error", line)]
    if done.returncode or not (output / "html" / "index.html").is_file():
        shown = [line.replace(str(ROOT), "").strip() for line in warnings[:30]]
        raise StepError("book", shown or [f"Sphinx stopped: {done.stderr[-2000:]}"])
