"""Documents about a child: British social-care prose built from a grammar, whose answers are known.

The same grammar writes the documents of the synthetic authorities and the labelled ones on which redaction and
the vulnerability lexicon are measured, so that what is measured is what is met.
"""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from string import Formatter

import yaml

HERE = Path(__file__).parent
GRAMMAR = yaml.safe_load((HERE / "prose.yml").read_text(encoding="utf-8"))
NAMES = yaml.safe_load((HERE / "names.yml").read_text(encoding="utf-8"))
KINDS = tuple(GRAMMAR["kinds"])
Cast = dict[str, tuple[str, str | None]]
MONTHS = "January February March April May June July August September October November December".split()


@dataclass(frozen=True)
class Identifier:
    """Where something identifying stands in a text: text[start:end]."""

    start: int
    end: int
    kind: str  # name, place, address, postcode, nhs_number, phone, email, date


@dataclass(frozen=True)
class Vulnerability:
    """A vulnerability that a text mentions at text[start:end], and how."""

    start: int
    end: int
    concept: str
    subject: str  # child, parent
    negated: bool
    time: str  # current, historic


@dataclass(frozen=True)
class Document:
    """A text with its answers."""

    kind: str
    text: str
    identifiers: tuple[Identifier, ...]
    vulnerabilities: tuple[Vulnerability, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of people in the text, each once."""
        spans = (span for span in self.identifiers if span.kind == "name")
        return tuple(dict.fromkeys(self.text[span.start : span.end] for span in spans))


def labelled_text(n: int, seed: int) -> list[Document]:
    """Documents whose identifiers and vulnerabilities are known.

    Parameters
    ----------
    n : int
        How many; each is about another invented family.
    seed : int
        The same seed gives the same documents.

    Returns
    -------
    list of Document
        Kinds of document in turn.
    """
    rng = random.Random(seed)
    documents = []
    for number in range(n):
        moment = date(2012, 3, 1) + timedelta(days=rng.randrange(2700))
        birth = moment - timedelta(days=rng.randrange(30, 6500))
        cast = invent_cast(rng, invent_household(rng), birth=birth, girl=rng.random() < 0.5)
        documents.append(write_document(rng, KINDS[number % len(KINDS)], cast, moment, leaning=0.0))
    return documents


def invent_household(rng: random.Random) -> Cast:
    """The adults and particulars that a family's documents share: slot -> (text, kind of identifier or None)."""
    surname = rng.choice(NAMES["surnames"])
    mother, father, grandparent = rng.choice(NAMES["women"]), rng.choice(NAMES["men"]), rng.choice(NAMES["women"])
    names = {
        "surname": surname,
        "mother": mother,
        "mother_full": f"{mother} {surname}",
        "mother_title": f"Ms {surname}",
        "father": father,
        "father_full": f"{father} {rng.choice(NAMES['surnames'])}",
        "grandparent": grandparent,
        "grandparent_full": f"{grandparent} {rng.choice(NAMES['surnames'])}",
        "manager": _person(rng),
    }
    address = f"{rng.randrange(1, 140)} {rng.choice(NAMES['streets'])}, {rng.choice(NAMES['towns'])}"
    return {slot: (text, "name") for slot, text in names.items()} | {
        "address": (address, "address"),
        "postcode": (_postcode(rng), "postcode"),
        "phone": (_phone(rng), "phone"),
        "email": (f"{mother}.{surname}{rng.randrange(10, 99)}@example.org".lower(), "email"),
        "town": (rng.choice(NAMES["towns"]), "place"),
    }


def invent_cast(rng: random.Random, household: Cast, *, birth: date, girl: bool) -> Cast:
    """The people and particulars of one child's documents, in this household.

    Parameters
    ----------
    rng : Random
    household : Cast
        As `invent_household` makes it.
    birth : date
        The child's.
    girl : bool
        Whether the child has a girl's name.

    Returns
    -------
    Cast
        Slot -> (text, kind of identifier or None).
    """
    child = rng.choice(NAMES["girls" if girl else "boys"])
    names = {
        "child": child,
        "child_full": f"{child} {household['surname'][0]}",
        "sibling": rng.choice(NAMES["boys" if girl else "girls"]),
        "worker": _person(rng),
    }
    return (
        household
        | {slot: (text, "name") for slot, text in names.items()}
        | {
            "birth": (_written_date(rng, birth), "date"),
            "nhs": (_nhs_number(rng), "nhs_number"),
            "school": (rng.choice(NAMES["schools"]), "place"),
        }
    )


def _person(rng: random.Random) -> str:
    return f"{rng.choice(NAMES[rng.choice(('women', 'men'))])} {rng.choice(NAMES['surnames'])}"


def _written_date(rng: random.Random, moment: date) -> str:
    if rng.random() < 0.5:
        return f"{moment:%d/%m/%Y}"
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def _postcode(rng: random.Random) -> str:
    """A postcode of an area that does not exist."""
    return f"ZX{rng.randrange(1, 30)} {rng.randrange(1, 10)}{rng.choice('ABDEFGHJLN')}{rng.choice('PQRSTUWXYZ')}"


def _nhs_number(rng: random.Random) -> str:
    """A number of the 999 test range with its check digit (modulus 11; a digit of 10 is not issued)."""
    while True:
        digits = [9, 9, 9, *(rng.randrange(10) for _ in range(6))]
        check = 11 - sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            text = "".join(map(str, [*digits, check % 11]))
            return f"{text[:3]} {text[3:6]} {text[6:]}"


def _phone(rng: random.Random) -> str:
    """A number kept for drama by the regulator of telephones."""
    return rng.choice(("01632 960", "07700 900", "0113 496 0", "020 7946 0")) + f"{rng.randrange(1000):03d}"


class _Page:
    """A text in the making, which remembers where its identifiers stand."""

    def __init__(self):
        self.pieces, self.length = [], 0
        self.identifiers, self.vulnerabilities = [], []

    def write(self, text: str, kind: str | None = None) -> None:
        if kind is not None:
            self.identifiers.append(Identifier(self.length, self.length + len(text), kind))
        self.pieces.append(text)
        self.length += len(text)

    def fill(self, template: str, cast: Cast, vulnerability: tuple | None = None) -> None:
        for literal, slot in _parts(template):
            self.write(literal)
            if slot == "concern":
                self._concern(cast, *vulnerability)
            elif slot:
                self.write(*cast[slot])

    def _concern(self, cast: Cast, words: str, concept: str, subject: str, manner: str) -> None:
        start = self.length
        self.fill(words, cast)
        time = "historic" if manner == "historic" else "current"
        self.vulnerabilities.append(Vulnerability(start, self.length, concept, subject, manner == "negated", time))


@cache
def _parts(template: str) -> tuple[tuple[str, str | None], ...]:
    return tuple((literal, slot) for literal, slot, _, _ in Formatter().parse(template))


def write_document(rng: random.Random, kind: str, cast: Cast, moment: date, *, leaning: float) -> Document:
    """One document of this kind, written on this day.

    Parameters
    ----------
    rng : Random
    kind : str
        One of `KINDS`.
    cast : Cast
        As `invent_cast` makes it.
    moment : date
        The day.
    leaning : float
        From -0.5 to 0.5, added to an even chance that a telling vulnerability is affirmed and not denied.

    Returns
    -------
    Document
    """
    page = _Page()
    grammar = GRAMMAR["kinds"][kind]
    referrer = rng.choice(GRAMMAR["referrers"])
    cast = cast | {
        "date": (_written_date(rng, moment - timedelta(days=rng.randrange(1, 20))), "date"),
        "referrer": (referrer, None),
        "referrer_capital": (referrer[0].upper() + referrer[1:], None),
    }
    page.fill(rng.choice(grammar["opening"]), cast)
    middle = [(sentence, None) for sentence in rng.sample(GRAMMAR["circumstances"], rng.randrange(2, 5))]
    entries = rng.sample(GRAMMAR["vulnerabilities"], rng.randrange(2, 6))
    middle += [_mention(rng, entry, leaning) for entry in entries]
    rng.shuffle(middle)
    for template, vulnerability in middle:
        page.write(" ")
        page.fill(template, cast, vulnerability)
    page.write(" ")
    page.fill(rng.choice(grammar["next"]), cast)
    return Document(kind, "".join(page.pieces), tuple(page.identifiers), tuple(page.vulnerabilities))


def _mention(rng: random.Random, entry: dict, leaning: float) -> tuple[str, tuple]:
    """A sentence about a vulnerability: affirmed, denied, or of the past."""
    tilt = leaning if entry["concept"] in GRAMMAR["telling"] else 0.0
    draw = rng.random()
    manner = "historic" if draw < 0.15 else "current" if draw < 0.15 + 0.85 * (0.5 + tilt) else "negated"
    words = rng.choice(entry["words"])
    return rng.choice(GRAMMAR["frames"][manner]), (words, entry["concept"], entry["subject"], manner)
