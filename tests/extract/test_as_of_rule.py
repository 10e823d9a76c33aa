"""Of a count that is as at the extract, the earliest extract that holds its record is believed, never the latest."""

import pytest
from extract_worlds import a_list, read, write_workbook

RECORD = {"child_id": "7", "referral_date": "2018-01-05", "source": "q) 6: Police", "outcome": "b) No"}


@pytest.mark.parametrize(
    ("counts", "believed"),
    [((1, 4, 6), 1), (("", 4, 6), 4), ((3, 2, 9), 3), ((0, "", 5), 0), (("", "", ""), None)],
)
def test_the_earliest_extract_that_has_the_count_is_believed(tmp_path, counts, believed):
    for number, count in enumerate(counts):
        later = {**RECORD, "referral_date": f"2018-0{2 + number}-20", "child_id": "8"}  # puts the extracts in order
        rows = a_list("list_3", {**RECORD, "referrals": count}, {**later, "referrals": ""})
        write_workbook(tmp_path / "annex_a" / f"{'cab'[number]}.xlsx", {"List_3": rows})
    tables, report = read(tmp_path)
    values = tables.supplied_counts["value"].to_list()
    assert values == ([] if believed is None else [believed])
    assert all(entry.balances for entry in report.lists)


def test_the_rest_of_the_record_is_the_latest_extracts(tmp_path):
    for name, count, outcome in (("a", 1, ""), ("b", 5, "a) Yes")):
        later = {**RECORD, "child_id": "8", "referral_date": f"2018-03-{10 + count}"}
        rows = a_list("list_3", {**RECORD, "referrals": count, "outcome": outcome}, later)
        write_workbook(tmp_path / "annex_a" / f"{name}.xlsx", {"List_3": rows})
    tables, _ = read(tmp_path)
    assert tables.supplied_counts["value"].to_list() == [1]
    assert tables.events.sort("date")["outcome"][0] == "no further action"


def test_of_two_records_of_one_day_in_one_extract_the_smaller_count_is_believed(tmp_path):
    twice = [{**RECORD, "referrals": 4}, {**RECORD, "referrals": 2, "source": "e) 2A: Schools"}]
    write_workbook(tmp_path / "annex_a" / "a.xlsx", {"List_3": a_list("list_3", *twice)})
    assert read(tmp_path)[0].supplied_counts["value"].to_list() == [2]
