"""The tables of one sample: every model, the selected ones, and how sure the selection is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol as Shape

import numpy as np
import pandas as pd
from scipy.special import expit

from analysis.network.cells import Sample
from analysis.network.discrimination import difference_interval, standard_errors_each_way
from analysis.network.study import (
    MOST_BESIDE_AGE,
    Fitted,
    LogisticModel,
    Subset,
    SubsetSearch,
    auc_of,
    candidates,
    chosen_under_resampling,
    fit_model,
    interaction_auc,
)
from analysis.protocol.values import Networks

FALSE_POSITIVE_RATES = np.linspace(0, 1, 21)  # every twentieth (ours)
ALL = "all"


class Published(Shape):
    """A row of the published table of models."""

    sample: str
    predictors: Subset | None
    auc: float
    comment: str


@dataclass(frozen=True)
class Selected:
    """A model of the published table, fitted here."""

    published: Published
    model: LogisticModel

    @property
    def label(self) -> str:
        return subset_label(self.model.subset, self.published.sample)


def subset_label(subset: Subset, sample: str) -> str:
    """A set of predictors as words: their names, "all" or "age alone".

    Parameters
    ----------
    subset : Subset
    sample : {"all", "first", "subsequent"}

    Returns
    -------
    str
    """
    if subset == candidates(sample):
        return ALL
    return " ".join(subset) or "age alone"


def counts_of(sample: Sample) -> dict[str, int]:
    """The two columns of counts that every table of a sample has."""
    return {"notifications": sample.notifications, "high_concern": int(sample.concern.sum())}


def select(sample: str, coded: Sample, published: Sequence[Published], full: LogisticModel) -> list[Selected]:
    """Fit the models that the published table has for this sample.

    Parameters
    ----------
    sample : {"all", "first", "subsequent"}
    coded : Sample
        The notifications of that sample.
    published : sequence of Published
        The models that source B prints, of every sample.
    full : LogisticModel
        The model of all predictors.

    Returns
    -------
    list of Selected
        In the published order.
    """
    return [
        Selected(row, fit_model(coded, row.predictors) if row.predictors else full)
        for row in published
        if row.sample == sample
    ]


def models_table(sample: str, coded: Sample, search: SubsetSearch, full: Fitted) -> pd.DataFrame:
    """Every small model and the full one.

    Parameters
    ----------
    sample : {"all", "first", "subsequent"}
    coded : Sample
        Its notifications.
    search : SubsetSearch
        Every small model, fitted.
    full : Fitted
        The model of all predictors.

    Returns
    -------
    pandas.DataFrame
        The table "network_models", before disclosure control.
    """
    low, high = full.area.interval
    whole = pd.DataFrame(
        [(full.subset, full.area.auc, low, high, full.fit.aic)], columns=["subset", "auc", "low", "high", "aic"]
    )
    table = pd.concat([search.table, whole], ignore_index=True)
    near = [*np.where(near_best(search), "yes", "no"), "full model"]
    return pd.DataFrame(
        {
            "sample": sample,
            "predictors": [subset_label(subset, sample) for subset in table["subset"]],
            "number": [len(subset) + 1 for subset in table["subset"]],
            **counts_of(coded),
            "auc": table["auc"],
            "auc_low": table["low"],
            "auc_high": table["high"],
            "aic": table["aic"],
            "aic_above_best": table["aic"] - table["aic"].min(),
            "near_best": near,
        }
    )


def near_best(search: SubsetSearch) -> np.ndarray:
    """Small models whose area is within one standard error, over families, of the best one's."""
    best = search.table["auc"].idxmax()
    apart = (search.of_family[best] - own for own in search.of_family)
    error = np.sqrt([np.einsum("i,i->", each, each, dtype=np.float64) for each in apart])
    return (search.table["auc"].max() - search.table["auc"]).to_numpy() <= error


def four_variable(search: SubsetSearch) -> SubsetSearch:
    """The models of age and exactly three others."""
    fewer = sum(len(subset) < MOST_BESIDE_AGE for subset in search.table["subset"])  # they come first
    table = search.table[fewer:].reset_index(drop=True)
    return SubsetSearch(table, search.of_family[fewer:], search.best_permuted)


def selection_tables(
    sample: str, coded: Sample, search: SubsetSearch, definitions: Networks, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """How often each predictor is in the best four-variable model, and what the best of many is worth.

    Parameters
    ----------
    sample : {"all", "first", "subsequent"}
    coded : Sample
        Its notifications.
    search : SubsetSearch
        Every small model, fitted.
    definitions : Networks
        Number of resamples of families.
    seed : int
        Of the resamples.

    Returns
    -------
    tuple of pandas.DataFrame and pandas.DataFrame
        The tables "network_selection" and "network_best_of_many", before disclosure control.
    """
    four = four_variable(search)
    best = four.table["subset"][four.table["auc"].idxmax()]
    chosen = four.table["subset"].iloc[chosen_under_resampling(four, definitions.replicates, seed)].tolist()
    predictors = pd.DataFrame(
        {
            "sample": sample,
            "predictor": candidates(sample),
            **counts_of(coded),
            "chosen": ["yes" if name in best else "no" for name in candidates(sample)],
            "frequency": [np.mean([name in subset for subset in chosen]) for name in candidates(sample)],
        }
    )
    best_of_many = pd.DataFrame(
        [
            {
                "sample": sample,
                "best": subset_label(best, sample),
                "models": len(four.table),
                **counts_of(coded),
                "auc": four.table["auc"].max(),
                "frequency": float(np.mean([subset == best for subset in chosen])),
                "near_best": int(near_best(four).sum()),
                "permutations": len(search.best_permuted),
                "permuted_lowest": search.best_permuted.min(),
                "permuted_highest": search.best_permuted.max(),
            }
        ]
    )
    return predictors, best_of_many


def table_2(coded: Sample, other_folds: Sample, selected: Sequence[Selected]) -> pd.DataFrame:
    """Published beside run, with folds by child and by notification.

    Parameters
    ----------
    coded : Sample
        The notifications of the sample.
    other_folds : Sample
        The same, folded by the other unit.
    selected : sequence of Selected
        Models of that sample.

    Returns
    -------
    pandas.DataFrame
        The table "network_table_2", before disclosure control.
    """
    rows = []
    for row in selected:
        low, high = row.model.area.interval
        rows.append(
            {
                "sample": row.published.sample,
                "predictors": row.label,
                "comment": row.published.comment,
                "number": len(row.model.subset) + 1,
                **counts_of(coded),
                "published": row.published.auc,
                "auc": row.model.area.auc,
                "auc_low": low,
                "auc_high": high,
                "auc_other_folds": auc_of(other_folds, row.model.subset),
                "difference": row.model.area.auc - row.published.auc,
            }
        )
    return pd.DataFrame(rows)


def gains_table(coded: Sample, selected: Sequence[Selected]) -> pd.DataFrame:
    """Each kind of information against the models without it, as the published table pairs them.

    Parameters
    ----------
    coded : Sample
        The notifications of the sample.
    selected : sequence of Selected
        Models of that sample.

    Returns
    -------
    pandas.DataFrame
        The table "network_gains", before disclosure control.
    """
    by_comment = {row.published.comment: row for row in selected}
    pairs = {
        "whole-life over recorded": (
            "best four-variable model",
            "best four-variable model without whole-life relationships",
        ),
        "recorded over events": (
            "best four-variable model without whole-life relationships",
            "best four-variable model from events alone",
        ),
        "all over four variables": ("best model", "best four-variable model"),
    }
    rows = []
    for comparison, (first, second) in pairs.items():
        if first not in by_comment or second not in by_comment:
            continue
        a, b = by_comment[first], by_comment[second]
        gain, low, high = difference_interval(a.model.area, b.model.area)
        rows.append(
            {
                "sample": a.published.sample,
                "comparison": comparison,
                **counts_of(coded),
                "published": round(a.published.auc - b.published.auc, 3),
                "gain": gain,
                "gain_low": low,
                "gain_high": high,
            }
        )
    return pd.DataFrame(rows)


def interactions_table(coded: Sample, selected: Sequence[Selected]) -> pd.DataFrame:
    """Squares and products added to the four-variable models.

    Parameters
    ----------
    coded : Sample
        The notifications of the sample.
    selected : sequence of Selected
        Models of that sample.

    Returns
    -------
    pandas.DataFrame
        The table "network_interactions", before disclosure control.
    """
    rows = []
    for row in selected:
        if len(row.model.subset) > MOST_BESIDE_AGE:
            continue
        wider = interaction_auc(coded, row.model.subset)
        rows.append(
            {
                "sample": row.published.sample,
                "predictors": row.label,
                **counts_of(coded),
                "auc": row.model.area.auc,
                "auc_with_interactions": wider,
                "gain": wider - row.model.area.auc,
            }
        )
    return pd.DataFrame(rows)


def coefficients_table(coded: Sample, selected: Sequence[Selected]) -> pd.DataFrame:
    """Log odds per unit, with intervals over families (the sandwich estimator).

    Parameters
    ----------
    coded : Sample
        The notifications of the sample.
    selected : sequence of Selected
        Models of that sample, at least one.

    Returns
    -------
    pandas.DataFrame
        The table "network_coefficients", before disclosure control.
    """
    parts = []
    for row in selected:
        error = standard_errors_each_way(coded.level) * clustered_errors(row.model, coded)
        estimate = row.model.fit.coefficients
        parts.append(
            pd.DataFrame(
                {
                    "sample": row.published.sample,
                    "predictors": row.label,
                    "term": ["intercept", "Age", *row.model.subset],
                    **counts_of(coded),
                    "log_odds": estimate,
                    "log_odds_low": estimate - error,
                    "log_odds_high": estimate + error,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def clustered_errors(model: LogisticModel, coded: Sample) -> np.ndarray:
    """Standard errors of the coefficients when notifications of a family are alike.

    Parameters
    ----------
    model : LogisticModel
    coded : Sample
        The notifications that it was fitted to.

    Returns
    -------
    ndarray of float, shape (coefficients,)
        On the scale of the log odds; without a correction for few families.

    References
    ----------
    Liang, K.-Y., & Zeger, S. L. (1986). Longitudinal data analysis using generalized linear models. Biometrika, 73,
    13-22.
    """
    cells = model.cells
    risk = expit(cells.x @ model.fit.coefficients)
    information = (cells.x * (cells.cases.sum(axis=1) * risk * (1 - risk))[:, None]).T @ cells.x
    residual = coded.concern - risk[cells.of_notification]
    scores = np.column_stack(
        [np.bincount(coded.family, weights=residual * column[cells.of_notification]) for column in cells.x.T]
    )
    bread = np.linalg.pinv(information)
    return np.sqrt(np.diag(bread @ (scores.T @ scores) @ bread))


def roc_table(selected: Sequence[Selected]) -> pd.DataFrame:
    """Recall on a fixed grid of false positive rates, risks out of fold."""
    parts = []
    for row in selected:
        recall = recall_at(row.model, FALSE_POSITIVE_RATES)
        parts.append(
            pd.DataFrame(
                {
                    "sample": row.published.sample,
                    "predictors": row.label,
                    "false_positive_rate": FALSE_POSITIVE_RATES,
                    "recall": recall,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def recall_at(model: LogisticModel, false_positive_rates: np.ndarray) -> np.ndarray:
    """The ROC curve of risks out of fold, between its corners along straight lines.

    Parameters
    ----------
    model : LogisticModel
    false_positive_rates : ndarray of float
        From 0 to 1.

    Returns
    -------
    ndarray of float
        From 0 to 1, in the shape of the rates.
    """
    score = (model.cells.x @ model.coefficients.T).ravel()
    cases, positives = model.cells.cases.ravel(), model.cells.positives.ravel()
    used = cases > 0
    order = np.argsort(-score[used], kind="stable")
    true = np.concatenate([[0], np.cumsum(positives[used][order])]) / positives.sum()
    false = np.concatenate([[0], np.cumsum((cases - positives)[used][order])]) / (cases - positives).sum()
    return np.interp(false_positive_rates, false, true)
