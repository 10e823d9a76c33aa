"""What the page of tables that an authority sent opens: these tables, and what their release says of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from analysis.disclosure import PAGE_TABLES, Released, read_released
from analysis.disclosure.files import read_manifest
from analysis.protocol import PredictionProblem
from analysis.study.fingerprint import ROOT, code_of, hash_code, modules_imported
from analysis.study.paths import find_build
from analysis.study.provenance import DATES, FINGERPRINTS
from analysis.study.settings import read_settings
from analysis.study.study import Study
from analysis.study.supplied import Supplied
from analysis.tables.supplied_scores import models_only

ANSWERS = frozenset({"average_precision", "yardsticks", "confusion_per_100", "subgroups"})
"""Figures above the details of a page: all that are drawn where a joint book has many."""


@dataclass(frozen=True)
class SentStudy(Study):
    """One (authority, outcome) as its released tables tell of it: what the notebook needs once these are there."""

    problem: PredictionProblem

    @property
    def slug(self) -> str:
        return self.problem.slug

    @property
    def outcome(self) -> str:
        return self.problem.outcome

    @cached_property
    def released(self) -> Mapping[str, Released]:
        """What the tables that were sent say of models, by name."""
        return models_only(read_released(self.paths.released(self.slug), PAGE_TABLES))

    @cached_property
    def sent(self) -> Mapping[str, str]:
        """What the release says it was made from."""
        return read_manifest(self.paths.released(self.slug))["provenance"]

    @cached_property
    def suppliers(self) -> tuple[Supplied, ...]:
        """What the authority's extract held besides its lists, as the release says."""
        return (Supplied.read(self.paths.released(self.slug), self.settings.name(self.problem.authority)),)

    @property
    def drawn(self) -> frozenset[str] | None:
        """In a book of many pages the details are left to the authority's own: of 153 they would take an hour more."""
        return ANSWERS if self.settings.many_pages else None

    @property
    def observed(self) -> tuple[date, date]:
        """First and last day of the extract's observation, as the release says; else of the protocol's study."""
        study = self.protocol.study
        first, last = (self.sent.get(name) for name in DATES)
        return (
            date.fromisoformat(first) if first else study.first_date,
            date.fromisoformat(last) if last else study.last_date,
        )

    def made_from(self, source: str) -> Mapping[str, str]:
        """What its tables were made from and, apart, the code that the page was made with here."""
        made_from = {name: self.sent.get(name, "") for name in FINGERPRINTS}
        code = hash_code(*modules_imported(code_of(ROOT / source)))
        return made_from | {"code": code, "tables' code": made_from["code"]}


def open_sent(authority: str, outcome: str, build: str | Path = "build") -> SentStudy:
    """Open what one authority released for one outcome, of the joint book whose products lie in `build`.

    Parameters
    ----------
    authority : str
        Name of its folder.
    outcome : str
        Such as "P1".
    build : str or Path
        The folder of the run's products, here or above; see `find_build`.

    Returns
    -------
    SentStudy

    Raises
    ------
    StepError
        If no run lies there, or this is not one of its problems.
    """
    build = find_build(build)
    settings = read_settings(build)
    return SentStudy(settings, build, settings.problem(authority, outcome))
