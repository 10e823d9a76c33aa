"""Where child-level data and the secret key live: away from the outputs, for their owner only, deleted by one call."""

import os
import secrets
import shutil
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from analysis.errors import DisclosureError

CHILD_LEVEL = "child_level"
CHECK_PAGE = "check.html"
"""The account of an extract, whose counts may be small: at the top of a build folder, and no more to be published."""
KEY_VARIABLE = "CHILDRENS_SERVICES_KEY"
_OWNER_FOLDER, _OWNER_FILE = 0o700, 0o600  # permissions for the owner alone
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def child_level_folder(build: str | Path, *parts: str) -> Path:
    """The folder ``build/<parts>/child_level``, created if need be, from its first moment open to its owner only."""
    folder = Path(build, *parts, CHILD_LEVEL)
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=_OWNER_FOLDER, exist_ok=True)
    folder.chmod(_OWNER_FOLDER)  # one that lay there already
    return folder


def close_new_files() -> None:
    """Create every file and folder from now on, in this process and those it starts, open to its owner only."""
    os.umask(_OTHERS)


def write_closed(path: Path, text: str) -> None:
    """Write a text in place of what lies there, from its first moment readable by its owner only.

    Parameters
    ----------
    path : Path
    text : str
    """
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_FILE)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def close_to_others(folder: str | Path) -> None:
    """Make a folder and all it holds readable and writable by its owner only."""
    folder = Path(folder)
    folder.chmod(_OWNER_FOLDER)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(_OWNER_FOLDER if path.is_dir() else _OWNER_FILE)


def list_child_level(build: str | Path) -> tuple[str, ...]:
    """Every child-level file under `build` and the account of the extract, as paths relative to it."""
    build = Path(build)
    files = [path for folder in _child_level_folders(build) for path in folder.rglob("*") if not path.is_dir()]
    files += [path for path in (build / CHECK_PAGE,) if path.is_file()]
    return tuple(sorted(path.relative_to(build).as_posix() for path in files))


def delete_child_level(build: str | Path) -> tuple[str, ...]:
    """Delete every ``child_level`` folder under `build` and the account of the extract; the files that are gone."""
    gone = list_child_level(build)
    for folder in _child_level_folders(Path(build)):
        shutil.rmtree(folder)
    Path(build, CHECK_PAGE).unlink(missing_ok=True)
    return gone


def _child_level_folders(build: Path) -> list[Path]:
    """Outermost folders named child_level, without following links out of `build`."""
    found = sorted(p for p in build.rglob(CHILD_LEVEL) if p.is_dir() and not p.is_symlink())
    return [folder for folder in found if CHILD_LEVEL not in folder.relative_to(build).parts[:-1]]


def outputs_of(build: Path) -> tuple[Path, ...]:
    """Where a run with this build folder may leave what is published or sent."""
    return build, Path("_build")


def default_key_path() -> Path:
    """The file named by the variable CHILDRENS_SERVICES_KEY, else one in the user's own configuration folder."""
    named = os.environ.get(KEY_VARIABLE)
    if named:
        return Path(named).expanduser()
    configuration = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return configuration / "machine-learning-in-childrens-services" / "key"


def secret_key(path: str | Path | None = None, *, outputs: Iterable[str | Path]) -> bytes:
    """The key that pseudonyms are hashed with: 32 bytes, made at first use and kept outside the outputs.

    Parameters
    ----------
    path : path, optional
        The key's file; `default_key_path` if not given.
    outputs : paths
        Folders that may be published or sent, in which a key is refused: the run's own build first of all.

    Returns
    -------
    bytes

    Raises
    ------
    DisclosureError
        If the file lies in an output, can be read by others, or does not hold a key.
    """
    path = Path(path).expanduser() if path else default_key_path()
    for output in outputs:
        if path.resolve().is_relative_to(Path(output).resolve()):
            raise DisclosureError("secret key", f"its file lies in the output {str(output)!r}; keep it elsewhere")
    with suppress(FileExistsError):
        _make_key(path)
    if os.name == "posix" and path.stat().st_mode & _OTHERS:
        raise DisclosureError("secret key", "others can read its file; make it yours alone: chmod 600")
    text = path.read_text(encoding="ascii", errors="replace").strip()
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise DisclosureError("secret key", "its file does not hold 64 hexadecimal digits; move it to make a new one")
    return key


def _make_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=_OWNER_FOLDER)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_FILE)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")
