"""Identifiers become keyed hashes: without the secret nobody can tell which child a row is about."""

from hashlib import blake2b

import polars as pl

SHORTEST_SECRET = 16  # bytes: 128 bits, which cannot be guessed


def pseudonyms(identifiers: pl.Series, *, secret: bytes, kind: str) -> pl.Series:
    """A keyed hash of each identifier: 16 hexadecimal digits, the same for the same identifier, secret and kind.

    Parameters
    ----------
    identifiers : polars.Series
        Text; missing stays missing.
    secret : bytes
        At least 16 bytes, kept outside every output. Whoever holds it can repeat the hashing of a known
        identifier; nobody else can.
    kind : str
        "child" or "family": the same identifier in another role gives another hash.

    Returns
    -------
    polars.Series
        In the order of `identifiers`.

    Raises
    ------
    ValueError
        If the secret is too short.
    """
    if len(secret) < SHORTEST_SECRET:
        raise ValueError(f"the secret must have at least {SHORTEST_SECRET} bytes")
    key = blake2b(secret, digest_size=32, person=kind.encode()[:16]).digest()
    unique = identifiers.drop_nulls().unique()
    hashes = [blake2b(value.encode(), digest_size=8, key=key).hexdigest() for value in unique]
    return identifiers.replace_strict(unique, pl.Series(hashes, dtype=pl.String), default=None, return_dtype=pl.String)
