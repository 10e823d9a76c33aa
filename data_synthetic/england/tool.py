"""Invented tools: a score the day after each contact, mostly of how many contacts came before.

One gives points from 0 to 10; another a probability, and too high a one where it is high. They are nobody's products.
They know nothing of the truth, score most children and not all, and change their version once, so that what is said of
a tool can be rehearsed.
"""

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from data_synthetic.england.records import Records

POINTS, PROBABILITIES = "points", "probabilities"
SCORED_AUTHORITIES = {"LA3": PROBABILITIES, "LA4": POINTS}
SECOND_VERSION_FROM = date(2016, 1, 1)  # ours, as is all of the tools
SHARE_SCORED = 0.9  # of the children
NOISE, PER_CONTACT, HIGHEST = 1.5, 2.0, 10  # standard deviation and points on the scale of the score
WITHOUT_POINTS, PER_POINT = -4.0, 0.4  # log odds, where the score is a probability


def write_scores(path: Path, records: Records, scale: str, *, seed: int) -> None:
    """Write `scores.csv`; the same seed gives the same bytes, and no other draw depends on it.

    Parameters
    ----------
    path : Path
        The CSV to write.
    records : Records
        Of one authority.
    scale : {"points", "probabilities"}
    seed : int
    """
    rng = np.random.default_rng([seed, *b"an invented tool"])
    scored = records.children.filter(pl.Series(rng.random(len(records.children)) < SHARE_SCORED))
    contacts = records.contacts.select("child", "date").unique().sort("child", "date")
    recent = contacts.rolling("date", period="12mo", group_by="child").agg(count=pl.len())
    rows = scored.select("child", "child_id").join(recent, on="child", maintain_order="left").sort("date", "child_id")
    points = PER_CONTACT * (rows["count"].to_numpy() - 1) + rng.normal(1, NOISE, len(rows))
    points = np.clip(np.round(points), 0, HIGHEST).astype(int)
    if scale == PROBABILITIES:
        points = np.round(1 / (1 + np.exp(-WITHOUT_POINTS - PER_POINT * points)), 3)
    rows.select(
        "child_id",
        date=pl.col("date").dt.offset_by("1d").dt.strftime("%d/%m/%Y"),
        score=pl.Series(points),
        version=pl.when(pl.col("date") < SECOND_VERSION_FROM).then(pl.lit("1")).otherwise(pl.lit("2")),
    ).write_csv(path)
