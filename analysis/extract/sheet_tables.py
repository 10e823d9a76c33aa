"""The tables of one sheet: as a rule one list, sometimes two below or beside one another."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from analysis.extract.definitions import Definitions
from analysis.extract.files import Sheet
from analysis.extract.headings import Recognised, identifier_columns, known_heading, recognise

LEAST_HEADINGS = 3


def tables_of(sheet: Sheet, definitions: Definitions) -> list[tuple[Sheet, Recognised]]:
    """Each list that a sheet holds, from the top and from the left, with the sheet reduced to its columns.

    Rows up to the next row of headings belong to the list above it. Headings repeated for another page begin no
    new list.
    """
    tables = _below_one_another(sheet, definitions)
    return [beside for sheet_of, found in tables for beside in _beside_one_another(sheet_of, found, definitions)]


def _below_one_another(sheet: Sheet, definitions: Definitions) -> list[tuple[Sheet, Recognised]]:
    first = recognise(sheet.name, sheet.rows, definitions)
    found = [first] if first else []
    start = first.heading_row + 1 if first else 0
    for index in _heading_rows(sheet.rows, start, known_heading(definitions)):
        alone = recognise(sheet.name, [sheet.rows[index]], definitions)
        again = alone and found and (alone.table, alone.positions) == (found[-1].table, found[-1].positions)
        if alone and not again:
            found[-1:] = [replace(found[-1], end_row=index)] if found else []
            found.append(replace(alone, heading_row=index))
    return [(sheet, one) for one in found]


def _heading_rows(rows: Sequence[Sequence[object]], start: int, known: Callable[[object], bool]) -> Iterator[int]:
    for index in range(start, len(rows)):
        row = rows[index]
        begin = next((position for position, cell in enumerate(row) if cell not in (None, "")), len(row))
        # Most rows are told from a row of headings by their first cells.
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
