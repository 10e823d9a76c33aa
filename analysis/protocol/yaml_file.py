"""Read a YAML file that somebody wrote by hand: every slip is one sentence, and no file can exhaust the machine."""

from collections.abc import Hashable

import yaml

LARGEST = 1 << 18  # bytes; the registered protocol has ten thousand
DEEPEST = 20  # levels; the registered protocol has six
LONGEST_NUMBER = 30  # characters; no number of a protocol has ten (ours)


class YamlError(ValueError):
    """The text is not YAML that is read here; the message says where, why and what to do."""


def load_yaml(content: bytes | str) -> object:
    """The values of a YAML text: plain mappings, lists, text, numbers and dates.

    A date that does not exist, such as 2019-02-30, stays text, so that whoever expects a date can say so.

    Raises
    ------
    YamlError
        If it is not UTF-8, larger than `LARGEST`, not YAML, uses aliases, is nested deeper than `DEEPEST` or gives a
        key twice.

    Examples
    --------
    >>> load_yaml("from: 2019-01-31\\nto: 2019-02-30")
    {'from': datetime.date(2019, 1, 31), 'to': '2019-02-30'}
    """
    if len(content) > LARGEST:
        raise YamlError(f"it is larger than {LARGEST // 1024} KB; keep only the keys and values that are needed")
    text = _decoded(content) if isinstance(content, bytes) else content
    try:
        return yaml.load(text, Loader=_PlainLoader)
    except YamlError:
        raise
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}" if mark else "the file"
        raise YamlError(f"{line} is not YAML; check its indentation and colons") from None
    except (ValueError, RecursionError):
        raise YamlError("a number or a date in it cannot be read; write numbers in digits, dates 2019-07-31") from None


def _decoded(content: bytes) -> str:
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise YamlError(
            f"line {line} is not UTF-8 (saved as ANSI?); save the file again with the encoding UTF-8"
        ) from None


class _PlainLoader(yaml.SafeLoader):
    depth = 0

    def compose_node(self, parent, index):
        line = self.peek_event().start_mark.line + 1
        if self.check_event(yaml.events.AliasEvent):
            raise YamlError(f"line {line} refers to another value with '*'; write the value out")
        self.depth += 1
        if self.depth > DEEPEST:
            raise YamlError(f"line {line} is nested more than {DEEPEST} deep; check its brackets and indentation")
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_mapping(self, node, deep=False):
        keys = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if isinstance(key, Hashable) and key in keys:
                raise YamlError(f"line {key_node.start_mark.line + 1} gives {str(key)[:60]!r} a second time; keep one")
            keys.add(key if isinstance(key, Hashable) else id(key))
        return super().construct_mapping(node, deep=deep)

    def short_number(self, node):
        """A whole number; a very long one is refused, whatever its base."""
        if len(node.value) > LONGEST_NUMBER:
            raise ValueError("a number of many digits")
        return self.construct_yaml_int(node)

    def existing_date(self, node):
        """The date, or its text where there is no such day."""
        try:
            return self.construct_yaml_timestamp(node)
        except ValueError:
            return self.construct_scalar(node)


_PlainLoader.add_constructor("tag:yaml.org,2002:timestamp", _PlainLoader.existing_date)
_PlainLoader.add_constructor("tag:yaml.org,2002:int", _PlainLoader.short_number)
