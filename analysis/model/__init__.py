"""Models: splits by family and time, a fair search, and risks for cases the model has not seen."""

from analysis.model.cases import Cases, Predictors, TextFeatures
from analysis.model.designs import FittedDesign, fit_designs, risks_of_test_cases
from analysis.model.learning_curves import CurveFit, fit_learning_curves

__all__ = [
    "Cases",
    "CurveFit",
    "FittedDesign",
    "Predictors",
    "TextFeatures",
    "fit_designs",
    "fit_learning_curves",
    "risks_of_test_cases",
]
