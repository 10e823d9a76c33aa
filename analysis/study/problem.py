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

from analysis.disclosure import PAGE_TABLES, Released
from analysis.disclosure.containment import child_level_folder, close_to_others, outputs_of, secret_key
from analysis.disclosure.ledger import ledger_folder
from analysis.disclosure.publication import History, publish_tables
from analysis.performance.subgroup_pairs import correct_pairs
from analysis.protocol import PredictionProblem, Protocol
from analysis.protocol.values import Prediction
from analysis.schemas import CheckedTables
from analysis.study.cached_values import SUFFIX, read_cached, signing_key, write_cached
from analysis.study.checked_tables import read_checked_tables, read_doubts, were_written
from analysis.study.fingerprint import hash_code
from analysis.study.paths import find_build
from analysis.study.planted import planted_risk
from analysis.study.provenance import DATES
from analysis.study.settings import read_settings
from analysis.study.study import Study
from analysis.study.supplied import Supplied
from analysis.tables.supplied_scores import models_only


@dataclass(frozen=True)
class ProblemStudy(Study):
    """One (authority, outcome): everything the notebook needs, by name.

    Attributes
    ----------
    settings : Settings
    build : Path
    problem : PredictionProblem
    """

    problem: PredictionProblem

    @property
    def prediction(self) -> Prediction:
        return self.problem.prediction

    @property
    def slug(self) -> str:
        return self.problem.slug

    @property
    def outcome(self) -> str:
        return self.problem.outcome

    @property
    def steps(self) -> tuple[str, ...]:
        return (f"extract/{self.problem.authority}",)

    @cached_property
    def tables(self) -> CheckedTables:
        """The authority's checked tables."""
        return read_checked_tables(self.paths.child_level(self.problem.authority))

    @property
    def suppliers(self) -> tuple[Supplied, ...]:
        """What the authority's extract holds besides its lists."""
        doubt = read_doubts(self.paths.child_level(self.problem.authority)).get(self.problem.outcome, "")
        name = self.settings.name(self.problem.authority)
        return (Supplied.of(self.tables, name, outcome=self.problem.outcome, doubt=doubt),)

    @property
    def rules(self) -> Protocol:
        """The protocol with the designs that these data can bear: without documents no model can read text."""
        if self.suppliers[0].documents:
            return self.protocol
        predictors = tuple(kind for kind in self.protocol.designs.predictors if kind == "structured")
        designs = self.protocol.designs.model_copy(update={"predictors": predictors})
        return self.protocol.model_copy(update={"designs": designs})

    @property
    def observed(self) -> tuple[date, date]:
        """First and last day of the extract's observation."""
        return self.tables.first_date, self.tables.last_date

    def planted_risk(self, cases: pl.DataFrame) -> np.ndarray | None:
        """The risk that each case's outcome was drawn from; None for an authority's own cases."""
        return planted_risk(self.paths, self.problem, cases) if self.synthetic else None

    def release(self, frames: Mapping[str, pd.DataFrame]) -> Mapping[str, Released]:
        """Pass every table through the release gate together, and leave `released/` behind.

        What was ever released of this authority's cases, on this outcome and on others, may have been sent or
        published: what is released now reveals nothing beside any of it.

        Returns
        -------
        dict of str to Released
            What the tables say of models; what they say of a supplied score has a chapter of its own.
        """
        folder = self.paths.released(self.slug)
        whose = {"authority": self.problem.authority, "outcome": self.problem.outcome}
        if were_written(self.paths.child_level(self.problem.authority)):
            whose |= {} if self.settings.synthetic else self.suppliers[0].provenance
            whose |= dict(zip(DATES, map(str, self.observed), strict=True))
        made_from = self.made_from("")
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
            on_disk={path.parent.name: path for path in self.paths.every_released(authority)},
        )

    def cached(self, function: Callable) -> Callable:
        """`function` with its value cached in the child-level folder, so that an interrupted run resumes.

        The cached value is used again only while the arguments and all the code it runs are the same, and only if it
        was signed with this user's secret key.

        Parameters
        ----------
        function : callable
            Its name names the file.

        Returns
        -------
        callable
            Called as ``study.cached(fit_designs)(cases, predictors, protocol, ...)``.
        """

        def call(*arguments, **options):
            return self._cached_value(function, arguments, options)

        return call

    def _cached_value(self, function: Callable, arguments: tuple, options: dict):
        known = [self._cached_names.get(id(argument), (argument,))[0] for argument in arguments]
        key = joblib.hash((known, options, hash_code(function.__module__)))
        folder = child_level_folder(self.build, self.slug)
        path = folder / f"{function.__name__}-{key[:16]}{SUFFIX}"
        content = read_cached(path, self._signing_key)
        if content is None:
            value = function(*arguments, **options)
            for stale in folder.glob(f"{function.__name__}-*{SUFFIX}"):
                stale.unlink()
            write_cached(value, path, self._signing_key)
            close_to_others(folder)
        else:
            value = joblib.load(content)
        self._cached_names[id(value)] = (path.name, value)
        return value

    def last_cached(self, function: Callable):
        """The value of `function` that was cached last, as this user's run wrote it; None if there is none."""
        found = sorted(child_level_folder(self.build, self.slug).glob(f"{function.__name__}-*{SUFFIX}"))
        content = read_cached(found[0], self._signing_key) if len(found) == 1 else None
        return None if content is None else joblib.load(content)

    @cached_property
    def _cached_names(self) -> dict[int, tuple]:
        """Each cached value's file name by its identity, and the value, so that the identity stays its own.

        A value that was read again is pickled to other bytes than when it was computed; its name is the same.
        """
        return {}

    @cached_property
    def _signing_key(self) -> bytes:
        return signing_key(outputs_of(self.build))


def open_problem(authority: str, outcome: str, build: str | Path = "build") -> ProblemStudy:
    """Open one (authority, outcome) of a run.

    Parameters
    ----------
    authority, outcome : str
        Such as "LA1" and "P1".
    build : str or Path
        The folder of the run's products, here or above; see `find_build`.

    Returns
    -------
    ProblemStudy

    Raises
    ------
    StepError
        If no run lies there, or this is not one of its problems.
    """
    build = find_build(build)
    settings = read_settings(build)
    return ProblemStudy(settings, build, settings.problem(authority, outcome))
