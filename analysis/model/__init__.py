"""Models: splits by family and time, a fair search, and risks for cases the model has not seen."""

from analysis.model.cases import Cases, Predictors, TextFeatures
from analysis.model.designs import FittedDesign, fit_designs, risks_of_test_cases

__all__ = ["Cases", "FittedDesign", "Predictors", "TextFeatures", "fit_designs", "risks_of_test_cases"]
