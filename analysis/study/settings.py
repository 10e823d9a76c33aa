"""What one run is about: the protocol, whose data, which problems, which disclosure preset."""

import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from analysis.errors import ProtocolError, StepError
from analysis.protocol import PredictionProblem, Protocol
from analysis.study.evidence_files import DEVIATIONS, FOLDER, check_conformance, read_registered
from analysis.study.paths import Paths
from analysis.tables.conformance import Conformance

MOST_LISTED = 32
"""Pages beside every chapter (ours): of four authorities with eight each; more are listed on pages of their own."""


@dataclass(frozen=True)
class Settings:
    """The run's choices, kept beside its products so that a notebook needs no more than the build folder.

    Attributes
    ----------
    protocol : Protocol
    synthetic : bool
        Whether the data were made by the generator; every page says so.
    problems : tuple of PredictionProblem
    deviations : Path
        Folder in which departures from the registered protocol are recorded, if there are any.
    network_world : str
        The world in which family networks are studied: full, small or own.
    names : mapping of str to str
        What each authority is called, by the name of its folder; one that is not there is called as its folder.
    """

    protocol: Protocol
    synthetic: bool
    problems: tuple[PredictionProblem, ...]
    deviations: Path = FOLDER
    network_world: str = "full"
    names: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def conformance(self) -> Conformance:
        """What this run does otherwise than registered; raises `ProtocolError` for what was not recorded.

        An authority's own protocol has its own period of study, which is no departure from another's.
        """
        executed = self.protocol
        if self.deviations != FOLDER:
            executed = executed.model_copy(update={"study": read_registered().study})
        return check_conformance(executed, self.deviations)

    @property
    def recorded(self) -> Path:
        """The file of recorded departures from the registered protocol; there need be none."""
        return self.deviations / DEVIATIONS

    @property
    def many_pages(self) -> bool:
        """Whether there are more pages than can be listed beside every chapter."""
        return len(self.problems) > MOST_LISTED

    @property
    def preset(self) -> str:
        rules = self.protocol.disclosure
        return rules.synthetic_data if self.synthetic else rules.own_data

    @cached_property
    def authorities(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(problem.authority for problem in self.problems))

    @cached_property
    def _bearers(self) -> Counter[str]:
        """How many authorities have each name."""
        return Counter(self.names.get(authority, authority) for authority in self.authorities)

    def name(self, authority: str) -> str:
        """What an authority is called on pages; two of one name are distinguished by their folders."""
        name = self.names.get(authority, authority)
        return f"{name} ({authority})" if self._bearers[name] > 1 else name

    def problem(self, authority: str, outcome: str) -> PredictionProblem:
        """The problem of this pair.

        Parameters
        ----------
        authority : str
            Name of its folder.
        outcome : str
            Such as "P1".

        Returns
        -------
        PredictionProblem

        Raises
        ------
        StepError
            Naming the problems there are, if this is none of them.
        """
        for problem in self.problems:
            if (problem.authority, problem.outcome) == (authority, outcome):
                return problem
        known = ", ".join(problem.slug for problem in self.problems)
        raise StepError(f"{authority}/{outcome}", f"not a problem of this run; choose one of {known}")


def choose_problems(
    protocol: Protocol, authorities: Sequence[str], outcomes: Sequence[str] | None = None
) -> tuple[PredictionProblem, ...]:
    """The problems to study: for each authority its own predictions, and those of authorities not studied here.

    Parameters
    ----------
    protocol : Protocol
    authorities : sequence of str
        Names of their folders.
    outcomes : sequence of str or None
        Predictions to study; all that the protocol declares where there is none.

    Returns
    -------
    tuple of PredictionProblem
        In the order of the authorities, then of the protocol.

    Raises
    ------
    ProtocolError
        If an outcome is asked for that the protocol does not declare, or nothing is left to study.
    """
    unknown = sorted(set(outcomes or ()) - set(protocol.predictions))
    if unknown:
        declared = ", ".join(protocol.predictions)
        raise ProtocolError("outcomes", [f"{name!r} is not declared; the protocol has {declared}" for name in unknown])
    problems = []
    for authority in authorities:
        for outcome, prediction in protocol.predictions.items():
            anothers = prediction.authority != authority and prediction.authority in authorities
            if anothers or (outcomes and outcome not in outcomes):
                continue
            own = prediction.model_copy(update={"authority": authority})
            problems.append(PredictionProblem(authority=authority, outcome=outcome, prediction=own))
    if not problems:
        raise ProtocolError("outcomes", "no prediction is left to study; name other outcomes or authorities")
    return tuple(problems)


def earlier_outcomes(
    problem: PredictionProblem, problems: Sequence[PredictionProblem]
) -> tuple[PredictionProblem, ...]:
    """The problems of the same authority that come before this one.

    Parameters
    ----------
    problem : PredictionProblem
        One of `problems`.
    problems : sequence of PredictionProblem
        All of the run, in order.

    Returns
    -------
    tuple of PredictionProblem
    """
    here = [other.slug for other in problems].index(problem.slug)
    return tuple(other for other in problems[:here] if other.authority == problem.authority)


def write_settings(settings: Settings, build: Path) -> None:
    """Leave the settings in the build folder; a file that would say the same is left alone.

    Parameters
    ----------
    settings : Settings
    build : Path
        The folder of the run's products; made where there is none.
    """
    build.mkdir(parents=True, exist_ok=True)
    paths = Paths(build)
    _write(paths.protocol, settings.protocol.model_dump_json(by_alias=True, indent=1))
    # The book's own are part of the program, wherever it lies; others are named as seen from the build folder.
    deviations = None if settings.deviations == FOLDER else os.path.relpath(settings.deviations, build)
    choices = {"synthetic": settings.synthetic, "deviations": deviations}
    choices |= {"network_world": settings.network_world, "names": dict(settings.names)}
    _write(paths.settings, json.dumps(choices))
    _write(paths.problems, json.dumps([[p.authority, p.outcome] for p in settings.problems]))


def read_settings(build: Path) -> Settings:
    """The settings that a report left in its build folder."""
    paths = Paths(build)
    if not paths.settings.is_file():
        raise StepError(str(build), "holds no run; run `python -m analysis report` first")
    protocol = Protocol.model_validate_json(paths.protocol.read_text(encoding="utf-8"))
    pairs = json.loads(paths.problems.read_text(encoding="utf-8"))
    problems = tuple(
        PredictionProblem(
            authority=authority,
            outcome=outcome,
            prediction=protocol.predictions[outcome].model_copy(update={"authority": authority}),
        )
        for authority, outcome in pairs
    )
    choices = json.loads(paths.settings.read_text(encoding="utf-8"))
    return Settings(
        protocol,
        choices["synthetic"],
        problems,
        build / choices["deviations"] if choices["deviations"] else FOLDER,
        network_world=choices["network_world"],
        names=choices.get("names", {}),  # a build folder of an earlier version has none
    )


def _write(path: Path, text: str) -> None:
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        partial = path.with_suffix(".partial")
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
