"""What each use of the poll would take of a model, in sentences."""

from analysis.book.sentences.scope import whose
from analysis.book.sentences.words import capitalised, percentage, plural, spelled
from analysis.disclosure import Released


def read_uses(uses: Released) -> list[str]:
    """For each use: who would accept it, the trade-off it is taken to imply, and how many models are worth it."""
    return [_use(row) for row in uses.frame.itertuples()]


def read_use_of_models(models: Released) -> str:
    """At how many of the uses and models a model is clearly worth using, and at how many it clearly is not."""
    known = models.frame["verdict"].dropna()
    if known.empty:
        return "No model's net benefit could be published."
    better, not_better, unknown = (int(known.eq(verdict).sum()) for verdict in ("better", "not better", "cannot tell"))
    models_of = f"of a use and a model{whose(models.frame.dropna(subset=['verdict']))}"
    are, are_not = ("is" if pairs == 1 else "are" for pairs in (better, not_better))
    return (
        f"Of {plural(len(known), 'pair')} {models_of}, {spelled(better)} {are} clearly better than flagging everyone "
        f"or no one, {spelled(not_better)} {are_not} clearly not better, and for {spelled(unknown)} the data "
        "cannot tell."
    )


def _use(row) -> str:
    named = f"{percentage(row.share)} of the social workers asked named “{row.use}”"
    trade_off = f"if it is taken to accept {plural(row.false_alarms, 'false alarm')} for each child rightly flagged"
    if not row.models:
        return f"{named}; {trade_off}, nothing is known of any model."
    verb = "is" if row.better <= 1 else "are"
    return (
        f"{named}; {trade_off}, {spelled(row.better)} of {plural(row.models, 'model')} {verb} clearly better than "
        f"flagging everyone or no one."
    )


def describe_uses(models: Released) -> str:
    lead = (
        "For each use, a dot for the share of social workers who named it, and a dot for what each model is worth at "
        "the trade-off that it is taken to imply."
    )
    return f"{lead} {capitalised(read_use_of_models(models))}"
