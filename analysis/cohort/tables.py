"""The outcome over time, as it may be released once it has passed disclosure control."""

import pandas as pd
import polars as pl


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
