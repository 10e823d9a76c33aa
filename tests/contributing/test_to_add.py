"""Each row of the table "to add X, touch Y" in CONTRIBUTING.md, carried out on a copy of the package."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("analysis", "book/evidence", "tests/figures/small_tables.py", "protocol.yml", "requirements.lock")
ROWS = {
    "a prediction of an authority's own",
    "an authority's own data",
    "a chart of a table there is",
    "a metric of each design",
    "a released table",
    "a paper for a meeting",
    "a disclosure preset",
    "a way of writing a heading or code",
}


@pytest.fixture
def copy(tmp_path) -> Path:
    """A copy of the package, to be changed as a contributor would change it."""
    without = shutil.ignore_patterns("__pycache__")
    for name in (*COPIED, "data_synthetic"):
        source, target = ROOT / name, tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target, ignore=without) if source.is_dir() else shutil.copyfile(source, target)
    return tmp_path


def run(copy: Path, code: str) -> subprocess.CompletedProcess:
    """Run code against the copy alone."""
    path = os.pathsep.join(map(str, (copy, copy / "tests" / "figures")))
    environment = dict(os.environ, PYTHONPATH=path, PYTHONDONTWRITEBYTECODE="1")
    return subprocess.run(
        [sys.executable, "-c", code], cwd=copy, env=environment, capture_output=True, text=True, check=False
    )


def says(copy: Path, code: str) -> str:
    done = run(copy, code)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def insert(path: Path, before: str, text: str) -> None:
    """Put text before the one place where `before` stands."""
    content = path.read_text(encoding="utf-8")
    assert content.count(before) == 1, (path, before)
    path.write_text(content.replace(before, text + before), encoding="utf-8")


def test_every_row_of_the_table_has_its_test():
    table = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (an? [^|]+?) \|", table, re.MULTILINE)
    assert set(rows) == ROWS


PREDICTION = """  P9:
    title: A plan within six months of an assessment
    question: Within six months of an assessment, does the child go on a child protection plan?
    authority: LA1
    index: {event: assessment_authorised}
    steps:
      - {any_of: [plan_start], from: {days: 1}, to: {months: 6}}
    none_of: []
    exclude_if_open: [plan, care]
    source: ours
"""


def test_a_prediction_is_added_in_the_protocol_alone_and_is_exploratory(copy):
    insert(copy / "protocol.yml", "  P2:\n    title:", PREDICTION)
    code = """
from pathlib import Path
from analysis.protocol import load_protocol
from analysis.study.settings import Settings, choose_problems
protocol = load_protocol(Path("protocol.yml"))
problems = choose_problems(protocol, ["Anyborough"], ["P9"])
settings = Settings(protocol, False, problems)
print([problem.slug for problem in settings.problems], sorted(settings.conformance.added))
"""
    assert says(copy, code) == "['Anyborough/P9'] ['P9']"


def test_an_authority_is_added_as_a_folder(copy):
    for name in ("Anyborough", "Borsetshire"):
        folder = copy / "data" / name / "annex_a"
        folder.mkdir(parents=True)
        (folder / "List_1.csv").write_text("Child Unique ID,Date of Contact\nA1,01/02/2016\n", encoding="utf-8")
    code = "from pathlib import Path; from analysis.extract.authority import find_authorities as find\n"
    assert says(copy, code + "print(sorted(find(Path('data'))))") == "['Anyborough', 'Borsetshire']"


CHART = '''
@chart(
    "positives",
    describe=lambda released: f"Bars: cases with the outcome of {len(released.frame)} designs.",
    draws=("positives",),
)
def plot_positives(released, axes):
    """Cases with the outcome among the test cases of each design, as bars."""
    axes.barh(released.frame["design"], released.frame["positives"])
'''


def test_a_chart_is_one_function_and_is_drawn_on_a_page(copy):
    path = copy / "analysis" / "book" / "charts" / "cohort.py"
    path.write_text(path.read_text(encoding="utf-8") + CHART, encoding="utf-8")
    code = """
import small_tables as small
from pathlib import Path
from analysis.book.charts import CHARTS
from analysis.book.page import Page, figure_text
page = Page("LA1-P1", Path("files"), "book/notebooks/problem.md", True)
print(figure_text(page, "positives", small.performance(), caption="Cases.", chart=CHARTS["positives"]))
"""
    text = says(copy, code)
    assert "Bars: cases with the outcome of" in text and "plot_positives in analysis/book/charts/cohort.py" in text
    assert (copy / "files" / "LA1-P1-positives-light.svg").stat().st_size > 1000


METRIC = '        "root_brier_score": (np.sqrt(squared / cases), np.nan),\n'


def test_a_metric_is_one_line_of_the_maker_and_is_released(copy):
    path = copy / "analysis" / "performance" / "metrics.py"
    insert(path, '        "observed_expected_ratio": (share', METRIC)
    code = """
import numpy as np
from analysis.disclosure import PAGE_TABLES, release
from analysis.model.cases import Cases
from analysis.performance import metrics
from analysis.protocol import load_protocol
from types import SimpleNamespace
protocol = load_protocol()
draw = np.random.default_rng(1)
outcome = np.arange(300) % 5 == 0
cases = Cases(outcome, np.arange(300), np.full(300, np.datetime64("2016-01-01")))
split = SimpleNamespace(train=np.arange(100), test=np.arange(100, 300), returning=np.empty(0, int))
risk = np.clip(0.2 + 0.2 * outcome[100:] + draw.normal(0, 0.1, 200), 0.01, 0.99)
design = SimpleNamespace(split=split, test_risk=risk, threshold=0.3, slug="structured-all_cases")
frame = metrics.performance({design.slug: design}, cases, protocol)
table = release(PAGE_TABLES["performance"], frame, preset="dfe", rules=protocol.disclosure)
expected = np.sqrt(np.mean((outcome[100:] - risk) ** 2))
print(float(abs(table.where(metric="root_brier_score").frame["value"].iloc[0] - expected)) < 0.006)
"""
    assert says(copy, code) == "True"


TABLE = '''"""Cases by band of risk."""

import pandas as pd

from analysis.disclosure.specification import EXPLORATORY, Sum, TableSpecification, count, key

RISK_BANDS = TableSpecification(
    "risk_bands",
    "Cases by band of risk",
    "one band",
    (key("band", "low, middle or high"), count("cases", "cases"), count("positives", "cases with the outcome")),
    planned_by=EXPLORATORY,
    {record}
    utility=10,
)
FRAME = pd.DataFrame({{"band": ["low", "middle", "high"], "cases": [600, 300, 100], "positives": [3, 17, 20]}})
'''
RELEASED = """
from analysis.disclosure import release
from analysis.protocol import load_protocol
from analysis.tables.risk_bands import FRAME, RISK_BANDS
table = release(RISK_BANDS, FRAME, preset="dfe", rules=load_protocol().disclosure)
print(int(table.frame["positives"].isna().sum()))
"""
RECORD = """population="cases of a band {band}",
    adds_up=(Sum((), "all cases in bands", ("cases", "positives")),),"""


def test_a_released_table_is_its_maker_with_its_record(copy):
    path = copy / "analysis" / "tables" / "risk_bands.py"
    path.write_text(TABLE.format(record=RECORD), encoding="utf-8")
    assert says(copy, RELEASED) == "1"  # the 3 is withheld; no table prints a total that it could be worked out from


def test_a_table_whose_record_is_silent_does_not_import(copy):
    path = copy / "analysis" / "tables" / "risk_bands.py"
    path.write_text(TABLE.format(record=""), encoding="utf-8")
    done = run(copy, RELEASED)
    assert done.returncode and "say whose cases its rows count (population)" in done.stderr


PAPER = '''
def one_line(facts):
    """The answer alone, as a text file."""
    return " ".join(facts.answer).encode()


'''


def test_a_paper_is_a_function_and_a_line_and_is_linked(copy):
    path = copy / "analysis" / "papers" / "__init__.py"
    insert(path, "PAPERS = (", PAPER)
    insert(path, '    Paper("slides.pptx"', '    Paper("answer.txt", "The answer (text)", one_line),\n')
    code = """
import small_tables as small
from analysis.claims import Evidence
from analysis.papers import FILES, Facts, papers_line
from analysis.publish import Citation
from datetime import date
cited = Citation("Title", "Authors", "1", date(2026, 11, 22), "", "MIT")
evidence = Evidence(small.world(), small.PROTOCOL, small.PROTOCOL)
content = FILES["answer.txt"](Facts(True, ["LA1"], evidence, cited, ""))
print(content.decode()[:3], "papers/answer.txt" in papers_line(""))
"""
    assert says(copy, code) == "No, True"


PRESET = "    strict: {threshold: 19, rounding: 10, complementary: true}\n"
ADDRESSES = {"threshold": 19, "rounding": 10, "complementary": "true"}


def test_a_preset_is_a_line_of_the_protocol_with_a_record_for_each_value(copy):
    insert(copy / "protocol.yml", "    research: {threshold", PRESET)
    code = """
from pathlib import Path
from analysis.protocol import load_protocol
from analysis.study.evidence_files import check_conformance
protocol = load_protocol(Path("protocol.yml"))
print(protocol.disclosure.presets["strict"].threshold, sorted(check_conformance(protocol).deviating))
"""
    refused = run(copy, code)
    assert refused.returncode and "disclosure.presets.strict" in refused.stderr
    records = "".join(
        f"- {{address: disclosure.presets.strict.{name}, executed: {value}, when: 2026-11-29, why: a test}}\n"
        for name, value in ADDRESSES.items()
    )
    with (copy / "book" / "evidence" / "deviations.yml").open("a", encoding="utf-8") as file:
        file.write(records)
    assert says(copy, code) == "19 ['disclosure']"


def test_a_way_of_writing_a_heading_is_a_row_of_the_mapping_workbook(copy):
    code = """
from pathlib import Path
import openpyxl
from analysis.extract.definitions import annex_a
from analysis.extract.mapping import NotUnderstood, with_mapping, write_mapping
path, table = Path("mapping.xlsx"), next(iter(annex_a().tables.values()))
heading = list(table.columns.values())[-1].heading
write_mapping(path, [NotUnderstood(table.title, "", "As our system has it", 3)], [annex_a()])
workbook = openpyxl.load_workbook(path)
workbook.active.cell(2, 6).value = heading
workbook.save(path)
known = {c.heading: c.also for c in with_mapping(annex_a(), path).tables[table.name].columns.values()}
print("As our system has it" in known[heading])
"""
    assert says(copy, code) == "True"
