"""All that was sent, judged together, and its tables written anew where the joint book is built from."""

import shutil
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from analysis.disclosure import write_released
from analysis.disclosure.containment import CHILD_LEVEL
from analysis.disclosure.files import PAGE
from analysis.errors import DisclosureError
from analysis.protocol import Protocol
from analysis.protocol.read import protocol_hash
from analysis.study.paths import Paths
from analysis.workflow.collect.attacked import attack_submissions, preset_of, remember
from analysis.workflow.collect.keys import check_signer, describe_signer
from analysis.workflow.collect.submission import Submission, read_submissions
from analysis.workflow.progress import Progress
from analysis.workflow.release_pack.approve import approval_of

SHARED = {"code": "version of the analysis", "preset": "rules of disclosure"}
"""What must be the same in every submission for its pages to stand in one book, and how a reader would call it."""


def collect(
    folders: Iterable[str | Path],
    protocol: Protocol,
    build: str | Path,
    *,
    keys: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> tuple[Submission, ...]:
    """Check what authorities sent and write its tables to where the joint book is built from.

    Nothing that was sent is copied: tables are read, checked and written anew, and the collecting side makes its own
    page of them. An authority that sent the same before is not attacked again; see `attacked`.

    Parameters
    ----------
    folders : paths
        Each holds one or more folders of released tables, at any depth.
    protocol : Protocol
        The one the joint book is about.
    build : path
        Gets ``<authority>/<outcome>/released/``.
    keys : dict of authority -> fingerprint, optional
        The keys that were registered; see `analysis.workflow.collect.keys.read_keys`.
    progress : Progress, optional
        Where it is said how far this is.

    Returns
    -------
    tuple of Submission, by authority and outcome

    Raises
    ------
    DisclosureError
        Naming every folder that was altered or does not match, or that lets a small count be worked out.
    """
    progress = progress or Progress()
    sent = read_submissions(folders, protocol, progress)
    problems = [*_mismatches(sent, protocol), *_doubles(sent), *_unsigned(sent, protocol, keys or {})]
    problems += _in_the_way(sent, Path(build))
    if problems:
        raise DisclosureError("collect", problems)
    findings = attack_submissions(sent, protocol, Path(build), progress)
    if findings:
        raise DisclosureError("collect", [f"{finding}; release it again" for finding in findings[:20]])
    for submission in progress.counted(sent, "pages written"):
        _write(submission, Path(build))
    remember(Path(build), sent, protocol)
    return sent


def describe_submissions(sent: Iterable[Submission], keys: Mapping[str, str]) -> tuple[str, ...]:
    """One sentence for what an authority sent: who signed it, and whether a second person approved it.

    Parameters
    ----------
    sent : iterable of Submission
    keys : mapping of str to str
        Registered fingerprints by authority.

    Returns
    -------
    tuple of str
        In the order of what was sent; parts of one authority of which the same is said stand together.
    """
    parts: dict[tuple[str, str], list[str]] = {}
    for s in sent:
        said = f"{describe_signer(s.authority, s.signer, keys)}; {approval_of(s.folder)}."
        parts.setdefault((s.authority, said), []).append(s.outcome)
    return tuple(f"{authority} {', '.join(outcomes)}: {said}" for (authority, said), outcomes in parts.items())


def _mismatches(sent: Sequence[Submission], protocol: Protocol) -> list[str]:
    problems = []
    ours = protocol_hash(protocol)
    for submission in sent:
        folder = submission.folder
        if submission.provenance.get("protocol") != ours:
            problems.append(f"{folder}: made from another protocol than this book's; run it with this protocol")
        if submission.outcome not in protocol.predictions:
            problems.append(f"{folder}: outcome {submission.outcome!r} is not in this book's protocol")
    for name, words in SHARED.items():
        values = {submission.folder: _shared(submission, name) for submission in sent}
        if len(set(values.values()) - {""}) > 1:
            known = sorted(set(values.values()) - {""})
            problems += [f"{folder}: {words} {value!r}, where others have another; found {known}; make them alike"
                         for folder, value in values.items()]  # fmt: skip
    return problems


def _shared(submission: Submission, name: str) -> str:
    return submission.preset if name == "preset" else submission.provenance.get(name, "not stated")


def _doubles(sent: Sequence[Submission]) -> list[str]:
    """Pages given twice; names that differ in capitals alone are one folder on many systems."""
    problems = ["/".join(submission.problem).casefold() for submission in sent]
    given = Counter(problems)
    return [
        f"{submission.folder}: {submission.authority} {submission.outcome} was given more than once; keep one of them"
        for submission, name in zip(sent, problems, strict=True)
        if given[name] > 1
    ]


def _unsigned(sent: Sequence[Submission], protocol: Protocol, keys: Mapping[str, str]) -> list[str]:
    synthetic = preset_of(sent) == protocol.disclosure.synthetic_data
    checked = [(s.folder, check_signer(s.authority, s.signer, keys, synthetic=synthetic)) for s in sent]
    return [f"{folder}: {problem}" for folder, problem in checked if problem]


def _in_the_way(sent: Sequence[Submission], build: Path) -> list[str]:
    """Folders of the build that are not ours to replace: an authority's own run, or a link to elsewhere."""
    problems = []
    for authority in dict.fromkeys(submission.authority for submission in sent):
        folder = build / authority
        if not folder.resolve().is_relative_to(build.resolve()) or folder.is_symlink():
            problems.append(f"{folder} leads out of the build; remove that link")
        elif any(folder.rglob(CHILD_LEVEL)) or any(folder.glob(f"*/released/{PAGE}")):
            problems.append(f"{folder} holds the authority's own run, whose releases are kept; give another --build")
    return problems


def _write(submission: Submission, build: Path) -> None:
    target = Paths(build).released(f"{submission.authority}/{submission.outcome}")
    outcome = target.parent
    if outcome.is_symlink() or target.is_symlink() or not target.resolve().is_relative_to(build.resolve()):
        raise DisclosureError("collect", f"{target} leads out of the build; remove that link")
    shutil.rmtree(target, ignore_errors=True)
    write_released(submission.tables, target, provenance=submission.provenance)
