"""What reading an extract found, as counts and sentences: never a value from a child's record."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from analysis.errors import TableError

if TYPE_CHECKING:
    from analysis.extract.mapping import NotUnderstood
    from analysis.extract.unseen import Unseen

Result = TypeVar("Result")


@dataclass(frozen=True)
class Problem:
    """Something an analyst may want to put right: where it is and one sentence on what to do."""

    where: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.where}: {self.sentence}"


@dataclass(frozen=True)
class ListAccount:
    """One list of one extract: every row read is kept or explained."""

    extract: str
    title: str
    rows_read: int
    rows_kept: int
    explained: Mapping[str, int]

    @property
    def balances(self) -> bool:
        return self.rows_read == self.rows_kept + sum(self.explained.values())


@dataclass(frozen=True)
class ColumnAccount:
    """What one column of one list became."""

    extract: str
    title: str
    column: str  # its letter
    heading: str
    became: str
    cells: int = 0
    blank: int = 0
    not_read: int = 0  # filled, but not a date, number or code


@dataclass(frozen=True)
class ExtractAccount:
    """What one extract added to those before it."""

    name: str
    first_date: date | None
    last_date: date | None
    records: int
    new_records: int


@dataclass(frozen=True)
class ExtractReport:
    """Everything `read_extract` has to say: counts and problems only.

    Attributes
    ----------
    name, source : str
        The authority's name, and "Annex A" or "Standard Safeguarding Dataset".
    versions : mapping
        Versions of the headings, codes, synonyms and redaction rules used.
    extracts, lists, columns : tuple
        What each extract added, what became of each row and of each column.
    problems : tuple of Problem
        What may need putting right; nothing here stopped the reading.
    contradictions : mapping
        How many records or children two extracts disagree on, by what they disagree on.
    ignored : tuple of str
        Files and sheets that were not read, and why.
    period : str
        The observation period and where it comes from.
    counts : mapping
        Children, families, events by name, supplied counts, documents by kind, identifiers removed by kind.
    carries : frozenset of str or None
        The events that statutory returns can tell of; None for a source that was made for all of them.
    unseen : tuple of Unseen
        What could not have been seen: lists that no extract holds, and months without a record.
    not_understood : tuple of NotUnderstood
        Headings and codes for the mapping workbook, which is no part of the account.
    """

    name: str
    source: str
    versions: Mapping[str, str]
    extracts: tuple[ExtractAccount, ...]
    lists: tuple[ListAccount, ...]
    columns: tuple[ColumnAccount, ...]
    problems: tuple[Problem, ...]
    contradictions: Mapping[str, int]
    ignored: tuple[str, ...]
    period: str
    counts: Mapping[str, int]
    carries: frozenset[str] | None = None
    unseen: tuple["Unseen", ...] = ()
    not_understood: tuple["NotUnderstood", ...] = ()

    def summary(self) -> str:
        """How many rows were read, kept and explained and how many problems there are, in one line of counts."""
        read, kept = sum(one.rows_read for one in self.lists), sum(one.rows_kept for one in self.lists)
        explained = sum(sum(one.explained.values()) for one in self.lists)
        rows = f"{number(read, 'row')} read, {kept:,} kept and {explained:,} explained"
        return f"{self.name}: {self.source}; {rows}; {number(len(self.problems), 'problem')} to look at."

    def text(self) -> str:
        """The report as plain text for a terminal."""
        lines = [f"{self.name}: {self.source}", self.period, ""]
        lines += [f"  {name}: {count:,}" for name, count in self.counts.items()]
        lines += ["", "Rows"]
        for account in self.lists:
            explained = "; ".join(f"{reason} {count:,}" for reason, count in account.explained.items())
            lines.append(
                f"  {account.extract}, {account.title}: {account.rows_read:,} read, {account.rows_kept:,} kept"
                + (f" ({explained})" if explained else "")
            )
        lines += ["", "Extracts"]
        for added in self.extracts:
            lines.append(
                f"  {added.name}: {number(added.records, 'record')}, {added.new_records:,} not in an earlier one"
            )
        if self.contradictions:
            lines += ["", "Contradictions between records (the latest extract is believed)"]
            lines += [f"  {what}: {count:,}" for what, count in self.contradictions.items()]
        if self.ignored:
            lines += ["", "Not read", *(f"  {line}" for line in self.ignored)]
        lines += ["", f"Problems: {len(self.problems)}", *(f"  - {problem}" for problem in self.problems)]
        return "\n".join(lines)


@dataclass
class ReportBuilder:
    """Collects accounts and problems while an extract is read."""

    lists: list[ListAccount] = field(default_factory=list)
    columns: list[ColumnAccount] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    extracts: list[ExtractAccount] = field(default_factory=list)
    contradictions: dict[str, int] = field(default_factory=dict)
    refusals: list[str] = field(default_factory=list)
    not_understood: list["NotUnderstood"] = field(default_factory=list)

    def attempt(self, read: Callable[[], Result], otherwise: Result) -> Result:
        """What `read` returns; `otherwise` where it refuses a file, so that what else is wrong is found too.

        Parameters
        ----------
        read : callable
            May raise `TableError`, whose problems are added to the refusals.
        otherwise : Result
            Something of the same type.

        Returns
        -------
        Result
        """
        try:
            return read()
        except TableError as error:
            self.refusals += [f"{error.where}: {problem}" for problem in error.problems]
            return otherwise

    def raise_refusals(self, where: str) -> None:
        """Refuse the extract if a file of it was refused, with everything else that was noted.

        Raises
        ------
        TableError
        """
        if self.refusals:
            noted = [*map(str, self.problems), *(f"not read: {line}" for line in self.ignored)]
            raise TableError(where, [*self.refusals, *noted])

    def problem(self, where: str, sentence: str) -> None:
        """Note something that may need putting right.

        Parameters
        ----------
        where : str
            File, sheet or list.
        sentence : str
            What was expected, what was there and what to do; no value of a record.
        """
        self.problems.append(Problem(where, sentence))


def some_rows(rows: Sequence[int], most: int = 3) -> str:
    """Row numbers for a message: "row 7", "rows 7, 9", "rows 7, 9, 12, …".

    Parameters
    ----------
    rows : sequence of int
        Numbers as a spreadsheet shows them.
    most : int
        How many are named.

    Returns
    -------
    str
    """
    return f"row{'s' * (len(rows) != 1)} {some([f'{row:,}' for row in rows], most)}"


def some(places: Sequence[str], most: int = 3) -> str:
    """The first few of many places: "D2, D7, D9, …".

    Parameters
    ----------
    places : sequence of str
        Such as addresses of cells.
    most : int
        How many are named.

    Returns
    -------
    str
    """
    return ", ".join(places[:most]) + ", …" * (len(places) > most)


def number(count: int, noun: str, plural: str = "") -> str:
    """A count with its noun: "1 row", "1,200 rows", "3 children".

    Parameters
    ----------
    count : int
        0 or more.
    noun : str
        In the singular.
    plural : str
        Where it is not the noun with an s.

    Returns
    -------
    str
    """
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"
