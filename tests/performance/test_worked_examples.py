"""The examples in the docstrings are what the code does."""

import doctest
import importlib

import pytest

MODULES = ["model.splits", "model.designs", "performance.ranking", "performance.metrics", "performance.comparisons"]
MODULES += ["performance.subgroup_pairs", "performance.learning_curves"]


@pytest.mark.parametrize("name", MODULES)
def test_worked_examples(name):
    failed, tried = doctest.testmod(importlib.import_module(f"analysis.{name}"))
    assert tried > 0 and failed == 0
