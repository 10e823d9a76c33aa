"""An authority's documents: which records have one, and what it says of the child."""

import math
import random

import polars as pl

from data_synthetic.england.prose import Cast, invent_cast, invent_household, write_document
from data_synthetic.england.records import Records
from data_synthetic.england.truth import AuthorityTruth

SHARE = {  # of the records of a kind, times the authority's share documented
    "early help contact": 0.4,
    "referral": 1.0,
    "assessment": 0.8,
    "conference report": 1.0,
    "strategy discussion": 0.8,
}


def write_documents(records: Records, authority: AuthorityTruth, *, seed: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The documents (child_id, date, kind, text) and the names the authority holds (child_id, name).

    Parameters
    ----------
    records : Records
        Of one authority.
    authority : AuthorityTruth
        How many records are documented, and how strongly the text tells of a child's hidden risk.
    seed : str
        Each document is drawn from this, the child, the day and the kind.

    Returns
    -------
    tuple of polars.DataFrame and polars.DataFrame
    """
    children = {row["child"]: row for row in records.children.iter_rows(named=True)}
    casts = _Casts(seed)
    rows = []
    for child, moment, kind, share in _moments(records, authority).iter_rows():
        rng = random.Random(f"{seed} {child} {moment} {kind}")  # a document is the same whatever others there are
        if rng.random() < share:
            about = children[child]
            leaning = 0.5 * math.tanh(
                authority.text_signal * about["hidden"]
            )  # -0.5 always denied, 0.5 always affirmed
            text = write_document(rng, kind, casts.of(about), moment, leaning=leaning).text
            rows.append((about["child_id"], moment, kind, text))
    schema = {"child_id": pl.String, "date": pl.Date, "kind": pl.String, "text": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row"), casts.names()


def _moments(records: Records, authority: AuthorityTruth) -> pl.DataFrame:
    """Child, date and kind of every record that may have a document, and how likely it has, in order of date."""
    dates = {
        "early help contact": pl.concat(
            [records.contacts.select("child", "date"), records.early_help.select("child", date="start")]
        ),
        "referral": records.referrals.select("child", "date"),
        "assessment": records.assessments.select("child", date="authorised"),
        "conference report": records.section_47.select("child", date="conference"),
        "strategy discussion": records.section_47.select("child", "date"),
    }
    frames = [
        frame.drop_nulls().with_columns(kind=pl.lit(kind), share=pl.lit(authority.documented * SHARE[kind]))
        for kind, frame in dates.items()
    ]
    return pl.concat(frames).unique(maintain_order=True).sort("date", "child", "kind")


class _Casts:
    """The people in each documented child's story, invented when first asked for; siblings share a household."""

    def __init__(self, seed: str):
        self.seed = seed
        self.households: dict[str, Cast] = {}
        self.casts: dict[str, Cast] = {}

    def of(self, child: dict) -> Cast:
        child_id, family = child["child_id"], child["family_id"]
        if family not in self.households:
            self.households[family] = invent_household(random.Random(f"{self.seed} {family}"))
        if child_id not in self.casts:
            rng = random.Random(f"{self.seed} {child_id}")
            girl = child["gender"] == "b) Female"
            self.casts[child_id] = invent_cast(rng, self.households[family], birth=child["birth"], girl=girl)
        return self.casts[child_id]

    def names(self) -> pl.DataFrame:
        """Full names of the child and its parents, as an authority's system holds them."""
        slots = ("child_full", "mother_full", "father_full")
        rows = [(child_id, cast[slot][0]) for child_id, cast in self.casts.items() for slot in slots]
        return pl.DataFrame(rows, schema={"child_id": pl.String, "name": pl.String}, orient="row")
