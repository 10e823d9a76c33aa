"""Find and read Annex A extracts: workbooks with a sheet per list, or folders with a CSV per list."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import polars as pl

from analysis.errors import TableError
from analysis.extract.definitions import Definitions, Table, words
from analysis.extract.files import SPREADSHEETS, Sheet, has_macros, read_sheets
from analysis.extract.headings import lacks_identifier, named_like, other_return, recognise
from analysis.extract.packages import column_letter
from analysis.extract.report import Notes, number
from analysis.extract.tables import empty, read_table

BESIDE = ("documents", "families", "names")  # tables that stand beside the lists
OTHER_SHEETS = ("front sheet", "faq and changes", "guidance", "codes used", "contents", "notes", "cover")
OTHER_FOLDERS = ("documents", "networks")  # folders that stand beside those of the lists
NOT_DATA = ("", ".yml", ".yaml", ".md", ".ini", ".db", ".tmp")  # ours, and those that Windows leaves about

Lists = dict[str, pl.DataFrame]


def find_extracts(place: Path) -> dict[str, list[Path]]:
    """The files of each extract at `place`, by the extract's name: a workbook is one, a folder of CSVs is one."""
    if place.is_file():
        return {place.name: [place]}
    extracts: dict[str, list[Path]] = {}
    for folder in (
        place,
        *sorted(path for path in place.iterdir() if path.is_dir() and path.name not in OTHER_FOLDERS),
    ):
        tables = []
        for path in sorted(folder.iterdir()):
            hidden = path.name.startswith((".", "~")) or path.suffix.lower() in NOT_DATA
            if hidden or not path.is_file() or path.stem.lower() in BESIDE:
                continue
            name = path.name if folder == place else f"{folder.name}/{path.name}"
            if path.suffix.lower() in (".csv", ".tsv", ".txt"):
                tables.append(path)
            else:
                extracts[name] = [path]
        if tables:
            extracts[folder.name] = tables
    return extracts


def holds_extracts(place: Path) -> bool:
    """Whether a file, or a folder or one of its folders, looks as if it held lists."""
    suffixes = (*SPREADSHEETS, ".csv")
    return any(path.suffix.lower() in suffixes for files in find_extracts(place).values() for path in files)


def read_extracts(
    extracts: Mapping[str, Sequence[Path]], definitions: Definitions, *, latest: date, notes: Notes
) -> list[tuple[str, Lists]]:
    """The lists of each extract, the oldest extract first.

    Raises
    ------
    TableError
        If no list could be read from any file; with the reason for each file.
    """
    read = {}
    for name, paths in extracts.items():
        lists = _read_extract(name, paths, definitions, latest=latest, notes=notes)
        if lists:
            read[name] = lists
    if not read:
        problems = [str(problem) for problem in notes.problems] or [
            "no workbook or CSV was found in it or in one of its folders; put each extract there, no deeper"
        ]
        raise TableError("the extract", problems)
    return sorted(read.items(), key=lambda item: (_last_date(item[1]), item[0]))


def _read_extract(name: str, paths: Iterable[Path], definitions: Definitions, *, latest: date, notes: Notes) -> Lists:
    lists: dict[str, list[pl.DataFrame]] = {}
    for path in paths:
        if path.stem.lower() in definitions.not_needed:
            notes.ignored.append(f"{name}/{path.name}: a table of {definitions.name} that is not needed")
            continue
        if path.suffix.lower() in SPREADSHEETS and has_macros(path):
            notes.problem(name, "the workbook holds macros; they were not run")
        try:
            sheets = read_sheets(path)
        except TableError as error:
            for problem in error.problems:
                notes.problem(name if path.name in name else f"{name}/{path.name}", problem)
            continue
        told, found = len(notes.problems), []
        for position, sheet in enumerate(sheets, start=1):
            where = f"{name}, sheet {position}"
            found.append(_read_sheet(sheet, where, lists, definitions, latest=latest, notes=notes))
        if not any(found) and len(notes.problems) == told:
            notes.problem(name, _not_a_list(path, sheets, definitions))
    return {table: pl.concat(parts) for table, parts in lists.items()}


def _read_sheet(sheet: Sheet, where: str, lists, definitions: Definitions, *, latest: date, notes: Notes) -> bool:
    recognised, named = recognise(sheet.name, sheet.rows, definitions), named_like(sheet.name, definitions)
    if recognised is None:
        if table := lacks_identifier(sheet.rows, definitions):
            sentence = f"its headings are those of {table.title}, but none is the child's identifier"
            notes.problem(where, f"{sentence}; call that column '{table.columns['child_id'].heading}'")
        elif sheet.rows and named:
            notes.problem(where, _no_headings(named))
        elif sheet.rows:
            known = f" ({sheet.name})" if words(sheet.name) in OTHER_SHEETS else ""
            notes.ignored.append(f"{where}{known}: not one of the lists")
        return False
    if named and named is not recognised.table:
        notes.problem(where, f"named like {named.title}, but read as {recognised.table.title}, whose headings it has")
    extract = where.rpartition(", sheet ")[0]
    frame = read_table(sheet, recognised, extract=extract, latest=latest, notes=notes)
    lists.setdefault(recognised.table.name, []).append(frame)
    return True


def _no_headings(table: Table) -> str:
    if table.prefix:
        sentence = f"{table.name}.csv has no heading '{table.columns['child_id'].heading}'"
        return f"{sentence}, so its rows cannot be put to a child and were not read; add the person's identifier"
    headings = ", ".join(f"'{column.heading}'" for column in list(table.columns.values())[:7])
    return f"no row of headings of {table.title} in its first rows; expected {headings} … in row 1 or 2"


def _not_a_list(path: Path, sheets: Sequence[Sheet], definitions: Definitions) -> str:
    for sheet in sheets:
        if other := other_return(sheet.rows):
            cure = "put it in a folder called ssda903" if "SSDA903" in other else "remove it"
            return f"this looks like {other}, not {definitions.name} lists; {cure}"
    columns = max((len(row) for sheet in sheets for row in sheet.rows[:5]), default=0)
    size = f"{number(len(sheets), 'sheet')}, up to column {column_letter(columns - 1)}" if columns else "nothing in it"
    return (
        f"none of its sheets is a list of {definitions.name} ({size}); a list has 'Child Unique ID' among its headings"
    )


def _last_date(lists: Lists) -> date:
    dates = [
        day
        for frame in lists.values()
        for column, kind in frame.schema.items()
        if kind == pl.Date and column not in ("birth_date", "expected_birth_date")
        for day in [frame[column].max()]
        if day is not None
    ]
    return max(dates, default=date.min)


def complete(lists: Lists, definitions: Definitions, name: str) -> pl.DataFrame:
    """A list of an extract, with no rows if the extract has none."""
    return lists.get(name, empty(definitions.tables[name]))
