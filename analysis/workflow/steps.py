"""The report's steps: from extracts to pages, from released tables to chapters, from both to the book."""

from collections.abc import Mapping
from pathlib import Path

from analysis.protocol import PredictionProblem
from analysis.study.citation import CITATION
from analysis.study.directory import write_directory
from analysis.study.evidence_files import FOLDER
from analysis.study.fingerprint import ROOT, code_of, modules_imported
from analysis.study.networks import study_step
from analysis.study.paths import Paths
from analysis.study.settings import Settings, earlier_outcomes
from analysis.study.transport import STEP as TRANSPORT
from analysis.study.transport import make_transport, same_question
from analysis.workflow.book import CHANGELOG, make_book
from analysis.workflow.chapter import check_evidence_map, run_chapter, write_definitions
from analysis.workflow.extraction import extract_authority
from analysis.workflow.page import run_page, run_sent_page
from analysis.workflow.papers import make_papers
from analysis.workflow.step import Step
from analysis.workflow.summary import write_summary
from analysis.workflow.synthesis import synthesise_authority

NOTEBOOKS = ROOT / "book" / "notebooks"
PAGE = NOTEBOOKS / "problem.md"
EVIDENCE_MAP = NOTEBOOKS / "tripod.md"


def extract_steps(settings: Settings, sources: Mapping[str, Path], build: Path) -> list[Step]:
    """Synthesise each authority where the data are synthetic, and read its extract.

    Parameters
    ----------
    settings : Settings
    sources : mapping of str to Path
        Where each authority's extract lies, or is to be made.
    build : Path
        The folder of the run's products.

    Returns
    -------
    list of Step
    """
    steps, paths = [], Paths(build)
    for authority in settings.authorities:
        source, synthesised = sources[authority], ()
        if settings.synthetic:
            synthesised = (f"synthesise/{authority}",)
            planted = paths.planted(authority)
            arguments = {"authority": authority, "folder": source.parent, "planted": planted}
            arguments |= {"protocol": settings.protocol}
            makes = (source, planted)
            steps.append(Step(synthesised[0], synthesise_authority, arguments, makes=makes, sendable=True))
        makes = (paths.child_level(authority), paths.supplied(authority))
        arguments = {
            "authority": authority,
            "source": source,
            "build": build,
            "protocol": settings.protocol,
            "synthetic": settings.synthetic,
        }
        reads = () if settings.synthetic else (source,)
        name, sendable = f"extract/{authority}", settings.synthetic
        steps.append(Step(name, extract_authority, arguments, reads, synthesised, makes, sendable=sendable))
    return steps


def page_steps(settings: Settings, build: Path) -> list[Step]:
    """One step per (authority, outcome).

    On own data an authority's pages are made one after another, for each is released with a view to those before.

    Parameters
    ----------
    settings : Settings
    build : Path
        The folder of the run's products.

    Returns
    -------
    list of Step
    """
    paths, code = Paths(build), modules_imported(code_of(PAGE))
    shared = (PAGE, paths.protocol, paths.settings, settings.recorded)
    return [
        Step(
            f"page/{problem.slug}",
            run_page,
            {
                "problem": problem,
                "notebook": PAGE,
                "product": paths.page(problem.slug),
                "files": paths.page_files(problem.slug),
                "build": build,
            },
            reads=shared,
            after=(f"extract/{problem.authority}", *_before(problem, settings)),
            makes=(paths.page(problem.slug), paths.released(problem.slug), paths.page_files(problem.slug)),
            code=code,
            sendable=settings.synthetic,
        )
        for problem in settings.problems
    ]


def transport_steps(settings: Settings, build: Path) -> list[Step]:
    """Move models between authorities that are asked the same question; none where none is shared.

    Parameters
    ----------
    settings : Settings
    build : Path
        The folder of the run's products.

    Returns
    -------
    list of Step
    """
    after = tuple(dict.fromkeys(f"page/{home.slug}" for home, _ in same_question(settings.problems)))
    paths = Paths(build)
    folder, reads = paths.transport, (paths.protocol, paths.settings, paths.problems)
    step = Step(
        TRANSPORT, make_transport, {"build": build, "folder": folder}, reads=reads, after=after, makes=(folder,)
    )
    return [step] if after else []


def _before(problem: PredictionProblem, settings: Settings) -> tuple[str, ...]:
    """What a page needs beside its extract: planted risks, or the pages that it is released with a view to."""
    if settings.synthetic:
        return (f"synthesise/{problem.authority}",)
    return tuple(f"page/{other.slug}" for other in earlier_outcomes(problem, settings.problems))


def sent_page_steps(settings: Settings, build: Path) -> list[Step]:
    """The same pages where tables were sent by authorities: made of these tables alone.

    Parameters
    ----------
    settings : Settings
    build : Path
        The folder of the joint book's products.

    Returns
    -------
    list of Step
    """
    steps, paths, code = [], Paths(build), modules_imported(code_of(PAGE))
    for problem in settings.problems:
        product, files = paths.page(problem.slug), paths.page_files(problem.slug)
        arguments = {"problem": problem, "notebook": PAGE, "product": product, "files": files, "build": build}
        reads = (PAGE, paths.released(problem.slug), paths.protocol, paths.settings, settings.recorded)
        made = (product, files)
        name = f"page/{problem.slug}"
        steps.append(Step(name, run_sent_page, arguments, reads=reads, makes=made, code=code, sendable=True))
    return steps


def chapter_steps(settings: Settings, build: Path, *, models_moved: bool = False) -> list[Step]:
    """The joint summary, the definitions, and each notebook that reads released tables alone.

    Parameters
    ----------
    settings : Settings
    build : Path
        The folder of the run's products.
    models_moved : bool
        Whether the run has the step that moves models between authorities.

    Returns
    -------
    list of Step
    """
    pages, paths = tuple(f"page/{problem.slug}" for problem in settings.problems), Paths(build)
    shared = (paths.protocol, paths.settings, paths.problems, settings.recorded)
    makes, definitions = (paths.summary, paths.shuffled), paths.definitions
    arguments = {"build": build, "folder": makes[0], "by_chance": makes[1], "networks": paths.networks_summary}
    networks = study_step(settings.network_world)
    joint_tables = (networks, "summary", *pages, *((TRANSPORT,) if models_moved else ()))
    return [
        Step("summary", write_summary, arguments, reads=shared, after=(networks, *pages), makes=makes),
        Step(
            "papers",
            make_papers,
            {"build": build, "folder": paths.papers},
            reads=(CITATION, FOLDER, *shared),
            after=joint_tables,
            makes=(paths.papers,),
        ),
        Step("chapter/definitions", write_definitions, {"product": definitions}, makes=(definitions,)),
        *(
            _chapter_step(
                notebook,
                settings,
                build,
                reads=(notebook, FOLDER, *shared),
                after=(networks,) if notebook.stem.startswith("network_") else joint_tables,
            )
            for notebook in chapters()
            if notebook != EVIDENCE_MAP
        ),
        # Last, for it says which figures and tables of the others could not be made.
        _chapter_step(
            EVIDENCE_MAP,
            settings,
            build,
            reads=(EVIDENCE_MAP, FOLDER, *shared),
            after=(*joint_tables, *(f"chapter/{n.stem}" for n in chapters() if n != EVIDENCE_MAP)),
        ),
    ]


def _chapter_step(notebook: Path, settings: Settings, build: Path, *, reads: tuple, after: tuple) -> Step:
    paths = Paths(build)
    product, files = paths.chapter(notebook.stem), paths.page_files(notebook.stem)
    arguments = {"notebook": notebook, "product": product, "files": files, "build": build}
    return Step(
        f"chapter/{notebook.stem}",
        run_chapter,
        arguments | {"world": settings.network_world},
        reads=reads,
        after=after,
        makes=(product, files),
        code=modules_imported(code_of(notebook)),
    )


def chapters() -> list[Path]:
    """Every notebook that is a chapter: all but the page made for each problem."""
    return [path for path in sorted(NOTEBOOKS.glob("*.md")) if path != PAGE]


def directory_steps(settings: Settings, build: Path) -> list[Step]:
    """Write a page for each authority, and one of all, where a run has too many pages to list beside each chapter.

    Parameters
    ----------
    settings : Settings
    build : Path
        The folder of the run's products.

    Returns
    -------
    list of Step
        Empty for a run of fewer.
    """
    paths = Paths(build)
    reads = (paths.protocol, paths.settings, paths.problems)
    after = (study_step(settings.network_world), "summary", *(f"page/{problem.slug}" for problem in settings.problems))
    makes = (paths.all_authorities, *map(paths.landing, settings.authorities))
    step = Step("authorities", write_directory, {"build": build}, reads=reads, after=after, makes=makes)
    return [step] if settings.many_pages else []


def book_steps(settings: Settings, build: Path, output: Path) -> list[Step]:
    """Assemble and build the book after all of its pages, and see that it holds the evidence it should.

    Parameters
    ----------
    settings : Settings
    build : Path
        The folder of the run's products.
    output : Path
        The folder to build in.

    Returns
    -------
    list of Step
    """
    names, paths = [path.stem for path in chapters()], Paths(build)
    directory = directory_steps(settings, build)
    pages = [paths.page(problem.slug) for problem in settings.problems]
    prose = [path for path in sorted((ROOT / "book").iterdir()) if path.name != "notebooks"]
    arguments = {
        "source": ROOT / "book",
        "book": paths.book,
        "output": output,
        "pages": (*pages, *(paths.chapter(chapter) for chapter in names)),
        "lists": tuple(made for step in directory for made in step.makes),
        "papers": paths.papers,
        "protocol": settings.protocol,
        "synthetic": settings.synthetic,
    }
    book = Step(
        "book",
        make_book,
        arguments,
        reads=(ROOT / "_config.yml", ROOT / "_toc.yml", CHANGELOG, CITATION, paths.protocol, *prose),
        after=(
            *(f"page/{problem.slug}" for problem in settings.problems),
            *(f"chapter/{chapter}" for chapter in names),
            "chapter/definitions",
            "papers",
            *(step.name for step in directory),
        ),
        makes=(output / "html",),
        fresh=True,
    )
    html = output / "html"
    return [*directory, book, Step("evidence", check_evidence_map, {"build": build, "html": html}, after=("book",))]
