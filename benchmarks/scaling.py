"""What one problem costs as its cases grow: no faster than cases x log(cases) is what is asked."""

import numpy as np
import pandas as pd

from analysis.model import fit_designs, fit_learning_curves
from analysis.performance import evaluate
from analysis.protocol import Protocol, load_protocol
from benchmarks.planted_world import plant_world
from benchmarks.timing import cost_of, row, with_exponent

SCALES = (1_000, 3_000, 10_000, 30_000, 100_000)
CHARACTERISTICS = {
    "gender": ("female", "male"),
    "disability": ("yes", "no", "unknown"),
    "ethnicity_group": ("White", "Mixed", "Asian", "Black", "Other ethnicity", "Missing"),
    "age_band": ("under 1", "1 to 4", "5 to 9", "10 to 15", "16 and over"),
}


def run() -> list[dict]:
    """One row for each number of cases, the last with the power of the cases by which the cost grew."""
    protocol = load_protocol()
    return with_exponent(SCALES, [_scale(count, protocol) for count in SCALES])


def _scale(count: int, protocol: Protocol) -> dict:
    """The models, curves and tables of one problem with a few words."""
    world = plant_world(count, seed=2, prevalence=0.05, structured=70, words=50, topics=5)
    random = np.random.default_rng(0)
    groups = pd.DataFrame({name: random.choice(labels, count) for name, labels in CHARACTERISTICS.items()})

    def whole():
        designs = fit_designs(world.cases, world.predictors, protocol, window_months=12)
        curves = fit_learning_curves(designs, world.cases, world.predictors, protocol)
        evaluate(designs, curves, world.cases, groups, protocol)

    return row(f"one problem of {count:,} cases", cost_of(whole))
