"""Released tables and their page on disk: one CSV per table, and a manifest that names and hashes every file."""

import hashlib
import json
import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

import numpy as np
import pandas as pd

from analysis.disclosure.released import _RELEASE_TOKEN, Released
from analysis.disclosure.signatures import SIGNATURE
from analysis.disclosure.specification import TableSpecification
from analysis.errors import DisclosureError
from analysis.escape import as_csv, from_cell

MANIFEST = "manifest.json"
PAGE = "page"
_NEGATIVE_ZERO = re.compile(rb"(?:^|,)-0(?:,|\r?$)", re.MULTILINE)


def write_released(tables: Mapping[str, Released], folder: Path, *, provenance: Mapping[str, str]) -> None:
    """Write each table as `<name>.csv` and a `manifest.json` with hashes, preset, notes and provenance.

    Parameters
    ----------
    tables : dict of table name -> Released
    folder : Path
    provenance : dict of str to str
        What the tables were made from, for the manifest.
    """
    folder.mkdir(parents=True, exist_ok=True)
    entries = {}
    for name, table in sorted(tables.items()):
        counts = [column.name for column in table.specification.named("count")]
        whole = {name: "Int64" for name in counts if table.frame[name].dtype != "Int64"}
        text = as_csv(table.frame.astype(whole))
        (folder / f"{name}.csv").write_text(text, encoding="utf-8", newline="\n")
        entries[name] = {"sha256": _digest(text.encode()), "preset": table.preset, "notes": list(table.notes)}
    _write_manifest(folder, {"provenance": dict(provenance), "tables": entries, "page": {}})


def add_page(folder: Path, notebook: Path, files: Path | None = None) -> None:
    """Put a page beside its released tables, so that both travel together: its notebook, and its files' folder.

    Parameters
    ----------
    folder : Path
    notebook : Path
    files : Path, optional
        Folder of the page's figures and tables.
    """
    page = folder / PAGE
    shutil.rmtree(page, ignore_errors=True)
    page.mkdir()
    shutil.copyfile(notebook, page / "notebook.ipynb")
    if files is not None:
        shutil.copytree(files, page / "files")
    manifest = read_manifest(folder)
    manifest["page"] = {p.relative_to(folder).as_posix(): _digest(p.read_bytes()) for p in _files_below(page)}
    _write_manifest(folder, manifest)


def read_manifest(folder: Path) -> dict:
    """The manifest of a folder of released tables.

    Raises
    ------
    DisclosureError
        If there is none, or it is not as it was written.
    """
    path = folder / MANIFEST
    if not path.is_file():
        raise DisclosureError(str(folder), f"{MANIFEST!r} is missing; give a folder of released tables")
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        seal = manifest.pop("seal")
        whole = seal == _digest(_canonical(manifest))
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
        whole = False
    if not whole:
        raise DisclosureError(str(folder), f"{MANIFEST!r} is not as it was written; fetch the folder again")
    return manifest


def read_released(folder: Path, specifications: Mapping[str, TableSpecification]) -> dict[str, Released]:
    """Read back what `write_released` wrote.

    Parameters
    ----------
    folder : Path
    specifications : dict of table name -> TableSpecification

    Returns
    -------
    dict of table name -> Released

    Raises
    ------
    DisclosureError
        Naming every file that is missing, altered or not in the manifest.
    """
    manifest = read_manifest(folder)
    problems = altered_files(folder, manifest)
    problems += unknown_tables(manifest["tables"], specifications)
    if problems:
        raise DisclosureError(str(folder), problems)
    return {name: _released(folder, specifications[name], entry) for name, entry in manifest["tables"].items()}


def unknown_tables(entries: Iterable[str], specifications: Mapping[str, TableSpecification]) -> list[str]:
    """One sentence for each table of a manifest that is not one this book knows.

    Parameters
    ----------
    entries : iterable of str
        Names.
    specifications : dict of table name -> TableSpecification

    Returns
    -------
    list of str
    """
    return [f"table {name!r} is not one this book knows" for name in entries if name not in specifications]


def read_one(folder: Path, specification: TableSpecification, entry: Mapping) -> Released:
    """One table of a folder, if its file is the one that was released.

    Parameters
    ----------
    folder : Path
    specification : TableSpecification
    entry : dict
        What the manifest says of the table.

    Returns
    -------
    Released

    Raises
    ------
    DisclosureError
        If the file is missing or is another.
    """
    file = f"{specification.name}.csv"
    if not _is_as_written(folder / file, entry["sha256"]):
        raise DisclosureError(str(folder), f"{file!r} is missing or not the file that was released; fetch it again")
    return _released(folder, specification, entry)


def read_earlier(folder: Path, specifications: Mapping[str, TableSpecification]) -> dict[str, Released]:
    """What was released in this folder before, so that what comes next reveals nothing beside it.

    A table is left out if it is no longer as it was written, or not one this book knows; nothing is left if there
    is no manifest, for then nothing was released.

    Parameters
    ----------
    folder : Path
    specifications : dict of table name -> TableSpecification

    Returns
    -------
    dict of table name -> Released
    """
    try:
        entries = read_manifest(folder)["tables"]
    except DisclosureError:
        return {}
    return {
        name: _released(folder, specifications[name], entry)
        for name, entry in entries.items()
        if name in specifications and _is_as_written(folder / f"{name}.csv", entry["sha256"])
    }


def table_hashes(manifest: Mapping) -> dict[str, str]:
    """The hash of each table's file, by the table's name."""
    return {name: entry["sha256"] for name, entry in manifest["tables"].items()}


def altered_files(folder: Path, manifest: Mapping) -> list[str]:
    """One sentence per file that differs from the manifest, is missing, or is not in it.

    Parameters
    ----------
    folder : Path
    manifest : dict
        As `read_manifest` reads it.

    Returns
    -------
    list of str
    """
    hashes = {f"{name}.csv": entry["sha256"] for name, entry in manifest["tables"].items()} | manifest["page"]
    outside = [name for name in hashes if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts]
    if outside:
        return [f"{name!r} lies outside the folder; refuse it" for name in outside]
    problems = []
    for name, expected in sorted(hashes.items()):
        path = folder / name
        if not path.is_file():
            problems.append(f"{name!r} is missing; fetch it again")
        elif not _is_as_written(path, expected):
            problems.append(f"{name!r} is not the file that was released; fetch it again")
    found = {p.relative_to(folder).as_posix() for p in _files_below(folder)}
    problems += [
        f"{name!r} is not in the manifest; remove it" for name in sorted(found - set(hashes) - {MANIFEST, SIGNATURE})
    ]
    return problems


def _is_as_written(path: Path, digest: str) -> bool:
    return path.is_file() and _digest(path.read_bytes()) == digest


def _released(folder: Path, specification: TableSpecification, entry: Mapping) -> Released:
    frame = _read_table(folder / f"{specification.name}.csv", specification)
    return Released(specification, frame, entry["preset"], tuple(entry["notes"]), _RELEASE_TOKEN)


def _read_table(path: Path, specification: TableSpecification) -> pd.DataFrame:
    words = {column.name: str for column in (*specification.named("key"), *specification.named("text"))}
    counts = {column.name: "Int64" for column in specification.named("count")}
    # An empty cell alone is missing: a subgroup may be called "None" or "NA".
    empty = {column.name: [""] for column in specification.columns}
    frame = pd.read_csv(path, dtype=words | counts, keep_default_na=False, na_values=empty)
    content = path.read_bytes()
    if _NEGATIVE_ZERO.search(content):  # which pandas takes for a whole number, that has no sign
        others = [name for name in frame.select_dtypes("number") if name not in counts]
        signed = pd.read_csv(path, usecols=others, dtype=float, keep_default_na=False, na_values=empty)
        negative = [name for name in others if (np.signbit(signed[name]) & signed[name].eq(0)).any()]
        frame = frame.assign(**{name: signed[name] for name in negative})
    if b"'" not in content:
        return frame  # no cell begins with one
    return frame.assign(**{name: frame[name].map(from_cell, na_action="ignore") for name in words if name in frame})


def _files_below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if not path.is_dir())


def _write_manifest(folder: Path, manifest: dict) -> None:
    sealed = manifest | {"seal": _digest(_canonical(manifest))}
    text = json.dumps(sealed, indent=1, sort_keys=True) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8", newline="\n")


def _canonical(manifest: Mapping) -> bytes:
    return json.dumps(manifest, sort_keys=True, separators=(",", ":")).encode()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
