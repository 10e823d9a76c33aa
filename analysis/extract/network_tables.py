"""Read the tables of a study of family networks: people, relationships, events, a registry, types of relationship.

A folder holds each table as `<name>.parquet` or `<name>.csv`, and may hold `relationship_types.csv`, which says of
each type whether it is family by birth and who, if anyone, it names as an abuser. The tables stay on their engine;
only counts of what is wrong come back, never a value.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import ibis
import pandas as pd
import pyarrow as pa
from ibis.backends import BaseBackend
from ibis.expr.types import Column, StringColumn, Table

from analysis.errors import TableError
from analysis.extract.delimited import separator
from analysis.extract.files import SPREADSHEETS, read_sheets
from analysis.extract.folders import table_called
from analysis.network.engine import materialise, register
from analysis.network.tables import NetworkTables
from analysis.protocol.values import Networks

COLUMNS = {
    "people": ("person_id", "birth_date", "gender", "ethnicity"),
    "relationships": ("person_id", "relative_id", "relationship_type", "recorded_date"),
    "events": ("person_id", "event", "date"),
    "registry": ("person_id", "relative_id", "relationship_type"),
}
OPTIONAL = ("registry",)
PERSONS = ("person_id", "relative_id")
DAYS = ("birth_date", "recorded_date", "date")
MAY_BE_EMPTY = ("birth_date", "gender", "ethnicity")
TYPES_FILE = "relationship_types.csv"
TYPE_COLUMNS = ("relationship_type", "class", "whole_life", "instigator")
LEGAL = {"whole_life": ("yes", "no"), "instigator": ("person", "relative", "")}
NOT_STATED = "not stated"


@dataclass(frozen=True)
class _Raw:
    """A table as found and the file it came from. What is not a whole number or a day already is words."""

    name: str
    file: str
    table: Table


def read_network_tables(
    folder: str | Path, backend: BaseBackend, definitions: Networks, *, usual_types: Path | None = None
) -> NetworkTables:
    """Read and check the tables of a folder.

    Parameters
    ----------
    folder : path
        With `people`, `relationships`, `events` and, if there is one, `registry`, as parquet or CSV, and, if the
        types of relationship are not the usual ones, `relationship_types.csv`.
    backend : ibis backend
        From `analysis.network.engine.connect`.
    definitions : Networks
        Says which kinds of event must be there.
    usual_types : path, optional
        The table of relationship types for a folder that holds none.

    Returns
    -------
    NetworkTables

    Raises
    ------
    TableError
        With every problem of every file: a missing file or column, days that cannot be read, people who are in
        one table but not in another, types of relationship that the table of types does not have.
    """
    folder = Path(folder)
    own_types = folder / TYPES_FILE
    types = read_types(own_types if own_types.is_file() or usual_types is None else usual_types)
    raw, problems = _open_all(folder, backend)
    if problems:
        raise TableError(str(folder), problems)
    problems = [problem for table in raw.values() for problem in _problems_of_values(table)]
    if not problems:
        numbers = None if _all_numbered(raw) else materialise(_numbers(raw["people"].table))
        checked = {name: materialise(_checked(table.table, numbers)) for name, table in raw.items()}
        problems = _problems_between(checked, raw, set(types["relationship_type"]), definitions)
    if problems:
        raise TableError(str(folder), problems)
    placed = register(backend, pa.Table.from_pandas(types, preserve_index=False))
    return NetworkTables(**({"registry": None} | checked), types=placed)


def read_types(file: Path) -> pd.DataFrame:
    """The table of relationship types, which its owner may edit.

    Raises
    ------
    TableError
        If it is missing, lacks a column, repeats a type or holds a word it may not.
    """
    if not file.is_file():
        example = "data_synthetic/network/relationship_types.csv"
        raise TableError(file.name, f"no such file; copy {example} and edit it to list every type in your data")
    types = _text_table(file, TYPE_COLUMNS).to_pandas()
    missing = [name for name in TYPE_COLUMNS if name not in types]
    if missing:
        raise TableError(file.name, [f"column {name!r} is missing; add it" for name in missing])
    types = types[list(TYPE_COLUMNS)].apply(lambda column: column.str.strip())
    problems = []
    repeated = int(types["relationship_type"].duplicated().sum())
    if repeated:
        problems.append(f"{repeated} types stand there twice; keep one row of each")
    for name, legal in LEGAL.items():
        unknown = sorted(set(types[name]) - set(legal))
        if unknown:
            expected = ", ".join(word or "nothing" for word in legal)
            problems.append(f"{name!r}: expected {expected}, found {', '.join(map(repr, unknown))}")
    if problems:
        raise TableError(file.name, problems)
    return types


def _open_all(folder: Path, backend: BaseBackend) -> tuple[dict[str, _Raw], list[str]]:
    raw, problems = {}, []
    for name, columns in COLUMNS.items():
        file = table_called(folder, name)
        if file is None:
            if name not in OPTIONAL:
                problems.append(f"no {name}.parquet or {name}.csv; put the table of {name} there")
            continue
        if file.suffix.lower() in SPREADSHEETS:
            problems.append(f"{file.name}: a workbook; save it as CSV or parquet")
            continue
        try:
            table = _open(file, columns, backend)
        except TableError as error:
            problems += [f"{file.name}: {problem}" for problem in error.problems]
            continue
        missing = [column for column in columns if column not in table.columns]
        problems += [f"{file.name}: column {column!r} is missing; add it" for column in missing]
        if not missing:
            raw[name] = _Raw(name, file.name, table.select(*columns))
    return raw, problems


def _open(file: Path, columns: Sequence[str], backend: BaseBackend) -> Table:
    if file.suffix.lower() == ".parquet":
        table = backend.read_parquet(str(file))
        typed = [name for name in table.columns if table[name].type().is_integer() or table[name].type().is_date()]
        return table.mutate(**{name: table[name].cast("string") for name in table.columns if name not in typed})
    if not _engine_reads(file, columns):
        return register(backend, _text_table(file, columns))
    return backend.read_csv(str(file), all_varchar=True)


def _engine_reads(file: Path, columns: Sequence[str]) -> bool:
    """Whether a file is what the engine takes a CSV to be: UTF-8 with commas."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            start = text.read(1 << 16)
            while text.read(1 << 20):
                pass
    except UnicodeDecodeError:
        return False
    return "\0" not in start and separator(start, set(columns).__contains__) == ","


def _text_table(file: Path, columns: Sequence[str]) -> pa.Table:
    headings, *body = read_sheets(file, set(columns).__contains__)[0].rows or [[]]
    positions = {str(heading).strip(): position for position, heading in enumerate(headings)}
    cells = {name: [row[at] if at < len(row) else "" for row in body] for name, at in positions.items()}
    return pa.table({name: pa.array(values, pa.string()) for name, values in cells.items()})


def _problems_of_values(raw: _Raw) -> list[str]:
    """Empty cells where none may be, and days that cannot be read."""
    table = raw.table
    counts = {"rows": table.count()}
    for name in table.columns:
        words = table[name].type().is_string()
        empty = table[name].isnull() | (table[name].strip() == "") if words else table[name].isnull()
        counts[f"empty {name}"] = empty.sum()
        if name in DAYS:
            counts[f"unread {name}"] = (~empty & _day(table[name]).isnull()).sum()
    found = {key: int(value or 0) for key, value in table.agg(**counts).to_pyarrow().to_pylist()[0].items()}
    rows = f"{found['rows']:,}"
    problems = [f"{raw.file}: it has no rows"] if not found["rows"] else []
    for key, number in found.items():
        kind, _, name = key.partition(" ")
        if kind == "empty" and number and name not in MAY_BE_EMPTY:
            problems.append(f"{raw.file}, {name!r}: {number:,} of {rows} cells are empty; fill them or drop the rows")
        if kind == "unread" and number:
            words = "cannot be read as days; write them as 2019-01-31 or 31/01/2019"
            problems.append(f"{raw.file}, {name!r}: {number:,} of {rows} cells {words}")
    return problems


def _day(column: Column):
    """A day from '2019-01-31', '2019-01-31 00:00:00' or '31/01/2019'; null if it is none of these."""
    if column.type().is_date():
        return column
    column = column.cast("string")
    turned = column.strip().re_replace(r"^(\d{1,2})/(\d{1,2})/(\d{4}).*$", r"\3-\2-\1")
    return turned.substr(0, 10).try_cast("date")


def _all_numbered(raw: dict[str, _Raw]) -> bool:
    """Whether people are whole numbers in every table, so that no other numbers are needed."""
    tables = [found.table for found in raw.values()]
    return all(table[name].type().is_integer() for table in tables for name in PERSONS if name in table.columns)


def _numbers(people: Table) -> Table:
    """A number for each person, 1, 2 ..., shorter identifiers first, so that numbers stay in order."""
    names = people.select(name=people.person_id.cast("string").strip()).distinct()
    order = [names.name.length(), names.name]
    return names.select("name", number=ibis.row_number().over(order_by=order).cast("int64") + 1)


def _checked(table: Table, numbers: Table | None) -> Table:
    """With people as numbers (null if not among the people), days as days and words without stray blanks."""
    for name in PERSONS:
        if name in table.columns and numbers is not None:
            renamed = numbers.select(**{f"{name}_name": "name", f"{name}_number": "number"})
            table = table.mutate(**{name: table[name].cast("string").strip()})
            table = table.left_join(renamed, table[name] == renamed[f"{name}_name"])
            table = table.mutate(**{name: table[f"{name}_number"]}).drop(f"{name}_name", f"{name}_number")
    days = {name: _day(table[name]) for name in DAYS if name in table.columns}
    words = {name: _words(table[name], name) for name in table.columns if name not in (*PERSONS, *DAYS)}
    return table.mutate(**days, **words)


def _words(column: StringColumn, name: str) -> StringColumn:
    stripped = column.cast("string").strip().nullif("")
    return stripped.fill_null(NOT_STATED) if name in MAY_BE_EMPTY else stripped


def _problems_between(
    checked: dict[str, Table], raw: dict[str, _Raw], types: set[str], definitions: Networks
) -> list[str]:
    """People and types that one table has and another lacks; kinds of event that must be there."""
    problems = []
    people = checked["people"]
    twice = people.count().to_pyarrow().as_py() - people.person_id.nunique().to_pyarrow().as_py()
    if twice:
        problems.append(f"{raw['people'].file}: {twice:,} rows repeat a 'person_id'; keep one row of each person")
    for name, table in checked.items():
        for person in (column for column in PERSONS if column in table.columns):
            known = table[person] == people.person_id
            unknown = table.anti_join(people, known).count().to_pyarrow().as_py() if name != "people" else 0
            if unknown:
                problems.append(
                    f"{raw[name].file}, {person!r}: {unknown:,} rows name a person who is not in "
                    f"{raw['people'].file}; add the people or drop the rows"
                )
        if "relationship_type" in table.columns:
            found = set(table.select("relationship_type").distinct().to_pyarrow()["relationship_type"].to_pylist())
            lacking = len(found - types)
            if lacking:
                problems.append(
                    f"{raw[name].file}, 'relationship_type': {lacking:,} types are not in the table of types; put a "
                    f"{TYPES_FILE} beside it with a row for each"
                )
    kinds = set(checked["events"].select("event").distinct().to_pyarrow()["event"].to_pylist())
    for use, wanted in definitions.events.model_dump().items():
        if not kinds & set(wanted):
            problems.append(
                f"{raw['events'].file}, 'event': no event is a {use} ({', '.join(wanted)}); rename your events, "
                f"or edit networks.events.{use} in the protocol"
            )
    return problems
