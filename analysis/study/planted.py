"""The risks that the outcomes of invented cases were drawn from: read in the synthetic edition, and nowhere else."""

import numpy as np
import polars as pl

from analysis.extract.pseudonymise import pseudonyms
from analysis.protocol import PredictionProblem
from analysis.study.paths import Paths

SYNTHETIC_KEY = b"synthetic data hold nobody's key"


def planted_risk(paths: Paths, problem: PredictionProblem, cases: pl.DataFrame) -> np.ndarray | None:
    """The planted risk of each case, in the order of `cases`; None where none was left.

    Parameters
    ----------
    paths : Paths
        Of the run.
    problem : PredictionProblem
    cases : polars.DataFrame
        With child_id (a pseudonym) and index_date.

    Returns
    -------
    ndarray of float, shape (cases,)
        Between 0 and 1; NaN for a case on whose index date no risk was drawn.
    """
    path = paths.planted(problem.authority)
    if not path.is_file():
        return None
    drawn = pl.read_parquet(path).filter(pl.col("prediction") == problem.outcome)
    drawn = drawn.with_columns(pseudonyms(drawn["child_id"], secret=SYNTHETIC_KEY, kind="child").alias("child_id"))
    drawn = drawn.rename({"date": "index_date"}).select("child_id", "index_date", "risk")
    found = cases.select("child_id", "index_date").join(
        drawn, on=["child_id", "index_date"], how="left", maintain_order="left"
    )
    return found["risk"].fill_null(float("nan")).to_numpy()
