"""Which authorities a folder holds, and what an authority says of its extract."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from analysis.errors import TableError
from analysis.extract.annex_a import OTHER_FOLDERS, find_extracts, holds_extracts
from analysis.extract.files import SPREADSHEETS
from analysis.extract.returns import find_returns


@dataclass(frozen=True)
class Particulars:
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
        raise TableError(data.name, "no such file or folder; give the path of an extract")
    if data.is_file():
        return {_slug(data.stem): data}
    if _is_authority(data):
        return {_slug(data.resolve().name): data}
    folders = [path for path in sorted(data.iterdir()) if path.is_dir() and not path.name.startswith(".")]
    folders = [path for path in folders if path.name not in OTHER_FOLDERS]
    found = {_slug(path.name): path for path in folders if _is_authority(path)}
    if not found and holds_extracts(data):
        found = {_slug(data.resolve().name): data}
    if not found:
        expected = (
            "annex_a (workbooks or CSVs), ssd (ssd_*.csv), cin_census or ssda903, or one folder for each authority"
        )
        raise TableError(data.name, f"no extract was found; the folder should hold {expected}")
    return found


def read_particulars(folder: Path) -> Particulars:
    """Read `extract.yml`, if there is one.

    Raises
    ------
    TableError
        If it is not YAML, has keys other than name, from and to, or dates that are not dates in order.
    """
    path = folder / "extract.yml"
    if folder.is_file() or not path.is_file():
        return Particulars(folder.stem if folder.is_file() else folder.resolve().name)
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (yaml.YAMLError, UnicodeDecodeError, ValueError):
        raise TableError("extract.yml", "it is not YAML; write lines such as 'name: Anyborough'") from None
    if not isinstance(values, dict):
        raise TableError("extract.yml", "expected keys and values; write lines such as 'name: Anyborough'")
    problems = [
        f"{key!r} is not a key; use name, from and to" for key in map(str, values) if key not in ("name", "from", "to")
    ]
    for key in ("from", "to"):
        if key in values and type(values[key]) is not date:
            problems.append(f"{key!r} is not a date; write it as 2019-07-31")
    if not problems and "from" in values and "to" in values and values["from"] > values["to"]:
        problems.append("'from' is after 'to'; exchange them")
    if problems:
        raise TableError("extract.yml", problems)
    return Particulars(str(values.get("name", folder.resolve().name)), values.get("from"), values.get("to"))


def _is_authority(folder: Path) -> bool:
    if (folder / "annex_a").is_dir() or (folder / "ssd").is_dir() or any(folder.glob("ssd_*.csv")):
        return True
    if find_returns(folder):
        return True
    files = [path for path in folder.iterdir() if path.is_file()]
    if any(path.suffix.lower() in SPREADSHEETS for path in files):
        return True
    return folder.name in find_extracts(folder) and any(path.suffix.lower() == ".csv" for path in files)


def _slug(name: str) -> str:
    """A name that can stand in paths and labels: letters, digits, hyphens; it begins with a letter."""
    slug = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in name).strip("-")[:31]
    return slug if slug[:1].isalpha() else f"A{slug}"[:31]
