"""Which of a tool's scores counts for a case: the latest that was there before the decision."""

import polars as pl

SCORED, TOO_LATE, NO_SCORE = "supplied_score", "score only on or after the index date", "no score"


def scores_before(scores: pl.DataFrame, cases: pl.DataFrame) -> pl.DataFrame:
    """For each case the child's latest score dated strictly before the index date.

    Where a child has several on that day the highest counts. A score of the index date itself is refused, since it
    may have been made with knowledge of what opened the case; so is any later one.

    Parameters
    ----------
    scores : polars.DataFrame
        The checked table `scores`.
    cases : polars.DataFrame
        With case_id, child_id and index_date.

    Returns
    -------
    polars.DataFrame
        case_id, score, version, days (from the score to the index date) and status (`SCORED`, `TOO_LATE`: the child
        has a score, but none before the index date; or `NO_SCORE`), in the order of the cases.
    """
    daily = scores.sort("child_id", "date", "score", "version").unique(["child_id", "date"], keep="last")
    found = (
        cases.select("case_id", "child_id", "index_date")
        .sort("index_date", "case_id")
        .join_asof(
            daily.sort("date"),
            left_on="index_date",
            right_on="date",
            by="child_id",
            strategy="backward",
            allow_exact_matches=False,
            check_sortedness=False,
        )
        .with_columns(has_any=pl.col("child_id").is_in(scores["child_id"].unique().implode()))
    )
    status = pl.when(pl.col("score").is_not_null()).then(pl.lit(SCORED))
    status = status.when("has_any").then(pl.lit(TOO_LATE)).otherwise(pl.lit(NO_SCORE))
    days = (pl.col("index_date") - pl.col("date")).dt.total_days()
    found = found.select("case_id", "score", "version", days=days, status=status)
    return cases.select("case_id").join(found, on="case_id", how="left", maintain_order="left")
