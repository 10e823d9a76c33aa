"""An authority's own extract for the tests: small, synthetic, and marked so that anything that leaks is known."""

import random
import shutil
import string
import subprocess
import sys
from contextlib import suppress
from functools import reduce
from pathlib import Path

import openpyxl
import polars as pl
import psutil
import yaml

ROOT = Path(__file__).resolve().parents[2]
EACH = 200
"""Marks of each of five kinds: names, identifiers, dates of birth, postcodes, sentences."""
CHANGED = {
    "models.draws_per_family.logistic_regression": 1,
    "models.draws_per_family.decision_tree": 1,
    "models.draws_per_family.xgboost": 1,
    "splits.folds": 3,
    "text.words": 60,
    "text.topics": 5,
    "uncertainty.replicates": 50,
    "uncertainty.permutations": 50,
    "learning_curves.repeats": 1,
    "networks.permutations": 3,
    "networks.replicates": 200,
    "networks.worlds_per_truth": 2,
}
"""What the tests' protocol does otherwise: fewer draws and replicates."""
# What the study of family networks, which has no case of the authority's, leaves in a build folder.
NETWORKS = ("networks", "summary-networks", "synthetic", "book/*/network_*", "steps/*network*")
# Refuses, and writes down, every connection that would leave this machine.
GUARD = """
import os, socket, sys

_connect = socket.socket.connect

def connect(self, address):
    local = self.family == getattr(socket, "AF_UNIX", None) or address[0] in ("127.0.0.1", "::1", "localhost")
    if not local:
        with open(os.environ["GUARD_LOG"], "a") as log:
            log.write(f"{address}\\n")
        raise PermissionError("no network in this test")
    return _connect(self, address)

socket.socket.connect = connect

if os.environ.get("FAIL_WITH") and "forkserver" in " ".join(sys.orig_argv):
    import analysis.performance

    def evaluate(*arguments, **options):
        words = open(os.environ["FAIL_WITH"]).read()
        print(words)
        raise RuntimeError(words)

    evaluate.__module__ = "analysis.performance"
    analysis.performance.evaluate = evaluate
"""


def quick_protocol(folder: Path, text: str = "", name: str = "quick_protocol.yml") -> Path:
    """A protocol (the registered one, unless its text is given) with fewer draws and replicates: the same path, sooner.

    The departures are recorded beside it.
    """
    values = yaml.safe_load(text or (ROOT / "protocol.yml").read_text(encoding="utf-8"))
    for address, value in CHANGED.items():
        *sections, key = address.split(".")
        reduce(dict.__getitem__, sections, values)[key] = value
    path = folder / name
    path.write_text(yaml.safe_dump(values, sort_keys=False), encoding="utf-8")
    why = {"when": "2026-11-22", "why": "A test runs the same path sooner."}
    deviations = [{"address": address, "executed": value} | why for address, value in sorted(CHANGED.items())]
    (folder / "deviations.yml").write_text(yaml.safe_dump(deviations), encoding="utf-8")
    return path


def copy_networks(build: Path, other: Path) -> None:
    """Put the study of networks that one run made where another run looks for it.

    It is drawn by the run itself, from the same seed everywhere; drawing it again would take a minute.
    """
    for path in [path for pattern in NETWORKS for path in build.glob(pattern)]:
        place = other / path.relative_to(build)
        place.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if path.is_dir() else shutil.copyfile)(path, place)


def marked_extract(folder: Path) -> tuple[Path, dict[str, str]]:
    """Write a small extract with marks planted in it, and return its folder and the marks."""
    from analysis.protocol import load_protocol
    from data_synthetic.england import synthesise

    synthesise(folder, protocol=load_protocol(ROOT / "protocol.yml"), authorities=["LA4"], scale=0.12)
    extract = (folder / "LA4").rename(folder / "Northshire")
    draw = random.Random(20261122)
    identifiers = _mark_identifiers(extract, draw)
    births = _births(extract, set(identifiers.values()))
    names = {f"name {n}": _word(draw, 9).title() for n in range(EACH)}
    postcodes = {f"postcode {n}": f"Q{n % 90 + 10} {n % 9 + 1}{_word(draw, 2).upper()}" for n in range(EACH)}
    sentences = {f"sentence {n}": f"the {_word(draw, 12)} beside the {_word(draw, 12)}" for n in range(EACH)}
    _mark_documents(extract, list(names.values()), list(postcodes.values()), list(sentences.values()))
    return extract, {**identifiers, **births, **names, **postcodes, **sentences}


def run_report(*arguments: str, guard: Path, fail_with: Path | None = None) -> subprocess.CompletedProcess:
    """`python -m analysis …` with every connection beyond this machine refused."""
    import os

    guard.mkdir(exist_ok=True)
    (guard / "sitecustomize.py").write_text(GUARD, encoding="utf-8")
    environment = dict(
        os.environ,
        PYTHONPATH=f"{guard}{os.pathsep}{ROOT}",
        GUARD_LOG=str(guard / "connections"),
        CHILDRENS_SERVICES_KEY=str(guard / "key"),
        FAIL_WITH=str(fail_with or ""),
        CHROMIUM="none",  # the PDF prints pages that are searched anyway
    )
    command = [sys.executable, "-m", "analysis", *arguments]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=environment
    )
    with (guard / "listening").open("a") as listening:
        while True:
            try:
                words = process.communicate(timeout=0.5)
                return subprocess.CompletedProcess(command, process.returncode, *words)
            except subprocess.TimeoutExpired:
                listening.writelines(f"{port}\n" for port in _ports(process.pid))


def _ports(number: int) -> list[str]:
    """What a process and all that it started now listen on, but for sockets in the file system."""
    ports = []
    with suppress(psutil.NoSuchProcess):
        for process in (psutil.Process(number), *psutil.Process(number).children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                ports += [str(c.laddr) for c in process.net_connections("inet") if c.status == psutil.CONN_LISTEN]
    return ports


def _word(draw: random.Random, letters: int) -> str:
    return "".join(draw.choices(string.ascii_lowercase, k=letters))


def _mark_identifiers(extract: Path, draw: random.Random) -> dict[str, str]:
    """Give some children identifiers that occur nowhere by chance, in every file of the extract."""
    families = pl.read_csv(extract / "families.csv", infer_schema=False)
    chosen = families["child_id"].unique(maintain_order=True).head(EACH).to_list()
    marks = {child: f"{_word(draw, 8)}-{number:03d}" for number, child in enumerate(chosen)}
    for name in ("families.csv", "names.csv", "scores.csv"):
        frame = pl.read_csv(extract / name, infer_schema=False)
        frame.with_columns(pl.col("child_id").replace(marks)).write_csv(extract / name)
    documents = pl.read_parquet(extract / "documents.parquet")
    documents.with_columns(pl.col("child_id").replace(marks)).write_parquet(extract / "documents.parquet")
    for path in sorted((extract / "annex_a").glob("*.xlsx")):
        book = openpyxl.load_workbook(path)
        for sheet in book:
            for row in sheet.iter_rows(min_row=3, max_col=1):
                row[0].value = marks.get(row[0].value, row[0].value)
        book.save(path)
    return {f"identifier {number}": mark for number, mark in enumerate(marks.values())}


def _births(extract: Path, marked: set[str]) -> dict[str, str]:
    """Dates of birth of the marked children, as people write them."""
    births = {}
    for path in sorted((extract / "annex_a").glob("*.xlsx")):
        sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
        for row in sheet.iter_rows(min_row=3, max_col=4, values_only=True):
            if row[0] in marked and hasattr(row[3], "strftime"):
                births[row[0]] = row[3].strftime("%d/%m/%Y")
    return {f"birth {number}": birth for number, birth in enumerate(sorted(set(births.values())))}


def _mark_documents(extract: Path, names: list[str], postcodes: list[str], sentences: list[str]) -> None:
    """Write a marked sentence, name and postcode into documents; the names are listed, as an authority would."""
    documents = pl.read_parquet(extract / "documents.parquet")
    texts = documents["text"].to_list()
    for number in range(EACH):
        words = f" We saw {sentences[number]}. {names[number]} was there. They live at {postcodes[number]}."
        texts[number * 3] += words
    documents.with_columns(pl.Series("text", texts)).write_parquet(extract / "documents.parquet")
    listed = pl.DataFrame({"child_id": documents["child_id"][: 3 * EACH : 3], "name": names})
    known = pl.read_csv(extract / "names.csv", infer_schema=False)
    pl.concat([known, listed]).write_csv(extract / "names.csv")
