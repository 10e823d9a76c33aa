"""Released tables that are read when they are first asked for: a chapter on many authorities needs a few of each."""

from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

from analysis.disclosure.files import read_manifest, read_one, unknown_tables
from analysis.disclosure.released import Released
from analysis.disclosure.specification import TableSpecification
from analysis.errors import DisclosureError


class LazyTables(Mapping[str, Released]):
    """Tables by name, each made at first use and then remembered.

    Parameters
    ----------
    names : collection of str
        In order.
    make : callable of name -> Released
    """

    def __init__(self, names: Collection[str], make: Callable[[str], Released]):
        self._names, self._make = dict.fromkeys(names), make
        self._made: dict[str, Released] = {}

    def copy(self) -> "LazyTables":
        """The same tables, with those that were made before; what the copy makes it alone remembers."""
        copied = LazyTables(self._names, self._make)
        copied._made = dict(self._made)
        return copied

    def __getitem__(self, name: str) -> Released:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def open_released(folder: Path, specifications: Mapping[str, TableSpecification]) -> LazyTables:
    """The tables of a folder that `write_released` wrote, of which each is checked against its hash when it is read.

    Unlike `read_released` it does not look for files that the manifest does not name.

    Parameters
    ----------
    folder : Path
    specifications : dict of table name -> TableSpecification

    Returns
    -------
    LazyTables

    Raises
    ------
    DisclosureError
        If there is no whole manifest, or it names a table that is not known; later, if a table is missing or altered.
    """
    entries = read_manifest(folder)["tables"]
    problems = unknown_tables(entries, specifications)
    if problems:
        raise DisclosureError(str(folder), problems)
    return tables_of(folder, entries, specifications)


def tables_of(
    folder: Path, entries: Mapping[str, Mapping], specifications: Mapping[str, TableSpecification]
) -> LazyTables:
    """The tables of a folder whose manifest has been read before; each is checked against that when it is read.

    Parameters
    ----------
    folder : Path
    entries : dict of table name -> dict
        What the manifest says of each table.
    specifications : dict of table name -> TableSpecification
        Of all of them, and perhaps of others.

    Returns
    -------
    LazyTables
    """
    return LazyTables(entries, lambda name: read_one(folder, specifications[name], entries[name]))
