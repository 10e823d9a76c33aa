"""Which authorities' pages have withstood the attack: one that sends the same tables again is not attacked anew.

A record lies beside those of the report's steps. It holds for these very tables, rules and code only.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from analysis.disclosure import PAGE_TABLES, Finding, attack, attack_jointly
from analysis.disclosure.files import read_manifest, table_hashes
from analysis.disclosure.relations import Relations
from analysis.protocol import Protocol
from analysis.protocol.values import Preset
from analysis.study.fingerprint import hash_code, hash_environment, hash_values
from analysis.study.paths import Paths
from analysis.workflow.collect.submission import Submission
from analysis.workflow.progress import Progress

CODE = "analysis.disclosure.joint"


def by_authority(sent: Iterable[Submission]) -> dict[str, list[Submission]]:
    """What each authority sent."""
    parts: dict[str, list[Submission]] = {}
    for submission in sent:
        parts.setdefault(submission.authority, []).append(submission)
    return parts


def preset_of(sent: Sequence[Submission]) -> str:
    """The rules that what was sent has passed; '' if no page has any table."""
    return next((submission.preset for submission in sent if submission.tables), "")


def attack_submissions(
    sent: Sequence[Submission], protocol: Protocol, build: Path | None = None, progress: Progress | None = None
) -> tuple[Finding, ...]:
    """Small counts that can be worked out from what was sent, page by page and from all pages together.

    An authority of which nothing can be worked out is noted at once, so that one who stops it loses little.

    Parameters
    ----------
    sent : sequence of Submission
        All passed the same rules of disclosure.
    protocol : Protocol
        Holds these rules.
    build : Path, optional
        Where the records of attacks lie.
    progress : Progress, optional
        Where it is said how far this is.

    Returns
    -------
    tuple of Finding
        Empty where the threshold is 0, as for synthetic data.
    """
    name = preset_of(sent)
    if not name or protocol.disclosure.presets[name].threshold == 0:
        return ()
    preset, found = protocol.disclosure.presets[name], []
    for authority, own in (progress or Progress()).counted(by_authority(sent).items(), "authorities attacked"):
        if build is not None and withstood(build, authority, "sent", [one.folder for one in own], preset):
            continue
        pages = {one.problem: one.tables for one in own}
        frames = {problem: {n: table.frame for n, table in page.items()} for problem, page in pages.items()}
        relations = {problem: Relations(page, PAGE_TABLES) for problem, page in frames.items()}
        of_own = [
            finding
            for problem, page in frames.items()
            for finding in attack(page, PAGE_TABLES, preset, relations=relations[problem])
        ]
        of_own += attack_jointly(pages, preset, relations=relations)
        found += of_own
        if build is not None and not of_own:
            _note(build, authority, {"sent": [one.folder for one in own]}, preset)
    return tuple(found)


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


def remember(build: Path, sent: Sequence[Submission], protocol: Protocol) -> None:
    """Write that the attack on these pages, now written to the build as well, has failed.

    Parameters
    ----------
    build : Path
        The folder of the joint book's products.
    sent : sequence of Submission
        All that was sent, attacked without a finding.
    protocol : Protocol
        Holds the rules of disclosure.
    """
    name = preset_of(sent)
    for authority, own in by_authority(sent).items() if name else ():
        written = [Paths(build).released("/".join(one.problem)) for one in own]
        folders = {"sent": [one.folder for one in own], "written": written}
        _note(build, authority, folders, protocol.disclosure.presets[name])


def _note(build: Path, authority: str, folders: Mapping[str, Iterable[Path]], preset: Preset) -> None:
    """Write that the tables in these folders have withstood the attack."""
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
