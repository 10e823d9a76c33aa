"""`python -m benchmarks.self_test`: are the book's intervals and tests right at the sizes of its own test sets?

Cases are drawn from populations whose true values are known, with as many cases, outcomes and families as test
sets of the last `make report` have: of all of them in the order of their outcomes, every third. Each draw goes
through the functions that the book uses. Counted is how often an interval holds the truth, how often a difference is
called clear where there is none and where there is one, and how often shuffled risks are called better than chance.
Nothing is chosen; the record goes to the evidence of the book.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from scipy.optimize import brentq
from scipy.special import expit
from sklearn.metrics import average_precision_score, roc_auc_score

from analysis.performance.chance import metric_scores, permuted_outcomes
from analysis.performance.comparisons import NO_CLEAR_DIFFERENCE, paired_difference, settled_p_value, verdict
from analysis.performance.metrics import estimate_share
from analysis.performance.resampling import TestCases, estimate, family_codes, family_weights, with_point
from analysis.protocol import Protocol, load_protocol
from analysis.study.evidence_files import FOLDER, SELF_TEST

SIBLINGS_ALIKE = 0.5  # share of the variance of true risk, on the scale of log odds, that families account for
SIGNAL = 1.6  # log odds for one standard deviation of what is true of a case
NOISE, LESS_NOISE = 1.2, 0.5  # what a model adds to it, in standard deviations; the better model adds less
FLAGGED = 0.1  # share of cases that the fixed threshold flags
POPULATION = 400_000  # cases from which the true values are computed
EVERY = 3  # of the test sets, by number of outcomes
COVERED = ("average_precision", "auc", "recall", "precision", "difference")


@dataclass(frozen=True)
class Sizes:
    """How large a test set is: what it is called, and its numbers of cases, outcomes and families."""

    test_set: str
    cases: int
    positives: int
    families: int


@dataclass(frozen=True)
class Drawn:
    """Cases of a population, with the risks of two equally good models and of a better one."""

    family: np.ndarray
    outcome: np.ndarray
    model: np.ndarray
    rival: np.ndarray
    better: np.ndarray


def main() -> None:
    """Draw the worlds, count, and write the record."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.self_test", description=__doc__)
    parser.add_argument("--draws", type=int, default=200, help="of each test set (200)")
    parser.add_argument("--workers", type=int, default=2, help="processes side by side (2)")
    parser.add_argument("--build", type=Path, default=Path("build"), help="of the report whose sizes are used (build)")
    options, protocol = parser.parse_args(), load_protocol()
    by_outcomes = sorted(read_sizes(options.build), key=lambda sizes: sizes.positives)
    tasks = list(product(by_outcomes[::EVERY], [options.draws], [protocol]))
    with get_context("spawn").Pool(options.workers) as pool:
        rows = pool.starmap(examine, tasks, chunksize=1)
    record = {
        "made": date.today(),
        "command": f"python -m benchmarks.self_test --draws {options.draws}",
        "draws": options.draws,
        "level": protocol.uncertainty.level,
        "alpha": protocol.comparison.alpha,
        "test_sets": rows,
    }
    path = FOLDER / SELF_TEST
    path.write_text(yaml.safe_dump(record, sort_keys=False, default_flow_style=None, width=200), encoding="utf-8")
    print(path)


def read_sizes(build: Path) -> Iterator[Sizes]:
    """The sizes of every test set of a run: each prediction's, of all cases and of earlier cases."""
    for path in sorted(build.glob("*/*/released/sample.csv")):
        outcome, sample = path.parent.parent.name, pd.read_csv(path)
        for row in sample[sample["part"].eq("test") & sample["design"].str.startswith("structured")].itertuples():
            learned_from = row.design.removeprefix("structured-").replace("_", " ")
            yield Sizes(f"{outcome}, {learned_from}", int(row.cases), int(row.positives), int(row.families))


def examine(sizes: Sizes, draws: int, protocol: Protocol) -> dict:
    """One row of the record: the share of draws in which each interval held the truth and each test said yes.

    Parameters
    ----------
    sizes : Sizes
    draws : int
    protocol : Protocol
    """
    random = np.random.default_rng([protocol.seeds.analysis, sizes.cases, sizes.positives])
    intercept = _intercept(sizes.positives / sizes.cases)
    population = draw(sizes, intercept, random, cases=POPULATION)
    threshold = float(np.quantile(population.model, 1 - FLAGGED))
    truth = true_values(population, threshold)
    outcomes = [_one_draw(sizes, intercept, threshold, truth, protocol, random) for _ in range(draws)]
    shares = pd.DataFrame(outcomes).mean()
    print(sizes.test_set, flush=True)
    sized = {"test_set": sizes.test_set, "cases": sizes.cases, "positives": sizes.positives, "families": sizes.families}
    true_difference = {"true_difference": round(truth["better"] - truth["average_precision"], 3)}
    return sized | true_difference | {name: round(float(share), 3) for name, share in shares.items()}


def draw(sizes: Sizes, intercept: float, random: np.random.Generator, *, cases: int | None = None) -> Drawn:
    """Cases in families of random sizes, of the mean size of the test set; siblings are alike in their true risk."""
    cases = cases or sizes.cases
    families = max(2, round(sizes.families * cases / sizes.cases))
    family = family_codes(np.r_[np.arange(families), random.integers(0, families, max(0, cases - families))][:cases])
    shared, own = random.normal(size=family.max() + 1), random.normal(size=len(family))
    true = np.sqrt(SIBLINGS_ALIKE) * shared[family] + np.sqrt(1 - SIBLINGS_ALIKE) * own
    outcome = random.random(len(family)) < expit(intercept + SIGNAL * true)
    scores = [true + noise * random.normal(size=len(family)) for noise in (NOISE, NOISE, LESS_NOISE)]
    return Drawn(family, outcome, *scores)


def true_values(population: Drawn, threshold: float) -> dict[str, float]:
    """What an interval should hold: the values in a population so large that they do not vary."""
    outcome, flagged = population.outcome, population.model >= threshold
    return {
        "average_precision": float(average_precision_score(outcome, population.model)),
        "auc": float(roc_auc_score(outcome, population.model)),
        "recall": float(flagged[outcome].mean()),
        "precision": float(outcome[flagged].mean()),
        "difference": 0.0,
        "better": float(average_precision_score(outcome, population.better)),
    }


def _intercept(prevalence: float) -> float:
    """The log odds at which the population has this prevalence."""
    true = np.random.default_rng(0).normal(size=200_000)
    return float(brentq(lambda intercept: expit(intercept + SIGNAL * true).mean() - prevalence, -12, 3))


def _one_draw(sizes: Sizes, intercept: float, threshold: float, truth, protocol: Protocol, random) -> dict[str, float]:
    """1 for each interval that holds the truth and each test that says yes, 0 for the others; NaN where not defined."""
    drawn = draw(sizes, intercept, random)
    level, alpha = protocol.uncertainty.level, protocol.comparison.alpha
    test = TestCases(np.arange(len(drawn.family)), drawn.outcome, drawn.model, drawn.family, threshold)
    weights = with_point(family_weights(test.families, protocol.uncertainty, int(random.integers(2**31))))
    counts = test.ranking().count(weights)
    flagged = test.flagged
    right, positives, all_flagged = test.sums(flagged & drawn.outcome, drawn.outcome, flagged) @ weights
    equal = paired_difference(drawn.outcome, drawn.rival, drawn.model, drawn.family, weights)
    better = paired_difference(drawn.outcome, drawn.better, drawn.model, drawn.family, weights)
    cells = (
        estimate("average_precision", counts.average_precision(), level)
        | estimate("auc", counts.auc(), level)
        | estimate_share("recall", right, positives, level=level)
        | estimate_share("precision", right, all_flagged, level=level)
        | estimate("difference", equal, level)
        | estimate("better", better, level)
    )
    seen = {f"coverage_{name}": _holds(cells, name, truth[name]) for name in COVERED}
    p_equal, p_better = (
        settled_p_value(protocol, drawn.outcome, other, drawn.model, drawn.family)
        for other in (drawn.rival, drawn.better)
    )
    for name, estimated, p_value in (("size", "difference", p_equal), ("power", "better", p_better)):
        said = verdict(cells[f"{estimated}_low"], cells[f"{estimated}_high"], p_value, alpha)
        seen[name] = float(said != NO_CLEAR_DIFFERENCE)
    return seen | {"shuffled_better_than_chance": _shuffled_passes(test, protocol, random)}


def _shuffled_passes(test: TestCases, protocol: Protocol, random: np.random.Generator) -> float:
    """Whether risks exchanged at random between the cases are called better than chance, by average precision."""
    shuffled = TestCases(test.rows, test.outcome, random.permutation(test.risk), test.family, test.threshold)
    outcomes = permuted_outcomes(shuffled, protocol.uncertainty.permutations, seed=int(random.integers(2**31)))
    scores = metric_scores(outcomes, shuffled.risk, protocol.standard_prevalence.value)["average_precision"]
    p_value = (1 + (scores[1:] >= scores[0] - 1e-12).sum()) / len(scores)
    return float(p_value < protocol.comparison.alpha / 2)


def _holds(cells: dict[str, float], name: str, truth: float) -> float:
    low, high = cells[f"{name}_low"], cells[f"{name}_high"]
    return float("nan") if np.isnan(low) else float(low <= truth <= high)


if __name__ == "__main__":
    main()
