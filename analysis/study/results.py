"""What a chapter's notebook opens: every problem's released tables, and nothing that is not released."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from analysis.book.page import Page, Shown, show_figure, show_sentence, show_table
from analysis.book.sentences.agreement import made_when, read_agreement
from analysis.claims import Evidence
from analysis.claims.evidence import LEAKAGE_FOUND
from analysis.disclosure import PAGE_TABLES, Released, read_released
from analysis.disclosure.lazy import LazyTables, open_released
from analysis.network.catalogue import NETWORK_TABLES
from analysis.protocol.values import Prediction
from analysis.study.evidence_files import places_not_made, read_fresh_worlds, read_registered
from analysis.study.networks import OWN
from analysis.study.paths import find_build
from analysis.study.settings import read_settings
from analysis.study.study import Study
from analysis.study.supplied import Supplied
from analysis.study.supplied_table import supplied_table
from analysis.study.transport import transport_table, why_no_transport
from analysis.tables.agreement import agreement, worlds_beside
from analysis.tables.summaries import england_summary, joint
from analysis.tables.supplied_scores import models_only, score_only


@dataclass(frozen=True)
class Results(Study):
    """All the problems of a run, as their released tables tell of them.

    Attributes
    ----------
    settings : Settings
    build : Path
    """

    @property
    def steps(self) -> tuple[str, ...]:
        return tuple(f"page/{problem.slug}" for problem in self.settings.problems)

    @property
    def authorities(self) -> tuple[str, ...]:
        return tuple(map(self.settings.name, self.settings.authorities))

    @cached_property
    def _by_slug(self) -> dict[str, LazyTables]:
        """Released tables of each problem that could be studied, by its slug, what is said of scores among them."""
        folders = {problem.slug: self.paths.released(problem.slug) for problem in self.settings.problems}
        tables = {slug: open_released(folder, PAGE_TABLES) for slug, folder in folders.items()}
        return {slug: released for slug, released in tables.items() if released}

    @cached_property
    def pages(self) -> dict[tuple[str, str], LazyTables]:
        """All released tables by name for each (name of the authority, outcome) that could be studied."""
        names = {p.slug: (self.settings.name(p.authority), p.outcome) for p in self.settings.problems}
        return {names[slug]: tables for slug, tables in self._by_slug.items()}

    @cached_property
    def world(self) -> dict[tuple[str, str], Mapping[str, Released]]:
        """What they say of models."""
        return {problem: models_only(tables) for problem, tables in self.pages.items()}

    @cached_property
    def scores(self) -> dict[tuple[str, str], Mapping[str, Released]]:
        """What they say of the scores of tools, for the problems whose cases were scored."""
        scored = {problem: tables for problem, tables in self.pages.items() if "score_coverage" in tables}
        return {problem: score_only(tables) for problem, tables in scored.items()}

    @property
    def example(self) -> str:
        """The slug of the first problem that could be studied; of the first of all, if none could."""
        return next(iter(self._by_slug), self.settings.problems[0].slug)

    @cached_property
    def suppliers(self) -> tuple[Supplied, ...]:
        """What each problem's authority supplied, as the manifests of its released tables say."""
        return tuple(
            Supplied.read(self.paths.released(problem.slug), self.settings.name(problem.authority))
            for problem in self.settings.problems
        )

    def joint(self, name: str, **labels) -> Released | None:
        """One table of every problem, its first two columns the authority and the outcome; None if none has it.

        Labels choose rows, as in ``joint("leakage", flagged="yes")``.
        """
        table = joint(self.world, name)
        return table.where(**labels) if table and labels else table

    def joint_once(self, name: str) -> Released | None:
        """As `joint`, but no page's table stays in memory: a few rows each, those of a country take gigabytes."""
        return joint({problem: models_only(tables.copy()) for problem, tables in self.pages.items()}, name)

    @cached_property
    def evidence(self) -> Evidence:
        """What the claims look at."""
        networks = self.paths.networks(self.settings.network_world)
        return Evidence(
            self.world,
            self.protocol,
            read_registered(),
            read_released(networks, NETWORK_TABLES),
            networks_are_its_own=self.settings.synthetic or self.settings.network_world == OWN,
            under_chance=_read_shuffled(self.paths.shuffled),
        )

    @property
    def counted(self) -> dict[tuple[str, str], Mapping[str, Released]]:
        """The world without the authorities in which leakage was found; all of it where that leaves none."""
        left_out = self.evidence.left_out
        kept = {problem: tables for problem, tables in self.world.items() if left_out.get(problem) != LEAKAGE_FOUND}
        return kept or self.world

    @property
    def supplied_table(self) -> Released | None:
        """What the authorities put in; None where their extracts were read elsewhere."""
        return supplied_table(self.build, {slug: self.settings.name(slug) for slug in self.settings.authorities})

    @property
    def transport(self) -> Released | None:
        """Models moved between authorities that are asked the same question; None where none was."""
        return transport_table(self.build, self.settings)

    @property
    def why_no_transport(self) -> str:
        """Why no model was moved, in a sentence; "" where one was."""
        return why_no_transport(self.build, self.settings)

    @property
    def predictions(self) -> dict[str, Prediction]:
        """The predictions of this run by outcome, each with the names of the authorities whose cases are asked."""
        whose: dict[str, list[str]] = {}
        for problem in self.settings.problems:
            whose.setdefault(problem.outcome, []).append(self.settings.name(problem.authority))
        declared = self.protocol.predictions
        return {o: declared[o].model_copy(update={"authority": ", ".join(names)}) for o, names in whose.items()}

    @property
    def not_made(self) -> frozenset[str]:
        """The anchors of the figures and tables that this run could not make."""
        return places_not_made(self.paths.book)


def open_results(build: str | Path = "build") -> Results:
    """Open the results of all problems of a run, by the folder of its products, here or above; see `find_build`."""
    build = find_build(build)
    return Results(read_settings(build), build)


def write_shuffled(values: Mapping[str, Sequence[float]], path: Path) -> None:
    """Leave the claims' numbers with shuffled risks where `Results.evidence` finds them.

    Parameters
    ----------
    values : dict of claim -> numbers
        As `analysis.claims.agreement.shuffled_values` gives them.
    path : Path
    """
    path.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8", newline="\n")


def _read_shuffled(path: Path) -> dict[str, tuple[float, ...]] | None:
    """What the run's summary computed of shuffled risks; None before it has."""
    if not path.is_file():
        return None
    return {claim: tuple(values) for claim, values in json.loads(path.read_text(encoding="utf-8")).items()}


def show_agreement(page: Page, study: Results) -> Shown:
    """Show how near the synthetic world and worlds of other seeds come to the published values; own data have none.

    Parameters
    ----------
    page : Page
    study : Results

    Returns
    -------
    Shown
    """
    if not page.data_is_synthetic:
        return show_sentence("These are not synthetic data: there are no worlds of other seeds.")
    fresh, summary = read_fresh_worlds(), england_summary(study.world)
    shown = study.protocol.seeds.synthetic_england
    mark = study.protocol.success.threshold
    beside = worlds_beside(summary, fresh, study.evidence.left_out, mark=mark, shown=shown)
    caption = "Average precision as published, in the world shown and in worlds of other seeds."
    show_figure(page, "worlds_beside", beside, caption=caption)
    distances = agreement(summary, fresh, shown=shown)
    show_sentence(read_agreement(distances), made_when(fresh))
    caption = "Distance from the published values, in the world shown and in worlds of other seeds."
    return show_table(page, distances, caption=caption)
