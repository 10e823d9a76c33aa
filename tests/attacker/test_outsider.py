"""What an outsider works out from the published files: found where it was planted, and nothing through the gate."""

import dataclasses
from collections import defaultdict

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from analysis.book.charts import CHARTS
from analysis.book.charts.render import render
from analysis.disclosure import (
    PAGE_TABLES,
    printing,
    read_released,
    relations,
    release_all,
    release_gate,
    write_released,
)
from analysis.model.learning_curves import SMALLEST_SHARE
from analysis.performance.subgroup_pairs import correct_pairs
from analysis.protocol import load_protocol
from analysis.tables.flags import flags
from analysis.tables.uses import risk_by_outcome
from tests.attacker.drawings import drawn_numbers, told_by_drawings
from tests.attacker.outsider import attack, recovered
from tests.attacker.resampled import agreeing
from tests.disclosure.invented_page import confusion, fill, rates

RULES = load_protocol().disclosure
DFE = RULES.presets["dfe"].threshold
EARLIER, ALL = "structured-earlier_cases", "structured-all_cases"
GROUPS = {"gender": ("female", "male", "unknown"), "age_band": ("1 to 4", "5 to 9", "10 to 15")}


def test_cases(rng: np.random.Generator, size: int, prevalence: float) -> pd.DataFrame:
    outcome = rng.random(size) < prevalence
    columns = {name: rng.choice(labels, size, p=(0.4, 0.35, 0.25)) for name, labels in GROUPS.items()}
    risk = rng.normal(size=size) + 1.5 * outcome
    return pd.DataFrame({"outcome": outcome, "risk": risk, "flagged": risk > 1.2, **columns})


test_cases.__test__ = False  # pytest: cases to test a model on


def auc(outcome: np.ndarray, risk: np.ndarray) -> float:
    return float((risk[outcome][:, None] > risk[~outcome][None, :]).mean())


def council(cases: pd.DataFrame, design: str = EARLIER, smallest: int = 5) -> dict[str, pd.DataFrame]:
    """The tables of a page about these test cases, one design, as the notebook hands them to the release gate."""
    outcome, flagged, risk = (cases[name].to_numpy() for name in ("outcome", "flagged", "risk"))
    whole, of = confusion(outcome, flagged), {"design": design}
    families = {"families": len(cases) * 2 // 3, "positive_families": int(outcome.sum()) * 4 // 5}
    parts = [{"part": "test", "cases": len(cases), "positives": int(outcome.sum()), **families},
             {"part": "training", "cases": 400, "positives": 61, "families": 260, "positive_families": 48}]  # fmt: skip
    rows: dict[str, list[dict]] = defaultdict(list)
    rows["sample"] = [of | part | {"first_month": "2013-01", "last_month": "2018-12"} for part in parts]
    rows["performance"] = [of | whole | {"metric": "auc", "value": auc(outcome, risk), "chance": 0.5}]
    rows["operating_point"] = [of | whole | rates(whole) | {"threshold": 0.3}]
    rows["give_away"] = [of | whole | {"audit": "as_registered", "lag_days": 28}]
    rows["documents"] = [{"kind": "assessment", "documents": 3 * len(cases), "cases": len(cases)}]
    for size in range(1, 9):
        share = SMALLEST_SHARE ** ((8 - size) / 7)
        rows["learning_curves"] += [
            of | {"size": size, "curve": curve, "positive_families": int(np.ceil(share * 48))}
            for curve in ("training", "validation")
        ]
    for characteristic in GROUPS:
        assessable = []
        for name, members in cases.groupby(characteristic):
            y, f, r = (members[column].to_numpy() for column in ("outcome", "flagged", "risk"))
            enough = min(y.sum(), (~y).sum()) >= smallest
            measures = {c.name: np.nan for c in PAGE_TABLES["subgroups"].named("measure")} if not enough else {}
            measures |= {"auc": auc(y, r), "assessable": "yes"} if enough else {"assessable": "too small to assess"}
            counts = confusion(y, f)
            labels = of | {"characteristic": characteristic, "subgroup": name}
            rows["subgroups"].append(labels | counts | rates(counts) | measures)
            assessable += [name] if enough else []
        rows["subgroup_pairs"] += [
            of | {"characteristic": characteristic, "first": one, "second": other, "metric": "auc",
                  "test_c_p_value": 0.012, "test_c": "differ"}
            for place, one in enumerate(assessable) for other in assessable[place + 1 :]
        ]  # fmt: skip
    frames = {name: fill(PAGE_TABLES[name], rows[name], value=0.42) for name in rows}
    frames["subgroup_pairs"] = correct_pairs(frames["subgroup_pairs"], 0.05)
    return frames


def through_the_gate(frames, specifications=PAGE_TABLES, **others):
    again = {"subgroup_pairs": lambda pairs: correct_pairs(pairs, 0.05)}
    return release_all(frames, specifications, preset="dfe", rules=RULES, recompute=again, **others)


def printed(released) -> dict[str, pd.DataFrame]:
    return {name: table.frame for name, table in released.items()}


def published(folder, pages) -> list[str]:
    """What the outsider has from the files of these pages, written as a run writes them."""
    for outcome, released in pages.items():
        write_released(released, folder / "Northshire" / outcome / "released", provenance={})
    return recovered(folder, DFE)


@pytest.fixture(scope="module")
def cases():
    return test_cases(np.random.default_rng(3), 500, 0.2)


@pytest.fixture(scope="module")
def page(cases):
    return council(cases)


def some(table: str, **cells) -> pd.DataFrame:
    return pd.DataFrame([dict.fromkeys(PAGE_TABLES[table].column_names) | cells])


def both(*rows: pd.DataFrame) -> pd.DataFrame:
    return pd.concat(rows, ignore_index=True)


GIRLS = {"design": EARLIER, "characteristic": "gender", "subgroup": "female"}
WITHHELD = GIRLS | {"cases": 90, "positives": None, "assessable": "withheld"}


# ---- what is planted is found ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pages", "words"),
    [
        ({"subgroups": some("subgroups", **WITHHELD | {"assessable": "yes"})}, "assessable says 'yes'"),
        ({"subgroups": some("subgroups", **WITHHELD | {"false_discovery_rate_low": 0.1})}, "large enough to assess"),
        ({"subgroup_pairs": some("subgroup_pairs", design=EARLIER, first="a", second="b")}, "a blank pair"),
        ({"subgroup_pairs": some("subgroup_pairs", design=EARLIER, characteristic="gender", first="a", second="b",
                                 metric="auc", difference=0.1, test_c_p_value=0.01,
                                 test_c_adjusted_p_value=0.03)}, "corrected for more pairs"),
        ({"operating_point": some("operating_point", design=EARLIER, threshold=0.3, cases=90, false_negatives=9),
          "give_away": some("give_away", design=EARLIER, cases=90, positives=9 + 3)}, "true_positives .* 3 to 3"),
        ({"sample": some("sample", design=EARLIER, part="training", families=60, cases=90),
          "learning_curves": some("learning_curves", design=EARLIER, size=8, positive_families=60 - 4)},
         "other_families .* 4 to 4"),
        # 6 with the outcome, 50 without: an AUC of .98 leaves at most 300 x .025 = 7.5 wrong pairs, and the t flagged
        # with the outcome and f without make (6 - t) x f of them. 12 are flagged and some are missed: only 5 and 7.
        ({"subgroups": some("subgroups", **GIRLS | {"cases": 56, "positives": 6, "flagged": 12, "auc": 0.98,
                                                    "assessable": "yes"})}, "true_positives .* 5 to 5"),
        ({"performance": some("performance", design=EARLIER, metric="auc", value=0.71234)}, "three decimals"),
        # One in seven, or two in 14, or three in 21 ...: an interval that reaches a half is of seven families or so.
        ({"subgroups": some("subgroups", **WITHHELD | {"recall": 0.143, "recall_low": 0.0, "recall_high": 0.5})},
         "true_positives .* 1 to [12]"),
        # As many as the decision flagged: 30, of which 27 without the outcome.
        ({"flags_compared": some("flags_compared", design=EARLIER, decision="own_rule", threshold=0.2, flagged=30,
                                 decided_negatives=27)}, "decided_positives .* 3 to 3"),
        ({"operating_point": some("operating_point", design=EARLIER, threshold=0.3, cases=90, flagged=12),
          "equally_good": some("equally_good", design=EARLIER, characteristic="everyone", subgroup="everyone",
                               cases=90, flagged_by_all=8)}, "flagged_not_by_all .* 4 to 4"),
        ({"enough_cases": some("enough_cases", design=ALL, cases=400),
          "sample": some("sample", design=ALL, part="test", cases=100, positives=50),
          "outcome_by_year": some("outcome_by_year", year=2014, cases=500, positives=53)}, "positives .* 3 to 3"),
        ({"score_coverage": both(some("score_coverage", status="supplied_score", cases=400),
                                 some("score_coverage", status="no score")),
          "flow": some("flow", step="cases", removed=0, remaining=404)}, "cases .* no score is 4 to 4"),
        ({"yardsticks": some("yardsticks", design=EARLIER, yardstick="age_alone", cases=90, positives=20),
          "calibration": both(some("calibration", design=EARLIER, bin="1", cases=45, positives=17),
                              some("calibration", design=EARLIER, bin="2", cases=45))}, "positives .* 3 to 3"),
    ],
)  # fmt: skip
def test_what_was_planted_is_found(pages, words):
    numeric = {name: frame.astype(object).where(frame.notna(), np.nan) for name, frame in pages.items()}
    found = attack({"P1": numeric}, DFE)
    assert pd.Series(found).str.contains(words).any(), found


def test_without_its_interval_one_in_seven_leaves_open_how_many():
    page = {"subgroups": some("subgroups", **WITHHELD | {"recall": 0.143})}
    numeric = {name: frame.astype(object).where(frame.notna(), np.nan) for name, frame in page.items()}
    assert not any("true_positives" in line for line in attack({"P1": numeric}, DFE))


@pytest.mark.parametrize(("hits", "others", "in_pairs"), [(1, 6, 0), (4, 9, 2), (6, 30, 3), (12, 12, 0)])
def test_the_true_counts_are_among_those_that_agree_with_an_interval(hits, others, in_pairs):
    """Ends of bootstrap intervals, drawn as they are: whatever the outsider leaves out is not what is so."""
    family = np.arange(hits + others)
    family[: 2 * in_pairs] //= 2  # siblings
    hit, names = np.arange(hits + others) < hits, np.unique(family)
    random = np.random.default_rng(hits)
    for _ in range(10):
        weights = random.multinomial(200, np.full(200, 1 / 200), size=1_000)[:, : len(names)]  # of 200 families
        drawn = weights[:, np.searchsorted(names, family)]
        with np.errstate(invalid="ignore"):
            ends = np.nanquantile(drawn[:, hit].sum(axis=1) / drawn.sum(axis=1), [0.025, 0.975]).round(2)
        share = round(hits / (hits + others), 3)
        found = agreeing((0, 10**6), (0, 10**6), share, tuple(ends), 1_000)
        assert found is None or (hits, hits + others) in found


def test_one_child_more_on_the_page_of_another_outcome_is_found():
    def one(cases):
        return {"operating_point": some("operating_point", design=EARLIER, threshold=0.3, cases=cases, positives=20)}

    assert "difference" in attack({"P7": one(106), "P8": one(105)}, DFE)[0]
    assert not attack({"P7": one(106), "P8": one(140)}, DFE)


# ---- nothing through the release gate ----------------------------------------------------------------------------


def test_from_the_files_of_one_page_nothing_is_recovered(page, tmp_path):
    released = through_the_gate(page)
    assert released["subgroups"].frame["auc"].notna().any()
    assert published(tmp_path, {"P7": released}) == []


def test_two_outcomes_that_differ_by_one_child_tell_nothing_of_it(cases, tmp_path):
    page = council(cases)
    fewer = council(cases.drop(cases.index[cases["gender"].eq("male") & ~cases["outcome"]][0]))
    naive = {"P7": through_the_gate(page), "P8": through_the_gate(fewer)}
    assert any("difference" in line for line in attack({o: printed(r) for o, r in naive.items()}, DFE))
    careful = {"P7": naive["P7"], "P8": through_the_gate(fewer, other_outcomes={"P7": naive["P7"]})}
    assert published(tmp_path, careful) == []
    assert pd.isna(careful["P8"]["operating_point"].frame["cases"][0])


def test_positives_are_printed_in_every_table_of_the_test_cases_or_in_none(page):
    few = council(test_cases(np.random.default_rng(5), 150, 0.03))
    for frames in (page, few):
        released = through_the_gate(frames)
        shown = {released[name].frame["positives"].notna().all() for name in ("give_away", "performance")}
        assert len(shown) == 1


def test_the_share_of_each_size_of_a_learning_curve_is_the_models():
    assert relations.SMALLEST_SHARE == SMALLEST_SHARE


# ---- intervals, measures, thresholds and drawings -----------------------------------------------------------------


RESEARCH = RULES.presets["research"]


def none_of_them(cases: int, positives: int, flagged: int) -> dict:
    """The counts of a model that flags none of those with the outcome, and the exact interval of its recall."""
    negatives, high = cases - positives - flagged, float(proportion_confint(0, positives, method="beta")[1])
    counts = confusion(np.repeat([True, False], [positives, cases - positives]),
                       np.repeat([False, True, False], [positives, flagged, negatives]))  # fmt: skip
    recall = {"recall": 0.0, "recall_low": 0.0, "recall_high": high}
    return {"design": EARLIER} | counts | rates(counts) | recall | {"threshold": 0.3, "assessable": "yes"}


def none_flagged() -> dict[str, pd.DataFrame]:
    """19 with the outcome, 11 girls and 8 boys, none of them flagged, and 60 others who are."""
    groups = [
        none_of_them(211, 11, 30) | {"characteristic": "gender", "subgroup": "female"},
        none_of_them(208, 8, 30) | {"characteristic": "gender", "subgroup": "male"},
    ]
    rows = {"subgroups": groups, "operating_point": [none_of_them(419, 19, 60)]}
    frames = {name: fill(PAGE_TABLES[name], rows[name], value=0.42) for name in rows}
    for name, frame in frames.items():
        frame[["recall_low", "recall_high"]] = [[row["recall_low"], row["recall_high"]] for row in rows[name]]
    return frames


def test_the_end_of_an_interval_of_none_tells_how_many_and_so_is_that_of_the_rounded_number(monkeypatch):
    """Rounded to 20 and 10 they leave the boys open; 1 - .025^(1/n) to two decimals says 19 and 11, so 8 boys."""
    frames = none_flagged()
    released = release_all(frames, preset="research", rules=RULES)
    shown = printed(released)["subgroups"]
    assert shown["recall_high"].iloc[0] == round(float(proportion_confint(0, 10, method="beta")[1]), 2)
    assert attack({"P7": printed(released)}, RESEARCH.threshold, RESEARCH.rounding) == []
    monkeypatch.setattr(printing, "_exact_ends", lambda *arguments: {})
    naive = printed(release_all(frames, preset="research", rules=RULES))
    found = attack({"P7": naive}, RESEARCH.threshold, RESEARCH.rounding)
    assert any("positives" in line and "male is 8 to 8" in line for line in found), found


def test_without_rounding_the_interval_of_none_is_printed_as_it_was_computed():
    frames = none_flagged()
    shown = printed(through_the_gate(frames))
    assert shown["operating_point"]["recall_high"].iloc[0] == round(frames["operating_point"]["recall_high"].iloc[0], 2)


def test_measures_of_rounded_counts_are_attacked_too():
    """An AUC of 1.00 and 10 to 12 flagged, of whom some had no outcome: 1 or 2, or more than 2 pairs were wrong."""
    row = GIRLS | {"cases": 50, "positives": 10, "flagged": 10, "auc": 1.0, "assessable": "yes"}
    page = {"subgroups": some("subgroups", **row).astype(object)}
    page = {name: frame.where(frame.notna(), np.nan) for name, frame in page.items()}
    assert any("false_positives" in line for line in attack({"P7": page}, RESEARCH.threshold, RESEARCH.rounding))
    frame = page["subgroups"].astype({"auc": float})
    known = {"subgroups": frame.assign(**{c.name: frame[c.name].astype("Float64").astype("Int64")
                                          for c in PAGE_TABLES["subgroups"].named("count")})}  # fmt: skip
    assert release_gate.attack(known, PAGE_TABLES, RESEARCH)


@pytest.mark.parametrize("threshold", [0.001, 0.042, 0.083, 0.111, 0.25, 0.333, 0.5, 0.917])
def test_a_printed_threshold_that_is_a_share_of_a_leaf_leaves_its_counts_open(threshold):
    """The risk of a tree's leaf is k of n training cases: any k of the rarer kind agrees with some n."""
    threshold = min(threshold, 1 - threshold)
    agree = {k for k in range(1, 2 * RESEARCH.threshold) for n in range(k, 20_000)
             if abs(k / n - threshold) <= 0.0005}  # fmt: skip
    assert agree
    assert all(len({k for k in agree if abs(k - one) <= 2}) >= 3 for one in agree)


@pytest.mark.parametrize("preset", ["dfe", "research"])
def test_a_drawing_holds_no_more_than_the_file_beside_it(page, preset, tmp_path):
    """Drawn from the released tables, and drawn again from their CSV files alone: the same bytes.

    A coordinate that held a value more exactly than the file, or a withheld one, would differ.
    """
    again = {"subgroup_pairs": lambda pairs: correct_pairs(pairs, 0.05)}
    released = release_all(page, preset=preset, rules=RULES, recompute=again)
    write_released(released, tmp_path, provenance={})
    from_files = read_released(tmp_path, PAGE_TABLES)
    drawn = [name for name in CHARTS if name in released and not CHARTS[name].missing(released[name])]
    assert {"subgroups", "learning_curves"} <= set(drawn)
    for name in drawn:
        pictures = [render(CHARTS[name], tables[name], "light") for tables in (released, from_files)]
        assert pictures[0] == pictures[1], name


def test_every_place_in_a_drawing_is_a_number_that_a_file_prints(page, tmp_path):
    """Read off the drawings themselves: to six figures; of unreleased numbers they hold what no file prints."""
    page = {name: frame.replace(0.42, 0.42371) for name, frame in page.items()}
    synthetic, released = release_all(page, preset="synthetic", rules=RULES), through_the_gate(page)
    for name, drawn in (("as_released", released), ("as_computed", synthetic)):
        folder = tmp_path / name
        write_released(released, folder, provenance={})
        (folder / "page" / "files").mkdir(parents=True)
        for chart in ("subgroups", "learning_curves"):
            picture = render(CHARTS[chart], drawn[chart], "light")
            (folder / "page" / "files" / f"{chart}.svg").write_text(picture, encoding="utf-8")
    numbers = [n for path in (tmp_path / "as_released").rglob("*.svg") for n in drawn_numbers(path.read_text())]
    assert len(numbers) > 50
    assert list(told_by_drawings(tmp_path / "as_released")) == []
    assert any("which no file prints" in line for line in told_by_drawings(tmp_path / "as_computed"))


def test_bands_that_lie_on_one_another_are_read_as_sums_of_what_is_printed(tmp_path):
    """Each band ends at a share of the cases without the outcome; no file prints their number itself."""
    flagged = [12, 45, 56]
    frame = pd.DataFrame({"design": "structured-all_cases", "threshold": [0.077, 0.066, 0.065], "cases": 223,
                          "positives": 12, "flagged": flagged, "true_positives": 0, "false_positives": flagged,
                          "false_negatives": 12})  # fmt: skip
    released = release_all({"thresholds": frame}, preset="dfe", rules=RULES)
    write_released(released, tmp_path, provenance={})
    picture = tmp_path / "page" / "files" / "risk_by_outcome.svg"
    picture.parent.mkdir(parents=True)
    drawn = render(CHARTS["risk_by_outcome"], risk_by_outcome(released["thresholds"]), "light")
    picture.write_text(drawn, encoding="utf-8")
    at = [number for numbers in drawn_numbers(drawn) for number, _ in numbers]
    assert any(abs(number - 100 * 45 / 211) < 1e-3 for number in at)
    assert list(told_by_drawings(tmp_path)) == []


def test_pieces_of_a_bar_that_lie_one_behind_another_are_read_as_sums_of_what_is_printed(tmp_path):
    part = {"design": EARLIER, "threshold": 0.3, "cases": 265, "positives": 40}
    point = part | {"flagged": 55, "true_positives": 25, "false_positives": 30, "false_negatives": 15}
    early = part | {"false_positives": 30, "early_outcomes": 20, "flagged_early": 0, "flagged_neither": 30}
    rows = {"operating_point": point, "early_outcomes": early}
    frames = {name: fill(PAGE_TABLES[name], [row]) for name, row in rows.items()}
    released = release_all(frames, preset="research", rules=RULES)
    write_released(released, tmp_path, provenance={})
    bars = flags(released["operating_point"], released["early_outcomes"])
    folder = tmp_path / "page" / "files"
    folder.mkdir(parents=True)
    bars.frame.to_csv(folder / "confusion_per_100.csv", index=False)
    drawn = render(CHARTS["confusion_per_100"], bars, "light")
    (folder / "confusion_per_100.svg").write_text(drawn, encoding="utf-8")
    at = [number for numbers in drawn_numbers(drawn) for number, _ in numbers]
    assert any(abs(number - 100 * (25 + 30 + 15) / 265) < 1e-3 for number in at)
    assert list(told_by_drawings(tmp_path)) == []


def test_a_drawing_of_unreleased_numbers_would_differ(page):
    """The comparison can fail."""
    synthetic = release_all(page, preset="synthetic", rules=RULES)
    released = through_the_gate(page)
    assert render(CHARTS["subgroups"], synthetic["subgroups"], "light") != render(
        CHARTS["subgroups"], released["subgroups"], "light"
    )


# ---- mutants -----------------------------------------------------------------------------------------------------


def test_measures_at_full_precision_are_caught(page):
    exact = {
        name: dataclasses.replace(table, columns=tuple(dataclasses.replace(c, decimals=10) for c in table.columns))
        for name, table in PAGE_TABLES.items()
    }
    found = attack({"P7": printed(through_the_gate(page, exact))}, DFE)
    assert any("three decimals" in line for line in found)


def test_a_learning_curve_without_its_last_equation_is_caught(monkeypatch):
    """97 of 100 training families had the outcome: their number is withheld, and the curve's last size is it."""
    row = {"design": ALL, "part": "training", "cases": 120, "positives": 60, "families": 100, "positive_families": 97}
    sizes = [{"design": ALL, "size": n, "curve": "training", "positive_families": int(np.ceil(97 * share))}
             for n, share in enumerate(SMALLEST_SHARE ** np.linspace(1, 0, 8), start=1)]  # fmt: skip
    frames = {"sample": fill(PAGE_TABLES["sample"], [row]),
              "learning_curves": fill(PAGE_TABLES["learning_curves"], sizes)}  # fmt: skip
    costs = release_gate._costs

    def families_last(counts, specifications):
        return {
            name: 1e6 if name.startswith("families") else cost for name, cost in costs(counts, specifications).items()
        }

    monkeypatch.setattr(release_gate, "_costs", families_last)
    assert attack({"P7": printed(through_the_gate(frames))}, DFE) == []
    monkeypatch.setattr(relations, "_sizes", lambda rows: [])
    assert any("other_families" in line for line in attack({"P7": printed(through_the_gate(frames))}, DFE))


# ---- replay: which worlds would have been printed so? --------------------------------------------------------------


def years(positives) -> dict[str, pd.DataFrame]:
    rows = [
        {"year": str(2014 + n), "cases": 100, "positives": p, "prevalence": p / 100} for n, p in enumerate(positives)
    ]
    total = {"cases": 100 * len(rows), "positives": sum(positives), "families": 300, "positive_families": 40}
    test = {"cases": 0, "positives": 0, "families": 0, "positive_families": 0}
    parts = [{"design": ALL, "part": "training", **total}, {"design": ALL, "part": "test", **test}]
    return {"outcome_by_year": fill(PAGE_TABLES["outcome_by_year"], rows), "sample": fill(PAGE_TABLES["sample"], parts)}


def values_left(positives) -> list[int]:
    """How many values each withheld small count can have had, for a reader who plays every world through the rule."""
    shown = through_the_gate(years(positives))["outcome_by_year"].frame["positives"]
    hidden = [place for place in range(len(positives)) if pd.isna(shown[place])]
    assert len(hidden) == 2, "made for two withheld cells"
    whole = sum(positives[place] for place in hidden)
    worlds = []
    for first in range(1, whole):
        world = list(positives)
        world[hidden[0]], world[hidden[1]] = first, whole - first
        again = through_the_gate(years(world))["outcome_by_year"].frame["positives"]
        if [place for place in range(len(world)) if pd.isna(again[place])] == hidden:
            worlds.append(world)
    return [len({world[place] for world in worlds}) for place in hidden if positives[place] <= DFE]


def test_the_rule_played_through_every_world_leaves_the_withheld_count_open():
    assert min(values_left([5, 6, 6, 30])) >= 3


def test_a_rule_that_withholds_the_smaller_count_gives_it_away(monkeypatch):
    costs = release_gate._costs

    def smaller_first(counts, specifications):
        return {
            n: np.floor(c) + min((counts.values[n] or 0) / 1e3, 0.9) for n, c in costs(counts, specifications).items()
        }

    monkeypatch.setattr(release_gate, "_costs", smaller_first)
    assert min(values_left([5, 6, 6, 30])) < 3
