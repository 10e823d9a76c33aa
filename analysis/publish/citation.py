"""Title, authors, version and date of this edition of the program, from the file that says so."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Citation:
    """What CITATION.cff says of the book.

    Attributes
    ----------
    title : str
    authors : str
        Their names, with a semicolon between two.
    version : str
    released : datetime.date
    abstract : str
    license : str
    """

    title: str
    authors: str
    version: str
    released: date
    abstract: str
    license: str

    @property
    def words(self) -> str:
        """The citation as a line of plain text."""
        return f"{self.authors}. {self.title} Version {self.version}, {self.released}."

    @property
    def released_at(self) -> datetime:
        """The first moment of the day of release, for files that ask for a time."""
        return datetime(self.released.year, self.released.month, self.released.day, tzinfo=UTC)


def read_citation(path: Path) -> Citation:
    """The citation in a file in the Citation File Format."""
    cited = yaml.safe_load(path.read_text(encoding="utf-8"))
    names = [author.get("name") or f"{author['family-names']}, {author['given-names']}" for author in cited["authors"]]
    return Citation(
        title=cited["title"],
        authors="; ".join(names),
        version=str(cited["version"]),
        released=cited["date-released"],
        abstract=" ".join(cited["abstract"].split()),
        license=cited["license"],
    )
