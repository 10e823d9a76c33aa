"""The statutory returns of an authority, alone or beside each other: the census's XML and SSDA903, year by year.

They lie in `cin_census` and `ssda903` (or the folder is one of them). Of 903 the header and the episodes are read, as
CSV, workbook or XML; what else it has is not needed. A file's return is recognised by what is in it, its year by the
census's reference date or by the dates on which episodes ended.
"""

import gc
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from analysis.errors import TableError
from analysis.extract.cin_census import Census, read_census
from analysis.extract.definitions import Definitions, words
from analysis.extract.files import SPREADSHEETS, Sheet, printable, read_sheets
from analysis.extract.folders import RETURN_FOLDERS, left_by_the_system
from analysis.extract.headings import Recognised, recognise
from analysis.extract.report import ReportBuilder, number
from analysis.extract.return_xml import is_xml, root_name
from analysis.extract.ssda903 import PERIOD, periods_of_care, read_xml, return_year
from analysis.extract.tables import read_table

Lists = dict[str, pl.DataFrame]
Year = tuple[date, date]

_CENSUS_ROOT, _903_ROOTS = "Message", ("EXPSSDA903", "SSDA903", "LookedAfterChildren")


@dataclass(frozen=True)
class YearOfReturn:
    """One return of one year: which it is, the name of its file or folder, its year and its lists."""

    kind: str  # cin_census or ssda903
    name: str
    year: Year | None
    lists: Lists


def find_returns(folder: Path) -> list[Path]:
    """The folders below a folder, or the folder itself, or the file, that hold census or SSDA903 files."""
    folder = Path(folder)
    if folder.is_file():
        return [folder] if _is_census_or_903(folder) else []
    below = sorted(path for path in folder.iterdir() if path.is_dir() and _kind_of_folder(path))
    if below:
        return [path for path in below if _data_files(path)]
    if _kind_of_folder(folder):
        return [folder] if _data_files(folder) else []
    own = sorted(path for path in folder.iterdir() if path.is_file())
    if any(path.suffix.lower() in SPREADSHEETS for path in own):  # workbooks are lists of Annex A, and come first
        return []
    return [folder] if any(map(_is_census_or_903, own)) else []


def read_returns(
    places: Sequence[Path], definitions: Definitions, *, latest: date, notes: ReportBuilder
) -> list[YearOfReturn]:
    """Every return at these places, the earliest year first.

    Parameters
    ----------
    places : sequence of Path
        From `find_returns`.
    definitions : Definitions
        `statutory_returns`, perhaps with what a mapping workbook says of codes.
    latest : datetime.date
        No record is of a later day.
    notes : ReportBuilder

    Returns
    -------
    list of YearOfReturn

    Raises
    ------
    TableError
        If nothing could be read, with the reason for each file.
    """
    found = []
    with _uncollected():
        for place in places:
            notes.ignored += _not_data(place)
            for name, files in _by_year(place).items():
                found += _read_year(name, files, definitions, latest=latest, notes=notes)
    if not found:
        raise TableError("the returns", "no census or SSDA903 file could be read")
    found.sort(key=lambda one: (one.year[1] if one.year else date.min, one.name))
    _note_years_twice(found, notes)
    _note_half_returns(found, notes)
    return found


def observed_years(returns: Sequence[YearOfReturn], notes: ReportBuilder) -> Year | None:
    """First and last day that the returns observe: of both, where both were supplied, the years that they share.

    A year between that is missing from one of them is a problem that is noted.

    Parameters
    ----------
    returns : sequence of YearOfReturn
    notes : ReportBuilder

    Returns
    -------
    Year or None
        None where no return says of which year it is.
    """
    spans = {}
    for kind in ("cin_census", "ssda903"):
        years = sorted({one.year for one in returns if one.kind == kind and one.year})
        if years:
            spans[kind] = years[0][0], max(last for _, last in years)
            for (_, before), (after, _) in zip(years, years[1:], strict=False):
                if (after - before).days > 1:
                    sentence = f"no {kind} from {before:%d/%m/%Y} to {after:%d/%m/%Y}"
                    notes.problem(kind, f"{sentence}: a year seems to be missing; nothing was seen in it")
    if not spans:
        return None
    first, last = max(span[0] for span in spans.values()), min(span[1] for span in spans.values())
    if first > last:
        notes.problem("the returns", "the census and SSDA903 have no year in common; supply the same years of both")
        return spans["cin_census"]
    return first, last


def with_periods_of_care(lists: Lists, returns: Sequence[YearOfReturn], notes: ReportBuilder) -> Lists:
    """Merged lists with the periods of care that SSDA903's episodes make, and a line on children in one return only.

    Parameters
    ----------
    lists : Lists
        Merged lists by name.
    returns : sequence of YearOfReturn
        In the order in which their lists were merged.
    notes : ReportBuilder

    Returns
    -------
    Lists
    """
    if "ssda903_episode" not in lists:
        return lists
    years = {position: one.year for position, one in enumerate(returns) if one.kind == "ssda903"}
    _note_children_in_no_census(lists, notes)
    return lists | {PERIOD: periods_of_care(lists["ssda903_episode"], years, notes)}


def _note_years_twice(returns: Sequence[YearOfReturn], notes: ReportBuilder) -> None:
    of_year: dict[tuple[str, Year], list[str]] = {}
    for one in returns:
        if one.year:
            of_year.setdefault((one.kind, one.year), []).append(one.name)
    for (kind, (_, last)), names in of_year.items():
        if len(names) > 1:
            sentence = f"{' and '.join(map(printable, names))} are both of the year to {last:%d/%m/%Y}"
            notes.problem(kind, f"{sentence}; both were read; remove one that the other replaces, or correct its year")


def _note_half_returns(returns: Sequence[YearOfReturn], notes: ReportBuilder) -> None:
    headers, episodes = (
        {one.name: one.lists[table]["child_id"] for one in returns if table in one.lists}
        for table in ("ssda903_header", "ssda903_episode")
    )
    if not episodes and not headers:
        return
    known = pl.concat([pl.Series(dtype=pl.String), *headers.values()])
    looked_after = pl.concat([pl.Series(dtype=pl.String), *episodes.values()]).drop_nulls().unique()
    if unknown := int((~looked_after.is_in(known.implode())).sum()):
        sentence = f"{unknown:,} of {number(len(looked_after), 'child', 'children')} with episodes are in no header"
        notes.problem(
            "ssda903", f"{sentence}, so their sex, ethnicity and date of birth are not known; add the headers"
        )
    if len(headers) > len(episodes):
        lacking = " and ".join(printable(name) for name in headers if name not in episodes)
        notes.problem("ssda903", f"{lacking}: a header without episodes; no care in that year can be seen; add them")


@contextmanager
def _uncollected() -> Iterator[None]:
    # Reading makes millions of small objects and no cycle among them; looking for cycles took a sixth of its time.
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _note_children_in_no_census(lists: Lists, notes: ReportBuilder) -> None:
    if "cin_referral" not in lists:
        return
    looked_after = lists["ssda903_episode"].select("child_id").unique()
    unknown_children = len(looked_after.join(lists["cin_child"].select("child_id").unique(), on="child_id", how="anti"))
    if unknown_children:
        sentence = f"{unknown_children:,} of {number(len(looked_after), 'child', 'children')} are in no census"
        notes.problem("ssda903", f"{sentence}; see whether both returns write the child's identifier alike")


def _by_year(place: Path) -> dict[str, list[Path]]:
    """The files of each return: one for each XML, and for the tables one for each folder or year in their names."""
    groups: dict[str, list[Path]] = {}
    for path in [place] if place.is_file() else _data_files(place):
        inside = path.parent.name if path.parent != place and not place.is_file() else ""
        year = re.search(r"(?<!\d)(?:19|20)\d\d(?!\d{3})|(?<!\d)\d\d[-_ ]?\d\d(?!\d)", path.stem)  # 2017, or 1617
        name = path.name if is_xml(path) else inside or (year[0] if year else place.stem)
        groups.setdefault(name, []).append(path)
    return groups


def _read_year(
    name: str, files: Iterable[Path], definitions: Definitions, *, latest: date, notes: ReportBuilder
) -> list[YearOfReturn]:
    lists: dict[str, list[pl.DataFrame]] = {}
    kind, year = "ssda903", None
    for path in files:
        try:
            if is_xml(path) and root_name(path) == _CENSUS_ROOT:
                census = read_census(path)
                kind, year = "cin_census", census.year
                sheets = [_as_sheet(*part, definitions) for part in census.rows.items()]
                _note_census(name, census, notes)
            else:
                sheets = _sheets_of_903(path, name, definitions, notes)
        except TableError as error:
            for problem in error.problems:
                notes.problem(path.name, problem)
            continue
        for sheet, found in sheets:
            frame = read_table(sheet, found, extract=name, latest=latest, notes=notes)
            lists.setdefault(found.table.name, []).append(frame)
    merged = {table: pl.concat(parts) for table, parts in lists.items()}
    if "ssda903_episode" in merged:
        year = return_year(merged["ssda903_episode"])
    return [YearOfReturn(kind, name, year, merged)] if merged else []


def _note_census(name: str, census: Census, notes: ReportBuilder) -> None:
    if census.unknown:
        count = number(len(census.unknown), "kind")
        notes.problem(name, f"{count} of element that the census does not have; not read")
    if census.year is None:
        notes.problem(name, "it gives no reference date, so its year is not known; export the census again")


def _sheets_of_903(
    path: Path, name: str, definitions: Definitions, notes: ReportBuilder
) -> list[tuple[Sheet, Recognised]]:
    if is_xml(path):
        return [_as_sheet(table, rows, definitions) for table, rows in read_xml(path).items()]
    found = []
    for sheet in read_sheets(path):
        recognised = recognise(sheet.name, sheet.rows, _of_903(definitions))
        if recognised:
            found.append((sheet, recognised))
        elif re.search(r"header|episode", path.stem, re.IGNORECASE):
            expected = "CHILD, SEX, DOB, ETHNIC and UPN for the header, CHILD, DECOM, RNE and DEC for the episodes"
            notes.problem(name, f"{path.name}: its headings are not those of SSDA903; expected {expected}")
        elif sheet.rows:
            notes.ignored.append(f"{name}, {path.name}: a table of SSDA903 that is not needed")
    return found


def _as_sheet(name: str, rows: list, definitions: Definitions) -> tuple[Sheet, Recognised]:
    # Every element of one kind is a row; no row of headings stands before the first.
    table = definitions.tables[name]
    return Sheet(name, rows), Recognised(table, -1, {field: i for i, field in enumerate(table.columns)}, (), (), ())


def _of_903(every: Definitions) -> Definitions:
    tables = {name: every.tables[name] for name in ("ssda903_header", "ssda903_episode")}
    return Definitions(every.name, every.version, tables)


def _kind_of_folder(folder: Path) -> str | None:
    return RETURN_FOLDERS.get(words(folder.name).replace(" ", ""))


def _data_files(folder: Path) -> list[Path]:
    suffixes = (".xml", ".csv", *SPREADSHEETS)
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith((".", "~")))
    return sorted(path for path in files if path.suffix.lower() in suffixes)


def _not_data(place: Path) -> list[str]:
    """The files of a return's own folder that are in none of the forms that are read."""
    if place.is_file() or not _kind_of_folder(place):
        return []
    read = set(_data_files(place))
    others = (path for path in sorted(place.rglob("*")) if path.is_file() and not left_by_the_system(path))
    return [
        f"{printable(place.name)}, {printable(path.name)}: not XML, CSV or a workbook"
        for path in others
        if path not in read
    ]


def _is_census_or_903(path: Path) -> bool:
    if path.suffix.lower() == ".xml":
        try:
            return root_name(path) in (_CENSUS_ROOT, *_903_ROOTS)
        except TableError:
            return False
    if path.suffix.lower() != ".csv":
        return False
    with path.open("rb") as file:
        return {b"CHILD", b"DECOM", b"RNE"} <= set(re.split(rb"\W+", file.readline(4096).upper()))
