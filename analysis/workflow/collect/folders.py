"""What a folder that was sent may hold: expected names of bounded size, no link, nothing that leads outside."""

import os
import re
import stat
from collections.abc import Iterable
from pathlib import Path

from analysis.disclosure import PAGE_TABLES
from analysis.disclosure.files import MANIFEST, PAGE
from analysis.disclosure.signatures import SIGNATURE
from analysis.errors import DisclosureError
from analysis.escape import one_line

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,30}")
# Names that Windows gives to devices in every folder, and folders that a run makes in its build.
RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))})
OURS = frozenset({"book", "steps", "summary", "summary-networks", "networks", "synthetic", "child_level", "_build"})
LARGEST = 5_000_000  # bytes of one file: the largest table of a page has some twenty thousand
MOST_FILES = 300  # of one release (ours)
_PAGE_FILE = re.compile(rf"{PAGE}/(notebook\.ipynb|files/[A-Za-z0-9][A-Za-z0-9_-]{{0,120}}\.(csv|svg))")


def is_name(text: object) -> bool:
    """Whether a name can be a folder on every system and an entry of the book: letters, digits, hyphens, underscores.

    >>> is_name("LA1"), is_name("../victim"), is_name("CON"), is_name("book")
    (True, False, False, False)
    """
    return isinstance(text, str) and bool(NAME.fullmatch(text)) and text.casefold() not in RESERVED | OURS


def released_folders(folders: Iterable[str | Path]) -> list[Path]:
    """Every folder with a manifest at or below the given ones, in which nothing is but what a release holds.

    Raises
    ------
    DisclosureError
        Naming every link, every file that no release holds or that is too large, and each folder that is none.
    """
    found: dict[Path, Path] = {}
    problems = []
    for folder in map(Path, folders):
        if not folder.is_dir():
            raise DisclosureError("collect", f"{str(folder)!r} is not a folder; give a folder of released tables")
        problems += _links(folder)
        for manifest in sorted(folder.rglob(MANIFEST)):
            found.setdefault(manifest.parent.resolve(), manifest.parent)
    problems += [problem for folder in found.values() for problem in _unexpected(folder)]
    if problems:
        raise DisclosureError("collect", problems)
    return list(found.values())


def _links(folder: Path) -> list[str]:
    """One sentence for each link below a folder: what it leads to was not released."""
    problems = []
    for where, folders, files in os.walk(folder):
        for name in (*folders, *files):
            status = (Path(where) / name).lstat()
            shown = f"{folder}: {_shown((Path(where) / name).relative_to(folder))}"
            if stat.S_ISLNK(status.st_mode):
                problems.append(f"{shown} is a link; send the file itself")
            elif stat.S_ISREG(status.st_mode) and status.st_nlink > 1:
                problems.append(f"{shown} is a second name of another file (a hard link); send a copy")
            elif not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
                problems.append(f"{shown} is neither a file nor a folder; remove it")
    return problems


def _unexpected(folder: Path) -> list[str]:
    """One sentence for each file of a release that none has, or that is larger than any is."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]
    if len(files) > MOST_FILES:
        return [f"{folder}: {len(files)} files, where a release has at most {MOST_FILES}; send the release alone"]
    expected = {MANIFEST, SIGNATURE, *(f"{name}.csv" for name in PAGE_TABLES)}
    problems = []
    for path in files:
        name = path.relative_to(folder)
        if name.as_posix() not in expected and not _PAGE_FILE.fullmatch(name.as_posix()):
            problems.append(f"{folder}: {_shown(name)} is no file of a release; remove it")
        elif path.stat().st_size > LARGEST:
            problems.append(f"{folder}: {_shown(name)} is larger than {LARGEST:,} bytes; it is no file of a release")
    return problems


def _shown(name: Path) -> str:
    return repr(one_line(name.as_posix())[:120])
