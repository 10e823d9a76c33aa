"""What was not understood goes into a workbook, is explained there, and is understood the next time."""

from datetime import date

import openpyxl
import polars as pl
import pytest
from extract_worlds import a_list, contacts, read, write_csv, write_workbook
from returns_by_hand import census, child, details, write, write_903

from analysis.errors import TableError
from analysis.extract.definitions import annex_a, statutory_returns
from analysis.extract.mapping import FEWEST_CHILDREN, write_mapping


def an_extract(folder, children=FEWEST_CHILDREN):
    rows = contacts(*((f"K{child}", date(2018, 1, 2 + child), "Bobbies") for child in range(children)))
    referrals = a_list("list_3", *({"child_id": f"K{child}", "referral_date": date(2018, 2, 1)} for child in range(6)))
    referrals[0][referrals[0].index("Referral Source")] = "Came via"
    for row in referrals[1:]:
        row[referrals[0].index("Came via")] = "q) 6: Police"
    write_workbook(folder / "annex_a/1.xlsx", {"List_1": rows, "List_3": referrals})


def written(folder):
    _, report = read(folder)
    path = folder / "mapping.xlsx"
    write_mapping(path, report.not_understood, [annex_a()])
    return path


def fill(path, **meanings):
    workbook = openpyxl.load_workbook(path)
    for row in workbook.active.iter_rows(min_row=2):
        row[5].value = meanings.get(row[2].value.split()[0], row[5].value)
    workbook.save(path)


@pytest.mark.parametrize("police", ["q) 6: Police", 6])
def test_what_it_is_told_is_understood_the_next_time(tmp_path, police):
    an_extract(tmp_path)
    assert read(tmp_path)[0].events["code"].null_count() == 11
    fill(written(tmp_path), Bobbies=police, Came="Referral Source")
    tables, report = read(tmp_path)
    assert tables.events["code"].to_list() == ["police"] * 11 and report.not_understood == ()
    assert "mapping.xlsx" not in report.text()


def test_filled_rows_stay_when_it_is_written_again(tmp_path):
    an_extract(tmp_path)
    fill(written(tmp_path), Bobbies="q) 6: Police")
    rows = list(openpyxl.load_workbook(written(tmp_path)).active.iter_rows(min_row=2, values_only=True))
    assert [(row[3], row[5]) for row in rows if row[2] == "Bobbies"] == [("5", "q) 6: Police")]


def test_what_could_be_a_child_s_is_not_written(tmp_path):
    an_extract(tmp_path, children=FEWEST_CHILDREN - 1)
    heading, *rows = a_list(
        "list_2", *({"child_id": f"K{child}", "start_date": date(2018, 1, 2)} for child in range(9))
    )
    heading += ["K3 notes", "12/03/2018", "Ring 07700900123"]
    write_csv(tmp_path / "annex_a/2/list_2.csv", [heading, *rows])
    cells = [cell.value for row in openpyxl.load_workbook(written(tmp_path)).active.iter_rows() for cell in row]
    assert "Came via" in cells
    assert not {"Bobbies", "K3 notes", "12/03/2018", "Ring 07700900123"} & set(cells)


def test_a_meaning_that_is_none_is_refused_with_its_row(tmp_path):
    an_extract(tmp_path)
    fill(written(tmp_path), Bobbies="the fuzz")
    with pytest.raises(TableError, match=r"row \d, 'what it means': expected a code of 'Contact Source'"):
        read(tmp_path)


def test_codes_of_both_returns_are_explained_in_the_same_workbook(tmp_path):
    """A source of referrals and a legal status of their own, each of enough children to be written out."""
    children = [child(f"{n}", details("2017-05-01").replace(">6<", ">Bobbies<")) for n in range(FEWEST_CHILDREN)]
    write(tmp_path / "cin_census" / "a.xml", census(*children))
    write_903(tmp_path, "2017", *(f"{n},01/05/2017,S,01/06/2017,E8" for n in range(FEWEST_CHILDREN)))
    episodes = tmp_path / "ssda903" / "2017-episodes.csv"
    episodes.write_text(episodes.read_text().replace(",C2,", ",Ours,"))
    _, report = read(tmp_path)
    path = tmp_path / "mapping.xlsx"
    write_mapping(path, report.not_understood, [statutory_returns()])
    assert {(one.column, one.text) for one in report.not_understood} == {("ReferralSource", "Bobbies"), ("LS", "Ours")}
    fill(path, Bobbies="6", Ours="C2")
    tables, report = read(tmp_path)
    assert report.not_understood == () and "mapping.xlsx" not in report.text()
    codes = dict(tables.events.filter(pl.col("code").is_not_null()).select("event", "code").iter_rows())
    assert codes["referral"] == "police" and codes["legal_status"] == "C2"
