"""Who is in the study and what was known of them, as it may be released once it has passed disclosure control."""

import pandas as pd
import polars as pl

from analysis.cohort.cases import Cohort
from analysis.cohort.predictor_values import predictors_table


def outcome_by_year(cases: pl.DataFrame) -> pd.DataFrame:
    """The released table `outcome_by_year`: year (of the index date), cases, positives, prevalence.

    When it misleads: the first and the last year may be seen in part only.
    """
    by_year = (
        cases.group_by(pl.col("index_date").dt.year().cast(pl.Int64).alias("year"))
        .agg(pl.len().cast(pl.Int64).alias("cases"), pl.col("outcome").sum().cast(pl.Int64).alias("positives"))
        .sort("year")
        .with_columns((pl.col("positives") / pl.col("cases")).alias("prevalence"))
    )
    return pd.DataFrame(by_year.to_dict(as_series=False))


def cohort_tables(cohort: Cohort, structured: pl.DataFrame) -> dict[str, pd.DataFrame]:
    """Who is in the study and what was known of them: flow, outcome_by_year, predictors.

    Parameters
    ----------
    cohort : Cohort
    structured : polars.DataFrame
        One row per case: case_id and one column per structured predictor.

    Returns
    -------
    dict of str to pandas.DataFrame
        By name, not yet under disclosure control.
    """
    return {
        "flow": cohort.flow,
        "outcome_by_year": outcome_by_year(cohort.cases),
        "predictors": predictors_table([name for name in structured.columns if name != "case_id"]),
    }
