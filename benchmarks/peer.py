"""One small and one large problem of England beside a competent reference on the same work, in the same run and whole.

The reference is what a careful analyst would write with scikit-learn and XGBoost: words and topics learned once for
each fold and held in memory, as many draws, one thread, a bootstrap of all replicates in one calculation. For the small
problem a naive reference stands beside it, which learns words and topics anew for every fit and resamples in a loop.
Nothing is multiplied up. Our intervals are of every measure, the reference's of average precision and AUC alone.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import xgboost
from sklearn.decomposition import NMF
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.model_selection import ParameterSampler
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from analysis.model import FittedDesign, Predictors, fit_designs, fit_learning_curves
from analysis.model.learning_curves import nested_rows
from analysis.performance import learning_curves, performance
from analysis.protocol import Protocol, load_protocol
from analysis.text.words import FEWEST_CASES, LARGEST_SHARE, TextFeatures, word_counts
from benchmarks.england import Study, open_synthetic_study, reference_models
from benchmarks.timing import Cost, cost_of, row, total

SMALL, LARGE = "P6", "P2"  # the fewest cases, and the most
WITH_TEXT = "text_and_structured"


def run() -> Iterator[dict]:
    """Rows of {name, cpu_seconds, reference_cpu_seconds, ratio, xgboost_share}: each part of the work, then all."""
    protocol = load_protocol()
    for prediction in (SMALL, LARGE):
        study = open_synthetic_study(protocol, prediction)
        ours, share, designs = _ours(study, protocol)
        named = f"{prediction}, {len(study.cases):,} cases"
        yield from _rows(f"{named}, beside a competent reference", ours, _Reference(study, protocol), designs, share)
        if prediction == SMALL:
            naive = _Reference(study, protocol, remembers=False)
            yield from _rows(f"{named}, beside a naive reference", ours, naive, designs, share)


def _rows(name: str, ours: dict[str, Cost], reference: "_Reference", designs, share: float) -> Iterator[dict]:
    theirs = {part: cost_of(work) for part, work in reference.parts(designs).items()}
    yield from (row(f"{name}: {part}", ours[part], theirs[part]) for part in ours)
    whole, of_reference = (total(list(costs.values())) for costs in (ours, theirs))
    yield row(f"{name}: whole", whole, of_reference, xgboost_share=share)


def _ours(study: Study, protocol: Protocol) -> tuple[dict[str, Cost], float, dict[str, FittedDesign]]:
    """What each part costs us, the share of it that is XGBoost's own, and the designs."""
    words = TextFeatures(word_counts(study.documents), protocol.text, seed=protocol.seeds.analysis)
    known, cases = Predictors(study.structured, study.text_unfitted, words), study.cases
    done: dict = {}

    def search() -> None:
        done["designs"] = fit_designs(cases, known, protocol, window_months=study.window_months)

    def curves() -> None:
        done["curves"] = fit_learning_curves(done["designs"], cases, known, protocol)

    def intervals() -> None:
        performance(done["designs"], cases, protocol)
        learning_curves(done["designs"], done["curves"], cases, protocol)

    with _timed_xgboost() as seconds:
        parts = {"search": cost_of(search), "learning curves": cost_of(curves), "intervals": cost_of(intervals)}
    return parts, sum(seconds) / sum(cost.cpu_seconds for cost in parts.values()), done["designs"]


@contextmanager
def _timed_xgboost() -> Iterator[list[float]]:
    """CPU-seconds that XGBoost takes to bin, to boost and to predict."""
    seconds: list[float] = []
    places = ((xgboost, "train"), (xgboost, "QuantileDMatrix"), (xgboost.Booster, "inplace_predict"))
    plain = [getattr(*place) for place in places]

    def timed(function: Callable) -> Callable:
        def call(*arguments, **options):
            started = time.process_time()
            value = function(*arguments, **options)
            seconds.append(time.process_time() - started)
            return value

        return call

    for (owner, name), function in zip(places, plain, strict=True):
        setattr(owner, name, timed(function))
    try:
        yield seconds
    finally:
        for (owner, name), function in zip(places, plain, strict=True):
            setattr(owner, name, function)


@dataclass
class _Reference:
    """The same work on scikit-learn; one that `remembers` also resamples in one calculation."""

    study: Study
    protocol: Protocol
    remembers: bool = True
    chosen: dict = field(default_factory=dict)
    fits: list = field(default_factory=list)
    _matrices: dict = field(default_factory=dict)

    def parts(self, designs: dict[str, FittedDesign]) -> dict[str, Callable[[], None]]:
        def of_each(work: Callable) -> Callable[[], None]:
            def call() -> None:
                for design in designs.values():
                    work(design)

            return call

        return {
            "search": of_each(self._search),
            "learning curves": of_each(self._learning_curves),
            "intervals": self._intervals,
        }

    def _search(self, design: FittedDesign) -> None:
        """As many draws of each family on the design's folds; the best is fitted on all training cases."""
        split, outcome, scores = design.split, self.study.cases.outcome, []
        for family, (_, distributions) in reference_models().items():
            draws = getattr(self.protocol.models.draws_per_family, family)
            for drawn in ParameterSampler(distributions, draws, random_state=0):
                candidate = (family, drawn)
                score = [
                    average_precision_score(outcome[held], self._risk(candidate, design, learned, held)[0])
                    for learned, held in split.folds
                ]
                scores.append((np.mean(score), len(scores), candidate))
        self.chosen[design.slug] = max(scores)[2]
        risk = self._risk(self.chosen[design.slug], design, split.train, split.test)[0]
        self.fits.append((split.test, risk))

    def _learning_curves(self, design: FittedDesign) -> None:
        """The chosen model on the same growing numbers of families; words and topics of all training cases."""
        rules, split, cases = self.protocol.learning_curves, design.split, self.study.cases
        for repeat in range(rules.repeats):
            nested = nested_rows(cases, split.train, rules.sizes, [self.protocol.seeds.analysis, repeat])
            for rows in nested if repeat == 0 else nested[:-1]:
                if 0 < cases.outcome[rows].sum() < len(rows):
                    test, own = self._risk(self.chosen[design.slug], design, split.train, split.test, among=rows)
                    self.fits += [(split.test, test), (rows, own)]

    def _risk(self, candidate: tuple, design: FittedDesign, learned, held, among=None) -> tuple[np.ndarray, np.ndarray]:
        """Risks of the held cases, and of those fitted on; `among` the learned ones, if not all."""
        train, test = self._features(design.design.predictors, learned, held)
        rows = learned if among is None else among
        train = train[np.searchsorted(learned, rows)]
        family, parameters = candidate
        model = _model(family, parameters).fit(train, self.study.cases.outcome[rows])
        return model.predict_proba(test)[:, 1], model.predict_proba(train)[:, 1]

    def _features(self, seen: str, learned: np.ndarray, held: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        key = (seen, learned.tobytes(), held.tobytes())
        if not self.remembers or key not in self._matrices:
            self._matrices[key] = self._learn_features(seen, learned, held)
        return self._matrices[key]

    def _learn_features(self, seen: str, learned: np.ndarray, held: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        parts = (learned, held)
        if seen != WITH_TEXT:
            return tuple(self.study.structured[rows] for rows in parts)
        text, texts = self.protocol.text, self._texts
        weigh = TfidfVectorizer(
            stop_words="english", token_pattern=r"[a-z]{3,}", min_df=FEWEST_CASES, max_df=LARGEST_SHARE,
            max_features=text.words,
        )  # fmt: skip
        words = [weigh.fit_transform(texts[learned]), weigh.transform(texts[held])]
        topics = NMF(text.topics, tol=1e-3, random_state=0).fit(words[0])  # at random where words are fewer than topics
        return tuple(  # type: ignore[return-value]
            np.hstack([self.study.structured[rows], self.study.text_unfitted[rows], w.toarray(), topics.transform(w)])
            for rows, w in zip(parts, words, strict=True)
        )

    @cached_property
    def _texts(self) -> np.ndarray:
        return np.array(self.study.documents.texts, dtype=object)

    def _intervals(self) -> None:
        for rows, risk in self.fits:
            outcome, family = (
                self.study.cases.outcome[rows],
                np.unique(self.study.cases.family[rows], return_inverse=True)[1],
            )
            (_resample if self.remembers else _resample_in_a_loop)(
                outcome, risk, family, self.protocol.uncertainty.replicates
            )


def _model(family: str, parameters: dict):
    prepared = (StandardScaler(), SimpleImputer(strategy="constant", fill_value=0.0))
    steps = prepared if family == "logistic_regression" else ()  # the others read values as they are
    return make_pipeline(*steps, reference_models()[family][0]).set_params(**parameters)


def _resample(outcome: np.ndarray, risk: np.ndarray, family: np.ndarray, replicates: int) -> None:
    """Average precision and AUC of every replicate at once, from one sort; equal risks are not brought together."""
    families = family.max() + 1
    drawn = np.random.default_rng(0).multinomial(families, np.full(families, 1 / families), replicates)
    order = np.argsort(-risk)
    weights = drawn.T[family[order]].astype(float)
    true = np.cumsum(weights * outcome[order][:, None], axis=0)
    seen = np.cumsum(weights, axis=0)
    gained = np.diff(true, axis=0, prepend=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        np.nansum(gained * true / seen, axis=0) / true[-1]
        np.sum(gained * (seen[-1] - true[-1] - (seen - true)), axis=0) / (true[-1] * (seen[-1] - true[-1]))


def _resample_in_a_loop(outcome: np.ndarray, risk: np.ndarray, family: np.ndarray, replicates: int) -> None:
    members = np.split(np.argsort(family, kind="stable"), np.flatnonzero(np.diff(np.sort(family))) + 1)
    random = np.random.default_rng(0)
    for _ in range(replicates):
        rows = np.concatenate([members[drawn] for drawn in random.integers(0, len(members), len(members))])
        if 0 < outcome[rows].sum() < len(rows):
            average_precision_score(outcome[rows], risk[rows])
            roc_auc_score(outcome[rows], risk[rows])
