"""One folder that was sent: its manifest and who signed it; then its tables, against their specification."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from analysis.disclosure import PAGE_TABLES, Released
from analysis.disclosure.contradictions import contradictions
from analysis.disclosure.files import MANIFEST, altered_files, read_manifest
from analysis.disclosure.lazy import tables_of
from analysis.disclosure.signatures import signer_of_file
from analysis.errors import AnalysisError, DisclosureError
from analysis.protocol import Protocol
from analysis.study.provenance import DATES, FINGERPRINTS
from analysis.study.supplied import NOT_SUPPLIED, SUPPLIED, plain_name
from analysis.workflow.collect.folders import is_name, released_folders
from analysis.workflow.collect.tables import check_notes, check_table, labels_of

FACTS = ("families", "documents", "outcome seen")  # whether the extract held them
MOST_SAID = 20  # problems named of one release (ours)
_FINGERPRINT = re.compile(r"[0-9A-Za-z.]{1,64}")


@dataclass(frozen=True)
class Submission:
    """What one authority sent for one outcome: a folder with a manifest, checked against it.

    It may be handed to another process, and holds no table.

    Attributes
    ----------
    provenance : dict
        What its manifest says of whose it is and what it was made from, checked, and nothing else of it.
    entries : dict of table name -> dict
        What its manifest says of each table; none where the cases did not allow the prediction to be studied.
    signer : str
        Fingerprint of the key that signed it; '' if none did.
    """

    folder: Path
    provenance: Mapping[str, str]
    entries: Mapping[str, Mapping]
    signer: str = ""

    @property
    def tables(self) -> Mapping[str, Released]:
        """Its tables, read anew from the folder, each refused if it is no longer the one that was released."""
        return tables_of(self.folder, self.entries, PAGE_TABLES)

    @property
    def authority(self) -> str:
        return self.provenance["authority"]

    @property
    def outcome(self) -> str:
        return self.provenance["outcome"]

    @property
    def problem(self) -> tuple[str, str]:
        return self.authority, self.outcome

    @property
    def preset(self) -> str:
        """The rules its tables passed; '' for a page that could not be studied, which has passed none."""
        return ", ".join(sorted({entry["preset"] for entry in self.entries.values()}))


def read_submissions(folders: Iterable[str | Path], protocol: Protocol) -> tuple[Submission, ...]:
    """Every folder of released tables below the given ones, its files as its manifest says; then see `read_tables`.

    Parameters
    ----------
    folders : iterable of str or Path
        Each holds one or more folders of released tables, at any depth.
    protocol : Protocol
        The one the joint book is about.

    Returns
    -------
    tuple of Submission
        By authority and outcome.

    Raises
    ------
    DisclosureError
        Naming every folder that was altered, is signed by another key than it says, or holds what no release holds.
    """
    sent, problems = [], []
    for folder in released_folders(folders):
        try:
            sent.append(_read(folder, protocol))
        except AnalysisError as error:
            problems += [f"{folder}: {problem}" for problem in error.problems]
    if problems:
        raise DisclosureError("collect", problems)
    if not sent:
        raise DisclosureError("collect", f"no {MANIFEST!r} in the folders given; give folders of released tables")
    return tuple(sorted(sent, key=lambda submission: submission.problem))


def _read(folder: Path, protocol: Protocol) -> Submission:
    manifest = read_manifest(folder)
    signer = signer_of_file(folder / MANIFEST)
    problems = _wrong_manifest(manifest, protocol) or altered_files(folder, manifest)
    if problems:
        raise DisclosureError(str(folder), problems)
    return Submission(folder, _known(manifest["provenance"]), manifest["tables"], signer)


def read_tables(submission: Submission, protocol: Protocol) -> dict[str, Released]:
    """The tables that were sent, each as its specification says, and none of its counts denied by the others.

    Parameters
    ----------
    submission : Submission
    protocol : Protocol
        The one the joint book is about.

    Returns
    -------
    dict of name -> Released

    Raises
    ------
    DisclosureError
        Naming the tables and columns that are not.
    """
    labels = labels_of(protocol)
    problems = [
        problem
        for name in sorted(submission.entries)
        for problem in check_table(submission.folder / f"{name}.csv", PAGE_TABLES[name], labels)
    ]
    if problems:
        raise DisclosureError(str(submission.folder), problems)
    tables = dict(submission.tables)
    frames = {name: table.frame for name, table in tables.items()}
    denied = contradictions(frames, PAGE_TABLES, protocol.disclosure.presets[submission.preset]) if tables else ()
    if denied:
        said = [f"{problem}; ask for the release again" for problem in denied[:MOST_SAID]]
        raise DisclosureError(str(submission.folder), said)
    return tables


def _wrong_manifest(manifest: Mapping, protocol: Protocol) -> list[str]:
    """What a manifest says that none of a release does; its values are an outsider's, and are not repeated."""
    provenance, tables = manifest.get("provenance"), manifest.get("tables")
    if not isinstance(provenance, dict) or not isinstance(tables, dict) or not isinstance(manifest.get("page"), dict):
        return ["its manifest is not that of a release; release it again"]
    missing = [f"its manifest does not say the {name}; release it again"
               for name in ("authority", "outcome") if name not in provenance]  # fmt: skip
    if missing:
        return missing
    problems = [
        f"the {name} in its manifest is not a name of letters, digits, '-' and '_' that can be a folder; refuse it"
        for name in ("authority", "outcome")
        if not is_name(provenance[name])
    ]
    problems += [
        f"the {name} in its manifest is not a fingerprint; release it again"
        for name in FINGERPRINTS
        if name in provenance and not _FINGERPRINT.fullmatch(str(provenance[name]))
    ]
    problems += [
        f"{name!r} in its manifest is not a day; release it again"
        for name in DATES
        if name in provenance and not _is_date(provenance[name])
    ]
    for name, entry in sorted(tables.items()):
        problems += _wrong_entry(name, entry, protocol)
    if not problems and len({entry["preset"] for entry in tables.values()}) > 1:
        problems = ["its tables passed different rules of disclosure; ask for the release again"]
    return problems


def _wrong_entry(name: str, entry: object, protocol: Protocol) -> list[str]:
    if name not in PAGE_TABLES:
        return ["it has a table that is not one this book knows; release it with this version"]
    if not isinstance(entry, dict) or not isinstance(entry.get("sha256"), str):
        return [f"table {name!r} has no hash in its manifest; release it again"]
    problems = []
    if entry.get("preset") not in protocol.disclosure.presets:
        problems.append(f"table {name!r} passed rules of disclosure that this book does not have; release it again")
    if not check_notes(entry.get("notes")):
        problems.append(f"the notes on table {name!r} are not sentences of words; refuse it")
    return problems


def _is_date(text: object) -> bool:
    try:
        return date.fromisoformat(str(text)).isoformat() == text
    except ValueError:
        return False


def _known(provenance: Mapping[str, str]) -> dict[str, str]:
    names = ("authority", "outcome", *FINGERPRINTS, *DATES)
    known = {name: provenance[name] for name in names if name in provenance}
    known |= {name: provenance[name] for name in FACTS if provenance.get(name) in (SUPPLIED, NOT_SUPPLIED)}
    return known | {"name": plain_name(str(provenance.get("name", "")), otherwise=provenance["authority"])}
