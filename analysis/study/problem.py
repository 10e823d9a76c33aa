"""What the notebook of one (authority, outcome) opens: its data, its page and its release gate."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import polars as pl

from analysis.book.page import Page
from analysis.disclosure import (
    PAGE_TABLES,
    Released,
)
from analysis.disclosure.containment import CHILD_LEVEL, child_level_folder, close_to_others, outputs_of, secret_key
from analysis.disclosure.ledger import ledger_folder
from analysis.disclosure.publication import History, publish_tables
from analysis.performance.subgroup_pairs import correct_pairs
from analysis.protocol import PredictionProblem, Protocol
from analysis.protocol.values import Prediction
from analysis.schemas import CheckedTables
from analysis.study.cached_values import SUFFIX, read_cached, signing_key, write_cached
from analysis.study.checked_tables import read_checked_tables, were_written
from analysis.study.fingerprint import hash_code
from analysis.study.planted import planted_risk
from analysis.study.provenance import provenance
from analysis.study.settings import Settings, read_settings
from analysis.study.study_page import study_page
from analysis.study.supplied import Supplied, what_is_lacking
from analysis.tables.supplied_scores import models_only

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
        return read_checked_tables(self._child_level)

    @property
    def _child_level(self) -> Path:
        return self.build / self.problem.authority / CHILD_LEVEL

    @property
    def supplied(self) -> Supplied:
        """What the authority's extract holds besides its lists."""
        return Supplied.of(self.tables, self.settings.name(self.problem.authority))

    @property
    def rules(self) -> Protocol:
        """The protocol with the designs that these data can bear: without documents no model can read text."""
        if self.supplied.documents:
            return self.protocol
        seen = tuple(kind for kind in self.protocol.designs.predictors if kind == "structured")
        designs = self.protocol.designs.model_copy(update={"predictors": seen})
        return self.protocol.model_copy(update={"designs": designs})

    @property
    def observed(self) -> tuple[date, date]:
        """First and last day of the extract's observation."""
        return self.tables.first_date, self.tables.last_date

    def planted_risk(self, cases: pl.DataFrame) -> np.ndarray | None:
        """The risk that each case's outcome was drawn from; None for an authority's own cases."""
        return planted_risk(self.build, self.problem, cases) if self.settings.synthetic else None

    def page(self, source: str) -> Page:
        """The page this study is shown on; `source` is the notebook's path in the repository."""
        own = not self.settings.synthetic
        return study_page(
            self.settings,
            self.build,
            source,
            made_from=(f"extract/{self.problem.authority}",),
            synthetic=self.settings.synthetic,
            slug=self.problem.slug.replace("/", "-"),
            outcome=self.problem.outcome,
            authorities=(self.supplied.name,) if own else (),
            lacks=what_is_lacking([self.supplied]),
        )

    def release(self, frames: Mapping[str, pd.DataFrame]) -> dict[str, Released]:
        """Pass every table through the release gate together, and leave `released/` behind.

        What was ever released of this authority's cases, on this outcome and on others, may have been sent or
        published: what is released now reveals nothing beside any of it.

        Returns
        -------
        dict of str to Released
            What the tables say of models; what they say of a supplied score has a chapter of its own.
        """
        folder = self.build / self.problem.slug / "released"
        whose = {"authority": self.problem.authority, "outcome": self.problem.outcome}
        if were_written(self._child_level):
            whose |= {} if self.settings.synthetic else self.supplied.provenance
            whose |= dict(zip(OBSERVED, map(str, self.observed), strict=True))
        made_from = provenance(self.settings, "", self.build, (f"extract/{self.problem.authority}",))
        released = publish_tables(
            frames,
            PAGE_TABLES,
            folder,
            preset=self.settings.preset,
            rules=self.protocol.disclosure,
            provenance=whose | made_from,
            history=None if self.settings.synthetic else self._history(made_from),
            recompute={"subgroup_pairs": partial(correct_pairs, alpha=self.protocol.subgroups.alpha)},
        )
        return models_only(released)

    def _history(self, made_from: Mapping[str, str]) -> History:
        """Where the authority's releases are remembered."""
        authority = self.problem.authority
        return History(
            folder=ledger_folder("england", authority),
            page=self.problem.outcome,
            key=secret_key(outputs=outputs_of(self.build)),
            made_from={name: made_from[name] for name in ("code", "protocol")},
            on_disk={path.parent.name: path for path in sorted((self.build / authority).glob("*/released"))},
        )

    def keep(self, name: str, function: Callable, *arguments, **options):
        """`function(*arguments, **options)`, kept in the child-level folder so that an interrupted run resumes.

        The kept value is used again only while the arguments and all the code it runs are the same, and only if it was
        signed with this user's secret key.
        """
        known = [self._names_of_kept.get(id(argument), (argument,))[0] for argument in arguments]
        key = joblib.hash((known, options, hash_code(function.__module__)))
        folder = child_level_folder(self.build, self.problem.slug)
        path = folder / f"{name}-{key[:16]}{SUFFIX}"
        content = read_cached(path, self._signing_key)
        if content is None:
            value = function(*arguments, **options)
            for stale in folder.glob(f"{name}-*{SUFFIX}"):
                stale.unlink()
            write_cached(value, path, self._signing_key)
            close_to_others(folder)
        else:
            value = joblib.load(content)
        self._names_of_kept[id(value)] = (path.name, value)
        return value

    def kept(self, name: str):
        """What `keep` left last under this name, as this user's run wrote it; None if there is nothing such."""
        found = sorted(child_level_folder(self.build, self.problem.slug).glob(f"{name}-*{SUFFIX}"))
        content = read_cached(found[0], self._signing_key) if len(found) == 1 else None
        return None if content is None else joblib.load(content)

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
