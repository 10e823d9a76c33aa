"""What a claim's measure gives if no model knew anything: every risk exchanged between the test cases.

With the risks shuffled, a model's results depend on counts alone: how many cases there are, how many have the outcome,
and how many are flagged. So the shuffled tables are drawn from the released tables. Nothing is known here that a page
does not show already, and a row whose counts are withheld has no shuffled value either.

Two things cannot be redrawn from counts: whether a test of two models or of two groups says "clearly different". For
these the shuffled verdict is drawn by the size of the test under no difference (see `_comparisons` and `_pairs`).
Learning curves have no shuffled form here, and a claim about them cannot be compared with shuffled models.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from statistics import NormalDist

import numpy as np
import pandas as pd

from analysis.claims.evidence import Evidence, Scope
from analysis.disclosure import Released
from analysis.disclosure.released import Problem, rows_with
from analysis.protocol import Protocol

SEEDS = 20  # shuffles: a share of them near a half is known to about a tenth (ours)
_FLAGS = ("cases", "positives", "flagged")  # columns that a draw of flags needs
MOST_CASES = 2_000_000  # drawn at a time, to bound the memory

Draws = Mapping[str, np.ndarray]
"""What is drawn for each row of a table, by what it is."""


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


@dataclass(frozen=True)
class Shuffled(Evidence):
    """A run's evidence with every risk shuffled once: its joint tables, with what was drawn in its place.

    Attributes
    ----------
    run : Evidence
        As it was found; predictions of an authority's own are no part of `world`.
    drawn : mapping of problem -> table -> quantity -> ndarray, shape (seeds, rows)
        What is drawn for each row of a problem's table.
    seed : int
        Which of the draws.
    """

    run: Evidence = field(kw_only=True)
    drawn: Mapping[Problem, Mapping[str, Draws]] = field(kw_only=True)
    seed: int = field(kw_only=True)

    @cached_property
    def _frames(self) -> dict[tuple[Scope, str], pd.DataFrame]:
        return {}

    @property
    def leaking(self) -> frozenset[str]:
        """The run's: the rule looks at what a model was given, which shuffled risks do not change."""
        return self.run.leaking

    def _is_drawn(self, problem: Problem, name: str) -> bool:
        return name in self.drawn.get(problem, ())

    def frame(self, name: str, *, of: Scope = "verdict", **labels: str) -> pd.DataFrame:
        """As `Evidence.frame`; a table that is made of risks and cannot be drawn has no rows.

        Parameters
        ----------
        name : str
            Of a table in `PAGE_TABLES`.
        of : {"verdict", "study", "run"}
            Over which problems.

        Returns
        -------
        pandas.DataFrame
        """
        of = "study" if of == "run" else of
        if (of, name) not in self._frames:
            frame = self.run.frame(name, of=of)
            self._frames[of, name] = self._shuffled(name, frame) if name in RISKS_HAVE_A_PART else frame
        return rows_with(self._frames[of, name], **labels)

    def _shuffled(self, name: str, frame: pd.DataFrame) -> pd.DataFrame:
        rows = list(zip(frame["authority"], frame["outcome"], strict=True))
        known = {problem: self.drawn[problem][name] for problem in dict.fromkeys(rows) if self._is_drawn(problem, name)}
        if name not in SHUFFLES or not known:
            return frame.iloc[:0]
        frame = frame[[problem in known for problem in rows]].reset_index(drop=True)
        draws = list(known.values())
        together = {quantity: np.concatenate([draw[quantity][self.seed] for draw in draws]) for quantity in draws[0]}
        return SHUFFLES[name](frame, together, self.protocol)


def shuffled(evidence: Evidence, seeds: int = SEEDS) -> Iterator[Shuffled]:
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
    iterator of Shuffled
        One for each seed, its tables made when they are asked for: those of many authorities do not fit the memory
        once for every seed. The draws depend on the protocol's seed of the analysis alone.
    """
    protocol, study = evidence.protocol, evidence.study
    drawn = {
        problem: _drawn(tables, protocol, seeds, np.random.default_rng([protocol.seeds.analysis, i]))
        for i, (problem, tables) in enumerate(sorted(study.items()))
    }
    of_run = {field.name: getattr(evidence, field.name) for field in fields(Evidence)} | {"world": study}
    for seed in range(seeds):
        yield Shuffled(**of_run, run=evidence, drawn=drawn, seed=seed)


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


def _drawn(
    tables: Mapping[str, Released], protocol: Protocol, seeds: int, random: np.random.Generator
) -> dict[str, Draws]:
    """One problem's draws, by the name of the table that they shuffle."""
    given = {name: tables[name].frame for name in SHUFFLES if name in tables}
    drawn: dict[str, Draws] = {}
    if "performance" in given:
        drawn["performance"] = {"value": _random_values(given["performance"], seeds, random)}
        if "comparisons" in given:
            own = _by_design(given["performance"], drawn["performance"]["value"])
            drawn["comparisons"] = _compared_designs(given["comparisons"], own, seeds, random)
    if "operating_point" in given:
        drawn["operating_point"] = {"true_positives": _random_flags(given["operating_point"], seeds, random)}
    if "subgroups" in given:
        drawn["subgroups"] = _random_subgroups(given["subgroups"], seeds, random)
    if "subgroup_pairs" in given:
        drawn["subgroup_pairs"] = {"far": np.abs(random.standard_normal((seeds, len(given["subgroup_pairs"]))))}
    return drawn


def _random_values(frame: pd.DataFrame, seeds: int, random: np.random.Generator) -> np.ndarray:
    """Average precision and AUC of each design, shape (seeds, rows); NaN for its other metrics."""
    values = np.full((seeds, len(frame)), np.nan)
    for design in frame["design"].unique():
        rows = frame["design"].eq(design) & frame["value"].notna()
        scores = _scores(frame[rows], seeds, random)
        for metric, score in zip(("average_precision", "auc"), scores, strict=True):
            values[:, rows & frame["metric"].eq(metric)] = score[:, None]
    return values


def _scores(rows: pd.DataFrame, seeds: int, random: np.random.Generator) -> np.ndarray:
    counts = rows[["cases", "positives"]].dropna()
    if counts.empty:
        return np.full((2, seeds), np.nan)
    number, positives = (int(count) for count in counts.iloc[0])
    return random_scores(number, positives, seeds, random)


def _by_design(frame: pd.DataFrame, values: np.ndarray) -> dict[str, np.ndarray]:
    """The average precision drawn for each design, one for each seed."""
    rows = np.flatnonzero(frame["metric"].eq("average_precision"))
    return {frame["design"].iloc[row]: values[:, row] for row in rows}


def _compared_designs(
    frame: pd.DataFrame, own: Mapping[str, np.ndarray], seeds: int, random: np.random.Generator
) -> Draws:
    none = np.full(seeds, np.nan)
    draws = {column: np.column_stack([own.get(name, none) for name in frame[column]]) for column in ("first", "second")}
    return draws | {"clear": random.random((seeds, len(frame)))}


def _random_flags(frame: pd.DataFrame, seeds: int, random: np.random.Generator) -> np.ndarray:
    """As many cases flagged as by the model, drawn at random: the outcomes among them are hypergeometric."""
    cases, positives, flagged = _counts(frame)
    return random.hypergeometric(positives, cases - positives, flagged, size=(seeds, len(frame)))


def _random_subgroups(frame: pd.DataFrame, seeds: int, random: np.random.Generator) -> Draws:
    """Average precision and AUC of each subgroup that could be assessed."""
    scores = np.full((2, seeds, len(frame)), np.nan)
    counts = frame[["cases", "positives"]].to_numpy(float, na_value=np.nan)
    for i in np.flatnonzero(frame["average_precision"].notna() & ~np.isnan(counts).any(axis=1)):
        cases, positives = counts[i].astype(int)
        scores[:, :, i] = random_scores(cases, positives, seeds, random)
    return {"average_precision": scores[0], "auc": scores[1]}


def _counts(frame: pd.DataFrame) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Cases, positives and cases flagged of each row; 0 where one of them is withheld."""
    known = _known(frame)
    cases, positives, flagged = (frame[name].where(known, 0).astype(int) for name in _FLAGS)
    return cases, positives, flagged.clip(upper=cases)


def _known(frame: pd.DataFrame) -> pd.Series:
    return frame[list(_FLAGS)].notna().all(axis=1)


def _performance(frame: pd.DataFrame, drawn: Draws, _: Protocol) -> pd.DataFrame:
    """Average precision and AUC of each design; every interval is missing."""
    return frame.assign(value=drawn["value"], value_low=np.nan, value_high=np.nan)


def _subgroups(frame: pd.DataFrame, drawn: Draws, _: Protocol) -> pd.DataFrame:
    return frame.assign(**drawn)


def _operating_point(frame: pd.DataFrame, drawn: Draws, _: Protocol) -> pd.DataFrame:
    """The counts and rates of a model that flags at random as many cases as it did."""
    cases, positives, flagged = _counts(frame)
    true = pd.Series(drawn["true_positives"], frame.index).where(_known(frame))
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


def _comparisons(frame: pd.DataFrame, drawn: Draws, protocol: Protocol) -> pd.DataFrame:
    """Each design's shuffled score beside the other's; a clear difference as often as the rule's size allows."""
    first, second = (pd.Series(drawn[name], frame.index) for name in ("first", "second"))
    decimals, alpha, draw = protocol.comparison.published_rule_decimals, protocol.comparison.alpha, drawn["clear"]
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


def _pairs(frame: pd.DataFrame, drawn: Draws, protocol: Protocol) -> pd.DataFrame:
    """Pairs of groups that do not differ: what each test says of a difference that is chance alone.

    Each difference is a draw from the normal distribution, in units of its standard error. Test A divides it by the
    standard error of a mean of bootstrap replicates, which is smaller by the root of their number; test B by its own;
    test B, strict, asks that two intervals of equal width do not overlap; test C allows for the number of pairs.
    """
    alpha, normal = protocol.subgroups.alpha, NormalDist()
    width = normal.inv_cdf(1 - alpha / 2)
    looks = frame.groupby(["authority", "outcome", "design", "characteristic", "metric"])["first"].transform("size")
    limits = {
        "test_a": width / protocol.uncertainty.replicates**0.5,
        "test_b": width,
        "test_b_strict": width * 2**0.5,
        "test_c": looks.map({n: normal.inv_cdf(1 - alpha / 2 / n) for n in looks.unique()}).to_numpy(),
    }
    verdicts = {
        name: frame[name].where(frame[name].isna(), np.where(drawn["far"] > limit, "differ", "no difference"))
        for name, limit in limits.items()
    }
    return frame.assign(**verdicts)


SHUFFLES: Mapping[str, Callable[[pd.DataFrame, Draws, Protocol], pd.DataFrame]] = {
    "performance": _performance,
    "comparisons": _comparisons,
    "operating_point": _operating_point,
    "subgroups": _subgroups,
    "subgroup_pairs": _pairs,
}
"""How the joint table of each name is shuffled with what was drawn."""
RISKS_HAVE_A_PART = (*SHUFFLES, "learning_curves", "learning_curve_verdicts")
"""Tables that would be others if the risks were; of the last two nothing can be drawn."""
