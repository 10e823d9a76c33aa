"""The candidates tried: seeded draws of hyper-parameters for each family of models, the same for every design."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from analysis.protocol.values import Models

# Distribution of each hyper-parameter: (kind, lowest, highest). "log" draws evenly on the logarithm.
HYPER_PARAMETERS: Mapping[str, Mapping[str, tuple[str, float, float]]] = {
    "logistic_regression": {"inverse_penalty": ("log", 1e-3, 1.0)},
    "decision_tree": {"max_depth": ("integer", 2, 7), "cases_per_leaf": ("log", 10, 200)},
    "xgboost": {
        "learning_rate": ("log", 0.05, 0.3),
        "max_depth": ("integer", 2, 4),
        "min_child_weight": ("log", 0.5, 20.0),
        "reg_lambda": ("log", 0.1, 30.0),
        "subsample": ("even", 0.6, 1.0),
        "colsample_bytree": ("even", 0.2, 1.0),
    },
}


@dataclass(frozen=True)
class Candidate:
    """A family of models with its hyper-parameters.

    Attributes
    ----------
    family : {"logistic_regression", "decision_tree", "xgboost"}
    draw : int
        Number of the draw within the family, from 1.
    parameters : dict
    """

    family: str
    draw: int
    parameters: Mapping[str, float]

    def with_rounds(self, rounds: int | None) -> "Candidate":
        """The same candidate stopped after this many boosting rounds; itself if it has none."""
        return self if rounds is None else replace(self, parameters={**self.parameters, "rounds": rounds})

    def __str__(self) -> str:
        return ", ".join(f"{name.replace('_', ' ')} {value:.3g}" for name, value in self.parameters.items())


def draw_candidates(models: Models, *, seed: int) -> tuple[Candidate, ...]:
    """The protocol's number of draws of each family's hyper-parameters.

    Parameters
    ----------
    models : Models
        The protocol's section on models.
    seed : int
        From the protocol; the same seed gives the same result.

    Returns
    -------
    tuple of Candidate
    """
    return tuple(
        Candidate(family, number + 1, parameters)
        for place, family in enumerate(models.families)
        for number, parameters in enumerate(
            _draws(
                HYPER_PARAMETERS[family], getattr(models.draws_per_family, family), np.random.default_rng([seed, place])
            )
        )
    )


def _draws(distributions: Mapping, count: int, random: np.random.Generator) -> list[dict[str, float]]:
    """`count` draws spread by a Latin hypercube, so that few draws still cover each range."""
    strata = [(random.permutation(count) + random.random(count)) / count for _ in distributions]
    return [
        {name: _at(share, *distributions[name]) for name, share in zip(distributions, shares, strict=True)}
        for shares in zip(*strata, strict=True)
    ]


def _at(share: float, kind: str, lowest: float, highest: float) -> float:
    if kind == "integer":
        return int(lowest + np.floor(share * (highest - lowest + 1)))
    if kind == "log":
        return float(lowest * (highest / lowest) ** share)
    return float(lowest + share * (highest - lowest))
