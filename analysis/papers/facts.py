"""What the papers state: released tables, claims as registered from their sources, and the protocol. Nothing else."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from analysis.book.sentences.front import passed
from analysis.book.sentences.tiles import Tile
from analysis.book.sentences.words import listed_or_counted
from analysis.claims import Evidence
from analysis.claims.findings import finding_sentences
from analysis.claims.front_page import (
    also_found,
    front_models,
    own_answer,
    own_source,
    own_tiles,
    published_answer,
    published_source,
    published_tiles,
)
from analysis.disclosure import Released
from analysis.escape import one_line
from analysis.protocol import Protocol
from analysis.publish.citation import Citation

SHOWN_BY_TILES = ("A-none-above-threshold", "A-wrong-six-in-ten", "A-misses-four-in-five")
MOST_FINDINGS = 5  # as many as fit on one side of A4 with all else
REHEARSAL = (
    "The numbers here were published and are about real children. The run of this edition is a rehearsal on invented "
    "records and proves nothing about any place."
)


@dataclass(frozen=True)
class Facts:
    """What one run lets a paper say.

    Attributes
    ----------
    synthetic : bool
        Whether the run's cases were invented: then published numbers answer the question.
    names : sequence of str
        The authorities whose cases were studied.
    evidence : Evidence
        Their released tables.
    cited : Citation
        Who made which version of the book, and when.
    disclosure : str
        What disclosure control does to small numbers, in a sentence.
    lacks : str
        What the extracts did not hold, in sentences; "" where nothing is missing.
    supplied : Released or None
        What each authority put in; None where the extracts were read elsewhere.
    """

    synthetic: bool
    names: Sequence[str]
    evidence: Evidence
    cited: Citation
    disclosure: str
    lacks: str = ""
    supplied: Released | None = field(default=None)

    @property
    def protocol(self) -> Protocol:
        return self.evidence.protocol

    @property
    def authorities(self) -> str:
        """The authorities' names in words, or how many they are."""
        return listed_or_counted(self._names_in_line)

    @cached_property
    def models(self) -> Released | None:
        """The models that answer the question, beside the pass mark; None if none could be judged."""
        return front_models(self.evidence, synthetic=self.synthetic)

    @property
    def passed(self) -> tuple[int, int] | None:
        """How many of these models pass the mark, of how many."""
        return passed(self.models)

    @property
    def answer(self) -> tuple[str, str]:
        """The answer in a few words, and the sentences after it."""
        words = published_answer(self.models) if self.synthetic and self.models else own_answer(self.models)
        _, bold, rest = words.split("**", 2)
        return plain(bold), plain(rest)

    @cached_property
    def tiles(self) -> Sequence[Tile]:
        """The large numbers of the book's first page."""
        if self.synthetic and self.models:
            return published_tiles(self.models)
        return own_tiles(self.models, self.evidence)

    def tile(self, about: str) -> Tile | None:
        """The share in whole children whose words hold `about`; None where it is withheld."""
        return next((tile for tile in self.tiles if about in tile.words), None)

    @property
    def source(self) -> str:
        """Where the numbers come from."""
        return published_source() if self.synthetic else own_source(self.models, self._names_in_line)

    @property
    def _names_in_line(self) -> Sequence[str]:
        return [one_line(name) for name in self.names]

    @property
    def whose(self) -> str:
        """What kind of numbers these are, in a sentence or two."""
        if self.synthetic:
            return REHEARSAL
        return f"The numbers here are about the cases of {self.authorities}. {self.lacks}".strip()

    @cached_property
    def also(self) -> Sequence[str]:
        """What else was found, a sentence each."""
        if self.synthetic:
            return also_found()
        found = finding_sentences(self.evidence)
        return [plain(words) for claim, words in found.items() if claim not in SHOWN_BY_TILES][:MOST_FINDINGS]


def plain(words: str) -> str:
    """MyST as plain text on one line: the words of roles and links, without markup.

    Examples
    --------
    >>> plain("**No.** See {doc}`the data </data>`, a \\\\*star\\\\* and {term}`AUC`")
    'No. See the data, a *star* and AUC'
    """
    words = re.sub(r"\{\w+\}`([^`<]*?)\s*(?:<[^`>]*>)?`", r"\1", words)
    words = re.sub(r"<[a-zA-Z/][^>]*>", "", words)
    words = re.sub(r"(?<!\\)\*+", "", words)
    return one_line(re.sub(r"\\([^\w\s])", r"\1", words))
