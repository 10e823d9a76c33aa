"""A prediction problem in words: its heading, its question, its window."""

from datetime import date

from analysis.book.sentences.words import capitalised, label
from analysis.escape import as_myst
from analysis.protocol import PredictionProblem, Protocol
from analysis.protocol.values import Duration, OutcomeStep, Study

EVENT_WORDS = {
    "plan_start": "a child protection plan",
    "care_start": "becoming looked after",
    "need_start": "an open case",
    "residence_order": "a residence order",
    "special_guardianship_order": "a special guardianship order",
    "adopted": "adoption",
    "contact": "a contact",
    "referral": "a referral",
}
INDEX_WORDS = {
    "early_help_end": "end of early help",
    "assessment_authorised": "authorisation of an assessment",
    "need_start": "opening of a case",
    "plan_start": "start of a child protection plan",
    "care_start": "start of a period of care",
}


def heading(problem: PredictionProblem, name: str = "") -> str:
    """The page's heading and question, as MyST.

    Parameters
    ----------
    problem : PredictionProblem
    name : str, optional
        Of the authority, if it has one besides its label.

    Returns
    -------
    str
    """
    title, question = as_myst(problem.prediction.title), as_myst(problem.prediction.question)
    return f"# {problem.outcome}, {as_myst(name or problem.authority)}: {title}\n\n*{question}*"


def window(step: OutcomeStep) -> str:
    """The days that count, as in 'from 6 months to 12 months after the decision'."""
    return f"from {step.from_} to {step.to} after the decision"


def definition(problem: PredictionProblem) -> str:
    """What opens a case and what is looked for, from the protocol."""
    prediction = problem.prediction
    index = INDEX_WORDS.get(prediction.index.event, label(prediction.index.event))
    detail = f" that ended in {as_myst(prediction.index.outcome)}" if prediction.index.outcome else ""
    steps = [f"{_events(step)}, {window(step)}" for step in prediction.steps]
    then = "; then ".join(steps)
    without = f", and none of {_names(prediction.none_of)}" if prediction.none_of else ""
    return f"The decision is each {index}{detail}. The outcome is {then}{without}."


def period(first_date: date, last_date: date, study: Study) -> str:
    """Between which months decisions are studied, and what of the extract or of the study's period is left over.

    Parameters
    ----------
    first_date, last_date : date
        Of the extract's observation.
    study : Study
        First and last date that the protocol studies.

    Returns
    -------
    str
    """
    covered = f"The extract covers {first_date:%B %Y} to {last_date:%B %Y}"
    registered = f"{study.first_date:%B %Y} to {study.last_date:%B %Y}"
    first, last = max(first_date, study.first_date), min(last_date, study.last_date)
    if (first, last) == (study.first_date, study.last_date):
        return f"{covered}; decisions from {registered} are studied, as the protocol says."
    return f"{covered} and the protocol studies {registered}: decisions from {first:%B %Y} to {last:%B %Y} are studied."


def longest_wait(problem: PredictionProblem) -> Duration:
    """How long after the decision the outcome may come."""
    return max((step.to for step in problem.prediction.steps), key=lambda to: (to.months or 0, to.days or 0))


def success_in_words(protocol: Protocol) -> str:
    """What was registered as success."""
    return f"{capitalised(label(protocol.success.metric))} above {protocol.success.threshold:g}"


def _events(step: OutcomeStep) -> str:
    return _names(step.any_of)


def _names(events: tuple[str, ...]) -> str:
    *first, last = (EVENT_WORDS.get(event, label(event)) for event in events)
    return f"{', '.join(first)} or {last}" if first else last
