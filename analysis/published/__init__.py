"""What the two published studies report: their numbers as data, each with its source."""

from analysis.published.read import (
    SOURCES,
    PollAnswer,
    PublishedCell,
    case_range,
    claim_values,
    curves_said_to_rise,
    england_cells,
    leaking_authorities,
    network_values,
    plain_name,
    poll_answers,
    poll_question,
    prevalence_range,
    published_comparisons,
    published_value,
    reconstructions,
)

__all__ = [
    "SOURCES",
    "PollAnswer",
    "PublishedCell",
    "case_range",
    "claim_values",
    "curves_said_to_rise",
    "england_cells",
    "leaking_authorities",
    "network_values",
    "plain_name",
    "poll_answers",
    "poll_question",
    "prevalence_range",
    "published_comparisons",
    "published_value",
    "reconstructions",
]
