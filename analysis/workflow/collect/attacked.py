"""Which authorities' pages have withstood the attack: one that sends the same tables again is not attacked anew.

A record lies beside those of the report's steps. It holds for these very tables, rules and code only.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from analysis.disclosure import PAGE_TABLES, Finding, Released, attack, attack_jointly
from analysis.disclosure.files import read_manifest, table_hashes
from analysis.disclosure.relations import Relations
from analysis.protocol.values import Preset
from analysis.study.fingerprint import hash_code, hash_environment, hash_values
from analysis.study.paths import Paths
from analysis.workflow.collect.submission import Submission

CODE = "analysis.disclosure.joint"


def by_authority(sent: Iterable[Submission]) -> dict[str, list[Submission]]:
    """What each authority sent."""
    parts: dict[str, list[Submission]] = {}
    for submission in sent:
        parts.setdefault(submission.authority, []).append(submission)
    return parts


def preset_of(sent: Sequence[Submission]) -> str:
    """The rules that what was sent has passed; '' if no page has any table."""
    return next((submission.preset for submission in sent if submission.entries), "")


def attack_authority(pages: Mapping[tuple[str, str], Mapping[str, Released]], preset: Preset) -> tuple[Finding, ...]:
    """Small counts that can be worked out from what one authority sent, page by page and from all pages together.

    Parameters
    ----------
    pages : dict of (authority, outcome) -> tables
    preset : Preset
        The rules of disclosure that all of them passed.

    Returns
    -------
    tuple of Finding
    """
    frames = {problem: {name: table.frame for name, table in page.items()} for problem, page in pages.items()}
    relations = {problem: Relations(page, PAGE_TABLES) for problem, page in frames.items()}
    alone = [
        finding
        for problem, page in frames.items()
        for finding in attack(page, PAGE_TABLES, preset, relations=relations[problem])
    ]
    return (*alone, *attack_jointly(pages, preset, relations=relations))


def withstood(build: Path, authority: str, which: str, folders: Iterable[Path], preset: Preset) -> bool:
    """Whether the tables in these folders are those that the attack on an authority's pages found safe.

    Parameters
    ----------
    build : Path
        The folder of the joint book's products.
    authority : str
        Name of its folder.
    which : {"sent", "written"}
        Whether the folders are as they were sent, or as they were written to the build.
    folders : iterable of Path
        All of the authority's.
    preset : Preset

    Returns
    -------
    bool
    """
    try:
        record = json.loads(_record(build, authority).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(record, dict) and record.get(which) == _fingerprint(folders, preset)


def note(build: Path, authority: str, folders: Mapping[str, Iterable[Path]], preset: Preset) -> None:
    """Write that the tables in these folders have withstood the attack.

    Parameters
    ----------
    build : Path
        The folder of the joint book's products.
    authority : str
        Name of its folder.
    folders : dict of {"sent", "written"} -> iterable of Path
        All of the authority's; see `withstood`.
    preset : Preset
    """
    path = _record(build, authority)
    path.parent.mkdir(parents=True, exist_ok=True)
    record = {which: _fingerprint(of_which, preset) for which, of_which in folders.items()}
    path.write_text(json.dumps(record) + "\n", encoding="utf-8")


def _record(build: Path, authority: str) -> Path:
    return Paths(build).step(f"attack/{authority}")


def _fingerprint(folders: Iterable[Path], preset: Preset) -> str:
    manifests: list[Mapping] = [read_manifest(folder) for folder in folders]
    tables = sorted(
        ([manifest["provenance"].get("outcome", ""), table_hashes(manifest)] for manifest in manifests), key=repr
    )
    return hash_values(tables, preset.model_dump(mode="json"), hash_code(CODE), hash_environment())
