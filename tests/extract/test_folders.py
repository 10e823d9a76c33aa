"""Every file and folder that an authority supplies is read or named with a reason, however it is written."""

from datetime import date

import pytest
from extract_worlds import TODAY, contacts, read, write_csv, write_workbook

from analysis.errors import TableError
from analysis.extract import check, find_authorities
from analysis.protocol import load_protocol

PROTOCOL = load_protocol()
LISTS = {"List_1": contacts(("A1", date(2018, 1, 2), "6"), ("A2", date(2018, 1, 3), "6"))}
FAMILIES = [["child_id", "family_id"], ["A1", "F"], ["A2", "F"]]
DOCUMENTS = [["child_id", "date", "kind", "text"], ["A1", "2018-01-05", "assessment", "Words."]]


@pytest.mark.parametrize("lists", ["annex_a", "Annex A", "Annex_A", "AnnexA", "annex-a", "ANNEX A"])
@pytest.mark.parametrize("suffix", [".csv", ".CSV"])
def test_case_and_punctuation_of_a_known_name_do_not_matter(tmp_path, lists, suffix):
    council = tmp_path / "Anyborough"
    write_workbook(council / lists / "a.xlsx", LISTS)
    write_csv(council / f"Families{suffix}", FAMILIES)
    write_csv(council / f"DOCUMENTS{suffix}", DOCUMENTS)
    (council / "Extract.yml").write_text("name: Any Borough\nfrom: 2017-04-01\nto: 2019-03-31")
    assert find_authorities(tmp_path) == {"Anyborough": council}
    tables, report = read(council)
    assert report.name == "Any Borough" and report.counts["families"] == 1 and len(tables.documents) == 1
    assert not report.ignored


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("documents.tsv", "documents.csv was read in its place"),
        ("families.txt", "families.csv was read in its place"),
        ("Documents.parquet/x", "documents.csv was read in its place"),
        ("ssd_old/x", "a folder that is not known"),
        ("AnnexA/x", "annex_a was read in its place"),
        ("networks", "a file where a folder is expected"),
        ("list_5.xlsx", "a file that is not known; lists stand in the folder annex_a"),
        ("annex_a/2018/deep/list_1.csv", "a folder within a folder of lists"),
        ("annex_a/letter.md", "not a workbook or CSV"),
    ],
)
def test_what_is_not_read_is_named_with_its_reason(tmp_path, name, reason):
    write_workbook(tmp_path / "annex_a" / "a.xlsx", LISTS)
    write_csv(tmp_path / "families.csv", FAMILIES)
    write_csv(tmp_path / "documents.csv", DOCUMENTS)
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text("x")
    assert any(reason in line for line in read(tmp_path)[1].ignored)


def test_files_that_a_computer_leaves_about_are_not_named(tmp_path):
    write_workbook(tmp_path / "annex_a" / "a.xlsx", LISTS)
    for name in (".DS_Store", "Thumbs.db", "annex_a/~$a.xlsx", "annex_a/desktop.ini"):
        (tmp_path / name).write_text("x")
    assert not read(tmp_path)[1].ignored


@pytest.mark.parametrize(
    "names", [("North Town", "North-Town"), ("NORTH", "North"), ("a" * 40 + "1", "a" * 40 + "2"), ("1 A", "1-A")]
)
def test_two_councils_whose_names_become_one_are_refused_by_name(tmp_path, names):
    for name in names:
        write_workbook(tmp_path / name / "annex_a" / "a.xlsx", LISTS)
    with pytest.raises(TableError, match="rename one") as raised:
        find_authorities(tmp_path)
    assert all(name in str(raised.value) for name in names)


def test_a_folder_that_is_no_council_is_named(tmp_path):
    for name in ("Aborough", "Bborough"):
        write_workbook(tmp_path / name / "Annex A" / "a.xlsx", LISTS)
    (tmp_path / "Cborough" / "lists" / "deep").mkdir(parents=True)
    write_csv(tmp_path / "note.csv", [["x"]])
    report = check(tmp_path, PROTOCOL, today=TODAY)
    assert [one.name for one in report.authorities] == ["Aborough", "Bborough"]
    for said in (report.text(), report.html()):
        assert "Cborough: not read as an authority&#x27;s" in said or "Cborough: not read as an authority's" in said
        assert "note.csv" in said


def test_a_workbook_beside_the_councils_does_not_hide_them(tmp_path):
    for name in ("Aborough", "Bborough"):
        write_workbook(tmp_path / name / "annex_a" / "a.xlsx", LISTS)
    write_workbook(tmp_path / "timetable.xlsx", {"Sheet1": [["x"]]})
    assert set(find_authorities(tmp_path)) == {"Aborough", "Bborough"}


def test_a_name_cannot_steer_the_terminal(tmp_path):
    write_workbook(tmp_path / "annex_a" / "a.xlsx", LISTS)
    (tmp_path / "annex_a" / "x\x1b[31m.csv").write_text("a,b\n1,2\n")
    assert "\x1b" not in check(tmp_path, PROTOCOL, today=TODAY).text()


def test_a_refused_file_does_not_hide_what_else_is_wrong(tmp_path):
    lists = {"List_1": contacts(("A1", date(2018, 1, 2), "6"), ("A2", "whenever", "6"))}
    write_workbook(tmp_path / "annex_a" / "a.xlsx", lists)
    write_csv(tmp_path / "documents.csv", [["child", "x"]])
    write_csv(tmp_path / "families.csv", [["x", "y"]])
    (tmp_path / "extract.yml").write_text("from: 2019-02-30")
    with pytest.raises(TableError) as raised:
        read(tmp_path)
    for said in ("'from' is not a date", "no column 'text'", "no column 'family_id'", "1 of 2 cells not a date"):
        assert said in str(raised.value)


def test_documents_that_the_index_does_not_name_are_counted(tmp_path):
    write_workbook(tmp_path / "annex_a" / "a.xlsx", LISTS)
    write_csv(tmp_path / "Documents" / "Index.CSV", [["child_id", "date", "kind", "file"],
                                                     ["A1", "2018-01-05", "assessment", "one.txt"]])  # fmt: skip
    for name in ("one.txt", "jane.txt", "john.txt"):
        (tmp_path / "Documents" / name).write_text("Words.")
    tables, report = read(tmp_path)
    assert len(tables.documents) == 1 and report.ignored == ("documents: 2 files that Index.CSV does not name",)


@pytest.mark.parametrize("name", ["Annex A 2018", "annex_a_data", "lists"])
def test_a_folder_of_lists_of_another_name_is_not_taken_for_the_authority(tmp_path, name):
    write_workbook(tmp_path / "Anyborough" / name / "a.xlsx", LISTS)
    write_csv(tmp_path / "Anyborough" / "families.csv", FAMILIES)
    with pytest.raises(TableError, match=f"the folder '{name}' holds lists; rename it to one of ssd, annex_a"):
        find_authorities(tmp_path / "Anyborough")


def test_a_name_with_an_accent_is_the_name_without_it_on_pages(tmp_path):
    write_workbook(tmp_path / "Ynys Môn" / "annex_a" / "a.xlsx", LISTS)
    write_workbook(tmp_path / "Aborough" / "annex_a" / "a.xlsx", LISTS)
    assert list(find_authorities(tmp_path)) == ["Aborough", "Ynys-Mon"]


def test_a_name_in_extract_yml_cannot_steer_the_terminal(tmp_path):
    write_workbook(tmp_path / "annex_a" / "a.xlsx", LISTS)
    (tmp_path / "extract.yml").write_text('name: "\\e[31mred"\nfrom: "2018-01-01"\nto: 2018-01-31')
    tables, report = read(tmp_path)
    assert report.name == "?[31mred" and tables.first_date == date(2018, 1, 1)  # a date in quotation marks is one
