"""The guide in the book says what the program does: its examples are accepted and its messages are ours."""

import re
from datetime import date
from pathlib import Path

import yaml
from extract_worlds import account, contacts, read, write_workbook

from analysis.cohort.supplied_scores import SCORED, TOO_LATE, scores_before
from analysis.extract.authority import read_metadata
from analysis.protocol.values import Prediction

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "book" / "run_it_on_your_data.md").read_text(encoding="utf-8")
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "analysis" / "extract").glob("*.py"))


def examples(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


def test_its_extract_yml_is_accepted(tmp_path):
    (text,) = [example for example in examples("yaml") if example.lstrip().startswith("name")]
    (tmp_path / "extract.yml").write_text(re.sub("^  ", "", text, flags=re.MULTILINE))
    assert read_metadata(tmp_path).name == "Anyborough"


def test_its_ninth_prediction_needs_no_programming():
    (text,) = [example for example in examples("yaml") if "P9" in example]
    assert Prediction.model_validate(yaml.safe_load(text)["P9"]).authority == "Anyborough"


def test_its_scores_are_read_as_it_says(tmp_path):
    """The child's first score is before the decision and counts; the later one, and the other child's, do not."""
    (text,) = [example for example in examples("text") if example.startswith("child_id,date,score")]
    decided = {"A1001": date(2018, 3, 1), "A1002": date(2018, 2, 2)}
    write_workbook(tmp_path / "annex_a/1.xlsx", {"L": contacts(*[(child, day, "6") for child, day in decided.items()])})
    (tmp_path / "scores.csv").write_text(text, encoding="utf-8")
    tables, report = read(tmp_path)
    assert account(report, "Scores").rows_kept == len(tables.scores) == 3
    cases = tables.events.select("child_id", index_date="date").sort("index_date", descending=True)
    cases = cases.with_row_index("case_id")
    found = scores_before(tables.scores, cases)
    assert found["score"].to_list() == [0.07, None] and found["status"].to_list() == [SCORED, TOO_LATE]


def test_its_messages_are_those_of_the_program():
    table = GUIDE.split("## When something goes wrong")[1]
    messages = [re.split("…", line[4:])[0].strip() for line in table.splitlines() if line.startswith("* - ")][1:]
    messages += re.findall(r"^`([a-z][^`]+)`\n: ", GUIDE.split("### Words you may meet")[1], re.MULTILINE)
    assert len(messages) > 8
    spoken = SOURCE.replace("{LONGEST_PREGNANCY.days}", "310").replace("{LONGEST_GAP_DAYS}", "92")
    # A count and its noun come before some messages, so the words after them are looked for.
    starts = r"^(?:families |period |date |document |a sheet )?|List$"
    assert [message for message in messages if re.sub(starts, "", message).strip() not in spoken] == []


def test_its_files_are_those_that_are_read():
    for name in ("documents", "families", "names", "extract.yml", "index.csv", "mapping.xlsx", "scores"):
        assert name in GUIDE and name in SOURCE
