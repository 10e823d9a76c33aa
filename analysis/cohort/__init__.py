"""From checked tables to cases: who is in the study, what happened to them, and what was known beforehand.

Frames in, new frames out; nothing here reads or writes a file of a child's.
"""

from analysis.cohort.cases import Cohort, build_cohort, find_cases
from analysis.cohort.characteristics import characteristics
from analysis.cohort.predictor_catalogue import PREDICTORS, Predictor
from analysis.cohort.predictor_values import predictors, predictors_table
from analysis.cohort.tables import outcome_by_year

__all__ = [
    "PREDICTORS",
    "Cohort",
    "Predictor",
    "build_cohort",
    "characteristics",
    "find_cases",
    "outcome_by_year",
    "predictors",
    "predictors_table",
]
