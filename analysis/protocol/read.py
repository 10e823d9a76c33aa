"""Read `protocol.yml`, naming every key that is unknown, missing or out of range."""

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from analysis.errors import ProtocolError
from analysis.protocol.values import Protocol
from analysis.protocol.yaml_file import YamlError, load_yaml

REGISTERED = Path(__file__).resolve().parents[2] / "protocol.yml"


def load_protocol(path: str | Path = "protocol.yml") -> Protocol:
    """Read a protocol file.

    A file written before an amendment of the registered protocol lacks what the amendment added: that is taken as
    registered (see `taken_as_registered`). Everything else must be there.

    Raises
    ------
    ProtocolError
        With every problem and its address in the file, e.g. ``splits.folds``.
    """
    path = Path(path)
    if not path.is_file():
        raise ProtocolError(str(path), "no such file; give the path of a protocol, e.g. protocol.yml")
    values = _values(path.read_bytes(), str(path))
    later = list(_later(values))
    for section, key, value in later:
        (values[section] if key else values)[key or section] = value
    if later:
        values |= {name: _registered()[name] for name in ("version", "amendments")}
    return _checked(values, str(path))


def taken_as_registered(path: str | Path) -> tuple[str, ...]:
    """The addresses that a protocol file lacks because they were added after it was written."""
    return tuple(
        f"{section}.{key}".strip(".") for section, key, _ in _later(_values(Path(path).read_bytes(), str(path)))
    )


def parse_protocol(text: str | bytes, where: str = "protocol.yml") -> Protocol:
    """A protocol from its YAML text, which must hold every section; `where` names it in error messages.

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
    return _checked(_values(text, where), where)


@cache
def _registered() -> dict:
    return _values(REGISTERED.read_bytes(), str(REGISTERED)) if REGISTERED.is_file() else {}


def _later(values: dict) -> Iterator[tuple[str, str, object]]:
    """What amendments added to the registered protocol and a file lacks: section, key (or none), registered value."""
    for address in (amendment["address"] for amendment in _registered().get("amendments", ())):
        section, _, key = address.partition(".")
        there = values.get(section) if key else values
        if isinstance(there, dict) and (key or section) not in there:
            registered = _registered()[section]
            yield section, key, registered[key] if key else registered


def _values(text: str | bytes, where: str) -> dict:
    try:
        values = load_yaml(text)
    except YamlError as error:
        raise ProtocolError(where, str(error)) from None
    if not isinstance(values, dict):
        raise ProtocolError(where, "expected keys and values, found none; start from the protocol.yml supplied")
    return values


def _checked(values: dict, where: str) -> Protocol:
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
