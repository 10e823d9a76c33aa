"""What the results of several authorities say of the next one, in sentences."""

from collections.abc import Mapping

import pandas as pd

from analysis.book.sentences.performance import NOT_STUDIED, TOO_SMALL
from analysis.book.sentences.scope import counted_of, whose
from analysis.book.sentences.words import capitalised, interval, listed, number, spelled
from analysis.disclosure import Released
from analysis.tables.next_authority import BY_T, CANNOT_TELL, ONE_RESULT, WITH_PRIOR

NOTHING_BELOW = 0.5  # the AUC of guessing


def read_spread(spread: Released | None) -> str:
    """What AUC to expect in the next authority, and what that is worth; or why nothing can be said."""
    if spread is None:
        return NOT_STUDIED
    frame = spread.frame.set_index("row")
    if BY_T not in frame.index:
        return (
            "These results cannot tell what to expect in another authority: they are too few, or come from too few "
            "authorities."
        )
    row = frame.loc[BY_T]
    if row[["auc_low", "auc_high", "results"]].isna().any():
        return TOO_SMALL
    counted = spread.where(row=ONE_RESULT, in_verdict="yes").frame
    first = (
        f"Judged by these {spelled(row['results'])} results{whose(counted)}, a model made and asked in the same way in "
        f"another authority would be expected to have an AUC anywhere from {number(row['auc_low'])} to "
        f"{number(row['auc_high'])}."
    )
    return " ".join([first, _worth(row), _with_prior(frame)]).strip()


def _worth(row: pd.Series) -> str:
    if row["auc_low"] < NOTHING_BELOW:
        return "That reaches below a half, which is guessing: results elsewhere assure the next authority of nothing."
    return "All of it is above a half, which is guessing."


def _with_prior(frame: pd.DataFrame) -> str:
    row = frame.loc[WITH_PRIOR]
    return (
        f"If authorities differed as little as hospitals do in published studies of one model, it would be "
        f"{number(row['auc_low'])} to {number(row['auc_high'])}."
    )


def read_league(league: Released | None) -> str:
    """How many results can be distinguished from any other."""
    if league is None:
        return NOT_STUDIED
    known = league.frame[league.frame["standing"].ne(CANNOT_TELL)]
    if known.empty:
        return TOO_SMALL
    alike = int(known["standing"].str.startswith("not clearly").sum())
    if alike == len(known):
        return f"None of {counted_of(known, 'result')} is clearly above or below another, so they cannot be ranked."
    widest = (known["auc_high"].astype(float) - known["auc_low"].astype(float)).max()
    return (
        f"{capitalised(spelled(len(known) - alike))} of {counted_of(known, 'result')} can be distinguished from at "
        "least one other by both measures; the widest interval of an AUC spans "
        f"{number(widest)}. The table says how many "
        "others each is clearly above and below; no more of an order can be said."
    )


def read_left_out(world: Mapping[tuple[str, str], object], counted: Mapping[tuple[str, str], object]) -> str:
    """Whose results are not shown, since leakage was found there; "" where all are.

    Parameters
    ----------
    world : mapping of tuple of str and str to object
        By (authority, outcome): all that could be studied.
    counted : mapping of tuple of str and str to object
        The same without those that are left out.

    Returns
    -------
    str
    """
    names = list(dict.fromkeys(authority for authority, outcome in world if (authority, outcome) not in counted))
    if not names:
        return ""
    return f"{listed(names)} {'is' if len(names) == 1 else 'are'} left out, because leakage was found there."


def read_transport(transport: Released) -> str:
    """For each move, the average precision of the moved and the own model, and how far its risks are out."""
    frame = transport.frame
    sentences = [
        _move(part.set_index("metric")) for _, part in frame.groupby(["made_in", "moved_to", "outcome"], sort=False)
    ]
    return " ".join(filter(None, sentences)) or TOO_SMALL


def _move(rows: pd.DataFrame) -> str:
    precision, ratio = rows.loc["average_precision"], rows.loc["observed_expected_ratio"]
    if precision[["moved", "own"]].isna().any():
        return ""
    return (
        f"The model made in {precision['made_in']} has an average precision of {_measure(precision, 'moved')} in "
        f"{precision['moved_to']}, where the model made there has {_measure(precision, 'own')}: "
        f"{_verdict(precision['verdict'])}. For each child it expected to have the outcome {number(ratio['moved'])} "
        f"had it as the model came, and {number(ratio['recalibrated'])} after recalibration."
    )


def _measure(row: pd.Series, name: str) -> str:
    return interval(row[name], row[f"{name}_low"], row[f"{name}_high"])


def _verdict(verdict: str) -> str:
    return verdict if verdict.startswith("no") else f"it is clearly {verdict}"


def whose_leaks(left_out: dict, transport: Released | None) -> str:
    """That a moved model comes from, or goes to, an authority in which leakage was found; "" where none does.

    Parameters
    ----------
    left_out : dict of tuple of str to str
        Why a problem is left out of the verdict, by (authority, outcome).
    transport : Released or None
        The table "transport"; None where no model was moved.

    Returns
    -------
    str
    """
    if transport is None:
        return ""
    moved = set(transport.frame["made_in"]) | set(transport.frame["moved_to"])
    leaking = sorted({authority for (authority, _), reason in left_out.items() if "leakage" in reason} & moved)
    if not leaking:
        return ""
    return (
        f"Leakage was found in {listed(leaking)}. A model that has learned from leaked predictors loses them when it "
        "is moved, and one that is tested on them is flattered, so what is said of it is no guide."
    )
