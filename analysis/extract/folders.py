"""What stands in an authority's folder, whatever the case and punctuation of its names, and what of it is not read."""

from collections.abc import Collection, Iterator
from pathlib import Path

from analysis.extract.files import printable

TABLE_FORMATS = (".parquet", ".csv", ".xlsx", ".xlsm", ".ods", ".xls", ".tsv", ".txt")
LIST_FOLDERS = ("ssd", "annex_a")  # where an authority has both, the first is read
# A name of the folder of a statutory return, as `plain` writes it, and which return it is.
RETURN_FOLDERS = {"cincensus": "cin_census", "cin": "cin_census", "ssda903": "ssda903", "903": "ssda903"}
BESIDE = ("documents", "families", "names", "mapping", "scores")  # tables that stand beside the lists
OTHER_FOLDERS = ("documents", "networks")  # folders that stand beside those of the lists
PARTICULARS = "extract.yml"


def plain(name: str) -> str:
    """A name without what people write in different ways: case, spaces and punctuation.

    >>> plain("Annex A") == plain("annex_a") == plain("ANNEX-A")
    True
    """
    return "".join(character for character in name.lower() if character.isalnum())


def folder_called(folder: Path, name: str) -> Path | None:
    """The folder in `folder` of this name, written in whichever way; the exact name comes first.

    Parameters
    ----------
    folder : Path
        The one to look in.
    name : str
        The official name.

    Returns
    -------
    Path or None
        None where there is none.
    """
    named = [path for path in _entries(folder) if path.is_dir() and plain(path.name) == plain(name)]
    return min(named, key=lambda path: path.name != name, default=None)


def file_called(folder: Path, name: str) -> Path | None:
    """The file in `folder` of this name, written in whichever way; the exact name comes first.

    Parameters
    ----------
    folder : Path
        The one to look in.
    name : str
        The official name, with its ending.

    Returns
    -------
    Path or None
        None where there is none.
    """
    named = [path for path in _entries(folder) if path.is_file() and plain(path.name) == plain(name)]
    return min(named, key=lambda path: path.name != name, default=None)


def table_called(folder: Path, name: str) -> Path | None:
    """The table of this name beside the lists, in whichever format it comes; see `TABLE_FORMATS` for which is first.

    Parameters
    ----------
    folder : Path
        The one to look in.
    name : str
        The official name, without an ending.

    Returns
    -------
    Path or None
        None where there is none.
    """
    named = [path for path in _entries(folder) if is_table_called(path, name)]
    return min(named, key=lambda path: (TABLE_FORMATS.index(path.suffix.lower()), path.name), default=None)


def is_table_called(path: Path, name: str) -> bool:
    """Whether a file is a table of this name.

    Parameters
    ----------
    path : Path
    name : str
        The official name, without an ending.

    Returns
    -------
    bool
    """
    return path.suffix.lower() in TABLE_FORMATS and plain(path.stem) == plain(name) and path.is_file()


def list_folder(folder: Path) -> tuple[str, Path] | None:
    """The folder of the lists of an authority and which of `LIST_FOLDERS` it is; None if there is none."""
    named = ((name, folder_called(folder, name)) for name in LIST_FOLDERS)
    return next(((name, path) for name, path in named if path), None)


def left_by_the_system(path: Path) -> bool:
    """Whether a file is one that a computer or Excel leaves about, such as a lock file or a folder's thumbnails."""
    return path.name.startswith((".", "~$")) or path.name.lower() in ("thumbs.db", "desktop.ini")


def not_read(folder: Path, returns: Collection[Path] = ()) -> Iterator[str]:
    """Each file and folder of an authority that nothing reads, with the reason.

    Where the lists stand in the folder itself, only what is called like a table beside them is named here.

    Parameters
    ----------
    folder : Path
        The authority's.
    returns : collection of Path
        Its folders of statutory returns that are read, or named elsewhere.

    Returns
    -------
    iterator of str
        Each a name and a reason; names are made printable.
    """
    lists = list_folder(folder) or ("", folder)
    read = {lists[1], folder_called(folder, "networks"), file_called(folder, PARTICULARS)}
    read |= {*returns, *(_beside(folder, name) for name in BESIDE)}
    for path in _entries(folder):
        beside = plain(path.stem) in (*BESIDE, plain(PARTICULARS), *OTHER_FOLDERS)
        of_the_return = folder in returns and path.is_file()  # which lies in the folder itself
        if path not in read and (lists[0] or returns and not of_the_return or beside):
            yield f"{printable(path.name)}: {_reason(path, read, lists)}"


def _beside(folder: Path, name: str) -> Path | None:
    documents = folder_called(folder, name) if name == "documents" else None
    return documents or table_called(folder, name)


def _reason(path: Path, read: set[Path | None], lists: tuple[str, Path]) -> str:
    same = [other for other in read if other and plain(other.stem) == plain(path.stem)]
    if same:
        return f"{printable(same[0].name)} was read in its place; remove the one that is not wanted"
    if path.is_dir() and plain(path.name) in map(plain, LIST_FOLDERS):
        return f"the folder {printable(lists[1].name)} was read in its place; remove the one that is not wanted"
    if path.is_dir():
        return "a folder that is not known; lists stand in annex_a or ssd, texts in documents"
    if plain(path.name) in map(plain, (*LIST_FOLDERS, *OTHER_FOLDERS)):
        return "a file where a folder is expected"
    expected = f"{', '.join(BESIDE)} or {PARTICULARS}"
    return f"a file that is not known; lists stand in the folder {printable(lists[1].name)}, beside it {expected}"


def _entries(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if not left_by_the_system(path))
