"""From an extract to checked tables: what happened to whom, said once, with every row accounted for."""

from datetime import date

import polars as pl
import pytest
from extract_worlds import SECRET, TODAY, a_list, account, contacts, read, read_lists, write_csv, write_workbook
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.errors import TableError
from analysis.extract import find_authorities, read_extract
from analysis.schemas import SCHEMAS

D = date


def happened(tables) -> list[tuple]:
    return [(event, f"{day}", code, outcome) for _, event, day, code, outcome in tables.events.iter_rows()]


# list, a record, what it says happened: (event, date, code, outcome)
SAYS = [
    ("list_1", {"contact_date": D(2018, 1, 2), "source": "q) 6: Police"}, [("contact", "2018-01-02", "police", None)]),
    (
        "list_2",
        {"start_date": D(2018, 1, 2), "end_date": D(2018, 3, 4)},
        [("early_help_end", "2018-03-04", None, None), ("early_help_start", "2018-01-02", None, None)],
    ),
    (
        "list_3",
        {"referral_date": D(2018, 1, 2), "source": "e) 2A: Schools", "outcome": "a) Yes"},
        [("referral", "2018-01-02", "schools", "no further action")],
    ),
    (
        "list_4",
        {"start_date": D(2018, 1, 2), "authorised_date": D(2018, 2, 3), "outcome": "b) No"},
        [("assessment_authorised", "2018-02-03", None, "no support"), ("assessment_start", "2018-01-02", None, None)],
    ),
    (
        "list_5",
        {"enquiry_date": D(2018, 1, 2), "unnecessary": "b) No", "conference_date": D(2018, 1, 20), "outcome": "Yes"},
        [("initial_conference", "2018-01-20", None, "plan"), ("section_47", "2018-01-02", None, "conference")],
    ),
    (
        "list_6",
        {"start_date": D(2018, 1, 2), "need": "N1 - Abuse or neglect", "end_date": D(2018, 9, 1), "reason": "RC4"},
        [
            ("need_end", "2018-09-01", "RC4", None),
            ("need_start", "2018-01-02", "N1", None),
            ("special_guardianship_order", "2018-09-01", None, None),
        ],
    ),
    (
        "list_7",
        {
            "start_date": D(2018, 1, 2),
            "first_category": "a) Neglect",
            "last_category": "d) Emotional abuse",
            "end_date": D(2018, 9, 1),
        },
        [("plan_end", "2018-09-01", "emotional abuse", None), ("plan_start", "2018-01-02", "neglect", None)],
    ),
    (
        "list_8",
        {
            "start_date": D(2018, 1, 2),
            "need": "N8",
            "legal_date": D(2018, 1, 9),
            "legal_status": "C1: ICO",
            "placement_date": D(2018, 1, 3),
            "placement": "f) U6: Foster placement - not FFA",
            "end_date": D(2018, 9, 1),
            "reason": "a) E11: Adopted - application unopposed",
        },
        [
            ("adopted", "2018-09-01", None, None),
            ("care_end", "2018-09-01", "E11", None),
            ("care_start", "2018-01-02", "N8", None),
            ("legal_status", "2018-01-09", "C1", None),
            ("placement_start", "2018-01-03", "U6", None),
        ],
    ),
    (
        "list_10",
        {"care_date": D(2018, 1, 2), "decision_date": D(2018, 5, 1), "adoption_date": D(2018, 9, 1)},
        [("adopted", "2018-09-01", None, None), ("care_start", "2018-01-02", None, None)],
    ),
]


@pytest.mark.parametrize(("name", "record", "expected"), SAYS, ids=[row[0] for row in SAYS])
def test_a_row_of_each_list_says_what_happened(tmp_path, name, record, expected):
    tables, report = read_lists(tmp_path, {name: a_list(name, {"child_id": "A1", **record})})
    assert happened(tables) == expected
    assert all(entry.balances for entry in report.lists)


def test_supplied_counts_stand_beside_the_date_of_their_record(tmp_path):
    lists = {
        "List_3": a_list("list_3", {"child_id": 1, "referral_date": D(2018, 1, 2), "referrals": 3}),
        "List_5": a_list("list_5", {"child_id": 1, "enquiry_date": D(2018, 2, 2), "enquiries": 2, "conferences": 1}),
        "List_7": a_list("list_7", {"child_id": 1, "start_date": D(2018, 3, 2), "plans": 0}),
    }
    tables, _ = read_lists(tmp_path, lists)
    assert sorted(tables.supplied_counts.select("date", "count_name", "value").rows()) == [
        (D(2018, 1, 2), "referrals_in_last_12_months", 3),
        (D(2018, 2, 2), "conferences_in_last_12_months", 1),
        (D(2018, 2, 2), "section_47_enquiries_in_last_12_months", 2),
        (D(2018, 3, 2), "previous_child_protection_plans", 0),
    ]


def test_every_row_is_kept_or_explained(tmp_path):
    rows = contacts(
        ("A1", D(2018, 1, 2), "6"),
        ("A1", D(2018, 1, 2), "Police"),  # the same record again
        ("", D(2018, 1, 3), "6"),  # no child identifier
        ("A2", "soon", "6"),  # no usable date
        ("A3", D(2018, 1, 4), "6"),
    )
    rows += [[""] * 7, rows[0]]  # blank; headings repeated
    tables, report = read_lists(tmp_path, {"List_1": [["List 1: Contacts"], *rows]})
    found = account(report, "List 1")
    assert (found.rows_read, found.rows_kept) == (5 + 2, 2)
    assert found.explained == {
        "blank": 1,
        "headings repeated": 1,
        "no child identifier": 1,
        "no usable date": 1,
        "the same record again": 1,
    }
    assert len(tables.events) == 2


def test_a_problem_gives_the_rows_of_the_sheet_and_no_value(tmp_path):
    rows = [["List 1: Contacts"], *contacts(("A1", D(2018, 1, 2), "6"), ("A2", "the 3rd of Secret", "Uncle Bob"))]
    _, report = read_lists(tmp_path, {"List_1": rows})
    text = report.text()
    assert "'Date of Contact': 1 of 2 cells not a date between 1985 and today (F4)" in text
    assert "'Contact Source': 1 of 2 cells not a known code (G4)" in text
    assert "Secret" not in text and "Bob" not in text


def test_dates_of_birth_are_cut_to_the_month_and_ids_are_hashed(tmp_path):
    rows = contacts(("A1", D(2018, 1, 2), "6"), birth_date=D(2009, 7, 23), gender="Female", ethnicity="k) APKN")
    tables, _ = read_lists(tmp_path, {"List_1": rows})
    (child,) = tables.children.to_dicts()
    assert child["birth_month"] == D(2009, 7, 1)
    assert (child["gender"], child["ethnicity"], child["ethnicity_group"]) == ("female", "APKN", "Asian")
    assert child["disability"] == "unknown" and len(child["child_id"]) == 16 and child["child_id"] != "A1"
    assert child["family_id"] == child["child_id"] and not tables.families_known


def test_what_the_latest_extract_says_of_a_child_is_believed(tmp_path):
    for year, gender in ((2017, "Male"), (2018, "Female"), (2016, "Male")):
        rows = contacts(("A1", D(year, 1, 2), "6"), gender=gender)
        write_workbook(tmp_path / "annex_a" / f"{9 - year % 10}.xlsx", {"List_1": rows})
    tables, report = read(tmp_path)
    assert tables.children["gender"].to_list() == ["female"]
    assert report.contradictions == {"children with more than one gender": 1}


def test_saying_something_is_better_than_saying_nothing_later(tmp_path):
    write_workbook(tmp_path / "annex_a/1.xlsx", {"L": contacts(("A1", D(2017, 1, 2), "6"), gender="Female")})
    write_workbook(
        tmp_path / "annex_a/2.xlsx", {"L": contacts(("A1", D(2018, 1, 2), "6"), gender="c) Not stated/recorded")}
    )
    assert read(tmp_path)[0].children["gender"].to_list() == ["female"]


def test_extracts_are_merged_and_what_each_added_is_counted(tmp_path):
    first = [("A1", D(2017, 1, 2), "6"), ("A2", D(2017, 3, 2), "6")]
    second = [("A2", D(2017, 3, 2), "6"), ("A2", D(2017, 9, 2), "6"), ("A3", D(2017, 9, 2), "6")]
    write_workbook(tmp_path / "annex_a/b.xlsx", {"List_1": contacts(*first)})
    write_workbook(tmp_path / "annex_a/a.xlsx", {"List_1": contacts(*second)})
    tables, report = read(tmp_path)
    assert len(tables.events) == 2 + (3 - 1)
    assert [(e.name, e.records, e.new_records) for e in report.extracts] == [("b.xlsx", 2, 2), ("a.xlsx", 3, 2)]
    explained = {entry.extract: entry.explained for entry in report.lists}
    assert explained == {"b.xlsx": {"the same record in a later extract": 1}, "a.xlsx": {}}


def test_a_later_extract_closes_what_an_earlier_one_left_open(tmp_path):
    start = D(2017, 1, 2)
    open_plan = {"child_id": 1, "start_date": start, "first_category": "a) Neglect"}
    lists = {"List_7": a_list("list_7", open_plan), "List_1": contacts((1, D(2017, 2, 1), 6))}
    write_workbook(tmp_path / "annex_a/1.xlsx", lists)
    closed = a_list("list_7", open_plan | {"end_date": D(2017, 8, 1), "last_category": "a) Neglect"})
    write_workbook(tmp_path / "annex_a/2.xlsx", {"List_7": closed})
    tables, report = read(tmp_path)
    ends = tables.events.filter(pl.col("event") == "plan_end")
    assert ends["date"].to_list() == [D(2017, 8, 1)]
    assert "List 7: Child protection, 'Child Protection Plan End Date'" not in report.contradictions  # blank, then said


def test_extracts_that_disagree_are_counted_and_the_latest_believed(tmp_path):
    for name, end in (("1", D(2017, 7, 1)), ("2", D(2017, 8, 1))):
        plan = a_list("list_7", {"child_id": 1, "start_date": D(2017, 1, 2), "end_date": end})
        write_workbook(tmp_path / f"annex_a/{name}.xlsx", {"List_7": plan})
    tables, report = read(tmp_path)
    assert tables.events.filter(pl.col("event") == "plan_end")["date"].to_list() == [D(2017, 8, 1)]
    assert report.contradictions == {"List 7: Child protection, 'Child Protection Plan End Date'": 1}


def test_a_plan_that_vanished_ended_by_the_next_one(tmp_path):
    for name, start in (("1", D(2016, 1, 2)), ("2", D(2017, 5, 6))):
        plan = a_list("list_7", {"child_id": 1, "start_date": start, "first_category": "a) Neglect"})
        write_workbook(tmp_path / f"annex_a/{name}.xlsx", {"List_7": plan})
    tables, report = read(tmp_path)
    assert tables.events.filter(pl.col("event") == "plan_end")["date"].to_list() == [D(2017, 5, 6)]
    assert any("1 period with no recorded end" in problem.sentence for problem in report.problems)


def test_an_unborn_child_may_have_a_contact_but_not_two_years_before_birth(tmp_path):
    rows = contacts(("A1", D(2018, 1, 2), "6"), ("A1", D(2016, 1, 2), "6"), birth_date=D(2018, 6, 1), age=-1)
    tables, report = read_lists(tmp_path, {"List_1": rows})
    assert tables.events["date"].to_list() == [D(2018, 1, 2)]
    assert any("1 event dated more than 310 days before the child's birth" in str(p) for p in report.problems)


@pytest.mark.parametrize("layout", ["older", "newer"])
def test_both_layouts_of_list_9_are_known(tmp_path, layout):
    newer = ("asylum", "adviser", "review", "contact")
    leavers = a_list("list_9", {"child_id": "A1", "gender": "Male"}, without=newer if layout == "older" else ())
    lists = {"List_1": contacts(("A1", D(2018, 1, 2), "6")), "List 9": leavers}
    tables, report = read_lists(tmp_path, lists)
    assert account(report, "List 9").rows_kept == 1 and tables.children["gender"].to_list() == ["male"]
    assert not any("List 9" in str(problem) for problem in report.problems)


def test_adopters_are_not_read(tmp_path):
    lists = {"List_1": contacts(("A1", D(2018, 1, 2), "6")), "List 11": a_list("list_11", {"child_id": "X"})}
    _, report = read_lists(tmp_path, lists)
    assert account(report, "List 11").explained == {"about adults, who are not studied": 1}


def test_the_period_is_what_extract_yml_says(tmp_path):
    (tmp_path / "extract.yml").write_text("name: Anyborough\nfrom: 2017-01-01\nto: 2018-12-31\n")
    tables, report = read_lists(tmp_path, {"List_1": contacts(("A1", D(2018, 1, 2), "6"))})
    assert (tables.first_date, tables.last_date) == (D(2017, 1, 1), D(2018, 12, 31))
    assert report.name == "Anyborough" and "as extract.yml says" in report.period


def test_without_extract_yml_a_lone_typing_error_does_not_stretch_the_period(tmp_path):
    days = [("A1", D(2018, 1, 1 + i % 28), "6") for i in range(28)]
    many = [(f"A{j}", day, source) for j in range(10) for _, day, source in days]  # 280 records, one in 280 < 0.5%
    tables, report = read_lists(tmp_path, {"List_1": contacts(*many, ("A1", D(2019, 9, 9), "6"))})
    assert (tables.first_date, tables.last_date) == (D(2018, 1, 1), D(2018, 1, 28))
    assert any("1 date more than 92 days from all others" in str(problem) for problem in report.problems)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("from: 2018-01-01\nto: 2017-01-01", "'from' is after 'to'"),
        ("until: 2018-01-01", "'until' is not a key"),
        ("to: last week", "'to' is not a date"),
        ("name: [", "not YAML"),
        ("name: no", "'name' is not a name"),
        (f"name: 0x{'f' * 5000}", "a number or a date in it cannot be read"),
        ("- 1", "expected keys and values"),
    ],
)
def test_extract_yml_is_checked(tmp_path, text, problem):
    (tmp_path / "extract.yml").write_text(text)
    with pytest.raises(TableError, match=problem):
        read_lists(tmp_path, {"List_1": contacts(("A1", D(2018, 1, 2), "6"))})


def test_documents_are_kept_or_explained_and_redacted(tmp_path):
    write_workbook(
        tmp_path / "annex_a/1.xlsx", {"List_1": contacts(("A1", D(2018, 1, 2), "6"), birth_date=D(2010, 1, 1))}
    )
    rows = [
        ["Child ID", "Date", "Kind", "Text"],
        ["A1", "05/01/2018", "Referral", "Orla Quarmby was seen."],
        ["A1", "05/01/2018", "Referral", "Orla Quarmby was seen."],  # the same document again
        ["A1", "05/01/2001", "Referral", "Before birth."],
        ["ZZ", "05/01/2018", "Referral", "About a stranger."],
        ["A1", "whenever", "Referral", "Undated."],
        ["A1", "05/01/2018", "poem", "Of no known kind."],
        ["A1", "05/01/2018", "Strategy meeting", " "],
    ]
    write_csv(tmp_path / "documents.csv", rows)
    write_csv(tmp_path / "names.csv", [["child_id", "name"], ["A1", "Orla Quarmby"]])
    tables, report = read(tmp_path)
    assert tables.documents.select("date", "kind", "text").rows() == [(D(2018, 1, 5), "referral", "[name] was seen.")]
    found = account(report, "Documents")
    assert found.explained == {"no usable date": 1, "no known kind": 1, "no text": 1, "the same document again": 1}
    assert found.balances and "1 document about a child who is in no list" in report.text()
    assert "1 document dated more than 310 days before the child's birth" in report.text()


def test_a_folder_of_documents_is_read_by_its_index(tmp_path):
    docx = pytest.importorskip("docx")
    write_workbook(tmp_path / "annex_a/1.xlsx", {"List_1": contacts(("A1", D(2018, 1, 2), "6"))})
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "one.txt").write_text("Plain text.")
    document = docx.Document()
    document.add_paragraph("A Word document.")
    document.save(folder / "two.docx")
    (tmp_path / "outside.txt").write_text("not to be read")
    index = [["child_id", "date", "kind", "file"]]
    index += [
        ["A1", "2018-01-05", "assessment", name] for name in ("one.txt", "two.docx", "../outside.txt", "gone.txt")
    ]
    write_csv(folder / "index.csv", index)
    tables, report = read(tmp_path)
    assert sorted(tables.documents["text"].to_list()) == ["A Word document.", "Plain text."]
    text = report.text()
    assert "1 file that lies outside the folder (row 4)" in text and "1 file that does not exist (row 5)" in text


def test_a_csv_for_each_list_is_one_extract(tmp_path):
    write_csv(tmp_path / "annex_a/list_1.csv", contacts(("A1", "02/01/2018", "6")))
    write_csv(tmp_path / "annex_a/referrals.csv", a_list("list_3", {"child_id": "A1", "referral_date": "03/01/2018"}))
    tables, report = read(tmp_path)
    assert len(report.extracts) == 1 and tables.events["event"].to_list() == ["contact", "referral"]


def test_authorities_are_found_in_a_folder_alone_or_in_a_file(tmp_path):
    for name in ("Anyborough", "Other Shire"):
        write_workbook(
            tmp_path / "data" / name / "annex_a" / "1.xlsx", {"List_1": contacts(("A1", D(2018, 1, 2), "6"))}
        )
    data = tmp_path / "data"
    assert find_authorities(data) == {"Anyborough": data / "Anyborough", "Other-Shire": data / "Other Shire"}
    assert find_authorities(data / "Anyborough") == {"Anyborough": data / "Anyborough"}
    workbook = data / "Anyborough" / "annex_a" / "1.xlsx"
    assert find_authorities(workbook) == {"A1": workbook}
    assert len(read(workbook)[0].events) == 1


@pytest.mark.parametrize("make", [lambda path: None, lambda path: (path / "notes.txt").write_text("hello")])
def test_a_folder_without_an_extract_is_an_error(tmp_path, make):
    make(tmp_path)
    with pytest.raises(TableError, match="no extract was found"):
        find_authorities(tmp_path)


def test_a_short_secret_is_refused(tmp_path):
    write_workbook(tmp_path / "annex_a/1.xlsx", {"List_1": contacts(("A1", D(2018, 1, 2), "6"))})
    with pytest.raises(ValueError, match="at least 16 bytes"):
        read_extract(tmp_path, secret=b"short", study=None)


def test_another_secret_gives_other_pseudonyms_and_the_same_facts(tmp_path):
    write_workbook(tmp_path / "annex_a/1.xlsx", {"List_1": contacts(("A1", D(2018, 1, 2), "6"))})
    one, _ = read_extract(tmp_path, secret=SECRET, study=None, today=TODAY)
    two, _ = read_extract(tmp_path, secret=SECRET + b"!", study=None, today=TODAY)
    assert one.events["child_id"].to_list() != two.events["child_id"].to_list()
    assert one.events.drop("child_id").equals(two.events.drop("child_id"))


RECORDS = st.lists(
    st.tuples(
        st.sampled_from(["A1", "A2", "A3", "", " A1 "]),
        st.sampled_from([D(2018, 1, 2), D(2018, 1, 3), "02/01/2018", "never", "", 43102]),
        st.sampled_from(["6", "q) 6: Police", "Police", "nonsense", ""]),
        st.sampled_from(["Male", "Female", "", "x y z"]),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=RECORDS, order=st.randoms())
def test_the_order_of_rows_is_irrelevant_and_rows_always_balance(tmp_path, records, order):
    def tables_of(rows):
        made = [{"child_id": c, "contact_date": d, "source": s, "gender": g} for c, d, s, g in rows]
        path = write_workbook(tmp_path / "one.xlsx", {"List_1": a_list("list_1", *made)})
        try:
            tables, report = read(path)
        except TableError as error:
            return str(error).count("problem")
        assert all(entry.balances for entry in report.lists)
        assert dict(tables.events.schema) == SCHEMAS["events"]
        return tables.children.rows(), tables.events.rows()

    shuffled = records.copy()
    order.shuffle(shuffled)
    assert tables_of(records) == tables_of(shuffled)
