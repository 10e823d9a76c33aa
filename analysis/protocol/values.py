"""The protocol's values and their types. An unknown key, event or unit cannot be expressed."""

import re
from datetime import date
from itertools import product
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from analysis.schemas import EVENTS, PERIODS

Event = Literal[EVENTS]  # type: ignore[valid-type]  # the values are listed once, in the schemas
Period: TypeAlias = Literal[tuple(PERIODS)]  # type: ignore[valid-type]
Share = Annotated[float, Field(ge=0, le=1)]
ProperShare = Annotated[float, Field(gt=0, lt=1)]
Folds = Annotated[int, Field(ge=2, le=50)]
Count = Annotated[int, Field(ge=0)]
Positive = Annotated[int, Field(ge=1)]
Slug = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,30}$")]


class Value(BaseModel):
    """A frozen part of the protocol; keys it does not know are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Sourced(Value):
    """A section of the protocol that names the source of its values."""

    source: str


class Duration(Value):
    """Calendar months or days after the index date; exactly one of the two."""

    days: Count | None = None
    months: Count | None = None

    @model_validator(mode="after")
    def one_unit(self):
        if (self.days is None) == (self.months is None):
            raise ValueError("give either days or months")
        return self

    @property
    def offset(self) -> str:
        """As polars writes an offset: '6mo' or '1d'."""
        return f"{self.months}mo" if self.months is not None else f"{self.days}d"

    def __str__(self) -> str:
        count, unit = (self.days, "day") if self.months is None else (self.months, "month")
        return f"{count} {unit}{'s' * (count != 1)}"


class IndexEvent(Value):
    """The event that opens a case: its name and, where it matters, its code or outcome."""

    event: Event
    code: str | None = None
    outcome: str | None = None


class OutcomeStep(Value):
    """One of these events, dated index date + from to index date + to (both days count)."""

    any_of: Annotated[tuple[Event, ...], Field(min_length=1)]
    from_: Duration = Field(alias="from")
    to: Duration

    @model_validator(mode="after")
    def ends_after_it_begins(self):
        # A month has 28 to 31 days: days and months are compared only where no month could put them in order.
        leeway = 0.0 if (self.to.days is None) == (self.from_.days is None) else 0.15
        if months_in(self.to.offset) + leeway < months_in(self.from_.offset):
            raise ValueError(f"the window ends ({self.to}) before it begins ({self.from_}); exchange from and to")
        return self


class Prediction(Sourced):
    """A question about one authority's cases: index event, outcome window and exclusions.

    A case's outcome is true when every step has an event in its window, each on or after the event that
    met the step before it, and none of the `none_of` events happened in the first step's window.
    """

    title: str
    question: str
    authority: Slug
    index: IndexEvent
    steps: Annotated[tuple[OutcomeStep, ...], Field(min_length=1)]
    none_of: tuple[Event, ...] = ()
    exclude_if_open: tuple[Period, ...] = ()

    @model_validator(mode="after")
    def does_not_look_for_what_opens_the_case(self):
        own = [step for step in self.steps if self.index.event in step.any_of]
        if any(months_in(step.from_.offset) == 0 for step in own):
            raise ValueError(
                f"a step looks for {self.index.event!r} from the index date on, which the event that opens the case "
                "would always meet; begin its window on the next day, from: {days: 1}"
            )
        return self

    @property
    def window_months(self) -> float:
        """Length of the outcome window: months from the index date to the last day that can count."""
        return max(months_in(step.to.offset) for step in self.steps)


class Amendment(Value):
    """Something that was added to the protocol after its first registration."""

    version: Positive
    when: date
    address: str
    why: str


class Success(Sourced):
    """The score, from 0 to 1, above which a model passes; registered before any result."""

    metric: Literal["average_precision"]
    threshold: Share


class Study(Sourced):
    """First and last index date studied, and the age in years that a child must be under."""

    first_date: date
    last_date: date
    oldest_age_years: Positive

    @model_validator(mode="after")
    def ends_after_it_begins(self):
        if self.last_date < self.first_date:
            raise ValueError("last_date is before first_date; exchange them")
        return self


class Authority(Sourced):
    """What an authority is called on pages."""

    name: str


class Designs(Sourced):
    """What the models may see, and whose cases they may learn from: a design is one of each."""

    predictors: tuple[Literal["structured", "text_and_structured"], ...]
    learned_from: tuple[Literal["all_cases", "earlier_cases"], ...]


class EarlyOutcomes(Sourced):
    """How outcomes count that come after the index date and before their window opens."""

    counted_as: Literal["without_the_outcome"]


class Splits(Sourced):
    """Share of families to test on, number of folds, and what may be learned from when time runs forward."""

    test_share_of_families: ProperShare
    folds: Folds
    embargo: Literal["outcome_window"]
    smallest_positive_families: Positive


class Draws(Value):
    """How many settings of each family of models are tried."""

    logistic_regression: Positive
    decision_tree: Positive
    xgboost: Positive


class Models(Sourced):
    """Which families of models are tried, and by which score on the folds one is chosen."""

    families: tuple[Literal["logistic_regression", "decision_tree", "xgboost"], ...]
    chosen_by: Literal["average_precision"]
    draws_per_family: Draws
    class_weights: Literal["none"]


class Text(Sourced):
    """Which documents are read, from how many days before the index date, and how many words and topics are learned."""

    lag_days: Count
    documents_per_case: Positive
    words: Positive
    topics: Positive
    families_per_term: Positive
    audit_lags_days: tuple[Count, ...]


class SuppliedCounts(Sourced):
    """Whether counts that an authority supplies beside its records are predictors."""

    used: bool


class OperatingThreshold(Sourced):
    """How the risk from which a case is flagged is chosen, on the training cases."""

    rule: Literal["maximum_f1"]


class ThresholdsByUse(Sourced):
    """Thresholds that a service could state: shares of cases looked into, and a trade-off of errors."""

    capacities: tuple[ProperShare, ...]
    false_alarms_per_missed_child: Positive


class Uncertainty(Sourced):
    """Bootstrap replicates, permutations, level of intervals, and what is resampled."""

    replicates: Positive
    permutations: Positive
    level: Share
    resampled: Literal["family"]


class Comparison(Sourced):
    """When a difference between two models is called better or worse."""

    alpha: Share
    permutations_near_alpha: Positive
    published_rule_decimals: Count


class Range(Value):
    """Evenly spaced thresholds, both ends included."""

    from_: Share = Field(alias="from")
    to: Share
    step: ProperShare

    @model_validator(mode="after")
    def ends_after_it_begins(self):
        if self.to <= self.from_:
            raise ValueError("to is not greater than from; exchange them")
        return self


class OwnRule(Value):
    """A rule that flags a child by counting records: at least so many of these events in the months before."""

    events: Annotated[tuple[Event, ...], Field(min_length=1)]
    months: Annotated[int, Field(ge=1, le=240)]
    at_least: Positive


class Yardsticks(Sourced):
    """The simple rules and recorded decisions that each model is compared with."""

    recent: Annotated[tuple[str, ...], Field(min_length=1)]
    beside: Annotated[tuple[str, ...], Field(min_length=1)]
    decision_days: Count
    smallest_decided_share: Share
    own_rule: OwnRule | None = None


class EquallyGood(Sourced):
    """How many standard errors from the best a candidate is equally good, and how often one is fitted again."""

    standard_errors: Annotated[float, Field(ge=0)]
    refits: Annotated[int, Field(ge=2, le=1000)]


class StandardPrevalence(Sourced):
    """The prevalence, from 0 to 1, at which average precision is also given."""

    value: Share


class DecisionCurve(Sourced):
    """The thresholds at which net benefit is computed."""

    thresholds: Range


class Design(Value):
    """What a model may see, and whose cases it may learn from."""

    predictors: Literal["structured", "text_and_structured"]
    learned_from: Literal["all_cases", "earlier_cases"]

    @property
    def slug(self) -> str:
        return f"{self.predictors}-{self.learned_from}"

    @property
    def title(self) -> str:
        predictors = {"structured": "structured data", "text_and_structured": "text and structured data"}
        cases = {"all_cases": "all cases", "earlier_cases": "earlier cases only"}
        return f"{predictors[self.predictors]}, learned from {cases[self.learned_from]}"


class StructuredDesign(Design):
    """A design that every authority's data can bear: without documents none can read text."""

    predictors: Literal["structured"]


class Spread(Value):
    """Mean and standard deviation of a log-normal distribution of standard deviations."""

    mean: ProperShare
    standard_deviation: ProperShare


class NextAuthority(Sourced):
    """How models are moved between authorities, and when results say what to expect in the next one."""

    design: StructuredDesign
    fewest_results: Annotated[int, Field(ge=3)]
    fewest_authorities: Annotated[int, Field(ge=2)]
    spread_of_auc: Spread
    recalibration: Literal["logistic"]


class PollUses(Sourced):
    """For each use in the poll, the children flagged without the outcome that are accepted for one rightly flagged."""

    false_alarms_per_true_alarm: dict[str, Positive]

    @property
    def thresholds(self) -> dict[str, float]:
        """The risk from which each use would flag: 1 / (1 + false alarms accepted for a true one)."""
        return {use: 1 / (1 + alarms) for use, alarms in self.false_alarms_per_true_alarm.items()}


class Scores(Sourced):
    """Which of a tool's scores counts for a case, and from which score, or how many cases, it is taken to flag."""

    counts: Literal["latest_before_index_date"]
    flagged_as_many_as: StructuredDesign
    flag_from: Annotated[float, Field(allow_inf_nan=False)] | None = None
    fewest_values: Annotated[int, Field(ge=3)]
    example_accuracy: Share


class Subgroups(Sourced):
    """The characteristics and age bands compared, and how many outcomes a subgroup needs to be assessed."""

    characteristics: tuple[Literal["gender", "disability", "ethnicity_group", "age_band"], ...]
    age_bands_years: tuple[Count, ...]
    smallest_positives: Positive
    alpha: Share


class LearningCurves(Sourced):
    """How many sizes and repeats; over how many of the last sizes the slope is taken, and when it is level."""

    sizes: Annotated[int, Field(ge=8)]
    repeats: Positive
    last_sizes: Positive
    level_margin: Annotated[float, Field(gt=0, lt=1)]


class Leakage(Sourced):
    """The limits beyond which a check of the leakage audit raises a flag."""

    single_predictor_auc: Share
    share_of_full_model: Share
    too_good_auc: Share
    train_test_auc: Share
    as_at_extract_share: Share


class Preset(Value):
    """Counts from 1 to `threshold` are suppressed; the rest are rounded to `rounding`."""

    threshold: Count
    rounding: Positive
    complementary: bool


class Disclosure(Sourced):
    """The rules of disclosure control by name, and which of them are used for whose data."""

    own_data: str
    synthetic_data: str
    presets: dict[Slug, Preset]
    families_per_term: Positive
    cases_per_bin: Positive
    curve_points: Positive

    @model_validator(mode="after")
    def presets_exist(self):
        unknown = {self.own_data, self.synthetic_data} - set(self.presets)
        if unknown:
            raise ValueError(f"no preset {sorted(unknown)}; presets are {sorted(self.presets)}")
        return self


class NetworkEvents(Value):
    """Which kinds of event are a notification, a target event, and a sign of high estimated concern."""

    notification: Annotated[tuple[str, ...], Field(min_length=1)]
    target: Annotated[tuple[str, ...], Field(min_length=1)]
    concern: Annotated[tuple[str, ...], Field(min_length=1)]


class Networks(Sourced):
    """Definitions of the study of family networks."""

    first_notification: date
    last_notification: date
    child_under_years: Positive
    recent_years: Positive
    window_years: Positive
    events: NetworkEvents
    whole_life_links: Literal["ever_recorded", "recorded_before", "complete_registry"]
    age: Literal["whole_years", "exact_years"]
    folds: Folds
    unit_of_folds: Literal["child", "notification"]
    permutations: Positive
    replicates: Positive
    worlds_per_truth: Positive
    flagged_share: ProperShare

    @model_validator(mode="after")
    def ends_after_it_begins(self):
        if self.last_notification < self.first_notification:
            raise ValueError("last_notification is before first_notification; exchange them")
        return self


class Seeds(Sourced):
    """The seeds of every random draw."""

    synthetic_england: Count
    synthetic_network: Count
    analysis: Count


class PredictionProblem(Value):
    """One (authority, outcome) pair: every path, label and seed derives from it."""

    authority: str
    outcome: str
    prediction: Prediction

    @property
    def slug(self) -> str:
        return f"{self.authority}/{self.outcome}"

    @property
    def title(self) -> str:
        return f"{self.authority}: {self.prediction.title}"


class Protocol(Value):
    """Everything registered in advance."""

    title: str
    registered: date
    version: Positive
    amendments: tuple[Amendment, ...] = ()
    success: Success
    study: Study
    authorities: dict[Slug, Authority]
    predictions: dict[Slug, Prediction]
    designs: Designs
    early_outcomes: EarlyOutcomes
    splits: Splits
    models: Models
    text: Text
    supplied_counts: SuppliedCounts
    operating_threshold: OperatingThreshold
    thresholds_by_use: ThresholdsByUse
    uncertainty: Uncertainty
    comparison: Comparison
    yardsticks: Yardsticks
    equally_good: EquallyGood
    standard_prevalence: StandardPrevalence
    decision_curve: DecisionCurve
    next_authority: NextAuthority
    poll_uses: PollUses
    scores: Scores
    subgroups: Subgroups
    learning_curves: LearningCurves
    leakage: Leakage
    disclosure: Disclosure
    networks: Networks
    seeds: Seeds

    @field_validator("predictions")
    @classmethod
    def some_predictions(cls, predictions):
        if not predictions:
            raise ValueError("declare at least one prediction")
        return predictions

    @model_validator(mode="after")
    def authorities_exist(self):
        missing = {p.authority for p in self.predictions.values()} - set(self.authorities)
        if missing:
            names = ", ".join(sorted(missing))
            raise ValueError(
                f"predictions name authorities that are not declared: {names}; add each under 'authorities'"
            )
        return self

    @model_validator(mode="after")
    def designs_exist(self):
        known = [design.slug for design in self.design_list]
        for address, design in (
            ("next_authority.design", self.next_authority.design),
            ("scores.flagged_as_many_as", self.scores.flagged_as_many_as),
        ):
            if design.slug not in known:
                raise ValueError(f"{address} is {design.slug!r}, which 'designs' does not hold; it has {known}")
        return self

    @model_validator(mode="after")
    def uses_lie_on_the_decision_curve(self):
        span = self.decision_curve.thresholds
        for use, threshold in self.poll_uses.thresholds.items():
            steps = (threshold - span.from_) / span.step
            if not span.from_ <= threshold <= span.to + 1e-9 or abs(steps - round(steps)) > 1e-6:
                raise ValueError(
                    f"poll_uses: {use!r} implies the threshold {threshold:.4g}, which decision_curve.thresholds does "
                    "not hold; choose another number of false alarms or a finer step"
                )
        return self

    def problem(self, outcome: str) -> PredictionProblem:
        """The problem of one prediction, by its name (P1 ... P8)."""
        prediction = self.predictions[outcome]
        return PredictionProblem(authority=prediction.authority, outcome=outcome, prediction=prediction)

    @property
    def amended(self) -> frozenset[str]:
        """The whole sections that a later version added, after results of the synthetic edition were known."""
        return frozenset(amendment.address for amendment in self.amendments) & frozenset(type(self).model_fields)

    @property
    def problems(self) -> tuple[PredictionProblem, ...]:
        return tuple(self.problem(outcome) for outcome in self.predictions)

    @property
    def design_list(self) -> tuple[Design, ...]:
        pairs = product(self.designs.learned_from, self.designs.predictors)
        return tuple(Design(predictors=predictors, learned_from=cases) for cases, predictors in pairs)


DAYS_PER_MONTH = 30.44
"""The mean month of the Gregorian calendar, 365.2425 / 12, to two decimals."""


def months_in(offset: str) -> float:
    """Length in months of an offset such as '6mo' or '30d' (30.44 days to the month)."""
    matched = re.fullmatch(r"(\d+)(mo|d)", offset)
    if matched is None:
        raise ValueError(f"expected an offset such as '6mo' or '30d', found {offset!r}")
    count, unit = matched.groups()
    return int(count) if unit == "mo" else int(count) / DAYS_PER_MONTH
