"""How near synthetic worlds come to the published values, in sentences."""

import pandas as pd

from analysis.book.sentences.words import capitalised, is_missing, label, listed, number, plural, spelled
from analysis.disclosure import Released
from analysis.tables.agreement import SHOWN, FreshWorlds

VISIBLE = 0.05  # average precision that text added (ours)
FAR = 2  # standard deviations between worlds, beyond which a value is not among them (ours)


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
        f"{_range(others['lower_from_earlier'], spelled)} in the others. {_rank(shown, others)}"
    )


def read_worlds_beside(table: Released) -> str:
    """How many published values lie among worlds of other seeds, which lie beyond them, and where a model passes."""
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
    spread = values.agg(["mean", "std"])
    models = models.join(spread, how="inner")
    away = (models["published"].astype(float) - models["mean"]).abs() > FAR * models["std"]
    beyond = [f"{outcome} ({label(design)})" for outcome, design in models.index[away]]
    unmet = (
        f" For {spelled(len(beyond))} the published value lies more than two standard deviations from their mean, so "
        f"the planted truth does not lead to it: {listed(beyond)}."
    )
    return (
        f"For {spelled(among['published'])} of {of} the published value lies between the lowest and the highest of "
        f"{plural(worlds, 'world')} drawn with other seeds; for {spelled(among['average_precision'])} the value shown "
        f"does. A model that counts passes the mark of {number(table.frame['mark'].iloc[0])} in {spelled(passing)} of "
        f"these worlds.{unmet if beyond else ''}{_gains_from_text(others)}"
    )


def _gains_from_text(others: pd.DataFrame) -> str:
    """In how many worlds text adds as much as it did where, as published, it added something that can be seen."""
    parts = others["design"].str.split("-", n=1, expand=True)
    scores = others.assign(seen=parts[0], learned_from=parts[1]).astype(dict.fromkeys(_COMPARED, float))
    scores = scores.pivot(index=["prediction", "learned_from", "world"], columns="seen", values=list(_COMPARED))
    if not {"structured", "text_and_structured"} <= set(scores.columns.get_level_values("seen")):
        return ""
    gains = scores.xs("text_and_structured", axis=1, level="seen") - scores.xs("structured", axis=1, level="seen")
    large = gains.dropna().loc[lambda gain: gain["published"].round(9) >= VISIBLE]
    if large.empty:
        return ""
    reached = [
        f"{spelled((pair['average_precision'].round(9) >= pair['published'].round(9)).sum())} for {outcome} "
        f"({label(learned_from)}, {number(pair['published'].iloc[0])})"
        for (outcome, learned_from), pair in large.groupby(["prediction", "learned_from"])
    ]
    return (
        f" Where text added {number(VISIBLE)} or more as published, the number of these worlds in which it adds as "
        f"much is {listed(reached)}."
    )


_COMPARED = ("published", "average_precision")


def made_when(fresh: FreshWorlds) -> str:
    """When the worlds of other seeds were drawn, how to draw them again, and what fixed their seeds."""
    day = f"{fresh.made.day} {fresh.made:%B %Y}"
    return (
        f"The worlds of other seeds are not drawn in every run. They were drawn on {day} by `{fresh.command}`. Their "
        f"seeds come from a word whose SHA-256, `{fresh.held_out[:16]}…`, was recorded before the fit."
    )


def _worlds(others: pd.DataFrame) -> str:
    return f"in {spelled(len(others))} {'world' if len(others) == 1 else 'worlds'}"


def _range(values: pd.Series, say=number) -> str:
    """The lowest and highest of some values as they are printed; one where both are the same."""
    low, high = say(values.min()), say(values.max())
    return low if low == high else f"{low} to {high}"


def _rank(shown: pd.Series, others: pd.DataFrame) -> str:
    """Where the world shown stands among the others by the sum of squared distances."""
    nearer, further = (others["distance"] < shown["distance"]).sum(), (others["distance"] > shown["distance"]).sum()
    lie = "lies" if nearer == 1 else "lie"
    words = (
        f"Counted in standard deviations between worlds, squared and summed, {spelled(nearer)} of the others {lie} "
        f"nearer to the published values than the world shown and {spelled(further)} further away."
    )
    return words if nearer else f"{words} Part of the agreement shown is luck."
