"""Performance: from risks and outcomes to the tables of a page, each with its uncertainty."""

from analysis.performance.metrics import operating_point, performance, sample

__all__ = ["operating_point", "performance", "sample"]
