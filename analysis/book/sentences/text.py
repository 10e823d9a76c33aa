"""Whether the notes already stated the decision, in a sentence."""

from analysis.book.sentences.scope import counted_of
from analysis.book.sentences.words import listed, number, plural, spelled
from analysis.disclosure import Released

REGISTERED = "as_registered"
NOTHING_TO_SAY = "No model that reads text has such a check here whose result can be shown."


def read_give_away(checks: Released | None) -> str:
    """The mean score of models that read text, as registered and with what could give the ending away taken out.

    Parameters
    ----------
    checks : Released or None
        The table "give_away" of every prediction.
    """
    if checks is None:
        return NOTHING_TO_SAY
    frame = checks.frame.dropna(subset=["average_precision"])
    audits = {
        key: part.set_index(["authority", "outcome", "design"]) for key, part in frame.groupby(["audit", "lag_days"])
    }
    registered = {audit: part for (audit, _), part in audits.items()}.get(REGISTERED)
    changed = {key: part for key, part in audits.items() if key[0] != REGISTERED}
    if registered is None or not changed:
        return NOTHING_TO_SAY
    said, below = [], []
    for (audit, days), part in sorted(changed.items(), key=lambda item: (item[0][0] == "lag", item[0][1])):
        where = "with words that name an outcome masked" if audit != "lag" else f"without the last {days:.0f} days"
        said.append(f"{number(part['average_precision'].mean())} {where}")
        lowest = registered["average_precision_low"].reindex(part.index)
        below.append(int((part["average_precision"] < lowest).fillna(False).sum()))
    checked = sum(map(len, changed.values()))
    return (
        f"In the mean over {counted_of(registered.reset_index(), 'model')} that read text, average precision is "
        f"{number(registered['average_precision'].mean())} as registered, {listed(said)}. It falls below the whole "
        f"interval of the model as registered in {spelled(sum(below))} of {plural(checked, 'check')}."
    )
