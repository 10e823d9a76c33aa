"""What offices really send: titles over the table, totals under it, hidden sheets, mangled identifiers, left-overs.

Each is read, or the account says in words what an analyst can do about it.
"""

import csv
import io
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from extract_worlds import TODAY, a_list, account, contacts, doubtful, read, write_csv, write_workbook

from analysis.extract import check
from analysis.protocol import load_protocol

DAY = date(2018, 1, 2)


def referrals(number: int = 6) -> list[list[object]]:
    """List 3 with one referral for each of a few children, a week apart."""
    return a_list(
        "list_3",
        *(
            {
                "child_id": str(1000 + i),
                "gender": "b) Female",
                "ethnicity": "a) WBRI",
                "birth_date": date(2010, 1, 1 + i),
                "referral_date": DAY + timedelta(days=7 * i),
                "source": "q) 6: Police",
                "outcome": "b) No",
            }
            for i in range(number)
        ),
    )


def with_column(field: int, *values: object) -> list[list[object]]:
    heading, *rows = referrals(len(values))
    return [heading, *([*row[:field], value, *row[field + 1 :]] for row, value in zip(rows, values, strict=True))]


def styled(path: Path, draw) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(path), {"default_date_format": "dd/mm/yyyy"}) as workbook:
        draw(workbook)


def merged_titles(folder: Path) -> None:
    def draw(workbook):
        sheet, style = workbook.add_worksheet("Referrals 2018"), workbook.add_format()
        for row, (first, last, title) in enumerate([(0, 10, "Anyborough"), (0, 4, "Child"), (5, 10, "Referral")]):
            sheet.merge_range(row, first, row, last, title, style)
        for number, row in enumerate(referrals(), start=4):
            sheet.write_row(number, 0, row)

    styled(folder / "x.xlsx", draw)


def hidden_sheet(folder: Path) -> None:
    def draw(workbook):
        for name in ("List_3", "List_3 old"):
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(referrals()):
                sheet.write_row(number, 0, row)
        sheet.hide()

    styled(folder / "x.xlsx", draw)


def hidden_columns_and_rows(folder: Path) -> None:
    def draw(workbook):
        sheet = workbook.add_worksheet("List_3")
        for number, row in enumerate(referrals()):
            sheet.write_row(number, 0, row)
        sheet.set_column(5, 5, None, None, {"hidden": 1})
        sheet.set_row(2, None, None, {"hidden": 1})
        sheet.autofilter(0, 0, 6, 10)

    styled(folder / "x.xlsx", draw)


def one_sheet(rows):
    return lambda folder: write_workbook(folder / "x.xlsx", {"List_3": rows})


def one_csv(rows):
    return lambda folder: write_csv(folder / "list_3.csv", rows)


def semicolons_said_first(folder: Path) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(referrals())
    folder.mkdir(parents=True)
    (folder / "list_3.csv").write_text(f"sep=;\n{text.getvalue()}")


def left_overs(folder: Path) -> None:
    write_workbook(folder / "x.xlsx", {"List_3": referrals()})
    for name in ("~$x.xlsx", "Thumbs.db", "desktop.ini", ".DS_Store", "~WRL0001.tmp"):
        (folder / name).write_bytes(b"\xd0\xcf\x11\xe0 left over")


def a_workbook_for_each_list(folder: Path) -> None:
    write_workbook(folder / "List 3 Referrals.xlsx", {"Sheet1": referrals()})
    write_workbook(folder / "List 9 leavers.xlsx", {"Sheet1": a_list("list_9", {"child_id": "1000"})})


def two_sheets(folder: Path) -> None:
    heading, *rows = referrals()
    write_workbook(folder / "x.xlsx", {"List 3 (1)": [heading, *rows[:2]], "List 3 (2)": [heading, *rows[2:]]})


HEADINGS = referrals()[0]
TOTALS = [["Total", "", "", "", "", 6], ["Grand total: 6"], ["Report run on:", "", "", "", "", date(2019, 12, 31)]]
TEXT_DATES = ["12th March 2015", "March 12, 2015", "12 Mar 15", "Thursday 12 March 2015", "12-Mar-2015", "12.3.15"]
TIMES = ["02/01/2018 14:30", "02/01/2018 2:30 PM", "2018-01-02T14:30:00Z", "2-Jan-18 9:00:00 AM"]

# what an office sends, all six referrals of which are read
READ = {
    "merged titles and two rows of headings": merged_titles,
    "hidden columns, rows and a filter": hidden_columns_and_rows,
    "totals and footers": one_sheet([*referrals(), *TOTALS]),
    "dates in words": one_sheet(with_column(5, *TEXT_DATES)),
    "dates with times": one_csv(with_column(5, *TIMES, *TIMES[:2])),
    "identifiers with decimals": one_csv(with_column(0, "1.0", "2.0", "3.0", "4.0", "5.0", "6.00")),
    "apostrophes before numbers and dates": one_csv(with_column(5, *["'02/01/2018"] * 6)),
    "headings with numbers": one_sheet([[f"{i}. {h}" for i, h in enumerate(HEADINGS, 1)], *referrals()[1:]]),
    "headings on two lines with stars": one_sheet([[f"{h} *".replace(" ", "\n") for h in HEADINGS], *referrals()[1:]]),
    "empty rows and columns before the table": one_sheet([[], [], *(["", *r[:5], "", *r[5:]] for r in referrals())]),
    "another system's name for the identifier": one_sheet([["Mosaic ID", *HEADINGS[1:]], *referrals()[1:]]),
    "personal columns": one_sheet([["Surname", *HEADINGS, "Notes"], *(["Ŵyn", *r, "x"] for r in referrals()[1:])]),
    "separator said first": semicolons_said_first,
    "left-overs of Windows and Office": left_overs,
    "a workbook for each list": a_workbook_for_each_list,
    "a list on two sheets": two_sheets,
}  # fmt: skip


@pytest.mark.parametrize("write", READ.values(), ids=READ)
def test_it_is_read(tmp_path, write):
    write(tmp_path / "annex_a")
    tables, report = read(tmp_path)
    assert len(tables.events) == len(tables.children) == 6
    assert all(entry.balances for entry in report.lists)
    assert [problem.where for problem in doubtful(report)] == ["families"]


def test_a_footer_is_no_child_but_an_identifier_of_two_words_is(tmp_path):
    one_sheet([*referrals(), *TOTALS])(tmp_path / "annex_a")
    assert account(read(tmp_path)[1], "List 3").explained == {"a total or footer": 3}
    one_sheet(with_column(0, *"AB"))(tmp_path / "letters" / "annex_a")
    without = contacts(("CHILD 1", DAY, "6"), ("CHILD 2", DAY, "6"))  # no list says anything of these children
    write_workbook(tmp_path / "letters" / "annex_a" / "contacts.xlsx", {"List_1": without})
    assert len(read(tmp_path / "letters")[0].children) == 4


def hollow_formulas(folder: Path) -> None:
    folder.mkdir(parents=True)
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in with_column(5, *(f"=DATE(2018,1,{day})" for day in range(1, 7))):
        sheet.append(row)
    workbook.save(folder / "x.xlsx")


def encrypted(folder: Path) -> None:
    folder.mkdir(parents=True)
    directory = "EncryptedPackage".encode("utf-16-le")
    (folder / "x.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + directory + b"\0" * 500)


def nothing_in(name: str, content: bytes):
    def write(folder: Path) -> None:
        folder.mkdir(parents=True)
        (folder / name).write_bytes(content)

    return write


def zeros(folder: Path) -> None:
    one_sheet(with_column(0, "0001", "0002"))(folder)
    write_workbook(folder / "y.xlsx", {"List_1": contacts((1, DAY, "6"), (2, DAY, "6"))})


def folders_in_folders(folder: Path) -> None:
    one_sheet(referrals())(folder / "2018" / "spring")


# what an office sends, and words of the account of it
SAID = {
    "hidden sheet": (hidden_sheet, "this sheet is hidden, and was read all the same"),
    "month first": (one_csv(with_column(5, "03/25/2018", "02/01/2018")), "some have the month first, so others may be"),
    "later than today": (one_csv(with_column(5, "01/02/2030", "02/01/2018")), "(F2); write them as 31/01/2019\n"),
    "digits lost": (one_csv(with_column(0, "1.23457E+11", "1")), "1 identifier written like 1.23E+11"),
    "leading zeros lost": (zeros, "2 identifiers written both with and without leading zeros"),
    "formulas without results": (hollow_formulas, "no row has a date that can be read; if they are formulas"),
    "error cells": (one_csv(with_column(3, "#N/A", "#REF!")), "2 cells with a formula error such as #N/A (D2, D3)"),
    "wrong name": (lambda f: write_workbook(f / "x.xlsx", {"List_4": referrals()}), "but read as List 3: Referral"),
    "no identifier": (one_sheet([["Key", *HEADINGS[1:]], *referrals()[1:]]), "but none is the child's identifier"),
    "on its side": (one_sheet(list(zip(*referrals(), strict=True))), "no row of headings of List 3"),
    "a pivot table": (one_sheet([["Row Labels", "Count"], ["Police", 6]]), "no row of headings of List 3"),
    "protected": (encrypted, "x.xlsx: it is protected by a password; save it without one"),
    "never downloaded": (nothing_in("x.xlsx", b""), "never downloaded from the cloud"),
    "a shortcut": (nothing_in("x.xlsx.lnk", b"L\0\0\0\1\x14\2\0\0"), "a shortcut to a file, not the file itself"),
    "an old web page": (nothing_in("x.xls", b"<html><table>"), "if Excel opens it, save it from there as .xlsx"),
    "too deep": (folders_in_folders, "put each extract there, no deeper"),
    "before birth": (one_sheet(with_column(3, date(2019, 6, 1), "")), "before the child's birth (referral 1)"),
}  # fmt: skip


@pytest.mark.parametrize(("write", "said"), SAID.values(), ids=SAID)
def test_it_is_said(tmp_path, write, said):
    write(tmp_path / "annex_a")
    assert said in check(tmp_path, load_protocol(), today=TODAY).text()
