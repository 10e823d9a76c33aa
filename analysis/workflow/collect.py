"""Released tables and pages of several authorities, checked and put where the joint book is built from."""

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.disclosure import PAGE_TABLES, Finding, Released, attack, attack_jointly, read_released
from analysis.disclosure.files import MANIFEST, PAGE, read_manifest
from analysis.errors import AnalysisError, DisclosureError
from analysis.protocol import Protocol
from analysis.protocol.read import protocol_hash

# What must be the same in every manifest for pages to stand in one book, and how a reader would call it.
SHARED = {"protocol": "protocol", "code": "version of the analysis", "preset": "rules of disclosure"}


@dataclass(frozen=True)
class Sent:
    """What one authority sent for one outcome: a folder with a manifest, checked against it."""

    authority: str
    outcome: str
    folder: Path
    manifest: dict
    tables: dict[str, Released]

    @property
    def problem(self) -> tuple[str, str]:
        return self.authority, self.outcome

    def shared(self, name: str) -> str:
        """The value of a name in `SHARED`; a page that could not be studied has passed no rules."""
        if name == "preset":
            return ", ".join(sorted({table.preset for table in self.tables.values()}))
        return str(self.manifest["provenance"].get(name, "not stated"))


def collect(folders: Iterable[str | Path], protocol: Protocol, build: str | Path) -> tuple[Sent, ...]:
    """Check what authorities sent and copy it to where the joint book is built from.

    Parameters
    ----------
    folders : paths
        Each holds one or more folders of released tables, at any depth.
    protocol : Protocol
        The one the joint book is about.
    build : path
        Gets ``<authority>/<outcome>/released/`` with the page that was sent beside it.

    Returns
    -------
    tuple of Sent, by authority and outcome

    Raises
    ------
    DisclosureError
        Naming every folder that was altered or does not match, or that lets a small count be worked out.
    """
    sent = read_sent(folders)
    problems = [*_mismatches(sent, protocol), *_doubles(sent)]
    if problems:
        raise DisclosureError("collect", problems)
    findings = attack_sent(sent, protocol)
    if findings:
        raise DisclosureError("collect", [f"{finding}; release it again" for finding in findings[:20]])
    for one in sent:
        _copy(one, Path(build))
    return sent


def read_sent(folders: Iterable[str | Path]) -> tuple[Sent, ...]:
    """Every folder of released tables below the given ones, each checked against its manifest."""
    sent, problems = [], []
    for folder in _released_folders(folders):
        try:
            sent.append(_read(folder))
        except AnalysisError as error:
            problems += [f"{folder}: {problem}" for problem in error.problems]
    if problems:
        raise DisclosureError("collect", problems)
    if not sent:
        raise DisclosureError("collect", f"no {MANIFEST!r} in the folders given; give folders of released tables")
    return tuple(sorted(sent, key=lambda one: one.problem))


def _released_folders(folders: Iterable[str | Path]) -> list[Path]:
    found: dict[Path, Path] = {}
    for folder in map(Path, folders):
        if not folder.is_dir():
            raise DisclosureError("collect", f"{str(folder)!r} is not a folder; give a folder of released tables")
        for manifest in sorted(folder.rglob(MANIFEST)):
            found.setdefault(manifest.parent.resolve(), manifest.parent)
    return list(found.values())


def _read(folder: Path) -> Sent:
    manifest = read_manifest(folder)
    provenance = manifest["provenance"]
    missing = [f"its manifest does not say the {name}; release it again"
               for name in ("authority", "outcome") if name not in provenance]  # fmt: skip
    if missing:
        raise DisclosureError(str(folder), missing)
    return Sent(provenance["authority"], provenance["outcome"], folder, manifest, read_released(folder, PAGE_TABLES))


def _mismatches(sent: Sequence[Sent], protocol: Protocol) -> list[str]:
    problems = []
    ours = protocol_hash(protocol)
    for one in sent:
        if one.shared("protocol") != ours:
            problems.append(f"{one.folder}: made from another protocol than this book's; run it with this protocol")
        if one.outcome not in protocol.predictions:
            problems.append(f"{one.folder}: outcome {one.outcome!r} is not in this book's protocol")
    for name in ("code", "preset"):
        found = sorted({one.shared(name) for one in sent} - {""})
        if len(found) > 1:
            problems += [f"{one.folder}: {SHARED[name]} {one.shared(name)!r}, where others have another; "
                         f"found {found}; make them alike" for one in sent]  # fmt: skip
    return problems


def _doubles(sent: Sequence[Sent]) -> list[str]:
    problems = [one.problem for one in sent]
    return [
        f"{one.folder}: {one.authority} {one.outcome} was given more than once; keep one of them"
        for one in sent
        if problems.count(one.problem) > 1
    ]


def preset_of(sent: Sequence[Sent]) -> str:
    """The rules that what was sent has passed; '' if no page has any table."""
    return next((one.shared("preset") for one in sent if one.tables), "")


def attack_sent(sent: Sequence[Sent], protocol: Protocol) -> tuple[Finding, ...]:
    """Small counts that can be worked out from what was sent, page by page and from all pages together."""
    name = preset_of(sent)
    if not name or protocol.disclosure.presets[name].threshold == 0:
        return ()
    preset = protocol.disclosure.presets[name]
    found = []
    for one in sent:
        frames = {name: table.frame for name, table in one.tables.items()}
        found += attack(frames, PAGE_TABLES, preset)
    return (*found, *attack_jointly({one.problem: one.tables for one in sent}, preset))


def _copy(one: Sent, build: Path) -> None:
    target = build / one.authority / one.outcome / "released"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(one.folder, target)


def page_of(build: str | Path, authority: str, outcome: str) -> tuple[Path, Path] | None:
    """The notebook and the folder of files of a collected page; None if tables came without one."""
    page = Path(build, authority, outcome, "released", PAGE)
    return (page / "notebook.ipynb", page / "files") if (page / "notebook.ipynb").is_file() else None
