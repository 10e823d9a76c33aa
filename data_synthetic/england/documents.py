"""An authority's documents: which records have one, and what it says of the child."""

import math
import random

import polars as pl

from data_synthetic.england.prose import Cast, invent_cast, invent_household, write_document
from data_synthetic.england.records import Records
from data_synthetic.england.truth import AuthorityTruth

SHARE = {  # of the records of a kind, times the authority's share documented
    "early help contact": 1.0,
    "referral": 1.0,
    "assessment": 0.8,
    "conference report": 1.0,
    "strategy discussion": 0.8,
}


def write_documents(records: Records, authority: AuthorityTruth, *, seed: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The documents (child_id, date, kind, text) and the names the authority holds (child_id, name)."""
    rng = random.Random(seed)
    moments = _moments(records, authority, rng)
    casts, names = _casts(records, moments, rng)
    hidden = dict(records.children.select("child", "hidden").iter_rows())
    texts = [
        write_document(rng, kind, casts[child], moment, leaning=_leaning(authority.text_signal * hidden[child])).text
        for child, moment, kind in moments.iter_rows()
    ]
    documents = moments.with_columns(text=pl.Series(texts, dtype=pl.String)).join(
        records.children.select("child", "child_id"), on="child", maintain_order="left"
    )
    return documents.select("child_id", "date", "kind", "text"), names


def _leaning(signal: float) -> float:
    """Between -0.5 (always denied) and 0.5 (always affirmed)."""
    return 0.5 * math.tanh(signal)


def _moments(records: Records, authority: AuthorityTruth, rng: random.Random) -> pl.DataFrame:
    """Child, date and kind of every document, in order of date."""
    dates = {
        "early help contact": pl.concat(
            [records.contacts.select("child", "date"), records.early_help.select("child", date="start")]
        ),
        "referral": records.referrals.select("child", "date"),
        "assessment": records.assessments.select("child", date="authorised"),
        "conference report": records.section_47.select("child", date="conference"),
        "strategy discussion": records.section_47.select("child", "date"),
    }
    frames = []
    for kind, frame in dates.items():
        share = authority.documented * SHARE[kind] * (0.4 if kind == "early help contact" else 1)
        kept = pl.Series([rng.random() < share for _ in range(len(frame))], dtype=pl.Boolean)
        frames.append(frame.filter(kept & frame["date"].is_not_null()).with_columns(kind=pl.lit(kind)))
    return pl.concat(frames).unique(maintain_order=True).sort("date", "child", "kind")


def _casts(records: Records, moments: pl.DataFrame, rng: random.Random) -> tuple[dict[int, Cast], pl.DataFrame]:
    """The people in each documented child's story; siblings share a household."""
    documented = records.children.join(moments.select("child").unique(), on="child", how="semi").sort("child")
    households, casts, names = {}, {}, {"child_id": [], "name": []}
    columns = documented.select("child", "child_id", "family_id", "birth", "gender")
    for child, child_id, family, birth, gender in columns.iter_rows():
        if family not in households:
            households[family] = invent_household(rng)
        casts[child] = invent_cast(rng, households[family], birth=birth, girl=gender == "b) Female")
        for slot in ("child_full", "mother_full", "father_full"):
            names["child_id"].append(child_id)
            names["name"].append(casts[child][slot][0])
    return casts, pl.DataFrame(names, schema={"child_id": pl.String, "name": pl.String})
