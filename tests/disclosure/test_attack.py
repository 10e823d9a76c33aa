"""What a reader can work out from printed numbers, worked out by hand beside it."""

import numpy as np
import pandas as pd
import pytest
from invented_page import confusion, fill, invent_page, rates

from analysis.disclosure import PAGE_TABLES, attack, relations, release_all
from analysis.disclosure.attack import orders_of_ties, possible_counts, printed_rates
from analysis.disclosure.catalogue import CASES, DESIGN, POSITIVES
from analysis.disclosure.earlier import printed_in
from analysis.disclosure.relations import Relations, count_constraints, records
from analysis.disclosure.specification import DOES_NOT_ADD_UP, EXPLORATORY, TableSpecification, key, rate
from analysis.protocol import load_protocol
from analysis.protocol.values import Preset

DFE = Preset(threshold=5, rounding=1, complementary=True)
GROUP = {"design": "structured-all_cases", "characteristic": "gender", "subgroup": "girl"}
OF_GIRLS = "test cases, all_cases, gender girl"
BY_MODEL = f"{OF_GIRLS}, by structured-all_cases"
RATES_ONLY = TableSpecification(
    "subgroups", "n, positives, precision and recall", "one subgroup",
    (DESIGN, key("characteristic", ""), key("subgroup", ""), CASES, POSITIVES,
     rate("precision", "true_positives", "flagged", ""), rate("recall", "true_positives", "positives", "")),
    planned_by=EXPLORATORY, population=PAGE_TABLES["subgroups"].population, adds_up=DOES_NOT_ADD_UP,
)  # fmt: skip


def subgroup(**cells) -> pd.DataFrame:
    """One row of the subgroups table with these cells and no other."""
    empty = {column.name: [None] for column in PAGE_TABLES["subgroups"].columns}
    return pd.DataFrame(empty | {name: [value] for name, value in (GROUP | cells).items()})


def bounds_of(frames, quantity, *, decimals=3, specifications=PAGE_TABLES):
    system, low, high = possible_counts(frames, specifications, DFE, decimals=decimals)
    place = system.position[quantity]
    return int(low[place]), int(high[place])


def found(frames, **options):
    return [finding.quantity for finding in attack(frames, PAGE_TABLES, DFE, **options)]


def test_precision_and_recall_at_two_decimals_give_the_whole_table_of_a_small_group():
    # n = 40, 9 positives, recall .33, precision .43. Hits t: t / 9 rounds to .33 only for t = 3.
    # Flagged f: 3 / f rounds to .43 only for f = 7 (3/7 = .4286; 3/6 = .50, 3/8 = .375). So 4 false alarms, 6 missed.
    frame = pd.DataFrame([GROUP | {"cases": 40, "positives": 9, "precision": 0.43, "recall": 0.33}])
    frames, specifications = {"subgroups": frame}, {"subgroups": RATES_ONLY}
    for count, value in (("true_positives", 3), ("false_positives", 7 - 3), ("false_negatives", 9 - 3)):
        quantity = f"{count} of {BY_MODEL}"
        assert bounds_of(frames, quantity, decimals=2, specifications=specifications) == (value, value)


def test_the_same_rates_of_a_large_group_leave_room():
    # 900 positives, recall .33: t from 293 (.3256 rounds up) to 301 (.3344 rounds down).
    frame = pd.DataFrame([GROUP | {"cases": 4000, "positives": 900, "precision": 0.43, "recall": 0.33}])
    low, high = bounds_of({"subgroups": frame}, f"true_positives of {BY_MODEL}", decimals=2,
                          specifications={"subgroups": RATES_ONLY})  # fmt: skip
    assert (low, high) == (np.ceil(0.325 * 900), np.floor(0.335 * 900))


def test_cases_and_positives_give_the_cases_without_the_outcome():
    assert f"negatives of {OF_GIRLS}" in found({"subgroups": subgroup(cases=40, positives=40 - 2)})


def test_a_withheld_count_is_told_by_the_two_beside_it():
    assert f"true_positives of {BY_MODEL}" in found({"subgroups": subgroup(flagged=20, false_positives=20 - 3)})
    assert not found({"subgroups": subgroup(flagged=20)})


def test_a_rate_beside_a_withheld_count_tells_it():
    told = found({"subgroups": subgroup(positives=20, recall=3 / 20)})
    assert f"true_positives of {BY_MODEL}" in told


def test_the_only_withheld_subgroup_is_the_sample_without_the_others():
    rows = pd.concat([subgroup(cases=3), subgroup(cases=50), subgroup(cases=60)], ignore_index=True)
    rows["subgroup"] = ["girl", "boy", "unknown"]
    rows["cases"] = [None, 50, 60]
    sample = pd.DataFrame({column.name: [None] for column in PAGE_TABLES["operating_point"].columns})
    sample = sample.assign(design="structured-all_cases", threshold=0.3, cases=3 + 50 + 60)
    assert f"cases of {OF_GIRLS}" in found({"subgroups": rows, "operating_point": sample})
    assert not found({"subgroups": rows})


def test_two_neighbouring_thresholds_tell_the_cases_between_them():
    point = confusion(np.arange(100) < 20, np.arange(100) < 30)
    next_point = point | {"flagged": 34, "false_positives": 10 + 4, "true_negatives": 70 - 4}
    rows = [{"design": "structured-all_cases", "threshold": t, **p} for t, p in ((0.5, point), (0.4, next_point))]
    frames = {"thresholds": fill(PAGE_TABLES["thresholds"], rows)}
    assert any(name.startswith("(false_positives") for name in found(frames))


def test_two_releases_tell_the_cases_that_came_between_them():
    def years(cases):
        return {
            "outcome_by_year": pd.DataFrame(
                {"year": ["2014"], "cases": [cases], "positives": [None], "prevalence": None}
            )
        }

    assert not found(years(100))
    assert not found(years(100), earlier=printed_in(years(80), PAGE_TABLES, DFE))
    told = found(years(100), earlier=printed_in(years(97), PAGE_TABLES, DFE))
    assert told == ["change of cases of all cases, 2014 since an earlier release (1)"]


def test_two_designs_share_their_test_cases():
    design = PAGE_TABLES["operating_point"]
    rows = [{"design": name, "threshold": 0.3, **confusion(np.arange(90) < 9, np.arange(90) < 5)}
            for name in ("structured-all_cases", "text_and_structured-all_cases")]  # fmt: skip
    frame = fill(design, rows)
    frame["positives"] = [None, 9]
    frame[["true_positives", "flagged", "correct"]] = None
    frame["false_negatives"] = [9 - 5, None]
    told = found({"operating_point": frame})
    # The number with the outcome, 9, stands in the second row alone; the first misses 4 of them.
    assert "true_positives of test cases, all_cases, by structured-all_cases" in told


def test_an_auc_beside_printed_cases_tells_who_was_flagged():
    # 6 girls with the outcome, 50 without, 12 flagged. AUC .98: at most 300 x .025 = 7.5 of the 6 x 50 pairs are in
    # the wrong order, and the (6 - t) missed and f false alarms make (6 - t) f of them. t + f = 12 and 6 - t >= 1
    # (it is withheld, so not 0): t = 5 and f = 7 make 7, t = 4 and f = 8 would make 16.
    frames = {"subgroups": subgroup(cases=56, positives=6, flagged=12, auc=0.98)}
    assert not found({"subgroups": subgroup(cases=56, positives=6, flagged=12)})
    (finding,) = (f for f in attack(frames, PAGE_TABLES, DFE) if f.quantity == f"true_positives of {BY_MODEL}")
    assert dict(finding.labels) == GROUP


def test_net_benefit_tells_the_counts_between_two_thresholds():
    # 25 cases, 6 with the outcome. At threshold .5 the model flags 3 of them and no other case, at .1 4 and 3 others.
    # Net benefit at .2 (odds 1/4), between the two, is .110: hits - false alarms / 4 = 25 x .110 = 2.75, give or take
    # 25 x .0005 = .0125. With 3 or 4 hits and 0 to 3 false alarms only 3 - 1/4 will do.
    sample = {"design": "structured-all_cases", "cases": 25, "positives": 6}
    rows = [sample | {"threshold": threshold, "true_positives": hits,
             "false_positives": alarms} for threshold, hits, alarms in ((0.5, 3, 0), (0.1, 4, 3))]  # fmt: skip
    thresholds = pd.DataFrame([dict.fromkeys(PAGE_TABLES["thresholds"].column_names) | row for row in rows])
    columns = PAGE_TABLES["decision_curve"].column_names
    curve = dict.fromkeys(columns) | {"design": "structured-all_cases", "threshold": 0.2, "net_benefit": 0.110}
    frames = {"thresholds": thresholds, "decision_curve": pd.DataFrame([curve])}
    possible = [t for t in (3, 4) for f in range(4) if abs((t - f / 4) / 25 - 0.110) <= 0.0005]
    quantity = "true_positives of test cases, all_cases, by structured-all_cases at threshold 0.2"
    assert possible == [3]
    assert bounds_of(frames, quantity) == (3, 3)


def test_a_finding_names_equations_and_never_the_count():
    (finding, *_) = attack({"subgroups": subgroup(cases=40, positives=37)}, PAGE_TABLES, DFE)
    assert "cases = positives + negatives" in str(finding)
    assert not any(digit in str(finding) for digit in "0123456789")


def test_a_page_printed_as_it_is_tells_small_counts():
    page = invent_page(PAGE_TABLES, np.random.default_rng(3), size=1200)
    assert len(attack(page, PAGE_TABLES, DFE)) > 50


def test_rates_of_the_helpers_are_textbook_rates():
    row = confusion(np.array([1, 1, 0, 0], bool), np.array([1, 0, 1, 0], bool))
    assert rates(row)["recall"] == 1 / 2 and rates(row)["accuracy"] == 2 / 4


def test_thresholds_that_are_printed_alike_are_tried_in_either_order():
    design = "structured-all_cases"
    curve = empty_row("decision_curve", design=design, threshold=0.02)
    point = empty_row("operating_point", design=design, threshold=0.02, true_positives=None, flagged=60)
    either = {"decision_curve": curve, "operating_point": point}
    names = [equations_of(frames) for frames in (either, dict(reversed(either.items())))]
    assert names[0] == names[1] and len(names[0]) == 2 and names[0][0] != names[0][1]


def empty_row(table: str, **cells) -> pd.DataFrame:
    return pd.DataFrame({column.name: [cells.get(column.name)] for column in PAGE_TABLES[table].columns})


def equations_of(frames) -> list[set[str]]:
    """The words of the equations between points, in each order that an attacker tries."""
    return [
        {e.words for e in count_constraints(frames, PAGE_TABLES, ties=ties).equations if "those between" in e.words}
        for ties in orders_of_ties([(frames, PAGE_TABLES)])
    ]


@pytest.fixture(scope="module")
def invented() -> dict[str, pd.DataFrame]:
    return invent_page(PAGE_TABLES, np.random.default_rng(0), size=1500, prevalence=0.2)


def test_relations_of_a_page_are_the_same_for_whichever_order_was_asked_for_before(invented):
    once = Relations(invented, PAGE_TABLES)
    for ties in (1, -1, 1):
        found = [e for row in once.rows.values() for e in relations._splits(row, row.specification)]
        values, cells = once.counts(ties).values, once.counts(ties).cells
        found += [e for name in invented for e in relations._sums(PAGE_TABLES[name], once.rows, values)]
        found += [*relations._bands(once.rows, ties), *relations._flow(once.rows), *relations._sizes(once.rows)]
        found += [*relations._samples(values), *relations._same(once.rows, set(cells.values()))]
        plain = {tuple(sorted(equation.terms.items())): equation for equation in found}
        assert once.counts(ties).equations == tuple(plain.values())
        assert once.counts(ties).equations == count_constraints(invented, PAGE_TABLES, ties=ties).equations


def test_an_attack_with_relations_that_are_known_finds_what_one_without_finds():
    naive = {"subgroups": subgroup(cases=40, positives=37)}
    assert attack(naive, PAGE_TABLES, DFE) == attack(naive, PAGE_TABLES, DFE, relations=Relations(naive, PAGE_TABLES))
    assert attack(naive, PAGE_TABLES, DFE)


def test_rows_are_those_that_pandas_makes(invented):
    for frame in invented.values():
        assert repr(records(frame)) == repr(frame.to_dict("records"))


@pytest.mark.slow
@pytest.mark.parametrize(("name", "seed"), [("dfe", 0), ("research", 0), ("research", 1)])
def test_no_equation_of_a_printed_rate_excludes_the_truth(name, seed):
    """Were one too narrow, the attack would drop it as contradicting the others, and see nothing there."""
    rules = load_protocol().disclosure
    frames = invent_page(PAGE_TABLES, np.random.default_rng(seed), size=1500, prevalence=0.2)
    released = release_all(frames, preset=name, rules=rules)
    printed = {table: one.frame for table, one in released.items() if len(one.frame) == len(frames[table])}
    counts = count_constraints(printed, PAGE_TABLES)
    truth = count_constraints({table: frames[table] for table in printed}, PAGE_TABLES).values
    judged = 0
    for equation in printed_rates(printed, PAGE_TABLES, counts, rules.presets[name]):
        if all(truth.get(quantity) is not None for quantity in equation.terms):
            value = sum(factor * truth[quantity] for quantity, factor in equation.terms.items())
            assert equation.low - 1e-9 <= value <= equation.high + 1e-9, equation.words
            judged += 1
    assert judged > 20
