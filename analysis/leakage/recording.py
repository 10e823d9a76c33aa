"""What is known of a child only as at the extract, and whether its being recorded depends on the outcome.

Gender, ethnicity, disability and the family stand in an extract once for each child, as they were known on the day it
was made. If they are asked about only when a case is taken further, a blank says that it was not.
"""

import numpy as np
import polars as pl

from analysis.cohort.characteristics import disability_held
from analysis.schemas import CheckedTables

BLANK = {"gender": ("not stated",), "ethnicity": ("NOBT",), "disability": ("unknown",)}
AS_AT_EXTRACT = (*BLANK, "family")
FEWEST_CASES = 50  # with an outcome and without it; of fewer no share is given, so that no small count follows (ours)
DECIMALS = 1  # of a printed share: tenths (ours)
CLEARLY = 2.58  # standard errors between two shares that clearly differ: 99 in 100 (ours)


def blank_by_outcome(tables: CheckedTables, cases: pl.DataFrame, attribute: str) -> tuple[float, bool] | None:
    """How much more often an attribute is blank for cases without the outcome than with it, and whether clearly so.

    The standard error counts families, not cases, for brothers and sisters share what is recorded. Disability, which
    predictors take as known only where a record that holds it lies before the index date, is looked at in such cases
    alone. When it misleads: where children long known to the service are both better recorded and at greater risk, an
    honest record differs too; a person should look at how the attribute is recorded.

    Parameters
    ----------
    tables : CheckedTables
    cases : polars.DataFrame
        With child_id, family_id, index_date and outcome.
    attribute : str
        One of `BLANK`.

    Returns
    -------
    tuple of float and bool, or None
        The difference of the two shares, from -1 to 1, and whether it is clear; None with fewer than `FEWEST_CASES`
        cases on either side.
    """
    rows = cases.join(tables.children.select("child_id", attribute), on="child_id", how="left", maintain_order="left")
    if attribute == "disability":
        rows = rows.filter(disability_held(tables, cases))
    blank = rows.select(
        "family_id", "outcome", blank=pl.col(attribute).is_in(BLANK[attribute]) | pl.col(attribute).is_null()
    )
    sides = [blank.filter(pl.col("outcome") == outcome) for outcome in (False, True)]
    if min(side.height for side in sides) < FEWEST_CASES:
        return None
    without, having = (side["blank"].mean() for side in sides)
    error = np.sqrt(sum(_variance(side) for side in sides))
    return without - having, bool(abs(without - having) > CLEARLY * error)


def _variance(side: pl.DataFrame) -> float:
    # Of a share, each family counted once; a share of 0 or 1 is not known for certain.
    families = side["family_id"].n_unique()
    share = (side["blank"].sum() + 1) / (side.height + 2)
    return share * (1 - share) / families
