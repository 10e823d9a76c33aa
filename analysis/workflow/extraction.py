"""Step: an authority's extract becomes its checked tables."""

import shutil
from pathlib import Path

from analysis.disclosure.containment import (
    child_level_folder,
    close_to_others,
    outputs_of,
    secret_key,
    write_closed,
)
from analysis.disclosure.ledger import ledger_folder
from analysis.disclosure.publication import History
from analysis.errors import TableError
from analysis.extract import read_extract
from analysis.extract.check import account_text
from analysis.extract.readiness import readiness
from analysis.protocol import Protocol
from analysis.protocol.read import protocol_hash
from analysis.study.checked_tables import write_checked_tables, write_doubts
from analysis.study.fingerprint import hash_code
from analysis.study.paths import Paths
from analysis.study.planted import SYNTHETIC_KEY
from analysis.study.supplied_table import SUPPLIED, release_supplied

ACCOUNT = "account.txt"


def extract_authority(authority: str, source: Path, build: Path, *, protocol: Protocol, synthetic: bool) -> None:
    """Read, check, pseudonymise and redact the extract at `source` into the authority's child-level folder.

    What reading found, and what each prediction would stand on, is written beside the tables, as `account.txt`; what
    was supplied is released.

    Parameters
    ----------
    authority : str
        Name of its folder.
    source : Path
        Its extract.
    build : Path
        The folder of the run's products.
    protocol : Protocol
        Its study period and predictions.
    synthetic : bool
        Whether the extract was invented; then the key of the pseudonyms is no secret.

    Raises
    ------
    TableError
        If the extract cannot be read, or no day of it lies within the study's dates.
    """
    study = protocol.study
    secret = SYNTHETIC_KEY if synthetic else secret_key(outputs=outputs_of(build))
    tables, found = read_extract(source, secret=secret, study=study)
    if tables.last_date < study.first_date or tables.first_date > study.last_date:
        raise TableError(
            authority,
            f"observed from {tables.first_date:%d/%m/%Y} to {tables.last_date:%d/%m/%Y}, but the protocol studies "
            f"{study.first_date:%d/%m/%Y} to {study.last_date:%d/%m/%Y} only; copy the protocol, declare your own "
            "dates under 'study', and name the copy with --protocol",
        )
    folder = child_level_folder(build, authority)
    shutil.rmtree(folder)
    write_checked_tables(tables, child_level_folder(build, authority))
    rows = readiness(tables, protocol, carries=found.carries, unseen=found.unseen)
    write_closed(folder / ACCOUNT, f"{found.summary()}\n\n{account_text(found, rows)}\n")
    write_doubts({row.prediction: f"{row.verdict}: {row.doubt}" for row in rows if row.doubt}, folder)
    close_to_others(folder)
    released = Paths(build).supplied(authority)
    history = None if synthetic else _history(authority, released, secret, protocol)
    release_supplied(tables, found, released, protocol=protocol, history=history)


def _history(authority: str, released: Path, key: bytes, protocol: Protocol) -> History:
    """Where what the authority supplied, and when, is remembered."""
    made_from = {"code": hash_code(release_supplied.__module__), "protocol": protocol_hash(protocol)}
    folder = ledger_folder(SUPPLIED.name, authority)
    return History(folder, SUPPLIED.name, key, made_from, {SUPPLIED.name: released})


def account_read(authority: str, build: Path) -> str:
    """In one line what reading an authority's extract found, in counts, and where the whole account lies.

    Parameters
    ----------
    authority : str
        Name of its folder.
    build : Path
        The folder of the run's products.

    Returns
    -------
    str
    """
    path = Paths(build).child_level(authority) / ACCOUNT
    if not path.is_file():
        return f"{authority}: its extract was not read here."
    with path.open(encoding="utf-8") as account:
        return f"{account.readline().strip()} All of it: {path}"
