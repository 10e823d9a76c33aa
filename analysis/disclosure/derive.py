"""Tables computed from released tables alone, or from published studies: they need no second look at the cases."""

from collections.abc import Callable

import pandas as pd

from analysis.disclosure.release_gate import check_columns
from analysis.disclosure.released import _RELEASE_TOKEN, Released
from analysis.disclosure.specification import TableSpecification

PUBLISHED = "published"


def derive(specification: TableSpecification, function: Callable[..., pd.DataFrame], *parents: Released) -> Released:
    """``function(*frames)`` of the parents' released frames, as a table of its own.

    It can reveal no more than its parents together do: the function is given their released values only.
    Without parents the table holds figures of a published study, and its preset is "published".

    Parameters
    ----------
    specification : TableSpecification
    function : Callable[..., DataFrame]

    Returns
    -------
    Released

    Raises
    ------
    DisclosureError
        If the function's frame has columns the specification does not describe, or lacks some.
    TypeError
        If a parent is not Released.
    """
    if not all(isinstance(parent, Released) for parent in parents):
        raise TypeError("derive takes Released tables only; release them first")
    frame = function(*(parent.frame.copy() for parent in parents))
    check_columns(specification, frame)
    frame = frame[list(specification.column_names)].reset_index(drop=True)
    notes = tuple(dict.fromkeys(note for parent in parents for note in parent.notes))
    return Released(specification, frame, parents[0].preset if parents else PUBLISHED, notes, _RELEASE_TOKEN)
