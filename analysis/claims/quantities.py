"""Present values for the evidence map: one short phrase for each, from the protocol or from released tables."""

from collections.abc import Callable

from analysis.book.sentences.problem import longest_wait, success_in_words
from analysis.book.sentences.words import count, label, listed, number, percentage, plural
from analysis.claims import group_measures  # noqa: F401  registers its measures
from analysis.claims.evidence import Evidence
from analysis.claims.measures import MEASURES, NotAssessable, known
from analysis.published import poll_answers

QUANTITIES: dict[str, Callable[[Evidence], str]] = {}
NOT_IN_THIS_RUN = "not in this run"


def quantity(function: Callable[[Evidence], str]) -> Callable[[Evidence], str]:
    """Register the function below under its name.

    Each takes the evidence of a run and gives one short phrase, and raises `NotAssessable` where the run's tables
    cannot tell.

    Parameters
    ----------
    function : callable

    Returns
    -------
    callable
    """
    QUANTITIES[function.__name__] = function
    return function


def present_value(name: str, evidence: Evidence) -> str:
    """A quantity's value in this run, or the words that it has none.

    Parameters
    ----------
    name : str
        A key of `QUANTITIES`.
    evidence : Evidence
        The run's.

    Returns
    -------
    str
    """
    try:
        return QUANTITIES[name](evidence)
    except NotAssessable:
        return NOT_IN_THIS_RUN


@quantity
def predictions(evidence: Evidence) -> str:
    return f"{plural(len(evidence.world), 'prediction')}: {listed(outcome for _, outcome in evidence.world)}"


@quantity
def authorities(evidence: Evidence) -> str:
    return listed(dict.fromkeys(authority for authority, _ in evidence.world))


@quantity
def study_dates(evidence: Evidence) -> str:
    study = evidence.protocol.study
    return f"{study.first_date:%B %Y} to {study.last_date:%B %Y}"


@quantity
def windows(evidence: Evidence) -> str:
    protocol = evidence.protocol
    waits = dict.fromkeys(str(longest_wait(protocol.problem(name))) for name in protocol.predictions)
    return f"outcomes up to {listed(waits)} after the decision"


@quantity
def outcomes(evidence: Evidence) -> str:
    return plural(len({p.title for p in evidence.protocol.predictions.values()}), "kind") + " of outcome"


@quantity
def success(evidence: Evidence) -> str:
    return success_in_words(evidence.protocol)


@quantity
def cases(evidence: Evidence) -> str:
    frame = known(evidence.frame("outcome_by_year", of="run"), "cases")
    totals = frame.groupby(["authority", "outcome"])["cases"].sum()
    return f"{count(totals.min())} to {count(totals.max())} cases"


@quantity
def prevalence(evidence: Evidence) -> str:
    frame = known(evidence.frame("outcome_by_year", of="run"), "positives")
    totals = frame.groupby(["authority", "outcome"])[["cases", "positives"]].sum()
    shares = (totals["positives"] / totals["cases"]).astype(float)
    return f"{percentage(shares.min())} to {percentage(shares.max())} with the outcome"


@quantity
def test_positives(evidence: Evidence) -> str:
    frame = known(evidence.frame("sample", of="run", part="test"), "positives")
    return f"{count(frame['positives'].min())} to {count(frame['positives'].max())} outcomes among the test cases"


@quantity
def documents(evidence: Evidence) -> str:
    frame = known(evidence.frame("documents", of="run"), "documents")
    return f"{count(frame['documents'].sum())} documents, each counted for every prediction that reads it"


@quantity
def supplied_counts(evidence: Evidence) -> str:
    used = "used" if evidence.protocol.supplied_counts.used else "not used"
    return f"counts supplied by the authority: {used}"


@quantity
def designs(evidence: Evidence) -> str:
    return "; ".join(design.title for design in evidence.protocol.design_list)


@quantity
def models(evidence: Evidence) -> str:
    return listed(label(family) for family in evidence.protocol.models.families)


@quantity
def search(evidence: Evidence) -> str:
    draws = evidence.protocol.models.draws_per_family.model_dump()
    return listed(f"{n} draws for {label(family)}" for family, n in draws.items())


@quantity
def split(evidence: Evidence) -> str:
    splits = evidence.protocol.splits
    return f"{percentage(splits.test_share_of_families)} of families held out; {splits.folds} folds"


@quantity
def embargo(evidence: Evidence) -> str:
    return f"embargo: the {label(evidence.protocol.splits.embargo)}"


@quantity
def class_weights(evidence: Evidence) -> str:
    return f"class weights: {evidence.protocol.models.class_weights}"


@quantity
def threshold_rule(evidence: Evidence) -> str:
    return f"{label(evidence.protocol.operating_threshold.rule)} on risks out of fold, then frozen"


@quantity
def uncertainty(evidence: Evidence) -> str:
    plan = evidence.protocol.uncertainty
    return f"{percentage(plan.level)} intervals from {plan.replicates:,} bootstrap replicates by {plan.resampled}"


@quantity
def characteristics(evidence: Evidence) -> str:
    return listed(label(name) for name in evidence.protocol.subgroups.characteristics)


@quantity
def unassessable_subgroups(evidence: Evidence) -> str:
    frame = known(evidence.frame("subgroups", of="run"), "assessable")
    frame = frame[frame["assessable"].ne("withheld")]  # of which it is not said whether they are too small
    small = int(frame["assessable"].ne("yes").sum())
    return f"{count(small)} of {count(len(frame))} subgroup results too small to assess"


@quantity
def leakage_flags(evidence: Evidence) -> str:
    frame = known(evidence.frame("leakage", of="run"), "flagged")
    left_out = listed(sorted(evidence.leaking)) if evidence.leaking else "no authority"
    return f"{plural(int(frame['flagged'].eq('yes').sum()), 'flag')}; {left_out} left out of the verdict"


@quantity
def highest_average_precision(evidence: Evidence) -> str:
    found = MEASURES["models_above"](evidence, metric="average_precision")
    return f"{found.shown} models above {found.words['threshold']}; highest {found.words['highest']}"


@quantity
def spread_of_authorities(evidence: Evidence) -> str:
    frame = known(evidence.frame("performance", of="run", metric="average_precision"), "value")
    means = frame.groupby("authority")["value"].mean().astype(float)
    return listed(f"{name} {number(mean)}" for name, mean in means.items()) + " (mean average precision)"


@quantity
def earlier(evidence: Evidence) -> str:
    found = MEASURES["comparisons_with"](evidence, comparison="earlier_v_all", verdict="worse")
    return f"worse in {found.shown} comparisons"


@quantity
def bias(evidence: Evidence) -> str:
    found = MEASURES["pairs_that_differ"](evidence, test="test_c")
    return f"{found.shown} of pairs of subgroups differ under test C"


@quantity
def curves(evidence: Evidence) -> str:
    return f"{MEASURES['curves_still_rising'](evidence, as_share=True).shown} learning curves still rising"


@quantity
def registered(evidence: Evidence) -> str:
    return f"registered {evidence.protocol.registered.isoformat()}, version {evidence.protocol.version}"


@quantity
def seeds(evidence: Evidence) -> str:
    return f"seed of the analysis: {evidence.protocol.seeds.analysis}"


@quantity
def preset(evidence: Evidence) -> str:
    of_each = (next(iter(tables.values()), None) for tables in evidence.world.values())  # a page is released under one
    presets = {table.preset for table in of_each if table is not None}
    return f"disclosure rules: {listed(sorted(presets))}"


@quantity
def poll(evidence: Evidence) -> str:
    return f"{poll_answers()[0].answers} social workers polled in the published study"


@quantity
def to_be_stated(evidence: Evidence) -> str:
    return "to be stated by whoever publishes an edition on their own data"


@quantity
def not_for_use(evidence: Evidence) -> str:
    return "not for use in decisions; no model is deployed"
