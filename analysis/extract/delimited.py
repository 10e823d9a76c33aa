"""A table saved as text: its encoding, what separates its cells, and rows that a stray quotation mark would swallow."""

import csv
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice

SEPARATORS = (",", ";", "\t", "|", "^", "~")
NO_SEPARATOR = "\x1f"  # of a table with one column, whose cells may hold commas
LINES_TRIED = 20  # first lines, by which the separator is chosen (ours)
ROWS_OF_HEADINGS = 3  # above which a title may stand; a stray mark in one of them hides how wide the table is
LONGEST_CELL = 512 << 20  # no cell is longer than the largest file
_DATE = re.compile(r"\d{1,4}[-/. ](\d{1,2}|[A-Za-z]{3,9})[-/. ]\d{2,4}([T ][\d:.]{4,16})?")
_PHRASE = re.compile(r"[^\W\d]{2,} +[^\W\d]|.{40}")

Known = Callable[[str], bool]  # whether a cell is a heading that the reader looks for
Rows = list[list[object]]


class NotText(ValueError):
    """The bytes are no text in any encoding that a table is saved in; the message says why."""


@dataclass
class Delimited:
    """The rows of a table saved as text.

    Attributes
    ----------
    rows : list of list of str
    lines : list of int
        The line of the file on which each row begins.
    stray : list of int
        Indexes of rows with a quotation mark that opens and is closed too late or never; the rows after them, which
        it would have swallowed, are read as rows of their own.
    swallowed : int
        How many lines those marks would have swallowed.
    unclosed : list of int
        Indexes of rows of several lines whose last quotation mark is never closed.
    width : int
        Cells of the widest of the first rows, up to the first stray mark: what follows one may be half a row.
    """

    rows: Rows = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    stray: list[int] = field(default_factory=list)
    swallowed: int = 0
    unclosed: list[int] = field(default_factory=list)
    width: int = 0


def decode(content: bytes) -> str:
    """Text from UTF-8, UTF-16 (with or without its mark) or, where it is neither, Windows-1252.

    Raises
    ------
    NotText
        If it begins as one encoding and is not, or holds NUL bytes.
    """
    text = _decode(content)
    if "\0" in text:
        raise NotText("it is not a text file (it holds NUL bytes); export it as CSV again")
    return text


def _decode(content: bytes) -> str:
    marked = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
    for mark, encoding in marked.items():
        if content.startswith(mark):
            return _decode_as(content, encoding)
    if b"\0" in content[:4096]:
        start = content[:4096]
        if start[1::2].count(0) > len(start) // 4:
            return _decode_as(content, "utf-16-le")
        if start[0::2].count(0) > len(start) // 4:
            return _decode_as(content, "utf-16-be")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _decode_as(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise NotText(f"it begins as {encoding.upper()} but is not; export it as CSV (UTF-8)") from None


def separator(text: str, known: Known | None = None) -> str:
    """What separates the cells: that under which the most headings are recognised.

    Prose holds commas, semicolons and line breaks, so what is frequent says little. Where no heading is known the
    separator that cuts most lines into equally many cells is taken.

    Parameters
    ----------
    text : str
        The file's; the first 64 kB are looked at.
    known : callable, optional
        Whether a cell is a heading that is looked for.

    Returns
    -------
    str
        One of `SEPARATORS`, or `NO_SEPARATOR`.

    Examples
    --------
    >>> separator("child_id;text\\n1;one, two, three, four\\n", {"child_id", "text"}.__contains__)
    ';'
    """
    begin = text[: 1 << 16]
    lines = list(islice(io.StringIO(begin, newline=""), LINES_TRIED))
    if known:
        scores = {mark: _recognised(lines, mark, known) for mark in (*SEPARATORS, NO_SEPARATOR)}
        best = max(scores, key=scores.get)
        if scores[best] >= 2:
            return best
        if scores[NO_SEPARATOR]:
            return NO_SEPARATOR
    return max(SEPARATORS, key=lambda mark: _evenness(lines, mark))


def _recognised(lines: Sequence[str], mark: str, known: Known) -> int:
    rows = csv.reader(lines, delimiter=mark)
    return max((sum(known(cell) for cell in set(row)) for row in rows), default=0)


def _evenness(lines: Sequence[str], mark: str) -> tuple[int, int]:
    counts = [count for line in lines if (count := line.count(mark))]
    usual = max(set(counts), key=lambda count: (counts.count(count), count), default=0)
    return counts.count(usual), usual


def parse(text: str, known: Known | None = None) -> Delimited:
    """The rows of a table saved as text, each line of data in a row of its own whatever quotation marks are astray.

    Parameters
    ----------
    text : str
        The file's.
    known : callable, optional
        Whether a cell is a heading that is looked for; the separator is chosen by it.

    Returns
    -------
    Delimited
    """
    mark = separator(text, known)
    lines = io.StringIO(text, newline="").readlines()
    table, start = Delimited(), 0
    limit = csv.field_size_limit(LONGEST_CELL)
    try:
        while start < len(lines):
            start = _parse_from(lines, start, mark, table)
    finally:
        csv.field_size_limit(limit)
    return table


def _parse_from(lines: Sequence[str], start: int, mark: str, table: Delimited) -> int:
    # Reads up to the end, or up to a row that has swallowed others; says from which line to go on.
    reader = csv.reader(islice(lines, start, None), delimiter=mark)
    begin = start
    for row in reader:
        end = start + reader.line_num
        stray = False
        if end - begin > 1 or end == len(lines):
            own = lines[begin:end]
            width = table.width
            if len(table.rows) < ROWS_OF_HEADINGS:
                width = max(width, len(row), len(_unquoted(own[0], mark)))
            unclosed = end == len(lines) and _stays_open(own, mark)
            stray = _swallows(own, mark, width) or (unclosed and len(own) == 1)
            if stray:
                table.stray.append(len(table.rows))
                table.swallowed += len(own) - 1
                row = _unquoted(own[0], mark)
            elif unclosed:
                table.unclosed.append(len(table.rows))
        table.lines.append(begin + 1)
        table.rows.append(row)
        if len(table.rows) <= LINES_TRIED and len(table.stray) <= stray:
            table.width = max(table.width, len(row))
        if stray:
            return begin + 1
        begin = end
    return len(lines)


def _stays_open(lines: Sequence[str], mark: str) -> bool:
    return len(list(csv.reader([*lines, "a further line"], delimiter=mark))) == 1


def _swallows(lines: Sequence[str], mark: str, width: int) -> bool:
    return any(_is_row(line, mark, width) for line in lines[1:])


def _is_row(line: str, mark: str, width: int) -> bool:
    # A line of prose within one cell is no row: a row has as many cells as the others and, in the few columns of a
    # table of text, a first cell that is no phrase and a cell that is a date and nothing else.
    if width < 2 or line.count(mark) < width - 1:
        return False
    for row in (next(csv.reader([line], delimiter=mark), []), _unquoted(line, mark)):
        if len(row) != width:
            continue
        if width in (2, 3) or width > 6:
            return True
        if not _PHRASE.search(row[0]) and any(_DATE.fullmatch(cell) for cell in row[1:]):
            return True
    return False


def _unquoted(line: str, mark: str) -> list[str]:
    # Cells up to a quotation mark that is never closed are cut as they stand; what it would swallow, at every mark.
    *cells, last = next(csv.reader([line], delimiter=mark), [""])
    return [*cells, *(cell.strip('"') for cell in last.rstrip("\r\n").split(mark))]
