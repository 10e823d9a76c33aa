"""Read a statutory return's XML one child at a time, from a file that may be hostile.

lxml reads it: entities are never resolved, nothing is fetched, and libxml2's own limits hold (256 elements deep, 10 MB
for one text). A document type, which is where entities are declared, is refused before the file is parsed: no return
has one. Only one child is in memory at a time.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from lxml import etree

from analysis.errors import TableError
from analysis.extract.definitions import Table

LARGEST = 2 << 30  # bytes (ours)
PROLOGUE = 1 << 16  # the first element of a return comes well within its first 64 kB
NOT_A_RETURN = "this is XML, but neither a children in need census nor SSDA903; remove it"


def is_xml(path: Path) -> bool:
    """Whether a file begins as XML does, with or without a declaration, in any of XML's usual encodings."""
    return _beginning(path).lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").startswith(b"<")


def elements(path: Path, *names: str) -> Iterator[tuple[str, etree._Element]]:
    """Each element of these names with its name, in order, whatever namespace it is in; emptied once it was used.

    Parameters
    ----------
    path : Path
    *names : str
        Names of elements, without namespace, written as the return writes them.

    Yields
    ------
    tuple of str and lxml.etree._Element

    Raises
    ------
    TableError
        If the file is too large, has a document type, or is not well-formed XML.
    """
    _check_start(path)
    wanted = [f"{{*}}{name}" for name in names]
    try:
        with path.open("rb") as file:
            parsed = etree.iterparse(
                file,
                events=("end",),
                tag=wanted,
                resolve_entities=False,
                no_network=True,
                load_dtd=False,
                remove_comments=True,
                remove_pis=True,
            )
            first = True
            for _, element in parsed:
                # An encoding in which the prologue could not be searched is looked at once it has been read.
                if first and element.getroottree().docinfo.doctype:
                    raise TableError(path.name, _HAS_DOCTYPE)
                first = False
                yield local_name(element.tag), element
                _empty(element)
    except etree.XMLSyntaxError as error:
        line = f" near line {error.lineno:,}" if error.lineno else ""
        raise TableError(path.name, f"the XML is cut short or not well formed{line}; export the return again") from None


class Names(dict[object, str]):
    """By an element's tag its name in lower case without namespace; the heading it stands for, where it has several.

    Nothing for a comment or an instruction. Each tag is looked at once; the values are all the names that were seen.
    """

    def __init__(self, tables: Iterable[Table]):
        super().__init__()
        columns = [column for table in tables for column in table.columns.values()]
        self.headings = {form.lower(): column.heading.lower() for column in columns for form in column.also}

    def __missing__(self, tag: object) -> str:
        name = local_name(tag)
        self[tag] = self.headings.get(name.lower(), name.lower())
        return self[tag]


def local_name(tag: object) -> str:
    """A tag without its namespace; nothing for a comment or an instruction, whose tag is no text."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def texts(element: etree._Element, names: Names) -> dict[str, str]:
    """The texts of an element's children that have none themselves, by their names.

    Parameters
    ----------
    element : _Element
        Of one child or record.
    names : Names
        Also collects every name that it meets.

    Returns
    -------
    dict of str to str
    """
    return {names[leaf.tag]: leaf.text for leaf in element if leaf.text and not len(leaf)}


def element_names(table: Table) -> list[str]:
    """The names, as `Names` gives them, of the elements that fill a table's columns."""
    return [column.heading.lower() for column in table.columns.values()]


def root_name(path: Path) -> str:
    """The name of the first element, without namespace; empty if the file is no XML.

    Raises
    ------
    TableError
        As `elements` does.
    """
    _check_start(path)
    try:
        with path.open("rb") as file:
            for _, element in etree.iterparse(file, events=("start",), resolve_entities=False, no_network=True):
                return local_name(element.tag)
    except etree.XMLSyntaxError:
        pass
    return ""


_HAS_DOCTYPE = "it declares a document type, which no return does and which may hide a trap; export the return again"


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(PROLOGUE).replace(b"\0", b"")  # UTF-16 as ASCII, as far as markup goes


def _check_start(path: Path) -> None:
    if path.stat().st_size > LARGEST:
        raise TableError(path.name, f"the file is larger than {LARGEST >> 30} GB; export one year at a time")
    if b"<!DOCTYPE" in _beginning(path):
        raise TableError(path.name, _HAS_DOCTYPE)


def _empty(element: etree._Element) -> None:
    element.clear()
    while element.getprevious() is not None and element.getparent() is not None:
        del element.getparent()[0]
