"""Marked values planted in an extract, and the search for them in every byte a run leaves behind."""

import base64
import bz2
import gzip
import html
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

import ahocorasick
import pyarrow.feather
import pyarrow.parquet

_NESTED = 4  # archives within archives that are opened


@dataclass(frozen=True)
class Hit:
    """A canary that got out: its name (not its value), the file, and how it was written there."""

    canary: str
    path: str
    written: str


def find_canaries(
    root: str | Path, canaries: Mapping[str, str], *, skip: Iterable[str] = ("child_level",)
) -> tuple[Hit, ...]:
    """Search every file name and byte under a folder for canaries, in the usual encodings and inside archives.

    Parameters
    ----------
    root : path
    canaries : dict of name -> marked value
        Values must be long enough not to occur by chance.
    skip : names of folders that are allowed to hold child-level data

    Returns
    -------
    tuple of Hit
    """
    root, skip = Path(root), set(skip)
    automaton = _automaton(canaries)
    hits: dict[Hit, None] = {}
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        if skip & set(relative.parts):
            continue
        name = relative.as_posix()
        pieces = [("file name", name.encode("utf-8", "surrogateescape"))]
        if path.is_file():
            pieces += list(_unpacked(path.read_bytes()))
        for where, content in pieces:
            for written, canary in _search(automaton, content):
                hits[Hit(canary, name, f"{where}, {written}")] = None
    return tuple(hits)


def _automaton(canaries: Mapping[str, str]) -> ahocorasick.Automaton:
    """Finds each value in lower case as UTF-8, and as Base64 at each of the three places it can start."""
    automaton = ahocorasick.Automaton()
    wanted: dict[str, list[tuple[str, str]]] = {}
    for name, value in canaries.items():
        for folded in {_folded(value.encode()), _folded(value.lower().encode())}:
            wanted.setdefault(_as_text(folded), []).append(("plain", name))
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            for pattern in _base64_patterns(value.encode(encoding)):
                wanted.setdefault(_as_text(pattern.lower()), []).append(("Base64", name))
    for pattern, meanings in wanted.items():
        automaton.add_word(pattern, meanings)
    automaton.make_automaton()
    return automaton


def _base64_patterns(value: bytes) -> Iterator[bytes]:
    """The part of a value's Base64 that does not depend on its neighbours, for each place it can start."""
    for before in range(3):
        text = base64.b64encode(b"\0" * before + value)
        first = -(-before * 8 // 6)
        last = (before + len(value)) * 8 // 6
        if last - first >= 8:
            yield text[first:last]


def _search(automaton: ahocorasick.Automaton, content: bytes) -> Iterator[tuple[str, str]]:
    seen = set()
    for view, transformed in _views(content):
        for _, meanings in automaton.iter(_as_text(transformed)):
            for written, canary in meanings:
                if (written, canary) not in seen:
                    seen.add((written, canary))
                    yield (view if written == "plain" else written), canary


def _views(content: bytes) -> Iterator[tuple[str, bytes]]:
    """The content as a reader of each usual encoding would see it, in lower case, white space as one space."""
    yield "plain", _folded(content)
    if not content.isascii():
        yield "plain", _folded(content.decode("utf-8", "ignore").lower().encode())
    yield "Base64", re.sub(rb"[\r\n\\]|%0a", b"", content).lower().replace(b"-", b"+").replace(b"_", b"/")
    if b"\0" in content:
        yield "UTF-16", _folded(content.replace(b"\0", b""))
        for encoding in ("utf-16-le", "utf-16-be"):
            yield "UTF-16", _folded(content.decode(encoding, "ignore").encode("utf-8", "ignore"))
            yield "UTF-16", _folded(content[1:].decode(encoding, "ignore").encode("utf-8", "ignore"))
    if b"%" in content or b"+" in content:
        yield "percent", _folded(unquote_to_bytes(content.replace(b"+", b" ")))
        yield "percent", _folded(unquote_to_bytes(unquote_to_bytes(content)))
    if b"&" in content:
        unescaped = html.unescape(content.decode("utf-8", "replace"))
        yield "HTML entity", _folded(unescaped.encode())
        yield "HTML entity", _folded(html.unescape(unescaped).encode())
    if b"\\" in content:
        yield "escaped", _folded(_unescaped(content))
    if b"=\n" in content or b"=\r\n" in content or b"=20" in content:
        yield "quoted-printable", _folded(re.sub(rb"=([0-9A-Fa-f]{2})", _byte, re.sub(rb"=\r?\n", b"", content)))


def _byte(match: re.Match) -> bytes:
    return bytes.fromhex(match[1].decode())


def _unescaped(content: bytes) -> bytes:
    r"""JSON and Python escapes: \u00e9, \xe9 and \' (not \n, which white space covers)."""

    def character(match: re.Match) -> bytes:
        return chr(int(match[1] or match[2], 16)).encode("utf-8", "ignore")

    content = re.sub(rb"\\u([0-9A-Fa-f]{4})|\\x([0-9A-Fa-f]{2})", character, content)
    return re.sub(rb"\\[nrt]", b" ", content).replace(b"\\", b"")


def _folded(content: bytes) -> bytes:
    return re.sub(rb"\s+", b" ", content).lower()


def _as_text(content: bytes) -> str:
    return content.decode("latin-1")


def _unpacked(content: bytes, depth: int = 0) -> Iterator[tuple[str, bytes]]:
    """The content itself and whatever is packed inside it, each with where it was found."""
    yield ("file" if depth == 0 else "packed file"), content
    if depth >= _NESTED:
        return
    for inner, unpacked in _members(content):
        yield "name of a packed file", inner.encode()
        yield from _unpacked(unpacked, depth + 1)


def _members(content: bytes) -> Iterator[tuple[str, bytes]]:
    if content.startswith(b"\x89PNG"):
        yield from ((f"PNG text {n}", part) for n, part in enumerate(_zlib_parts(content, rb"(?:zTXt|iTXt|iCCP)")))
    if content.startswith(b"%PDF"):
        yield from ((f"PDF stream {n}", part) for n, part in enumerate(_zlib_parts(content, rb"stream\r?\n")))
    if b"PK\x03\x04" in content:
        yield from _zip_members(content)
    if content.startswith((b"PAR1", b"ARROW1")):
        yield "table", _columns(content)
    for mark, unpack, kind in (
        (b"\x1f\x8b", gzip.decompress, "gzip"),
        (b"BZh", bz2.decompress, "bzip2"),
        (b"\xfd7zXZ", lzma.decompress, "xz"),
        (b"x", zlib.decompress, "zlib"),
    ):
        if content.startswith(mark):
            try:
                yield kind, unpack(content)
            except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError):
                continue
    for start in re.finditer(rb"base64,([A-Za-z0-9+/\s]{16,}={0,2})", content):
        try:
            yield "data address", base64.b64decode(start[1])
        except ValueError:
            continue


def _zlib_parts(content: bytes, mark: bytes) -> Iterator[bytes]:
    """Every zlib stream that starts within 100 bytes after a mark."""
    for found in re.finditer(mark, content):
        for start in range(found.end(), min(found.end() + 100, len(content))):
            if content[start] == 0x78:
                try:
                    yield zlib.decompressobj().decompress(content[start:])
                    break
                except zlib.error:
                    continue


def _zip_members(content: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield "archive comment", archive.comment
            for member in archive.infolist():
                unpacked = archive.read(member)
                yield member.filename, unpacked
                if member.filename.endswith(".xml"):
                    # A document may divide one word among several runs: what is read is the text between its tags.
                    yield member.filename, re.sub(rb"<[^>]*>", b"", unpacked)
    except (zipfile.BadZipFile, OSError, RuntimeError, ValueError, NotImplementedError, zlib.error):
        return


def _columns(content: bytes) -> bytes:
    try:
        if content.startswith(b"PAR1"):
            table = pyarrow.parquet.read_table(io.BytesIO(content))
        else:
            table = pyarrow.feather.read_table(io.BytesIO(content))
    except (pyarrow.ArrowException, OSError):
        return b""
    return "\n".join(str(value) for column in table.columns for value in column.to_pylist()).encode()


def written_everywhere(value: str) -> dict[str, bytes]:
    """A value in each encoding that `find_canaries` sees through: for testing it."""
    utf8 = value.encode()
    return {
        "plain": utf8,
        "percent": quote(value, safe="").encode(),
        "percent, every byte": "".join(f"%{byte:02x}" for byte in utf8).encode(),
        "HTML entity, decimal": "".join(f"&#{ord(letter)};" for letter in value).encode(),
        "HTML entity, hexadecimal": "".join(f"&#x{ord(letter):X};" for letter in value).encode(),
        "HTML entity, escaped": html.escape(value).encode("ascii", "xmlcharrefreplace"),
        "Base64": base64.b64encode(utf8),
        "Base64, second place": base64.b64encode(b"a" + utf8 + b"z"),
        "Base64, third place": base64.b64encode(b"ab" + utf8),
        "UTF-16": value.encode("utf-16"),
        "UTF-16, big end first": value.encode("utf-16-be"),
        "UTF-16, odd place": b"a" + value.encode("utf-16-le"),
        "JSON": "".join(f"\\u{ord(letter):04x}" for letter in value).encode(),
        "upper case": value.upper().encode(),
        "over two lines": value.replace(" ", "\n    ").encode(),
    }
