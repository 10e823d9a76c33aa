"""Which words of the data may be printed: the declared genders and ethnicities, and one word for all others."""

from collections.abc import Mapping
from dataclasses import replace

import ibis
from ibis.expr.types import StringColumn

from analysis.network.tables import NetworkTables
from analysis.schemas import ETHNICITY_GROUPS

OTHER = "other or not stated"
NEW_ZEALAND = ("Māori", "NZ European", "Pacific", "Asian and other")
# The published study's ethnicities, and the broad groups of the English census.
DECLARED: Mapping[str, tuple[str, ...]] = {
    "gender": ("female", "male"),
    "ethnicity": (
        "Māori",
        "NZ European",
        "Pacific",
        "Asian and other",
        *(g for g in ETHNICITY_GROUPS if g != "Missing"),
    ),
}


def fold_categories(tables: NetworkTables) -> tuple[NetworkTables, dict[str, int]]:
    """The tables with every gender and ethnicity that is not declared, or is missing, as `OTHER`.

    What was typed into a record, a name perhaps, is thereby never the label of a row.

    Returns
    -------
    tables : NetworkTables
    folded : dict of column -> people
        How many are `OTHER`.
    """
    people = tables.people.mutate(**{name: _folded(tables.people[name], words) for name, words in DECLARED.items()})
    counts = people.agg(**{name: (people[name] == OTHER).sum() for name in DECLARED}).to_pyarrow().to_pylist()[0]
    return replace(tables, people=people), {name: int(number or 0) for name, number in counts.items()}


def _folded(column: StringColumn, words: tuple[str, ...]) -> StringColumn:
    plain = column.cast("string").strip().lower()
    return ibis.cases(*((plain == word.lower(), word) for word in words), else_=OTHER)
