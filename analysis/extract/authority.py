"""Which authorities a folder holds, and what an authority says of its extract."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from analysis.errors import TableError
from analysis.extract.annex_a import find_extracts, holds_extracts
from analysis.extract.files import SPREADSHEETS, printable
from analysis.extract.folders import (
    BESIDE,
    LIST_FOLDERS,
    OTHER_FOLDERS,
    PARTICULARS,
    RETURN_FOLDERS,
    file_called,
    left_by_the_system,
    list_folder,
    plain,
    table_called,
)
from analysis.extract.returns import find_returns
from analysis.protocol.yaml_file import YamlError, load_yaml

LONGEST_NAME = 100  # characters (ours)
NOTHING_TO_READ = "it holds no folder annex_a, ssd, cin_census or ssda903 and no workbook or CSV"


@dataclass(frozen=True)
class ExtractMetadata:
    """What `extract.yml` says: the authority's name and the observation period, where given."""

    name: str
    first_date: date | None = None
    last_date: date | None = None


def find_authorities(data: Path) -> dict[str, Path]:
    """The authorities whose extracts are at `data`, by name: one folder (or workbook) each.

    Parameters
    ----------
    data : Path
        A workbook, one authority's folder, or a folder with one folder for each authority.

    Raises
    ------
    TableError
        If there is nothing there that could be an extract.
    """
    data = Path(data)
    if not data.exists():
        raise TableError(printable(data.name), "no such file or folder; give the path of an extract")
    if data.is_file():
        return {_slug(data.stem): data}
    if not data.is_dir():
        raise TableError(printable(data.name), "neither a file nor a folder; give the path of an extract")
    councils = _councils(data)
    _check_list_folder(data, councils)
    if _is_authority(data) and not any(map(list_folder, councils)):
        return {_slug(data.resolve().name): data}
    if not councils:
        if not holds_extracts(data):
            expected = (
                "annex_a (workbooks or CSVs), ssd (ssd_*.csv), cin_census or ssda903, or one folder for each authority"
            )
            raise TableError(printable(data.name), f"no extract was found; the folder should hold {expected}")
        return {_slug(data.resolve().name): data}
    _check_names_differ(data, councils)
    return {_slug(path.name): path for path in councils}


def passed_over(data: Path) -> tuple[str, ...]:
    """What stands beside the folders of several authorities and is not one of them, each with the reason."""
    data = Path(data)
    if not data.is_dir() or data in find_authorities(data).values():
        return ()
    councils, lines = _councils(data), []
    for path in sorted(data.iterdir()):
        if path in councils or left_by_the_system(path) or plain(path.name) == "networks":
            continue
        reason = (
            "it holds no folder annex_a, ssd, cin_census or ssda903 and no workbook or CSV"
            if path.is_dir()
            else "it is no folder"
        )
        lines.append(f"{printable(path.name)}: not read as an authority's: {reason}")
    return tuple(lines)


def _councils(data: Path) -> list[Path]:
    others = {plain(name) for name in (*OTHER_FOLDERS, *LIST_FOLDERS, *RETURN_FOLDERS)}
    folders = [path for path in sorted(data.iterdir()) if path.is_dir() and not left_by_the_system(path)]
    return [path for path in folders if plain(path.name) not in others and _is_authority(path)]


def _check_list_folder(data: Path, councils: Sequence[Path]) -> None:
    """Refuse an authority's folder whose folder of lists has another name: it would be taken for the authority."""
    lists = (*LIST_FOLDERS, *RETURN_FOLDERS.values())
    if list_folder(data) or find_returns(data) or any(list_folder(path) or find_returns(path) for path in councils):
        return
    beside = [name for name in BESIDE if table_called(data, name)] + [PARTICULARS] * bool(
        file_called(data, PARTICULARS)
    )
    misnamed = [
        path.name for path in councils if beside or any(plain(path.name).startswith(plain(name)) for name in lists)
    ]
    if misnamed:
        cure = f"rename it to one of {', '.join(dict.fromkeys(lists))}"
        raise TableError(printable(data.resolve().name), f"the folder {printable(misnamed[0])!r} holds lists; {cure}")


def _check_names_differ(data: Path, councils: Sequence[Path]) -> None:
    by_name: dict[str, list[str]] = {}
    for path in councils:
        by_name.setdefault(_slug(path.name).lower(), []).append(printable(path.name))
    problems = [
        f"the folders {' and '.join(map(repr, names))} both become {_slug(names[0])!r}; rename one so that they "
        "differ in their first 31 letters and digits"
        for names in by_name.values()
        if len(names) > 1
    ]
    if problems:
        raise TableError(printable(data.resolve().name), problems)


def read_metadata(folder: Path) -> ExtractMetadata:
    """Read `extract.yml`, if there is one.

    Raises
    ------
    TableError
        If it is not YAML, has keys other than name, from and to, or dates that are not dates in order.
    """
    path = file_called(folder, PARTICULARS)
    if path is None:
        return ExtractMetadata(folder.stem if folder.is_file() else folder.resolve().name)
    try:
        values = load_yaml(path.read_bytes()) or {}
    except YamlError as error:
        raise TableError("extract.yml", f"{error}; it has lines such as 'name: Anyborough'") from None
    if not isinstance(values, dict):
        raise TableError("extract.yml", "expected keys and values; write lines such as 'name: Anyborough'")
    unknown = [str(key)[:60] for key in values if key not in ("name", "from", "to")]
    problems = [f"{key!r} is not a key; use name, from and to" for key in unknown]
    values |= {key: _date(values[key]) for key in ("from", "to") if key in values}
    name = values.get("name", folder.resolve().name)
    if isinstance(name, bool) or not isinstance(name, (str, int)) or not 0 < len(str(name).strip()) <= LONGEST_NAME:
        problems.append(f"'name' is not a name of at most {LONGEST_NAME} letters; write 'name: Anyborough'")
    problems += [
        f"{key!r} is not a date; write it as 2019-07-31"
        for key in ("from", "to")
        if key in values and type(values[key]) is not date
    ]
    if not problems and "from" in values and "to" in values and values["from"] > values["to"]:
        problems.append("'from' is after 'to'; exchange them")
    if problems:
        raise TableError("extract.yml", problems)
    return ExtractMetadata(printable(str(name)), values.get("from"), values.get("to"))


def _date(value: object) -> object:
    # A date in quotation marks is text to YAML.
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _is_authority(folder: Path) -> bool:
    if list_folder(folder) or any(folder.glob("ssd_*.csv")):
        return True
    if find_returns(folder):
        return True
    files = [path for path in folder.iterdir() if path.is_file() and not left_by_the_system(path)]
    if any(path.suffix.lower() in SPREADSHEETS for path in files):
        return True
    return folder.name in find_extracts(folder) and any(path.suffix.lower() == ".csv" for path in files)


def _slug(name: str) -> str:
    """A name that can stand in paths and labels: letters, digits, hyphens; it begins with a letter."""
    name = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))  # Môn is Mon
    slug = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in name).strip("-")[:31]
    return slug if slug[:1].isalpha() else f"A{slug}"[:31]
