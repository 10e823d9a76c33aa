"""What a decision flagged, and on what equally good models agree, gives no small count away."""

import numpy as np
import pandas as pd
import pytest
from invented_page import DESIGNS, confusion, fill, rates

from analysis.disclosure import PAGE_TABLES, release_all
from analysis.disclosure.attack import attack
from analysis.protocol import load_protocol
from tests.attacker import outsider

RULES = load_protocol().disclosure
DESIGN = DESIGNS[0]


def page(seed: int, decided_share: float = 0.1) -> dict[str, pd.DataFrame]:
    """One design's operating point, a decision beside it, and agreement by gender, of 300 invented test cases."""
    random = np.random.default_rng(seed)
    outcome = random.random(300) < 0.08
    risk = random.random(300) + 0.6 * outcome
    decided = random.random(300) < decided_share
    flagged, as_many = risk >= np.quantile(risk, 0.88), np.zeros(300, bool)
    as_many[np.argsort(-risk)[: decided.sum()]] = True
    by_all, by_any = flagged & (random.random(300) < 0.4), flagged | (random.random(300) < 0.05)
    female = random.random(300) < 0.1
    whole = confusion(outcome, flagged)
    point = {"design": DESIGN, "threshold": float(np.quantile(risk, 0.88)), **whole, **rates(whole)}
    both = confusion(outcome, as_many) | {"decided": int(decided.sum()), "decision": "recorded_decision"}
    both |= {"decided_positives": int((decided & outcome).sum()), "decided_missed": int((~decided & outcome).sum())}
    both |= {"decided_negatives": int((decided & ~outcome).sum()), "threshold": float(np.sort(risk)[-decided.sum()])}
    both |= rates(both) | {"decision_precision": both["decided_positives"] / both["decided"]}
    both |= {"decision_recall": both["decided_positives"] / both["positives"]}
    groups = {"everyone everyone": np.ones(300, bool), "gender female": female, "gender male": ~female}
    agreed, counted = [], []
    for name, members in groups.items():
        characteristic, subgroup = name.split()
        labels = {"design": DESIGN, "characteristic": characteristic, "subgroup": subgroup}
        counts = {"cases": members, "flagged": flagged, "flagged_by_all": by_all, "flagged_by_any": by_any}
        counts |= {"true_positives": flagged & outcome, "false_positives": flagged & ~outcome}
        counts = {column: int((values & members).sum()) for column, values in counts.items()}
        share = counts["flagged_by_all"] / counts["flagged"] if counts["flagged"] else np.nan
        agreed.append(labels | counts | {"models": 4, "refits": 10, "agreed": share})
        if characteristic == "gender":
            row = confusion(outcome[members], flagged[members])
            counted.append(labels | row | rates(row) | {"auc": np.nan, "average_precision": np.nan})
    rows = {"operating_point": [point], "flags_compared": [{"design": DESIGN} | both], "equally_good": agreed}
    rows["subgroups"] = counted
    return {name: fill(PAGE_TABLES[name], some) for name, some in rows.items()}


@pytest.mark.parametrize("preset", ["dfe", "research"])
@pytest.mark.parametrize("seed", range(4))
def test_no_small_count_can_be_worked_out(seed, preset):
    frames = page(seed)
    released = release_all(frames, preset=preset, rules=RULES)
    printed = {name: table.frame for name, table in released.items()}
    assert not attack(printed, PAGE_TABLES, RULES.presets[preset])
    threshold = RULES.presets[preset].threshold
    for name, frame in printed.items():
        for column in PAGE_TABLES[name].named("count"):
            values = frame[column.name].dropna()
            assert not values.between(1, threshold).any(), (name, column.name)
    assert outsider.attack({"P7": as_in_files(printed)}, threshold, RULES.presets[preset].rounding) == []


def as_in_files(printed):
    return {name: frame.astype(object).where(frame.notna(), np.nan) for name, frame in printed.items()}


def test_with_a_decisions_hits_withheld_they_cannot_be_had_by_subtraction_either():
    """30 flagged by the decision, of which 3 with the outcome: neither 30 - 27 nor 24 - 21 may give the 3 away."""
    frames = page(1)
    flags = frames["flags_compared"]
    positives = int(flags["positives"][0])
    changed = {"decided": 30, "flagged": 30, "decided_positives": 3, "decided_negatives": 27}
    changed |= {"decided_missed": positives - 3, "true_positives": 10, "false_positives": 20}
    changed |= {"false_negatives": positives - 10}
    frames["flags_compared"] = flags.assign(**changed)
    row = release_all(frames, preset="dfe", rules=RULES)["flags_compared"].frame.iloc[0]
    assert pd.isna(row["decided_positives"]) and pd.isna(row["decision_recall"]) and pd.isna(row["difference"])
    assert pd.isna(row["decided_negatives"]) or pd.isna(row["decided"])
    assert pd.isna(row["decided_missed"]) or pd.isna(row["positives"])


def test_the_number_flagged_by_the_model_is_withheld_with_that_of_the_decision_it_equals():
    released = release_all(page(2, decided_share=0.012), preset="dfe", rules=RULES)["flags_compared"].frame
    assert released["decided"].isna().all() and released["flagged"].isna().all()


def test_where_there_is_one_model_its_flags_are_withheld_with_those_it_agrees_on():
    """One model agrees with itself: 3 flagged are 3 flagged by all, and the number of one tells the other."""
    frames = page(3)
    alone = frames["equally_good"].assign(models=1, true_positives=0, false_positives=[3, 0, 3])
    alone["flagged_by_all"] = alone["flagged_by_any"] = alone["flagged"] = [3, 0, 3]
    released = release_all({"equally_good": alone}, preset="dfe", rules=RULES)["equally_good"].frame
    hidden = released[["flagged", "false_positives", "flagged_by_all", "flagged_by_any"]].isna()
    assert hidden.iloc[0].all() and (hidden.all(axis=1) == hidden.any(axis=1)).all()
