"""How near synthetic worlds come to the published values, in sentences."""

from datetime import date

import pandas as pd

from analysis.book.sentences.words import capitalised, is_missing, number, plural, spelled
from analysis.disclosure import Released
from analysis.tables.agreement import SHOWN


def read_agreement(agreement: Released) -> str:
    """How near the world shown comes to the published values, and how near worlds of other seeds do."""
    shown, others = agreement.frame.iloc[0], agreement.frame.iloc[1:]
    if not shown["models"] or is_missing(shown["average_precision_median"]) or others.empty:
        return "There is nothing to compare with the published values."
    return (
        f"In the world shown, half of the {plural(shown['models'], 'model')} have an average precision within "
        f"{number(shown['average_precision_median'])} of the published one, and the furthest is "
        f"{number(shown['average_precision_largest'])} away. {capitalised(_worlds(others))} drawn from the same truth "
        f"with other seeds, those distances are {_range(others['average_precision_median'])} and "
        f"{_range(others['average_precision_largest'])}. Learning from earlier cases only gives the lower score in "
        f"{spelled(shown['lower_from_earlier'])} of {plural(shown['pairs'], 'pair')} in the world shown, and in "
        f"{_range(others['lower_from_earlier'], spelled)} in the others. {_luck(shown, others)}"
    )


def read_worlds_beside(table: Released) -> str:
    """How many published values lie among worlds of other seeds, and in how many of these a model passes the mark."""
    shown, others = (table.frame[table.frame["world"].eq(SHOWN).eq(is_shown)] for is_shown in (True, False))
    if shown.empty or others.empty:
        return "There is nothing to compare with the published values."
    values = others.astype({"average_precision": float}).groupby(["prediction", "design"])["average_precision"]
    ends = values.agg(["min", "max"])
    models = shown.set_index(["prediction", "design"]).join(ends, how="inner")
    among = {name: int(models[name].astype(float).between(models["min"], models["max"]).sum()) for name in _COMPARED}
    counted = others[others["in_verdict"].eq("yes")]
    passing = counted.loc[counted["average_precision"] > counted["mark"], "world"].nunique()
    worlds, of = others["world"].nunique(), plural(len(models), "model")
    return (
        f"For {spelled(among['published'])} of {of} the published value lies between the lowest and the highest of "
        f"{plural(worlds, 'world')} drawn with other seeds; for {spelled(among['average_precision'])} the value shown "
        f"does. A model that counts passes the mark of {number(table.frame['mark'].iloc[0])} in {spelled(passing)} of "
        f"these worlds."
    )


_COMPARED = ("published", "average_precision")


def made_when(made: date, command: str) -> str:
    """When the worlds of other seeds were drawn, and how to draw them again.

    Parameters
    ----------
    made : date
        The day.
    command : str
        That draws them again.

    Returns
    -------
    str
    """
    day = f"{made.day} {made:%B %Y}"
    return f"The worlds of other seeds are not drawn in every run. They were drawn on {day} by `{command}`."


def _worlds(others: pd.DataFrame) -> str:
    return f"in {spelled(len(others))} {'world' if len(others) == 1 else 'worlds'}"


def _range(values: pd.Series, say=number) -> str:
    """The lowest and highest of some values as they are printed; one where both are the same."""
    low, high = say(values.min()), say(values.max())
    return low if low == high else f"{low} to {high}"


def _luck(shown: pd.Series, others: pd.DataFrame) -> str:
    names = ("average_precision_median", "average_precision_largest")
    half, furthest = (int((others[name] <= shown[name]).sum()) for name in names)
    counts = f"{capitalised(spelled(half))} of the others {'is' if half == 1 else 'are'} at least as near by the first "
    counts += f"distance, {spelled(furthest)} by the second."
    return counts if half and furthest else f"{counts} Where none is, the agreement shown is partly luck that was kept."
