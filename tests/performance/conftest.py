"""One small planted world, fitted once, for the tables of performance."""

import numpy as np
import pandas as pd
import pytest

from analysis.model import fit_designs, fit_learning_curves
from analysis.protocol import load_protocol
from benchmarks.planted_world import plant_world


@pytest.fixture(scope="session")
def protocol():
    """The registered protocol with fewer draws, replicates and repeats."""
    registered = load_protocol()
    few = {"logistic_regression": 1, "decision_tree": 1, "xgboost": 1}
    draws = registered.models.draws_per_family.model_copy(update=few)
    return registered.model_copy(
        update={
            "models": registered.models.model_copy(update={"draws_per_family": draws}),
            "uncertainty": registered.uncertainty.model_copy(update={"replicates": 200, "permutations": 200}),
            "learning_curves": registered.learning_curves.model_copy(update={"repeats": 2}),
        }
    )


@pytest.fixture(scope="session")
def world():
    return plant_world(1000, seed=21, prevalence=0.15, signal=1.5, words=20, topics=2)


@pytest.fixture(scope="session")
def designs(world, protocol):
    return fit_designs(world.cases, world.predictors, protocol, window_months=12)


@pytest.fixture(scope="session")
def curves(world, designs, protocol):
    return fit_learning_curves(designs, world.cases, world.predictors, protocol)


@pytest.fixture(scope="session")
def characteristics(world):
    random, count = np.random.default_rng(5), len(world.cases)
    return pd.DataFrame(
        {
            "gender": random.choice(["female", "male"], count),
            "disability": random.choice(["yes", "no", None], count, p=[0.1, 0.7, 0.2]),
            "ethnicity_group": random.choice(["White", "Asian", "Other ethnicity"], count, p=[0.75, 0.24, 0.01]),
            "age_band": random.choice(["under 1", "1 to 4", "16 and over"], count),
        }
    )
