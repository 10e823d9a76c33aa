"""Charts of the study of family networks, a module to a chapter."""

from analysis.book.charts.network import example, fairness, models, trees, whole_life

__all__ = ["example", "fairness", "models", "trees", "whole_life"]
