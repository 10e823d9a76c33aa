"""Valid workbooks are read however their package is laid out; one bad sheet or count costs that sheet, no more."""

import io
import resource
import time
import zipfile
from datetime import date
from pathlib import Path

import odf.opendocument
import pytest
import xlsxwriter
from extract_worlds import a_list, account, contacts, read, write_csv, write_workbook

from analysis.errors import TableError
from analysis.extract import old_workbooks
from analysis.extract.files import read_sheets

DAY = date(2018, 1, 2)
CONTACTS = contacts(("A1", DAY, "6"), ("A2", date(2018, 1, 3), "6"))
REFERRALS = a_list("list_3", {"child_id": "A1", "referral_date": DAY}, {"child_id": "A2", "referral_date": DAY})


def repacked(path: Path, rename, change=lambda name, content: content) -> None:
    content = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(content) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(rename(name), change(name, old.read(name)))


def workbook(folder: Path, **options) -> Path:
    return write_workbook(folder / "annex_a" / "a.xlsx", {"List_1": CONTACTS, "List_3": REFERRALS}, **options)


def to_root(name: str, content: bytes) -> bytes:
    return content.replace(b'"/xl/', b'"/').replace(b'Target="xl/', b'Target="')


@pytest.mark.parametrize(
    ("rename", "change"),
    [
        (lambda name: name.removeprefix("xl/"), to_root),
        (lambda name: name.replace("/", "\\"), lambda name, content: content),
        (
            lambda name: name.replace("workbook.xml", "workbook2.xml"),
            lambda name, content: content.replace(b"xl/workbook.xml", b"xl/workbook2.xml"),
        ),
    ],
    ids=["at the root", "backslashes", "workbook2.xml"],
)
def test_parts_may_have_any_name(tmp_path, rename, change):
    repacked(workbook(tmp_path), rename, change)
    assert [entry.rows_kept for entry in read(tmp_path)[1].lists] == [2, 2]


@pytest.mark.parametrize(
    "cell", [b'<c r="AH1048576" s="1"/>', b'<c r="XFD9"><v>1</v></c>', b'<c r="A900000"><v>7</v></c>']
)
def test_a_cell_far_away_is_named_and_the_sheets_are_read(tmp_path, cell):
    def add(name, content):
        return content.replace(b"</sheetData>", b'<row r="1048576">' + cell + b"</row></sheetData>")

    repacked(workbook(tmp_path), str, lambda name, content: add(name, content) if "sheet2" in name else content)
    report = read(tmp_path)[1]
    assert [entry.rows_kept for entry in report.lists] == [2, 2]
    address = cell.split(b'"')[1].decode()
    assert any(f"a.xlsx, sheet 2, List 3: Referral: 1 cell far from the table ({address})" in str(one)
               for one in report.problems)  # fmt: skip


def test_a_sheet_too_wide_costs_that_sheet_alone(tmp_path):
    sheets = {"List_1": CONTACTS, "List_3": [[f"c{i}" for i in range(600)]] * 3}
    write_workbook(tmp_path / "annex_a" / "a.xlsx", sheets)
    report = read(tmp_path)[1]
    assert account(report, "List 1").rows_kept == 2
    assert any("a.xlsx, sheet 2, List 3: Referral: it has more than 500 columns" in str(one) for one in report.problems)


def test_a_space_in_the_last_row_costs_neither_memory_nor_time(tmp_path):
    path = tmp_path / "annex_a" / "a.xlsx"
    path.parent.mkdir()
    with xlsxwriter.Workbook(str(path), {"default_date_format": "dd/mm/yyyy"}) as book:
        for name, rows in {"List_1": CONTACTS, "List_3": REFERRALS, "x": CONTACTS, "y": CONTACTS}.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            sheet.write(1_048_575, 10, " ")
    peak, begin = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    assert [len(sheet.rows) for sheet in read_sheets(path)] == [3, 3, 3, 3]
    assert time.process_time() - begin < 5
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak) / 1024 < 100


@pytest.mark.parametrize("part", ["sharedStrings", "styles"])
def test_a_count_is_only_a_hint(tmp_path, part):
    def inflate(name, content):
        counts = (b'uniqueCount="', b'cellXfs count="', b'numFmts count="', b'fonts count="')
        for start in counts if part in name else ():
            content = content.replace(start, start + b"4000000000")
        return content

    repacked(workbook(tmp_path), str, inflate)
    assert [entry.rows_kept for entry in read(tmp_path)[1].lists] == [2, 2]


def write_1904(path: Path, date_format: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(path), {"date_1904": True, "default_date_format": date_format}) as book:
        for name, rows in {"List_1": CONTACTS, "List_3": REFERRALS}.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)


@pytest.mark.parametrize("date_format", ["General", "dd/mm/yyyy"])
def test_days_counted_from_1904_are_the_days_they_are(tmp_path, date_format):
    write_1904(tmp_path / "annex_a" / "a.xlsx", date_format)
    assert sorted(set(read(tmp_path)[0].events["date"])) == [DAY, date(2018, 1, 3)]


def test_an_open_document_with_a_password_is_said_to_have_one(tmp_path):
    document = odf.opendocument.OpenDocumentSpreadsheet()
    document.save(str(tmp_path / "a.ods"))
    locked = b"<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
    repacked(tmp_path / "a.ods", str, lambda name, content: content + locked if "manifest" in name else content)
    with pytest.raises(TableError, match="protected by a password"):
        read_sheets(tmp_path / "a.ods")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html><table/></html>", "web page (HTML)"),
        (b" \r\n<META http-equiv='x'><table>", "web page (HTML)"),
        (b"< div>x</div>", "web page (HTML)"),
        (b"<style>td {}</style><table>", "web page (HTML)"),
        ("<html>".encode("utf-16"), "web page (HTML)"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "MHTML"),
        (b"From: <Saved by Blink>\r\nSnapshot", "MHTML"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "an XML spreadsheet"),
        (b"<Message><Header/></Message>", "stands in a folder cin_census or ssda903"),
    ],
)
def test_a_page_called_a_workbook_is_said_to_be_a_page(tmp_path, content, said):
    (tmp_path / "a.xls").write_bytes(content)
    with pytest.raises(TableError) as raised:
        read_sheets(tmp_path / "a.xls")
    assert said in str(raised.value)


def write_xls(path: Path) -> Path:
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("List_1")
    for i, row in enumerate(CONTACTS):
        for j, cell in enumerate(row):
            sheet.write(i, j, f"{cell:%d/%m/%Y}" if isinstance(cell, date) else cell)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(str(path))
    return path


def test_an_old_workbook_counted_from_1904_has_the_days_it_shows(tmp_path):
    import xlwt

    book = xlwt.Workbook()
    book.dates_1904 = True
    sheet = book.add_sheet("List_1")
    for i, row in enumerate(CONTACTS):
        for j, cell in enumerate(row):
            sheet.write(i, j, (cell - date(1904, 1, 1)).days if isinstance(cell, date) else cell)
    (tmp_path / "annex_a").mkdir()
    book.save(str(tmp_path / "annex_a" / "old.xls"))
    assert sorted(read(tmp_path)[0].events["date"]) == [DAY, date(2018, 1, 3)]


def test_a_reader_that_dies_costs_its_file_alone(tmp_path, monkeypatch):
    write_xls(tmp_path / "annex_a" / "old.xls")
    assert account(read(tmp_path)[1], "List 1").rows_kept == 2
    monkeypatch.setattr(old_workbooks, "_READER", "import os; os.abort()")
    write_csv(tmp_path / "annex_a" / "2019" / "list_1.csv", contacts(("A9", "02/01/2019", "6")))
    tables, report = read(tmp_path)
    assert len(tables.events) == 1
    assert any("annex_a/old.xls" in str(one) or "old.xls: it is protected" in str(one) for one in report.problems)


def write_ods(path: Path, far_row: bool, far_column: bool) -> Path:
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    def cell(words):
        filled = TableCell(valuetype="string")
        filled.addElement(P(text=words))
        return filled

    book, table = OpenDocumentSpreadsheet(), Table(name="List_1")
    for number, values in enumerate(CONTACTS):
        row = TableRow()
        for value in values:
            row.addElement(cell(f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)))
        if far_column and number == 1:
            row.addElement(TableCell(numbercolumnsrepeated=16_000))
            row.addElement(cell("x"))
        table.addElement(row)
    table.addElement(TableRow(numberrowsrepeated=1_000_000))
    if far_row:
        last = TableRow()
        last.addElement(cell(" "))
        table.addElement(last)
    book.spreadsheet.addElement(table)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(str(path))
    return path


@pytest.mark.parametrize(
    ("far", "said"),
    [((False, False), None), ((True, False), "1 cell far from the table (A1000004)"), ((False, True), "(WQR2)"),
     ((True, True), "2 cells far from the table (WQR2, A1000004)")],
)  # fmt: skip
def test_a_cell_far_away_in_an_open_document_is_named_and_the_sheet_is_read(tmp_path, far, said):
    write_ods(tmp_path / "annex_a" / "a.ods", *far)
    tables, report = read(tmp_path)
    assert len(tables.events) == 2
    lines = [str(one) for one in report.problems if "far from the table" in str(one)]
    assert [said in line for line in lines] == [True] * bool(said)


def test_a_cell_far_away_in_an_old_workbook_is_named_and_the_sheet_is_read(tmp_path):
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("List_1")
    for i, row in enumerate(CONTACTS):
        for j, cell in enumerate(row):
            sheet.write(i + 2, j + 1, f"{cell:%d/%m/%Y}" if isinstance(cell, date) else cell)
    sheet.write(20_000, 30, " ")
    (tmp_path / "annex_a").mkdir()
    book.save(str(tmp_path / "annex_a" / "old.xls"))
    tables, report = read(tmp_path)
    assert len(tables.events) == 2 and any("(AE20001); not read" in str(one) for one in report.problems)


@pytest.mark.parametrize(
    ("write", "ending"), [(write_xls, ".xlsx"), (write_workbook, ".xls"), (write_workbook, ".ods")]
)
def test_a_workbook_with_the_ending_of_another_kind_is_read(tmp_path, write, ending):
    made = tmp_path / "made"
    write(made) if write is write_xls else write(made, {"List_1": CONTACTS})
    (tmp_path / "annex_a").mkdir()
    made.rename(tmp_path / "annex_a" / f"a{ending}")
    assert len(read(tmp_path)[0].events) == 2
