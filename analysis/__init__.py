"""Does machine learning work in children's services? The analysis behind the book.

In a notebook::

    from analysis import open_problem, open_results, open_networks

    study = open_problem("LA1", "P1")
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.study.networks import open_networks
    from analysis.study.problem import open_problem
    from analysis.study.results import open_results

__all__ = ["open_networks", "open_problem", "open_results"]


def __getattr__(name: str):
    """Import what opens a study when it is asked for, so that importing one room of the package stays cheap."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"analysis.study.{name.removeprefix('open_')}"), name)
