"""What an authority supplied, as far as the book says it: its name, and whether it gave families and documents.

The facts travel in the manifest of each folder of released tables, so that a book of several authorities knows them.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.book.sentences.words import listed_or_counted
from analysis.disclosure.files import read_manifest
from analysis.extract.readiness import NOT_TRUSTED
from analysis.schemas import CheckedTables

NOT_SUPPLIED = "not supplied"
SUPPLIED = "supplied"
LONGEST_NAME = 80  # characters; the rest is cut (ours)


@dataclass(frozen=True)
class Supplied:
    """Whether one authority's extract holds a table of families, and documents.

    Attributes
    ----------
    name : str
        The authority's.
    families, documents : bool
    doubted : str
        The prediction that is not to be trusted, for the extract lacks what its outcome needs; empty if it can be.
    doubt : str
        What `check` says of it, without its counts, where the extract was read here.
    """

    name: str
    families: bool = True
    documents: bool = True
    doubted: str = ""
    doubt: str = ""

    @classmethod
    def of(cls, tables: CheckedTables, name: str, *, outcome: str = "", doubt: str = "") -> "Supplied":
        """As the checked tables tell, and as the account doubts a prediction.

        Parameters
        ----------
        tables : CheckedTables
            The authority's checked tables.
        name : str
            The authority's.
        outcome : str
            The prediction of the page.
        doubt : str
            Why that prediction is not to be trusted; "" if it can be.

        Returns
        -------
        Supplied
        """
        doubted = outcome if doubt else ""
        return cls(name, tables.families_known, not tables.documents.is_empty(), doubted, doubt)

    @classmethod
    def read(cls, released: Path, name: str) -> "Supplied":
        """As the manifest of a folder of released tables says; what it does not say was supplied.

        Parameters
        ----------
        released : Path
            Folder of released tables.
        name : str
            The authority's, where the manifest gives none.

        Returns
        -------
        Supplied

        Raises
        ------
        DisclosureError
            If the folder has no manifest, or one that is not as it was written.
        """
        says = read_manifest(released)["provenance"]
        families, documents, outcome = (
            says.get(key) != NOT_SUPPLIED for key in ("families", "documents", "outcome seen")
        )
        return cls(says.get("name", name), families, documents, "" if outcome else released.parent.name)

    @property
    def provenance(self) -> Mapping[str, str]:
        """What is written in the manifest."""
        facts = {"families": self.families, "documents": self.documents, "outcome seen": not self.doubted}
        return {"name": self.name} | {key: SUPPLIED if known else NOT_SUPPLIED for key, known in facts.items()}


def what_is_lacking(authorities: Iterable[Supplied]) -> str:
    """In sentences, what the results must be read without; "" where nothing is missing."""
    whose = list(dict.fromkeys(authorities))
    without = {
        kind: list(dict.fromkeys(one.name for one in whose if not getattr(one, kind)))
        for kind in ("families", "documents")
    }
    authorities = {one.name for one in whose}
    sentences = [_not_trusted(one, len(authorities) > 1) for one in whose if one.doubted]
    if names := without["families"]:
        sentences.append(
            f"{_who(names, authorities)} supplied no table of families, so each child counts as a family of one: "
            "brothers and sisters may be both learned from and tested on, and results may look better than they are."
        )
    if names := without["documents"]:
        sentences.append(f"{_who(names, authorities)} supplied no documents, so no model reads text.")
    return " ".join(sentences)


def plain_name(name: object, otherwise: str) -> str:
    """A name that can stand in any sentence: letters, digits, spaces and the marks that names of councils have.

    Parameters
    ----------
    name : object
        As an authority wrote it, of any type.
    otherwise : str
        What to say where nothing readable is left.

    Returns
    -------
    str
        At most 80 characters.

    Examples
    --------
    >>> plain_name("St. <b>Helens</b> & *Knowsley*", "St-Helens"), plain_name("***", "A1")
    ('St. b Helens b & Knowsley', 'A1')
    """
    kept = "".join(c if c.isalnum() or c in ".,'’&()-" else " " for c in str(name))
    words = " ".join(kept.split())[:LONGEST_NAME].strip()
    return words if any(c.isalnum() for c in words) else otherwise


def _who(names: list[str], authorities: Collection[str]) -> str:
    return "The authority" if len(authorities) == 1 else listed_or_counted(names)


def _not_trusted(one: Supplied, several: bool) -> str:
    whose = f" of {one.name}" if several else ""
    return (
        f"{one.doubted}{whose}: {one.doubt or NOT_TRUSTED}. The extract lacks records that its cases or outcome need, "
        "so a child counted as one without the outcome may have had it."
    )
