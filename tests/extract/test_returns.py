"""The children in need census and SSDA903: years merged, periods worked out, hostile files refused."""

import csv
from datetime import date

import polars as pl
import pytest
from extract_worlds import SECRET, TODAY, account, contacts, read, write_workbook
from returns_by_hand import (
    cases_after_assessment,
    census,
    child,
    counted_from_903,
    counted_from_census,
    details,
    plan,
    write,
    write_903,
)

from analysis.__main__ import main
from analysis.errors import TableError
from analysis.extract import read_extract
from analysis.extract.check import check
from analysis.extract.readiness import CANNOT, readiness
from analysis.protocol import load_protocol
from data_synthetic.england import synthesise

PROTOCOL = load_protocol()


def _days(tables, event: str) -> list[str]:
    return tables.events.filter(pl.col("event") == event)["date"].sort().dt.to_string().to_list()


def _problems(report) -> list[str]:
    return [str(problem) for problem in report.problems if problem.where != "families"]


# The census.

EDITIONS = {
    "declaration": (
        census(child("7", details("2017-05-01")), start="<?xml version='1.0' encoding='utf-8'?>\n"),
        "utf-8",
    ),
    "no declaration": (census(child("7", details("2017-05-01"))), "utf-8"),
    "mark": (census(child("7", details("2017-05-01"))), "utf-8-sig"),
    "utf-16": (census(child("7", details("2017-05-01")), start="<?xml version='1.0' encoding='utf-16'?>"), "utf-16"),
    "windows": (census(child("7", details("2017-05-01")), start="<?xml version='1.0' encoding='cp1252'?>"), "cp1252"),
    "namespace": (census(child("7", details("2017-05-01")), root="Message xmlns='urn:returns'"), "utf-8"),
    "2021": (census(child("7", details("2017-05-01"), sex="<GenderCurrent>2</GenderCurrent>")), "utf-8"),
    "factors": (
        census(
            child(
                "7",
                details(
                    "2017-05-01",
                    "<Assessments><AssessmentActualStartDate>2017-05-02</AssessmentActualStartDate><FactorsIdentifiedAt"
                    "Assessment><AssessmentFactors>1C</AssessmentFactors></FactorsIdentifiedAtAssessment></Assessments>",
                ),
            )
        ),
        "utf-8",
    ),
    "a comment and a stray text": (census("<!-- x -->stray", child("7", details("2017-05-01"))), "utf-8"),
}


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_edition_of_the_census_is_read(tmp_path, edition):
    write(tmp_path / "cin_census" / "a.xml", *EDITIONS[edition])
    tables, report = read(tmp_path)
    assert tables.children.select("gender", "ethnicity").rows() == [("female", "WBRI")]
    assert _days(tables, "referral") == ["2017-05-01"]
    referral = tables.events.row(by_predicate=pl.col("event") == "referral", named=True)
    assert (referral["code"], referral["outcome"]) == ("police", "further action")
    assert _problems(report) == [] and report.period.startswith("Observed from 01/04/2017 to 31/03/2018")


def test_a_referral_and_a_plan_in_two_years_are_one_and_the_later_year_closes_them(tmp_path):
    first = census(child("7", details("2017-05-01", plan("2018-01-05"))))
    second = census(child("7", details("2017-05-01", plan("2018-01-05", "2018-06-01"), closed="2018-07-01")),
                    last_day="2019-03-31")  # fmt: skip
    write(tmp_path / "cin_census" / "later_by_name_a.xml", second)
    write(tmp_path / "cin_census" / "z_the_earlier.xml", first)
    tables, report = read(tmp_path)
    found = {event: _days(tables, event) for event in tables.events["event"].unique()}
    assert found == {
        "referral": ["2017-05-01"],
        "need_start": ["2017-05-01"],
        "need_end": ["2018-07-01"],
        "plan_start": ["2018-01-05"],
        "plan_end": ["2018-06-01"],
    }
    assert [extract.name for extract in report.extracts] == ["z_the_earlier.xml", "later_by_name_a.xml"]
    assert all(entry.balances for entry in report.lists)


def test_a_referral_without_action_opens_no_need_and_a_conference_beside_it_is_one(tmp_path):
    conference = "<DateOfInitialCPC>2017-06-01</DateOfInitialCPC>"
    enquiry = f"<Section47><S47ActualStartDate>2017-05-20</S47ActualStartDate>{conference}</Section47>"
    write(tmp_path / "cin_census" / "a.xml", census(child("7", details("2017-05-01", conference, enquiry, nfa="1"))))
    tables, _ = read(tmp_path)
    assert tables.events["event"].to_list() == ["initial_conference", "referral", "section_47"]


def test_two_periods_closed_on_one_day_keep_their_reasons(tmp_path):
    """A death is not lost under the reason of another period of the child, returned in a later year."""
    died = details("2016-05-01", closed="2017-06-01").replace("RC7", "RC2")
    write(tmp_path / "cin_census" / "a.xml", census(child("7", died)))
    later = child("7", details("2017-01-10", closed="2017-06-01"))
    write(tmp_path / "cin_census" / "b.xml", census(later, last_day="2019-03-31"))
    tables, _ = read(tmp_path)
    ends = tables.events.filter(pl.col("event") == "need_end")
    assert sorted(ends["code"]) == ["RC2", "RC7"] and ends["date"].n_unique() == 1


def test_disabilities_are_one_answer(tmp_path):
    codes = {"7": "NONE", "8": "NONE HAND", "9": "", "10": "COMM"}
    children = [
        child(name, details("2017-05-01"), more="".join(f"<Disabilities><Disability>{code}</Disability></Disabilities>"
              for code in text.split()))
        for name, text in codes.items()
    ]  # fmt: skip
    write(tmp_path / "cin_census" / "a.xml", census(*children))
    tables, report = read(tmp_path)
    assert sorted(tables.children["disability"]) == ["no", "unknown", "yes", "yes"] and _problems(report) == []


def test_a_missing_year_and_an_unknown_element_are_said(tmp_path):
    write(tmp_path / "cin_census" / "a.xml", census(child("7", details("2017-05-01"))))
    odd = child("7", details("2019-05-01", "<Invented>a name</Invented>"))
    write(tmp_path / "cin_census" / "b.xml", census(odd, last_day="2020-03-31"))
    _, report = read(tmp_path)
    unknown, gap = _problems(report)
    assert "1 kind of element that the census does not have" in unknown and "name" not in unknown
    assert "no cin_census from 31/03/2018 to 01/04/2019" in gap


HOSTILE = {
    "external entity": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>',
    "bomb": '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    "remote document type": '<!DOCTYPE x SYSTEM "http://example.org/x.dtd">',
    "behind a long comment": f"<!--{'x' * 70_000}--><!DOCTYPE x [<!ENTITY e 'y'>]>",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("trap", HOSTILE)
def test_a_document_type_is_refused_before_it_can_do_harm(tmp_path, trap, encoding):
    write(tmp_path / "cin_census" / "a.xml", census(child("&e;", details("2017-05-01")), start=HOSTILE[trap]), encoding)
    with pytest.raises(TableError, match="declares a document type"):
        read(tmp_path)


BROKEN = {
    "cut short": (census(child("7", details("2017-05-01")))[:-40], "cut short or not well formed"),
    "too deep": (census("<a>" * 5000 + "</a>" * 5000), "cut short or not well formed"),
    "another return": (census(child("7")).replace("CIN<", "SWF<"), "neither a children in need census nor SSDA903"),
    "no child": (census(), "it holds no child"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_one_broken_file_is_one_problem_and_the_others_are_read(tmp_path, kind):
    text, message = BROKEN[kind]
    write(tmp_path / "cin_census" / "b.xml", text)
    write(tmp_path / "cin_census" / "a.xml", census(child("7", details("2017-05-01"))))
    tables, report = read(tmp_path)
    assert _days(tables, "referral") == ["2017-05-01"]
    (problem,) = _problems(report)
    assert problem.startswith("b.xml: ") and message in problem


# SSDA903. Days are of 2017/18 and 2018/19; each row: the episodes of both years, the care starts and ends.

STORIES = {
    "open at the end of a year, closed in the next": (
        ["7,01/05/2017,S,,"],
        ["7,01/05/2017,S,01/06/2018,E4A"],
        ["2017-05-01"],
        [("2018-06-01", "E4A")],
    ),
    "open, repeated and still open": (["7,01/05/2017,S,,"], ["7,01/05/2017,S,,"], ["2017-05-01"], []),
    "a change of placement is the same period": (
        ["7,01/05/2017,S,01/08/2017,X1", "7,01/08/2017,P,,"],
        ["7,01/08/2017,P,01/06/2018,E11"],
        ["2017-05-01"],
        [("2018-06-01", "E11")],
    ),
    "left open and followed by one that is not new": (
        ["7,01/05/2017,S,,"],
        ["7,01/06/2018,L,01/09/2018,E45"],
        ["2017-05-01"],
        [("2018-09-01", "E45")],
    ),
    "left open and followed by a new start": (
        ["7,01/05/2017,S,,"],
        ["7,01/06/2018,S,,"],
        ["2017-05-01", "2018-06-01"],
        [("2018-03-31", None)],
    ),
    "left open and returned no more": (["7,01/05/2017,S,,"], ["8,01/06/2018,S,,"], ["2017-05-01", "2018-06-01"],
                                       [("2018-03-31", None)]),
    "two periods in one year": (
        ["7,01/05/2017,S,01/06/2017,E41", "7,01/09/2017,S,01/10/2017,E8"],
        [],
        ["2017-05-01", "2017-09-01"],
        [("2017-06-01", "E41"), ("2017-10-01", "E8")],
    ),
    "an episode after care ended begins care, whatever it is new for": (
        ["7,01/05/2017,S,01/06/2017,E8", "7,01/09/2017,P,,"],
        [],
        ["2017-05-01", "2017-09-01"],
        [("2017-06-01", "E8"), ("2018-03-31", None)],
    ),
    "a gap between episodes that go on is no gap": (
        ["7,01/05/2017,S,01/06/2017,X1", "7,05/06/2017,P,,"],
        [],
        ["2017-05-01"],
        [("2018-03-31", None)],
    ),
    "an overlap is no second period": (
        ["7,01/05/2017,S,01/08/2017,X1", "7,01/07/2017,P,01/09/2017,E4A"],
        [],
        ["2017-05-01"],
        [("2017-09-01", "E4A")],
    ),
    "a reason without a day is no end": (["7,01/05/2017,S,,E4A"], [], ["2017-05-01"], [("2018-03-31", None)]),
}  # fmt: skip


@pytest.mark.parametrize("story", STORIES)
def test_periods_of_care(tmp_path, story):
    first, second, starts, ends = STORIES[story]
    # A child whose episode ended within the year tells which year it is.
    write_903(tmp_path, "2017", "9,02/04/2017,S,02/04/2017,E2", *first)
    write_903(tmp_path, "2018", "9,02/04/2018,S,02/04/2018,E2", *second)
    tables, report = read(tmp_path)
    told = tables.events.filter(pl.col("date").dt.strftime("%d/%m") != "02/04")
    assert told.filter(pl.col("event") == "care_start")["date"].sort().dt.to_string().to_list() == starts
    ended = told.filter(pl.col("event") == "care_end").sort("date").select(pl.col("date").dt.to_string(), "code")
    assert ended.rows() == ends
    assert report.period.startswith("Observed from 01/04/2017 to 31/03/2019")
    assert all(entry.balances for entry in report.lists)


@pytest.mark.parametrize(
    ("reason", "event"),
    [("E11", "adopted"), ("E12", "adopted"), ("E41", "residence_order"), ("E43", "special_guardianship_order"),
     ("E45", "special_guardianship_order"), ("E48", "special_guardianship_order"), ("E8", None)],
)  # fmt: skip
def test_orders_follow_from_the_reason_for_ceasing(tmp_path, reason, event):
    write_903(tmp_path, "2017", f"7,01/05/2017,S,01/06/2017,{reason}")
    tables, _ = read(tmp_path)
    derived = {"adopted", "residence_order", "special_guardianship_order"} & set(tables.events["event"])
    assert derived == ({event} if event else set())


def test_the_return_in_xml_says_the_same_and_what_is_not_needed_is_listed(tmp_path):
    write_903(tmp_path / "a", "2017", "7,01/05/2017,S,01/08/2017,X1", "7,01/08/2017,P,01/10/2017,E4A")
    write(tmp_path / "a" / "ssda903" / "2017-missing.csv", "CHILD,DOB,MISSING,MIS_START,MIS_END\n7,,M,,\n")
    header = "<HEADER><CHILDID>7</CHILDID><SEX>2</SEX><DOB>01/05/2010</DOB><ETHNIC>WBRI</ETHNIC><UASC/></HEADER>"
    same = "<LS>C2</LS><CIN>N1</CIN><PL>U4</PL>"
    episodes = (
        f"<EPISODE><DECOM>01/05/2017</DECOM><RNE>S</RNE>{same}<DEC>01/08/2017</DEC><REC>X1</REC></EPISODE>"
        f"<EPISODE><DECOM>01/08/2017</DECOM><RNE>P</RNE>{same}<DEC>01/10/2017</DEC><REC>E4A</REC></EPISODE>"
    )
    write(tmp_path / "b" / "ssda903" / "x.xml", f"<EXPSSDA903><CHILD>{header}{episodes}</CHILD></EXPSSDA903>")
    (tables, report), (from_xml, _) = read(tmp_path / "a"), read(tmp_path / "b")
    assert tables.events.equals(from_xml.events) and tables.children.equals(from_xml.children)
    assert report.ignored == ("2017, 2017-missing.csv: a table of SSDA903 that is not needed",)


def test_care_that_began_before_the_first_return_is_counted_and_said(tmp_path):
    write_903(tmp_path, "2017", "7,01/05/2016,P,01/08/2017,E4A", "8,01/05/2017,S,,")
    tables, report = read(tmp_path)
    assert _days(tables, "care_start") == ["2016-05-01", "2017-05-01"]
    assert any("1 child whose first episode is not new for reason S" in problem for problem in _problems(report))


# Both.


@pytest.fixture(scope="module")
def forms(tmp_path_factory):
    found = {}
    for form in ("annex_a", "ssd", "returns"):
        folder = tmp_path_factory.mktemp(form)
        synthesise(folder, protocol=PROTOCOL, authorities=["LA1"], scale=0.15, form=form)
        found[form] = (folder / "LA1", *read_extract(folder / "LA1", secret=SECRET, study=None, today=TODAY))
    return found


HELD_BY_ALL = (
    *("referral", "assessment_start", "assessment_authorised", "section_47", "plan_start", "plan_end"),
    *("need_start", "need_end", "care_start", "care_end", "legal_status", "adopted", "residence_order"),
    "special_guardianship_order",
)


@pytest.mark.parametrize("event", HELD_BY_ALL)
def test_three_forms_of_one_authority_tell_the_same(forms, event):
    """LA1's Annex A is one long extract, with every period of a child."""
    columns = ["child_id", "date", "code"] + ["outcome"] * (event in ("referral", "section_47"))
    told = [forms[form][1].events.filter(pl.col("event") == event).select(columns) for form in forms]
    assert told[0].equals(told[1])
    # A return has a child's referral of one day once; which of two it is, no return can say.
    once = pl.len().over("child_id", "date") == 1 if event == "referral" else pl.lit(value=True)
    assert told[0].filter(once).equals(told[2].join(told[0].filter(~once), on=["child_id", "date"], how="anti"))
    assert told[0].filter(~once).n_unique(["child_id", "date"]) < 5
    assert len(told[0]) or event in ("adopted", "residence_order", "special_guardianship_order")


def test_the_readiness_of_the_returns_equals_a_plain_count(forms):
    folder, tables, report = forms["returns"]
    facts = counted_from_census(folder / "cin_census", TODAY) | counted_from_903(folder / "ssda903")
    rows = {row.prediction: row for row in readiness(tables, PROTOCOL, carries=report.carries)}
    assert rows["P1"].index_events == rows["P3"].index_events == len(facts["no further action"]) > 0
    assert rows["P4"].index_events == len(facts["further action"]) > 0
    assert rows["P7"].index_events == rows["P8"].index_events == len(facts["assessment_authorised"]) > 0
    counted = {name: len(pairs) for name, pairs in facts.items() if "further" not in name}
    assert counted == {name: report.counts[f"{name.replace('_', ' ')} events"] for name in counted}
    for name in ("P2", "P5", "P6"):
        assert rows[name].verdict == CANNOT and "which opens its cases" in rows[name].reason
    assert "answered without contact" in rows["P1"].reason


@pytest.mark.parametrize(("prediction", "outcome"), [("P7", "plan"), ("P8", "care")])
def test_cases_outcomes_and_families_of_the_returns_equal_a_plain_count(forms, prediction, outcome):
    folder, tables, report = forms["returns"]
    row = next(row for row in readiness(tables, PROTOCOL, carries=report.carries) if row.prediction == prediction)
    study = PROTOCOL.study.first_date, PROTOCOL.study.last_date
    facts = cases_after_assessment(folder, outcome, (tables.first_date, tables.last_date), study)
    assert row.cases == len(facts["cases"]) > 100
    assert row.outcomes == len(facts["with the outcome"]) > 0
    with (folder / "families.csv").open(encoding="utf-8") as file:
        family = {line["child_id"]: line["family_id"] for line in csv.DictReader(file)}  # of each child one
    assert row.families == len({family[one] for one, _ in facts["cases"]})


def test_each_return_alone_names_what_it_cannot_carry(forms):
    folder = forms["returns"][0]
    (alone,) = check(folder / "cin_census", PROTOCOL, today=TODAY).authorities
    verdicts = {row.prediction: (row.verdict == CANNOT, row.reason) for row in alone.readiness}
    assert verdicts["P8"] == (True, ("the returns supplied hold no care start, which its outcome needs; "
                                    "supply the other return too"))  # fmt: skip
    assert "answered without care start" in verdicts["P7"][1]
    doubted = {row.prediction: row.doubt for row in alone.readiness}
    assert doubted["P8"] == verdicts["P8"][1] and doubted["P7"] == ""
    (alone,) = check(folder / "ssda903", PROTOCOL, today=TODAY).authorities
    assert all(row.verdict == CANNOT for row in alone.readiness)


def test_children_of_one_return_who_are_not_in_the_other_are_counted(tmp_path):
    write(tmp_path / "cin_census" / "a.xml", census(child("7", details("2017-05-01"))))
    write_903(tmp_path, "2017", "7,01/05/2017,S,01/06/2017,E8", "007,01/05/2017,S,01/06/2017,E8")
    _, report = read(tmp_path)
    assert any(problem.startswith("ssda903: 1 of 2 children are in no census") for problem in _problems(report))


def test_returns_beside_lists_are_named_as_not_read(tmp_path):
    write_workbook(tmp_path / "annex_a" / "a.xlsx", {"List_1": contacts(("7", date(2018, 1, 1), "q) 6: Police"))})
    write(tmp_path / "cin_census" / "a.xml", census(child("7", details("2017-05-01"))))
    _, report = read(tmp_path)
    assert report.source == "Annex A" and account(report, "List 1").rows_kept == 1
    assert any(line.startswith("cin_census: ") for line in report.ignored)


@pytest.mark.parametrize(("form", "folders"), [("returns", {"cin_census", "ssda903"}), ("ssd", {"ssd"})])
def test_the_rehearsal_can_be_written_in_every_form(tmp_path, form, folders):
    assert main(["synthesise", str(tmp_path), "--scale", "0.01", "--form", form]) == 0
    written = {path.name for path in (tmp_path / "LA1").iterdir() if path.is_dir()}
    assert written == folders


def test_a_census_among_workbooks_does_not_hide_them(tmp_path):
    write_workbook(tmp_path / "a.xlsx", {"List_1": contacts(("7", date(2018, 1, 1), "q) 6: Police"))})
    write(tmp_path / "census.xml", census(child("7", details("2017-05-01"))))
    tables, report = read(tmp_path)
    assert report.source == "Annex A" and tables.events["event"].to_list() == ["contact"]
    assert any(problem.startswith("census.xml") for problem in _problems(report))


def test_a_cell_of_xml_is_named_by_its_element_and_record_and_by_no_letter(tmp_path):
    odd = [child("7", details("2017-05-01")), child("8", details("2017-05-02").replace("2017-05-02", "soon"))]
    write(tmp_path / "cin_census" / "a.xml", census(*odd))
    _, report = read(tmp_path)
    (problem,) = [one for one in _problems(report) if "not a date" in one]
    assert "'CINreferralDate': 1 of 2 cells" in problem and "(records 2)" in problem
    assert {column.column for column in report.columns} == {"element"}


def test_a_census_beside_nothing_is_read_once_and_named_nowhere_as_not_read(tmp_path):
    write(tmp_path / "a.xml", census(child("7", details("2017-05-01"))))
    _, report = read(tmp_path)
    assert report.ignored == () and report.counts["referral events"] == 1


def test_a_file_of_a_return_that_is_in_no_form_that_is_read_is_named(tmp_path):
    write(tmp_path / "cin_census" / "a.xml", census(child("7", details("2017-05-01"))))
    write(tmp_path / "cin_census" / "a.zip", "PK")
    _, report = read(tmp_path)
    assert report.ignored == ("cin_census, a.zip: not XML, CSV or a workbook",)


def test_children_without_an_identifier_are_not_told_to_fill_cells_down(tmp_path):
    write(
        tmp_path / "cin_census" / "a.xml", census(child("7", details("2017-05-01")), child("", details("2017-05-01")))
    )
    _, report = read(tmp_path)
    (problem,) = [one for one in _problems(report) if "have no identifier" in one and "referral" in one]
    assert "1 of 2 rows" in problem and "export the return again" in problem and "merged" not in problem


def test_a_return_that_cannot_be_read_is_said_once(tmp_path):
    write(tmp_path / "cin_census" / "a.xml", census(child("7"))[:-30])
    with pytest.raises(TableError) as error:
        read(tmp_path)
    assert sum("not well formed" in problem for problem in error.value.problems) == 1


def test_two_files_of_one_year_are_said_and_both_are_read(tmp_path):
    write(tmp_path / "cin_census" / "a.xml", census(child("7", details("2017-05-01"))))
    write(tmp_path / "cin_census" / "b.xml", census(child("8", details("2017-06-01"))))
    tables, report = read(tmp_path)
    assert len(tables.children) == 2
    assert any("a.xml and b.xml are both of the year to 31/03/2018" in line for line in _problems(report))


def test_a_reference_date_with_the_day_first_and_a_comment_in_a_text_are_read(tmp_path):
    text = census(child("7<!-- x -->1", details("2017-05-01")), last_day="31/03/2018")
    write(tmp_path / "cin_census" / "a.xml", text)
    tables, report = read(tmp_path)
    assert len(tables.children) == 1 and _problems(report) == []
    assert report.period.startswith("Observed from 01/04/2017 to 31/03/2018")


@pytest.mark.parametrize(
    ("missing", "said"),
    [("2018-header", "1 of 2 children with episodes are in no header"),
     ("2018-episodes", "2018: a header without episodes; no care in that year can be seen")],
)  # fmt: skip
def test_half_a_return_is_said(tmp_path, missing, said):
    write_903(tmp_path, "2017", "7,01/05/2016,S,01/06/2016,E8")
    write_903(tmp_path, "2018", "7,01/05/2017,S,01/06/2017,E8", "8,01/05/2017,S,01/06/2017,E8")
    (tmp_path / "ssda903" / f"{missing}.csv").unlink()
    assert any(said in line for line in _problems(read(tmp_path)[1]))


def test_a_year_may_be_written_as_two_pairs_of_digits(tmp_path):
    write_903(tmp_path, "1617", "7,01/05/2016,S,01/06/2016,E8")
    write_903(tmp_path, "1718", "7,01/05/2017,S,01/06/2017,E8")
    assert [one.name for one in read(tmp_path)[1].extracts] == ["1617", "1718"]
