"""Step that assembles the book's source and builds it. Nothing is executed here, so nothing can be stale."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import yaml

from analysis.errors import StepError
from analysis.papers import FOLDER as PAPERS
from analysis.protocol import Protocol
from analysis.publish import find_chromium, read_citation, write_pdf
from analysis.publish.pdf import NAME as PDF
from analysis.publish.pdf import VARIABLE
from analysis.study.citation import CITATION
from analysis.study.directory import ALL_AUTHORITIES
from analysis.study.fingerprint import ROOT, hash_code, hash_environment, hash_path, hash_values
from analysis.study.provenance import check_pages_agree
from analysis.study.settings import MOST_LISTED
from analysis.workflow.failures import shortage

JUPYTER_BOOK = (
    "import gc; gc.set_threshold(50_000, 20, 20);"  # Python's own 700 cost a book of many pages a tenth of its time
    "from analysis.processes import end_with_parent; end_with_parent({parent});"
    "from functools import partial; from jupyter_book import sphinx;"
    "sphinx.build_sphinx = partial(sphinx.build_sphinx, jobs={jobs});"  # its own command has no option for it
    "from jupyter_book.cli.main import main; main()"
)
PROCESSES = 3  # that read the pages of a book of many (ours); one of them makes pages ready that the others write
MADE_FROM = "made-from.txt"
CHANGELOG = ROOT / "CHANGELOG.md"
NOT_PROSE = ("notebooks", "results", "_files")


def make_book(
    source: Path,
    book: Path,
    output: Path,
    *,
    pages: Iterable[Path],
    lists: Iterable[Path] = (),
    papers: Path,
    protocol: Protocol,
    synthetic: bool,
) -> tuple[str, ...]:
    """Copy the prose beside the executed notebooks, drop pages of an earlier run, build from scratch, and print it.

    Parameters
    ----------
    source, book : Path
        The prose in the repository, and the folder in which the executed notebooks lie.
    output : Path
        Folder to build in; the book is in its ``html``.
    pages : iterable of Path
        Executed notebooks of this run; any other below `book` is removed.
    lists : iterable of Path
        Pages that list those of an authority, or the authorities; empty where the pages are few.
    papers : Path
        Folder of the papers that the book carries.
    protocol : Protocol
        The run's, which every page must have been made from.
    synthetic : bool
        Whether the run's cases were invented; every page says so.

    Returns
    -------
    tuple of str
        That no PDF was printed, where there is no chromium to print with.

    Raises
    ------
    StepError
        If pages disagree on what they were made from, or Sphinx warns.
    """
    pages, lists = tuple(pages), tuple(lists)
    check_pages_agree(pages, protocol)
    assemble_prose(source, book)
    drop_stale_pages(book, {*pages, *lists})
    results = [page.relative_to(book).with_suffix("").as_posix() for page in pages]
    _write_yaml(book.parent / "_toc.yml", contents(_read_yaml(ROOT / "_toc.yml"), sorted(results)))
    chromium = find_chromium()
    build_html(book, output, synthetic=synthetic, printed=chromium is not None, many=bool(lists))
    shutil.copytree(papers, output / "html" / PAPERS, dirs_exist_ok=True)
    if chromium is None:
        return (f"The book has no PDF: no chromium was found to print with; {VARIABLE} names one.",)
    write_pdf(output / "html", output / "html" / PDF, cited=read_citation(CITATION), chromium=chromium)
    return ()


def assemble_prose(source: Path, book: Path) -> None:
    """Copy the prose, styles and extensions of `source` and the changelog, leaving alone what has not changed.

    Parameters
    ----------
    source : Path
        The folder of the prose in the repository.
    book : Path
        The folder to copy to; made where there is none.
    """
    book.mkdir(parents=True, exist_ok=True)
    _copy_if_changed(CHANGELOG, book / "changes.md")
    for path in sorted(source.rglob("*")):
        relative = path.relative_to(source)
        if not path.is_file() or relative.parts[0] in NOT_PROSE or "__pycache__" in relative.parts:
            continue
        _copy_if_changed(path, book / relative)


def _copy_if_changed(path: Path, target: Path) -> None:
    if not target.is_file() or target.read_bytes() != path.read_bytes():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def drop_stale_pages(book: Path, pages: set[Path]) -> None:
    """Delete the executed notebooks of an earlier run, and the lists of its authorities' pages.

    Parameters
    ----------
    book : Path
        The folder in which they lie, at any depth.
    pages : set of Path
        Those of this run, which stay.
    """
    for page in (*book.rglob("*.ipynb"), *book.glob(f"{ALL_AUTHORITIES}.md"), *book.glob("results/*.md")):
        if page not in pages:
            page.unlink()


def contents(toc: dict, pages: Iterable[str]) -> dict:
    """The table of contents with each list of `results/...` entries replaced by this run's result pages.

    Where they are more than `MOST_LISTED` the list is of one page, that of all authorities. Below it stand the
    authorities' own pages, and below each of these its result pages.

    Parameters
    ----------
    toc : dict
        As `_toc.yml` has it.
    pages : iterable of str
        Below the book's folder, without ending, such as "results/LA1/P1".

    Returns
    -------
    dict
        A new one.
    """
    results = _result_entries([page for page in pages if page.startswith("results/")])

    def is_result(entry) -> bool:
        return isinstance(entry, dict) and str(entry.get("file", "")).startswith("results/")

    def replaced(entry):
        if isinstance(entry, dict):
            return {key: replaced(value) for key, value in entry.items()}
        if isinstance(entry, list):
            return results if any(map(is_result, entry)) else [replaced(item) for item in entry]
        return entry

    return replaced(toc)


def _result_entries(pages: Sequence[str]) -> list[dict]:
    if len(pages) <= MOST_LISTED:
        return [{"file": page} for page in pages]
    whose: dict[str, list[dict]] = {}
    for page in pages:
        whose.setdefault(page.rpartition("/")[0], []).append({"file": page})
    return [{"file": ALL_AUTHORITIES, "sections": [{"file": one, "sections": own} for one, own in whose.items()]}]


def build_html(book: Path, output: Path, *, synthetic: bool, printed: bool = False, many: bool = False) -> None:
    """Build the HTML, treating warnings as errors: from scratch, or of many pages those that have changed.

    Of a book of many pages those that were not made anew are left as they are, if nothing else has changed since: no
    prose, style or extension, no chapter and no page more or less.

    Parameters
    ----------
    book : Path
        The folder of the book's source.
    output : Path
        Deleted first; the book is in its ``html``.
    synthetic : bool
        Whether the run's cases were invented.
    printed : bool
        Whether a PDF will lie beside it, to which every page links.
    many : bool
        Whether the book has more pages than can be listed beside each.

    Raises
    ------
    StepError
        With Sphinx's warnings, if there were any.
    """
    made_from = _made_from(book, synthetic=synthetic, printed=printed) if many else ""
    record = output / MADE_FROM
    if not (many and record.is_file() and record.read_text(encoding="utf-8") == made_from):
        shutil.rmtree(output, ignore_errors=True)
    record.unlink(missing_ok=True)  # a page that made Sphinx warn would not be read again
    for style in (output / "html" / "_static").glob("mystnb.*.css"):
        style.unlink()  # made anew after the pages: Sphinx would name it otherwise
    code = JUPYTER_BOOK.format(parent=os.getpid(), jobs=PROCESSES if many else 1)
    command = [
        *(sys.executable, "-c", code, "build", str(book)),
        *("--path-output", str(output.parent.resolve()), "--config", str(ROOT / "_config.yml")),
        *("--toc", str((book.parent / "_toc.yml").resolve())),
        *("-W", "--keep-going", "-q"),
    ]
    environment = dict(
        os.environ, PYTHONPATH=str(ROOT), BOOK_DATA="synthetic" if synthetic else "own", BOOK_PDF=PDF if printed else ""
    )
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment)
    if done.returncode or not (output / "html" / "index.html").is_file():
        lines = (done.stderr + done.stdout).splitlines()
        warnings = [line for line in lines if re.search("WARNING|ERROR|rror:", line)] or lines[-10:]
        raise StepError("book", shortage("", done.stderr) or [_plain(warning) for warning in warnings[:40]])
    if many:
        _drop_stale_files(book, output / "html")
        record.write_text(made_from, encoding="utf-8")
    else:
        (output / "html" / ".buildinfo").unlink(missing_ok=True)  # for a build upon this one; differs by folder


def _made_from(book: Path, *, synthetic: bool, printed: bool) -> str:
    """Fingerprint of all that a page of the book depends on beside its own notebook."""
    results, toc = book / "results", book.parent / "_toc.yml"
    of_pages = {*results.rglob("*"), *(book / "notebooks").rglob("*"), *(book / "_files").rglob("*")}
    shared = [path for path in sorted(book.rglob("*")) if path.is_file() and path not in of_pages]
    titles = [_title(path) for path in sorted({*results.rglob("*.ipynb"), *results.glob("*.md")})]
    files = [(path.relative_to(book).as_posix(), hash_path(path)) for path in shared if path.stem != ALL_AUTHORITIES]
    around = (toc, ROOT / "_config.yml", ROOT / "book" / "notebooks", book.parent / "protocol.json")
    inputs = [hash_path(path) for path in around]
    return hash_values(files, titles, inputs, synthetic, printed, hash_code(__name__), hash_environment())


def _title(page: Path) -> str:
    """The first heading of a page, by which others call it."""
    found = re.search(r"# ([^\n\"\\]*)", page.read_text(encoding="utf-8"))
    return f"{page.stem}: {found[1] if found else ''}"


def _drop_stale_files(book: Path, html: Path) -> None:
    """Delete pictures and downloads that were copied for a page which no longer has them."""
    names = {path.name for path in book.rglob("*") if path.is_file()}
    for path in (*(html / "_images").rglob("*"), *(html / "_downloads").rglob("*")):
        if path.is_file() and path.name not in names:
            path.unlink()


def _plain(line: str) -> str:
    """A line of Sphinx's without colours and without this machine's folders."""
    return re.sub(r"\x1b\[[0-9;]*m", "", line).replace(f"{ROOT}/", "").strip()


def _read_yaml(path: Path) -> dict:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _write_yaml(path: Path, values: dict) -> None:
    path.write_text(yaml.safe_dump(values, sort_keys=False, allow_unicode=True), encoding="utf-8")
