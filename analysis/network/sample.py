"""Every table of one sample of notifications, from its rows alone: samples may be studied side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.network.cells import Sample
from analysis.network.fairness import fairness_tables
from analysis.network.permuted import permute
from analysis.network.selection import (
    Published,
    Selected,
    coefficients_table,
    gains_table,
    interactions_table,
    models_table,
    roc_table,
    select,
    selection_tables,
    table_2,
)
from analysis.network.study import (
    Fitted,
    candidates,
    fit_all,
    fit_model,
    of_sample,
    sample_of,
    small_subsets,
    without_whole_life,
)
from analysis.network.whole_life import Additions, gains_in_sample
from analysis.network.wider import wider_gains
from analysis.protocol.values import Networks


@dataclass(frozen=True)
class Counted:
    """Notifications in memory, with all that is counted of each.

    Attributes
    ----------
    frame : DataFrame
        The table of notifications, whole-life networks by the protocol's reading.
    readings : dict of DataFrame
        By reading, the placebo among them: the predictors that stand for the whole-life network.
    wider : dict of DataFrame
        By number of steps: counts over wider networks.
    """

    frame: pd.DataFrame
    readings: Additions
    wider: Mapping[int, pd.DataFrame]

    def rows_of(self, sample: str) -> "Counted":
        """The notifications of a sample."""
        chosen = of_sample(self.frame, sample)
        if chosen.all():
            return self
        readings = {reading: added[chosen] for reading, added in self.readings.items()}
        return Counted(self.frame[chosen], readings, {steps: added[chosen] for steps, added in self.wider.items()})


def study_sample(
    sample: str, counted: Counted, *, published: Sequence[Published], definitions: Networks, level: float, seed: int
) -> dict[str, pd.DataFrame]:
    """Every table of one sample: the logistic study, its full model's calibration and errors, what links add.

    Parameters
    ----------
    sample : {"all", "first", "subsequent"}
    counted : Counted
        The notifications of the sample.
    published : sequence of Published
        The models that source B prints, of every sample.
    definitions : Networks
        The protocol's section on networks.
    level : float
        Coverage of the intervals, above 0 and below 1.
    seed : int
        Of the permutations and resamples.

    Returns
    -------
    dict of str to pandas.DataFrame
        By the table's name, not yet under disclosure control.
    """
    unit = definitions.unit_of_folds
    coded = sample_of(counted.frame, sample, unit_of_folds=unit, level=level)
    other_unit = {"child": "notification", "notification": "child"}[unit]
    other_folds = replace(coded, fold=counted.frame[f"fold_by_{other_unit}"].to_numpy(np.int16))
    full = fit_model(coded, candidates(sample))
    tables = _published_models(sample, coded, other_folds, select(sample, coded, published, full))
    fairness = fairness_tables(counted.frame, coded, full, definitions.flagged_share)
    tables |= {name: table.assign(sample=sample) for name, table in fairness.items()}
    whole = full.without_cells()
    del full  # its cells may take gigabytes, and nothing below needs them
    without = fit_model(coded, without_whole_life(candidates(sample))).without_cells()
    fitted = {definitions.whole_life_links: whole}
    tables["network_whole_life"] = gains_in_sample(sample, coded, counted.readings, without=without, fitted=fitted)
    if counted.wider:
        tables["network_wider"] = wider_gains(sample, coded, counted.wider, without=without)
    coded.numbered.clear()  # numberings of many predictors, for the same reason
    return tables | _search_tables(sample, coded, whole, definitions, seed)


def _published_models(
    sample: str, coded: Sample, other_folds: Sample, selected: Sequence[Selected]
) -> dict[str, pd.DataFrame]:
    return {
        "network_table_2": table_2(coded, other_folds, selected),
        "network_gains": gains_table(coded, selected),
        "network_interactions": interactions_table(coded, selected),
        "network_coefficients": coefficients_table(coded, selected),
        "network_roc": roc_table(selected),
    }


def _search_tables(
    sample: str, coded: Sample, full: Fitted, definitions: Networks, seed: int
) -> dict[str, pd.DataFrame]:
    """Every small model, and what the best of so many is worth."""
    search = fit_all(coded, small_subsets(sample), permute(coded, definitions.permutations, seed))
    predictors, best_of_many = selection_tables(sample, coded, search, definitions, seed)
    return {
        "network_models": models_table(sample, coded, search, full),
        "network_selection": predictors,
        "network_best_of_many": best_of_many,
    }
