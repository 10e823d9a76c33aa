"""Charts of released tables: each `plot_*` has its `describe_*`, and `CHARTS` holds those of every module here."""

from importlib import import_module
from pkgutil import iter_modules

from analysis.book.charts.charts import CHARTS, Chart, chart

__all__ = ["CHARTS", "Chart", "chart"]

for _module in iter_modules(__path__, f"{__name__}."):
    import_module(_module.name)
