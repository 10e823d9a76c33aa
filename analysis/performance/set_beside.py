"""Every table that sets a prediction's models beside something else, by the name it is released under."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import polars as pl

from analysis.cohort.decisions import Decision
from analysis.model import Cases, Predictors
from analysis.model.dependence import fit_dependence
from analysis.model.equally_good import fit_alternatives
from analysis.model.yardsticks import yardsticks_of_designs
from analysis.performance.ceiling import ceiling
from analysis.performance.dependence import dependence
from analysis.performance.enough_cases import enough_cases
from analysis.performance.equally_good import equally_good
from analysis.performance.metrics import Designs
from analysis.performance.yardsticks import flags_compared, yardsticks
from analysis.protocol import Protocol


def beside_simple_rules(
    designs: Designs,
    structured: pl.DataFrame,
    decisions: Mapping[str, Decision],
    planted: np.ndarray | None,
    cases: Cases,
    protocol: Protocol,
) -> dict[str, pd.DataFrame]:
    """Models beside simple rules, decisions and, for invented cases, the planted risk.

    Parameters
    ----------
    designs : mapping of str to FittedDesign
    structured : polars.DataFrame
        The structured predictors by name, one row per case in the order of `cases`.
    decisions : mapping of str to Decision
        As `analysis.cohort.decisions.decisions_on` returns them.
    planted : ndarray of float, shape (cases,), or None
        The risk that each outcome was drawn from; None for an authority's own cases.
    cases : Cases
    protocol : Protocol

    Returns
    -------
    dict of table name -> DataFrame
    """
    simple = yardsticks_of_designs(designs, structured, cases, protocol)
    return {
        "yardsticks": yardsticks(designs, simple, cases, protocol),
        "flags_compared": flags_compared(designs, decisions, cases, protocol),
        "ceiling": ceiling(designs, planted, cases, protocol),
    }


def beside_other_models(
    designs: Designs,
    cases: Cases,
    child: np.ndarray,
    predictors: Predictors,
    characteristics: pd.DataFrame,
    protocol: Protocol,
) -> dict[str, pd.DataFrame]:
    """The chosen models beside the same candidate under other divisions, equally good ones, and the cases they needed.

    Parameters
    ----------
    designs : mapping of str to FittedDesign
    cases : Cases
    child : ndarray, shape (cases,)
        Whose case each is.
    predictors : Predictors
    characteristics : pandas.DataFrame
        One row per case in the order of the cases, one column per characteristic of the protocol.
    protocol : Protocol

    Returns
    -------
    dict of table name -> DataFrame
    """
    alternatives = fit_alternatives(designs, cases, predictors, protocol)
    divided = fit_dependence(designs, cases, child, predictors, protocol)
    return {
        "dependence": dependence(designs, divided, cases, protocol),
        "equally_good": equally_good(designs, alternatives, cases, characteristics, protocol),
        "enough_cases": enough_cases(designs, alternatives, cases),
    }
