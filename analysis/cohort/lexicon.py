"""The lexicon of vulnerabilities and of give-away terms: `lexicon.yml`, a versioned part of this package."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml


@dataclass(frozen=True)
class Concept:
    """A vulnerability: its name, census factor codes by subject, usual subject, and the terms it is written in."""

    name: str
    factors: dict[str, str]
    subject: str
    terms: tuple[str, ...]
    parent_terms: tuple[str, ...] = ()
    child_terms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lexicon:
    """The lexicon: concepts, the words of context that turn a mention round, and the give-away terms."""

    version: int
    concepts: tuple[Concept, ...]
    context: dict
    giveaway: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(concept.name for concept in self.concepts)


@cache
def read_lexicon() -> Lexicon:
    """The lexicon that comes with this package."""
    values = yaml.safe_load(files("analysis.cohort").joinpath("lexicon.yml").read_text(encoding="utf-8"))
    concepts = tuple(
        Concept(name, **{key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()})
        for name, entry in values["concepts"].items()
    )
    return Lexicon(values["version"], concepts, values["context"], tuple(values["giveaway"]))
