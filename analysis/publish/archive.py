"""The archive for deposit: the book, what it was made from, and a description of every file (RO-Crate)."""

import hashlib
import mimetypes
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from rocrate.rocrate import ROCrate

from analysis.errors import DisclosureError
from analysis.publish.citation import Citation, read_citation

PRIVATE = "child_level"
FROM_THE_REPOSITORY = (
    *("README.md", "LICENSE", "CITATION.cff", "protocol.yml"),
    *("requirements.lock", "environment.yml", "pyproject.toml"),
)
SAME_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can hold: the same files make the same bytes


def write_archive(
    archive: Path, parts: Mapping[str, Path], *, citation: Path, published: date, license_name: str = "MIT"
) -> Path:
    """Pack files and folders into one zip with RO-Crate metadata: a hash and a size for each file, and the citation.

    Parameters
    ----------
    archive : Path
        The zip to write.
    parts : mapping of str to Path
        Name in the archive → file or folder, such as {"html": Path("_build/html"), "protocol.yml": ...}.
    citation : Path
        CITATION.cff, from which title, authors and abstract are taken.
    published : datetime.date
    license_name : str
        The SPDX identifier of the licence.

    Returns
    -------
    Path
        `archive`.

    Raises
    ------
    DisclosureError
        If anything child-level is among the parts.

    References
    ----------
    RO-Crate 1.1, https://w3id.org/ro/crate/1.1
    """
    files = dict(sorted(_files(parts).items()))
    _refuse_private(files)
    cited = read_citation(citation)
    with tempfile.TemporaryDirectory() as folder:
        crate = _described(cited, files, published, license_name)
        crate.write(folder)
        (Path(folder) / "sha256.txt").write_text(checksums(files), encoding="utf-8")
        _zip(Path(folder), archive)
    return archive


def deposit_parts(root: Path, build: Path, html: Path, *, pdf: Path | None = None) -> dict[str, Path]:
    """What a deposit holds, by name in the archive: the book, released tables and summaries, protocol, locks, citation.

    Parameters
    ----------
    root : Path
        The repository.
    build, html : Path
        What the report left: its build folder and the folder of its HTML.
    pdf : Path or None
        The book as PDF, where there is one.

    Returns
    -------
    dict of str to Path
        Only what exists.
    """
    parts = {"html": html, "summary": build / "summary", "protocol-of-the-run.json": build / "protocol.json"}
    parts |= {f"released/{p.parent.relative_to(build)}": p for p in sorted(build.glob("**/released")) if p.is_dir()}
    parts |= {name: root / name for name in FROM_THE_REPOSITORY} | ({pdf.name: pdf} if pdf else {})
    return {name: path for name, path in parts.items() if path.exists()}


def checksums(files: Mapping[str, Path]) -> str:
    """One line for each file, as `sha256sum --check` reads them."""
    return "".join(f"{_digest(path)}  {name}\n" for name, path in files.items())


def _files(parts: Mapping[str, Path]) -> dict[str, Path]:
    found = {}
    for name, path in parts.items():
        if path.is_file():
            found[name] = path
        else:
            found |= {f"{name}/{file.relative_to(path).as_posix()}": file for file in path.rglob("*") if file.is_file()}
    return found


def _refuse_private(files: Mapping[str, Path]) -> None:
    private = [name for name, path in files.items() if PRIVATE in path.resolve().parts or PRIVATE in Path(name).parts]
    if private:
        raise DisclosureError(
            "archive", f"{len(private)} files are child-level and must not leave; archive released/ only"
        )


def _described(cited: Citation, files: Mapping[str, Path], published: date, license_name: str) -> ROCrate:
    crate = ROCrate(gen_preview=False)
    crate.name, crate.description, crate.license = cited.title, cited.abstract, license_name
    crate.datePublished = published.isoformat()
    crate.root_dataset["version"] = cited.version
    crate.root_dataset["creditText"] = f"{cited.authors} ({published.year}). {cited.title}"
    for name, path in files.items():
        properties = {"sha256": _digest(path), "contentSize": str(path.stat().st_size)}
        kind = mimetypes.guess_type(name)[0]
        crate.add_file(path, dest_path=name, properties=properties | ({"encodingFormat": kind} if kind else {}))
    return crate


def _zip(folder: Path, archive: Path) -> None:
    archive.parent.mkdir(parents=True, exist_ok=True)
    partial = archive.with_name(f".{archive.name}.partial")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), SAME_TIME)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            with path.open("rb") as source, packed.open(entry, "w") as target:
                shutil.copyfileobj(source, target)
    partial.replace(archive)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
