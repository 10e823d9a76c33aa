"""Read `protocol.yml`, naming every key that is unknown, missing or out of range."""

import hashlib
from pathlib import Path

import yaml
from pydantic import ValidationError

from analysis.errors import ProtocolError
from analysis.protocol.values import Protocol


class _DeclaredTwice(yaml.constructor.ConstructorError):
    """A key stands twice in one mapping, so that the second would silently replace the first."""


class _EachKeyOnce(yaml.SafeLoader):
    """Reads YAML without a key that stands twice, and without aliases, which a protocol has no use for."""

    def compose_node(self, parent, index):
        if self.check_event(yaml.events.AliasEvent):
            mark = self.peek_event().start_mark
            raise _DeclaredTwice(None, None, "an alias (*) repeats what stands elsewhere; write it out", mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise _DeclaredTwice(
                    None, None, f"{key.value!r} is declared twice; keep one of the two", key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


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
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        cure = "in Notepad choose Save as, and UTF-8 under Encoding"
        raise ProtocolError(str(path), f"line {line} has a character that is not UTF-8; {cure}") from None
    return parse_protocol(text.removeprefix("\ufeff"), str(path))


def parse_protocol(text: str, where: str = "protocol.yml") -> Protocol:
    """A protocol from its YAML text; `where` names it in error messages."""
    try:
        values = yaml.load(text, Loader=_EachKeyOnce)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}" if mark else "the file"
        if isinstance(error, _DeclaredTwice):
            raise ProtocolError(where, f"{line}: {error.problem}") from None
        raise ProtocolError(where, f"{line} is not YAML; check its indentation and colons") from None
    except ValueError as error:  # a date such as 2019-02-30
        raise ProtocolError(where, f"a date does not exist ({error}); write it as 2019-07-31") from None
    except RecursionError:
        raise ProtocolError(where, "it is nested too deeply; start from the protocol.yml supplied") from None
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
