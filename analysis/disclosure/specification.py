"""The record of a released table: its columns, whose cases it counts, what adds up, and what plans it.

The release gate treats a column by its role, so a table that is not described cannot be released. A record that
leaves out what disclosure control has to know is refused when it is made, which is when its module is imported.

key      a label (design, subgroup, year ...)
count    a number of cases, outcomes, families or documents: suppressed and rounded by the preset
rate     numerator / denominator, both counts of the same row: recomputed from the released counts
measure  a statistic of `of` (count columns or none): withheld where those counts are too small
text     words (verdicts, explanations, parameters, terms), withheld with the counts in `of`
setting  a number that describes the analysis, not the cases (a threshold, a limit, a size)
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Role = Literal["key", "count", "rate", "measure", "text", "setting"]


@dataclass(frozen=True)
class Column:
    """A column of a released table.

    Attributes
    ----------
    name, role, meaning : str
    of : tuple of str
        For a rate: (numerator, denominator). For a measure: the count columns of the same row on which it
        rests, e.g. ("cases", "positives"); empty if the table holds no counts of its own. For text: the counts
        that it would tell of.
    decimals : int
        How exactly a measure of an authority's own data is printed.
    """

    name: str
    role: Role
    meaning: str
    of: tuple[str, ...] = ()
    decimals: int = 2


@dataclass(frozen=True)
class Support:
    """Counts of another table on which the measures of a row rest: withheld there, they are withheld here.

    Attributes
    ----------
    table : str
    counts : tuple of str
    match : tuple of (its column, our column)
        Which of its rows it is.
    only : tuple of (its column, label)
        Labels of its row that we do not carry.
    partly : bool
        Whether some of our rows rest on none of its rows.
    absent : bool
        Whether our rows are left out, and not blanked, where the counts are withheld: for a table whose list of
        rows itself tells something of them.
    """

    table: str
    counts: tuple[str, ...]
    match: tuple[tuple[str, str], ...]
    only: tuple[tuple[str, str], ...] = ()
    partly: bool = False
    absent: bool = False


@dataclass(frozen=True)
class Sum:
    """Rows of a table that share `within` and add up to a whole, or to less of it unless they are `complete`.

    Attributes
    ----------
    within : tuple of str
        Columns whose labels these rows have in common.
    whole : str
        The population they add up to, as a template like `TableSpecification.population`.
    counts : tuple of str
        The counts that add up.
    complete : bool
    complete_for : str, optional
        Of designs that learn from these cases the rows are complete, though not of all.
    """

    within: tuple[str, ...]
    whole: str
    counts: tuple[str, ...]
    complete: bool = True
    complete_for: str | None = None


@dataclass(frozen=True)
class SameCount:
    """A count of a row that is another count too, by design.

    Attributes
    ----------
    count : str
    other : str
        A count of the same row, or the whole name of one in another table, with the row's labels in braces.
    where : (column, label), optional
        The rows of which it is so, if not of all.
    """

    count: str
    other: str
    where: tuple[str, object] | None = None


DOES_NOT_ADD_UP: tuple[Sum, ...] = ()
"""Said of a table whose rows add up to nothing that is counted elsewhere."""
EXPLORATORY: frozenset[str] = frozenset()
"""Said of a table that no section of the protocol plans."""
COHORT = frozenset({"study", "predictions"})
MODELS = COHORT | {"designs", "splits", "models", "text", "supplied_counts", "seeds"}
NETWORKS = frozenset({"networks"})


@dataclass(frozen=True)
class TableSpecification:
    """The record of a table that may be published; nothing else about the table is said anywhere else.

    Attributes
    ----------
    name, title : str
    row : str
        What one row is.
    columns : tuple of Column
        In order.
    rests_on : tuple of Support
    utility : float
        How much a reader would miss one of its cells: where a count must be withheld to protect another, a cell of
        little utility goes first.
    planned_by : frozenset of str
        The sections of the protocol that plan it, or `EXPLORATORY`.
    population : str
        Whose cases a row counts, with its labels in braces; rows of two tables that count the same cases must have
        the same population.
    adds_up : tuple of Sum
        What its rows add up to, or `DOES_NOT_ADD_UP`.
    counts_of : dict of count column -> (count, population)
        Counts that are a count of other cases than the row's.
    shared : tuple of str
        Counts that are of the same children whatever the outcome: two outcomes of one authority are compared in them.
    same : tuple of SameCount
        Counts that are another count too.
    design : str
        The column that names the design whose cases and decisions a row counts.
    path : int, optional
        Set if each row is a point on one path, where what a row flags, every row that flags more flags too: its
        place among tables whose thresholds are printed alike.
    many_thresholds : bool
        Whether its decisions are at the row's threshold, not at the design's frozen one.
    implied : tuple of str
        Counts that its measures are made of, though it does not print them.
    coarsen : callable, optional
        ``coarsen(frames, preset, rules)``: the table in fewer rows, and notes.
    from_print : callable, optional
        ``from_print(published, table)``: the table with what follows from printed tables computed from them.
    over_rows : tuple of str
        Columns whose values depend on which rows the table has (a p-value corrected for the number of tests): they
        are computed again when rows are left out, or withheld.
    derived : bool
        Whether it is computed from released tables alone; the release gate refuses it.
    cohort : bool
        Whether it counts the cases before any split or model. Where these counts have moved by only a few since a
        release, that release stands.
    net_benefit : bool
        Whether its measures are net benefits, from which counts of the row's design follow: it holds none to withhold,
        so where one would be disclosed it is printed more coarsely first, and then not at all.
    ranks_cases : bool
        Whether its AUC and average precision are attacked beside its printed counts.
    ends_as : str
        Of a flow, the count that its last row is.
    known_shares : bool
        Whether its rows are of known shares of the training families, its column `size` says which.

    Raises
    ------
    TypeError
        If what plans it is not said, or it holds counts and their population or what they add up to is not said.
    """

    name: str
    title: str
    row: str
    columns: tuple[Column, ...]
    rests_on: tuple[Support, ...] = ()
    utility: float = 1.0
    planned_by: frozenset[str] | None = None
    population: str | None = None
    adds_up: tuple[Sum, ...] | None = None
    counts_of: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    shared: tuple[str, ...] = ()
    same: tuple[SameCount, ...] = ()
    design: str = "design"
    path: int | None = None
    many_thresholds: bool = False
    implied: tuple[str, ...] = ()
    coarsen: Callable | None = None
    from_print: Callable | None = None
    over_rows: tuple[str, ...] = ()
    derived: bool = False
    cohort: bool = False
    net_benefit: bool = False
    ranks_cases: bool = False
    ends_as: str = ""
    known_shares: bool = False

    def __post_init__(self):
        counts = {column.name for column in self.named("count")}
        problems = ["say which sections of the protocol plan it, or EXPLORATORY"] * (self.planned_by is None)
        if counts and not self.derived:
            problems += ["say whose cases its rows count (population)"] * (not self.population)
            problems += ["say what its rows add up to (adds_up), or DOES_NOT_ADD_UP"] * (self.adds_up is None)
        named = {
            *self.counts_of,
            *self.shared,
            *(equal.count for equal in self.same),
            *(name for sum_ in self.adds_up or () for name in sum_.counts),
        }
        problems += [f"{name!r} is not a count of it" for name in sorted(named - counts)]
        problems += [
            f"{column.name!r} rests on {name!r}, which is not a count of it"
            for column in (*self.named("measure"), *self.named("text"))
            for name in column.of
            if name not in counts and not self.derived
        ]
        if problems:
            raise TypeError(f"table {self.name!r}: {'; '.join(problems)}")

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def named(self, role: Role) -> tuple[Column, ...]:
        """The columns of this role."""
        return tuple(column for column in self.columns if column.role == role)


def key(name: str, meaning: str) -> Column:
    """A column that says what a row is about.

    Parameters
    ----------
    name : str
    meaning : str
        What the column holds, in words for a reader.

    Returns
    -------
    Column
    """
    return Column(name, "key", meaning)


def count(name: str, meaning: str) -> Column:
    """A column of counts of cases or families, which disclosure control may withhold.

    Parameters
    ----------
    name : str
    meaning : str
        What the column holds, in words for a reader.

    Returns
    -------
    Column
    """
    return Column(name, "count", meaning)


def rate(name: str, numerator: str, denominator: str, meaning: str) -> Column:
    """A column of rates, computed anew from the counts that are printed.

    Parameters
    ----------
    name : str
    numerator : str
        Name of a count.
    denominator : str
        Name of a count.
    meaning : str
        What the column holds, in words for a reader.

    Returns
    -------
    Column
    """
    return Column(name, "rate", meaning, (numerator, denominator))


def measure(name: str, meaning: str, of: tuple[str, ...] = (), decimals: int = 2) -> Column:
    """A column of measures, rounded, and withheld with the counts they rest on.

    Parameters
    ----------
    name : str
    meaning : str
        What the column holds, in words for a reader.
    of : tuple of str, optional
        Names of the counts that it rests on: where one is withheld, so is this.
    decimals : int, 0 or more, optional

    Returns
    -------
    Column
    """
    return Column(name, "measure", meaning, of, decimals)


def text(name: str, meaning: str, of: tuple[str, ...] = ()) -> Column:
    """A column of words.

    Parameters
    ----------
    name : str
    meaning : str
        What the column holds, in words for a reader.
    of : tuple of str, optional
        Names of the counts that it rests on: where one is withheld, so is this.

    Returns
    -------
    Column
    """
    return Column(name, "text", meaning, of)


def setting(name: str, meaning: str) -> Column:
    """A column of values that come from no case: of the protocol or of a published study.

    Parameters
    ----------
    name : str
    meaning : str
        What the column holds, in words for a reader.

    Returns
    -------
    Column
    """
    return Column(name, "setting", meaning)
