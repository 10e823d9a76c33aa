"""Invented test cases and the tables that a page would print of them."""

import numpy as np
import pandas as pd

DESIGNS = ("structured-all_cases", "text_and_structured-all_cases",
           "structured-earlier_cases", "text_and_structured-earlier_cases")  # fmt: skip
SUBGROUPS = {
    "gender": {"female": 0.48, "male": 0.5, "unknown": 0.02},
    "disability": {"yes": 0.08, "no": 0.8, "unknown": 0.12},
    "ethnicity_group": {"White": 0.7, "Mixed": 0.1, "Asian": 0.1, "Black": 0.05, "Other": 0.02, "unknown": 0.03},
    "age_band": {"under 1": 0.1, "1 to 4": 0.22, "5 to 9": 0.3, "10 to 15": 0.28, "16 and over": 0.1},
}


def invent_cases(rng: np.random.Generator, size: int, prevalence: float) -> pd.DataFrame:
    """Cases with an outcome, a risk by each kind of predictors, a flag for it and subgroups."""
    outcome = rng.random(size) < prevalence
    cases = pd.DataFrame({"outcome": outcome, "year": rng.integers(2013, 2019, size)})
    for predictors in ("structured", "text_and_structured"):
        risk = 1 / (1 + np.exp(-(rng.normal(size=size) + 1.2 * outcome - 3)))
        cases[predictors] = risk
    for characteristic, shares in SUBGROUPS.items():
        cases[characteristic] = rng.choice(list(shares), size, p=list(shares.values()))
    return cases


def confusion(outcome: np.ndarray, flagged: np.ndarray) -> dict[str, int]:
    counts = {
        "cases": len(outcome), "positives": outcome.sum(), "flagged": flagged.sum(),
        "true_positives": (outcome & flagged).sum(), "false_positives": (~outcome & flagged).sum(),
        "false_negatives": (outcome & ~flagged).sum(), "true_negatives": (~outcome & ~flagged).sum(),
        "not_flagged": (~flagged).sum(), "correct": (outcome == flagged).sum(),
    }  # fmt: skip
    return {name: int(value) for name, value in counts.items()}


def share(part: float, whole: float) -> float:
    return part / whole if whole else np.nan


def rates(row: dict) -> dict[str, float]:
    return {
        "prevalence": share(row["positives"], row["cases"]),
        "precision": share(row["true_positives"], row["flagged"]),
        "recall": share(row["true_positives"], row["positives"]),
        "accuracy": share(row["correct"], row["cases"]),
        "false_discovery_rate": share(row["false_positives"], row["flagged"]),
        "false_omission_rate": share(row["false_negatives"], row["not_flagged"]),
    }


def fill(specification, rows: list[dict], value: float = 0.4217) -> pd.DataFrame:
    """A frame with all columns of a specification; measures that are not given are `value`, words are "yes"."""
    columns = {}
    for column in specification.columns:
        missing = {"measure": value, "text": "yes"}.get(column.role)
        columns[column.name] = [row.get(column.name, missing) for row in rows]
    return pd.DataFrame(columns)


def invent_page(specifications, rng: np.random.Generator, size: int = 1500, prevalence: float = 0.06) -> dict:
    """Tables of a page about invented cases, consistent with each other as a real page's are."""
    everyone = invent_cases(rng, size, prevalence)
    test = {
        "all_cases": everyone.iloc[: size // 5],
        "earlier_cases": everyone.iloc[-size // 5 :],
    }
    rows: dict[str, list[dict]] = {name: [] for name in PARTS}
    removed = [0, int(rng.integers(0, 8)), int(rng.integers(20, 60))]
    remaining = size + sum(removed)
    for step, gone in enumerate(removed):
        remaining -= gone
        rows["flow"].append({"step": f"step {step}", "removed": gone, "remaining": remaining})
    for year, group in everyone.groupby("year"):
        rows["outcome_by_year"].append(
            {"year": str(year), "cases": len(group), "positives": int(group["outcome"].sum()),
             "prevalence": group["outcome"].mean()})  # fmt: skip
    for design in DESIGNS:
        predictors, learned_from = design.split("-")
        _add_design(rows, design, test[learned_from], predictors, everyone, learned_from)
    return {name: fill(specifications[name], rows[name]) for name in PARTS}


PARTS = ("flow", "outcome_by_year", "sample", "performance", "operating_point", "roc_curve", "precision_recall_curve",
         "thresholds", "calibration", "decision_curve", "subgroups", "subgroup_pairs")  # fmt: skip


def _add_design(rows, design, test, predictors, everyone, learned_from) -> None:
    outcome, risk = test["outcome"].to_numpy(bool), test[predictors].to_numpy()
    threshold = np.quantile(risk, 0.88)
    flagged = risk >= threshold
    embargo = 0 if learned_from == "all_cases" else 37
    training = everyone.drop(test.index).iloc[embargo:]
    for part, cases in (("training", training), ("test", test)):
        row = {"design": design, "part": part, "cases": len(cases), "positives": int(cases["outcome"].sum())}
        family = row["cases"] * 2 // 3, row["positives"] * 4 // 5
        row |= {"families": family[0], "positive_families": family[1], "prevalence": cases["outcome"].mean()}
        rows["sample"].append(row | {"first_month": "2013-01", "last_month": "2018-12"})
    whole = confusion(outcome, flagged)
    for metric in ("average_precision", "auc"):
        chance = outcome.mean() if metric == "average_precision" else 0.5
        rows["performance"].append({"design": design, "metric": metric, "chance": chance, **whole})
    rows["operating_point"].append({"design": design, "threshold": threshold, **whole, **rates(whole)})
    _add_curves(rows, design, outcome, risk)
    for characteristic in SUBGROUPS:
        groups = test.assign(flagged=flagged).groupby(characteristic)
        for subgroup, group in groups:
            row = confusion(group["outcome"].to_numpy(bool), group["flagged"].to_numpy(bool))
            labels = {"design": design, "characteristic": characteristic, "subgroup": subgroup}
            rows["subgroups"].append({**labels, **row, **rates(row)})
        names = list(groups.groups)
        for first, second in zip(names, names[1:], strict=False):
            rows["subgroup_pairs"].append({"design": design, "characteristic": characteristic, "first": first,
                                           "second": second, "metric": "auc"})  # fmt: skip


def _add_curves(rows, design, outcome, risk) -> None:
    order = np.argsort(-risk)
    hits, misses = np.cumsum(outcome[order]), np.cumsum(~outcome[order])
    positives, negatives = hits[-1], misses[-1]
    for point in np.linspace(0, 1, 21):
        reached = np.searchsorted(misses, point * negatives, side="right")
        rows["roc_curve"].append({"design": design, "false_positive_rate": point,
                                  "recall": hits[reached - 1] / positives if reached else 0.0})  # fmt: skip
        at = np.searchsorted(hits, max(1, np.ceil(point * positives)))
        rows["precision_recall_curve"].append({"design": design, "recall": point, "precision": hits[at] / (at + 1)})
    for portion in np.linspace(0.05, 1, 20):
        threshold = np.quantile(risk, 1 - portion)
        rows["thresholds"].append({"design": design, "threshold": threshold, **confusion(outcome, risk >= threshold)})
    for place, members in enumerate(np.array_split(order[::-1], 10)):
        row = {"design": design, "bin": place + 1, "cases": len(members), "positives": int(outcome[members].sum())}
        row |= {"mean_risk": risk[members].mean(), "observed": outcome[members].mean()}
        rows["calibration"].append(row)
    for threshold in np.arange(0.01, 0.31, 0.01):
        flagged, weight = risk >= threshold, threshold / (1 - threshold)
        benefit = (outcome & flagged).mean() - (~outcome & flagged).mean() * weight
        everyone = outcome.mean() - (~outcome).mean() * weight
        rows["decision_curve"].append({"design": design, "threshold": round(threshold, 2), "net_benefit": benefit,
                                       "net_benefit_all": everyone})  # fmt: skip
