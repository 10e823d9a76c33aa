"""What the notebook of one (authority, outcome) opens: its data, its page and its door."""

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
)
from analysis.disclosure.containment import CHILD_LEVEL, child_level_folder, close_to_others, secret_key
from analysis.disclosure.ledger import ledger_folder
from analysis.disclosure.publication import History, publish_tables
from analysis.protocol import PredictionProblem, Protocol
from analysis.protocol.values import Prediction
from analysis.schemas import CheckedTables
from analysis.study.checked_tables import read_checked_tables
from analysis.study.fingerprint import hash_code
from analysis.study.provenance import provenance, short
from analysis.study.settings import Settings, read_settings


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

        What was ever released of this authority's cases, on this outcome and on others, may have been sent or
        published: what is released now reveals nothing beside any of it.
        """
        folder = self.build / self.problem.slug / "released"
        whose = {"authority": self.problem.authority, "outcome": self.problem.outcome}
        made_from = provenance(self.settings, "", self.build, (f"extract/{self.problem.authority}",))
        return publish_tables(
            frames,
            PAGE_TABLES,
            folder,
            preset=self.settings.preset,
            rules=self.protocol.disclosure,
            provenance=whose | made_from,
            history=None if self.settings.synthetic else self._history(made_from),
        )

    def _history(self, made_from: Mapping[str, str]) -> History:
        """Where the authority's releases are remembered."""
        authority = self.problem.authority
        return History(
            folder=ledger_folder("england", authority),
            page=self.problem.outcome,
            key=secret_key(outputs=(self.build, "_build")),
            made_from={name: made_from[name] for name in ("code", "protocol")},
            on_disk={path.parent.name: path for path in sorted((self.build / authority).glob("*/released"))},
        )

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


def open_problem(authority: str, outcome: str, build: str | Path = "build") -> ProblemStudy:
    """Open one (authority, outcome) of the run whose products lie in `build`."""
    settings = read_settings(Path(build))
    return ProblemStudy(settings.problem(authority, outcome), settings, Path(build))
