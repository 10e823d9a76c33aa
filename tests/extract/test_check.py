"""The account of an extract: complete, true, and without a value from any record."""

import re
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import pytest
from extract_worlds import TODAY, a_list, contacts, write_csv, write_workbook

from analysis.extract import check
from analysis.extract.check_page import check_page
from analysis.extract.size import verdict_on_size
from analysis.protocol import load_protocol

PROTOCOL = load_protocol()
SAMPLE = Path(str(files("data_synthetic.england"))) / "sample"


def test_every_prediction_has_its_readiness(tmp_path):
    found = check(SAMPLE, PROTOCOL, today=TODAY)
    assert found.readable and [a.name for a in found.authorities] == sorted(p.name for p in SAMPLE.iterdir())
    for authority in found.authorities:
        assert [row.prediction for row in authority.readiness] == list(PROTOCOL.predictions)
        assert all(row.reason for row in authority.readiness if row.verdict != "can answer")


def a_year_of_contacts(plans: int) -> dict:
    # 60 children with a contact in January 2015; the first `plans` of them on a plan eight months later; seen to 2017
    children = [f"A{i}" for i in range(60)]
    seen = [(child, date(2015, 1, 1 + i % 28), "6") for i, child in enumerate(children)]
    others = [(f"Z{i}", date(2016, 2, 1) + timedelta(days=7 * i), "6") for i in range(48)]  # not followed to the end
    between = [{"child_id": f"Y{i}", "referral_date": date(2014, 1, 1) + timedelta(days=21 * i)} for i in range(53)]
    plan = [{"child_id": child, "start_date": date(2015, 9, 1)} for child in children[:plans]]
    return {
        "List_1": contacts(*seen, *others),
        "List_3": a_list("list_3", *between),
        "List_7": a_list("list_7", *plan, {"child_id": "X", "start_date": date(2014, 1, 1)}),
        "List_8": a_list("list_8", {"child_id": "X", "start_date": date(2014, 1, 1)}),
    }


def verdict(tmp_path, plans: int, prediction: str):
    write_workbook(tmp_path / "annex_a/1.xlsx", a_year_of_contacts(plans))
    (tmp_path / "extract.yml").write_text("from: 2014-01-01\nto: 2017-01-31\n")
    (authority,) = check(tmp_path, PROTOCOL, today=TODAY).authorities
    return next(row for row in authority.readiness if row.prediction == prediction)


def test_a_few_outcomes_are_too_small_with_the_numbers(tmp_path):
    row = verdict(tmp_path, 25, "P2")
    assert (row.verdict, row.index_events, row.cases, row.outcomes) == ("too small", 108, 60, 25)
    assert "has 20" in row.reason and "about 5 are tested on" in row.reason  # a fifth of the families is tested on
    # observed to January 2017, a window of 12 months, cases from January 2014: 37 - 12 = 25 months
    assert row.months in (24, 25) and row.documented == 0


@pytest.mark.parametrize(
    ("outcomes", "cases", "said"),
    # Riley: about 980 outcomes for 96 predictors at 3%; Hanley and McNeil: .10 with 30 tested on, .05 with about 125
    [(40, 1_300, "too small"), (165, 5_500, "can show only large effects"),
     (900, 30_000, "can show only large effects"), (1_400, 47_000, "can answer")],
)  # fmt: skip
def test_the_verdict_is_of_what_is_learned_from_and_tested_on(outcomes, cases, said):
    assert verdict_on_size(outcomes, cases, predictors=96, test_share=0.2, level=0.95)[0] == said


def test_fewer_predictors_need_fewer_outcomes():
    assert verdict_on_size(900, 30_000, predictors=4, test_share=0.2, level=0.95)[0] == "can answer"


def test_one_outcome_is_too_small():
    assert verdict_on_size(1, 100, predictors=96, test_share=0.2, level=0.95)[0] == "too small"


def test_without_outcomes_or_events_it_cannot_run(tmp_path):
    assert verdict(tmp_path, 0, "P2").reason == "no case has the outcome"
    assert verdict(tmp_path, 0, "P7").reason == "no event of the kind that opens a case"


def test_one_bad_authority_does_not_hide_the_others(tmp_path):
    write_workbook(tmp_path / "Good/annex_a/1.xlsx", {"List_1": contacts(("A1", date(2018, 1, 2), "6"))})
    (tmp_path / "Bad/annex_a").mkdir(parents=True)
    (tmp_path / "Bad/annex_a/photo.xlsx").write_bytes(b"\x89PNG....")
    found = check(tmp_path, PROTOCOL, today=TODAY)
    bad, good = found.authorities
    assert not found.readable and bad.report is None and good.report is not None
    assert "a picture (PNG)" in found.text() and "a picture (PNG)" in found.html()


def test_no_value_of_a_record_is_in_the_account(tmp_path):
    secrets = ["KIDCANARY1", "Zebulon", "Workercanary", "CANARYCODE", "canarytext", "FAMCANARY"]
    records = {
        "child_id": secrets[0],
        "referral_date": "31/02/2018 canarytext",
        "source": secrets[3],
        "worker": secrets[2],
    }
    lists = {
        "List_1": contacts((secrets[0], date(2018, 1, 2), secrets[3]), gender=secrets[3], birth_date="canarytext"),
        "List_3": a_list("list_3", records, records | {"referral_date": date(2018, 1, 2), "referrals": "canarytext"}),
    }
    lists["List_1"][0].append("KIDCANARY1 2018")  # a heading that is no heading
    lists["List_1"].append([secrets[0], *[""] * 6, "canarytext"])
    write_workbook(tmp_path / "annex_a/1.xlsx", lists)
    write_csv(tmp_path / "families.csv", [["child_id", "family_id"], [secrets[0], secrets[5]]])
    write_csv(tmp_path / "names.csv", [["child_id", "name"], [secrets[0], secrets[1]]])
    rows = [["child_id", "date", "kind", "text"], [secrets[0], "canarytext", "canarytext", "Zebulon canarytext"]]
    write_csv(tmp_path / "documents.csv", rows)
    found = check(tmp_path, PROTOCOL, today=TODAY)
    account = found.text() + found.html()
    assert [secret for secret in secrets if secret.lower() in account.lower()] == []
    assert "not a known code" in account  # there was something to say


class Page(HTMLParser):
    """What an accessible table page needs: counts of what is there and what lacks a name."""

    def __init__(self):
        super().__init__()
        self.tables = self.captions = self.heads = self.scoped = self.external = 0
        self.language = None
        self.headings: list[int] = []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.language = given.get("lang", self.language) if tag == "html" else self.language
        self.tables += tag == "table"
        self.captions += tag == "caption"
        self.heads += tag == "th"
        self.scoped += tag == "th" and "scope" in given
        self.external += any(name in ("src", "href") and not value.startswith("#") for name, value in attributes)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))


def test_the_page_is_one_accessible_file():
    page = Page()
    page.feed(check(SAMPLE, PROTOCOL, today=TODAY).html())
    assert page.language == "en-GB" and page.tables == page.captions > 0
    assert page.heads == page.scoped and page.external == 0
    assert page.headings[0] == 1 and max(b - a for a, b in zip(page.headings, page.headings[1:], strict=False)) <= 1


def test_the_page_says_first_how_much_was_read_and_answered_and_folds_the_columns_away():
    (one,) = check(SAMPLE / "LA4", PROTOCOL, today=TODAY).authorities
    page = check_page((one,))
    first = page.split("<h3>")[0]
    verdicts = Counter(row.verdict for row in one.readiness)
    assert f"Of {len(one.readiness)} predictions, " in first
    assert all(f"{verdict}: {count}" in first for verdict, count in verdicts.items())
    assert page.count("<details>") == len({(column.extract, column.title) for column in one.report.columns})


def test_what_a_workbook_calls_itself_is_escaped(tmp_path):
    write_workbook(tmp_path / "<b>x" / "1.xlsx", {"List_1": contacts(("A1", date(2018, 1, 2), "6"))})
    assert "<b>x" not in check(tmp_path / "<b>x", PROTOCOL, today=TODAY).html()


def test_a_reader_who_leaves_early_sees_no_trace(tmp_path):
    command = [sys.executable, "-m", "analysis", "check", str(SAMPLE), "--build", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        running.stdout.close()  # as `head` does once it has its lines
        assert running.stderr.read() == ""
    assert (tmp_path / "check.html").is_file()
