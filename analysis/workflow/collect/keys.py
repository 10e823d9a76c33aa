"""The keys of authorities that whoever collects has registered, and what is known of each signature."""

import re
from collections.abc import Mapping
from pathlib import Path

import yaml

from analysis.errors import DisclosureError
from analysis.workflow.collect.folders import is_name

EXAMPLE = "lines such as 'LA1: 1a2b 3c4d 5e6f 7081 92a3 b4c5 d6e7 f809'"


def read_keys(path: str | Path | None) -> dict[str, str]:
    """Fingerprints by authority, from a small YAML file; {} without one.

    Raises
    ------
    DisclosureError
        If the file is missing, is not YAML, or has an entry that is not a name and a fingerprint.
    """
    if path is None:
        return {}
    path = Path(path)
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise DisclosureError(path.name, f"it cannot be read as YAML; write {EXAMPLE}") from None
    if not isinstance(values, dict):
        raise DisclosureError(path.name, f"expected names and fingerprints; write {EXAMPLE}")
    problems = [
        f"entry {number} is not a name and a fingerprint of 32 hexadecimal digits; write {EXAMPLE}"
        for number, (name, digits) in enumerate(values.items(), start=1)
        if not is_name(name) or not re.fullmatch(r"([0-9a-f]{4} ){7}[0-9a-f]{4}", str(digits))
    ]
    if problems:
        raise DisclosureError(path.name, problems)
    return {str(name): str(digits) for name, digits in values.items()}


def check_signer(authority: str, signer: str, keys: Mapping[str, str], *, synthetic: bool) -> str | None:
    """Why a release cannot be taken as the authority's own; None if it can.

    Parameters
    ----------
    authority : str
        As the release names it.
    signer : str
        Fingerprint of the key that signed it; '' if none did.
    keys : mapping of str to str
        Registered fingerprints by authority; {} where none is registered.
    synthetic : bool
        Whether it was made from synthetic data, which need no signature.

    Returns
    -------
    str or None
    """
    if keys.get(authority, signer) != signer:
        by = "another key than the one registered" if signer else "no key"
        return f"signed by {by} for {authority}; ask the authority, and register its new key if it has one"
    if keys and authority not in keys and not synthetic:
        return f"no key is registered for {authority}; confirm its fingerprint ({signer or 'unsigned'}) and register it"
    if not signer and not synthetic:
        return "not signed; ask the authority to release it again, which signs it"
    return None


def describe_signer(authority: str, signer: str, keys: Mapping[str, str]) -> str:
    """What is known of who signed, as a sentence for whoever collects.

    Parameters
    ----------
    authority : str
        As the release names it.
    signer : str
        Fingerprint of the key that signed it; '' if none did.
    keys : mapping of str to str
        Registered fingerprints by authority.

    Returns
    -------
    str
    """
    if not signer:
        return "not signed (synthetic data need no signature)"
    if keys.get(authority) == signer:
        return f"signed by the key registered for {authority}"
    return (
        f"signed by a key that nobody registered ({signer}); ask {authority} to read its fingerprint out, then write "
        f"the line '{authority}: {signer}' into a file and give it as --keys"
    )
