"""An authority's own extract becomes the book, with nothing of a child in it, twice: after a failure, and in the end.

The first run is made to fail in the middle of both pages; the second resumes it. What each leaves behind is searched.
"""

import re
import shutil
import stat
from pathlib import Path

import pandas as pd
import pytest
from own_extract import EACH, copy_networks, marked_extract, quick_protocol, run_report

from analysis.disclosure import PAGE_TABLES, read_released
from analysis.disclosure.canaries import find_canaries

pytestmark = pytest.mark.slow

OUTCOMES = ("P7", "P8")


@pytest.fixture(scope="session")
def marked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("own")
    extract, marks = marked_extract(folder)
    return folder, extract, marks, quick_protocol(folder)


def report(marked, **options):
    folder, extract, _, protocol = marked
    own = ["--data", str(extract), "--protocol", str(protocol), "--outcomes", ",".join(OUTCOMES)]
    build = ["--build", str(folder / "build"), "--network-world", "small"]
    return run_report("report", *own, *build, guard=folder / "guard", **options)


def search(build: Path, marks, words: str):
    """What is found of a child in everything that a run left behind, and in what it said.

    Births are looked for as programs write dates, too. The invented New Zealand, drawn by the run itself, has people
    born on every day.
    """
    (build / "log.txt").write_text(words, encoding="utf-8")
    iso = {
        f"ISO {name}": "-".join(reversed(mark.split("/"))) for name, mark in marks.items() if name.startswith("birth")
    }
    found = find_canaries(build, {**marks, **iso})
    return tuple(hit for hit in found if not (hit.canary in iso and hit.path.startswith("synthetic/network/")))


@pytest.fixture(scope="session")
def failed(marked):
    """A run whose pages fail half-way, with every mark in the error's own words; and what was found of them."""
    folder, _, marks, _ = marked
    values = folder / "values"
    values.write_text("\n".join(marks.values()), encoding="utf-8")
    done = report(marked, fail_with=values)
    words = done.stdout + done.stderr
    return done.returncode, words, search(folder / "build", marks, words)


@pytest.fixture(scope="session")
def run(failed, marked):
    """The same run, now left alone; and what was found in what it leaves."""
    done = report(marked)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    build = marked[0] / "build"
    return build, done.stdout, search(build, marked[2], done.stdout + done.stderr)


def test_a_run_that_fails_in_the_middle_tells_nothing_of_a_child(failed):
    code, words, found = failed
    assert code == 1 and re.search(r"problem\.md: cell \d+ stopped with RuntimeError", words), words[-3000:]
    assert found == ()


def test_a_run_takes_up_what_one_that_failed_left_done(run):
    words = run[1]
    assert "page/Northshire/P7 …" in words and "extract/Northshire" not in words and "networks" not in words


def test_nothing_planted_is_found_outside_the_child_level_folders(run, marked):
    build, _, found = run
    assert len(marked[2]) > 4.9 * EACH  # two children may be born on one day
    assert found == ()
    kinds = {path.suffix for path in build.rglob("*") if path.is_file() and "child_level" not in path.parts}
    assert {".html", ".ipynb", ".csv", ".svg", ".json", ".js", ".txt", ".docx", ".pptx", ".png"} <= kinds
    assert any("_sources" in path.parts for path in build.rglob("*.ipynb"))


def test_the_planted_marks_are_found_where_they_may_be(marked):
    """The search can fail: it finds them in the extract itself, where a birth is mostly a workbook's number of days."""
    found = {hit.canary for hit in find_canaries(marked[1], marked[2])}
    assert {name for name in marked[2] if not name.startswith("birth")} <= found
    assert any(name.startswith("birth") for name in found)


def test_the_book_is_about_this_authority_and_says_what_was_done_to_small_numbers(run):
    for outcome in OUTCOMES:
        page = run[0] / "_build" / "html" / "results" / "Northshire" / f"{outcome}.html"
        text = page.read_text(encoding="utf-8").replace("’", "'")
        assert "An authority's own cases" in text and "Counts of 1 to 5 are withheld" in text
        assert "Its cases were simulated" not in text


def test_no_connection_beyond_this_machine_was_asked_for(run, marked):
    assert not (marked[0] / "guard" / "connections").exists()


def test_at_no_moment_did_a_process_listen_on_a_port(run, marked):
    assert (marked[0] / "guard" / "listening").read_text() == ""


def test_child_level_folders_are_their_owners_alone(run):
    folders = [path for path in run[0].rglob("child_level") if path.is_dir()]
    assert folders and all(stat.S_IMODE(folder.stat().st_mode) == 0o700 for folder in folders)


def test_no_released_count_is_below_the_threshold(run):
    for outcome in OUTCOMES:
        for table in read_released(run[0] / "Northshire" / outcome / "released", PAGE_TABLES).values():
            for column in table.specification.named("count"):
                counts = pd.to_numeric(table.frame[column.name]).dropna()
                assert not counts.between(1, 5).any(), (table.name, column.name)


def test_a_third_run_does_nothing(run, marked):
    done = report(marked)
    assert done.returncode == 0 and "…" not in done.stdout, done.stdout


@pytest.fixture(scope="session")
def sent(run, tmp_path_factory):
    """What the authority would send: its released folders and nothing else."""
    folder = tmp_path_factory.mktemp("sent")
    for outcome in OUTCOMES:
        shutil.copytree(run[0] / "Northshire" / outcome / "released", folder / f"from-{outcome}")
    return folder


def collect(sent: Path, marked, build: Path):
    own = ["--protocol", str(marked[3]), "--build", str(build), "--network-world", "small"]
    return run_report("collect", str(sent), *own, guard=marked[0] / "guard")


@pytest.fixture
def elsewhere(run):
    """The authority's run moved away; in its place a folder with the study of networks and nothing of hers."""
    build = run[0]
    hers = build.rename(build.with_name("hers"))
    copy_networks(hers, build)
    yield hers, build
    shutil.rmtree(build)
    hers.rename(build)


def test_what_was_released_collects_into_the_same_book_but_for_fingerprints(elsewhere, sent, marked):
    hers, build = elsewhere
    assert not (build / "Northshire").exists()
    done = collect(sent, marked, build)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    html, again = (folder / "_build" / "html" for folder in (hers, build))
    pages = {path.relative_to(html) for path in html.rglob("*.html")}
    assert len(pages) > 20 and pages == {path.relative_to(again) for path in again.rglob("*.html")}
    # What was put in is told where the extract was read; what travels is what was released of each prediction.
    (supplied,) = [page for page in pages if page.stem == "supplied"]
    assert "only what they released is here" in " ".join((again / supplied).read_text(encoding="utf-8").split())
    for page in sorted(pages - {supplied}):
        assert without_fingerprints(again / page) == without_fingerprints(html / page), page


def without_fingerprints(page: Path) -> str:
    text = re.sub(r'data-data="\w+"', "", page.read_text(encoding="utf-8"))
    text = re.sub(r"<dt>data</dt>\s*<dd><code>\w+</code></dd>", "", text)
    # A page that was made again where it was collected also names the code of its tables.
    text = re.sub(r'\s*data-tables-code="\w+"|<dt>tables\S+ code</dt>\s*<dd><code>\w+</code></dd>\s*', "", text)
    return re.sub(r"; tables\S+ code <code[^>]*>(<span[^>]*>)?\w+(</span>)?</code>", "", text)


def test_one_altered_byte_is_refused_by_name(sent, marked, tmp_path):
    altered = shutil.copytree(sent, tmp_path / "altered")
    path = altered / "from-P7" / "performance.csv"
    content = bytearray(path.read_bytes())
    content[-3] ^= 1
    path.write_bytes(bytes(content))
    done = collect(altered, marked, tmp_path / "build")
    assert done.returncode == 1 and "performance.csv" in done.stderr and "DisclosureError" in done.stderr
