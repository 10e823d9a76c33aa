"""What a chapter's notebook opens: every problem's released tables, and nothing that is not released."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from analysis.book.page import Page, show_sentence, show_table
from analysis.book.sentences.agreement import made_when, read_agreement
from analysis.claims import Evidence
from analysis.disclosure import PAGE_TABLES, Released, describe_preset, read_released
from analysis.network.catalogue import NETWORK_TABLES
from analysis.protocol import Protocol
from analysis.study.evidence_files import read_fresh_worlds
from analysis.study.network_chapters import released_folder
from analysis.study.provenance import provenance, short
from analysis.study.settings import Settings, read_settings
from analysis.tables.agreement import agreement
from analysis.tables.summaries import england_summary, joint


@dataclass(frozen=True)
class JointStudy:
    """All the problems of a run, as their released tables tell of them.

    Attributes
    ----------
    settings : Settings
    build : Path
    """

    settings: Settings
    build: Path

    @property
    def protocol(self) -> Protocol:
        return self.settings.protocol

    @cached_property
    def world(self) -> dict[tuple[str, str], dict[str, Released]]:
        """Released tables by name for each (authority, outcome) that could be studied."""
        folders = {(p.authority, p.outcome): self.build / p.slug / "released" for p in self.settings.problems}
        tables = {pair: read_released(folder, PAGE_TABLES) for pair, folder in folders.items()}
        return {pair: released for pair, released in tables.items() if released}

    def joint(self, name: str, **labels) -> Released | None:
        """One table of every problem, its first two columns the authority and the outcome; None if none has it.

        Labels choose rows, as in ``joint("leakage", flagged="yes")``.
        """
        table = joint(self.world, name)
        return table.where(**labels) if table and labels else table

    @cached_property
    def evidence(self) -> Evidence:
        """What the claims look at."""
        networks = released_folder(self.build, self.settings.network_world)
        return Evidence(self.world, self.protocol, read_released(networks, NETWORK_TABLES))

    def page(self, source: str) -> Page:
        """The page this chapter is shown on; `source` is the notebook's path in the repository."""
        slug = Path(source).stem
        steps = tuple(f"page/{problem.slug}" for problem in self.settings.problems)
        return Page(
            slug=slug,
            folder=self.build / "book" / "_files" / slug,
            source=source,
            data_is_synthetic=self.settings.synthetic,
            deviating=self.settings.conformance.deviating,
            disclosure=describe_preset(self.settings.preset, self.protocol.disclosure),
            provenance=short(provenance(self.settings, source, self.build, steps)),
        )


def open_study(build: str | Path = "build") -> JointStudy:
    """Open the run whose products lie in `build`."""
    return JointStudy(read_settings(Path(build)), Path(build))


def show_agreement(page: Page, study: JointStudy) -> None:
    """Show how near the synthetic world and worlds of other seeds come to the published values; own data have none."""
    if not page.data_is_synthetic:
        show_sentence("These are not synthetic data: there are no worlds of other seeds.")
        return
    fresh = read_fresh_worlds()
    distances = agreement(england_summary(study.world), fresh)
    show_sentence(read_agreement(distances), made_when(fresh.made, fresh.command))
    caption = "Distance from the published values, in the world shown and in worlds of other seeds."
    show_table(page, distances, caption=caption)
