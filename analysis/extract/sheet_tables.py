"""The tables of one sheet: as a rule one list, sometimes two below or beside one another."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from analysis.extract.definitions import Definitions
from analysis.extract.files import Sheet
from analysis.extract.headings import Recognised, identifier_columns, known_heading, recognise

LEAST_HEADINGS = 3  # known ones that make a row one of headings (ours)


def tables_of(sheet: Sheet, definitions: Definitions) -> list[tuple[Sheet, Recognised]]:
    """Each list that a sheet holds, from the top and from the left, with the sheet reduced to its columns.

    Rows up to the next row of headings belong to the list above it. Headings repeated for another page begin no
    new list.

    Parameters
    ----------
    sheet : Sheet
    definitions : Definitions
        The lists that are looked for.

    Returns
    -------
    list of tuple of Sheet and Recognised
    """
    tables = _below_one_another(sheet, definitions)
    return [beside for sheet_of, found in tables for beside in _beside_one_another(sheet_of, found, definitions)]


def _below_one_another(sheet: Sheet, definitions: Definitions) -> list[tuple[Sheet, Recognised]]:
    best = recognise(sheet.name, sheet.rows, definitions)
    tables: list[Recognised] = []
    for found in _recognised_rows(sheet, best, definitions):
        again = tables and (found.table, found.positions) == (tables[-1].table, tables[-1].positions)
        if not again:
            tables[-1:] = [replace(table, end_row=found.heading_row) for table in tables[-1:]]
            tables.append(found)
    return [(sheet, table) for table in tables]


def _recognised_rows(sheet: Sheet, best: Recognised | None, definitions: Definitions) -> Iterator[Recognised]:
    # The best row of headings among the first rows, and every other row that would do alone. Before the best one
    # only those of another list with rows under them count: headings may be written in two rows.
    rows = set(_heading_rows(sheet.rows, known_heading(definitions)))
    for index in sorted(rows | ({best.heading_row} if best else set())):
        if best and index == best.heading_row:
            yield best
            continue
        alone = recognise(sheet.name, [sheet.rows[index]], definitions)
        before = best is not None and index < best.heading_row
        if alone and not (best and before and (alone.table is best.table or index + 1 == best.heading_row)):
            yield replace(alone, heading_row=index)


def _heading_rows(rows: Sequence[Sequence[object]], known: Callable[[object], bool]) -> Iterator[int]:
    for index, row in enumerate(rows):
        begin = next((position for position, cell in enumerate(row) if cell not in (None, "")), len(row))
        # Most rows are distinguished from a row of headings by their first cells.
        if any(map(known, row[begin : begin + 3])) and sum(map(known, row)) >= LEAST_HEADINGS:
            yield index


def _beside_one_another(sheet: Sheet, found: Recognised, definitions: Definitions) -> list[tuple[Sheet, Recognised]]:
    headings = sheet.rows[found.heading_row]
    for column in identifier_columns(headings, definitions)[1:]:
        left = recognise(sheet.name, [headings[:column]], definitions)
        right = recognise(sheet.name, [[None] * column + list(headings[column:])], definitions)
        gap = headings[column - 1] in (None, "")
        if left and right and (gap or left.table is not right.table):
            at = {"heading_row": found.heading_row, "end_row": found.end_row}
            left_sheet = replace(sheet, rows=[row[:column] for row in sheet.rows])
            right_sheet = replace(sheet, rows=[[None] * column + list(row[column:]) for row in sheet.rows])
            beside = _beside_one_another(right_sheet, replace(right, **at), definitions)
            return [(left_sheet, replace(left, **at)), *beside]
    return [(sheet, found)]
