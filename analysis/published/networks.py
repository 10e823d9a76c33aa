"""The published numbers of the study of family networks (source B)."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml


@dataclass(frozen=True)
class PublishedModel:
    """One row of B's Table 2."""

    sample: str
    predictors: tuple[str, ...] | None  # beside age; None for all
    auc: float
    comment: str


@cache
def published_networks() -> dict:
    """Everything in `networks.yml`."""
    return yaml.safe_load(Path(__file__).with_name("networks.yml").read_text(encoding="utf-8"))


def published_models() -> tuple[PublishedModel, ...]:
    """B's Table 2, in its order."""
    return tuple(
        PublishedModel(
            row["sample"],
            None if row["predictors"] == "all" else tuple(row["predictors"].split()),
            row["auc"],
            row["comment"],
        )
        for row in published_networks()["table_2"]
    )
