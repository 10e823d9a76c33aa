"""What authorities would send, made of invented pages, and ways to alter it as somebody in between could."""

import csv
import hashlib
import json
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from invented_page import invent_page

from analysis.disclosure import PAGE_TABLES, release_all, write_released
from analysis.disclosure.signatures import fingerprint, sign_file
from analysis.protocol import load_protocol
from analysis.protocol.read import protocol_hash

PROTOCOL = load_protocol()
RULES = PROTOCOL.disclosure
PROBLEMS = (("LA1", "P1"), ("LA2", "P3"))
NAMES = ("flow", "outcome_by_year", "sample", "performance", "operating_point", "subgroups")
KEYS = {authority: Ed25519PrivateKey.generate() for authority, _ in PROBLEMS}
STRANGER = Ed25519PrivateKey.generate()


def fingerprint_of(key: Ed25519PrivateKey) -> str:
    return fingerprint(key.public_key().public_bytes_raw())


def provenance(authority: str, outcome: str, **others: str) -> dict[str, str]:
    shared = {"protocol": protocol_hash(PROTOCOL), "code": "1.0", "data": "abc"}
    return shared | {"authority": authority, "outcome": outcome} | others


@cache
def invented_tables(seed: int, preset: str = "dfe", names=NAMES) -> dict:
    """Tables of an invented page through the release gate, with topics, as no number is behind them."""
    page = invent_page(PAGE_TABLES, np.random.default_rng(seed), size=3000)
    frames = {name: page[name] for name in names if name in page}
    frames |= {"topics": topics()} if "topics" not in names else {}
    return release_all(frames, preset=preset, rules=RULES)


def topics() -> pd.DataFrame:
    rows = [{"topic": str(number), "terms": "school, visit, home", "families": 40, "auc": 0.5} for number in (1, 2)]
    return pd.DataFrame(rows)


def write_submission(folder: Path, tables, *, authority: str, outcome: str, key=None, **others: str) -> Path:
    """A folder as it would arrive on a stick, signed with the authority's key if there is one."""
    write_released(tables, folder, provenance=provenance(authority, outcome, **others))
    if key is not None:
        sign_file(folder / "manifest.json", key)
    return folder


def seal(folder: Path, key=None, **changed) -> None:
    """Hash every file again and write a seal over it, as anyone can; sign it with `key` if there is one."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest.pop("seal")
    manifest["provenance"] |= changed
    for name, entry in manifest["tables"].items():
        entry["sha256"] = _digest(folder / f"{name}.csv")
    pages = [file for file in (folder / "page").rglob("*") if file.is_file()]
    manifest["page"] = {file.relative_to(folder).as_posix(): _digest(file) for file in pages}
    write_sealed(path, manifest)
    if key is not None:
        sign_file(path, key)


def write_sealed(path: Path, manifest: dict) -> None:
    canonical = json.dumps(manifest, sort_keys=True, separators=(",", ":")).encode()
    path.write_text(json.dumps(manifest | {"seal": hashlib.sha256(canonical).hexdigest()}))


def alter(path: Path, column: str, value: str, row: int = 0) -> None:
    """Write another value into one cell of a CSV."""
    with path.open(newline="", encoding="utf-8") as file:
        head, *rows = list(csv.reader(file))
    rows[row][head.index(column)] = value
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([head, *rows])


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
