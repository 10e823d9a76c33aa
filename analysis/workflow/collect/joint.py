"""All that was sent, judged together, and its tables written anew where the joint book is built from."""

import shutil
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from analysis.disclosure import write_released
from analysis.disclosure.containment import CHILD_LEVEL
from analysis.disclosure.files import PAGE
from analysis.errors import AnalysisError, DisclosureError
from analysis.processes import side_by_side
from analysis.protocol import Protocol
from analysis.protocol.read import protocol_hash
from analysis.study.paths import Paths
from analysis.workflow.collect.attacked import attack_authority, by_authority, note, preset_of, withstood
from analysis.workflow.collect.keys import check_signer, describe_signer
from analysis.workflow.collect.submission import Submission, read_submissions, read_tables
from analysis.workflow.progress import Progress
from analysis.workflow.release_pack.approve import approval_of
from analysis.workflow.threads import keep_to_one_thread

SHARED = {"code": "version of the analysis", "preset": "rules of disclosure"}
"""What must be the same in every submission for its pages to stand in one book, and how a reader would call it."""
FEW = 8  # authorities for which it takes longer to start a process than to go through them (ours)
MOST_SAID = 20  # small counts named of all that was sent (ours)


def collect(
    folders: Iterable[str | Path],
    protocol: Protocol,
    build: str | Path,
    *,
    keys: Mapping[str, str] | None = None,
    workers: int = 2,
    progress: Progress | None = None,
) -> tuple[Submission, ...]:
    """Check what authorities sent and write its tables to where the joint book is built from.

    Nothing that was sent is copied: tables are read, checked and written anew, and the collecting side makes its own
    page of them. An authority that sent the same before is not attacked again; see `attacked`. Tables are read an
    authority at a time: those of a whole country take gigabytes.

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
    workers : int
        Processes that check and write side by side, if there are many authorities.
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
    sent = read_submissions(folders, protocol)
    problems = [*_mismatches(sent, protocol), *_doubles(sent), *_unsigned(sent, protocol, keys or {})]
    problems += _in_the_way(sent, Path(build))
    if problems:
        raise DisclosureError("collect", problems)
    authorities = [(own,) for own in by_authority(sent).values()]
    processes = workers if len(authorities) > FEW else 1
    keep_to_one_thread()

    def of_each(function, doing):
        results = side_by_side(partial(function, protocol=protocol, build=Path(build)), authorities, processes)
        return list(progress.counted(results, len(authorities), doing))

    checked = of_each(_check, "authorities checked")
    wrong = [problem for problems, _ in checked for problem in problems]
    leaks = [problem for _, problems in checked for problem in problems]
    if wrong or leaks:
        raise DisclosureError("collect", wrong or leaks[:MOST_SAID])
    of_each(_write, "authorities written")
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


def _check(own: Sequence[Submission], *, protocol: Protocol, build: Path) -> tuple[list[str], list[str]]:
    """What is wrong with the tables of an authority, or else which small counts can be worked out from them."""
    pages, wrong = {}, []
    for submission in own:
        try:
            pages[submission.problem] = read_tables(submission, protocol)
        except AnalysisError as error:
            wrong += [f"{submission.folder}: {problem}" for problem in error.problems]
    name, folders, authority = preset_of(own), [submission.folder for submission in own], own[0].authority
    preset = protocol.disclosure.presets.get(name)
    if wrong or preset is None or preset.threshold == 0 or withstood(build, authority, "sent", folders, preset):
        return wrong, []
    findings = attack_authority(pages, preset)
    if not findings:  # noted at once, so that little is lost if the rest is stopped
        note(build, authority, {"sent": folders}, preset)
    return wrong, [f"{finding}; release it again" for finding in findings]


def _write(own: Sequence[Submission], *, protocol: Protocol, build: Path) -> None:
    """Write the tables of an authority anew, and that they have withstood the attack."""
    written = []
    for submission in own:
        target = Paths(build).released("/".join(submission.problem))
        outcome = target.parent
        if outcome.is_symlink() or target.is_symlink() or not target.resolve().is_relative_to(build.resolve()):
            raise DisclosureError("collect", f"{target} leads out of the build; remove that link")
        shutil.rmtree(target, ignore_errors=True)
        write_released(submission.tables, target, provenance=submission.provenance)
        written.append(target)
    name = preset_of(own)
    if name:
        folders = {"sent": [submission.folder for submission in own], "written": written}
        note(build, own[0].authority, folders, protocol.disclosure.presets[name])
