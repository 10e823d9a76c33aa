"""Reading an extract leaves an account beside the tables: for the owner's eyes, and its counts for the screen."""

from importlib.resources import files
from pathlib import Path

import pytest

from analysis.disclosure.ledger import ledger_folder, read_ledger
from analysis.protocol import load_protocol
from analysis.study.paths import Paths
from analysis.study.supplied_table import SUPPLIED
from analysis.workflow import report
from analysis.workflow.extraction import ACCOUNT, account_read, extract_authority
from analysis.workflow.run import Outcome

SAMPLE = Path(str(files("data_synthetic.england"))) / "sample" / "LA4"


@pytest.fixture(scope="module")
def build(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("build")
    extract_authority("LA4", SAMPLE, folder, protocol=load_protocol(), synthetic=True)
    return folder


def test_the_account_is_for_its_owner_only(build):
    account = build / "LA4" / "child_level" / ACCOUNT
    assert account.stat().st_mode & 0o777 == 0o600
    assert "Rows\n" in account.read_text() and "Problems: " in account.read_text()


def test_the_line_for_the_screen_has_the_counts_and_the_place(build):
    line = account_read("LA4", build)
    lists = [row for row in (build / "LA4" / "child_level" / ACCOUNT).read_text().splitlines() if " read, " in row]
    read = sum(int(row.split(" read, ")[0].split(": ")[-1].replace(",", "")) for row in lists[1:])
    assert f"{read:,} rows read" in line and line.endswith(f"child_level/{ACCOUNT}") and "\n" not in line


def test_an_authority_that_was_not_read_here_is_said_to_be_so(tmp_path):
    assert "was not read here" in account_read("LA9", tmp_path)


def test_the_report_on_own_data_says_what_was_read(tmp_path, monkeypatch, capsys):
    def only_extracts(steps, *_, **__):
        for step in steps:
            if step.name.startswith("extract/"):
                step.function(**step.arguments)
        return Outcome()

    monkeypatch.setenv("CHILDRENS_SERVICES_KEY", str(tmp_path / "key"))
    monkeypatch.setattr(report, "run_steps", only_extracts)
    report.report(build=tmp_path / "build", data=SAMPLE, outcomes=["P7"])
    assert "rows read" in capsys.readouterr().out


def test_what_was_supplied_is_remembered_like_any_release(tmp_path):
    released = Paths(tmp_path / "build").supplied("Northshire")
    printed = []
    for _ in range(2):
        extract_authority("Northshire", SAMPLE, tmp_path / "build", protocol=load_protocol(), synthetic=False)
        printed.append((released / "supplied.csv").read_bytes())
    (entry,) = read_ledger(ledger_folder("supplied", "Northshire"), {SUPPLIED.name: SUPPLIED}).entries
    assert printed[0] == printed[1] == (entry_folder() / "supplied.csv").read_bytes()
    assert entry.tables["supplied"].frame["children"][0] % 10 == 0


def entry_folder() -> Path:
    return ledger_folder("supplied", "Northshire") / "000001"
