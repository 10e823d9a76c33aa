"""The planted truth, read from `truth.yml`: every number that shapes the synthetic England."""

from datetime import date
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

TRUTH = Path(__file__).with_name("truth.yml")


class Value(BaseModel):
    """A frozen part of the truth; keys it does not know are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Pathways(Value):
    """Shares of contacts that end as a contact alone, in early help, or in a referral of either kind."""

    contact_only: float
    early_help: float
    no_further_action: float
    further_action: float


class AuthorityTruth(Value):
    """One authority's size, period, pathways and habits of recording."""

    first_date: date
    last_date: date
    extract_months: int | None  # None: one long extract; else one every so many months
    counts_as_at: Literal["row", "extract"]
    families: int
    further_visits: float  # mean number of visits of a family after its first
    visit_shape: float  # of the gamma distribution of that mean: small = few families with many visits
    gap_days: float  # mean days between visits
    other_ethnicity: float  # share
    pathways: Pathways
    section_47: float  # share of further-action referrals
    early_help_first: float  # share of no-further-action visits that early help had just begun to help
    documented: float  # share of contacts and referrals with a document
    text_signal: float  # how much more often a child of high hidden risk is described by a telling vulnerability


class Pattern(Value):
    """Children with all these records behind them almost certainly have the outcome, until a date."""

    all_of: dict[str, float]
    risk: float
    until: date


class PredictionTruth(Value):
    """What drives one outcome: log-odds per unit of each feature of the record before the index date."""

    intercept: float
    growth: float  # of the log-odds, per year
    signal: float  # multiplies every coefficient
    coefficients: dict[str, float]
    drift: dict[str, float]  # added to the coefficient once the change has happened
    change: date  # midpoint of the change
    family: float  # standard deviation of the family's own log-odds
    hidden: float  # weight of what no record holds
    ceiling: float  # the highest risk that the record can speak of
    near_miss: float  # share of risk that strikes just outside the window
    early_share: float | None = None  # share of outcomes in the first half of their window
    returns: float = 0.5  # mean number of referrals between the index date and a plan or care
    pattern: Pattern | None = None


class Truth(Value):
    """The whole planted truth."""

    clarity: dict[str, float]  # multiplies the signal of a subgroup
    lift: dict[str, float]  # added to the log-odds of a subgroup
    siblings: dict[int, float]  # share of families by number of children
    seen_together: float  # chance that a sibling is part of a family's visit
    ages: dict[float, float]  # share of children by the first age of a band, at the family's first visit
    ethnicity: dict[str, float]
    disability: float
    sources: dict[str, float]
    authorities: dict[str, AuthorityTruth]
    predictions: dict[str, PredictionTruth]


def load_truth(path: Path = TRUTH) -> Truth:
    """Read the planted truth."""
    return Truth.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
