"""The benchmark of joint books: how its growth and its plans are reckoned. The books themselves take an hour."""

import json

import pytest

from benchmarks import joint_growth as joint


def stages(**seconds: float) -> dict:
    return {name: {"cpu_seconds": value, "seconds": value, "gigabytes_at_once": 0.5} for name, value in seconds.items()}


def test_a_stage_that_grows_with_the_square_is_told_from_one_that_grows_with_its_work():
    rows = joint.growth({4: stages(pages=40, summary=4), 16: stages(pages=160, summary=64, more=1)})
    found = {row["name"].rpartition(", ")[2]: row["exponent"] for row in rows}
    assert found == {"pages": 1.0, "summary": 2.0}
    assert joint.growth({4: stages(pages=40)}) == []


def test_a_country_is_planned_by_the_growth_of_each_stage():
    costs = {4: stages(pages=40, summary=4) | {joint.WHOLE: {"cpu_seconds": 44}},
             16: stages(pages=160, summary=64) | {joint.WHOLE: {"cpu_seconds": 224}}}  # fmt: skip
    by_hand = 160 * 153 / 16 + 64 * (153 / 16) ** 2
    assert joint.planned(costs)["cpu_seconds"] == pytest.approx(by_hand, abs=0.01)
    assert joint.planned({16: stages(pages=160)})["cpu_seconds"] == pytest.approx(1530)


def test_pages_from_extracts_are_planned_at_the_mean_of_the_last_report(tmp_path):
    timings = {"extract/LA1": 10, "extract/LA2": 20, "page/LA1/P1": 30, "page/LA2/P3": 50, "book": 1000}
    (tmp_path / "timings.json").write_text(json.dumps({name: {"cpu_seconds": cost} for name, cost in timings.items()}))
    assert joint.planned_from_extracts(tmp_path)["cpu_seconds"] == 153 * 15 + 1224 * 40
