"""One workbook of all released tables, a sheet each, for readers who work in a spreadsheet."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import chain
from pathlib import Path

import pandas as pd
import xlsxwriter

from analysis.disclosure.catalogue import PAGE_TABLES
from analysis.disclosure.files import read_released
from analysis.disclosure.lazy import open_released
from analysis.disclosure.released import Released
from analysis.network.catalogue import NETWORK_TABLES
from analysis.study.networks import OWN
from analysis.study.paths import Paths
from analysis.study.settings import Settings
from analysis.study.supplied_table import SUPPLIED
from analysis.tables.summaries import joint

NAME = "released_tables.xlsx"
WITHHELD = "c"
MADE = datetime(2026, 11, 22)
"""Written as the day on which every such workbook was made, so that the same tables give the same file."""
LONGEST_SHEET_NAME = 31  # characters, by Excel's own rule
AS_WRITTEN = {
    "strings_to_formulas": False,  # a label that begins with = is a label
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write_workbook(settings: Settings, build: Path, folder: Path) -> Path | None:
    """Write every table that the run released into one workbook, and return its path; None if there is no table.

    The first sheet lists the others. Where there are more pages than can be listed beside every chapter, each table is
    one sheet of all of them. A sheet has the table's title and what the release gate did to it above the
    table. A withheld cell is "c", as in official statistics; one of a table from which nothing was withheld is blank.

    Parameters
    ----------
    settings : Settings
    build : Path
        The folder of the run's products.
    folder : Path
        Where the workbook goes; made where there is none.

    Returns
    -------
    Path or None

    Raises
    ------
    DisclosureError
        If a released table is not as it was written.
    """
    tables = _tables(settings, build)
    first = next(tables, None)
    if first is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / NAME
    # A sheet of a thousand pages is written row by row: its cells would take a gigabyte.
    memory = "constant_memory" if settings.many_pages else "in_memory"
    with xlsxwriter.Workbook(str(path), AS_WRITTEN | {memory: True}) as workbook:
        workbook.set_properties({"title": settings.protocol.title, "created": MADE})
        bold = workbook.add_format({"bold": True})
        contents = workbook.add_worksheet("Contents")
        contents.write_row(0, 0, ("sheet", "of", "table", "rows", "one row is"), bold)
        for number, (of, table) in enumerate(chain([first], tables), start=1):
            name = f"{number} {table.name}"[:LONGEST_SHEET_NAME]
            row = (name, of, table.specification.title, len(table.frame), table.specification.row)
            contents.write_row(number, 0, row)
            _write_sheet(workbook.add_worksheet(name), of, table, bold)
    return path


def _tables(settings: Settings, build: Path) -> Iterator[tuple[str, Released]]:
    paths = Paths(build)
    folders: list[tuple[str, Path, Mapping]] = []
    if settings.many_pages:
        yield from _together(settings, paths)
    else:
        folders += [(problem.slug, paths.released(problem.slug), PAGE_TABLES) for problem in settings.problems]
    supplied = {SUPPLIED.name: SUPPLIED}
    folders += [(authority, paths.supplied(authority), supplied) for authority in settings.authorities]
    networks = "family networks" if settings.network_world == OWN else "family networks of an invented country"
    folders.append((networks, paths.networks(settings.network_world), NETWORK_TABLES))
    for of, folder, specifications in folders:
        if (folder / "manifest.json").is_file():
            for table in read_released(folder, specifications).values():
                yield of, table


def _together(settings: Settings, paths: Paths) -> Iterator[tuple[str, Released]]:
    """Each table of all pages as one, for as many sheets as thousands of pages have nobody can use."""
    world = {
        (problem.authority, problem.outcome): open_released(paths.released(problem.slug), PAGE_TABLES)
        for problem in settings.problems
        if (paths.released(problem.slug) / "manifest.json").is_file()
    }
    for name in PAGE_TABLES:  # each from a copy of its own, so that no more than one of every page is in memory
        table = joint({problem: page.copy() for problem, page in world.items()}, name)
        if table is not None:
            yield "all authorities", table


def _write_sheet(sheet, of: str, table: Released, bold) -> None:
    above = [f"{table.specification.title}: {of}", *table.notes]
    if table.notes:
        above.append(f'"{WITHHELD}" is a cell that was withheld, or that could not be computed from what is published')
    for row, sentence in enumerate(above):
        sheet.write_string(row, 0, sentence, bold if row == 0 else None)
    first = len(above) + 1
    sheet.write_row(first, 0, list(table.frame.columns), bold)
    missing = WITHHELD if table.notes else ""
    for row, values in enumerate(table.frame.itertuples(index=False), start=first + 1):
        for column, value in enumerate(values):
            _write_cell(sheet, (row, column), value, missing)
    sheet.freeze_panes(first + 1, 1)


def _write_cell(sheet, at: tuple[int, int], value: object, missing: str) -> None:
    if pd.isna(value):
        sheet.write_string(*at, missing)
    elif isinstance(value, str):
        sheet.write_string(*at, value)
    else:
        sheet.write_number(*at, float(value))
