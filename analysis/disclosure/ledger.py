"""The ledger of releases, against differencing: everything an authority ever released, stored with its secret key.

What is published cannot be taken back, so what comes later is judged beside all of it. An entry is a folder of tables
as printed, with the hash of the entry before; it holds nothing that was withheld. It is written, and is on the disk,
before the tables it records can be seen by anyone: an entry whose tables were never published counts as published.
"""

import hashlib
import hmac
import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from analysis.disclosure.containment import close_to_others, default_key_path
from analysis.disclosure.files import MANIFEST, altered_files, read_earlier, read_manifest, table_hashes, write_released
from analysis.disclosure.released import Released
from analysis.disclosure.specification import TableSpecification
from analysis.errors import DisclosureError

_FOLDER = "releases"
_UNFINISHED = "unfinished"
_CURE = (
    "put the folder back from a backup; if nothing of it was ever published or sent, move the folder away to begin anew"
)


@dataclass(frozen=True)
class Entry:
    """One release as it was printed.

    Attributes
    ----------
    page : str
        The outcome, or the study.
    fingerprint : str
        Keyed hash of what it was made from; '' of a release older than the ledger.
    rules : str
        Keyed hash of the protocol and preset it was made by; '' of a release older than this.
    tables : dict of table name -> Released
    hashes : dict of table name -> hash of its file
    """

    page: str
    fingerprint: str
    rules: str
    tables: Mapping[str, Released]
    hashes: Mapping[str, str]


class Ledger:
    """The releases of one authority, or of its family networks, oldest first.

    Parameters
    ----------
    folder : Path
        From `ledger_folder`.
    specifications : dict of table name -> TableSpecification
        Tables of another name, which this book does not know, are passed over.

    Raises
    ------
    DisclosureError
        If an entry is missing or is not as it was written.
    """

    def __init__(self, folder: Path, specifications: Mapping[str, TableSpecification]):
        self.folder, self._specifications = folder, specifications
        self._last, self.entries = "", []
        for path in _entry_folders(folder):
            self._read(path)

    def latest(self) -> dict[str, Mapping[str, Released]]:
        """The last release of each page."""
        return {entry.page: entry.tables for entry in self.entries}

    def adopt(self, page: str, released: Path, *, unless_preset: str) -> None:
        """Take in what lies in a folder of released tables, if it is no entry yet; nothing that was synthetic.

        Parameters
        ----------
        page : str
            Name of the page, such as an outcome.
        released : Path
        unless_preset : str
            Rules whose releases are not adopted.
        """
        tables = read_earlier(released, self._specifications)
        if not tables or any(table.preset == unless_preset for table in tables.values()):
            return
        hashes = table_hashes(read_manifest(released))
        known = [entry.hashes for entry in of_page(self.entries, page)]
        if not all(any(names.get(name) == hashes[name] for names in known) for name in tables):
            self.record(page, "", "", tables)

    def record(self, page: str, fingerprint: str, rules: str, tables: Mapping[str, Released]) -> None:
        """Append a release, and come back once it is on the disk.

        Parameters
        ----------
        page, fingerprint, rules, tables : as of `Entry`

        Raises
        ------
        DisclosureError
            If it cannot be written; then the ledger is as it was.
        """
        target = self.folder / f"{len(self.entries) + 1:06d}"
        unfinished = self.folder / _UNFINISHED
        try:
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir(mode=0o700)
            provenance = {"page": page, "fingerprint": fingerprint, "rules": rules, "previous": self._last}
            write_released(tables, unfinished, provenance=provenance)
            close_to_others(unfinished)
            _to_disk(unfinished)
            unfinished.rename(target)
            _folder_to_disk(self.folder)
        except OSError as error:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise DisclosureError("ledger of releases", _not_written(error, self.folder)) from None
        self._read(target)

    def _read(self, path: Path) -> None:
        manifest, expected = _manifest(path), f"{len(self.entries) + 1:06d}"
        if manifest is None or path.name != expected or manifest["provenance"].get("previous") != self._last:
            problem = f"entry {expected} in {str(self.folder)!r} is missing or not as it was written; {_CURE}"
            raise DisclosureError("ledger of releases", problem)
        provenance = manifest["provenance"]
        tables = read_earlier(path, self._specifications)
        rules = provenance.get("rules", "")
        self.entries.append(Entry(provenance["page"], provenance["fingerprint"], rules, tables, table_hashes(manifest)))
        self._last = hashlib.sha256((path / MANIFEST).read_bytes()).hexdigest()


def of_page(entries: Sequence[Entry], page: str) -> list[Entry]:
    """The releases of a page.

    Parameters
    ----------
    entries : sequence of Entry
    page : str
        Name of the page, such as an outcome.

    Returns
    -------
    list of Entry
    """
    return [entry for entry in entries if entry.page == page]


def of_others(entries: Sequence[Entry], page: str) -> dict[str, Mapping[str, Released]]:
    """The releases of every other page, each by a name of its own; a table that was printed twice is there once.

    Parameters
    ----------
    entries : sequence of Entry
    page : str
        Name of the page, such as an outcome.

    Returns
    -------
    dict of str to Mapping[str, Released]
    """
    others: dict[str, Mapping[str, Released]] = {}
    seen: set[tuple[str, str, str]] = set()
    numbers: Counter[str] = Counter()
    for entry in reversed([entry for entry in entries if entry.page != page]):
        new = {n: t for n, t in entry.tables.items() if (entry.page, n, entry.hashes[n]) not in seen}
        seen |= {(entry.page, name, entry.hashes[name]) for name in new}
        if new:
            number = numbers[entry.page]
            others[f"{entry.page}, an earlier release ({number})" if number else entry.page] = new
            numbers[entry.page] += 1
    return others


def ledgers_folder() -> Path:
    """The folder of all ledgers of this user: beside the secret key, away from every output."""
    return default_key_path().parent / _FOLDER


def ledger_folder(kind: str, name: str) -> Path:
    """The folder of one ledger, e.g. ``ledger_folder("england", "Northshire")``; no name leads elsewhere.

    Parameters
    ----------
    kind : {"england", "networks"}
    name : str

    Returns
    -------
    Path
    """
    return ledgers_folder() / kind / ("name " + quote(name, safe=" ").replace(".", "%2E"))


@contextmanager
def open_ledger(folder: Path, specifications: Mapping[str, TableSpecification]) -> Iterator[Ledger]:
    """The ledger, for this process alone until the block is left; the lock goes when the process does.

    Parameters
    ----------
    folder : Path
    specifications : dict of table name -> TableSpecification

    Returns
    -------
    iterator of Ledger

    Raises
    ------
    DisclosureError
        If it cannot be written to, or was altered.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for path in (folder, folder.parent, ledgers_folder()):
            path.chmod(0o700)
        lock = os.open(folder.with_name(folder.name + " lock"), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise DisclosureError("ledger of releases", _not_written(error, folder)) from None
    with os.fdopen(lock, "r+") as file:
        _wait_for(file)
        yield Ledger(folder, specifications)


def read_ledger(folder: Path, specifications: Mapping[str, TableSpecification]) -> Ledger:
    """The ledger as it stands, to look at only; empty if there is none.

    Parameters
    ----------
    folder : Path
    specifications : dict of table name -> TableSpecification

    Returns
    -------
    Ledger
    """
    return Ledger(folder, specifications)


def keyed_hash(key: bytes, *values) -> str:
    """A hash of values that can be written as JSON, which tells nothing to whoever lacks the key."""
    return hmac.new(key, json.dumps(values, sort_keys=True, default=str).encode(), hashlib.sha256).hexdigest()


def _wait_for(file) -> None:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined]  # on Windows it has both
    else:
        fcntl.flock(file, fcntl.LOCK_EX)


def _entry_folders(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*") if path.is_dir() and path.name != _UNFINISHED)


def _manifest(path: Path) -> dict | None:
    """The manifest of an entry, or None if anything in it was altered."""
    try:
        manifest = read_manifest(path)
    except DisclosureError:
        return None
    return None if altered_files(path, manifest) else manifest


def _to_disk(folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    _folder_to_disk(folder)


def _folder_to_disk(folder: Path) -> None:
    if os.name != "posix":
        return  # elsewhere a folder cannot be opened to be synced
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _not_written(error: OSError, folder: Path) -> str:
    return (
        f"the release could not be recorded in {str(folder)!r} ({error.strerror}), so nothing was published; put "
        "that right and run the same command"
    )
