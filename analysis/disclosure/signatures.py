"""Who released it: a signature over a release's manifest, which names and hashes every file.

The authority's private key (Ed25519) lies beside its secret key and never leaves it. The public key travels with each
signature; whoever collects registers its fingerprint once, by telephone say, and knows the authority's releases by it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from analysis.disclosure.containment import default_key_path, secret_key
from analysis.errors import DisclosureError

SIGNATURE = "signature.json"
OUTPUTS = ("build", "_build")


def signing_key_path() -> Path:
    """The file of the private key: beside the secret key that pseudonyms are hashed with."""
    path = default_key_path()
    return path.with_name(f"{path.name}-signing")


def signing_key(path: str | Path | None = None, *, outputs: Iterable[str | Path] = OUTPUTS) -> Ed25519PrivateKey:
    """The authority's private key, made at first use, readable by its owner only.

    Parameters
    ----------
    path : path, optional
        `signing_key_path` if not given.
    outputs : paths
        Folders that may be published or sent, in which a key is refused.

    Returns
    -------
    Ed25519PrivateKey

    Raises
    ------
    DisclosureError
        If the file lies in an output, can be read by others, or does not hold a key.
    """
    return Ed25519PrivateKey.from_private_bytes(secret_key(path or signing_key_path(), outputs=outputs))


def fingerprint(public: bytes) -> str:
    """The first 128 bits of the hash of a public key, in groups that can be read out: '1a2b 3c4d …'."""
    digits = hashlib.sha256(public).hexdigest()[:32]
    return " ".join(digits[place : place + 4] for place in range(0, 32, 4))


def describe_key(outputs: Iterable[str | Path] = OUTPUTS) -> str:
    """The fingerprint of the authority's key, and what it is for, as a sentence."""
    public = signing_key(outputs=outputs).public_key().public_bytes_raw()
    return f"What was released is signed. Read this fingerprint out to whoever collects it: {fingerprint(public)}"


def sign(content: bytes, key: Ed25519PrivateKey) -> dict[str, str]:
    """The public key and its signature of some bytes, both in hexadecimal digits.

    Parameters
    ----------
    content : bytes
    key : Ed25519PrivateKey

    Returns
    -------
    dict of str to str
    """
    return {"public_key": key.public_key().public_bytes_raw().hex(), "signature": key.sign(content).hex()}


def signer(content: bytes, signature: Mapping[str, str]) -> str | None:
    """The fingerprint of the key that signed these very bytes; None if the signature is not one of them.

    Parameters
    ----------
    content : bytes
    signature : Mapping[str, str]

    Returns
    -------
    str or None
    """
    try:
        public = bytes.fromhex(signature["public_key"])
        Ed25519PublicKey.from_public_bytes(public).verify(bytes.fromhex(signature["signature"]), content)
    except (InvalidSignature, ValueError, KeyError, TypeError):
        return None
    return fingerprint(public)


def sign_file(path: Path, key: Ed25519PrivateKey) -> str:
    """Write the signature of a manifest beside it; the fingerprint of the key.

    Parameters
    ----------
    path : Path
    key : Ed25519PrivateKey

    Returns
    -------
    str
    """
    signature = sign(path.read_bytes(), key)
    text = json.dumps(signature, indent=1, sort_keys=True) + "\n"
    path.with_name(SIGNATURE).write_text(text, encoding="utf-8", newline="\n")
    return fingerprint(bytes.fromhex(signature["public_key"]))


def signer_of_file(path: Path) -> str:
    """The fingerprint of the key that signed a manifest; '' if nothing beside it says that anyone did.

    Raises
    ------
    DisclosureError
        If there is a signature and it is not of this manifest.
    """
    beside = path.with_name(SIGNATURE)
    if not beside.is_file():
        return ""
    try:
        signature = json.loads(beside.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        signature = {}
    known = signer(path.read_bytes(), signature if isinstance(signature, dict) else {})
    if known is None:
        raise DisclosureError(str(path.parent), "its signature is not of these tables; ask for the release again")
    return known
