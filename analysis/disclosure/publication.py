"""From tables of results to a folder of released tables, beside everything that was released before."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from analysis.disclosure import notes
from analysis.disclosure.earlier import only_a_few_changed
from analysis.disclosure.files import read_manifest, table_hashes, write_released
from analysis.disclosure.ledger import Entry, keyed_hash, of_others, of_page, open_ledger
from analysis.disclosure.printing import Recompute
from analysis.disclosure.release_gate import release_all
from analysis.disclosure.released import Released
from analysis.disclosure.specification import TableSpecification
from analysis.errors import DisclosureError
from analysis.protocol.values import Disclosure


@dataclass(frozen=True)
class History:
    """Where the releases of an authority, or of its family networks, are remembered.

    Attributes
    ----------
    folder : Path
        Of the ledger; see `analysis.disclosure.ledger.ledger_folder`.
    page : str
        The outcome, or the study, that is released now.
    key : bytes
        The secret key, with which fingerprints are hashed.
    made_from : dict
        Fingerprints of the protocol and the code; results that are the same by the same rules are released once.
    on_disk : dict of page -> folder
        Folders of released tables that a run before the ledger may have left.
    """

    folder: Path
    page: str
    key: bytes
    made_from: Mapping[str, str]
    on_disk: Mapping[str, Path]


def publish_tables(
    frames: Mapping[str, pd.DataFrame],
    specifications: Mapping[str, TableSpecification],
    folder: Path,
    *,
    preset: str,
    rules: Disclosure,
    provenance: Mapping[str, str],
    history: History | None,
    recompute: Mapping[str, Recompute] | None = None,
) -> dict[str, Released]:
    """Release tables, record the release, and only then put them in place of what lies in `folder`.

    The same results by the same rules are released as they were the first time, to the byte. So are results of cases
    that have changed by only a few since: see `analysis.disclosure.earlier.only_a_few_changed`. Interrupted at any
    moment, the folder holds the old tables, the new ones or none, and the ledger all that anyone may have seen.

    Parameters
    ----------
    frames : dict of table name -> DataFrame
    specifications : dict of table name -> TableSpecification
    folder : Path
    preset : str
        Name of the rules in ``rules.presets``.
    rules : Disclosure
        The protocol's section on disclosure control.
    provenance : dict of str to str
        What the tables were made from, for the manifest.
    history : History or None
        None for synthetic data, of which nothing needs remembering.
    recompute : Mapping[str, Recompute] or None, optional

    Returns
    -------
    dict of table name -> Released

    Raises
    ------
    DisclosureError
        If the tables or the record cannot be written, or the ledger was altered.
    """
    rule = {"preset": preset, "rules": rules, "recompute": recompute}
    if history is None:
        made = release_all(frames, specifications, **rule)
        _write_beside(made, folder, provenance)
        _put_in_place(folder)
        return made
    fingerprint = _fingerprint(frames, history, preset, rules)
    made_by = keyed_hash(
        history.key, history.page, preset, rules.model_dump(mode="json"), history.made_from["protocol"]
    )
    with open_ledger(history.folder, specifications) as ledger:
        for page, released in history.on_disk.items():
            ledger.adopt(page, released, unless_preset=rules.synthetic_data)
        same = next((e for e in of_page(ledger.entries, history.page) if e.fingerprint == fingerprint), None)
        stands = (
            None if same else _standing(ledger.entries, history.page, made_by, (frames, specifications, preset, rules))
        )
        if stands:
            _write_beside(stands, folder, provenance)
            _put_in_place(folder)
            return stands
        known = ledger.entries[: ledger.entries.index(same)] if same else ledger.entries
        earlier = [entry.tables for entry in of_page(known, history.page)]
        other_outcomes = of_others(known, history.page)
        made = release_all(frames, specifications, earlier=earlier, other_outcomes=other_outcomes, **rule)
        if same is None:
            ledger.record(history.page, fingerprint, made_by, made)
        hashes = _write_beside(made, folder, provenance)
        if same and hashes != same.hashes:
            made = dict(same.tables)
            _write_beside(made, folder, provenance)
        _put_in_place(folder)
    return made


def _standing(entries: Sequence[Entry], page: str, made_by: str, release) -> dict[str, Released] | None:
    """The tables of the last release by these rules from which only a few cases have changed, saying so."""
    frames, specifications, preset, rules = release
    for entry in reversed(of_page(entries, page)):
        if entry.rules == made_by and only_a_few_changed(entry.tables, frames, specifications, rules.presets[preset]):
            return {
                name: replace(table, notes=(*table.notes, notes.STANDS)) if specifications[name].cohort else table
                for name, table in entry.tables.items()
            }
    return None


def _fingerprint(frames: Mapping[str, pd.DataFrame], history: History, preset: str, rules: Disclosure) -> str:
    """Keyed, since it is of results before anything is withheld; to the six figures that are printed."""
    texts = {name: frame.to_csv(index=False, float_format="%.6g") for name, frame in frames.items()}
    made_from = {name: history.made_from[name] for name in sorted(history.made_from)}
    return keyed_hash(history.key, history.page, preset, rules.model_dump(mode="json"), made_from, texts)


def _beside(folder: Path, word: str) -> Path:
    return folder.with_name(f"{folder.name}.{word}")


def _write_beside(tables: Mapping[str, Released], folder: Path, provenance: Mapping[str, str]) -> dict[str, str]:
    """Write the tables next to the folder they are meant for; the hash of each."""
    new = _beside(folder, "new")
    shutil.rmtree(new, ignore_errors=True)
    try:
        write_released(tables, new, provenance=provenance)
        return table_hashes(read_manifest(new))
    except OSError as error:
        shutil.rmtree(new, ignore_errors=True)
        raise _not_written(folder, error) from None


def _put_in_place(folder: Path) -> None:
    try:
        if folder.exists():
            shutil.rmtree(folder)
        _beside(folder, "new").rename(folder)
    except OSError as error:
        raise _not_written(folder, error) from None


def _not_written(folder: Path, error: OSError) -> DisclosureError:
    problem = f"its tables could not be written ({error.strerror}); put that right and run the same command"
    return DisclosureError(str(folder), problem)
