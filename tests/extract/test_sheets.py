"""What else stands in a sheet: a second table, blanks under an identifier, codes, another return, nothing at all."""

from datetime import date, timedelta

import pytest
from extract_worlds import TODAY, a_list, account, contacts, doubtful, read, read_lists, write_csv, write_workbook

from analysis.errors import TableError
from analysis.extract import check
from analysis.protocol import load_protocol

DAY = date(2018, 1, 2)
PERSON = {"gender": "a) Male", "ethnicity": "a) WBRI", "birth_date": date(2010, 1, 1)}


def contact_rows(count: int = 6, **more) -> list[list[object]]:
    return a_list("list_1", *({"child_id": f"A{i}", "contact_date": DAY + timedelta(i), "source": "6", **PERSON, **more}
                              for i in range(count)))  # fmt: skip


def referral_rows(count: int = 5) -> list[list[object]]:
    return a_list("list_3", *({"child_id": f"A{i}", "referral_date": DAY + timedelta(i), "outcome": "No", **PERSON}
                              for i in range(count)))  # fmt: skip


def beside(left, right, gap: int) -> list[list[object]]:
    width = len(left[0])
    rows = max(len(left), len(right))
    pad = [[""] * width] * (rows - len(left))
    return [[*a, *[""] * gap, *b] for a, b in zip([*left, *pad], [*right, *[[]] * (rows - len(right))], strict=True)]


@pytest.mark.parametrize("between", [[], [[]], [[], ["List 3: Referrals"]], [["Total", "6"], [], []]])
@pytest.mark.parametrize("order", [1, -1])
def test_a_table_below_another_is_read_and_said(tmp_path, between, order):
    upper, lower = [contact_rows(), referral_rows()][::order]
    tables, report = read_lists(tmp_path, {"Sheet1": [*upper, *between, *lower]})
    counts = dict(tables.events["event"].value_counts().iter_rows())
    assert counts == {"contact": 6, "referral": 5}
    row = len(upper) + len(between) + 1
    assert any(f"sheet 1: a second table begins at A{row} (List" in str(one) for one in report.problems)
    assert all(entry.balances for entry in report.lists)


@pytest.mark.parametrize("gap", [0, 1, 3])
@pytest.mark.parametrize("order", [1, -1])
def test_a_table_beside_another_is_read_and_said(tmp_path, gap, order):
    tables, report = read_lists(tmp_path, {"Sheet1": beside(*[contact_rows(), referral_rows()][::order], gap)})
    assert dict(tables.events["event"].value_counts().iter_rows()) == {"contact": 6, "referral": 5}
    assert any("a second table begins at" in str(one) for one in report.problems)


def test_a_list_far_below_other_rows_is_found(tmp_path):
    tables, _ = read_lists(tmp_path, {"Sheet1": [["Summary", "1"]] * 40 + contact_rows()})
    assert len(tables.events) == 6


def test_headings_repeated_for_another_page_begin_no_table(tmp_path):
    heading, *rows = contact_rows()
    _, report = read_lists(tmp_path, {"List_1": [heading, *rows[:3], heading, *rows[3:]]})
    assert account(report, "List 1").explained == {"headings repeated": 1}
    assert not any("second table" in str(one) for one in report.problems)


def test_identifiers_left_blank_under_the_first_row_are_a_problem(tmp_path):
    heading, *rows = contact_rows()
    twice = [row for full in rows for row in (full, ["", *full[1:]])]
    _, report = read_lists(tmp_path, {"List_1": [heading, *twice]})
    assert any("6 of 12 rows have no identifier (rows 3, 5, 7, …)" in str(one) for one in report.problems)


def test_a_total_without_an_identifier_is_no_problem(tmp_path):
    _, report = read_lists(tmp_path, {"List_1": [*contact_rows(), ["", "", "", "", "", "", "Total 6"]]})
    assert not any("no identifier" in str(one) for one in report.problems)


def test_empty_sheets_are_named(tmp_path):
    _, report = read_lists(tmp_path, {"List_1": contact_rows(), "List_5": [], "Sheet9": [], "List_4": [[""]]})
    text = report.text()
    assert "a.xlsx" not in text  # the workbook of these worlds has another name
    assert "sheet 2: named like List 5" in text and "sheet 4: named like List 4" in text
    assert "sheet 3: empty, or cannot be read" in report.ignored[0]


def test_headings_without_rows_are_said(tmp_path):
    _, report = read_lists(tmp_path, {"List_1": contact_rows(), "List_3": referral_rows(0)})
    assert any("List 3: Referral: headings, and no rows under them" in line for line in report.ignored)


@pytest.mark.parametrize("name", ["Codes_used", "Guidance", "FAQ and changes", "Notes", "Front sheet", "Code lists"])
def test_the_template_s_other_sheets_are_not_read_and_no_problem(tmp_path, name):
    codes = [["Gender", "Ethnicity", "Referral Source", "Referral NFA?", "Date of referral"], ["a) Male", "a) WBRI"]]
    _, report = read_lists(tmp_path, {name: codes, "List_1": contact_rows()})
    assert any("sheet 1" in line for line in report.ignored)
    assert [one.where for one in doubtful(report)] == ["families"]


@pytest.mark.parametrize("name", ["List_1", "Contacts", "Sheet1"])
def test_another_return_is_said_before_the_sheet_s_name(tmp_path, name):
    send = [["UPN", "Gender", "Date of Birth", "EHC plan", "Primary SEN need"], ["x", "F", "01/01/2010", "y", "z"]]
    with pytest.raises(TableError, match="SEND Annex A"):
        read_lists(tmp_path, {name: send})


def test_tables_of_the_dataset_that_are_not_needed_are_named_without_a_problem(tmp_path):
    write_csv(tmp_path / "ssd" / "ssd_person.csv", [["pers_person_id", "pers_dob"], ["1", "2010-01-01"]])
    write_csv(tmp_path / "ssd" / "ssd_contacts.csv", [["cont_contact_id", "cont_person_id", "cont_contact_date"],
                                                      ["9", "1", "2018-01-02"]])  # fmt: skip
    for table in ("ssd_address", "ssd_involvements", "ssd_some_table_of_the_future"):
        write_csv(tmp_path / "ssd" / f"{table}.csv", [["x_table_id", "x_person_id"], ["1", "1"]])
    _, report = read(tmp_path)
    named = [line for line in report.ignored if "that is not needed" in line]
    assert len(named) == 3 and "ssd/ssd_address.csv" in named[0]
    assert not any("none of its sheets" in str(one) for one in report.problems)


def test_messages_name_the_file_of_a_folder_of_csvs(tmp_path):
    bad = contacts(("A1", "whenever", "6"), ("A2", "02/01/2018", "6"))
    write_csv(tmp_path / "annex_a" / "2018" / "one.csv", bad)
    write_csv(tmp_path / "annex_a" / "2018" / "two.csv", [["x", "y"], ["1", "2"]])
    write_csv(tmp_path / "annex_a" / "2018" / "three.csv", [["UPN", "EHC plan"], ["1", "2"]])
    text = check(tmp_path, load_protocol(), today=TODAY).text()
    assert "2018/one.csv, List 1: Contacts: 'Date of Contact': 1 of 2 cells not a date" in text and "(F2)" in text
    assert "2018/two.csv: none of its sheets" in text and "2018/three.csv: this looks like a list of children" in text


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (str.lower, True),
        (lambda child: f"{child[:-3]},{child[-3:]}", True),
        (lambda child: f"{child[:4]} {child[4:]}", True),
        (lambda child: f"LA-{child}", True),
        (lambda child: f"00{child[2:]}", True),
        (lambda child: f"X{hash(child)}", True),
        (str, False),
    ],
)
@pytest.mark.parametrize("digits", [700_100, 12_345_678_901_234_500])
def test_identifiers_that_join_nothing_are_said(tmp_path, written, said, digits):
    children = [f"AB{digits + i}" for i in range(6)]
    plans = a_list("list_7", *({"child_id": written(child), "start_date": DAY} for child in children[:3]))
    referrals = a_list("list_3", *({"child_id": child, "referral_date": DAY} for child in children))
    lists = {"List_1": contacts(*((child, DAY, "6") for child in children)), "List_3": referrals, "List_7": plans}
    _, report = read_lists(tmp_path, lists)
    lines = [str(one) for one in report.problems if "in no other list" in str(one)]
    assert bool(lines) == said and all(
        "List 7: Child protection: 3 of 3 children" in line for line in lines[:1] if said
    )


def test_seventeen_digits_of_a_number_join_nothing_and_are_said(tmp_path):
    children = [12_345_678_901_234_561 + 2 * i for i in range(3)]
    write_workbook(
        tmp_path / "annex_a/a.xlsx", {"List_1": contacts(*((float(child), DAY, "6") for child in children[:1]))}
    )
    rows = a_list("list_7", *({"child_id": str(child), "start_date": "02/03/2018"} for child in children[:1]))
    write_csv(tmp_path / "annex_a/list_7.csv", rows)
    _, report = read(tmp_path)
    assert any("in no other list" in str(one) for one in report.problems)


def test_a_sheet_of_codes_under_the_headings_of_a_list_is_not_read(tmp_path):
    codes = [["Child Unique ID", "Gender", "Date of Contact", "Contact Source"], ["text", "a) Male", "date", "a) 1A"]]
    lists = {"Codes": codes, "List_1": contacts(("A1", date(2018, 1, 2), "6"))}
    tables, report = read_lists(tmp_path, lists)
    assert len(tables.events) == 1 and not [one for one in report.problems if "List 1" in one.where]
    assert "extract.xlsx, sheet 1 (codes): not one of the lists" in report.ignored


def test_two_records_without_the_date_that_makes_a_record_are_two(tmp_path):
    """A conference without an enquiry, an assessment without its start: their other day tells them apart."""
    days = [
        {"child_id": "A1", "conference_date": date(2018, 1, 2)},
        {"child_id": "A1", "conference_date": date(2018, 5, 2)},
    ]
    tables, report = read_lists(tmp_path, {"List_5": a_list("list_5", *days, days[0])})
    assert tables.events["event"].to_list() == ["initial_conference"] * 2
    assert account(report, "List 5").explained == {"the same record again": 1}
