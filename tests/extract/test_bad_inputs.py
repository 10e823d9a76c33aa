"""Whatever arrives ends in one clear error or in counted warnings: no trace, no hang, no value of a record shown.

The corpus is made by hand below (a file is whatever bytes it says) and by Hypothesis: damaged workbooks, cells of any
kind, and text that is no table.
"""

import io
import random
import resource
import signal
import zipfile
from collections.abc import Callable
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from extract_worlds import TODAY, a_list, contacts, headings, read, write_csv, write_workbook
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.errors import TableError
from analysis.extract import check
from analysis.extract import files as reading
from analysis.protocol import load_protocol

PROTOCOL = load_protocol()
CANARIES = ("KIDCANARY", "canaryname", "CANARY TEXT")
GOOD = contacts(("KIDCANARY1", date(2018, 1, 2), "6"), ("KIDCANARY2", date(2018, 1, 3), "6"))
MOST_SECONDS, MOST_MEGABYTES = 20, 600


@contextmanager
def within(seconds: int):
    def stop(*_):
        raise TimeoutError("the reader hangs")

    # Seconds of the processor, not of the clock: a busy machine is no hang.
    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def outcome(data: Path, *, predictions: bool = True) -> str:
    """The account of what is at `data` (and of what it can predict), in which nothing of any record may stand."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with within(MOST_SECONDS):
        try:
            if predictions:
                found = check(data, PROTOCOL, today=TODAY)
                text, reports = found.text() + found.html(), [a.report for a in found.authorities if a.report]
            else:
                reports = [read(data)[1]]
                text = reports[0].text()
            assert all(entry.balances for report in reports for entry in report.lists)
        except TableError as error:
            text = str(error)
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak) / 1024 < MOST_MEGABYTES
    assert "Traceback" not in text and "polars" not in text
    assert [canary for canary in CANARIES if canary.lower() in text.lower()] == []
    return text


def workbook_bytes(sheets=None) -> bytes:
    path = Path(write_workbook(Path(_scratch()) / "good.xlsx", sheets or {"List_1": GOOD}))
    return path.read_bytes()


def _scratch() -> str:
    import tempfile

    return tempfile.mkdtemp()


def changed(part: str, change: Callable[[bytes], bytes], extra: dict[str, bytes] | None = None) -> bytes:
    """A good workbook with one part of its package changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook_bytes())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
        for name, content in (extra or {}).items():
            new.writestr(name, content)
    return out.getvalue()


def archive(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return out.getvalue()


def csv_bytes(rows, encoding="utf-8") -> bytes:
    return "\r\n".join(",".join(map(str, row)) for row in rows).encode(encoding)


SHEET = "xl/worksheets/sheet1.xml"
BOMB = archive({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>", SHEET: b"\0" * (64 << 20)})
FAR_CELL = b'<c r="XFD1048576"><v>1</v></c>'
LAUGHS = b"<!DOCTYPE x [<!ENTITY a 'ha'>" + b"".join(
    b"<!ENTITY %c '%s'>" % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9)
)
ODS_BOMB = (
    b'<office:document-content xmlns:office="o" xmlns:table="t"><office:body><office:spreadsheet><table:table>'
    b'<table:table-row table:number-rows-repeated="1048576"><table:table-cell office:value-type="float" '
    b'table:number-columns-repeated="16384" office:value="1"/></table:table-row></table:table></office:spreadsheet>'
    b"</office:body></office:document-content>"
)
SEND = [["UPN", "EHC plan", "Primary SEN need", "Date of birth"], ["KIDCANARY1", "x", "y", "01/01/2010"]]
SSDA903 = [
    ["CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB"],
    ["KIDCANARY1", 1, "01/01/2010", "WBRI", "", "", ""],
]

book, DAY = workbook_bytes, date(2018, 1, 2)
ONE_TAG = b"<c r=" + bytes(range(48, 58)) * 1_200_000
ERROR_CELL = b'<c r="D2" t="e"><v>#N/A</v></c><c r="H2"'
INJECTION = ["=cmd|' /C KIDCANARY'!A0", "", "", "", "", "02/01/2018", "6"]
ACCENTED = ["KIDCANARY3", "", "", "", "", "03/01/2018", "École"]

# name of the file, its bytes, words that the account must have
FILES = [
    ("empty.xlsx", b"", "the file is empty"),
    ("empty.csv", b"", "the file is empty"),
    ("short.xlsx", book()[:200], "cut short or damaged"),
    ("half.xlsx", book()[: len(book()) // 2], "cut short or damaged"),
    ("tail.xlsx", book()[:-10], "cut short or damaged"),
    ("noise.xlsx", random.Random(1).randbytes(5000), "not a"),
    ("photo.jpg", b"\xff\xd8\xff\xe0 KIDCANARY1", "a picture (JPEG)"),
    ("photo.xlsx", b"\x89PNG\r\n KIDCANARY1", "a picture (PNG)"),
    ("letter.pdf", b"%PDF-1.7 KIDCANARY1", "a PDF document"),
    ("letter.docx", archive({"word/document.xml": b"<x/>"}), "a Word document"),
    ("binary.xlsb", archive({"xl/workbook.bin": b"KIDCANARY1"}), "a binary workbook (.xlsb)"),
    ("one_tag.xlsx", changed(SHEET, lambda xml: xml + ONE_TAG), "cut short or damaged"),
    ("long_heading.csv", csv_bytes([["child " * 100_000, "id"]]), "none of its sheets"),
    ("lists.zip", archive({"list_1.csv": b"KIDCANARY1"}), "a zip archive"),
    ("table.parquet", b"PAR1 KIDCANARY1 PAR1", "a parquet file"),
    ("bomb.xlsx", BOMB, "unpacks to far more"),
    ("far.xlsx", changed(SHEET, lambda xml: xml.replace(b"</row>", FAR_CELL + b"</row>", 1)), "(XFD1048576); not read"),
    ("deep.xlsx", changed(SHEET, lambda xml: xml.replace(b'r="A2"', b'r="SA9999999"')), "(SA9999999); not read"),
    ("wide.xlsx", book({"List_1": [[f"c{i}" for i in range(10_000)]]}), "more than 500 columns"),
    ("wide.csv", csv_bytes([[f"c{i}" for i in range(10_000)]]), "more than 500 columns"),
    ("repeats.ods", archive({"mimetype": b"x", "content.xml": ODS_BOMB}), "more than 500 columns"),
    ("nothing.ods", archive({"mimetype": b"x", "content.xml": b"<x/>"}), ""),
    ("laughs.xlsx", changed("xl/sharedStrings.xml", lambda _: LAUGHS + b"]><sst>&j;</sst>"), ""),
    ("not_xml.xlsx", changed(SHEET, lambda _: b"KIDCANARY1 is not XML"), ""),
    ("no_sheet.xlsx", archive({"xl/workbook.xml": b"<workbook/>"}), ""),
    ("macros.xlsm", changed("", bytes, {"xl/vbaProject.bin": b"KIDCANARY"}), "macros; they were not run"),
    ("locked.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "password"),
    ("old.xls", b"\xd0\xcf\x11\xe0" + random.Random(2).randbytes(3000), "password, damaged"),
    ("page.xls", b"<html><table><tr><td>KIDCANARY1</td></tr></table>", "XML or web page"),
    ("census.xml", b"<?xml version='1.0'?><Message>KIDCANARY1</Message>", "cin_census or ssda903"),
    ("utf16.csv", csv_bytes(GOOD, "utf-16"), "2 read, 2 kept"),
    ("utf16le.csv", csv_bytes(GOOD, "utf-16-le"), "2 read, 2 kept"),
    ("utf16be.csv", csv_bytes(GOOD, "utf-16-be"), "2 read, 2 kept"),
    ("cut_utf16.csv", csv_bytes(GOOD, "utf-16")[:-1], "but is not"),
    ("nul.csv", csv_bytes(GOOD).replace(b"2", b"\0"), "NUL bytes"),
    ("latin.csv", csv_bytes([*GOOD, ACCENTED], "cp1252"), "3 read, 3 kept"),
    ("quotes.csv", b'"Child Unique ID,Gender\nKIDCANARY1,F', ""),
    ("long_field.csv", b'"' + b"x" * (2 << 20) + b'"', "none of its sheets"),
    ("semicolons.csv", csv_bytes(GOOD).replace(b",", b";"), "2 read, 2 kept"),
    ("tabs.csv", csv_bytes(GOOD).replace(b",", b"\t"), "2 read, 2 kept"),
    ("ragged.csv", csv_bytes([GOOD[0], GOOD[1][:3], [*GOOD[2], "more", "KIDCANARY"]]), "2 read"),
    ("injection.csv", csv_bytes([*GOOD, INJECTION]), "3 read, 3 kept"),
    ("send.csv", csv_bytes(SEND), "SEND Annex A"),
    ("ssda903.csv", csv_bytes(SSDA903), "an SSDA903 return"),
    ("list_3.csv", csv_bytes([["KIDCANARY1", "01/01/2010"]]), "no row of headings of List 3"),
    ("only_guidance.xlsx", book({"Guidance": [["Field"], ["Child Unique ID"]]}), "none of its sheets"),
    ("no_headings.xlsx", book({"List_1": GOOD[1:]}), "no row of headings of List 1"),
    ("headings_only.xlsx", book({"List_1": GOOD[:1]}), "no record has a usable date"),
    ("no_rows.xlsx", book({"List_1": []}), "named like List 1: Contacts, but empty"),
    ("named.xlsx", book({"canaryname 2009": [["x"]], "List_1": GOOD}), "sheet 1: not one of the lists"),
    ("many_sheets.xlsx", book({**{f"s{i}": [["x"]] for i in range(200)}, "List_1": GOOD}), "2 read, 2 kept"),
    ("twice.xlsx", book({"List_1": [[*row, *row] for row in GOOD]}), "a second time: not read"),
    ("year_1066.xlsx", book({"L": contacts((2, "14/10/1066", 6), (1, DAY, 6))}), "1 of 2 cells not a date"),
    ("tomorrow.xlsx", book({"L": contacts((1, date(2030, 1, 1), 6), (1, DAY, 6))}), "not a date between"),
    ("unborn.xlsx", book({"L": contacts((1, DAY, 6), birth_date=date(2019, 9, 9))}), "before the child's"),
    ("errors.xlsx", changed(SHEET, lambda xml: xml.replace(b'<c r="D2"', ERROR_CELL)), ""),
    ("right_to_left.xlsx", book({"List_1": [["\u202e" + str(c) for c in row] for row in GOOD]}), ""),
    ("dates_as_ids.xlsx", book({"List_1": contacts((DAY, DAY, 6))}), "1 read, 1 kept"),
    ("same_row.xlsx", book({"List_1": [GOOD[0], *[GOOD[1]] * 5000]}), "the same record again 4,999"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "said"), FILES, ids=[row[0] for row in FILES])
def test_a_bad_file_alone(tmp_path, name, content, said):
    (tmp_path / "annex_a").mkdir()
    (tmp_path / "annex_a" / name).write_bytes(content)
    assert said in outcome(tmp_path)


@pytest.mark.parametrize(("name", "content", "said"), FILES[::3], ids=[row[0] for row in FILES[::3]])
def test_a_bad_file_beside_a_good_one_is_a_warning(tmp_path, name, content, said):
    (tmp_path / "annex_a").mkdir()
    (tmp_path / "annex_a" / name).write_bytes(content)
    write_workbook(tmp_path / "annex_a" / "really_good.xlsx", {"List_1": GOOD})
    assert "really_good.xlsx, List 1: Contacts: 2 read" in outcome(tmp_path)


def documents(rows) -> list[list[str]]:
    return [["child_id", "date", "kind", "text"], *rows]


def a_document(*cells: str) -> bytes:
    return csv_bytes(documents([cells]))


# name, what stands beside a good workbook, words that the account must have
BESIDE = [
    ("families.csv", csv_bytes([["x", "y"], ["KIDCANARY1", "F1"]]), "no column 'child_id'"),
    ("families.csv", b"", "the file is empty"),
    ("families.csv", csv_bytes([["child_id", "family_id"]]), "families"),
    ("families.csv", csv_bytes([["child_id", "family_id"], ["KIDCANARY1", "a"], ["KIDCANARY2", "a"],
                                ["KIDCANARY2", "b"], ["KIDCANARY1", "b"]]), "1 family joined from several"),
    ("families.csv", csv_bytes([["child_id", "family_id"], ["KIDCANARY1", "KIDCANARY2"],
                                ["KIDCANARY2", "KIDCANARY1"]]), ""),
    ("families.parquet", b"PAR1 no", "not a parquet file"),
    ("documents.parquet", b"PAR1 KIDCANARY1", "not a parquet file"),
    ("documents.csv", csv_bytes([["child_id", "date"]]), "no column 'kind'"),
    ("documents.csv", a_document("KIDCANARY1", "02/01/1066", "referral", "CANARY TEXT"), "no usable date"),
    ("documents.csv", a_document("KIDCANARY1", "02/01/2018", "CANARY TEXT", "x"), "not a known kind"),
    ("documents.csv", a_document("KIDCANARY9", "02/01/2018", "referral", "CANARY TEXT"), "in no list"),
    ("documents.csv", a_document("KIDCANARY1", "02/01/2018", "referral", "x" * 200_000), "cut there"),
    ("names.csv", csv_bytes([["who"], ["canaryname"]]), "no column 'name'"),
    ("names.csv", csv_bytes([["child_id", "name"], ["KIDCANARY1", ""]]), "2 read"),
    ("extract.yml", b"name: !!python/object/apply:os.system ['false']", "not YAML"),
    ("extract.yml", b"\xff\xfe\x00", "line 1 is not UTF-8"),
    ("extract.yml", b"name: KIDCANARY\nto: 2018-01-01 10:00:00", "'to' is not a date"),
    ("documents/index.csv", csv_bytes([["child_id", "date", "kind", "file"], ["KIDCANARY1", "02/01/2018", "referral",
                                       "../../etc/passwd"]]), "outside the folder"),
    ("documents/canaryname.txt", b"CANARY TEXT", "has no index.csv"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "said"), BESIDE)
def test_bad_tables_beside_the_lists(tmp_path, name, content, said):
    write_workbook(tmp_path / "annex_a" / "good.xlsx", {"List_1": GOOD})
    if not name.startswith("documents"):
        write_csv(tmp_path / "documents.csv", documents([["KIDCANARY1", "02/01/2018", "referral", "CANARY TEXT"]]))
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_bytes(content)
    assert said in outcome(tmp_path)


@pytest.mark.parametrize(
    "content",
    [b"", b"PK no", archive({"word/document.xml": b"CANARY TEXT"}), archive({"word/document.xml": b"\0" * (64 << 20)})],
)
def test_a_bad_word_document_is_counted(tmp_path, content):
    write_workbook(tmp_path / "annex_a" / "good.xlsx", {"List_1": GOOD})
    rows = [["child_id", "date", "kind", "file"], ["KIDCANARY1", "02/01/2018", "referral", "canaryname.docx"]]
    write_csv(tmp_path / "documents/index.csv", rows)
    (tmp_path / "documents/canaryname.docx").write_bytes(content)
    assert "1 file that cannot be read (row 2)" in outcome(tmp_path)


def test_a_folder_called_like_a_workbook_is_no_file(tmp_path):
    (tmp_path / "annex_a" / "list.xlsx").mkdir(parents=True)
    assert "no workbook or CSV was found" in outcome(tmp_path)


def test_a_file_may_not_be_larger_than_the_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "LARGEST_FILE", 1000)
    write_workbook(tmp_path / "annex_a" / "good.xlsx", {"List_1": GOOD})
    assert "larger than" in outcome(tmp_path)


def test_formula_errors_are_counted(tmp_path):
    import xlsxwriter

    path = tmp_path / "annex_a" / "errors.xlsx"
    path.parent.mkdir()
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet("List_1")
        for i, row in enumerate(GOOD):
            sheet.write_row(i, 0, [f"{cell:%d/%m/%Y}" if isinstance(cell, date) else cell for cell in row])
        sheet.write_formula(1, 1, '="KIDCANARY"+1', value="#VALUE!")
        sheet.write_formula(2, 1, "=1/0", value="#DIV/0!")
    assert "2 cells with a formula error" in outcome(tmp_path)


def test_merged_headings_leave_a_missing_column(tmp_path):
    import xlsxwriter

    path = tmp_path / "annex_a" / "merged.xlsx"
    path.parent.mkdir()
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet("List_1")
        for i, row in enumerate(GOOD):
            sheet.write_row(i, 0, [f"{cell:%d/%m/%Y}" if isinstance(cell, date) else cell for cell in row])
        sheet.merge_range(0, 1, 0, 3, "Gender", workbook.add_format())
    text = outcome(tmp_path)
    assert "2 columns not found: 'Ethnicity', 'Date of Birth'" in text and "2 read, 2 kept" in text


WORKBOOK = workbook_bytes()
ANYTHING = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@ANYTHING
@given(data=st.data())
def test_damaged_workbooks(tmp_path, data):
    content = bytearray(WORKBOOK)
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.integers(100, len(content)))] if data.draw(st.booleans()) else content
    (tmp_path / "damaged.xlsx").write_bytes(bytes(content))
    outcome(tmp_path / "damaged.xlsx", predictions=False)


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(date(1900, 1, 1), date(2200, 1, 1)),
    st.sampled_from(["KIDCANARY1", "CANARY TEXT", "b) No", "N1", "#REF!", "=1+1", "31/02/2019", "\x00", "-1", " "]),
    st.text(st.characters(codec="utf-8"), max_size=12).map(lambda text: f"canaryname {text}"),
)


@ANYTHING
@given(
    name=st.sampled_from(["list_1", "list_3", "list_5", "list_7", "list_8", "list_10"]),
    body=st.lists(st.lists(CELLS, max_size=36), max_size=5),
    first=st.integers(0, 4),
)
def test_lists_with_cells_of_any_kind(tmp_path, name, body, first):
    rows = [["a title"]] * first + [headings(name)] + body
    text = [["" if cell is None else str(cell).replace("\0", "") for cell in row] for row in rows]
    outcome(write_csv(tmp_path / "list.csv", text), predictions=False)


@ANYTHING
@given(content=st.one_of(st.binary(max_size=300), st.text(max_size=200).map(str.encode)))
def test_bytes_that_are_no_table(tmp_path, content):
    (tmp_path / "thing.csv").write_bytes(content)
    outcome(tmp_path / "thing.csv", predictions=False)


@settings(ANYTHING, max_examples=40)
@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), max_size=4))
def test_documents_with_cells_of_any_kind(tmp_path, rows):
    write_workbook(tmp_path / "annex_a" / "good.xlsx", {"List_1": GOOD})
    made = [[None if cell is None else str(cell) for cell in row] for row in rows]
    schema = dict.fromkeys(("child_id", "date", "kind", "text"), pl.String)
    pl.DataFrame(made, schema=schema, orient="row").write_parquet(tmp_path / "documents.parquet")
    outcome(tmp_path, predictions=False)


def test_a_list_without_its_own_columns_is_no_list(tmp_path):
    write_workbook(
        tmp_path / "annex_a/1.xlsx", {"List_3": a_list("list_3", {"child_id": 1}, without=("referral_date",))}
    )
    assert "no row of headings of List 3" in outcome(tmp_path)


@pytest.mark.parametrize("mark", ['"', "''", "〃", "Ditto", "as above", "-", ""])
def test_a_sign_for_the_cell_above_is_no_identifier(tmp_path, mark):
    """Read as one, it would be a single child with half of the contacts."""
    rows = (("700100" if row % 2 == 0 else mark, date(2018, 1, 1 + row), "") for row in range(20))
    write_csv(tmp_path / "annex_a" / "list_1.csv", contacts(*rows))
    tables, report = read(tmp_path)
    assert tables.children.height == 1 and len(tables.events) == 10
    assert any("10 of 20 rows have no identifier" in str(problem) for problem in report.problems)
