"""Released tables on disk: one CSV each, and a manifest that names and hashes them."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from analysis.disclosure.catalogue import TableSpecification
from analysis.disclosure.released import _DOOR, Released
from analysis.errors import DisclosureError


def write_released(tables: Mapping[str, Released], folder: Path, *, provenance: Mapping[str, str]) -> None:
    """Write each table as `<name>.csv` and a `manifest.json` with hashes, preset, notes and provenance."""
    folder.mkdir(parents=True, exist_ok=True)
    entries = {}
    for name, table in sorted(tables.items()):
        text = table.frame.to_csv(index=False, float_format="%.6g", lineterminator="\n")
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
        digest = hashlib.sha256(text.encode()).hexdigest()
        entries[name] = {"sha256": digest, "preset": table.preset, "notes": list(table.notes)}
    manifest = {"provenance": dict(provenance), "tables": entries}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def read_released(folder: Path, specifications: Mapping[str, TableSpecification]) -> dict[str, Released]:
    """Read back what `write_released` wrote, refusing a file whose hash is not the manifest's."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    tables, problems = {}, []
    for name, entry in manifest["tables"].items():
        path = folder / f"{name}.csv"
        content = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(content).hexdigest() != entry["sha256"]:
            problems.append(f"{path.name!r} is not the file that was released; fetch it again")
            continue
        specification = specifications[name]
        text_columns = {c.name: str for c in (*specification.named("key"), *specification.named("text"))}
        # NaN alone is missing: a subgroup may be called "None" or "NA".
        frame = pd.read_csv(path, dtype=text_columns, keep_default_na=False, na_values={
            c.name: [""] for c in specification.columns
        })
        tables[name] = Released(specification, frame, entry["preset"], tuple(entry["notes"]), _DOOR)
    if problems:
        raise DisclosureError(str(folder), problems)
    return tables
