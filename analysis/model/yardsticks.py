"""Yardsticks: simple ways of ranking cases, learned from the training cases of the models they are compared with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from analysis.errors import ProtocolError
from analysis.model.candidates import HYPER_PARAMETERS, Candidate
from analysis.model.cases import Cases
from analysis.model.risks import fitted_risks
from analysis.protocol import Protocol

AGE = "age_years"
AT_RANDOM, AGE_ALONE, ONE_VARIABLE, FOUR_VARIABLES = "at_random", "age_alone", "one_variable", "four_variables"
YARDSTICKS = (AT_RANDOM, AGE_ALONE, ONE_VARIABLE, FOUR_VARIABLES)
_LEAST_PENALISED = HYPER_PARAMETERS["logistic_regression"]["inverse_penalty"][2]


@dataclass(frozen=True)
class Yardstick:
    """One simple way of ranking cases.

    Attributes
    ----------
    name : str
        One of `YARDSTICKS`.
    predictors : tuple of str
        The structured predictors it uses, without those that are the same for every training case.
    risk : ndarray of float, shape (cases it was applied to,)
        Higher is riskier; a probability but for "one_variable", which is the count itself.
    """

    name: str
    predictors: tuple[str, ...]
    risk: np.ndarray


def fit_yardsticks(
    structured: pl.DataFrame, cases: Cases, train: np.ndarray, apply_to: np.ndarray, protocol: Protocol
) -> dict[str, Yardstick]:
    """Each yardstick, learned from some cases and applied to others, by name.

    =============== ===============================================================================================
    yardstick       risk of a case
    =============== ===============================================================================================
    at_random       the share of training cases with the outcome, for every case alike
    age_alone       the same among the training cases of its age band; where age is not recorded, among those
    one_variable    the count of its recent referrals; of its recent contacts where referrals do not differ
    four_variables  logistic regression on that count, age, and earlier plans of the child and of its siblings
    =============== ===============================================================================================

    Parameters
    ----------
    structured : polars.DataFrame
        The structured predictors, one row per case in the order of `cases`.
    cases : Cases
    train, apply_to : ndarray of int
        Row numbers to learn from, and to give risks to.
    protocol : Protocol
        Names the predictors (`yardsticks`) and the bands of age (`subgroups`).

    Returns
    -------
    dict of str to Yardstick

    Raises
    ------
    ProtocolError
        If the protocol names a predictor that there is not.

    References
    ----------
    Salganik, M. J., and others (2020). Measuring the predictability of life outcomes with a scientific mass
    collaboration. PNAS, 117, 8398-8403: a benchmark of four variables.
    """
    values = {name: structured[name].to_numpy().astype(float) for name in _named(protocol, structured.columns)}
    differing = [name for name in values if _differs(values[name][train])]
    recent = next((name for name in protocol.yardsticks.recent if name in differing), protocol.yardsticks.recent[0])
    four = (recent, *protocol.yardsticks.beside)
    outcome = cases.outcome[train]
    risks = {
        AT_RANDOM: ((), np.full(len(apply_to), outcome.mean())),
        AGE_ALONE: ((AGE,), _share_by_age(values[AGE], outcome, train, apply_to, protocol.subgroups.age_bands_years)),
        ONE_VARIABLE: ((recent,), np.nan_to_num(values[recent][apply_to])),
        FOUR_VARIABLES: (four, _logistic([values[name] for name in four], outcome, train, apply_to)),
    }
    return {
        name: Yardstick(name, tuple(used for used in predictors if used in differing), risk)
        for name, (predictors, risk) in risks.items()
    }


def yardsticks_of_designs(
    designs: Mapping, structured: pl.DataFrame, cases: Cases, protocol: Protocol
) -> dict[str, dict[str, Yardstick]]:
    """The yardsticks on the test cases of each kind of design, by whose cases it learned from.

    Designs that learn from the same cases share their split, and so their yardsticks.

    Parameters
    ----------
    designs : mapping of str to FittedDesign
    structured : polars DataFrame
        Structured predictors, one row per case.
    cases : Cases
    protocol : Protocol

    Returns
    -------
    dict of str to dict[str, Yardstick]
    """
    splits = {fitted.design.learned_from: fitted.split for fitted in designs.values()}
    return {
        learned_from: fit_yardsticks(structured, cases, split.train, split.test, protocol)
        for learned_from, split in splits.items()
    }


def _named(protocol: Protocol, known: Sequence[str]) -> tuple[str, ...]:
    """The predictors that the yardsticks name; raises `ProtocolError` for those there are not."""
    asked = {"recent": protocol.yardsticks.recent, "beside": protocol.yardsticks.beside}
    problems = [
        f"'yardsticks.{key}': {name!r} is no structured predictor; use one of the table of predictors, such as {AGE!r}"
        for key, names in asked.items()
        for name in names
        if name not in known
    ]
    if problems:
        raise ProtocolError("protocol", problems)
    return tuple(dict.fromkeys((AGE, *asked["recent"], *asked["beside"])))


def _differs(values: np.ndarray) -> bool:
    known = values[np.isfinite(values)]
    return len(known) > 0 and bool((known != known[0]).any())


def _share_by_age(age: np.ndarray, outcome: np.ndarray, train: np.ndarray, apply_to: np.ndarray, bands) -> np.ndarray:
    """The share of training cases with the outcome in each case's band of age; of all of them where a band is empty."""
    band = np.where(np.isfinite(age), np.digitize(age, bands), len(bands) + 1)
    cases = np.bincount(band[train], minlength=len(bands) + 2)
    positives = np.bincount(band[train], weights=outcome, minlength=len(bands) + 2)
    share = np.where(cases > 0, positives / np.maximum(cases, 1), outcome.mean())
    return share[band[apply_to]]


def _logistic(columns: list[np.ndarray], outcome: np.ndarray, train: np.ndarray, apply_to: np.ndarray) -> np.ndarray:
    matrix = np.column_stack(columns)
    candidate = Candidate("logistic_regression", 1, {"inverse_penalty": _LEAST_PENALISED})
    return fitted_risks([candidate], matrix[train], outcome, [matrix[apply_to]])[0][0][0]
