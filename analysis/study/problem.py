"""What the notebook of one (authority, outcome) opens: its data, its page and its door."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
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
from analysis.disclosure.containment import CHILD_LEVEL, child_level_folder, close_to_others, outputs_of
from analysis.protocol import PredictionProblem, Protocol
from analysis.protocol.values import Prediction
from analysis.schemas import CheckedTables
from analysis.study.checked_tables import read_checked_tables
from analysis.study.fingerprint import hash_code
from analysis.study.provenance import provenance, short
from analysis.study.settings import Settings, read_settings, siblings_before
from analysis.workflow.kept import SUFFIX, read_kept, signing_key, write_kept


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

    def page(self, source: str) -> Page:
        """The page this study is shown on; `source` is the notebook's path in the repository."""
        slug, conformance = self.problem.slug.replace("/", "-"), self.settings.conformance
        return Page(
            slug=slug,
            folder=self.build / "book" / "_files" / slug,
            source=source,
            data_is_synthetic=self.settings.synthetic,
            deviating=conformance.deviating,
            registered=self.problem.outcome not in conformance.added,
            disclosure=describe_preset(self.settings.preset, self.protocol.disclosure),
            provenance=short(provenance(self.settings, source, self.build, (f"extract/{self.problem.authority}",))),
        )

    def release(self, frames: Mapping[str, pd.DataFrame]) -> dict[str, Released]:
        """Pass every table through the door together, and leave `released/` behind.

        An earlier run's `released/` may have been sent or published, and the authority's other outcomes are read
        together with this one: what is released now reveals nothing beside either.
        """
        rules, folder = self.protocol.disclosure, self.build / self.problem.slug / "released"
        others = {"earlier": self._released_of(self.problem), "siblings": self._siblings()}
        released = release_all(frames, PAGE_TABLES, preset=self.settings.preset, rules=rules, **others)
        whose = {"authority": self.problem.authority, "outcome": self.problem.outcome}
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

        The kept value is used again only while the arguments and all the code it runs are the same, and only if it was
        signed with this user's secret key.
        """
        known = [self._names_of_kept.get(id(argument), (argument,))[0] for argument in arguments]
        key = joblib.hash((known, options, hash_code(function.__module__)))
        folder = child_level_folder(self.build, self.problem.slug)
        path = folder / f"{name}-{key[:16]}{SUFFIX}"
        content = read_kept(path, self._signing_key)
        if content is None:
            value = function(*arguments, **options)
            for stale in folder.glob(f"{name}-*{SUFFIX}"):
                stale.unlink()
            write_kept(value, path, self._signing_key)
            close_to_others(folder)
        else:
            value = joblib.load(content)
        self._names_of_kept[id(value)] = (path.name, value)
        return value

    @cached_property
    def _names_of_kept(self) -> dict[int, tuple]:
        """Each kept value's file name by its identity, and the value, so that the identity stays its own.

        A value that was read again is pickled to other bytes than when it was computed; its name is the same.
        """
        return {}

    @cached_property
    def _signing_key(self) -> bytes:
        return signing_key(outputs_of(self.build))


def open_problem(authority: str, outcome: str, build: str | Path = "build") -> ProblemStudy:
    """Open one (authority, outcome) of the run whose products lie in `build`."""
    settings = read_settings(Path(build))
    return ProblemStudy(settings.problem(authority, outcome), settings, Path(build))
