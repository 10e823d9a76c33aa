"""The verbs that build the book: from extracts, from one problem's notebook, from what authorities released."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

from analysis.claims import audit_published
from analysis.disclosure.containment import close_new_files
from analysis.disclosure.signatures import OUTPUTS, SIGNATURE, describe_key
from analysis.errors import StepError, TableError
from analysis.extract import find_authorities
from analysis.extract.authority import read_metadata
from analysis.protocol import Protocol, load_protocol
from analysis.publish import publish
from analysis.study.evidence_files import FOLDER, read_registered
from analysis.study.fingerprint import ROOT
from analysis.study.networks import OWN
from analysis.study.paths import Paths
from analysis.study.settings import Settings, choose_problems, read_settings, write_settings
from analysis.study.supplied import plain_name
from analysis.study.transport import STEP as TRANSPORT
from analysis.workflow.check import say_what_was_added
from analysis.workflow.collect import collect, describe_submissions, preset_of
from analysis.workflow.collect.keys import read_keys
from analysis.workflow.extraction import account_read
from analysis.workflow.network_study import network_steps, own_networks
from analysis.workflow.page import run_page
from analysis.workflow.progress import Progress
from analysis.workflow.run import run_steps
from analysis.workflow.step import Step
from analysis.workflow.steps import (
    NOTEBOOKS,
    PAGE,
    book_steps,
    chapter_steps,
    extract_steps,
    page_steps,
    sent_page_steps,
    transport_steps,
)
from analysis.workflow.typed_results import check_typed_results
from analysis.workflow.workbook import write_workbook


def report(
    *,
    build: Path = Path("build"),
    data: Path | None = None,
    protocol_path: Path = Path("protocol.yml"),
    outcomes: Sequence[str] | None = None,
    workers: int = 2,
    cluster: str | None = None,
    network_world: str | None = None,
    debug: bool = False,
) -> Path:
    """Bring the whole book up to date.

    Parameters
    ----------
    build : Path
        The folder of the run's products.
    data : Path or None
        An extract, or a folder with one for each authority; without it synthetic data are made.
    protocol_path : Path
    outcomes : sequence of str or None
        Predictions to study; all by default.
    workers : int
        Steps that run side by side on this machine, 1 or more.
    cluster : str or None
        Address of a Dask scheduler (``tls://host:8786``) to use instead.
    network_world : {"full", "small"}, optional
        Size of the synthetic world in which family networks are studied; by default the tables in `data/networks`,
        if there are any, else the full size.
    debug : bool
        Print the whole trace of a failing step, which may hold a child's values.

    Returns
    -------
    Path
        Of the book's first page.

    Raises
    ------
    AnalysisError
        If something is to be put right; whatever could be built is built.
    """
    if data is not None:
        close_new_files()
    protocol = load_protocol(protocol_path)
    say_what_was_added(protocol_path)
    sources = _sources(protocol, data, build)
    problems = choose_problems(protocol, list(sources), outcomes)
    networks = own_networks(data) if network_world is None else None
    world = network_world or (OWN if networks else "full")
    names = {} if data is None else _names(protocol, sources)
    settings = Settings(protocol, data is None, problems, deviations_folder(protocol_path), world, names)
    extracts = extract_steps(settings, sources, build)
    own = [*extracts, *page_steps(settings, build), *transport_steps(settings, build)]
    # First, for it is the longest chain.
    steps = network_steps(settings, build, world, data=networks)
    how = {"workers": workers, "cluster": cluster, "debug": debug}
    return _bring_up_to_date(settings, [*steps, *own], build, first=() if data is None else extracts, **how)


def collect_report(
    released: Sequence[Path],
    build: Path,
    protocol_path: Path = Path("protocol.yml"),
    *,
    network_world: str = "full",
    keys: Path | None = None,
    workers: int = 2,
    cluster: str | None = None,
    progress: Progress | None = None,
) -> Path:
    """Build the joint book of several authorities from what they released, and return its first page.

    Parameters
    ----------
    released : sequence of Path
        Each holds one or more folders of released tables, at any depth.
    build : Path
        The folder of the joint book's products.
    protocol_path : Path
        The protocol that the releases were made from.
    network_world : {"full", "small"}
        Size of the synthetic world in which family networks are studied.
    keys : Path, optional
        File of the registered keys, by authority; with it, a release that no registered key signed is refused.
    workers : int
        Steps that run side by side on this machine, 1 or more.
    cluster : str or None
        Address of a Dask scheduler (``tls://host:8786``) to use instead.
    progress : Progress, optional
        Where what happens is said.

    Returns
    -------
    Path

    Raises
    ------
    DisclosureError
        Naming every folder that was altered, does not match or would let a small count be worked out.
    """
    settings = _settings_of_sent(released, build, protocol_path, network_world, read_keys(keys), workers, progress)
    own = [*network_steps(settings, build, network_world), *sent_page_steps(settings, build)]
    return _bring_up_to_date(settings, own, build, workers=workers, cluster=cluster, progress=progress)


def _settings_of_sent(
    released: Sequence[Path],
    build: Path,
    protocol_path: Path,
    network_world: str,
    keys: Mapping[str, str],
    workers: int,
    progress: Progress | None,
) -> Settings:
    """Collect what was sent and say what it is."""
    protocol = load_protocol(protocol_path)
    sent = collect(released, protocol, build, keys=keys, workers=workers, progress=progress)
    for sentence in describe_submissions(sent, keys):
        print(sentence)
    problems = [problem for one in sent for problem in choose_problems(protocol, [one.authority], [one.outcome])]
    synthetic = preset_of(sent) == protocol.disclosure.synthetic_data
    names = {one.authority: one.provenance["name"] for one in sent}
    return Settings(protocol, synthetic, tuple(problems), deviations_folder(protocol_path), network_world, names)


def deposit_report(build: Path, folder: Path, *, published: date) -> Mapping[str, Path]:
    """Print the built book and pack it with its tables and protocol, and return what was written.

    Parameters
    ----------
    build : Path
        The folder of the run's products.
    folder : Path
        Where the PDF and the archive are written.
    published : date
        The date that the archive gives.

    Returns
    -------
    mapping of str to Path
        By name.

    Raises
    ------
    StepError
        If no book has been built.
    """
    html = book_folder(build) / "html"
    if not (html / "index.html").is_file():
        raise StepError(str(build), "holds no book; run `python -m analysis report` first")
    return publish(ROOT, build, html, folder, published=published)


def rebuild_page(build: Path, authority: str, outcome: str) -> Path:
    """Run one problem's notebook again and return the executed notebook's path.

    Parameters
    ----------
    build : Path
        The folder of the run's products.
    authority : str
        Name of its folder.
    outcome : str
        Such as "P1".

    Returns
    -------
    Path

    Raises
    ------
    StepError
        If this is not one of the run's problems, or a cell fails.
    """
    settings = read_settings(build)
    problem, paths = settings.problem(authority, outcome), Paths(build)
    if not settings.synthetic:
        close_new_files()
    for notice in run_page(problem, PAGE, paths.page(problem.slug), paths.page_files(problem.slug), build):
        print(notice)
    return paths.page(problem.slug)


def book_folder(build: Path) -> Path:
    """`_build` beside the folder `build`, or within a build folder of another name."""
    return Path("_build") if build == Path("build") else build / "_build"


def deviations_folder(protocol_path: Path) -> Path:
    """The book's own record of deviations for its own protocol; for another, the folder in which that one lies."""
    return FOLDER if protocol_path.resolve() == ROOT / "protocol.yml" else protocol_path.resolve().parent


def _bring_up_to_date(
    settings: Settings,
    own: list[Step],
    build: Path,
    *,
    first: Sequence[Step] = (),
    progress: Progress | None = None,
    **how,
) -> Path:
    """Run what must run of a run's own steps, the family networks among them, the chapters and the book.

    Parameters
    ----------
    first : sequence of Step
        Those without which nothing else is worth computing: an extract that cannot be read, or lies outside the
        period of study, ends the run before anything is computed.
    progress : Progress, optional
        Where what happens is said.
    **how
        See `run_steps`.
    """
    audit_published(read_registered())
    check_typed_results(sorted(NOTEBOOKS.glob("*.md")))
    settings.conformance  # noqa: B018  (raises before anything runs, if a departure is not recorded)
    write_settings(settings, build)
    output = book_folder(build)
    steps = [
        *own,
        *chapter_steps(settings, build, models_moved=any(step.name == TRANSPORT for step in own)),
        *book_steps(settings, build, output),
    ]
    if first:
        run_steps(first, build, progress=progress or Progress(), **how).raise_failures()
    outcome = run_steps(steps, build, progress=progress or Progress(), **how)
    for authority in () if settings.synthetic else settings.authorities:
        print(account_read(authority, build))
    outcome.raise_failures()
    signed = [] if settings.synthetic else [Paths(build).released(problem.slug) for problem in settings.problems]
    if any((folder / SIGNATURE).is_file() for folder in signed):
        print(describe_key((build, *OUTPUTS)))
    write_workbook(settings, build, output)
    return output / "html" / "index.html"


def _names(protocol: Protocol, sources: Mapping[str, Path]) -> dict[str, str]:
    """What each authority is called: as the protocol says, or its extract, or else as its folder."""
    names = {}
    for authority, folder in sources.items():
        declared = protocol.authorities.get(authority)
        name = declared.name if declared else _name_in_extract(folder, authority)
        names[authority] = plain_name(name, otherwise=authority)
    return names


def _name_in_extract(folder: Path, authority: str) -> str:
    """What `extract.yml` calls the authority; one that cannot be read is reported when the extract is."""
    with suppress(TableError):
        return read_metadata(folder).name
    return authority


def _sources(protocol: Protocol, data: Path | None, build: Path) -> Mapping[str, Path]:
    if data is not None:
        return find_authorities(data)
    return {authority: Paths(build).synthetic_authority(authority) for authority in protocol.authorities}
