"""An authority's own extract becomes the book, with nothing of a child in it, twice: when all goes well, and not."""

import re
import shutil
import stat
from pathlib import Path

import pytest
from own_extract import marked_extract, quick_protocol, run_report

from analysis.disclosure.canaries import find_canaries

OUTCOMES = ("P7", "P8")


@pytest.fixture(scope="session")
def marked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("own")
    extract, marks = marked_extract(folder)
    return folder, extract, marks, quick_protocol(folder)


def arguments(marked, build: Path) -> list[str]:
    _, extract, _, protocol = marked
    own = ["--data", str(extract), "--protocol", str(protocol), "--outcomes", ",".join(OUTCOMES)]
    return ["report", *own, "--build", str(build), "--network-world", "small"]


@pytest.fixture(scope="session")
def run(marked):
    folder = marked[0]
    build = folder / "build"
    done = run_report(*arguments(marked, build), guard=folder / "guard")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    (build / "log.txt").write_text(done.stdout + done.stderr, encoding="utf-8")
    return build


def test_the_book_is_about_this_authority_and_says_no_data_are_synthetic(run):
    for outcome in OUTCOMES:
        page = (run / "_build" / "html" / "results" / "Northshire" / f"{outcome}.html").read_text(encoding="utf-8")
        assert "An authority's own cases" in page.replace("’", "'")
        assert "Its cases were simulated" not in page


def test_nothing_planted_is_found_outside_the_child_level_folders(run, marked):
    assert len(marked[2]) >= 950
    assert find_canaries(run, marked[2]) == ()


def test_the_planted_marks_are_found_where_they_may_be(marked):
    """The search can fail: it finds them in the extract itself."""
    found = {hit.canary for hit in find_canaries(marked[1], marked[2])}
    assert len(found) > 0.9 * len(marked[2])


def test_no_connection_beyond_this_machine_was_asked_for(run, marked):
    assert not (marked[0] / "guard" / "connections").exists()


def test_child_level_folders_are_their_owners_alone(run):
    folders = [path for path in run.rglob("child_level") if path.is_dir()]
    assert folders and all(stat.S_IMODE(folder.stat().st_mode) == 0o700 for folder in folders)


def test_no_released_count_is_below_the_threshold(run):
    import pandas as pd

    from analysis.disclosure import PAGE_TABLES, read_released

    for outcome in OUTCOMES:
        for table in read_released(run / "Northshire" / outcome / "released", PAGE_TABLES).values():
            for column in table.specification.named("count"):
                counts = pd.to_numeric(table.frame[column.name]).dropna()
                assert not counts.between(1, 5).any(), (table.name, column.name)


def test_a_second_run_does_nothing(run, marked):
    done = run_report(*arguments(marked, run), guard=marked[0] / "guard")
    assert done.returncode == 0 and len(done.stdout.strip().splitlines()) == 1, done.stdout


@pytest.fixture(scope="session")
def sent(run, tmp_path_factory):
    """What the authority would send: its released folders and nothing else."""
    folder = tmp_path_factory.mktemp("sent")
    for outcome in OUTCOMES:
        shutil.copytree(run / "Northshire" / outcome / "released", folder / f"from-{outcome}")
    return folder


def test_what_was_released_collects_into_the_same_book_but_for_fingerprints(run, sent, marked, tmp_path):
    build = tmp_path / "build"
    own = ["--protocol", str(marked[3]), "--build", str(build), "--network-world", "small"]
    done = run_report("collect", str(sent), *own, guard=marked[0] / "guard")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    pages = sorted((run / "_build" / "html").rglob("*.html"))
    assert len(pages) > 20
    for page in pages:
        again = build / "_build" / "html" / page.relative_to(run / "_build" / "html")
        assert without_fingerprints(again) == without_fingerprints(page), page.name


def without_fingerprints(page: Path) -> str:
    text = re.sub(r'data-data="\w+"', "", page.read_text(encoding="utf-8"))
    return re.sub(r"<dt>data</dt>\s*<dd><code>\w+</code></dd>", "", text)


def test_one_altered_byte_is_refused_by_name(sent, marked, tmp_path):
    altered = shutil.copytree(sent, tmp_path / "altered")
    path = altered / "from-P7" / "performance.csv"
    content = bytearray(path.read_bytes())
    content[-3] ^= 1
    path.write_bytes(bytes(content))
    own = ["--protocol", str(marked[3]), "--build", str(tmp_path / "build"), "--network-world", "small"]
    done = run_report("collect", str(altered), *own, guard=marked[0] / "guard")
    assert done.returncode == 1 and "performance.csv" in done.stderr and "DisclosureError" in done.stderr


def test_a_run_that_fails_in_the_middle_tells_nothing_of_a_child(marked):
    folder, _, marks, _ = marked
    values = folder / "values"
    values.write_text("\n".join(marks.values()), encoding="utf-8")
    build = folder / "failed"
    done = run_report(*arguments(marked, build), guard=folder / "guard", fail_with=values)
    assert done.returncode == 1 and re.search(r"Northshire/P7.*RuntimeError", done.stdout + done.stderr)
    (build / "log.txt").write_text(done.stdout + done.stderr, encoding="utf-8")
    assert find_canaries(build, marks) == ()
