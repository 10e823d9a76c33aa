"""Every sentence that ends in a conclusion has a world in which it concludes otherwise; none is left out.

A sentence that only counts (so many better, so many worse) says another thing by another number: that its numbers
follow its table is watched in test_recounts, on tables drawn anew.
"""

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable

import next_tables
import numpy as np
import pytest
import score_tables as scores
import small_tables as small
from recounting import made_of
from recounts import RECOUNTS
from recounts_of_comparisons import redacted

from analysis.book import sentences
from analysis.book.sentences import (
    comparison,
    front,
    half_years,
    network,
    next_authority,
    performance,
    self_test,
    slopes,
    supplied_scores,
    time,
    yardsticks,
)
from analysis.disclosure import combine
from analysis.disclosure.derive import derive
from analysis.network.catalogue import NETWORK_TABLES
from analysis.quality import redaction_trial
from analysis.study.evidence_files import read_self_test
from analysis.tables.front import published_front
from analysis.tables.results_table import results_table, with_mark
from analysis.tables.self_test import self_test_table
from analysis.tables.slopes import slopes as slopes_table
from analysis.tables.summaries import joint, subgroup_gaps
from analysis.tables.time_summary import time_summary


def changed(table, **columns):
    """The table with other values in some columns."""
    return derive(table.specification, lambda frame: frame.assign(**columns), table)


def of_all(name: str, table):
    """A world in which every prediction has this table."""
    return {problem: tables | {name: table} for problem, tables in small.world().items()}


def mark(*values: float) -> str:
    world = of_all("performance", small.performance(average_precision=values))
    return comparison.read_against_mark(with_mark(results_table(world, small.LEFT_OUT), small.PROTOCOL))


def gaps(verdict: str) -> str:
    rows = small.subgroup_pairs().frame.drop_duplicates("design")
    rows = rows.assign(metric="auc", first="under 1", second="1 to 4", test_c=verdict)
    tables = {
        "subgroups": small.subgroups({"under 1": 0.2}),
        "subgroup_pairs": small.released("subgroup_pairs", rows),
    }
    return comparison.read_gaps(subgroup_gaps({("LA2", name): tables for name in ("P3", "P4", "P5")}, "auc"))


def one_curve(training: float) -> str:
    table = small.learning()[0]
    values = table.frame["curve"].map({"training": training, "validation": 0.3})
    return comparison.read_one_learning_curve(changed(table, average_precision=values))


def pooled(verdict: str) -> str:
    world = of_all("learning_curve_verdicts", small.learning((verdict,) * 4)[1])
    return slopes.read_pooled_slope(slopes_table(world, small.LEFT_OUT, margin=0.01, level=0.95))


def summary(name: str, table):
    return time_summary(of_all(name, table), small.LEFT_OUT, name, level=0.95)


def in_use(score: float) -> str:
    return time.read_in_use(summary("time_parts", small.time_parts(in_use=score)))


def causes(**change: float) -> str:
    table = small.time_causes(**change)
    return half_years.read_causes(summary("time_causes", table))


def folds(run: str) -> str:
    return time.read_folds(joint(of_all("optimism", changed(small.optimism(), folds_run=run)), "optimism"))


def worlds(ever: float) -> str:
    rows = [
        {"world": world, "sample": sample, "reading": reading, "gain": gain, "gain_low": gain - 0.01, "gain_high": 1.0}
        for world in ("no family risk", "calibrated")
        for sample in ("all", "first", "subsequent")
        for reading, gain in (("ever_recorded", ever), ("complete_registry", 0.0))
    ]
    return network.read_worlds(made_of(NETWORK_TABLES["network_whole_life_mean"], rows))


def power(share: float) -> str:
    return self_test.read_self_test(changed(self_test_table(read_self_test()), power=share), read_self_test())


def redaction(share: float) -> str:
    return redaction_trial.read_redaction(changed(redacted(np.random.default_rng(0)), recall=share))


def tool(verdict: str) -> str:
    table = scores.joint("score_comparisons", (("LA3", "P5"), ("LA4", "P7")), verdicts=(verdict,) * 3)
    return supplied_scores.read_scores_compared(table)


def tool_beyond_four(verdict: str) -> str:
    return supplied_scores.beyond_four_variables(scores.joint("score_comparisons", verdicts=(verdict,) * 3))


def tool_calibrated(factor: float) -> str:
    table = scores.tables()["calibration"]
    table = changed(table, mean_risk=factor * table.frame["observed"].astype(float))
    return supplied_scores.read_scores_calibrated(combine({("LA2", "P3"): table}))


def tool_accurate(positives: int) -> str:
    return supplied_scores.read_accuracy(scores.accuracy_table(positives=positives))


def first_page(low: float, high: float) -> str:
    ends = {"average_precision": low, "average_precision_high": high}
    return front.read_front(changed(published_front(small.PROTOCOL), **ends))


def spread(*aucs: float) -> str:
    return next_authority.read_spread(next_tables.spread_table(aucs=aucs))


def league(*aucs: float) -> str:
    return next_authority.read_league(next_tables.league_table(aucs=aucs, standardised=aucs))


ALIKE = (0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8)
APART = (0.55, 0.55, 0.7, 0.9, 0.55, 0.7, 0.9, 0.6)
CONCLUDES: dict[str, tuple[Callable[..., str], dict[str, tuple]]] = {
    "performance.read_metric": (
        lambda *values: performance.read_metric(small.performance(average_precision=values), "average_precision"),
        {"is above the": (0.4, 0.1, 0.1, 0.1), "not clearly above or below": (0.06, 0.06, 0.06, 0.06)},
    ),
    "performance.read_success": (
        lambda *values: performance.read_success(small.performance(average_precision=values), 0.65),
        {"None of four designs has": (0.1, 0.1, 0.1, 0.1), "Two of four designs have": (0.8, 0.8, 0.1, 0.1)},
    ),
    "comparison.read_against_mark": (mark, {"None of 24": (0.1, 0.1, 0.1, 0.1), "24 of 24": (0.8, 0.8, 0.8, 0.8)}),
    "comparison.read_leakage": (
        lambda flagged: comparison.read_leakage(small.leakage(flagged)),
        {"no warning sign": (False,), "two warning signs": (True,)},
    ),
    "comparison.read_gaps": (gaps, {"no subgroup is named": ("no difference",), "for age: ": ("differ",)}),
    "comparison.read_one_learning_curve": (one_curve, {"0.10 above": (0.4,), "0.10 below": (0.2,)}),
    "slopes.read_pooled_slope": (
        pooled,
        {"the curves still rise": ("rising",), "by less than 0.01": ("level",)},
    ),
    "time.read_in_use": (in_use, {"higher in the mean": (0.3,), "lower in the mean": (0.05,), "is the same": (0.15,)}),
    "time.read_folds": (
        folds,
        {"departure from the plan": ("across families",), "as planned": ("forward in time",)},
    ),
    "half_years.read_causes": (
        lambda older: causes(older_cases=older),
        {"Clear of zero is the change from older cases": (-0.1,), "None of these is clearly": (0.0,)},
    ),
    "yardsticks.read_dependence": (
        lambda *values: yardsticks.read_dependence(small.dependence(values)),
        {"is the step to": (0.3, 0.28, 0.22, 0.2, 0.18), "No single step": (0.3, 0.3, 0.3, 0.3, 0.3)},
    ),
    "next_authority.read_spread": (spread, {"reaches below a half": APART, "All of it is above a half": ALIKE}),
    "next_authority.read_league": (league, {"cannot be ranked": ALIKE, "can be distinguished from": APART}),
    "network.read_worlds": (worlds, {"gain is look-ahead": (0.02,), "in none of three": (0.0,)}),
    "self_test.read_self_test": (power, {"often missed": (0.4,), "90% of draws.": (0.9,)}),
    "redaction_trial.read_redaction": (redaction, {", more than": (0.99,), "not more than": (0.5,)}),
    "supplied_scores.read_scores_compared": (
        tool,
        {"is clearly better": ("better",), "is clearly worse": ("worse",), "neither": ("no clear difference",)},
    ),
    "supplied_scores.beyond_four_variables": (
        tool_beyond_four,
        {"The tool is clearly better": ("better",), "is not shown to be better": ("worse",)},
    ),
    "supplied_scores.read_scores_calibrated": (
        tool_calibrated,
        {"fewer than they say": (2.0,), "more than they say": (0.5,), "as many as they say": (1.0,)},
    ),
    "supplied_scores.read_accuracy": (tool_accurate, {"right less often": (50,), "right more often": (400,)}),
    "front.read_front": (first_page, {"cannot be ruled out": (0.6, 0.9), "24 of 24 models pass": (0.7, 0.9)}),
}
ELSEWHERE = {
    "agreement.read_agreement": "figures/test_agreement.py",
    "planted_causes.read_planted_causes": "claims/test_planted_causes.py",
    "performance.read_average_precision": "figures/test_sentences.py",
}
"""Conclusions that other tests turn round."""
BOTH_WAYS = [(name, phrase) for name, (_, worlds_of) in CONCLUDES.items() for phrase in worlds_of]


@pytest.mark.parametrize(("name", "phrase"), BOTH_WAYS)
def test_a_conclusion_is_drawn_in_its_own_world_and_in_no_other(name, phrase):
    say, worlds_of = CONCLUDES[name]
    assert phrase in say(*worlds_of[phrase])
    for other, world in worlds_of.items():
        assert other == phrase or phrase not in say(*world)


CONCLUDING = re.compile(
    r"clear of|cannot (tell|be said|be ranked|be ruled out)|no single step|look-ahead|luck\b|guessing|no warning sign"
    r"|finds (no|a) difference|departure from|(above|below) the|than (they say|the)\b.*held|right .* often|often missed"
    r"|still rise|the same$|^(higher|lower|above|below|less|more)$|is (not shown|clearly)|neither clearly",
    re.IGNORECASE,
)
COUNTS = {
    "performance.read_per_hundred": "how many of a hundred, of the design that it names",
    "comparison.read_comparison": "how many comparisons are of each verdict",
    "comparison.read_metric_choice": "how many models are right more often than answering no",
    "risks.read_calibration_curve": "in how many designs the band leaves the line, and on which side",
    "yardsticks.read_four_variables": "how many models are of each verdict",
    "comparison.read_learning_curves": "how many curves are of each verdict",
    "poll_uses.read_use_of_models": "how many pairs are of each verdict",
    "slopes.read_slopes": "how many slopes are of each verdict",
    "yardsticks.read_enough_cases": "how many models had enough cases",
    "yardsticks.read_ceilings": "how many models are below the planted risk",
    "without.read_without": "how many models change",
    "without.read_leak_worth": "how many models pass, and which loses most",
    "text.read_give_away": "how many models fall",
    "supplied_scores.read_comparisons": "the rivals of each verdict, by name",
    "supplied_scores.read_flagging": "a setting",
    "network.read_trees": "by how much groups differ, and which way",
    "next_authority.read_transport": "the verdict of each move, as the table has it",
}
"""Sentences in whose words a conclusion occurs, and which say by a count or a name how it came out."""


def concluding() -> set[str]:
    """The sentences of the book whose code chooses among words that conclude."""
    found = set()
    for name in {name.partition(" of ")[0] for name in RECOUNTS}:
        module_name, _, function = name.partition(".")
        if module_name in {found.name for found in _modules()}:
            module = importlib.import_module(f"{sentences.__name__}.{module_name}")
            if hasattr(module, function) and CONCLUDING.search("\n".join(_choices(module, function, set()))):
                found.add(name)
    return found


def _modules():
    return pkgutil.iter_modules(sentences.__path__)


def _choices(module, function: str, seen: set[str]) -> list[str]:
    """The strings that a function, and those of its module that it calls, may return."""
    seen.add(function)
    tree = ast.parse(inspect.getsource(getattr(module, function)))
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    calls = {getattr(node.func, "id", "") for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for called in sorted(calls - seen):
        if getattr(getattr(module, called, None), "__module__", "") == module.__name__:
            texts += _choices(module, called, seen)
    return texts


def test_no_sentence_that_concludes_is_without_a_world_in_which_it_concludes_otherwise():
    assert concluding() - set(CONCLUDES) - set(ELSEWHERE) - set(COUNTS) == set()
