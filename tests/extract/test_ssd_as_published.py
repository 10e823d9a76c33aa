"""The Standard Safeguarding Dataset as the published scripts of each case-management system fill it."""

import pytest
from extract_worlds import account, read, write_csv

from analysis.extract.definitions import standard_safeguarding_dataset

PERSONS = [
    ["pers_person_id", "pers_sex", "pers_ethnicity", "pers_dob"],
    *([str(700100 + i), "M", "WBRI", "2008-01-03"] for i in range(4)),
]
CONTACTS = [
    ["cont_person_id", "cont_contact_date", "cont_contact_source_code", "cont_contact_source_desc"],
    ["700100", "2018-01-02", "INDACQ", "Neighbour"],  # a code of one system, with words that say it
    ["700101", "2018-01-03", "", "School"],
    ["700102", "2018-01-04", "6", "whatever stands here"],  # a known code decides
    ["700103", "2018-01-05", "HSERVGP", "local words"],  # neither is known
]


@pytest.fixture
def write(tmp_path):
    def written(**tables):
        for name, rows in ({"ssd_person": PERSONS} | tables).items():
            write_csv(tmp_path / "ssd" / f"{name}.csv", rows)
        return read(tmp_path)

    return written


def _problems(report, *, about: str = "ssd") -> list[str]:
    return [problem.sentence for problem in report.problems if problem.where.startswith(about)]


def test_words_are_read_where_a_code_is_blank_or_unknown(write):
    tables, report = write(ssd_contacts=CONTACTS)
    events = tables.events.sort("date")
    assert events["code"].to_list() == ["individual", "schools", "police", None]
    (sentence,) = _problems(report)
    assert sentence.startswith("'cont_contact_source_code': 1 of 3 cells not a known code (C5)")


def test_words_alone_will_do(write):
    tables, report = write(ssd_contacts=[[row[0], row[1], row[3]] for row in CONTACTS[:3]])
    assert tables.events.sort("date")["code"].to_list() == ["individual", "schools"]
    assert _problems(report) == []


def test_a_placeholder_means_not_yet_and_is_counted(write):
    assessments = [
        ["cina_person_id", "cina_assessment_start_date", "cina_assessment_auth_date", "cina_assessment_outcome_nfa"],
        ["700100", "2018-02-01", "1900-01-01", "SSD_PH"],
        ["700101", "2018-02-01", "1900-01-01 00:00:00.000", "N"],
        ["700102", "2018-02-01", "2018-03-01", "N"],
    ]
    tables, report = write(ssd_cin_assessments=assessments)
    assert tables.events["event"].value_counts(sort=True).rows() == [
        ("assessment_start", 3),
        ("assessment_authorised", 1),
    ]
    (sentence,) = _problems(report)
    assert sentence.startswith(
        "3 cells with a placeholder ('cina_assessment_auth_date', 'cina_assessment_outcome_nfa')"
    )


def test_persons_twice_are_one_child_and_agencies_are_none(write):
    persons = [*PERSONS, PERSONS[1], ["KA0042", "", "", ""]]
    contacts = [CONTACTS[0], CONTACTS[3], ["KA0042", "2018-01-05", "6", ""]]
    tables, report = write(ssd_person=persons, ssd_contacts=contacts)
    assert len(tables.children) == 1 and len(tables.events) == 1
    assert account(report, "ssd_person").explained == {"an agency, not a person": 1, "the same record again": 1}
    assert account(report, "ssd_contacts").explained == {"an agency, not a person": 1}
    assert all(entry.balances for entry in report.lists)


def test_a_temporary_plan_of_another_authority_is_no_plan_of_ours(write):
    plans = [
        ["cppl_person_id", "cppl_cp_plan_start_date", "cppl_cp_plan_end_date", "cppl_cp_plan_ola"],
        ["700100", "2018-02-01", "", "N"],
        ["700101", "2018-02-01", "2018-05-01", "Y"],
        ["700102", "2018-02-02", "", ""],
    ]
    tables, report = write(ssd_cp_plans=plans)
    assert tables.events["event"].to_list() == ["plan_start", "plan_start"]
    assert account(report, "ssd_cp_plans").explained == {"a temporary plan of another authority": 1}


@pytest.mark.parametrize(
    ("order", "event"),
    [
        ("Child Arrangements/ Residence Order", "residence_order"),
        ("Child Arrangements Order", "residence_order"),
        ("Special Guardianship Order", "special_guardianship_order"),
        ("SGO", "special_guardianship_order"),
        ("Adoption Order", "adopted"),
    ],
)
def test_orders_are_read_as_the_systems_write_them(write, order, event):
    rows = [["perm_person_id", "perm_permanence_order_date", "perm_permanence_order_type"]]
    tables, _ = write(ssd_permanence=[*rows, ["700100", "2018-05-01", order]])
    assert tables.events["event"].to_list() == [event]


def test_tables_that_are_not_needed_are_listed_by_file_and_are_no_problem(write):
    names = standard_safeguarding_dataset().not_needed
    assert len(names) > 30 and not set(names) & set(standard_safeguarding_dataset().tables)
    _, report = write(ssd_contacts=CONTACTS[:3], **{name: [["some_table_id", "x_y"], ["1", "2"]] for name in names})
    assert _problems(report) == []
    assert [line.split(":")[0] for line in report.ignored] == sorted(f"ssd/{name}.csv" for name in names)


def test_placements_without_a_person_are_said_by_file_and_heading(write):
    placements = [
        ["clap_cla_id", "clap_cla_placement_start_date", "clap_cla_placement_type"],
        ["1", "2018-02-01", "U4"],
    ]
    tables, report = write(ssd_contacts=CONTACTS[:3], ssd_cla_placement=placements)
    (sentence,) = _problems(report)
    assert "ssd_cla_placement.csv" in sentence and "'clap_person_id'" in sentence
    assert len(tables.events) == 2
