"""Make a release pack: one folder with what is to leave, its context, the controls, and a hash of each file."""

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from analysis.disclosure import PAGE_TABLES, Released, read_released
from analysis.disclosure.files import MANIFEST
from analysis.disclosure.signatures import signer_of_file
from analysis.errors import DisclosureError, StepError
from analysis.escape import as_myst, one_line
from analysis.study.paths import Paths
from analysis.study.settings import Settings, read_settings
from analysis.workflow.collect.folders import is_name, released_folders
from analysis.workflow.release_pack.approve import PACK, hashes
from analysis.workflow.release_pack.controls import Control, containment_control, earlier_control, table_controls
from analysis.workflow.release_pack.sacro import write_results

REQUEST = "request.md"


def request(build: Path, slugs: Sequence[str], pack: Path, *, name: str, context: str) -> Path:
    """Put the released tables and pages of some problems into a pack for a second person to read and approve.

    Parameters
    ----------
    build : Path
        Of the run.
    slugs : sequence of str
        Problems of the run, such as "LA1/P7".
    pack : Path
        The folder to make; must not exist.
    name : str
        Who asks for the release.
    context : str
        What it is for, who will read it, and what a reader must know to judge it.

    Returns
    -------
    Path
        `pack`.

    Raises
    ------
    DisclosureError
        If a control failed; nothing is written.
    StepError
        If a problem is not one of the run or was not released, a name or context is missing, or the pack exists.
    """
    settings = read_settings(build)
    problems = _wrong_request(settings, build, slugs, pack, name=name, context=context)
    if problems:
        raise StepError("request", problems)
    pack.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=pack.parent, prefix=".pack-") as folder:
        made = Path(folder) / "pack"
        for slug in slugs:
            released_folders([Paths(build).released(slug)])
            shutil.copytree(Paths(build).released(slug), Paths(made).released(slug))
        pages = {tuple(slug.split("/")): read_released(Paths(made).released(slug), PAGE_TABLES) for slug in slugs}
        controls = _controls(settings, build, made, pages)
        _write(made, pages, controls, name=one_line(name), context=one_line(context))
        made.rename(pack)
    return pack


def _wrong_request(settings: Settings, build: Path, slugs: Sequence[str], pack: Path, *, name: str, context: str):
    known = {problem.slug for problem in settings.problems}
    problems = [
        f"{slug!r} is not a problem of this run; choose from {', '.join(sorted(known))}"
        for slug in slugs
        if slug not in known or not is_name(slug.partition("/")[0])
    ]
    problems += [
        f"{slug} has no released tables in {build}; run `python -m analysis report` first"
        for slug in slugs
        if slug in known and not (Paths(build).released(slug) / MANIFEST).is_file()
    ]
    if not slugs:
        problems.append("nothing is asked for; name pages such as LA1/P7")
    if not one_line(name):
        problems.append("nobody asks for it; say who with --name")
    if not one_line(context):
        problems.append("it has no context; say what it is for and who will read it with --context")
    if pack.exists():
        problems.append(f"{pack} is there already; name a folder that is not")
    return problems


def _controls(
    settings: Settings, build: Path, pack: Path, pages: Mapping[tuple[str, str], Mapping[str, Released]]
) -> list[Control]:
    authorities = sorted({authority for authority, _ in pages})
    signers = {signer_of_file(Paths(pack).released("/".join(page)) / MANIFEST) for page in pages}
    signed = "signed by " + ", ".join(sorted(signers)) if all(signers) else "not signed"
    unsigned = "not needed" if settings.synthetic else "failed"
    controls = [
        Control("files as they were written", "passed", "each file has the hash that the release gate gave it"),
        *table_controls(pages, settings.protocol),
        earlier_control(pages, settings.protocol, synthetic=settings.synthetic),
        containment_control(pack, build, authorities),
        Control("signature", "passed" if all(signers) else unsigned, signed),
    ]
    failed = [control for control in controls if control.result == "failed"]
    if failed:
        raise DisclosureError("request", [f"{control.name}: {control.found}; release it again" for control in failed])
    return controls


def _write(pack: Path, pages, controls: Sequence[Control], *, name: str, context: str) -> None:
    write_results(pack, pages, controls, context=context)
    (pack / REQUEST).write_text(_as_text(pages, controls, name, context), encoding="utf-8", newline="\n")
    values = {
        "requested_by": name,
        "context": context,
        "pages": ["/".join(page) for page in pages],
        "controls": [control.as_dict() for control in controls],
        "files": hashes(pack),
    }
    (pack / PACK).write_text(json.dumps(values, indent=1, sort_keys=True) + "\n", encoding="utf-8", newline="\n")


def _as_text(pages, controls: Sequence[Control], name: str, context: str) -> str:
    """The request as a second person reads it."""
    leaving = "\n".join(f"- {'/'.join(page)}: {len(tables)} tables and their page" for page, tables in pages.items())
    rows = "\n".join(f"- {control.name}: **{control.result}**. {as_myst(control.found)}" for control in controls)
    return (
        f"# A request to release results\n\nAsked for by {as_myst(name)}.\n\n{as_myst(context)}\n\n"
        f"## What is to leave\n\n{leaving}\n\n## What was checked\n\n{rows}\n\n## What to do\n\n"
        "Read the pages and tables, and ask about each control that cannot tell. If you agree, run\n\n"
        '    python -m analysis approve PACK --name "your name" --comment "what you looked at"\n\n'
        "A file that changes afterwards voids the approval.\n"
    )
