"""Rows of a table as columns of small whole numbers, sorted and turned into frames a few million at a time."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import polars as pl

ROWS_SORTED_AT_ONCE = 4_000_000  # 32 MB of keys (ours)
ROW_GROUP = 122_880  # rows that a group of a parquet file has, about, as DuckDB and polars write them
_LARGEST_KEY = 2**63 - 1  # of a whole number of 64 bits

Codes = np.ndarray
"""Whole numbers: of a person, of a day since 1 January 1970, or of a word's position among the words."""


@dataclass(frozen=True)
class Rows:
    """A table that is never held as words and days, nor ordered, whole.

    Attributes
    ----------
    columns : dict of str to ndarray of int, (rows,)
        In the order of the table's columns; in any order of rows.
    order : sequence of str
        Every column, the one to sort by first in front.
    days : sequence of str
        Columns that are days.
    words : dict of str to sequence of str
        By column of words: the word of each number.
    """

    columns: Mapping[str, Codes]
    order: Sequence[str]
    days: Sequence[str] = ()
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def height(self) -> int:
        return len(self.columns[self.order[0]])

    @property
    def schema(self) -> pl.Schema:
        return self._worded(self._no_rows).schema

    def frame(self) -> pl.DataFrame:
        """The whole table in memory, sorted."""
        return pl.concat([self._worded(self._no_rows), *self.parts()]).rechunk()

    def parts(self) -> Iterator[pl.DataFrame]:
        """The table from its first row to its last, in frames of a few million rows."""
        first = self.columns[self.order[0]]
        bounds = self._bounds(first)
        part = np.searchsorted(bounds, first, side="right").astype(np.uint16)
        for number in range(len(bounds) + 1):
            chosen = np.flatnonzero(part == number)
            if len(chosen):
                yield self._worded(self._sorted({name: codes[chosen] for name, codes in self.columns.items()}))

    def row_groups(self) -> Iterator[pl.DataFrame]:
        """The table from its first row to its last, in frames of one parquet row group each, of equal size."""
        groups = max(round(self.height / ROW_GROUP), 1)
        pending, written = self._worded(self._no_rows), 0
        for part in self.parts():
            pending = pl.concat([pending, part])
            while groups and pending.height >= (size := -(-(self.height - written) // groups)):
                yield pending.head(size).rechunk()
                pending, written, groups = pending.slice(size), written + size, groups - 1

    @property
    def _no_rows(self) -> dict[str, Codes]:
        return {name: codes[:0] for name, codes in self.columns.items()}

    @cached_property
    def _ranges(self) -> dict[str, tuple[int, int]]:
        """Of each column, in the order of sorting: its least number and how many numbers it may take."""
        found = {}
        for name in self.order:
            codes = self.columns[name]
            least = 0 if name in self.words else int(codes.min())
            found[name] = least, len(self.words[name]) if name in self.words else int(codes.max()) - least + 1
        return found

    def _bounds(self, first: Codes) -> Codes:
        """Values of the first column that begin a part: of equal rows, and narrow enough for `_sorted`."""
        if not self.height:
            return self.columns[self.order[0]]
        (least, size), *others = self._ranges.values()
        widest = _LARGEST_KEY // math.prod(each for _, each in others)
        below = np.cumsum(np.bincount(first - least))
        equal = np.searchsorted(below, np.arange(ROWS_SORTED_AT_ONCE, self.height, ROWS_SORTED_AT_ONCE)) + 1
        return least + np.union1d(equal, np.arange(widest, size, widest))

    def _sorted(self, columns: dict[str, Codes]) -> dict[str, Codes]:
        """Rows in order: each is one number, whose digits are its columns, so that only whole numbers are sorted."""
        lowest = {name: least for name, (least, _) in self._ranges.items()}
        first = self.order[0]
        lowest[first] = int(columns[first].min())
        sizes = [size for _, size in self._ranges.values()]
        sizes[0] = int(columns[first].max()) - lowest[first] + 1
        ranked = {
            name: _rank(self.words[name])[columns[name]] if name in self.words else columns[name] for name in lowest
        }
        key = np.ravel_multi_index([ranked[name] - least for name, least in lowest.items()], sizes)
        key.sort()
        digits = dict(zip(lowest, np.unravel_index(key, sizes), strict=True))
        return {name: digits[name] + lowest[name] for name in columns}

    def _worded(self, columns: Mapping[str, Codes]) -> pl.DataFrame:
        """Sorted whole numbers, words by rank, as a frame with its days and words."""
        frame = {}
        for name, codes in columns.items():
            if name in self.words:
                words = pl.Series(sorted(self.words[name]), dtype=pl.String)
                frame[name] = words.gather(pl.Series(codes, dtype=pl.UInt32))
            elif name in self.days:
                frame[name] = pl.Series(codes.astype(np.int32)).cast(pl.Date)
            else:
                frame[name] = pl.Series(codes.astype(np.int64))
        return pl.DataFrame(frame)


def _rank(words: Sequence[str]) -> Codes:
    """The position of each word in alphabetical order."""
    return np.argsort(np.argsort(words))
