"""The answer on the book's first page, in whole models and whole children."""

from analysis.book.sentences.words import capitalised, is_missing, number, plural, spelled
from analysis.disclosure import Released


def read_front(models: Released) -> str:
    """How many models pass the mark, and which comes nearest.

    Parameters
    ----------
    models : Released
        The table "front_models".
    """
    frame = models.frame.dropna(subset=["average_precision"])
    if frame.empty:
        return "No model could be judged: the groups behind them are too small, or there were none."
    mark = float(frame["mark"].iloc[0])
    values = frame["average_precision"].astype(float)
    passed, best = int((values > mark).sum()), frame.loc[values.idxmax()]
    verb = "passes" if passed == 1 else "pass"
    words = (
        f"{capitalised(spelled(passed))} of {plural(len(frame), 'model')} {verb} the mark of {number(mark)}; the "
        f"highest score is {number(best['average_precision'])}, for “{best['title'].lower()}”."
    )
    high = frame["average_precision_high"]
    if not passed and not high.isna().all() and float(high.max()) > mark:
        words += " One interval or more reaches beyond the mark: a pass cannot be ruled out there."
    return words


def passed(models: Released | None) -> tuple[int, int] | None:
    """How many models pass the mark, of how many; None if none could be judged."""
    frame = None if models is None else models.frame.dropna(subset=["average_precision"])
    if frame is None or frame.empty or is_missing(frame["mark"].iloc[0]):
        return None
    return int((frame["average_precision"].astype(float) > frame["mark"].astype(float)).sum()), len(frame)
