"""The linear constraints between published counts: which are equal, which add up to which, which lie inside which.

A reader of a whole page has more than one table: the test cases of a design stand in five of them, the subgroups
of a characteristic add up to the sample, each threshold flags all that a higher one flags. Each such fact is an
equation here, and a way to work out a count that no table prints.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass

import pandas as pd

from analysis.disclosure.equations import Equation, total
from analysis.disclosure.populations import (
    DECISIONS,
    GROUPS_OF_ONE,
    PATH_COUNTS,
    SAMPLES,
    SPLITS,
    TOTALS,
    WHOLE_GROUPS,
)
from analysis.disclosure.specification import Sum, TableSpecification

Cell = tuple[str, int, str]
_ABOVE_MINUS_ONE = -1.0 + 1e-5  # an eighth of 96 is 12, not 13: rounding up never adds a whole 1
SMALLEST_SHARE = 1 / 8  # of the training families, in a learning curve's first size: as in `analysis.model`


class Row:
    """A row of a table: whose cases it counts, and so the full name of each of its counts."""

    def __init__(self, specification: TableSpecification, place: int, labels: Mapping):
        self.specification, self.place, self.labels = specification, place, labels
        self.table = specification.name
        self.design = str(labels.get(specification.design, ""))
        self.learned_from = self.design.split("-")[-1]
        self.population = population(specification, self)
        self.distinguished = 0

    def distinguish(self) -> None:
        """Give the row's population a name of its own: its cases are not those that other tables count."""
        self.distinguished += 1
        own = self.design if self.distinguished == 1 and self.design else f"{self.table}, row {self.place}"
        self.population = f"{self.population} ({own})"

    def name(self, count: str) -> str:
        """A count's full name; decisions also carry the design, and the threshold if there are several."""
        if count in self.specification.counts_of:
            count, population = self.specification.counts_of[count]
            return f"{count} of {population.format(**self.labels, learned_from=self.learned_from)}"
        if count not in DECISIONS or not self.design:
            return f"{count} of {self.population}"
        many = self.specification.many_thresholds
        threshold = f" at threshold {self.labels['threshold']}" if many else ""
        return f"{count} of {self.population}, by {self.design}{threshold}"


@dataclass(frozen=True)
class Counts:
    """Every count of some tables, by the quantity it is, with the equations between quantities.

    Attributes
    ----------
    rows : dict of (table, place) -> Row
    cells : dict of (table, place, column) -> quantity
    values : dict of quantity -> int or None
        None where no cell gives it.
    equations : tuple of Equation
    totals : dict of quantity -> its parts
        Those that are printed as the sum of their rounded parts.
    shared : frozenset of quantities
        Those that are of the same children on the page of every outcome.
    """

    rows: dict[tuple[str, int], Row]
    cells: dict[Cell, str]
    values: dict[str, int | None]
    equations: tuple[Equation, ...]
    totals: dict[str, tuple[str, ...]]
    shared: frozenset[str] = frozenset()


class Relations:
    """Tables that are read together, and what relates their counts: computed once, for each order of ties.

    Parameters
    ----------
    frames : dict of table name -> DataFrame
        Not changed while it is used.
    specifications : dict of table name -> TableSpecification
    """

    def __init__(self, frames: Mapping[str, pd.DataFrame], specifications: Mapping[str, TableSpecification]):
        self.rows = {
            (name, place): Row(specifications[name], place, labels)
            for name, frame in frames.items()
            for place, labels in enumerate(records(frame))
        }
        columns = {name: [column.name for column in specifications[name].named("count")] for name in frames}
        printed = {(t, place, c): _value(row.labels[c]) for (t, place), row in self.rows.items() for c in columns[t]}
        _distinguish(self.rows, printed)
        self._cells = {cell: self.rows[cell[:2]].name(cell[2]) for cell in printed}
        self._values: dict[str, int | None] = {}
        for cell, quantity in self._cells.items():
            self._values[quantity] = printed[cell] if printed[cell] is not None else self._values.get(quantity)
        found = [equation for row in self.rows.values() for equation in _splits(row, specifications[row.table])]
        found += [e for name in frames for e in _sums(specifications[name], self.rows, self._values)]
        self._before = _by_terms(found)
        known = set(self._cells.values())
        self._after = _by_terms(
            [*_flow(self.rows), *_sizes(self.rows), *_samples(self._values), *_same(self.rows, known)]
        )
        self._counts: dict[int, Counts] = {}

    def counts(self, ties: int = 1) -> "Counts":
        """The quantities and equations, if of two thresholds that are printed alike the one is the higher.

        Parameters
        ----------
        ties : {1, -1}
            Which of two tables' thresholds is taken to be the higher; see `tied`.

        Returns
        -------
        Counts
        """
        if ties not in self._counts:
            equations = tuple((self._before | _by_terms(_bands(self.rows, ties)) | self._after).values())
            totals, shared = _totals(self._cells), _shared(self.rows, self._cells)
            self._counts[ties] = Counts(self.rows, self._cells, self._values, equations, totals, shared)
        return self._counts[ties]


def count_constraints(
    frames: Mapping[str, pd.DataFrame], specifications: Mapping[str, TableSpecification], *, ties: int = 1
) -> Counts:
    """The quantities and equations of some tables that are read together.

    Parameters
    ----------
    frames : dict of table name -> DataFrame
    specifications : dict of table name -> TableSpecification
    ties : {1, -1}
        Which of two tables' thresholds that are printed alike is taken to be the higher; see `tied`.

    Returns
    -------
    Counts
    """
    return Relations(frames, specifications).counts(ties)


def records(frame: pd.DataFrame) -> list[dict]:
    """The rows of a table, each by column: as `DataFrame.to_dict` makes them, in a tenth of the time.

    >>> records(pd.DataFrame({"cases": pd.array([12, None], dtype="Int64"), "design": ["text", "text"]}))
    [{'cases': 12, 'design': 'text'}, {'cases': <NA>, 'design': 'text'}]
    """
    columns = [frame[name].tolist() for name in frame]
    return [dict(zip(frame.columns, row, strict=True)) for row in zip(*columns, strict=True)]


def _by_terms(equations: Iterable[Equation]) -> dict[tuple, Equation]:
    """Equations by what they say, so that one which is met twice stands once."""
    return {tuple(sorted(equation.terms.items())): equation for equation in equations}


def population(specification: TableSpecification, row: Row) -> str:
    """Whose cases a row counts, in words that are the same in every table that counts the same cases.

    Parameters
    ----------
    specification : TableSpecification
    row : Row

    Returns
    -------
    str
    """
    if specification.population is None:  # it holds no counts
        return f"table {specification.name}"
    return specification.population.format(**row.labels, learned_from=row.learned_from).removesuffix(GROUPS_OF_ONE)


def _value(printed: object) -> int | None:
    return None if pd.isna(printed) else int(printed)


def _distinguish(rows: Mapping[tuple[str, int], Row], printed: Mapping[Cell, int | None]) -> None:
    """Where tables print different counts of one population, name it by design; if they still differ, by row."""
    for _ in range(2):
        found: dict[str, set[int]] = {}
        for (table, place, column), value in printed.items():
            if value is not None:
                found.setdefault(rows[table, place].name(column), set()).add(value)
        differing = {
            rows[t, p].population for t, p, column in printed if len(found.get(rows[t, p].name(column), ())) > 1
        }
        for row in rows.values():
            if row.population in differing:
                row.distinguish()


def of_rows(counts: Counts, chosen: Callable[[dict[str, str]], bool]) -> set[str]:
    """Quantities, other than how many there are, of rows that are chosen by their column -> quantity.

    Parameters
    ----------
    counts : Counts
        Counts of the tables, with the equations between them.
    chosen : callable of (column -> quantity) -> bool

    Returns
    -------
    set of str
    """
    rows: dict[tuple[str, int], dict[str, str]] = {}
    for (table, place, column), quantity in counts.cells.items():
        rows.setdefault((table, place), {})[column] = quantity
    return {q for row in rows.values() if chosen(row) for column, q in row.items() if column not in WHOLE_GROUPS}


def _totals(cells: Mapping[Cell, str]) -> dict[str, tuple[str, ...]]:
    totals = {}
    for (table, place, column), quantity in cells.items():
        places = [(table, place, part) for part in TOTALS.get(column, ())]
        if places and all(cell in cells for cell in places):
            totals[quantity] = tuple(cells[cell] for cell in places)
    return totals


def _shared(rows: Mapping[tuple[str, int], Row], cells: Mapping[Cell, str]) -> frozenset[str]:
    """Counts that do not depend on the outcome.

    The families that a design on all cases is tested on are drawn anew for each outcome: the difference of two such
    numbers is not a number of children. Those of a design on earlier cases are the last to come, whatever the outcome.
    """
    names = set()
    for (table, place, column), quantity in cells.items():
        row = rows[table, place]
        if column in row.specification.shared and row.learned_from != "all_cases":
            names.add(quantity)
    return frozenset(names)


def _splits(row: Row, specification: TableSpecification) -> Iterator[Equation]:
    rates = specification.named("rate")
    known = {column.name for column in specification.named("count")}.union(*(rate.of for rate in rates))
    known |= set(specification.implied)
    for whole, parts in SPLITS:
        if len(known & {whole, *parts}) >= 2:
            known |= {whole, *parts}
            yield total(row.name(whole), map(row.name, parts), f"{whole} = {' + '.join(parts)}, {row.population}")
    for part, whole in (rate.of for rate in rates):
        if not any(whole == w and part in parts for w, parts in SPLITS):
            names = row.name(part), row.name(f"{whole} without {part}")
            yield total(row.name(whole), names, f"{whole} = {part} + the rest, {row.population}")


def _sums(
    specification: TableSpecification, rows: Mapping[tuple[str, int], Row], values: Mapping[str, int | None]
) -> Iterator[Equation]:
    for sum_ in specification.adds_up or ():
        groups: dict[tuple, list[Row]] = {}
        for row in (row for row in rows.values() if row.table == specification.name):
            groups.setdefault(tuple(str(row.labels[name]) for name in sum_.within), []).append(row)
        for labels, members in groups.items():
            for count in (count for count in sum_.counts if count in members[0].labels):
                yield _sum(sum_, count, members, ", ".join(labels), values)


def _sum(sum_: Sum, count: str, members: list[Row], labels: str, values: Mapping[str, int | None]) -> Equation:
    whole = whole_of(sum_, count, members[0])
    parts = [row.name(count) for row in members]
    words = f"{whole} = sum over the rows of {members[0].table}" + f" ({labels})" * bool(labels)
    equation = total(whole, parts, words)
    if (sum_.complete or sum_.complete_for == members[0].learned_from) and not _contradicted(equation, values):
        return equation
    rest = f"{whole} in no row of {members[0].table} ({labels})"
    return total(whole, [*parts, rest], words + " + the rest")


def whole_of(sum_: Sum, count: str, row: Row) -> str:
    """The full name of the count that the rows of a sum, of which `row` is one, add up to.

    Parameters
    ----------
    sum_ : Sum
    count : str
        Name of a count's column.
    row : Row

    Returns
    -------
    str
    """
    population = sum_.whole.format(**row.labels, learned_from=row.learned_from)
    by = f", by {row.design}" if count in DECISIONS and row.design else ""
    return f"{count} of {population}{by}"


def _contradicted(equation: Equation, values: Mapping[str, int | None]) -> bool:
    """Whether the values of an equation are all known and do not satisfy it."""
    found = [values.get(name) for name in equation.terms]
    if any(value is None for value in found):
        return False
    return abs(sum(c * v for c, v in zip(equation.terms.values(), found, strict=True))) > 0.5


def tied(frames: Mapping[str, pd.DataFrame], specifications: Mapping[str, TableSpecification]) -> bool:
    """Whether two tables print the same threshold for a design: which of the two is higher, the print does not tell.

    Parameters
    ----------
    frames : dict of table name -> DataFrame
    specifications : dict of table name -> TableSpecification

    Returns
    -------
    bool
    """
    on_a_path = [name for name in frames if specifications[name].path is not None]
    found = [frames[name][["design", "threshold"]].drop_duplicates() for name in on_a_path]
    return bool(found) and bool(pd.concat(found).duplicated().any())


def _bands(rows: Mapping[tuple[str, int], Row], ties: int) -> Iterator[Equation]:
    """Cases with risks between two printed thresholds, as the difference of two rows."""
    paths: dict[str, list[Row]] = {}
    for row in rows.values():
        if row.specification.path is not None:
            paths.setdefault(row.design, []).append(row)
    for path in paths.values():
        path = sorted(path, key=lambda row: (-row.labels["threshold"], ties * row.specification.path))
        for fewer, more in zip(path, path[1:], strict=False):
            for count in PATH_COUNTS:
                small, large = fewer.name(count), more.name(count)
                yield total(large, [small, f"({large}) - ({small})"], f"{large} = {small} + those between")


def _flow(rows: Mapping[tuple[str, int], Row]) -> Iterator[Equation]:
    """Each step of a flow leaves what the one before left, without what it removed."""
    steps: dict[str, list[Row]] = {}
    for row in rows.values():
        if {"removed", "remaining"} <= set(row.labels):
            steps.setdefault(row.table, []).append(row)
    for flow in steps.values():
        for before, after in zip(flow, flow[1:], strict=False):
            names = before.name("remaining"), after.name("remaining"), after.name("removed")
            yield total(names[0], names[1:], f"{names[0]} = {names[1]} + {names[2]}")
    for row in (flow[-1] for flow in steps.values()):
        if everyone := row.specification.ends_as:
            last = row.name("remaining")
            yield total(everyone, [last], f"{last} = {everyone}")


def _sizes(rows: Mapping[tuple[str, int], Row]) -> Iterator[Equation]:
    """A learning curve's sizes are public shares of the training families with an outcome, rounded up; the last is all.

    share x all <= size < share x all + 1 (so -1 < share x all - size <= 0)
    """
    curves: dict[str, set[int]] = {}
    for row in (row for row in rows.values() if row.specification.known_shares):
        curves.setdefault(row.learned_from, set()).add(int(row.labels["size"]))
    for learned_from, sizes in curves.items():
        whole, largest = f"positive_families of training cases, {learned_from}", max(sizes)
        for size in sizes - {largest}:
            share, part = SMALLEST_SHARE ** ((largest - size) / (largest - 1)), f"{whole}, size {size}"
            yield Equation({whole: share, part: -1.0}, f"{part} are a known share of {whole}", _ABOVE_MINUS_ONE, 0.0)
        yield total(whole, [f"{whole}, size {largest}"], f"{whole}, size {largest} are all")


def _samples(values: Mapping[str, int | None]) -> Iterator[Equation]:
    """All notifications are the first and the subsequent ones, of every subgroup too."""
    whole, *parts = SAMPLES
    for name in values:
        count, of, population = name.partition(f" of {whole}")
        names = [f"{count} of {part}{population}" for part in parts]
        if of and set(names) <= set(values):
            equation = total(name, names, f"{name} = {' + '.join(names)}")
            if not _contradicted(equation, values):
                yield equation


def _same(rows: Mapping[tuple[str, int], Row], known: Set[str]) -> Iterator[Equation]:
    """Counts that are equal by design."""
    for row in rows.values():
        for equal in row.specification.same:
            if equal.where is None or row.labels[equal.where[0]] == equal.where[1]:
                own = equal.other in row.labels
                other = row.name(equal.other) if own else equal.other.format(**row.labels)
                if other in known:
                    yield total(row.name(equal.count), [other], f"{row.name(equal.count)} = {other}")
