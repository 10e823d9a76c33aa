"""The lexicon of vulnerabilities and of give-away terms: `lexicon.yml`, a versioned part of this package."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml


@dataclass(frozen=True)
class Concept:
    """A vulnerability: its name, census factor codes by subject, whose it can be, and the terms it is written in."""

    name: str
    factors: dict[str, str]
    subjects: tuple[str, ...]
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


@dataclass(frozen=True)
class HardMention:
    """A vulnerability that a hand-labelled sentence affirms as current."""

    concept: str
    subject: str = ""
    negated: bool = False
    time: str = "current"


def hard_sentences() -> tuple[list[str], list[list[HardMention]]]:
    """Sentences written to be hard for the lexicon, and what each affirms: arguments of `lexicon_performance`."""
    sentences = _read("lexicon_trial.yml")["sentences"]
    labels = [[HardMention(concept) for concept in sentence["says"]] for sentence in sentences]
    return [sentence["text"] for sentence in sentences], labels


@cache
def read_lexicon() -> Lexicon:
    """The lexicon that comes with this package."""
    values = _read("lexicon.yml")
    concepts = tuple(
        Concept(name, **{key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()})
        for name, entry in values["concepts"].items()
    )
    return Lexicon(values["version"], concepts, values["context"], tuple(values["giveaway"]))


def _read(name: str) -> dict:
    return yaml.safe_load(files("analysis.text").joinpath(name).read_text(encoding="utf-8"))
