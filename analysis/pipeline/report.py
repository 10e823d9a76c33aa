"""The report: its steps in order, from extracts to the book."""

from collections.abc import Sequence
from pathlib import Path

from analysis.collect import collect, preset_of
from analysis.disclosure.containment import CHILD_LEVEL
from analysis.extract import find_authorities
from analysis.pipeline.book import make_book
from analysis.pipeline.chapter import run_chapter, write_definitions
from analysis.pipeline.extraction import extract_authority
from analysis.pipeline.fingerprint import ROOT, modules_imported
from analysis.pipeline.network_study import network_steps, study_step
from analysis.pipeline.notebook import code_of
from analysis.pipeline.page import place_page, run_page
from analysis.pipeline.progress import Progress
from analysis.pipeline.run import run_steps
from analysis.pipeline.settings import Settings, choose_problems, read_settings, write_settings
from analysis.pipeline.step import Step
from analysis.pipeline.summary import write_summary
from analysis.pipeline.synthesis import synthesise_authority
from analysis.protocol import load_protocol

NOTEBOOKS = ROOT / "book" / "notebooks"
PAGE = NOTEBOOKS / "problem.md"


def report(
    *,
    build: Path = Path("build"),
    data: Path | None = None,
    protocol_path: Path = Path("protocol.yml"),
    outcomes: Sequence[str] | None = None,
    workers: int = 2,
    cluster: str | None = None,
    network_world: str = "full",
) -> Path:
    """Bring the whole book up to date.

    Returns
    -------
    Path
        Of the book's first page.

    Raises
    ------
    AnalysisError
        If something is to be put right; whatever could be built is built.
    """
    protocol = load_protocol(protocol_path)
    sources = _sources(protocol, data, build)
    settings = Settings(protocol, data is None, choose_problems(protocol, list(sources), outcomes))
    own = [*extract_steps(settings, sources, build), *page_steps(settings, build)]
    return _bring_up_to_date(settings, own, build, network_world=network_world, workers=workers, cluster=cluster)


def _bring_up_to_date(
    settings: Settings,
    own: list[Step],
    build: Path,
    *,
    network_world: str,
    workers: int = 2,
    cluster: str | None = None,
) -> Path:
    """Run what must run of the problems' own steps, the family networks, the chapters and the book."""
    write_settings(settings, build)
    output = book_folder(build)
    steps = [
        *own,
        *network_steps(settings, build, network_world),
        *chapter_steps(settings, build, network_world),
        book_step(settings, build, output),
    ]
    run_steps(steps, build, workers=workers, cluster=cluster, progress=Progress()).raise_failures()
    return output / "html" / "index.html"


def rebuild_page(build: Path, authority: str, outcome: str) -> Path:
    """Run one problem's notebook again and return the executed notebook's path."""
    settings = read_settings(build)
    problem = settings.problem(authority, outcome)
    run_page(problem, PAGE, page_product(build, problem), _files(build, problem.slug), build)
    return page_product(build, problem)


def book_folder(build: Path) -> Path:
    """`_build` beside the folder `build`, or within a build folder of another name."""
    return Path("_build") if build == Path("build") else build / "_build"


def page_product(build: Path, problem) -> Path:
    return build / "book" / "results" / f"{problem.slug}.ipynb"


def chapter_product(build: Path, chapter: str) -> Path:
    return build / "book" / "notebooks" / f"{chapter}.ipynb"


def _sources(protocol, data: Path | None, build: Path) -> dict[str, Path]:
    if data is not None:
        return find_authorities(data)
    return {authority: build / "synthetic" / "england" / authority for authority in protocol.authorities}


def extract_steps(settings: Settings, sources: dict[str, Path], build: Path) -> list[Step]:
    """Synthesise each authority where the data are synthetic, and read its extract."""
    steps = []
    for authority in settings.authorities:
        source, synthesised = sources[authority], ()
        if settings.synthetic:
            synthesised = (f"synthesise/{authority}",)
            arguments = {"authority": authority, "folder": source.parent, "protocol": settings.protocol}
            steps.append(Step(synthesised[0], synthesise_authority, arguments, makes=(source,)))
        folder = build / authority / CHILD_LEVEL
        arguments = {
            "authority": authority,
            "source": source,
            "build": build,
            "study": settings.protocol.study,
            "synthetic": settings.synthetic,
        }
        reads = () if settings.synthetic else (source,)
        steps.append(
            Step(f"extract/{authority}", extract_authority, arguments, reads=reads, after=synthesised, makes=(folder,))
        )
    return steps


def page_steps(settings: Settings, build: Path) -> list[Step]:
    """One step per (authority, outcome)."""
    code = modules_imported(code_of(PAGE))
    shared = (PAGE, build / "protocol.json", build / "settings.json")
    return [
        Step(
            f"page/{problem.slug}",
            run_page,
            {
                "problem": problem,
                "notebook": PAGE,
                "product": page_product(build, problem),
                "files": _files(build, problem.slug),
                "build": build,
            },
            reads=shared,
            after=(f"extract/{problem.authority}",),
            makes=(page_product(build, problem), build / problem.slug / "released", _files(build, problem.slug)),
            code=code,
        )
        for problem in settings.problems
    ]


def chapter_steps(settings: Settings, build: Path, network_world: str) -> list[Step]:
    """The joint summary, the definitions, and each notebook that reads released tables alone."""
    pages = tuple(f"page/{problem.slug}" for problem in settings.problems)
    shared = (build / "protocol.json", build / "settings.json", build / "problems.json")
    summary = build / "summary"
    definitions = build / "book" / "definitions.md"
    steps = [
        Step(
            "summary", write_summary, {"build": build, "folder": summary}, reads=shared, after=pages, makes=(summary,)
        ),
        Step("chapter/definitions", write_definitions, {"product": definitions}, makes=(definitions,)),
    ]
    for notebook in chapters():
        product, files = chapter_product(build, notebook.stem), _files(build, notebook.stem)
        of_networks = notebook.stem.startswith("network_")
        arguments = {"notebook": notebook, "product": product, "files": files, "build": build, "world": network_world}
        steps.append(
            Step(
                f"chapter/{notebook.stem}",
                run_chapter,
                arguments,
                reads=(notebook, *shared),
                after=(study_step(network_world),) if of_networks else (study_step(network_world), "summary", *pages),
                makes=(product, files),
                code=modules_imported(code_of(notebook)),
            )
        )
    return steps


def chapters() -> list[Path]:
    """Every notebook that is a chapter: all but the page made for each problem."""
    return [path for path in sorted(NOTEBOOKS.glob("*.md")) if path != PAGE]


def book_step(settings: Settings, build: Path, output: Path) -> Step:
    """Assemble and build the book after all of its pages."""
    names = [path.stem for path in chapters()]
    pages = [page_product(build, problem) for problem in settings.problems]
    prose = [path for path in sorted((ROOT / "book").iterdir()) if path.name != "notebooks"]
    arguments = {
        "source": ROOT / "book",
        "book": build / "book",
        "output": output,
        "pages": (*pages, *(chapter_product(build, chapter) for chapter in names)),
        "protocol": settings.protocol,
        "synthetic": settings.synthetic,
    }
    return Step(
        "book",
        make_book,
        arguments,
        reads=(ROOT / "_config.yml", ROOT / "_toc.yml", build / "protocol.json", *prose),
        after=(
            *(f"page/{problem.slug}" for problem in settings.problems),
            *(f"chapter/{chapter}" for chapter in names),
            "chapter/definitions",
        ),
        makes=(output / "html",),
    )


def _files(build: Path, slug: str) -> Path:
    return build / "book" / "_files" / slug.replace("/", "-")


def collect_report(
    released: Sequence[Path], build: Path, protocol_path: Path = Path("protocol.yml"), network_world: str = "full"
) -> Path:
    """Build the joint book of several authorities from what they released, and return its first page.

    Raises
    ------
    DisclosureError
        Naming every folder that was altered, does not match or would let a small count be worked out.
    """
    protocol = load_protocol(protocol_path)
    sent = collect(released, protocol, build)
    problems = [problem for one in sent for problem in choose_problems(protocol, [one.authority], [one.outcome])]
    synthetic = preset_of(sent) == protocol.disclosure.synthetic_data
    settings = Settings(protocol, synthetic, tuple(problems))
    pages = [
        Step(
            f"page/{problem.slug}",
            place_page,
            {"problem": problem, "product": page_product(build, problem), "files": _files(build, problem.slug)}
            | {"build": build},
            reads=(build / problem.slug / "released",),
            makes=(page_product(build, problem), _files(build, problem.slug)),
        )
        for problem in problems
    ]
    return _bring_up_to_date(settings, pages, build, network_world=network_world)
