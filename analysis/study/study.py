"""What a notebook opens: the settings of a run, where its products lie, and the page that they are shown on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import final

from analysis.book.page import Page
from analysis.book.sentences.words import listed_or_counted
from analysis.disclosure import describe_preset
from analysis.protocol import Protocol
from analysis.study.paths import Paths, file_slug
from analysis.study.provenance import provenance, short
from analysis.study.settings import Settings
from analysis.study.supplied import Supplied, what_is_lacking


@dataclass(frozen=True)
class Study:
    """A study of one run. Those of one problem, of all problems and of family networks differ by their tables.

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

    @property
    def paths(self) -> Paths:
        return Paths(self.build)

    @property
    def synthetic(self) -> bool:
        """Whether the data of its pages were made by the generator, whatever the rest of the book stands on."""
        return self.settings.synthetic

    @property
    def slug(self) -> str:
        """Of its page's files and anchors; '' for the notebook's own name."""
        return ""

    @property
    def outcome(self) -> str:
        """The one prediction that its page is about, if it is about one."""
        return ""

    @property
    def suppliers(self) -> tuple[Supplied, ...]:
        """What each extract held that its pages are made of."""
        return ()

    @property
    def authorities(self) -> tuple[str, ...]:
        """Names of the authorities that its pages are about."""
        return tuple(dict.fromkeys(one.name for one in self.suppliers))

    @property
    def drawn(self) -> frozenset[str] | None:
        """Names of the figures that its page draws; None for all."""
        return None

    @property
    def steps(self) -> tuple[str, ...]:
        """Names of the steps whose products its pages are computed from."""
        raise NotImplementedError

    def made_from(self, source: str) -> Mapping[str, str]:
        """The fingerprints that the page of this notebook shows."""
        return provenance(self.settings, source, self.build, self.steps)

    @final
    def page(self, source: str) -> Page:
        """The page, with the run's deviations, the rules its tables passed, and what it was made from.

        Parameters
        ----------
        source : str
            The notebook's path in the repository.
        """
        slug = file_slug(self.slug) or Path(source).stem
        rules, conformance = self.protocol.disclosure, self.settings.conformance
        return Page(
            slug=slug,
            folder=self.paths.page_files(slug),
            source=source,
            data_is_synthetic=self.synthetic,
            deviating=conformance.deviating,
            amended=self.protocol.amended,
            added=conformance.added,
            registered=self.outcome not in conformance.added,
            disclosure=describe_preset(rules.synthetic_data if self.synthetic else rules.own_data, rules),
            provenance=short(self.made_from(source)),
            made_from="" if self.synthetic else extracts_of(self.authorities),
            lacks="" if self.synthetic else what_is_lacking(self.suppliers),
            titles={name: prediction.title for name, prediction in self.protocol.predictions.items()},
            drawn=self.drawn,
        )


def extracts_of(authorities: Sequence[str]) -> str:
    """Whose own extracts a page was made from, in words; "" where that is not said."""
    if len(authorities) > 1:
        return f"the own extracts of {listed_or_counted(authorities)}"
    return f"{authorities[0]}'s own extract" if authorities else ""
