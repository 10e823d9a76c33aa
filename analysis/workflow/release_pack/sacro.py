"""The pack's manifest for SACRO-Viewer, in the layout of the results file that ACRO writes.

References
----------
ACRO, https://github.com/AI-SDC/ACRO (`results.json`: version, results by identifier, each with its files);
SACRO-Viewer, https://github.com/AI-SDC/SACRO-Viewer, which reads it with one hash per file in `checksums/<file>.txt`.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from analysis.disclosure import Released
from analysis.workflow.release_pack.controls import Control

RESULTS = "results.json"
CHECKSUMS = "checksums"
LAYOUT = "1.0.2"  # the version of ACRO whose layout this is


def write_results(
    pack: Path,
    pages: Mapping[tuple[str, str], Mapping[str, Released]],
    controls: Sequence[Control],
    *,
    context: str,
) -> None:
    """Write `results.json` and a hash of each file it names.

    A table passes if no control failed; one from which counts are withheld says so, and so does what could not be said.

    Parameters
    ----------
    pack : Path
        The folder, which holds the released tables and pages already.
    pages : mapping of tuple of str and str to mapping of str to Released
        By (authority, outcome), tables by name.
    controls : sequence of Control
        None of which failed.
    context : str
        What the release is for.
    """
    results = {}
    for page, tables in pages.items():
        folder = f"{'/'.join(page)}/released"
        for name, table in tables.items():
            entry = _entry(f"{'-'.join(page)}-{name}", f"{folder}/{name}.csv", controls, context)
            results[entry["uid"]] = entry | {
                "type": "table",
                "properties": {"method": table.specification.title, "preset": table.preset},
                "comments": [context, *table.notes],
                "files": [{"name": f"{folder}/{name}.csv", "sdc": _withheld(table)}],
            }
        for path in sorted((pack / folder / "page").rglob("*")):
            if path.is_file():
                file = path.relative_to(pack).as_posix()
                entry = _entry(f"{'-'.join(page)}-{path.name}", file, controls, context)
                results[entry["uid"]] = entry
    for entry in results.values():
        for file in entry["files"]:
            _write_checksum(pack, file["name"])
    text = json.dumps({"version": LAYOUT, "results": results}, indent=1, sort_keys=True)
    (pack / RESULTS).write_text(text + "\n", encoding="utf-8", newline="\n")


def _entry(uid: str, file: str, controls: Sequence[Control], context: str) -> dict:
    open_ = [control for control in controls if control.result == "cannot tell"]
    summary = "; ".join(f"{control.name}: {control.result}" for control in controls)
    return {
        "uid": uid,
        "status": "review" if open_ else "pass",
        "type": "custom",
        "properties": {},
        "files": [{"name": file, "sdc": {}}],
        "outcome": {},
        "command": "python -m analysis report",
        "summary": summary,
        "timestamp": datetime.now().isoformat(timespec="seconds"),
        "comments": [context],
        "exception": "; ".join(control.found for control in open_),
    }


def _withheld(table: Released) -> dict:
    """Which cells of a table were withheld, by row and column from 0, as the viewer marks them."""
    counts = {column.name for column in table.specification.named("count")}
    cells = [
        [row, place]
        for place, name in enumerate(table.frame)
        if name in counts
        for row in range(len(table.frame))
        if table.frame[name].isna().iat[row]
    ]
    return {"summary": {"suppressed": bool(cells)}, "cells": {"suppressed": cells}}


def _write_checksum(pack: Path, name: str) -> None:
    path = pack / CHECKSUMS / f"{name}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(hashlib.sha256((pack / name).read_bytes()).hexdigest(), encoding="utf-8")
