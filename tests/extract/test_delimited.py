"""A table saved as text gives one row for each row written, whatever separates, encodes or quotes it."""

import csv
import io
from datetime import date

import pytest
from extract_worlds import TODAY, a_list, account, contacts, read, write_csv, write_workbook
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.extract import check
from analysis.extract.delimited import SEPARATORS, parse
from analysis.extract.documents import LONGEST_TEXT
from analysis.protocol import load_protocol

HEADINGS = ["child_id", "date", "kind", "text"]
PROSE = (
    'Seen on 01/02/2018; with mother, sister | "father", and a tab\tand more, and more; yes.\nSecond line, too; a|b.'
)
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]


def saved(rows, separator: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_prose_does_not_decide_what_separates_the_cells(tmp_path, separator, encoding):
    write_workbook(tmp_path / "annex_a" / "a.xlsx", {"List_1": contacts(("A1", date(2018, 1, 2), "6"))})
    texts = [["A1", "2018-01-05", "assessment", f"{number}: café. {PROSE * 5}"] for number in range(30)]
    (tmp_path / "documents.csv").write_bytes(saved([HEADINGS, *texts], separator).encode(encoding))
    (tmp_path / "families.tsv").write_bytes(saved([["child_id", "family_id"], ["A1", "F"]], separator).encode(encoding))
    (tmp_path / "names.txt").write_bytes("name\nJones, Café\n".encode(encoding))
    tables, report = read(tmp_path)
    assert len(tables.documents) == 30 and report.counts["families"] == 1
    assert "caf" not in "".join(tables.documents["text"])  # names.txt has one column, whose cells hold commas


@pytest.mark.parametrize("separator", SEPARATORS)
def test_team_names_do_not_decide_what_separates_a_list(tmp_path, separator):
    rows = a_list("list_3", *({"child_id": f"A{i}", "referral_date": "02/01/2018", "source": "6", "outcome": "No",
                               "team": "North; East, and West | South, all, of, it"} for i in range(9)))  # fmt: skip
    (tmp_path / "annex_a").mkdir()
    (tmp_path / "annex_a" / "list_3.csv").write_text(saved(rows, separator))
    assert account(read(tmp_path)[1], "List 3").rows_kept == 9


@pytest.mark.parametrize("letters", [1_200_000, 3_000_000])
def test_a_note_of_more_than_a_million_letters_is_cut_and_counted(tmp_path, letters):
    write_csv(tmp_path / "annex_a" / "list_1.csv", contacts(("A1", date(2018, 1, 1), "")))
    texts = ["word " * (letters // 5), 'A short "note", with a comma.']
    rows = [("A1", f"0{n}/01/2017", "referral", text) for n, text in enumerate(texts, start=1)]
    write_csv(tmp_path / "documents.csv", [("child_id", "date", "kind", "text"), *rows])
    tables, report = read(tmp_path)
    assert sorted(tables.documents["text"].str.len_chars().to_list()) == [len(texts[1]), LONGEST_TEXT]
    (said,) = [str(one) for one in report.problems if "longer than" in str(one)]
    assert "1 text longer than 100,000 characters; cut there" in said


def test_separators_are_found_without_known_headings():
    assert parse("a;b;c\n1,5;2;3\n4,5;5;6\n").rows == [["a", "b", "c"], ["1,5", "2", "3"], ["4,5", "5", "6"]]


def referrals_as_lines(count: int) -> list[str]:
    rows = a_list("list_3", *({"child_id": f"A{i}", "referral_date": "02/01/2018", "source": "6", "outcome": "No",
                               "team": "Team", "worker": "Worker"} for i in range(count)))  # fmt: skip
    return [",".join(map(str, row)) for row in rows]


@pytest.mark.parametrize("stray", [(3,), (3, 4), (3, 7), (1, 2, 3), (9,), (9, 10), (12,), tuple(range(1, 13))])
@pytest.mark.parametrize("how", ['"Team', 'Te"am', 'Team"', ',"Worker'])
def test_a_stray_quotation_mark_swallows_no_row(tmp_path, stray, how):
    lines = referrals_as_lines(12)
    for row in stray:
        lines[row] = lines[row].replace(",Worker", how) if "Worker" in how else lines[row].replace("Team", how)
    (tmp_path / "annex_a").mkdir()
    (tmp_path / "annex_a" / "list_3.csv").write_text("\n".join(lines))
    tables, report = read(tmp_path)
    assert account(report, "List 3").rows_read == 12 and len(tables.events) == 12
    opens = how.startswith(('"', ',"'))
    said = [str(problem) for problem in report.problems if "quotation mark" in str(problem)]
    assert bool(said) == opens
    assert all(f"list_3.csv, List 3: Referral: {len(stray)} quotation mark" in line for line in said)


def test_an_opening_mark_and_a_closing_one_some_rows_later_swallow_no_row():
    lines = referrals_as_lines(12)
    lines[3], lines[7] = lines[3].replace("Team", '"Team'), lines[7].replace("Team", 'Team"')
    table = parse("\r\n".join(lines))
    assert [row[0] for row in table.rows[1:]] == [f"A{i}" for i in range(12)] and table.swallowed == 4


def test_prose_over_several_lines_is_one_cell():
    texts = [
        ["A1", "2018-01-05", "referral", PROSE],
        ["A2", "2018-01-05", "referral", "a,b,c,d\nYes, 01/02/2018, b, c"],
    ]
    table = parse(saved([HEADINGS, *texts], ","))
    assert table.rows == [HEADINGS, *texts] and not table.stray and not table.unclosed


def test_a_mark_that_is_never_closed_is_said(tmp_path):
    write_workbook(tmp_path / "annex_a" / "a.xlsx", {"List_1": contacts(("A1", date(2018, 1, 2), "6"))})
    (tmp_path / "documents.csv").write_text(
        f'{",".join(HEADINGS)}\nA1,2018-01-05,referral,"It begins\nand goes on\nand on'
    )
    tables, report = read(tmp_path)
    assert len(tables.documents) == 1
    assert any("documents.csv: a quotation mark that is never closed (row 2)" in str(one) for one in report.problems)


def test_a_note_of_more_than_a_megabyte_is_cut_and_counted(tmp_path):
    write_workbook(tmp_path / "annex_a" / "a.xlsx", {"List_1": contacts(("A1", date(2018, 1, 2), "6"))})
    texts = [["A1", "2018-01-05", "assessment", "word " * 240_000], ["A1", "2018-01-06", "assessment", "Short."]]
    (tmp_path / "documents.csv").write_text(saved([HEADINGS, *texts], ","))
    tables, report = read(tmp_path)
    assert len(tables.documents) == 2 and tables.documents["text"].str.len_chars().max() <= 100_000
    assert any("1 text longer than 100,000 characters; cut there" in str(one) for one in report.problems)


def test_rows_with_more_cells_than_headings_are_said_with_their_file(tmp_path):
    lines = referrals_as_lines(5)
    lines[2:5] = [line + ",one,more" for line in lines[2:5]]
    lines[1] += ",,"  # empty cells shift nothing
    (tmp_path / "annex_a").mkdir()
    (tmp_path / "annex_a" / "r.csv").write_text("\n".join(lines))
    text = check(tmp_path, load_protocol(), today=TODAY).text()
    assert "annex_a/r.csv, List 3: Referral: 3 rows with more cells than there are headings (rows 3, 4, 5)" in text


CELL = st.text(st.characters(codec="utf-8", exclude_characters='\x00"\r'), max_size=30)


@settings(max_examples=200, deadline=None)
@given(texts=st.lists(CELL, min_size=1, max_size=8), separator=st.sampled_from(SEPARATORS))
def test_what_is_written_is_read(texts, separator):
    rows = [["A1", "2018-01-05", "referral", text] for text in texts]
    assert parse(saved([HEADINGS, *rows], separator), set(HEADINGS).__contains__).rows == [HEADINGS, *rows]


def test_a_mark_in_the_row_of_headings_swallows_no_row(tmp_path):
    lines = referrals_as_lines(12)
    lines[0] = lines[0].replace("Allocated Team", '"Allocated Team')
    (tmp_path / "annex_a").mkdir()
    (tmp_path / "annex_a" / "list_3.csv").write_text("\n".join(lines))
    assert account(read(tmp_path)[1], "List 3").rows_kept == 12


def test_half_a_row_after_a_stray_mark_does_not_say_how_wide_the_table_is():
    texts = [f'A{n},2018-01-05,referral,"One, two.\nThree, four, five, six, seven."' for n in range(10)]
    texts[3] = texts[3][:-1]
    table = parse("\n".join([",".join(HEADINGS), *texts]), set(HEADINGS).__contains__)
    assert len(table.stray) == 1 and [row[0] for row in table.rows if row[0][:1] == "A"] == [f"A{n}" for n in range(10)]
    assert sum("seven" in row[-1] for row in table.rows) == 10
