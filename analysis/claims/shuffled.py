"""What a claim's measure gives if no model knew anything: every risk exchanged between the test cases.

With the risks shuffled, a model's results depend on counts alone: how many cases there are, how many have the outcome,
and how many are flagged. So the shuffled tables are drawn from the released tables. Nothing is known here that a page
does not show already, and a row whose counts are withheld has no shuffled value either.

Two things cannot be redrawn from counts: whether a test of two models or of two groups says "clearly different". For
these the shuffled verdict is drawn by the size of the test under no difference (see `_comparisons` and `_pairs`).
Learning curves have no shuffled form here, and a claim about them cannot be compared with shuffled models.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
import pandas as pd

from analysis.claims.evidence import Evidence
from analysis.disclosure import Released
from analysis.disclosure.derive import derive
from analysis.disclosure.lazy import LazyTables
from analysis.protocol import Protocol

SEEDS = 20  # shuffles: a share of them near a half is known to about a tenth (ours)
RISKS_HAVE_A_PART = (
    *("performance", "comparisons", "operating_point", "subgroups", "subgroup_pairs"),
    *("learning_curves", "learning_curve_verdicts"),
)
MOST_CASES = 2_000_000  # drawn at a time, to bound the memory


@dataclass(frozen=True)
class Chance:
    """A claim's number under shuffled risks.

    Attributes
    ----------
    values : tuple of float
        One for each seed.
    passing : int
        In how many seeds the shuffled models pass for what the study found.
    """

    values: tuple[float, ...]
    passing: int

    @property
    def most_pass(self) -> bool:
        """Whether shuffled models pass in more than half of the seeds."""
        return 2 * self.passing > len(self.values)


def shuffled(evidence: Evidence, seeds: int = SEEDS) -> Iterator[Evidence]:
    """The same evidence with every risk shuffled, once for each seed.

    Parameters
    ----------
    evidence : Evidence
        Its registered problems are shuffled; predictions of an authority's own are left out, no claim being about
        them.
    seeds : int
        How often.

    Returns
    -------
    iterator of Evidence
        One for each seed, its tables made when they are asked for: those of many authorities do not fit the memory
        once for every seed. The draws depend on the protocol's seed of the analysis alone.
    """
    drawn = {
        problem: _drawn(tables, evidence.protocol, seeds, np.random.default_rng([evidence.protocol.seeds.analysis, i]))
        for i, (problem, tables) in enumerate(sorted(evidence.study.items()))
    }
    for seed in range(seeds):
        world = {problem: _tables(evidence.world[problem], frames, seed) for problem, frames in drawn.items()}
        yield replace(evidence, world=world)


def random_scores(cases: int, positives: int, seeds: int, random: np.random.Generator) -> np.ndarray:
    """Average precision and AUC of cases in random order.

    Parameters
    ----------
    cases, positives : int
        How many cases there are, and how many of them have the outcome; 0 < positives < cases.
    seeds : int
        How many orders.
    random : numpy.random.Generator

    Returns
    -------
    ndarray, shape (2, seeds)
        NaN where the counts allow no score.
    """
    if not 0 < positives < cases:
        return np.full((2, seeds), np.nan)
    at_once = max(1, MOST_CASES // cases)
    blocks = [
        np.argpartition(random.random((min(at_once, seeds - done), cases)), positives - 1, axis=1)[:, :positives]
        for done in range(0, seeds, at_once)
    ]
    place = np.sort(np.vstack(blocks), axis=1) + 1
    number = np.arange(1, positives + 1)
    precision = (number / place).mean(axis=1)
    negatives_above = (place - number).mean(axis=1)
    return np.vstack([precision, 1 - negatives_above / (cases - positives)])


Frame = Callable[[int], pd.DataFrame]
"""Makes a table's frame for one seed from what was drawn for all of them."""


def _drawn(
    tables: Mapping[str, Released], protocol: Protocol, seeds: int, random: np.random.Generator
) -> dict[str, Frame]:
    """One problem's draws, by the name of the table that they shuffle."""
    given = {name: tables[name].frame for name in RISKS_HAVE_A_PART if name in tables}
    drawn: dict[str, Frame] = {}
    if "performance" in given:
        drawn["performance"] = _performance(given["performance"], seeds, random)
        if "comparisons" in given:
            drawn["comparisons"] = _comparisons(given["comparisons"], drawn["performance"], protocol, seeds, random)
    if "operating_point" in given:
        drawn["operating_point"] = _operating_point(given["operating_point"], seeds, random)
    if "subgroups" in given:
        drawn["subgroups"] = _subgroups(given["subgroups"], seeds, random)
    if "subgroup_pairs" in given:
        drawn["subgroup_pairs"] = _pairs(given["subgroup_pairs"], protocol, seeds, random)
    return drawn


def _tables(tables: Mapping[str, Released], drawn: Mapping[str, Frame], seed: int) -> Mapping[str, Released]:
    """One problem's tables for a seed; those in which no risk has a part stay as they are."""
    rest = [name for name in tables if name not in RISKS_HAVE_A_PART]
    return LazyTables(
        [*rest, *drawn], lambda name: _derived(tables[name], drawn[name](seed)) if name in drawn else tables[name]
    )


def _derived(table: Released, frame: pd.DataFrame) -> Released:
    return derive(table.specification, lambda _: frame, table)


def _performance(frame: pd.DataFrame, seeds: int, random: np.random.Generator) -> Frame:
    """Average precision and AUC of each design; its other metrics, and every interval, are missing."""
    values = np.full((seeds, len(frame)), np.nan)
    for design in frame["design"].unique():
        rows = frame["design"].eq(design) & frame["value"].notna()
        scores = _scores(frame[rows], seeds, random)
        for metric, score in zip(("average_precision", "auc"), scores, strict=True):
            values[:, rows & frame["metric"].eq(metric)] = score[:, None]
    return lambda seed: frame.assign(value=values[seed], value_low=np.nan, value_high=np.nan)


def _subgroups(frame: pd.DataFrame, seeds: int, random: np.random.Generator) -> Frame:
    """Average precision and AUC of each subgroup that could be assessed."""
    scores = np.full((2, seeds, len(frame)), np.nan)
    counts = frame[["cases", "positives"]].to_numpy(float, na_value=np.nan)
    for i in np.flatnonzero(frame["average_precision"].notna() & ~np.isnan(counts).any(axis=1)):
        cases, positives = counts[i].astype(int)
        scores[:, :, i] = random_scores(cases, positives, seeds, random)
    return lambda seed: frame.assign(average_precision=scores[0, seed], auc=scores[1, seed])


def _scores(rows: pd.DataFrame, seeds: int, random: np.random.Generator) -> np.ndarray:
    counts = rows[["cases", "positives"]].dropna()
    if counts.empty:
        return np.full((2, seeds), np.nan)
    number, positives = (int(count) for count in counts.iloc[0])
    return random_scores(number, positives, seeds, random)


def _operating_point(frame: pd.DataFrame, seeds: int, random: np.random.Generator) -> Frame:
    """As many cases flagged as by the model, drawn at random: the outcomes among them are hypergeometric."""
    known = frame[["cases", "positives", "flagged"]].notna().all(axis=1)
    cases, positives, flagged = (frame[name].where(known, 0).astype(int) for name in ("cases", "positives", "flagged"))
    flagged = flagged.clip(upper=cases)
    true = random.hypergeometric(positives, cases - positives, flagged, size=(seeds, len(frame)))

    def shuffle(seed: int) -> pd.DataFrame:
        return _confusion(frame, pd.Series(true[seed], frame.index).where(known), cases, positives, flagged)

    return shuffle


def _confusion(
    frame: pd.DataFrame, true: pd.Series, cases: pd.Series, positives: pd.Series, flagged: pd.Series
) -> pd.DataFrame:
    correct = cases - positives - flagged + 2 * true
    ends = dict.fromkeys(("precision_low", "precision_high", "recall_low", "recall_high"), np.nan)
    counts = {
        "true_positives": true,
        "false_positives": flagged - true,
        "false_negatives": positives - true,
        "true_negatives": cases - positives - flagged + true,
        "correct": correct,
    }
    rates = {
        "precision": true / flagged.where(flagged > 0),
        "recall": true / positives.where(positives > 0),
        "accuracy": correct / cases.where(cases > 0),
    }
    return frame.assign(**counts, **rates, **ends)


def _comparisons(
    frame: pd.DataFrame, performance: Frame, protocol: Protocol, seeds: int, random: np.random.Generator
) -> Frame:
    """Each design's shuffled score beside the other's; a clear difference as often as the rule's size allows."""
    draws = random.random((seeds, len(frame)))
    return lambda seed: _compared(frame, performance(seed), protocol, draws[seed])


def _compared(frame: pd.DataFrame, scores: pd.DataFrame, protocol: Protocol, draw: np.ndarray) -> pd.DataFrame:
    own = scores[scores["metric"].eq("average_precision")].set_index("design")["value"].astype(float)
    first, second = frame["first"].map(own), frame["second"].map(own)
    decimals, alpha = protocol.comparison.published_rule_decimals, protocol.comparison.alpha
    change = (first.round(decimals) - second.round(decimals)).round(decimals)
    clear = np.select([draw < alpha / 2, draw > 1 - alpha / 2], ["worse", "better"], "no clear difference")
    known = frame["difference"].notna() & change.notna()
    return frame.assign(
        first_average_precision=first,
        second_average_precision=second,
        difference=(first - second).where(known),
        difference_low=np.nan,
        difference_high=np.nan,
        p_value=np.nan,
        verdict=pd.Series(clear, frame.index, dtype=object).where(known),
        published_rule_verdict=np.sign(change).map({1.0: "better", -1.0: "worse", 0.0: "tie"}).where(known),
    )


def _pairs(frame: pd.DataFrame, protocol: Protocol, seeds: int, random: np.random.Generator) -> Frame:
    """Pairs of groups that do not differ: what each test says of a difference that is chance alone.

    Each difference is a draw from the normal distribution, in units of its standard error. Test A divides it by the
    standard error of a mean of bootstrap replicates, which is smaller by the root of their number; test B by its own;
    test B, strict, asks that two intervals of equal width do not overlap; test C allows for the number of pairs.
    """
    far = np.abs(random.standard_normal((seeds, len(frame))))
    alpha, normal = protocol.subgroups.alpha, NormalDist()
    width = normal.inv_cdf(1 - alpha / 2)
    looks = frame.groupby(["design", "characteristic", "metric"])["first"].transform("size").to_numpy()
    limits = {
        "test_a": width / protocol.uncertainty.replicates**0.5,
        "test_b": width,
        "test_b_strict": width * 2**0.5,
        "test_c": np.array([normal.inv_cdf(1 - alpha / 2 / n) for n in looks]),
    }
    return lambda seed: _paired(frame, far[seed], limits)


def _paired(frame: pd.DataFrame, far: np.ndarray, limits: Mapping[str, float | np.ndarray]) -> pd.DataFrame:
    verdicts = {
        name: frame[name].where(frame[name].isna(), np.where(far > limit, "differ", "no difference"))
        for name, limit in limits.items()
    }
    return frame.assign(**verdicts)
