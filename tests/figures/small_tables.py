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


def early_outcomes(early=40, flagged_early=6, preset="synthetic"):
    """Of the 15 children whom each design flags without the outcome, six by default had it before its window."""
    counts = {"cases": 1000, "positives": 50, "flagged": 25, "true_positives": 10, "false_positives": 15}
    counts |= {"early_outcomes": early, "flagged_early": flagged_early, "flagged_neither": 15 - flagged_early}
    rows = [{"design": design, **counts, "share_early": flagged_early / 15} for design in DESIGNS]
    return released("early_outcomes", rows, preset)


def early_outcome_scores(as_registered=0.2, left_out=0.25, outcomes=0.4):
    rows = [
        {"design": design, "counted_as": name, "average_precision": value, "difference": value - as_registered}
        | {f"average_precision_{end}": value + off for end, off in (("low", -0.05), ("high", 0.05))}
        | {f"difference_{end}": value - as_registered + off for end, off in (("low", -0.02), ("high", 0.02))}
        for design in DESIGNS
        for name, value in (("as_registered", as_registered), ("left_out", left_out), ("outcomes", outcomes))
    ]
    return released("early_outcome_scores", rows)


def without_predictors(left_out="protected_characteristics", without_them=0.3, half_width=0.05):
    """Each design's average precision of .4 with some predictors, and what it is without them."""
    change = without_them - 0.4
    values = {"with_them": 0.4, "without_them": without_them, "difference": change}
    ends = {
        f"{name}_{end}": v + d
        for name, v in values.items()
        for end, d in zip(("low", "high"), (-half_width, half_width), strict=True)
    }
    row = {"left_out": left_out, "predictors": 3, "minimum_detectable_difference": 1.43 * half_width} | values | ends
    return released("without_predictors", [{"design": design} | row for design in DESIGNS])


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


def thresholds_by_use(preset="synthetic"):
    """Of 1,000 cases 50 are flagged by 5%, 100 by 10%, 80 by trade-off."""
    rows = []
    for design in DESIGNS:
        for use, flagged, true in (
            ("highest_5_percent", 50, 15),
            ("highest_10_percent", 100, 22),
            ("trade_off", 80, 20),
        ):
            counts = {"cases": 1000, "positives": 50, "flagged": flagged, "true_positives": true}
            counts |= {"false_positives": flagged - true, "false_negatives": 50 - true}
            rates = {"precision": true / flagged, "recall": true / 50}
            ends = {f"{rate}_{end}": v + d for rate, v in rates.items() for end, d in (("low", -0.1), ("high", 0.1))}
            rows.append({"design": design, "use": use, "threshold": 1 - flagged / 1000} | counts | rates | ends)
    return released("thresholds_by_use", rows, preset)


def calibration_curve(observed=lambda risk: 0.5 * risk, half_width=0.02):
    grid = np.linspace(0.02, 0.4, 20).round(3)
    rows = [
        {"design": design, "risk": risk, "observed": observed(risk)}
        | {"observed_low": observed(risk) - half_width, "observed_high": observed(risk) + half_width}
        for design in DESIGNS
        for risk in grid
    ]
    return released("calibration_curve", rows)


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


def yardsticks(four=(0.02, -0.01, 0.2, 0.01), half_width=0.06, preset="synthetic"):
    """Each model beside each yardstick; `four` is what the four models add to four variables."""
    rows = []
    for design, gain in zip(DESIGNS, four, strict=True):
        others = {"at_random": 0.3, "age_alone": 0.25, "one_variable": 0.15, "four_variables": gain}
        for name, difference in others.items():
            clear = abs(difference) > half_width
            rows.append(
                {
                    "design": design,
                    "yardstick": name,
                    "predictors": "referrals last 12 months, age years" if name == "four_variables" else "none",
                    "cases": 1000,
                    "positives": 50,
                    "model_average_precision": 0.4,
                    "yardstick_average_precision": 0.4 - difference,
                    "difference": difference,
                    "difference_low": difference - half_width,
                    "difference_high": difference + half_width,
                    "minimum_detectable_difference": 1.43 * half_width,
                    "p_value": 0.01 if clear else 0.4,
                    "verdict": ("better" if difference > 0 else "worse") if clear else "no clear difference",
                }
            )
    return released("yardsticks", rows, preset)


def flags_compared(flagged=100, true_positives=20, decided_positives=12, preset="synthetic"):
    """Each model and the recorded decision, 100 of 1,000 cases flagged by either."""
    row = {"decision": "recorded_decision", "means": "a referral followed the contact", "threshold": 0.15}
    row |= {"cases": 1000, "positives": 50, "decided": flagged, "flagged": flagged, "true_positives": true_positives}
    row |= {"false_positives": flagged - true_positives, "false_negatives": 50 - true_positives}
    row |= {"decided_positives": decided_positives, "decided_negatives": flagged - decided_positives}
    row |= {"decided_missed": 50 - decided_positives, "precision": true_positives / flagged}
    row |= {"recall": true_positives / 50, "decision_precision": decided_positives / flagged}
    gain = (true_positives - decided_positives) / 50
    row |= {"decision_recall": decided_positives / 50, "difference": gain, "difference_low": gain - 0.1}
    row |= {
        "difference_high": gain + 0.1,
        "p_value": 0.01,
        "verdict": "better" if gain > 0.1 else "no clear difference",
    }
    return released("flags_compared", [{"design": design} | row for design in DESIGNS], preset)


def dependence(values=(0.3, 0.28, 0.22, 0.2, 0.18), half_width=0.03):
    """The same model under the five divisions of the cases."""
    rows = []
    names = ("random", "by_child", "by_family", "in_time", "in_time_with_embargo")
    for place, (name, value) in enumerate(zip(names, values, strict=True)):
        step = value - values[place - 1] if place else np.nan
        row = {"division": name, "cases": 1000, "positives": 50, "auc": 0.5 + value, "auc_low": 0.5, "auc_high": 0.9}
        row |= {"average_precision": value, "average_precision_low": value - 0.1, "average_precision_high": value + 0.1}
        rows.append(row | {"step": step, "step_low": step - half_width, "step_high": step + half_width})
    return released("dependence", rows)


def equally_good(models=(5, 3, 1, 2), by_all=10):
    """Of 25 flagged cases, how many all equally good models flag; all 25 where there is one model alone."""
    rows = []
    for design, number in zip(DESIGNS, models, strict=True):
        agreed = by_all if number > 1 else 25
        counts = {"models": number, "refits": 10, "cases": 1000, "flagged": 25, "flagged_by_all": agreed}
        counts |= {"true_positives": 10, "false_positives": 15}
        counts |= {"flagged_by_any": 60 if number > 1 else 25, "agreed": agreed / 25, "flags_lost": 0.3}
        rows.append({"design": design, "characteristic": "everyone", "subgroup": "everyone"} | counts)
    return released("equally_good", rows)


def enough_cases(enough=("no", "no", "yes", "cannot tell")):
    rows = []
    for design, word in zip(DESIGNS, enough, strict=True):
        known = word != "cannot tell"
        row = {"design": design, "predictors": 96, "cases": 4000, "positives": 200, "events_per_predictor": 200 / 96}
        row |= {"auc": 0.7 if known else 0.48, "shrinkage": 0.6 if known else np.nan, "enough": word}
        rows.append(row | {"cases_needed": (3000 if word == "yes" else 20000) if known else np.nan})
    return released("enough_cases", rows)


def ceiling(planted=0.5, model=0.4):
    row = {"cases": 900, "positives": 45}
    for name, value in (("planted", planted), ("model", model), ("gap", planted - model)):
        row |= {name: value, f"{name}_low": value - 0.1, f"{name}_high": value + 0.1}
    return released("ceiling", [{"design": design} | row for design in DESIGNS])


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

    rows = [
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
        for design in DESIGNS
        for i in range(10)
    ]
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


def half_years(auc=(None, 0.8, 0.6), ratio=(None, 1.0, 0.5), preset="synthetic"):
    """Three half-years of 200 cases, 20 with the outcome; the first could not be scored."""
    rows = []
    for place, (area, observed) in enumerate(zip(auc, ratio, strict=True)):
        values = {"auc": area, "average_precision": area and area / 2, "observed_expected_ratio": observed}
        ends = {f"{n}_{end}": v and v + d for n, v in values.items() for end, d in (("low", -0.1), ("high", 0.1))}
        counts = {"cases": 200, "positives": 20, "prevalence": 0.1}
        rows.append({"year": 2015 + place // 2, "half": place % 2 + 1} | counts | values | ends)
    return released("half_years", pd.DataFrame(rows).astype(dict.fromkeys(values, float)), preset)


def time_causes(**changes):
    """Each cause changes average precision by nothing, but for those given."""
    names = ("model_choice", "fewer_cases", "older_cases", "endings_not_known", "case_mix", "same_mix")
    rows = [
        {"part": name, "metric": metric, "first": S_ALL, "second": S_EARLIER, "before": 0.4}
        | {"after": 0.4 + changes.get(name, 0.0), "difference": changes.get(name, 0.0)}
        | {"difference_low": changes.get(name, 0.0) - 0.02, "difference_high": changes.get(name, 0.0) + 0.02}
        | {"minimum_detectable_difference": 0.03}
        for name in names
        for metric in ("average_precision", "auc")
    ]
    return released("time_causes", rows)


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
        early_outcomes(),
        early_outcome_scores(),
        without_predictors(),
        outcome_by_year(),
        pr,
        roc,
        thresholds(),
        thresholds_by_use(),
        calibration_curve(),
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
        yardsticks(),
        flags_compared(),
        dependence(),
        equally_good(),
        enough_cases(),
        ceiling(),
        time_causes(older_cases=-0.1),
        half_years(),
        flow(),
    )
    return {table.name: table for table in tables}


def world(**of_each) -> dict[tuple[str, str], dict[str, Released]]:
    """All eight problems; LA1's leak."""
    tables = {leaks: page_tables(leaks=leaks, **of_each) for leaks in (True, False)}
    return {
        (problem.authority, problem.outcome): dict(tables[problem.authority == "LA1"]) for problem in PROTOCOL.problems
    }
