"""What the notebook of one (authority, outcome) opens: its data, its page and its door."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import joblib
import pandas as pd

from analysis.book.page import Page
from analysis.disclosure import (
    PAGE_TABLES,
    Released,
    describe_preset,
    read_earlier,
    release_all,
    write_released,
)
from analysis.disclosure.containment import CHILD_LEVEL, child_level_folder, close_to_others
from analysis.protocol import PredictionProblem, Protocol
from analysis.protocol.values import Prediction
from analysis.schemas import CheckedTables
from analysis.study.checked_tables import read_checked_tables
from analysis.study.fingerprint import hash_code
from analysis.study.provenance import provenance, short
from analysis.study.settings import Settings, read_settings, siblings_before

OBSERVED = ("observed_from", "observed_to")
"""How a release's manifest calls the first and last day of the extract's observation."""


@dataclass(frozen=True)
class ProblemStudy:
    """One (authority, outcome): everything the notebook needs, by name.

    Attributes
    ----------
    problem : PredictionProblem
    settings : Settings
    build : Path
    """

    problem: PredictionProblem
    settings: Settings
    build: Path

    @property
    def protocol(self) -> Protocol:
        return self.settings.protocol

    @property
    def prediction(self) -> Prediction:
        return self.problem.prediction

    @cached_property
    def tables(self) -> CheckedTables:
        """The authority's checked tables."""
        return read_checked_tables(self.build / self.problem.authority / CHILD_LEVEL)

    @property
    def observed(self) -> tuple[date, date]:
        """First and last day of the extract's observation."""
        return self.tables.first_date, self.tables.last_date

    def page(self, source: str) -> Page:
        """The page this study is shown on; `source` is the notebook's path in the repository."""
        made_from = provenance(self.settings, source, self.build, (f"extract/{self.problem.authority}",))
        return page_of(self.problem, self.settings, self.build, source=source, made_from=made_from)

    def release(self, frames: Mapping[str, pd.DataFrame]) -> dict[str, Released]:
        """Pass every table through the door together, and leave `released/` behind.

        An earlier run's `released/` may have been sent or published, and the authority's other outcomes are read
        together with this one: what is released now reveals nothing beside either.
        """
        rules, folder = self.protocol.disclosure, self.build / self.problem.slug / "released"
        others = {"earlier": self._released_of(self.problem), "siblings": self._siblings()}
        released = release_all(frames, PAGE_TABLES, preset=self.settings.preset, rules=rules, **others)
        whose = {"authority": self.problem.authority, "outcome": self.problem.outcome}
        whose |= dict(zip(OBSERVED, map(str, self.observed), strict=True))
        made_from = whose | provenance(self.settings, "", self.build, (f"extract/{self.problem.authority}",))
        shutil.rmtree(folder, ignore_errors=True)
        write_released(released, folder, provenance=made_from)
        return released

    def _siblings(self) -> dict[str, dict[str, Released]]:
        """Released tables of the authority's problems whose pages are made before this one's, by outcome."""
        pages = siblings_before(self.problem, self.settings.problems)
        return {problem.outcome: self._released_of(problem) for problem in pages}

    def _released_of(self, problem: PredictionProblem) -> dict[str, Released]:
        """What lies in a problem's `released/`, but for tables made of synthetic data."""
        found = read_earlier(self.build / problem.slug / "released", PAGE_TABLES)
        return {n: table for n, table in found.items() if table.preset != self.protocol.disclosure.synthetic_data}

    def keep(self, name: str, function: Callable, *arguments, **options):
        """`function(*arguments, **options)`, kept in the child-level folder so that an interrupted run resumes.

        The kept value is used again only while the arguments and all the code it runs are the same.
        """
        key = joblib.hash((arguments, options, hash_code(function.__module__)))
        folder = child_level_folder(self.build, self.problem.slug)
        path = folder / f"{name}-{key[:16]}.joblib"
        if path.is_file():
            return joblib.load(path)
        value = function(*arguments, **options)
        for stale in folder.glob(f"{name}-*.joblib"):
            stale.unlink()
        partial = path.with_suffix(".partial")
        joblib.dump(value, partial)
        partial.replace(path)
        close_to_others(folder)
        return value


def page_of(
    problem: PredictionProblem, settings: Settings, build: Path, *, source: str, made_from: Mapping[str, str]
) -> Page:
    """The page of one problem; `made_from` are the fingerprints it shows."""
    slug, conformance = problem.slug.replace("/", "-"), settings.conformance
    return Page(
        slug=slug,
        folder=build / "book" / "_files" / slug,
        source=source,
        data_is_synthetic=settings.synthetic,
        deviating=conformance.deviating,
        registered=problem.outcome not in conformance.added,
        disclosure=describe_preset(settings.preset, settings.protocol.disclosure),
        provenance=short(made_from),
    )


def open_problem(authority: str, outcome: str, build: str | Path = "build") -> ProblemStudy:
    """Open one (authority, outcome) of the run whose products lie in `build`."""
    settings = read_settings(Path(build))
    return ProblemStudy(settings.problem(authority, outcome), settings, Path(build))
