"""Fingerprints: what a product was made from, in 64 hexadecimal digits.

A step's fingerprint covers its parameters, the files it reads, the products it builds on, the code it runs
(every module its own module imports, however indirectly) and the locked environment. The same fingerprint
decides whether the step must run again and is shown on the page, so cache and provenance are one thing.
"""

import ast
import hashlib
import json
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import grimp
import jupytext

PACKAGES = ("analysis", "data_synthetic")
CODE = {".py", ".pyc"}
ROOT = Path(__file__).resolve().parents[2]


def hash_path(path: Path) -> str:
    """Hash of a file's content, or of every file below a folder with its relative name; 'absent' if neither."""
    digest = hashlib.blake2b(digest_size=32)
    if path.is_file():
        with path.open("rb") as file:
            return hashlib.file_digest(file, lambda: digest).hexdigest()
    if not path.is_dir():
        return "absent"
    for file in sorted(path.rglob("*")):
        if file.is_file():
            digest.update(f"{file.relative_to(path).as_posix()}={hash_path(file)}\n".encode())
    return digest.hexdigest()


def hash_values(*values) -> str:
    """Hash of values that can be written as JSON."""
    return hashlib.blake2b(json.dumps(values, sort_keys=True, default=str).encode(), digest_size=32).hexdigest()


@cache
def import_graph() -> grimp.ImportGraph:
    """Which module of ours imports which."""
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    return grimp.build_graph(*PACKAGES, cache_dir=None)


@cache
def hash_code(*modules: str) -> str:
    """Hash of the source of these modules and of everything of ours that they import, with its data files."""
    graph = import_graph()
    needed = set(modules).union(*(graph.find_upstream_modules(module) for module in modules))
    packages = {parent for module in needed for parent in _parents(module)}
    files = sorted({file for module in needed | packages for file in _files(module)})
    return hash_values([(file.relative_to(ROOT).as_posix(), hash_path(file)) for file in files])


def hash_environment() -> str:
    """Hash of the locked environment and of the Python that runs it."""
    return hash_values(hash_path(ROOT / "requirements.lock"), sys.version_info[:3])


def code_of(source: Path) -> str:
    """The code of a text notebook's cells, as one string."""
    return "\n".join(cell.source for cell in jupytext.read(source).cells if cell.cell_type == "code")


def modules_imported(source: str) -> tuple[str, ...]:
    """Modules of ours that a notebook's code imports, from its text."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.update(_resolve(node.module, (alias.name for alias in node.names)))
        elif isinstance(node, ast.Import):
            found.update(module for alias in node.names for module in _resolve(alias.name, ()))
    return tuple(sorted(found))


def _resolve(module: str, names: Iterable[str]) -> set[str]:
    graph = import_graph()
    candidates = {module, *(f"{module}.{name}" for name in names)}
    return {candidate for candidate in candidates if candidate in graph.modules}


def _parents(module: str) -> list[str]:
    parts = module.split(".")
    return [".".join(parts[:size]) for size in range(1, len(parts))]


def _files(module: str) -> list[Path]:
    """A module's source; for a package, also the data files beside its `__init__.py` or in folders that are none."""
    path = ROOT / Path(*module.split("."))
    if not path.is_dir():
        return [path.with_suffix(".py")]
    folders = [path, *(folder for folder in path.iterdir() if folder.is_dir() and folder.name == "data")]
    data = [file for folder in folders for file in folder.iterdir() if file.is_file() and file.suffix not in CODE]
    return [path / "__init__.py", *data]
