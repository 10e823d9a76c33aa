"""Typed access to the published numbers."""

from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

FOLDER = Path(__file__).parent
SOURCES = {
    "A": "What Works for Children's Social Care (2020), Machine learning in children's services: does it work?",
    "B": "James et al. (2019), Using family network data in child protection services, PLoS ONE 14(10): e0224554",
}
METRICS = ("average_precision", "auc")


@dataclass(frozen=True)
class PublishedCell:
    """One printed value of A's table of performance metrics."""

    prediction: str
    authority: str
    design: str
    metric: str
    value: float


@dataclass(frozen=True)
class PollAnswer:
    """One answer of the poll: its share of the `answers` people asked."""

    question: str
    answer: str
    share: float
    answers: int


@cache
def _values(name: str) -> Any:
    return yaml.safe_load((FOLDER / f"{name}.yml").read_text(encoding="utf-8"))


@cache
def england_cells() -> tuple[PublishedCell, ...]:
    """The 64 printed values: average precision and AUC of 32 models."""
    return tuple(
        PublishedCell(prediction, row["authority"], design, metric, value)
        for prediction, row in _values("england")["cells"].items()
        for design, pair in row.items()
        if design != "authority"
        for metric, value in zip(METRICS, pair, strict=True)
    )


@cache
def _england_values() -> dict[tuple[str, str, str], float]:
    return {(cell.prediction, cell.design, cell.metric): cell.value for cell in england_cells()}


def published_value(prediction: str, design: str, metric: str) -> float | None:
    """What A printed for one model, or None if it did not study that prediction.

    Parameters
    ----------
    prediction : str
        As the protocol numbers it, "P1" to "P8".
    design : str
        The design's slug, such as "structured-all_cases".
    metric : str
        One of `METRICS`.

    Returns
    -------
    float or None
        From 0 to 1, to the two decimals printed.
    """
    return _england_values().get((prediction, design, metric))


def leaking_authorities() -> tuple[str, ...]:
    """Authorities that A left out of its overall verdict because information had leaked."""
    return tuple(_values("england")["leaking"])


def plain_name(prediction: str, title: str) -> str:
    """What a prediction asks, in plain words; for one that A did not ask, its own title.

    Parameters
    ----------
    prediction : str
        As the protocol numbers it.
    title : str
        What to call a prediction that A did not ask.

    Returns
    -------
    str

    Examples
    --------
    >>> plain_name("P6", ""), plain_name("P9", "Referred again")
    ('Referral after early help ends', 'Referred again')
    """
    return _values("england")["plain_names"].get(prediction, title)


def published_comparisons(differ_in: Literal["predictors", "cases"]) -> int:
    """How many pairs of A's models differ in nothing else.

    Parameters
    ----------
    differ_in : {"predictors", "cases"}
        With text or without; learned from all cases or from earlier ones.

    Returns
    -------
    int

    Examples
    --------
    >>> published_comparisons("predictors"), published_comparisons("cases")
    (16, 16)
    """
    alike = 2 if differ_in == "predictors" else 0  # what the two have in common: the cases, or the predictors
    models = {(cell.prediction, cell.design) for cell in england_cells()}
    pairs = Counter((prediction, design.partition("-")[alike]) for prediction, design in models)
    return sum(count == 2 for count in pairs.values())


def reconstructions() -> tuple[dict, ...]:
    """Printed values that are read as another, with the reason."""
    return tuple(_values("england")["reconstructed"])


def prevalence_range() -> dict[str, float]:
    """Lowest and highest prevalence A gives, and the highest of the seven rarer outcomes."""
    return dict(_values("england")["prevalence"])


def case_range() -> dict:
    """Fewest and most cases A gives, and the prediction with the fewest."""
    return dict(_values("england")["cases"])


@cache
def poll_answers() -> tuple[PollAnswer, ...]:
    """Every answer of the poll of social workers."""
    poll = _values("poll")
    return tuple(
        PollAnswer(name, answer, percentage / 100, poll["answers"])
        for name, question in poll["questions"].items()
        for answer, percentage in question["answers"].items()
    )


def poll_question(name: str) -> str:
    """The question in our words: 'role' or 'uses'."""
    return _values("poll")["questions"][name]["title"]


def claim_values() -> list[dict]:
    """The claims of both studies, as registered."""
    return _values("claims")


def curves_said_to_rise() -> tuple[int, int]:
    """Of how many models A said that their learning curves do not level off, and how many models it counts."""
    printed = {claim["id"]: claim["published"] for claim in claim_values() if "published" in claim}
    return printed["A-curves-rising"], printed["A-models-in-verdict"]


def network_values() -> dict:
    """What B prints: its data, samples, table of selected models, gains and comparators."""
    return _values("networks")
