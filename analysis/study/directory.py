"""Where the pages of many authorities are listed: a page for each authority, and a page of all authorities."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from analysis.book.page import Page, banner_text
from analysis.book.sentences.front import passed
from analysis.book.sentences.grid import GRID_NOTE, average_precision_grid
from analysis.book.sentences.words import count
from analysis.claims.front_page import own_answer
from analysis.disclosure import Released, describe_preset
from analysis.escape import as_myst
from analysis.html_table import Cell, html_table
from analysis.study.paths import Paths
from analysis.study.results import Results, open_results
from analysis.study.study import extracts_of
from analysis.tables.front import own_front
from analysis.tables.results_table import results_table, row_names
from analysis.tables.summaries import every_measure

ALL_AUTHORITIES, TITLE = "all_authorities", "All authorities"
CANNOT_TELL = "cannot tell"
NOT_COUNTED = "not counted: leakage found"
HEADINGS = ("Authority", "Predictions", "Models that passed the mark", "In the verdict")
READ_ON = "Each prediction has a page of its own, behind its name. {doc}`All authorities </all_authorities>` have one."
NO_ORDER = (
    "The list is in no order of merit, and a better or worse result does not mean a better or worse service. How far "
    "results differ from place to place is shown in {doc}`/notebooks/next_authority`."
)


def write_directory(build: Path) -> None:
    """Write a page for each authority and one of all; a page that would be the same is left alone.

    Parameters
    ----------
    build : Path
        The folder of the run's products.
    """
    study, paths = open_results(build), Paths(build)
    pages = {paths.landing(slug): text for slug, text in landing_pages(study).items()}
    pages[paths.all_authorities] = directory_page(study)
    for path, text in pages.items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")


def landing_pages(study: Results) -> dict[str, str]:
    """The page of each authority, by the name of its folder: its answer, its models, and links to its predictions."""
    measures = every_measure(study.world)
    names = row_names(study.world, study.protocol, study.evidence.left_out)
    models, parts = _models(study), _by_authority(measures)
    called = {slug: study.settings.name(slug) for slug in study.settings.authorities}
    return {slug: _landing_page(study, slug, models.get(n), parts.get(n), names) for slug, n in called.items()}


def _landing_page(
    study: Results, slug: str, models: Released | None, measures: Released | None, names: Mapping[tuple[str, str], Cell]
) -> str:
    name = study.settings.name(slug)
    asked = [problem for problem in study.settings.problems if problem.authority == slug]
    studied = [p.outcome for p in asked if (name, p.outcome) in names]
    own = {(name, o): _linked(names[name, o], f"{slug}/{o}.html", without=name) for o in studied}
    parts = [f"# {as_myst(name)}", banner_text(_page(study, slug, [name]))]
    if measures is not None:
        caption = f"Average precision of each model of {name} on test cases it had not seen."
        grid = average_precision_grid(
            measures, own, caption=caption, anchor=f"table-{slug.lower()}", mark=study.protocol.success.threshold
        )
        parts += [own_answer(models), grid, GRID_NOTE]
    not_studied = [problem for problem in asked if problem.outcome not in studied]
    if not_studied:
        lines = [f"- {{doc}}`{p.outcome} </results/{p.slug}>`: could not be studied" for p in not_studied]
        parts.append("\n".join(lines))
    return "\n\n".join([*parts, READ_ON]) + "\n"


def directory_page(study: Results) -> str:
    """The page of all authorities: what each was asked, and how many of its models passed, with links."""
    models, studied = _models(study), study.world
    rows = []
    for slug in study.settings.authorities:
        name = study.settings.name(slug)
        number = sum(authority == name for authority, _ in studied)
        judged = passed(models.get(name))
        share = f"{judged[0]} of {judged[1]}" if judged else CANNOT_TELL
        counted = NOT_COUNTED if name in study.evidence.leaking else "yes"
        rows.append([Cell(name, link=f"results/{slug}.html"), Cell(str(number), "number"), share, counted])
    caption = "Each authority, with how many of its models passed the mark set in advance."
    table = html_table(caption, HEADINGS, rows, anchor="table-all-authorities", classes="study-table")
    names = [study.settings.name(slug) for slug in study.settings.authorities]
    parts = [
        f"# {TITLE}",
        f"*{count(len(rows))} authorities, {count(len(study.settings.problems))} predictions, a page for each.*",
        banner_text(_page(study, ALL_AUTHORITIES, names)),
        table,
        NO_ORDER,
    ]
    return "\n\n".join(parts) + "\n"


def _models(study: Results) -> dict[str, Released]:
    """The models of each authority that count towards its answer, by its name."""
    return _by_authority(own_front(results_table(study.world, study.evidence.left_out), study.protocol))


def _by_authority(table: Released | None) -> dict[str, Released]:
    names: Iterable[str] = () if table is None else dict.fromkeys(table.frame["authority"])
    return {name: table.where(authority=name) for name in names if table is not None}


def _linked(cell: Cell, link: str, *, without: str) -> Cell:
    """The name of a prediction as a link, without the authority's, which is the page's own."""
    below = tuple(line.removesuffix(f" · {without}") for line in cell.below)
    return Cell(cell.words, cell.kind, below, link=link)


def _page(study: Results, slug: str, names: list[str]) -> Page:
    rules = study.protocol.disclosure
    return Page(
        slug=slug,
        folder=study.paths.page_files(slug),
        source="",
        data_is_synthetic=study.synthetic,
        disclosure=describe_preset(study.settings.preset, rules),
        made_from="" if study.synthetic else extracts_of(names),
    )
