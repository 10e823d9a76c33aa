"""A second person's agreement to a release pack: a name, a comment, and a signature over the hash of every file."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from analysis.disclosure.signatures import sign, signer
from analysis.errors import DisclosureError
from analysis.escape import one_line

PACK = "pack.json"
APPROVAL = "approval.json"


def approve(pack: Path, *, name: str, comment: str, key: Ed25519PrivateKey) -> Path:
    """Record that a second person agrees to a pack as it lies there.

    Parameters
    ----------
    pack : Path
        The folder, as `analysis.workflow.release_pack.request.request` made it.
    name : str
        Of the person who agrees, who is not the one who asked.
    comment : str
        What was looked at.
    key : Ed25519PrivateKey
        The approver's or the authority's; the signature shows that nobody wrote the approval without it.

    Returns
    -------
    Path
        The record of the approval.

    Raises
    ------
    DisclosureError
        If a file of the pack is not as requested, the name is missing or the requester's, there is no comment, or the
        pack is approved already.
    """
    values = read_pack(pack)
    problems = changed_files(pack, values)
    if _same_person(name, ""):
        problems.append("nobody approves it; say who with --name")
    elif _same_person(name, values["requested_by"]):
        problems.append("the requester cannot approve it; ask a second person")
    if not one_line(comment):
        problems.append("there is no comment; say what was looked at with --comment")
    if (pack / APPROVAL).exists():
        problems.append("it is approved already; make a new request for anything else")
    if problems:
        raise DisclosureError(str(pack), problems)
    said = {"approved_by": one_line(name), "comment": one_line(comment), "pack": _digest(pack / PACK)}
    text = json.dumps(said | sign(_canonical(said), key), indent=1, sort_keys=True) + "\n"
    (pack / APPROVAL).write_text(text, encoding="utf-8", newline="\n")
    return pack / APPROVAL


def read_pack(pack: Path) -> dict:
    """What a pack says of itself.

    Raises
    ------
    DisclosureError
        If the folder holds no pack.
    """
    try:
        values = json.loads((pack / PACK).read_text(encoding="utf-8"))
        whole = isinstance(values["requested_by"], str) and isinstance(values["files"], dict)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        whole = False
    if not whole:
        raise DisclosureError(str(pack), f"holds no {PACK} as `python -m analysis request` writes it; request it again")
    return values


def changed_files(pack: Path, values: Mapping) -> list[str]:
    """One sentence for each file of a pack that is missing, added, or not what was requested.

    Parameters
    ----------
    pack : Path
        The folder.
    values : mapping
        As `read_pack` returns them.

    Returns
    -------
    list of str
    """
    now, then = hashes(pack), values["files"]
    problems = [f"{name!r} is missing; request it again" for name in sorted(set(then) - set(now))]
    problems += [f"{name!r} was added; request it again" for name in sorted(set(now) - set(then))]
    return problems + [
        f"{name!r} has changed since the request; request it again"
        for name in sorted(set(now) & set(then))
        if now[name] != then[name]
    ]


def hashes(pack: Path) -> dict[str, str]:
    """SHA-256 of every file of a pack but its own two records; a link counts as what it is, not what it leads to."""
    paths = (path for path in sorted(pack.rglob("*")) if path.is_symlink() or path.is_file())
    return {
        path.relative_to(pack).as_posix(): "link" if path.is_symlink() else _digest(path)
        for path in paths
        if path.relative_to(pack).as_posix() not in (PACK, APPROVAL)
    }


def approval_of(released: Path) -> str:
    """Whether a second person approved the pack in which released tables lie, as a sentence.

    Parameters
    ----------
    released : Path
        The folder of released tables, somewhere below the pack's.
    """
    pack = next((folder for folder in released.resolve().parents[:4] if (folder / PACK).is_file()), None)
    if pack is None:
        return "not approved: it came without a release pack"
    try:
        values, said = read_pack(pack), json.loads((pack / APPROVAL).read_text(encoding="utf-8"))
        signed = {name: str(said[name]) for name in ("approved_by", "comment", "pack")}
        by = signer(_canonical(signed), said)
    except OSError:
        return "not approved: no second person has agreed to its release pack"
    except (DisclosureError, ValueError, KeyError, TypeError, RecursionError):
        return "approval void: its record is not as it was written"
    if by is None or signed["pack"] != _digest(pack / PACK) or changed_files(pack, values):
        return "approval void: the pack has changed since it was approved"
    if not one_line(signed["approved_by"]) or _same_person(signed["approved_by"], values["requested_by"]):
        return "approval void: requester and approver are one person"
    return f"approved by a second person (key {by})"


def _same_person(name: str, other: str) -> bool:
    """Whether two names are one, whatever their order, capitals, spaces and accents."""
    return _name_words(name) == _name_words(other)


def _name_words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", one_line(name)).casefold()
    return sorted(re.findall(r"\w+", "".join(letter for letter in plain if not unicodedata.combining(letter))))


def _canonical(said: Mapping[str, str]) -> bytes:
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
