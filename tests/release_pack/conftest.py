"""A run of one authority with two released pages, as `report` leaves it, and a pack made of them."""

import shutil
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest

sys.path[:0] = [str(Path(__file__).parents[1] / name) for name in ("disclosure", "collect")]

from submissions import KEYS, PROTOCOL, invented_tables, write_submission  # noqa: E402

from analysis.disclosure import add_page  # noqa: E402
from analysis.disclosure.containment import child_level_folder  # noqa: E402
from analysis.disclosure.signatures import sign_file  # noqa: E402
from analysis.schemas import SCHEMAS, CheckedTables  # noqa: E402
from analysis.study.checked_tables import write_checked_tables  # noqa: E402
from analysis.study.settings import Settings, choose_problems, write_settings  # noqa: E402
from analysis.workflow.release_pack.request import request  # noqa: E402

CHILD = "0123456789abcdef"
REQUESTER, APPROVER = "First Placeholder", "Second Placeholder"
CONTEXT = "An invented release, for the project's own tests."


def write_run(build: Path, *, synthetic: bool = False) -> Path:
    """Settings, checked tables of one child, and the released tables, page and signature of P7 and P8."""
    problems = choose_problems(PROTOCOL, ["LA4"], ["P7", "P8"])
    write_settings(Settings(PROTOCOL, synthetic, problems), build)
    tables = {name: pl.DataFrame(schema=columns) for name, columns in SCHEMAS.items()}
    child = {name: [CHILD if name.endswith("_id") else None] for name in tables["children"].columns}
    tables["children"] = pl.DataFrame(child, schema=SCHEMAS["children"])
    period = {"first_date": date(2013, 1, 1), "last_date": date(2018, 12, 31), "families_known": True}
    write_checked_tables(CheckedTables(**tables, **period), child_level_folder(build, "LA4"))
    for seed, problem in enumerate(problems):
        folder = build / problem.slug / "released"
        page = invented_tables(seed if synthetic else 0, "synthetic" if synthetic else "dfe")
        write_submission(folder, page, authority=problem.authority, outcome=problem.outcome)
        files = build / "files"
        files.mkdir(exist_ok=True)
        (files / "LA4-flow.csv").write_text("step\n")
        notebook = build / "page.ipynb"
        notebook.write_text("{}")
        add_page(folder, notebook, files)
        if not synthetic:
            sign_file(folder / "manifest.json", KEYS["LA1"])
    return build


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """The run and a pack made of it, once; each test has a copy, as these take a while."""
    folder = tmp_path_factory.mktemp("made")
    write_run(folder / "build")
    request(folder / "build", ["LA4/P7", "LA4/P8"], folder / "pack", name=REQUESTER, context=CONTEXT)
    return folder


@pytest.fixture
def build(made, tmp_path):
    return shutil.copytree(made / "build", tmp_path / "build")


@pytest.fixture
def pack(made, tmp_path):
    return shutil.copytree(made / "pack", tmp_path / "pack")
