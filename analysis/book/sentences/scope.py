"""Whose models or cases a sentence is about.

Authorities in which leakage was found are left out of some counts and not of others. So every count of models names the
authorities that they are of.
"""

import pandas as pd

from analysis.book.sentences.words import listed_or_counted, plural


def whose(frame: pd.DataFrame) -> str:
    """Whose models or cases some rows are of, after a space: ' of LA2 and LA3'; '' where the table is one prediction's.

    Examples
    --------
    >>> whose(pd.DataFrame({"authority": ["LA3", "LA2", "LA3"]})), whose(pd.DataFrame({"design": ["structured"]}))
    (' of LA2 and LA3', '')
    """
    names = sorted(frame["authority"].unique()) if "authority" in frame else []
    return f" of {listed_or_counted(names)}" if names else ""


def counted_of(rows: pd.DataFrame, noun: str) -> str:
    """How many rows there are, as words, and whose models or cases they are of: '24 models of LA2 and LA3'.

    Parameters
    ----------
    rows : pandas.DataFrame
        Released values.
    noun : str
        What a row is, in the singular.

    Returns
    -------
    str
    """
    return f"{plural(len(rows), noun)}{whose(rows)}"


def of_authorities(row: pd.Series) -> str:
    """Whose predictions a row of the summary is of, after a space: ' of LA2 and LA3'."""
    return whose(pd.DataFrame({"authority": row["authorities"].split("; ")}))
