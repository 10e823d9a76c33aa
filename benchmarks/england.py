"""What one problem of England costs, beside a naive reference on the same work in the same run.

The problem is one of the synthetic England's, its texts and all. The reference does what is commonly done: a randomised
search over a pipeline that learns words and topics anew in every fold and draw; a bootstrap that gathers rows in Python
and calls scikit-learn once per replicate; scikit-learn's `learning_curve` on the same pipeline. Where it would run for
hours, a part of it is measured and multiplied up in proportion to the cases and draws left out, and the row says so.
"""

import tempfile
from dataclasses import dataclass
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import loguniform, randint
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.decomposition import NMF
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.model_selection import RandomizedSearchCV, learning_curve
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier
from xgboost import XGBClassifier

from analysis.cohort import build_cohort, characteristics, predictors
from analysis.extract import read_extract
from analysis.model import Cases, Predictors, fit_designs, fit_learning_curves
from analysis.performance import evaluate
from analysis.performance.resampling import TestCases, family_weights
from analysis.protocol import Protocol, load_protocol
from analysis.text.documents import CaseDocuments, documents_before
from analysis.text.language import unfitted_text
from analysis.text.words import TextFeatures, word_counts
from benchmarks.timing import Cost, cost_of, row, total
from data_synthetic.england import synthesise

PREDICTION = "P5"  # some 10,000 cases, of a prevalence and with a share of documents that are neither high nor low
FOLDS_MEASURED = 2
REPLICATES_MEASURED = 100
BAND_REPLICATES_MEASURED = 20  # of each learned and tested group of cases, of which there are many


@dataclass(frozen=True)
class Study:
    """One problem of the synthetic England, as both ways of working find it."""

    cases: Cases
    structured: np.ndarray
    text_unfitted: np.ndarray
    documents: CaseDocuments
    characteristics: pd.DataFrame
    window_months: float


def run() -> list[dict]:
    """Rows of {name, cpu_seconds, reference_cpu_seconds, ratio, extrapolated}."""
    protocol = load_protocol()
    study = open_synthetic_study(protocol)
    ours: dict[str, Cost] = {}
    fitted: dict[str, Any] = {}

    def fit():
        words = TextFeatures(word_counts(study.documents), protocol.text, seed=protocol.seeds.analysis)
        fitted["known"] = Predictors(study.structured, study.text_unfitted, words)
        fitted["designs"] = fit_designs(study.cases, fitted["known"], protocol, window_months=study.window_months)

    def curves():
        fitted["curves"] = fit_learning_curves(fitted["designs"], study.cases, fitted["known"], protocol)

    ours["models and searches"] = cost_of(fit)
    ours["learning curves, fitted"] = cost_of(curves)
    designs = fitted["designs"]
    test = TestCases.of(designs["text_and_structured-all_cases"], study.cases)
    ours["bootstrap of average precision and AUC"] = cost_of(lambda: _bootstrap(test, protocol))
    ours["all tables of a page"] = cost_of(
        lambda: evaluate(designs, fitted["curves"], study.cases, study.characteristics, protocol)
    )
    reference = {
        "models and searches": _reference_search(study, designs, protocol),
        "learning curves, fitted": _reference_learning_curves(study, designs, protocol),
        "bootstrap of average precision and AUC": _reference_bootstrap(test, protocol),
        "all tables of a page": _reference_tables(study, designs, fitted["curves"], test, protocol),
    }
    rows = [row(name, ours[name], reference[name]) for name in ours]
    parts = [name for name in ours if not name.startswith("bootstrap")]  # which the tables contain
    whole = [total([costs[name] for name in parts]) for costs in (ours, reference)]
    return [*rows, row(f"one problem of {len(study.cases):,} cases, whole", *whole)]


def open_synthetic_study(protocol: Protocol, name: str = PREDICTION) -> Study:
    """Synthesise and read the authority of this prediction, and find its cases."""
    prediction = protocol.predictions[name]
    with tempfile.TemporaryDirectory() as folder:
        (source,) = synthesise(Path(folder), protocol=protocol, authorities=[prediction.authority])
        tables, _ = read_extract(source, secret=b"synthetic data hold nobody's secrets", study=protocol.study)
    cohort = build_cohort(tables, prediction, protocol.study)
    structured = predictors(tables, cohort.cases, supplied_counts=protocol.supplied_counts.used)
    documents = documents_before(tables, cohort.cases, protocol.text, lag_days=protocol.text.lag_days)
    return Study(
        cases=Cases.of(cohort.cases),
        structured=structured.drop("case_id").to_numpy().astype(np.float32),
        text_unfitted=unfitted_text(documents)[0],
        documents=documents,
        characteristics=characteristics(tables, cohort.cases, protocol.subgroups).to_pandas(),
        window_months=prediction.window_months,
    )


class NaivePredictors(BaseEstimator, TransformerMixin):
    """The reference's transformer: row numbers in, predictors out, words and topics learned at every `fit`."""

    def __init__(self, study: Study, texts: np.ndarray, seen: str, words: int, topics: int):
        self.study, self.texts, self.seen, self.words, self.topics = study, texts, seen, words, topics

    def fit(self, rows, outcome=None):
        if self.seen == "text_and_structured":
            self.weigh_ = TfidfVectorizer(
                stop_words="english", token_pattern=r"[a-z]{3,}", min_df=5, max_df=0.8, max_features=self.words
            )
            words = self.weigh_.fit_transform(self.texts[rows[:, 0]])
            self.gather_ = NMF(self.topics, init="nndsvda", random_state=0).fit(words)
        return self

    def transform(self, rows):
        rows = rows[:, 0]
        structured = np.nan_to_num(self.study.structured[rows])
        if self.seen != "text_and_structured":
            return structured
        words = self.weigh_.transform(self.texts[rows])
        blocks = [structured, self.study.text_unfitted[rows], words.toarray(), self.gather_.transform(words)]
        return np.nan_to_num(np.hstack(blocks))


def _naive(study: Study, seen: str, model, protocol: Protocol):
    texts = np.array(study.documents.texts, dtype=object)
    naive = NaivePredictors(study, texts, seen, protocol.text.words, protocol.text.topics)
    return make_pipeline(naive, StandardScaler(), model)


def _reference_search(study: Study, designs, protocol: Protocol) -> Cost:
    """One draw of each family is measured on some folds, then multiplied by draws, folds and whose cases are seen."""
    split = designs["text_and_structured-all_cases"].split
    rows, outcome = split.train[:, None], study.cases.outcome[split.train]
    folds = [tuple(np.searchsorted(split.train, part) for part in fold) for fold in split.folds][:FOLDS_MEASURED]
    measured = sum(len(learned) for learned, _ in folds)
    cost = 0.0
    for seen, (family, (model, distributions)) in product(protocol.designs.predictors, reference_models().items()):
        search = RandomizedSearchCV(
            _naive(study, seen, model, protocol),
            distributions,
            n_iter=1,
            cv=folds,
            scoring="average_precision",
            refit=False,
            random_state=0,
        )
        one = cost_of(lambda search=search: search.fit(rows, outcome)).cpu_seconds
        cost += one * getattr(protocol.models.draws_per_family, family)
    learned = [len(a) for fitted in _one_per_split(designs) for a, _ in fitted.split.folds]
    return Cost(cost * sum(learned) / measured, True)


def _one_per_split(designs) -> list:
    """One design for each group of cases that may be learned from."""
    return list({fitted.design.learned_from: fitted for fitted in designs.values()}.values())


def reference_models() -> dict[str, tuple]:
    """A model of each family, and the distributions from which its hyper-parameters are drawn."""
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


def _reference_learning_curves(study: Study, designs, protocol: Protocol) -> Cost:
    """`learning_curve` with the boosted pipeline, one repeat measured, multiplied by repeats and by whose cases."""
    split = designs["text_and_structured-all_cases"].split
    one = sum(_reference_learning_curve(study, split, seen, protocol) for seen in protocol.designs.predictors)
    learned = [len(fitted.split.train) for fitted in _one_per_split(designs)]
    return Cost(one * protocol.learning_curves.repeats * sum(learned) / len(split.train), True)


def _reference_learning_curve(study: Study, split, seen: str, protocol: Protocol) -> float:
    pipeline = _naive(study, seen, reference_models()["xgboost"][0], protocol)
    cost = cost_of(
        lambda: learning_curve(
            pipeline,
            np.arange(len(study.cases))[:, None],
            study.cases.outcome,
            cv=[(split.train, split.test)],
            train_sizes=(1 / 8) ** np.linspace(1, 0, protocol.learning_curves.sizes),
            shuffle=True,
            random_state=0,
            scoring="average_precision",
        )
    )
    return cost.cpu_seconds


def _bootstrap(test: TestCases, protocol: Protocol) -> None:
    weights = family_weights(test.families, protocol.uncertainty, protocol.seeds.analysis)
    counts = test.ranking().count(weights)
    counts.average_precision(), counts.auc()


def _reference_bootstrap(test: TestCases, protocol: Protocol) -> Cost:
    """Average precision and AUC of the test cases."""
    return _reference_replicates(
        test.outcome, test.family, [test.risk], (average_precision_score, roc_auc_score), REPLICATES_MEASURED, protocol
    )


def _reference_replicates(outcome, family, risks, metrics, measured: int, protocol: Protocol) -> Cost:
    """Rows of the drawn families gathered one family at a time; a part of the replicates, multiplied up."""
    members = [np.flatnonzero(family == drawn) for drawn in np.unique(family)]
    random = np.random.default_rng(0)

    def gather():
        for _ in range(measured):
            rows = np.concatenate([members[drawn] for drawn in random.integers(0, len(members), len(members))])
            for risk, metric in product(risks, metrics):
                metric(outcome[rows], risk[rows])

    return Cost(cost_of(gather).cpu_seconds * protocol.uncertainty.replicates / measured, True)


def _reference_tables(study: Study, designs, curves, test: TestCases, protocol: Protocol) -> Cost:
    """The bootstraps and permutations of a page's tables; what each draw costs is measured, the draws multiplied up.

    Left out, in the reference's favour: precision and recall, calibration, decision curves, the verdicts' slopes.
    """
    parts = (
        _reference_subgroups(study, designs, test, protocol),
        _reference_comparisons(designs, test, protocol),
        _reference_bands(study, designs, curves, protocol),
    )
    return Cost(sum(part.cpu_seconds for part in parts), True)


def _reference_subgroups(study: Study, designs, test: TestCases, protocol: Protocol) -> Cost:
    """Replicates of all test cases and of each subgroup, permutations of each pair of subgroups, for every design."""
    whole = _reference_bootstrap(test, protocol).cpu_seconds
    labels = study.characteristics[list(protocol.subgroups.characteristics)].iloc[test.rows]
    permuted = protocol.uncertainty.permutations / protocol.uncertainty.replicates
    cost = whole
    for name in labels.columns:
        shares = labels[name].value_counts(normalize=True)
        cost += whole * shares.sum()  # each replicate's subgroups together hold all rows once
        cost += whole * permuted * sum(one + other for one, other in combinations(shares, 2))
    tested = sum(len(fitted.split.test) for fitted in designs.values())
    return Cost(float(cost) * tested / len(test.rows), True)


def _reference_comparisons(designs, test: TestCases, protocol: Protocol) -> Cost:
    """Both designs' average precision in every replicate and every permutation of text v structured, earlier v all."""
    paired = _reference_replicates(
        test.outcome, test.family, [test.risk] * 2, (average_precision_score,), REPLICATES_MEASURED, protocol
    )
    permuted = protocol.uncertainty.permutations / protocol.uncertainty.replicates
    fitted = list(designs.values())
    tested = sum(len(one.split.test) for one in fitted) / 2  # text v structured, once for each group learned from
    tested += sum(len(one.split.test) for one in fitted if one.design.learned_from == "earlier_cases")
    return Cost(paired.cpu_seconds * (1 + permuted) * tested / len(test.rows), True)


def _reference_bands(study: Study, designs, curves, protocol: Protocol) -> Cost:
    """The bands of the learning curves, on training and on test cases: one repeat measured, multiplied by repeats."""
    cost, cases = 0.0, study.cases
    for slug, fits in curves.items():
        for fit in (fit for fit in fits if fit.repeat == 1):
            repeats = sum(other.size == fit.size for other in fits)
            for rows, risk in ((fit.rows, fit.training_risk), (designs[slug].split.test, fit.test_risk)):
                one = _reference_replicates(
                    cases.outcome[rows],
                    cases.family[rows],
                    [risk],
                    (average_precision_score,),
                    BAND_REPLICATES_MEASURED,
                    protocol,
                )
                cost += one.cpu_seconds * repeats
    return Cost(cost, True)
