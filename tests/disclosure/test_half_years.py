"""Half-years make up the years of another table: what is withheld of one is not what is left of the year."""

import pandas as pd
from invented_page import fill

from analysis.disclosure import PAGE_TABLES, attack, release_all
from analysis.protocol import load_protocol

RULES = load_protocol().disclosure


def page(first: int, second: int):
    """The outcomes of the two halves of a year, 300 cases each, and of the year."""
    halves = [
        {"year": 2016, "half": half, "cases": 300, "positives": count, "prevalence": count / 300}
        for half, count in ((1, first), (2, second))
    ]
    year = {"year": 2016, "cases": 600, "positives": first + second, "prevalence": (first + second) / 600}
    other = {"year": 2017, "cases": 600, "positives": 40, "prevalence": 40 / 600}
    others = [{"year": 2017, "half": half, "cases": 300, "positives": 20, "prevalence": 20 / 300} for half in (1, 2)]
    rows = {"half_years": halves + others, "outcome_by_year": [year, other]}
    return {name: fill(PAGE_TABLES[name], rows[name]) for name in rows}


def test_a_small_half_year_cannot_be_had_by_subtraction():
    released = release_all(page(3, 25), preset="dfe", rules=RULES)
    halves, years = released["half_years"].frame, released["outcome_by_year"].frame
    assert pd.isna(halves["positives"][0]) and pd.isna(halves["auc"][0])
    assert pd.isna(halves["positives"][1]) or pd.isna(years["positives"][0])
    assert halves["positives"][2:].tolist() == [20, 20] and halves["auc"][2:].notna().all()
    assert not attack({name: table.frame for name, table in released.items()}, PAGE_TABLES, RULES.presets["dfe"])


def test_the_attack_knows_that_halves_make_up_the_year():
    frames = page(3, 25)
    frames["half_years"].loc[0, ["positives", "prevalence"]] = None
    found = {finding.quantity for finding in attack(frames, PAGE_TABLES, RULES.presets["dfe"])}
    assert "positives of all cases, 2016, half 1" in found
