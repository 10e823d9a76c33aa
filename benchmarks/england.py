"""What the England analysis costs, beside a naive reference on the same work in the same run.

The reference does what is commonly done: a randomised search over a pipeline that learns words and topics anew in
every fold and draw; a bootstrap that gathers rows in Python and calls scikit-learn once per replicate; scikit-learn's
`learning_curve` on the same pipeline. Where it would run for hours, a part of it is measured and multiplied up, and the
row says so.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.stats import loguniform, randint
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.model_selection import RandomizedSearchCV, learning_curve
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier
from xgboost import XGBClassifier

from analysis.model import Predictors, fit_designs, fit_learning_curves
from analysis.model.splits import split_all_cases
from analysis.performance import evaluate
from analysis.performance.resampling import TestCases, family_weights
from analysis.protocol import Protocol, load_protocol
from benchmarks.planted_world import PlantedWorld, plant_world

SCALES = (1_000, 3_000, 10_000, 30_000, 100_000)
CHARACTERISTICS = {
    "gender": ("female", "male"),
    "disability": ("yes", "no", "unknown"),
    "ethnicity_group": ("White", "Mixed", "Asian", "Black", "Other ethnicity", "Missing"),
    "age_band": ("under 1", "1 to 4", "5 to 9", "10 to 15", "16 and over"),
}


@dataclass(frozen=True)
class Cost:
    """CPU-seconds of one piece of work; `extrapolated` if measured in part and multiplied up."""

    cpu_seconds: float
    extrapolated: bool = False


class AllPredictors(BaseEstimator, TransformerMixin):
    """The reference's transformer: row numbers in, predictors out, words and topics learned at every `fit`."""

    def __init__(self, predictors: Predictors, seen: str):
        self.predictors = predictors
        self.seen = seen

    def fit(self, rows, outcome=None):
        words = self.seen == "text_and_structured"
        self.fitted_ = self.predictors.text_features.fit(rows[:, 0]) if words else None
        return self

    def transform(self, rows):
        rows = rows[:, 0]
        if self.fitted_ is None:
            return np.nan_to_num(self.predictors.structured[rows])
        fitted = self.fitted_.transform(rows)
        fitted = fitted.toarray() if sparse.issparse(fitted) else fitted
        return np.nan_to_num(np.hstack([self.predictors.structured[rows], self.predictors.text_unfitted[rows], fitted]))


def run(quick: bool) -> list[dict]:
    """Rows of {name, cpu_seconds, reference_cpu_seconds, ratio, extrapolated}; a scale has no reference.

    Parameters
    ----------
    quick : bool
        Smaller worlds and fewer scales: seconds instead of minutes.
    """
    protocol = load_protocol()
    world = plant_world(1_500 if quick else 6_000, seed=1, prevalence=0.05, structured=70, words=300, topics=20)
    rows = _stages(world, protocol, quick)
    return rows + [_scale(count, protocol) for count in (SCALES[:2] if quick else SCALES)]


def _stages(world: PlantedWorld, protocol: Protocol, quick: bool) -> list[dict]:
    ours, designs = {}, {}
    ours["models and searches"] = _cpu(lambda: designs.update(_fit(world, protocol)))
    curves = {}
    ours["learning curves, fitted"] = _cpu(
        lambda: curves.update(fit_learning_curves(designs, world.cases, world.predictors, protocol))
    )
    test = TestCases.of(designs["text_and_structured-all_cases"], world.cases)
    ours["bootstrap of average precision and AUC"] = _cpu(lambda: _bootstrap(test, protocol))
    characteristics = _characteristics(world)
    ours["all tables of a page"] = _cpu(lambda: evaluate(designs, curves, world.cases, characteristics, protocol))
    reference = {
        "models and searches": _reference_search(world, protocol, quick),
        "learning curves, fitted": _reference_learning_curves(world, protocol, quick),
        "bootstrap of average precision and AUC": _reference_bootstrap(test, protocol, quick),
        "all tables of a page": _reference_tables(test, characteristics, protocol, quick),
    }
    rows = [_row(name, ours[name], reference[name]) for name in ours]
    parts = [name for name in ours if not name.startswith("bootstrap")]  # which the tables contain
    whole = [Cost(sum(costs[name].cpu_seconds for name in parts), costs is reference) for costs in (ours, reference)]
    return [*rows, _row("one problem, whole", *whole)]


def _scale(count: int, protocol: Protocol) -> dict:
    """The whole of one problem with a few words, by number of cases: the curve of cost."""
    world = plant_world(count, seed=2, prevalence=0.05, structured=70, words=50, topics=5)

    def whole():
        designs = _fit(world, protocol)
        curves = fit_learning_curves(designs, world.cases, world.predictors, protocol)
        evaluate(designs, curves, world.cases, _characteristics(world), protocol)

    return _row(f"one problem of {count:,} cases", _cpu(whole))


def _fit(world: PlantedWorld, protocol: Protocol):
    return fit_designs(world.cases, world.predictors, protocol, window_months=12)


def _bootstrap(test: TestCases, protocol: Protocol) -> None:
    weights = family_weights(test.families, protocol.uncertainty, protocol.seeds.analysis)
    counts = test.ranking().count(weights)
    counts.average_precision(), counts.auc()


def _characteristics(world: PlantedWorld) -> pd.DataFrame:
    random = np.random.default_rng(0)
    return pd.DataFrame({name: random.choice(labels, len(world.cases)) for name, labels in CHARACTERISTICS.items()})


def _reference_search(world: PlantedWorld, protocol: Protocol, quick: bool) -> Cost:
    """One draw of each family is measured on the folds, then multiplied by the draws and by whose cases are seen."""
    split = split_all_cases(world.cases, protocol.splits, seed=1)
    rows, outcome = split.train[:, None], world.cases.outcome[split.train]
    place = np.full(len(world.cases), -1)
    place[split.train] = np.arange(len(split.train))
    folds = [(place[a], place[b]) for a, b in split.folds][: 2 if quick else None]
    cost = 0.0
    for seen, (family, (model, distributions)) in product(protocol.designs.predictors, _reference_models().items()):
        pipeline = make_pipeline(AllPredictors(world.predictors, seen), StandardScaler(), model)
        search = RandomizedSearchCV(
            pipeline, distributions, n_iter=1, cv=folds, scoring="average_precision", refit=False, random_state=0
        )
        one = _cpu(lambda search=search: search.fit(rows, outcome)).cpu_seconds
        cost += one * getattr(protocol.models.draws_per_family, family) * protocol.splits.folds / len(folds)
    return Cost(cost * len(protocol.designs.learned_from), True)


def _reference_models():
    leaf = "decisiontreeclassifier__"
    boosted = "xgbclassifier__"
    return {
        "logistic_regression": (LogisticRegression(max_iter=500), {"logisticregression__C": loguniform(1e-3, 1)}),
        "decision_tree": (
            DecisionTreeClassifier(random_state=0),
            {f"{leaf}max_depth": randint(2, 8), f"{leaf}min_samples_leaf": randint(10, 200)},
        ),
        "xgboost": (
            XGBClassifier(n_jobs=1, n_estimators=100, random_state=0),
            {f"{boosted}learning_rate": loguniform(0.05, 0.3), f"{boosted}max_depth": randint(2, 5)},
        ),
    }


def _reference_learning_curves(world: PlantedWorld, protocol: Protocol, quick: bool) -> Cost:
    """`learning_curve` with the boosted pipeline, one fold measured, multiplied by the repeats and by whose cases."""
    costs = [_reference_learning_curve(world, protocol, quick, seen) for seen in protocol.designs.predictors]
    return Cost(sum(costs) * protocol.learning_curves.repeats * len(protocol.designs.learned_from), True)


def _reference_learning_curve(world: PlantedWorld, protocol: Protocol, quick: bool, seen: str) -> float:
    split = split_all_cases(world.cases, protocol.splits, seed=1)
    everyone = np.arange(len(world.cases))[:, None]
    shares = (1 / 8) ** np.linspace(1, 0, protocol.learning_curves.sizes)
    shares = shares[-2:] if quick else shares
    model = _reference_models()["xgboost"][0]
    pipeline = make_pipeline(AllPredictors(world.predictors, seen), StandardScaler(), model)
    cost = _cpu(
        lambda: learning_curve(
            pipeline,
            everyone,
            world.cases.outcome,
            cv=[(split.train, split.test)],
            train_sizes=shares,
            shuffle=True,
            random_state=0,
            scoring="average_precision",
        )
    )
    return cost.cpu_seconds


def _reference_bootstrap(test: TestCases, protocol: Protocol, quick: bool) -> Cost:
    """Rows of the drawn families gathered one family at a time; a part of the replicates, multiplied up."""
    members = [np.flatnonzero(test.family == family) for family in range(test.families)]
    random = np.random.default_rng(0)
    replicates = 20 if quick else 100

    def gather():
        for _ in range(replicates):
            rows = np.concatenate([members[drawn] for drawn in random.integers(0, test.families, test.families)])
            average_precision_score(test.outcome[rows], test.risk[rows])
            roc_auc_score(test.outcome[rows], test.risk[rows])

    return Cost(_cpu(gather).cpu_seconds * protocol.uncertainty.replicates / replicates, True)


def _reference_tables(test: TestCases, characteristics: pd.DataFrame, protocol: Protocol, quick: bool) -> Cost:
    """Replicates of all test cases and of each subgroup, permutations of each pair of subgroups, for four designs.

    The designs' comparisons and the bands of the learning curves are left out, in the reference's favour.
    """
    whole = _reference_bootstrap(test, protocol, quick).cpu_seconds
    labels = characteristics.iloc[test.rows].reset_index(drop=True)
    permuted = protocol.uncertainty.permutations / protocol.uncertainty.replicates
    cost = whole
    for name in labels.columns:
        shares = labels[name].value_counts(normalize=True)
        cost += whole * shares.sum()  # each replicate's subgroups together hold all rows once
        cost += whole * permuted * sum(one + other for one, other in combinations(shares, 2))
    return Cost(float(cost) * len(protocol.design_list), True)


def _cpu(work: Callable[[], object]) -> Cost:
    started = time.process_time()
    work()
    return Cost(time.process_time() - started)


def _row(name: str, ours: Cost, reference: Cost | None = None) -> dict:
    return {
        "name": name,
        "cpu_seconds": round(ours.cpu_seconds, 3),
        "reference_cpu_seconds": None if reference is None else round(reference.cpu_seconds, 3),
        "ratio": None if reference is None else round(reference.cpu_seconds / max(ours.cpu_seconds, 1e-9), 1),
        "extrapolated": reference is not None and reference.extrapolated,
    }
