"""The protocol with fewer draws and replicates, so that tests take seconds."""

import pytest

from analysis.protocol import load_protocol


@pytest.fixture(scope="session")
def quick_protocol():
    protocol = load_protocol()
    draws = protocol.models.draws_per_family.model_copy(
        update={"logistic_regression": 2, "decision_tree": 2, "xgboost": 2}
    )
    return protocol.model_copy(update={"models": protocol.models.model_copy(update={"draws_per_family": draws})})
