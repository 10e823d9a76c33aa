"""Find and read Annex A extracts: workbooks with a sheet per list, or folders with a CSV per list."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import polars as pl

from analysis.errors import TableError
from analysis.extract.definitions import Definitions, Table, words
from analysis.extract.files import SPREADSHEETS, TEXT_TABLES, Sheet, has_macros, printable, read_sheets
from analysis.extract.folders import BESIDE, OTHER_FOLDERS, PARTICULARS, left_by_the_system, plain
from analysis.extract.headings import known_heading, lacks_identifier, named_like, other_return
from analysis.extract.isolated_dates import LONGEST_GAP_DAYS, without_isolated
from analysis.extract.packages import column_letter
from analysis.extract.report import ReportBuilder, number
from analysis.extract.sheet_tables import tables_of
from analysis.extract.tables import empty, read_table

OTHER_SHEETS = re.compile(r"\b(front|faq|guidance|codes?( used)?|contents?|notes?|cover|lookups?|read ?me|version)\b")
NOT_DATA = ("", ".yml", ".yaml", ".md", ".ini", ".db", ".tmp")  # ours, and those that Windows leaves about

Lists = dict[str, pl.DataFrame]


def find_extracts(place: Path, notes: ReportBuilder | None = None) -> dict[str, list[Path]]:
    """The files of each extract at `place`, by the extract's name: a workbook is one, a folder of CSVs is one.

    Parameters
    ----------
    place : Path
        A file, or the folder in which the lists or folders of them lie.
    notes : ReportBuilder or None
        Where what is passed over is named, with the reason.

    Returns
    -------
    dict of str to list of Path
        File and folder names are made printable.
    """
    if place.is_file():
        return {printable(place.name): [place]}
    passed_over = [] if notes is None else notes.ignored
    extracts: dict[str, list[Path]] = {}
    for folder in (place, *_folders_of_lists(place)):
        tables = []
        for path in sorted(folder.iterdir()):
            name = path.name if folder == place else f"{folder.name}/{path.name}"
            if path.is_dir():
                if folder != place:
                    passed_over.append(f"{printable(name)}: a folder within a folder of lists; move its files up")
            elif _is_file_of_lists(path):
                if path.suffix.lower() in TEXT_TABLES:
                    tables.append(path)
                else:
                    extracts[printable(name)] = [path]
            elif not left_by_the_system(path) and not _stands_beside(path):
                passed_over.append(f"{printable(name)}: not a workbook or CSV")
        if tables:
            extracts[printable(folder.name)] = tables
    return extracts


def _folders_of_lists(place: Path) -> list[Path]:
    others = {plain(name) for name in OTHER_FOLDERS}
    return sorted(
        path
        for path in place.iterdir()
        if path.is_dir() and plain(path.name) not in others and not left_by_the_system(path)
    )


def _is_file_of_lists(path: Path) -> bool:
    usable = path.suffix.lower() not in NOT_DATA and not left_by_the_system(path)
    return usable and path.is_file() and not _stands_beside(path)


def _stands_beside(path: Path) -> bool:
    return plain(path.stem) in BESIDE or plain(path.name) == plain(PARTICULARS)


def holds_extracts(place: Path) -> bool:
    """Whether a file, or a folder or one of its folders, looks as if it held lists."""
    suffixes = (*SPREADSHEETS, ".csv", ".tsv")
    return any(path.suffix.lower() in suffixes for files in find_extracts(place).values() for path in files)


def read_extracts(
    extracts: Mapping[str, Sequence[Path]], definitions: Definitions, *, latest: date, notes: ReportBuilder
) -> list[tuple[str, Lists]]:
    """The lists of each extract, the oldest extract first.

    Parameters
    ----------
    extracts : mapping of str to sequence of Path
        Files of each, by the extract's name.
    definitions : Definitions
        The lists that are looked for.
    latest : date
        No record can be dated later.
    notes : ReportBuilder

    Returns
    -------
    list of tuple of str and Lists
        The name of each extract and its lists by name, with rows as `read_table` gives them.

    Raises
    ------
    TableError
        If no list could be read from any file; `notes` has the reason for each file.
    """
    read = {}
    for name, paths in extracts.items():
        lists = _read_extract(name, paths, definitions, latest=latest, notes=notes)
        if lists:
            read[name] = lists
    if not read:
        missing = "no workbook or CSV was found in it or in one of its folders; put each extract there, no deeper"
        raise TableError("the extract", "no list could be read" if notes.problems else missing)
    return _oldest_first(read, notes)


def _oldest_first(read: Mapping[str, Lists], notes: ReportBuilder) -> list[tuple[str, Lists]]:
    # By its latest date that does not stand alone: a mistyped year must not make an older extract the newer one.
    days = {name: _days_of(lists) for name, lists in read.items()}
    believed = {name: max(without_isolated(own), default=date.min) for name, own in days.items()}
    ordered = sorted(read.items(), key=lambda item: (believed[item[0]], item[0]))
    for name, own in days.items():
        later = own.filter(own > believed[name])
        if len(later) and any(believed[name] < other <= own.max() for other in believed.values()):
            sentence = f"{number(len(later), 'date')} more than {LONGEST_GAP_DAYS} days after all others in it"
            notes.problem(name, f"{sentence}; not taken as the day of the extract; check them")
    return ordered


def _read_extract(
    name: str, paths: Iterable[Path], definitions: Definitions, *, latest: date, notes: ReportBuilder
) -> Lists:
    lists: dict[str, list[pl.DataFrame]] = {}
    for path in paths:
        own_name = printable(path.name)
        file = name if own_name in name else f"{name}/{own_name}"
        if path.stem.lower() in definitions.not_needed or _is_not_needed(path, definitions):
            notes.ignored.append(f"{file}: a table of {definitions.name} that is not needed")
            continue
        if path.suffix.lower() in SPREADSHEETS and has_macros(path):
            notes.problem(file, "the workbook holds macros; they were not run")
        try:
            sheets = read_sheets(path, known_heading(definitions))
        except TableError as error:
            for problem in error.problems:
                notes.problem(file, problem)
            continue
        said, recognised = len(notes.problems), []
        for position, sheet in enumerate(sheets, start=1):
            where = file if sheet.is_text else f"{file}, sheet {position}"
            read = _read_sheet(sheet, (name, file, where), definitions, latest=latest, notes=notes)
            for table, frame in read:
                lists.setdefault(table, []).append(frame)
            recognised += read
        about_lists = len(sheets) == 1 and sheets[0].is_text and OTHER_SHEETS.search(words(sheets[0].name))
        if not recognised and not about_lists and len(notes.problems) == said:
            notes.problem(file, _not_a_list(sheets, definitions))
    return {table: pl.concat(parts) for table, parts in lists.items()}


def _is_not_needed(path: Path, definitions: Definitions) -> bool:
    prefixes = {table.prefix for table in definitions.tables.values() if table.prefix}
    named = re.search(r"(?:^|[ ._])(ssd_\w+)$", path.stem.lower())
    return bool(prefixes) and named is not None and named[1] not in definitions.tables


def _read_sheet(
    sheet: Sheet, names: tuple[str, str, str], definitions: Definitions, *, latest: date, notes: ReportBuilder
) -> list[tuple[str, pl.DataFrame]]:
    """The lists of a sheet; `names` are those of the extract, the file and the sheet in messages."""
    extract, file, where = names
    tables, named = tables_of(sheet, definitions), named_like(sheet.name, definitions)
    title = tables[0][1].table.title if tables else named.title if named else ""
    for problem in sheet.problems:
        notes.problem(f"{where}, {title}" if title else where, problem)
    if tables and not named and OTHER_SHEETS.search(words(sheet.name)):
        trial = ReportBuilder()
        tried = [read_table(own, one, extract=extract, latest=latest, notes=trial) for own, one in tables]
        if not any(len(frame) for frame in tried):  # a sheet of codes may have a list's headings over them
            tables = []
    if not tables:
        _note_other_sheet(sheet, where, definitions, notes)
    for _, recognised in tables[1:]:
        at = column_letter(min(recognised.positions.values()))
        sentence = f"a second table begins at {at}{recognised.heading_row + 1} ({recognised.table.title})"
        notes.problem(where, f"{sentence}; it was read too; give each list a sheet of its own")
    if len(tables) == 1 and named and named is not tables[0][1].table:
        notes.problem(where, f"named like {named.title}, but read as {title}, whose headings it has")
    return [
        (one.table.name, read_table(own, one, extract=extract, latest=latest, notes=notes, file=file))
        for own, one in tables
    ]


def _note_other_sheet(sheet: Sheet, where: str, definitions: Definitions, notes: ReportBuilder) -> None:
    named = named_like(sheet.name, definitions)
    filled = any(cell not in (None, "") for row in sheet.rows for cell in row)
    about_lists = OTHER_SHEETS.search(words(sheet.name))
    if not filled:
        if sheet.problems:
            return
        empty = "empty, or cannot be read"
        if named:
            notes.problem(where, f"named like {named.title}, but {empty}; export the list again")
        else:
            notes.ignored.append(f"{where}: {empty}")
    elif about_lists:
        notes.ignored.append(f"{where} ({about_lists[0]}): not one of the lists")
    elif table := lacks_identifier(sheet.rows, definitions):
        sentence = f"its headings are those of {table.title}, but none is the child's identifier"
        notes.problem(where, f"{sentence}; call that column '{table.columns['child_id'].heading}'")
    elif other := other_return(sheet.rows):
        notes.problem(where, f"this looks like {other}, not {definitions.name} lists; remove it")
    elif named:
        notes.problem(where, _no_headings(named))
    elif not sheet.is_text:  # a file that is no list is a problem of its own
        notes.ignored.append(f"{where}: not one of the lists")


def _no_headings(table: Table) -> str:
    if table.prefix:
        sentence = f"{table.name}.csv has no heading '{table.columns['child_id'].heading}'"
        return f"{sentence}, so its rows cannot be put to a child and were not read; add the person's identifier"
    headings = ", ".join(f"'{column.heading}'" for column in list(table.columns.values())[:7])
    return f"no row of headings of {table.title} in its first rows; expected {headings} … in row 1 or 2"


def _not_a_list(sheets: Sequence[Sheet], definitions: Definitions) -> str:
    for sheet in sheets:
        if other := other_return(sheet.rows):
            cure = "put it in a folder called ssda903" if "SSDA903" in other else "remove it"
            return f"this looks like {other}, not {definitions.name} lists; {cure}"
    columns = max((len(row) for sheet in sheets for row in sheet.rows[:5]), default=0)
    size = f"{number(len(sheets), 'sheet')}, up to column {column_letter(columns - 1)}" if columns else "nothing in it"
    identifier = next(iter(definitions.tables.values())).columns["child_id"].heading
    return f"none of its sheets is a list of {definitions.name} ({size}); a list has '{identifier}' among its headings"


def _days_of(lists: Lists) -> pl.Series:
    days = [
        frame[column].drop_nulls().alias("day")
        for frame in lists.values()
        for column, kind in frame.schema.items()
        if kind == pl.Date and column not in ("birth_date", "expected_birth_date")
    ]
    return pl.concat([pl.Series("day", [], dtype=pl.Date), *days]).sort()


def complete(lists: Lists, definitions: Definitions, name: str) -> pl.DataFrame:
    """A list of an extract, with no rows if the extract has none.

    Parameters
    ----------
    lists : Lists
        Those that were read, by name.
    definitions : Definitions
    name : str
        A list of the definitions.

    Returns
    -------
    polars.DataFrame
    """
    return lists.get(name, empty(definitions.tables[name]))
