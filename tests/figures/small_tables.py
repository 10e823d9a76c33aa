"""Released tables of one invented prediction, made by hand for the tests of figures, sentences and claims."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.disclosure import PAGE_TABLES, Released, release
from analysis.protocol import load_protocol

PROTOCOL = load_protocol()
LEFT_OUT = {(p.authority, p.outcome): "no: leakage found" for p in PROTOCOL.problems if p.authority == "LA1"}
DESIGNS = tuple(design.slug for design in PROTOCOL.design_list)
S_ALL, T_ALL, S_EARLIER, T_EARLIER = DESIGNS
SUBGROUPS = {
    "gender": ("female", "male"),
    "age_band": ("under 1", "1 to 4", "5 to 9", "10 to 15", "16 and over"),
    "ethnicity_group": ("White", "Mixed", "Other ethnicity"),
}


def released(name: str, rows: list[Mapping] | pd.DataFrame, preset: str = "synthetic") -> Released:
    """A table through the release gate."""
    return release(PAGE_TABLES[name], pd.DataFrame(rows), preset=preset, rules=PROTOCOL.disclosure)


def performance(
    average_precision=(0.4, 0.35, 0.1, 0.2),
    auc=(0.8, 0.75, 0.6, 0.65),
    half_width=0.05,
    cases=1000,
    positives=50,
    preset="synthetic",
):
    """Two metrics for each of the four designs; intervals of one half-width; chance is the prevalence or a half."""
    rows = []
    for metric, values, chance in (("average_precision", average_precision, positives / cases), ("auc", auc, 0.5)):
        rows += [
            {
                "design": design,
                "metric": metric,
                "cases": cases,
                "positives": positives,
                "value": value,
                "value_low": value - half_width,
                "value_high": value + half_width,
                "chance": chance,
            }
            for design, value in zip(DESIGNS, values, strict=True)
        ]
    return released("performance", rows, preset)


def chance(better=("yes", "yes", "no", "yes")):
    """Average precision beside its permutations, for each of the four designs."""
    band = {"chance_mean": 0.055, "chance_low": 0.03, "chance_high": 0.09}
    rows = [
        {"design": design, "metric": "average_precision", "cases": 1000, "positives": 50, "value": 0.3, **band}
        | {"p_value": 0.001 if verdict == "yes" else 0.2, "better_than_chance": verdict}
        for design, verdict in zip(DESIGNS, better, strict=True)
    ]
    return released("chance", rows)


def operating_point(cases=1000, positives=50, flagged=25, true_positives=10, preset="synthetic"):
    """The same confusion matrix for each design: precision 10/25, recall 10/50 by default."""
    row = {
        "threshold": 0.2,
        "cases": cases,
        "positives": positives,
        "flagged": flagged,
        "true_positives": true_positives,
        "false_positives": flagged - true_positives,
        "false_negatives": positives - true_positives,
        "true_negatives": cases - positives - flagged + true_positives,
        "correct": cases - positives - flagged + 2 * true_positives,
        "precision": true_positives / flagged,
        "precision_low": 0.2,
        "precision_high": 0.6,
        "recall": true_positives / positives,
        "recall_low": 0.1,
        "recall_high": 0.3,
        "accuracy": (cases - positives - flagged + 2 * true_positives) / cases,
    }
    return released("operating_point", [{"design": design} | row for design in DESIGNS], preset)


def outcome_by_year(cases=(400, 500, 600), positives=(20, 20, 36), preset="synthetic"):
    rows = [
        {"year": 2015 + i, "cases": n, "positives": p, "prevalence": p / n}
        for i, (n, p) in enumerate(zip(cases, positives, strict=True))
    ]
    return released("outcome_by_year", rows, preset)


def curves():
    grid = np.linspace(0, 1, 20)
    pr = [
        {"design": d, "recall": r, "precision": 0.05 + (0.6 - 0.1 * i) * (1 - r) ** 2}
        for i, d in enumerate(DESIGNS)
        for r in grid
    ]
    roc = [
        {"design": d, "false_positive_rate": f, "recall": f ** (0.3 + 0.1 * i)}
        for i, d in enumerate(DESIGNS)
        for f in grid
    ]
    return released("precision_recall_curve", pr), released("roc_curve", roc)


def thresholds():
    rows = []
    for design in DESIGNS:
        for share in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1):
            flagged = int(1000 * share)
            true = int(50 * share**0.5)
            rows.append(
                {
                    "design": design,
                    "threshold": round(1 - share, 3),
                    "cases": 1000,
                    "positives": 50,
                    "flagged": flagged,
                    "true_positives": true,
                    "false_positives": flagged - true,
                    "false_negatives": 50 - true,
                }
            )
    return released("thresholds", rows)


def calibration():
    rows = [
        {"design": d, "bin": str(b), "cases": 100, "positives": b, "mean_risk": 0.012 * b, "observed": b / 100}
        for d in DESIGNS
        for b in range(1, 11)
    ]
    return released("calibration", rows)


def decision_curve():
    rows = [
        {
            "design": d,
            "threshold": t,
            "net_benefit": 0.05 * (1 - 3 * t),
            "net_benefit_low": 0.05 * (1 - 3 * t) - 0.01,
            "net_benefit_high": 0.05 * (1 - 3 * t) + 0.01,
            "net_benefit_all": 0.05 - 0.95 * t / (1 - t),
        }
        for d in DESIGNS
        for t in np.arange(0.01, 0.31, 0.01)
    ]
    return released("decision_curve", rows)


def comparisons(text=(-0.05, 0.1), earlier=(-0.3, -0.15), half_width=0.06, preset="synthetic"):
    """Text minus structured for all and earlier cases; earlier minus all for structured and text."""
    rows = []
    pairs = (
        ("text_v_structured", "learned from all cases", T_ALL, S_ALL, text[0]),
        ("text_v_structured", "learned from earlier cases", T_EARLIER, S_EARLIER, text[1]),
        ("earlier_v_all", "structured data", S_EARLIER, S_ALL, earlier[0]),
        ("earlier_v_all", "text and structured data", T_EARLIER, T_ALL, earlier[1]),
    )
    for comparison, within, first, second, difference in pairs:
        clear = abs(difference) > half_width
        rows.append(
            {
                "comparison": comparison,
                "within": within,
                "first": first,
                "second": second,
                "cases": 1000,
                "positives": 50,
                "first_average_precision": 0.4 + difference,
                "second_average_precision": 0.4,
                "difference": difference,
                "difference_low": difference - half_width,
                "difference_high": difference + half_width,
                "minimum_detectable_difference": 1.43 * half_width,
                "p_value": 0.01 if clear else 0.4,
                "verdict": ("better" if difference > 0 else "worse") if clear else "no clear difference",
                "published_rule_verdict": "better" if difference > 0.005 else "worse" if difference < -0.005 else "tie",
            }
        )
    return released("comparisons", rows, preset)


def subgroups(shift=None, positives=20):
    """Average precision .3 in every subgroup, but for those named in `shift`."""
    rows = []
    for design in DESIGNS:
        for characteristic, names in SUBGROUPS.items():
            for name in names:
                value = 0.3 + (shift or {}).get(name, 0)
                row = {
                    "design": design,
                    "characteristic": characteristic,
                    "subgroup": name,
                    "cases": 200,
                    "positives": positives,
                    "prevalence": positives / 200,
                    "flagged": 20,
                    "true_positives": 8,
                    "false_positives": 12,
                    "false_negatives": positives - 8,
                    "not_flagged": 180,
                    "recall": 8 / positives,
                    "false_discovery_rate": 12 / 20,
                    "false_omission_rate": (positives - 8) / 180,
                    "assessable": "yes",
                }
                for metric in ("average_precision", "standardised_average_precision", "auc"):
                    row |= {metric: value, f"{metric}_low": value - 0.1, f"{metric}_high": value + 0.1}
                for metric in ("recall", "false_discovery_rate", "false_omission_rate"):
                    row |= {f"{metric}_low": 0.1, f"{metric}_high": 0.7}
                rows.append(row)
    return released("subgroups", rows)


def subgroup_pairs(a=0.9, b=0.1, b_strict=0.0, c=0.0):
    """Ten pairs a design, of which shares a, b, b_strict and c differ by each test."""

    def verdict(i, share):
        return "differ" if i < round(10 * share) else "no difference"

    rows = []
    for design in DESIGNS:
        for i in range(10):
            rows.append(
                {
                    "design": design,
                    "characteristic": "age_band",
                    "first": f"group {i}",
                    "second": "the rest",
                    "metric": "average_precision",
                    "difference": 0.01,
                    "difference_low": -0.1,
                    "difference_high": 0.12,
                    "test_a": verdict(i, a),
                    "test_b": verdict(i, b),
                    "test_b_strict": verdict(i, b_strict),
                    "test_c_p_value": 0.3,
                    "test_c_adjusted_p_value": 1.0,
                    "test_c": verdict(i, c),
                    "minimum_detectable_difference": 0.15,
                }
            )
    return released("subgroup_pairs", rows)


def learning(verdicts=("rising", "level", "rising", "cannot tell")):
    points, found = [], []
    for design, verdict in zip(DESIGNS, verdicts, strict=True):
        gain = {"rising": 0.03, "level": 0.0, "cannot tell": 0.01}[verdict]
        error = {"rising": 0.01, "level": 0.005, "cannot tell": 0.02}[verdict]
        for step in range(1, 9):
            for curve, base in (("training", 0.9 - 0.03 * step), ("validation", 0.2 + gain * step)):
                points.append(
                    {
                        "design": design,
                        "size": step,
                        "curve": curve,
                        "positive_families": 10 * 2**step,
                        "average_precision": base,
                        "average_precision_low": base - 0.03,
                        "average_precision_high": base + 0.03,
                    }
                )
        slope = {"slope": gain, "slope_standard_error": error, "verdict": verdict}
        found.append({"design": design, "slope_low": gain - 2 * error, "slope_high": gain + 2 * error} | slope)
    return released("learning_curves", points), released("learning_curve_verdicts", found)


def leakage(flagged=False):
    rows = [
        {
            "check": "single_predictor",
            "subject": "referrals_in_last_12_months",
            "value": 0.91 if flagged else 0.6,
            "limit": 0.85,
            "flagged": "yes" if flagged else "no",
            "explanation": "AUC of one predictor alone",
        },
        {
            "check": "too_good",
            "subject": S_ALL,
            "value": 0.95 if flagged else 0.7,
            "limit": 0.93,
            "flagged": "yes" if flagged else "no",
            "explanation": "AUC on the test cases",
        },
    ]
    return released("leakage", rows)


def sample():
    rows = [
        {
            "design": design,
            "part": part,
            "cases": n,
            "positives": n // 20,
            "families": n // 2,
            "positive_families": n // 25,
            "first_month": "2015-01",
            "last_month": "2018-12",
            "prevalence": 0.05,
        }
        for design in DESIGNS
        for part, n in (("training", 4000), ("test", 1000))
    ]
    return released("sample", rows)


def optimism():
    rows = [
        {
            "design": design,
            "family": "xgboost",
            "parameters": "max_depth=3",
            "folds_run": "across families",
            "fold_average_precision": 0.42,
            "test_average_precision": 0.4,
            "optimism": 0.02,
        }
        for design in DESIGNS
    ]
    return released("optimism", rows)


def time_parts(own=(0.3, 0.2), late=0.22, earlier=0.15, in_use=0.16):
    """Scores A to D of both kinds of predictors: all cases on their own and on the later test cases, earlier, in use.

    By default, for structured data: A to C = .15 - .30, of which A to B = .22 - .30 and B to C = .15 - .22.
    """
    rows = []
    for predictors, first, second, whole in (
        ("structured", S_ALL, S_EARLIER, own[0]),
        ("text_and_structured", T_ALL, T_EARLIER, own[1]),
    ):
        ends = {"published_rule": (whole, earlier), "other_test_cases": (whole, late)}
        ends |= {"learned_from": (late, earlier), "in_use": (earlier, in_use)}
        for part, (before, after) in ends.items():
            for metric, more in (("average_precision", 0.0), ("auc", 0.5)):
                labels = {"part": part, "predictors": predictors, "metric": metric, "first": first, "second": second}
                difference = {"difference": after - before, "minimum_detectable_difference": 0.08}
                ends_of_it = {"difference_low": after - before - 0.1, "difference_high": after - before + 0.1}
                rows.append(labels | {"before": before + more, "after": after + more} | difference | ends_of_it)
    return released("time_parts", rows)


def flow():
    rows = [
        {"step": "referrals that ended in no further action", "removed": 0, "remaining": 5600},
        {"step": "window not fully observed", "removed": 600, "remaining": 5000},
    ]
    return released("flow", rows)


def page_tables(*, leaks=False, **performances) -> dict[str, Released]:
    """One problem's tables, all of them."""
    pr, roc = curves()
    points, verdicts = learning()
    tables = (
        performance(**performances),
        chance(),
        operating_point(),
        outcome_by_year(),
        pr,
        roc,
        thresholds(),
        calibration(),
        decision_curve(),
        comparisons(),
        subgroups({"under 1": 0.2, "16 and over": -0.2, "Other ethnicity": -0.1}),
        subgroup_pairs(),
        points,
        verdicts,
        leakage(leaks),
        sample(),
        optimism(),
        time_parts(),
        flow(),
    )
    return {table.name: table for table in tables}


def world(**of_each) -> dict[tuple[str, str], dict[str, Released]]:
    """All eight problems; LA1's leak."""
    return {
        (problem.authority, problem.outcome): page_tables(leaks=problem.authority == "LA1", **of_each)
        for problem in PROTOCOL.problems
    }
