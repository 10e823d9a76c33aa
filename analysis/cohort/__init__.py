"""From checked tables to cases: who is in the study, what happened to them, and what was known beforehand.

Frames in, new frames out; nothing here reads or writes a file of a child's.
"""

from analysis.cohort.cases import Cohort, build_cohort, find_cases
from analysis.cohort.predictor_catalogue import PREDICTORS, Predictor
from analysis.cohort.predictor_values import predictors, predictors_table

__all__ = ["PREDICTORS", "Cohort", "Predictor", "build_cohort", "find_cases", "predictors", "predictors_table"]
