"""A cache on disk from one run to the next, in which a value is trusted only if this user's secret key signed it.

They are pickles, and whoever can alter a pickle has his own code run by its reader. So the bytes are read first, their
signature is compared, and only then are they opened.
"""

import hmac
import io
import secrets
from collections.abc import Iterable
from pathlib import Path

import joblib

from analysis.disclosure.containment import secret_key

SUFFIX = ".kept"
_SIGNATURE_BYTES = 32  # of HMAC-SHA-256


def signing_key(outputs: Iterable[Path]) -> bytes:
    """The key that cached values are signed with, made from the secret key, which cannot be worked out from it.

    Where a secret key cannot be stored, one that serves this process alone: no cached value is trusted later.

    Parameters
    ----------
    outputs : paths
        Folders in which a secret key is refused; see `secret_key`.
    """
    try:
        secret = secret_key(outputs=outputs)
    except OSError:
        secret = secrets.token_bytes(32)
    return hmac.digest(secret, b"values kept from one run to the next", "sha256")


def write_cached(value, path: Path, key: bytes) -> None:
    """Write a value, signed together with its file's name, so that no other can be put in its place.

    Parameters
    ----------
    value : object
        Whatever joblib can write.
    path : Path
        Written whole or not at all.
    key : bytes
        As `signing_key` makes it.
    """
    buffer = io.BytesIO()
    joblib.dump(value, buffer)
    content = buffer.getbuffer()
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        file.write(_signature(path, content, key))
        file.write(content)
    partial.replace(path)


def read_cached(path: Path, key: bytes) -> io.BytesIO | None:
    """The value's bytes, for `joblib.load`; None unless `write_cached` wrote them under this name with this key.

    Parameters
    ----------
    path : Path
    key : bytes
        As `signing_key` makes it.

    Returns
    -------
    BytesIO or None
    """
    try:
        written = path.read_bytes()
    except FileNotFoundError:
        return None
    signature, content = written[:_SIGNATURE_BYTES], memoryview(written)[_SIGNATURE_BYTES:]
    if not hmac.compare_digest(signature, _signature(path, content, key)):
        return None
    return io.BytesIO(content)


def drop_altered(folder: Path, key: bytes) -> tuple[str, ...]:
    """Delete each cached value that is not as it was written, and say so; it is computed again when it is asked for.

    Parameters
    ----------
    folder : Path
        Holds cached values, and may hold other files.
    key : bytes
        As `signing_key` makes it.

    Returns
    -------
    tuple of str
        One sentence for each file deleted.
    """
    altered = [path for path in sorted(folder.glob(f"*{SUFFIX}")) if read_cached(path, key) is None]
    for path in altered:
        path.unlink()
    return tuple(
        f"{path.name}: not as this user's run wrote it (altered, cut short, or another key), so it is computed again"
        for path in altered
    )


def _signature(path: Path, content: memoryview, key: bytes) -> bytes:
    signature = hmac.new(key, path.name.encode() + b"\0", "sha256")
    signature.update(content)
    return signature.digest()
