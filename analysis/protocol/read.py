"""Read `protocol.yml`, naming every key that is unknown, missing or out of range."""

import hashlib
from pathlib import Path

from pydantic import ValidationError

from analysis.errors import ProtocolError
from analysis.protocol.values import Protocol
from analysis.protocol.yaml_file import YamlError, load_yaml


def load_protocol(path: str | Path = "protocol.yml") -> Protocol:
    """Read a protocol file.

    Raises
    ------
    ProtocolError
        With every problem and its address in the file, e.g. ``splits.folds``.
    """
    path = Path(path)
    if not path.is_file():
        raise ProtocolError(str(path), "no such file; give the path of a protocol, e.g. protocol.yml")
    return parse_protocol(path.read_bytes(), str(path))


def parse_protocol(text: str | bytes, where: str = "protocol.yml") -> Protocol:
    """A protocol from its YAML text; `where` names it in error messages.

    Parameters
    ----------
    text : str or bytes
        UTF-8 where given as bytes.
    where : str
        What error messages call the file.

    Returns
    -------
    Protocol

    Raises
    ------
    ProtocolError
        With every problem and its address in the file.
    """
    try:
        values = load_yaml(text)
    except YamlError as error:
        raise ProtocolError(where, str(error)) from None
    if not isinstance(values, dict):
        raise ProtocolError(where, "expected keys and values, found none; start from the protocol.yml supplied")
    try:
        return Protocol.model_validate(values)
    except ValidationError as error:
        raise ProtocolError(where, [_sentence(problem) for problem in error.errors()]) from None


def protocol_hash(protocol: Protocol) -> str:
    """Hash of what the protocol says (not of its comments or layout): 64 hexadecimal digits."""
    return hashlib.sha256(protocol.model_dump_json(by_alias=True).encode()).hexdigest()


def _sentence(problem: dict) -> str:
    address = ".".join(str(part) for part in problem["loc"]) or "the whole file"
    if problem["type"] == "extra_forbidden":
        return f"{address!r} is not a key of the protocol; remove it or correct its spelling"
    if problem["type"] == "missing":
        return f"{address!r} is missing; add it"
    message = f"{address!r}: {problem['msg'].removeprefix('Value error, ')}"
    # A whole section, repeated, would bury what is wrong with it.
    return message if isinstance(problem["input"], dict | list) else f"{message}; found {problem['input']!r}"
