"""An invented tool: a score from 0 to 10 the day after each contact, mostly of how many contacts came before.

It is no product of anyone's. It knows nothing of the truth, scores most children and not all, and changes its version
once, so that what is said of a tool can be rehearsed.
"""

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from data_synthetic.england.records import Records

SCORED_AUTHORITIES = ("LA4",)
SECOND_VERSION_FROM = date(2016, 1, 1)  # ours, as is all of the tool
SHARE_SCORED = 0.9  # of the children
NOISE, PER_CONTACT, HIGHEST = 1.5, 2.0, 10  # standard deviation and points on the scale of the score


def write_scores(path: Path, records: Records, *, seed: int) -> None:
    """Write `scores.csv`; the same seed gives the same bytes, and no other draw depends on it.

    Parameters
    ----------
    path : Path
        The CSV to write.
    records : Records
        Of one authority.
    seed : int
    """
    rng = np.random.default_rng([seed, *b"an invented tool"])
    scored = records.children.filter(pl.Series(rng.random(len(records.children)) < SHARE_SCORED))
    contacts = records.contacts.select("child", "date").unique().sort("child", "date")
    recent = contacts.rolling("date", period="12mo", group_by="child").agg(count=pl.len())
    rows = scored.select("child", "child_id").join(recent, on="child", maintain_order="left").sort("date", "child_id")
    points = PER_CONTACT * (rows["count"].to_numpy() - 1) + rng.normal(1, NOISE, len(rows))
    rows.select(
        "child_id",
        date=pl.col("date").dt.offset_by("1d").dt.strftime("%d/%m/%Y"),
        score=pl.Series(np.clip(np.round(points), 0, HIGHEST).astype(int)),
        version=pl.when(pl.col("date") < SECOND_VERSION_FROM).then(pl.lit("1")).otherwise(pl.lit("2")),
    ).write_csv(path)
