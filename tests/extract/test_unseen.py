"""What an extract could not have shown is said, and marks the predictions that it changes."""

from datetime import date, timedelta

import pytest
from extract_worlds import TODAY, a_list, write_csv

from analysis.disclosure import write_released
from analysis.extract import check
from analysis.extract.isolated_dates import without_isolated
from analysis.extract.readiness import NOT_TRUSTED
from analysis.protocol import load_protocol
from analysis.study.problem import ProblemStudy
from analysis.study.settings import Settings, choose_problems
from analysis.study.supplied import Supplied, what_is_lacking
from analysis.workflow.extraction import ACCOUNT, extract_authority

PROTOCOL = load_protocol()
LISTS = ("list_1", "list_2", "list_3", "list_4", "list_5", "list_6", "list_7", "list_8")
OPENS = {
    "list_1": "contact_date",
    "list_2": "start_date",
    "list_3": "referral_date",
    "list_4": "start_date",
    "list_5": "enquiry_date",
    "list_6": "start_date",
    "list_7": "start_date",
    "list_8": "start_date",
}


def write_extract(folder, begin: date, weeks: int = 26, without=(), dates=None):
    """An extract with, each week, one child in each list; `dates` are put in place of a list's first date."""
    for name in set(LISTS) - set(without):
        days = [begin + timedelta(days=7 * week) for week in range(weeks)]
        days[0] = (dates or {}).get(name, days[0])
        more = {"referral_date": {"outcome": "a) Yes"}}.get(OPENS[name], {})
        ends = {"authorised_date": "", "end_date": ""}
        rows = []
        for week, day in enumerate(days):
            ended = {field: day + timedelta(days=30) for field in ends} if name in ("list_2", "list_4") else {}
            open_case = name[-1] if name in ("list_6", "list_7", "list_8") else ""  # who opens no case of a prediction
            rows.append({"child_id": f"{open_case}{begin:%y%m}{week:03d}", OPENS[name]: day, **more, **ended})
        write_csv(folder / f"{name}.csv", a_list(name, *rows))


def accounted(folder):
    (authority,) = check(folder, PROTOCOL, today=TODAY).authorities
    marked = {row.prediction for row in authority.readiness if row.verdict == NOT_TRUSTED}
    return [str(problem) for problem in authority.report.problems], marked, authority


def test_whole_extracts_that_follow_each_other_are_trusted(tmp_path):
    for begin in (date(2016, 1, 4), date(2016, 7, 4), date(2017, 1, 2), date(2017, 7, 3)):
        write_extract(tmp_path / "annex_a" / f"{begin}", begin)
    problems, marked, _ = accounted(tmp_path)
    assert marked == set()
    assert not [line for line in problems if "in any extract" in line or "unlike the rest" in line]


@pytest.mark.parametrize(
    ("missing", "marked"),
    [
        ("list_7", {"P1", "P2", "P3", "P4", "P5", "P7"}),
        ("list_8", {"P1", "P2", "P3", "P4", "P5", "P8"}),
        ("list_6", {"P3"}),
        ("list_3", {"P1", "P6"}),
        ("list_1", {"P1"}),
    ],
)
@pytest.mark.parametrize("how", ["no file", "headings alone"])
def test_a_list_in_no_extract_marks_what_needs_it(tmp_path, missing, marked, how):
    write_extract(tmp_path / "annex_a" / "2016", date(2016, 1, 4), weeks=150, without=[missing])
    if how == "headings alone":
        write_csv(tmp_path / "annex_a" / "2016" / f"{missing}.csv", a_list(missing))
    problems, found, _ = accounted(tmp_path)
    number = missing.removeprefix("list_")
    assert [line for line in problems if f"List {number}:" in line and "in any extract" in line]
    assert found == marked


def test_months_missing_between_two_extracts_are_one_line_and_mark_the_predictions(tmp_path):
    write_extract(tmp_path / "annex_a" / "2016", date(2016, 1, 4), weeks=60)
    write_extract(tmp_path / "annex_a" / "2017", date(2017, 9, 4), weeks=60)
    problems, marked, authority = accounted(tmp_path)
    (line,) = [line for line in problems if "an extract seems to be missing" in line]
    # 60 weeks from 4 January 2016: the last records are of February 2017, an assessment's end 30 days later
    assert "to 03/09/2017" in line and "/2017 to" in line
    assert {row.prediction for row in authority.readiness if row.cases and row.index_events} == marked != set()


def test_a_list_missing_from_the_last_extract_alone_is_seen(tmp_path):
    write_extract(tmp_path / "annex_a" / "2016", date(2016, 1, 4), weeks=60)
    write_extract(tmp_path / "annex_a" / "2017", date(2017, 2, 27), weeks=60, without=["list_3"])
    problems, marked, _ = accounted(tmp_path)
    assert [line for line in problems if "no referral from" in line]
    assert "P6" in marked and "P7" not in marked


def test_few_records_far_apart_are_no_gap(tmp_path):
    for months in range(0, 40, 3):
        begin = date(2015 + months // 12, months % 12 + 1, 1 + months % 27)
        write_extract(tmp_path / "annex_a" / f"{begin}", begin, weeks=1)
    problems, marked, _ = accounted(tmp_path)
    assert not [line for line in problems if "unlike the rest" in line] and marked == set()


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("from: 2016-01-01\nto: 2019-12-31\n", "the last record is of"),
        ("from: 2013-01-01\nto: 2018-06-30\n", "the first record is of 04/01/2016"),
        ("from: 2012-01-01\nto: 2013-12-31\n", "no record lies in its period"),
    ],
)
def test_a_period_that_the_records_do_not_reach_is_said(tmp_path, period, said):
    write_extract(tmp_path / "annex_a" / "2016", date(2016, 1, 4), weeks=130)
    (tmp_path / "extract.yml").write_text(period)
    problems, marked, authority = accounted(tmp_path)
    assert [line for line in problems if line.startswith("extract.yml") and said in line]
    if "last" in said:
        cases = {row.prediction for row in authority.readiness if row.cases}
        assert marked == cases != set()


@pytest.mark.parametrize("mistyped", [date(2019, 3, 1), date(2018, 12, 24)])
def test_one_mistyped_year_does_not_make_an_older_extract_the_newer(tmp_path, mistyped):
    write_extract(tmp_path / "annex_a" / "2016", date(2016, 1, 4), dates={"list_1": mistyped})
    write_extract(tmp_path / "annex_a" / "2017", date(2016, 7, 4))
    child = "71601003"  # on a plan in the older extract, off it in the newer
    plan = {"child_id": child, "start_date": date(2016, 1, 25)}
    newer = a_list("list_7", plan | {"end_date": date(2016, 9, 1)}, {"child_id": "2", "start_date": date(2016, 8, 1)})
    write_csv(tmp_path / "annex_a" / "2017" / "list_7.csv", newer)
    problems, _, authority = accounted(tmp_path)
    assert [one.name for one in authority.report.extracts] == ["2016", "2017"]
    assert authority.report.counts["plan end events"] == 1
    assert any("2016: 1 date more than 92 days after all others in it" in line for line in problems)


def test_a_lone_date_of_a_small_extract_does_not_stretch_its_period(tmp_path):
    write_extract(tmp_path / "annex_a" / "2016", date(2016, 1, 4), weeks=8, dates={"list_1": date(2019, 3, 1)})
    _, _, authority = accounted(tmp_path)
    assert "2019" not in authority.report.period


def test_dates_that_are_all_far_apart_do_not_stand_alone():
    import polars as pl

    days = pl.Series([date(2015 + year, 1, 1) for year in range(5)])
    assert without_isolated(days).equals(days)


@pytest.mark.parametrize("without", [(), ("list_7",)])
def test_a_run_marks_on_its_pages_and_in_its_account_what_check_marks(tmp_path, without):
    source, build = tmp_path / "Northshire", tmp_path / "build"
    for begin in (date(2016, 1, 4), date(2016, 7, 4), date(2017, 1, 2), date(2017, 7, 3)):
        write_extract(source / "annex_a" / f"{begin}", begin, without=without)
    _, marked, authority = accounted(source)
    assert bool(marked) == bool(without)
    extract_authority("Northshire", source, build, protocol=PROTOCOL, synthetic=False)
    (build / "steps").mkdir()
    (build / "steps" / "extract-Northshire.json").write_text('{"product": ""}')
    account = (build / "Northshire" / "child_level" / ACCOUNT).read_text()
    settings = Settings(PROTOCOL, False, choose_problems(PROTOCOL, ["Northshire"], None))
    for row in authority.readiness:
        assert f"{row.prediction} {row.title}: {row.verdict}" in account
        study = ProblemStudy(settings, build, settings.problem("Northshire", row.prediction))
        words = f"{row.prediction}: not to be trusted: "
        assert (words in study.page("book/notebooks/problem.md").lacks) == (row.prediction in marked)
        released = build / "Northshire" / row.prediction / "released"
        write_released({}, released, provenance=study.suppliers[0].provenance)
        sent = Supplied.read(released, "Northshire")  # as the chapters, and whoever collects it, read it
        assert ("not to be trusted" in what_is_lacking([sent])) == (row.prediction in marked)


@pytest.mark.parametrize("how", ["no file", "headings alone"])
def test_a_list_that_one_extract_of_few_records_lacks_is_said_and_marks_its_days(tmp_path, how):
    """Too few records for their rate to tell, and the others hold the list."""
    write_extract(tmp_path / "annex_a" / "2016", date(2016, 1, 4), weeks=12)
    write_extract(tmp_path / "annex_a" / "2017", date(2016, 3, 28), weeks=12, without=["list_3"])
    if how == "headings alone":
        write_csv(tmp_path / "annex_a" / "2017" / "list_3.csv", a_list("list_3"))
    problems, _, authority = accounted(tmp_path)
    (line,) = [line for line in problems if "which other extracts hold" in line]
    # its first and last record: 28 March 2016 and 11 weeks later
    assert (
        line.startswith(f"2017: no {'row of ' * (how != 'no file')}List 3: Referral, ")
        and "28/03/2016 to 13/06/2016" in line
    )
    assert [one.events for one in authority.report.unseen if one.first and "in 2017" in one.why] == [("referral",)]


def test_a_workbook_for_each_list_is_no_extract_that_lacks_the_others(tmp_path):
    write_extract(tmp_path / "all", date(2016, 1, 4), weeks=40)
    for name in LISTS:
        (tmp_path / "annex_a" / name).mkdir(parents=True)
        (tmp_path / "all" / f"{name}.csv").rename(tmp_path / "annex_a" / name / f"{name}.csv")
    (tmp_path / "all").rmdir()
    assert not [line for line in accounted(tmp_path)[0] if "which other extracts hold" in line]
