"""What released tables say of the score of a tool, made by hand."""

import pandas as pd
import small_tables as small

from analysis.disclosure import PAGE_TABLES, combine, release
from analysis.tables.supplied_scores import SCORE, accuracy

RIVALS = {"structured-all_cases": -0.1, "text_and_structured-all_cases": 0.0, "four_variables": 0.1}


def tables(
    verdicts=("worse", "no clear difference", "better"), cases=1000, positives=50, preset="synthetic", scale=None
):
    """One prediction's tables of a score: 900 of its cases scored; a confusion matrix of 25 flagged, 10 rightly."""

    def passed(name, rows):
        return release(PAGE_TABLES[name], pd.DataFrame(rows), preset=preset, rules=small.PROTOCOL.disclosure)

    statuses = (SCORE, cases, positives), ("score only on or after the index date", 60, 0), ("no score", 40, 0)
    coverage = [
        {"status": status, "cases": n, "positives": p, "prevalence": p / n, "scale": scale or "" if n == cases else ""}
        for status, n, p in statuses
    ]
    compared = [
        {
            "rival": rival,
            "cases": cases,
            "positives": positives,
            "tool_average_precision": 0.2,
            "rival_average_precision": 0.2 - difference,
            "difference": difference,
            "difference_low": difference - 0.05,
            "difference_high": difference + 0.05,
            "minimum_detectable_difference": 0.07,
            "p_value": 0.4,
            "verdict": verdict,
        }
        for (rival, difference), verdict in zip(RIVALS.items(), verdicts, strict=True)
    ]
    point = small.operating_point(cases=cases, positives=positives).frame.iloc[:1].assign(design=SCORE)
    as_models = {"calibration": small.calibration(), "decision_curve": small.decision_curve()}
    as_models["subgroups"] = small.subgroups()
    whole = {name: passed(name, _of_one(table)) for name, table in as_models.items()}
    return whole | {
        "score_coverage": passed("score_coverage", coverage),
        "score_comparisons": passed("score_comparisons", compared),
        "operating_point": passed("operating_point", point),
        "performance": passed("performance", small.performance().frame.iloc[:1].assign(design=SCORE)),
    }


def _of_one(table):
    """One design's rows, as of the score."""
    return table.where(design=small.S_ALL).frame.assign(design=SCORE)


def joint(name, problems=(("LA2", "P3"),), **of_each):
    return combine({problem: tables(**of_each)[name] for problem in problems})


def accuracy_table(**of_each):
    return accuracy({("LA2", "P3"): tables(**of_each)}, small.PROTOCOL)
