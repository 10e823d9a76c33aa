"""The planted truth of one world: `truth.yml`, with the world's own values laid over it."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import yaml

from analysis.errors import ProtocolError

TRUTH_FILE = Path(__file__).with_name("truth.yml")

# The truth is a tree of plain values: `truth["families"]["new_father"]`.
Truth = dict


def load_truth(world: str = "calibrated", path: Path = TRUTH_FILE) -> Truth:
    """The values behind a world.

    Parameters
    ----------
    world : str
        A key of `worlds` in the file, e.g. "calibrated" or "no_family_risk".
    path : Path
        The file.

    Returns
    -------
    Truth

    Raises
    ------
    ProtocolError
        If there is no such world, or the world changes something that does not exist.
    """
    truth = yaml.safe_load(path.read_text(encoding="utf-8"))
    worlds = truth.pop("worlds")
    if world not in worlds:
        raise ProtocolError(path.name, f"no world {world!r}; worlds are {sorted(worlds)}")
    return overlay(truth, worlds[world])


def overlay(values: Mapping, changes: Mapping, address: str = "") -> dict:
    """Values with changes laid over them, key by key.

    Parameters
    ----------
    values : mapping
    changes : mapping
        A tree of the same keys, or some of them.
    address : str
        Of the values within the truth, for messages.

    Returns
    -------
    dict
        A new one.

    Raises
    ------
    ProtocolError
        If the changes name a value that is not there.

    Examples
    --------
    >>> overlay({"a": 1, "b": {"c": 2, "d": 3}}, {"b": {"c": 9}})
    {'a': 1, 'b': {'c': 9, 'd': 3}}
    """
    unknown = set(changes) - set(values)
    if unknown:
        raise ProtocolError(TRUTH_FILE.name, f"{address}{min(unknown)!r} is not a value of the truth; remove it")
    return {
        key: overlay(value, changes[key], f"{address}{key}.")
        if key in changes and isinstance(value, Mapping)
        else changes.get(key, value)
        for key, value in values.items()
    }


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - date(1970, 1, 1)).days
