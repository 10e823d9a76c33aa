"""What passes the release gate, and what does not."""

import numpy as np
import pandas as pd
import pytest
from invented_page import confusion, fill, invent_page, rates

from analysis.disclosure import PAGE_TABLES, Released, attack, combine, describe_preset, release, release_all
from analysis.disclosure.coarsen import round_measures
from analysis.disclosure.earlier import printed_before
from analysis.errors import DisclosureError
from analysis.protocol import load_protocol

RULES = load_protocol().disclosure
DFE, RESEARCH = RULES.presets["dfe"], RULES.presets["research"]
DESIGN = "structured-all_cases"


@pytest.fixture(scope="module")
def page():
    return invent_page(PAGE_TABLES, np.random.default_rng(11), size=6000, prevalence=0.05)


@pytest.fixture(scope="module")
def published(page):
    return release_all(page, preset="dfe", rules=RULES)


@pytest.fixture(scope="module")
def rounded(page):
    return release_all(page, preset="research", rules=RULES)


def counts_of(table: Released) -> pd.DataFrame:
    return table.frame[[column.name for column in table.specification.named("count")]]


def subgroups(*rows: dict) -> pd.DataFrame:
    labels = {"design": DESIGN, "characteristic": "gender"}
    return fill(PAGE_TABLES["subgroups"], [labels | {"subgroup": f"group {n}"} | row for n, row in enumerate(rows)])


def group(cases: int, positives: int, hits: int, alarms: int) -> dict:
    """Counts and rates of a group with so many cases, outcomes, hits and false alarms."""
    outcome = np.arange(cases) < positives
    flagged = (np.arange(cases) < hits) | ((np.arange(cases) >= positives) & (np.arange(cases) < positives + alarms))
    row = confusion(outcome, flagged)
    return row | rates(row)


def test_synthetic_tables_pass_unchanged(page):
    for name, table in release_all(page, preset="synthetic", rules=RULES).items():
        pd.testing.assert_frame_equal(table.frame, page[name][list(PAGE_TABLES[name].column_names)])
        assert table.notes == ()
    assert describe_preset("synthetic", RULES) == "The data are synthetic, so small numbers did not need hiding."


def test_a_table_must_have_the_columns_described():
    frame = subgroups(group(100, 20, 9, 9)).drop(columns="flagged").assign(names="x")
    with pytest.raises(DisclosureError) as raised:
        release(PAGE_TABLES["subgroups"], frame, preset="dfe", rules=RULES)
    assert raised.value.problems == (
        "column 'flagged' is missing; add it",
        "column 'names' is not described; describe it or drop it",
    )


def test_nobody_else_can_make_a_released_table():
    with pytest.raises(TypeError, match="only analysis.disclosure makes a Released table"):
        Released(PAGE_TABLES["flow"], pd.DataFrame(), "dfe", (), object())


@pytest.mark.parametrize(("name", "threshold"), [("published", DFE.threshold), ("rounded", RESEARCH.threshold)])
def test_no_small_count_is_published(request, name, threshold):
    for table in request.getfixturevalue(name).values():
        counts = counts_of(table).to_numpy(dtype=float, na_value=np.nan)
        assert not ((counts >= 1) & (counts <= threshold)).any()


@pytest.mark.parametrize(("name", "preset"), [("published", DFE), ("rounded", RESEARCH)])
def test_the_attack_on_what_is_published_fails(request, name, preset):
    frames = {table.name: table.frame for table in request.getfixturevalue(name).values()}
    assert attack(frames, PAGE_TABLES, preset) == ()


def test_the_headline_counts_stay(published):
    assert counts_of(published["performance"]).notna().all(axis=None)
    assert counts_of(published["operating_point"]).notna().all(axis=None)


@pytest.mark.parametrize("name", ["published", "rounded"])
def test_rates_are_those_of_the_published_counts(request, name):
    for table in request.getfixturevalue(name).values():
        for rate in table.specification.named("rate"):
            part, whole = (table.frame[column].to_numpy(float, na_value=np.nan) for column in rate.of)
            expected = np.round(part / np.where(whole > 0, whole, np.nan), 3)
            np.testing.assert_array_equal(table.frame[rate.name].to_numpy(float), expected)


def test_counts_are_rounded_and_totals_are_sums_of_rounded_parts(rounded):
    for table in rounded.values():
        assert (counts_of(table).fillna(0) % 5 == 0).all(axis=None)
    points = rounded["operating_point"].frame.dropna()
    assert len(points)
    assert (points["flagged"] == points["true_positives"] + points["false_positives"]).all()


def test_a_measure_is_withheld_with_the_counts_it_rests_on():
    frame = subgroups(group(400, 60, 30, 20), group(60, 4, 2, 9), group(400, 60, 30, 20))
    table = release(PAGE_TABLES["subgroups"], frame, preset="dfe", rules=RULES).frame
    assert table["auc"].isna().tolist() == [False, True, False]
    assert table["auc"].dropna().tolist() == [0.42, 0.42]  # .4217 at two decimals


def test_of_a_group_of_few_cases_nothing_is_published():
    frame = subgroups(group(400, 60, 30, 20), group(4, 0, 0, 0))
    table = release(PAGE_TABLES["subgroups"], frame, preset="dfe", rules=RULES)
    numbers = [column.name for column in table.specification.columns if column.role in ("count", "rate", "measure")]
    assert table.frame.loc[1, numbers].isna().all()
    assert table.frame.loc[0, numbers].notna().all()


def test_a_word_on_a_withheld_count_is_withheld_whatever_it_says():
    frame = subgroups(group(400, 60, 30, 20), group(60, 4, 2, 9), group(60, 4, 2, 9))
    frame = frame.assign(assessable=["yes", "too small to assess: fewer than 5 cases with the outcome", "yes"])
    table = release(PAGE_TABLES["subgroups"], frame, preset="dfe", rules=RULES).frame
    assert table["assessable"].tolist() == ["yes", "withheld", "withheld"]


def test_pairs_are_left_out_with_either_of_their_subgroups(page):
    few = page["subgroups"]["subgroup"].eq("Other") & page["subgroups"]["design"].eq(DESIGN)
    assert (page["subgroups"].loc[few, "positives"] <= 5).all()
    published = release_all(page, preset="dfe", rules=RULES)
    pairs = published["subgroup_pairs"].where(design=DESIGN).frame
    assert len(pairs) and not ((pairs["first"] == "Other") | (pairs["second"] == "Other")).any()


def test_what_rests_on_a_table_that_is_not_there_is_withheld(page):
    alone = release(PAGE_TABLES["subgroup_pairs"], page["subgroup_pairs"], preset="dfe", rules=RULES)
    assert alone.frame.empty
    assert "Results that rest on withheld counts are withheld." in alone.notes


@pytest.mark.parametrize("name", ["published", "rounded"])
def test_bins_hold_enough_cases_and_lose_none(request, name, page):
    table = request.getfixturevalue(name)["calibration"].frame
    assert (table["cases"] >= RULES.cases_per_bin).all()
    if name == "published":
        merged, whole = table.groupby("design")["cases"].sum(), page["calibration"].groupby("design")["cases"].sum()
        pd.testing.assert_series_equal(merged.astype("int64"), whole)


def test_points_of_a_path_lie_far_apart(published):
    for design in published["thresholds"].frame["design"].unique():
        points = [published[name].where(design=design).frame for name in ("thresholds", "operating_point")]
        path = pd.concat(points)[["true_positives", "false_positives"]].astype(float).sort_values(
            ["false_positives", "true_positives"]).drop_duplicates()  # fmt: skip
        steps = path.diff().dropna()
        assert (steps.sum(axis=1) >= RULES.cases_per_bin).all()
        assert ((steps == 0) | (steps > DFE.threshold)).all(axis=None)


def test_curves_pass_through_the_published_thresholds(published):
    rows = published["thresholds"].where(design=DESIGN).frame
    curve = published["roc_curve"].where(design=DESIGN).frame
    recall = (rows["true_positives"] / rows["positives"]).astype(float).round(3)
    assert set(curve["recall"]) == set(recall)


def test_chance_is_the_published_prevalence(rounded):
    table = rounded["performance"].frame
    rows = table[table["metric"] == "average_precision"]
    prevalence = (rows["positives"].astype(float) / rows["cases"].astype(float)).round(3)
    assert rows["chance"].tolist() == prevalence.tolist()


def test_rare_topics_are_left_out():
    topics = fill(PAGE_TABLES["topics"], [{"topic": "1", "families": 400}, {"topic": "2", "families": 9}])
    table = release(PAGE_TABLES["topics"], topics, preset="dfe", rules=RULES)
    assert table.frame["topic"].tolist() == ["1"]
    assert table.notes == ("1 topics are left out: fewer than 10 families have a document on them.",)


def test_a_later_release_does_not_tell_who_came_since(page, published):
    grown = {name: frame.copy() for name, frame in page.items()}
    grown["outcome_by_year"].loc[0, ["cases", "positives"]] += [3, 1]
    grown["flow"]["remaining"] += 3
    training = grown["sample"]["part"] == "training"
    grown["sample"].loc[training, "cases"] += 3
    grown["sample"].loc[training, "positives"] += 1
    naive = release_all(grown, preset="dfe", rules=RULES)
    before = printed_before([published], PAGE_TABLES, RULES)
    assert attack({n: t.frame for n, t in naive.items()}, PAGE_TABLES, DFE, earlier=before)
    careful = release_all(grown, preset="dfe", rules=RULES, earlier=[published])
    assert not attack({n: t.frame for n, t in careful.items()}, PAGE_TABLES, DFE, earlier=before)
    assert counts_of(careful["operating_point"]).notna().all(axis=None)  # the test cases are the same


def test_the_same_release_again_changes_nothing(page, published):
    again = release_all(page, preset="dfe", rules=RULES, earlier=[published])
    for name, table in published.items():
        pd.testing.assert_frame_equal(again[name].frame, table.frame)


def test_notes_of_several_tables_are_added_up(published):
    twice = combine({("LA1", "P1"): published["subgroups"], ("LA1", "P2"): published["subgroups"]})
    once = next(note for note in published["subgroups"].notes if "counts are withheld" in note)
    number, rest = once.split(" ", 1)
    assert f"{2 * int(number)} {rest}" in twice.notes and once not in twice.notes


def test_notes_say_what_was_done_and_not_which_counts_were_small(published, rounded):
    assert any("counts are withheld" in note for note in published["subgroups"].notes)
    assert "Counts are rounded to the nearest 5, and rates are those of the rounded counts." in rounded["sample"].notes
    assert "checked by trying to work out" in describe_preset("dfe", RULES)


def test_stacked_tables_keep_what_is_withheld(published):
    both = combine({("LA1", "P1"): published["subgroups"], ("LA2", "P3"): published["subgroups"]})
    assert both.frame.columns[:2].tolist() == ["authority", "outcome"]
    assert both.frame["positives"].isna().sum() == 2 * published["subgroups"].frame["positives"].isna().sum()


def test_comparisons_count_the_test_cases_of_their_first_design():
    labels = {"comparison": "earlier_v_all", "within": "structured data", "first": "structured-earlier_cases"}
    rows = [labels | {"second": DESIGN, "cases": 100, "positives": 20}]
    comparisons = fill(PAGE_TABLES["comparisons"], rows)
    labels = {"design": "structured-earlier_cases", "threshold": 0.3}
    sample = pd.DataFrame(
        [dict.fromkeys(PAGE_TABLES["operating_point"].column_names) | labels | {"false_negatives": 17}]
    )
    assert not attack({"operating_point": sample}, PAGE_TABLES, DFE)
    (finding,) = attack({"operating_point": sample, "comparisons": comparisons}, PAGE_TABLES, DFE)
    assert finding.quantity == "true_positives of test cases, earlier_cases, by structured-earlier_cases"  # 20 - 17


def test_a_design_too_small_to_test_shows_no_auc_in_the_leakage_audit():
    few = group(300, 4, 2, 9)
    sample = fill(PAGE_TABLES["operating_point"], [{"design": DESIGN, "threshold": 0.3} | few])
    rows = [{"check": "too_good", "subject": DESIGN, "value": 0.7, "limit": 0.93},
            {"check": "single_predictor", "subject": "age_years", "value": 0.6, "limit": 0.85}]  # fmt: skip
    frames = {"operating_point": sample, "leakage": fill(PAGE_TABLES["leakage"], rows)}
    table = release_all(frames, preset="dfe", rules=RULES)["leakage"].frame
    assert table["value"].isna().tolist() == [True, False]


def test_a_coarser_measure_is_rounded_from_its_value_and_not_from_what_was_printed():
    specification = PAGE_TABLES["decision_curve"]
    blank = {column.name: [None, None] for column in specification.columns}
    values = pd.DataFrame(blank | {"net_benefit": [0.0451, 0.0451]}).astype({"net_benefit": float})
    published = values.assign(net_benefit=[0.045, None])  # which would be rounded to .04
    coarse = round_measures(specification, published, values, decimals=2)
    assert coarse["net_benefit"].tolist()[0] == 0.05 and pd.isna(coarse["net_benefit"][1])
