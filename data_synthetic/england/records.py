"""The whole record of one authority as frames, from which every form of extract is written."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from data_synthetic.england.history import NEVER
from data_synthetic.england.people import CHILDHOOD_DAYS, choose, day
from data_synthetic.england.world import World

# Shares of children in need at 31 March 2024 (Department for Education, Children in need 2024).
NEEDS = {
    "N1 - Abuse or neglect": 0.581,
    "N2 - Child’s disability": 0.08,
    "N3 - Parental disability or illness": 0.021,
    "N4 - Family in acute stress": 0.086,
    "N5 - Family dysfunction": 0.12,
    "N6 - Socially unacceptable behaviour": 0.02,
    "N7 - Low income": 0.003,
    "N8 - Absent parenting": 0.055,
    "N9 - Cases other than children in need": 0.009,
    "N0 - Not stated": 0.025,
}
# Shares; "any other reason" as in the same release, the others are ours.
CLOSURES = {
    "RC7 - Services ceased for any other reason, including child no longer in need": 0.93,
    "RC8 - Case closed after assessment, no further action": 0.045,
    "RC5 - Transferred to services of another local authority": 0.016,
    "RC3 - Child arrangements order": 0.004,
    "RC4 - Special guardianship order": 0.004,
    "RC2 - Died": 0.001,
}
# Shares of child protection plans at 31 March 2024 (the same).
ABUSE = {
    "a) Neglect": 0.51,
    "b) Physical abuse": 0.07,
    "c) Sexual abuse": 0.035,
    "d) Emotional abuse": 0.366,
    "e) Multiple/not recommended": 0.019,
}
# Shares of periods of care (ours).
LEGAL = {
    "V2: Single period under S20": 0.5,
    "C1: ICO": 0.35,
    "C2: FCO": 0.08,
    "L1: Police protection LA accommodation": 0.05,
    "L2: EPO": 0.02,
}
# The same.
PLACEMENTS = {
    "d) U4: Foster placement - long term": 0.15,
    "f) U6: Foster placement - not long term": 0.5,
    "c) U3: Foster placement - relative - not FFA": 0.15,
    "K2: Children's home": 0.12,
    "P1: Own parents or person with parental responsibility": 0.08,
}
# Shares of periods of care of children who are not adopted (ours).
CEASED = {
    "e) E4A: Returned home to live with parents or relatives - part of planning": 0.48,
    "f) E4B: Returned home to live with parents or relatives - not part of planning": 0.1,
    "h) E41: Residence order granted": 0.06,
    "i) E45: Special Guardianship Orders - former carer relative/friend": 0.1,
    "m) E5: Moved into independent living - supported": 0.06,
    "t) E8: Care ceased for any other reason": 0.2,
}
ADOPTED = "a) E11: Adopted - application unopposed"


@dataclass(frozen=True)
class Records:
    """Everything recorded of one authority's children, over the whole observation period.

    `children` has a row per child seen, with its number `child`; the other frames refer to it. Dates after
    the last day of observation are not yet known: such events are left out and such ends are null. `planted_risks`
    is no part of the record: the risk that each outcome was drawn from, by prediction, child_id and date.
    """

    children: pl.DataFrame
    contacts: pl.DataFrame
    early_help: pl.DataFrame
    referrals: pl.DataFrame
    assessments: pl.DataFrame
    section_47: pl.DataFrame
    needs: pl.DataFrame
    plans: pl.DataFrame
    care: pl.DataFrame
    planted_risks: pl.DataFrame
    first_date: date
    last_date: date


EVENT_DATES = {
    "contacts": "date",
    "early_help": "start",
    "referrals": "date",
    "assessments": "start",
    "section_47": "date",
}


def keep_records(world: World, *, prefix: str) -> Records:
    """What the authority's system holds on the last day of observation.

    Parameters
    ----------
    world : World
        When every visit has been written.
    prefix : str
        Of the identifiers.

    Returns
    -------
    Records
    """
    rng, last = world.rng, day(world.authority.last_date)
    children = _children(world, prefix)
    needs, plans = _periods(world, "need", last), _periods(world, "plan", last)
    category = choose(rng, ABUSE, len(plans))
    changed = rng.random(len(plans)) < 0.15
    care = _care(world, last)
    needs = needs.with_columns(
        need=pl.Series(choose(rng, NEEDS, len(needs)).tolist(), dtype=pl.String),
        closure=pl.Series(choose(rng, CLOSURES, len(needs)).tolist(), dtype=pl.String),
    )
    plans = plans.with_columns(
        category=pl.Series(category.tolist(), dtype=pl.String),
        latest=pl.Series(np.where(changed, choose(rng, ABUSE, len(plans)), category).tolist(), dtype=pl.String),
    )
    tables = {table: _table(world, table, moment, last) for table, moment in EVENT_DATES.items()}
    return Records(
        children=children.join(tables["contacts"], on="child", how="semi"),
        needs=needs,
        plans=plans,
        care=care,
        planted_risks=_planted_risks(world, children),
        first_date=world.authority.first_date,
        last_date=world.authority.last_date,
        **tables,
    )


def _children(world: World, prefix: str) -> pl.DataFrame:
    people = world.people
    number = world.rng.permutation(len(people)) + 10_000
    family = world.rng.permutation(len(people.siblings)) + 1_000
    return pl.DataFrame(
        {
            "child": np.arange(len(people), dtype=np.int64),
            "child_id": [f"{prefix}-{value}" for value in number.tolist()],
            "family_id": [f"{prefix}-F{value}" for value in family[people.family].tolist()],
            "birth": _dates(people.birth),
            "gender": people.gender.tolist(),
            "ethnicity": people.ethnicity.tolist(),
            "disability": people.disability.tolist(),
            "hidden": people.hidden,
        }
    )


def _planted_risks(world: World, children: pl.DataFrame) -> pl.DataFrame:
    """prediction, child_id, date, risk: what each outcome was drawn from; the first where one was drawn twice a day."""
    pieces = world.rows.get("planted_risks", [])
    if not pieces:
        return pl.DataFrame(
            schema={"prediction": pl.String, "child_id": pl.String, "date": pl.Date, "risk": pl.Float64}
        )
    columns = {key: np.concatenate([piece[key] for piece in pieces]) for key in pieces[0]}
    drawn = pl.DataFrame(columns | {"prediction": columns["prediction"].tolist(), "date": _dates(columns["date"])})
    named = drawn.join(children.select("child", "child_id"), on="child", how="inner", maintain_order="left")
    return named.select("prediction", "child_id", "date", "risk").unique(
        ["prediction", "child_id", "date"], keep="first", maintain_order=True
    )


def _dates(days: np.ndarray) -> pl.Series:
    return pl.Series(days.astype(np.int32)).cast(pl.Date)


def _table(world: World, name: str, moment: str, last: int) -> pl.DataFrame:
    """The rows written to a table, up to the last day; later dates within a row are not yet known."""
    pieces = world.rows.get(name, [])
    columns = {key: np.concatenate([piece[key] for piece in pieces]) for key in pieces[0]}
    known = (columns[moment] >= day(world.authority.first_date)) & (columns[moment] <= last)
    days = {key for key in columns if key in ("date", "start", "end", "authorised", "conference")}
    frame = pl.DataFrame({key: _dates(value[known]) if key in days else value[known] for key, value in columns.items()})
    last_date = pl.lit(last, pl.Int32).cast(pl.Date)
    return frame.with_columns(pl.when(pl.col(key) <= last_date).then(pl.col(key)) for key in sorted(days)).sort(
        moment, "child", maintain_order=True
    )


def _periods(world: World, period: str, last: int) -> pl.DataFrame:
    """Periods begun by the last day, their ends where they are known, in order of their start."""
    starts, ends = world.history.dates[f"{period}_start"], world.history.ends[period]
    child, slot = np.nonzero((starts <= last) & (starts < NEVER))
    order = np.lexsort((child, starts[child, slot]))
    child, slot = child[order], slot[order]
    birthday = world.people.birth[child] + CHILDHOOD_DAYS
    end = np.minimum(ends[child, slot], birthday)
    return pl.DataFrame(
        {"child": child.astype(np.int64), "start": _dates(starts[child, slot]), "end": _dates(end)}
    ).with_columns(end=pl.when(pl.col("end") <= world.authority.last_date).then("end"))


def _care(world: World, last: int) -> pl.DataFrame:
    rng, care = world.rng, _periods(world, "care", last)
    size = len(care)
    age = (care["start"].to_physical().to_numpy() - world.people.birth[care["child"].to_numpy()]) / 365.25
    adopted = (age < 4) & (rng.random(size) < 0.4)
    return care.with_columns(
        need=pl.Series(choose(rng, NEEDS, size).tolist(), dtype=pl.String),
        legal=pl.Series(choose(rng, LEGAL, size).tolist(), dtype=pl.String),
        placement=pl.Series(choose(rng, PLACEMENTS, size).tolist(), dtype=pl.String),
        ceased=pl.Series(np.where(adopted, ADOPTED, choose(rng, CEASED, size)).tolist(), dtype=pl.String),
    )
