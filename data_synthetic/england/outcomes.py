"""Outcomes: who has the outcome, drawn from the risk on the index date, and the events that then follow.

The events lie inside the outcome window of those with the outcome and outside that of the others; a share of
the near misses fall just beside it.
"""

import numpy as np

from analysis.protocol.values import Prediction
from data_synthetic.england.people import day
from data_synthetic.england.risk import multiplier_and_shift, risk
from data_synthetic.england.services import come_back, record_contact, record_referral, start_care, start_plan
from data_synthetic.england.world import World

MARGIN_DAYS = 4  # no planted outcome lies nearer than this to an edge of its window


def _index_name(prediction: Prediction) -> str:
    index = prediction.index
    name = "assessment" if index.event == "assessment_authorised" else index.event
    return f"{name}: {index.outcome}" if index.outcome else name


def declares(world: World, index: str) -> bool:
    """Whether a prediction of this authority has this index event.

    Parameters
    ----------
    world : World
    index : str
        Name of the event and, where it needs one, its outcome, such as "referral: no further action".

    Returns
    -------
    bool
    """
    return any(_index_name(prediction) == index for prediction in world.predictions.values())


def draw_outcomes(world: World, index: str, child: np.ndarray, date: np.ndarray) -> None:
    """For every prediction with this index event: draw who has the outcome, and write what then happens.

    Parameters
    ----------
    world : World
    index : str
        As in `declares`.
    child : ndarray of int
        Each at most once.
    date : ndarray of int
        The index date of each, in days since 1 January 1970.
    """
    for name, prediction in world.predictions.items():
        if _index_name(prediction) == index:
            free = _free(world, child, date)
            _draw_outcome(world, name, prediction, child[free], date[free])


def _free(world: World, child: np.ndarray, date: np.ndarray) -> np.ndarray:
    """Neither on a plan nor looked after, and not already bound to be."""
    history = world.history
    bound = history.coming("plan", child, date) | history.coming("care", child, date)
    return ~(bound | history.open("plan", child, date) | history.open("care", child, date))


def _draw_outcome(world: World, name: str, prediction: Prediction, child: np.ndarray, date: np.ndarray) -> None:
    planted = world.truth.predictions[name]
    chance = risk(
        world.truth,
        planted,
        history=world.history,
        people=world.people,
        child=child,
        date=date,
        first_day=day(world.authority.first_date),
    )
    world.write("planted_risks", prediction=np.full(len(child), name), child=child, date=date, risk=chance)
    draw = world.draw(child)
    has_outcome = draw < chance
    low, high = _window(prediction)
    write = OUTCOMES[prediction.steps[-1].any_of]
    write(
        world,
        name,
        child[has_outcome],
        date[has_outcome],
        _within(world, low, high, planted.early_share, child[has_outcome]),
    )
    if "need_start" in prediction.steps[-1].any_of:
        world.no_need_until[child] = np.maximum(world.no_need_until[child], date + high + MARGIN_DAYS)
    near = ~has_outcome & (draw < chance * (1 + planted.near_miss))
    write(world, name, child[near], date[near], _beside(world, low, high, child[near]))


def _window(prediction: Prediction) -> tuple[int, int]:
    """First and last day of the last step's window, counted from the index date."""
    step = prediction.steps[-1]
    first, last = (d.days or 0 if d.months is None else int(round(d.months * 30.4375)) for d in (step.from_, step.to))
    return first, last


def _within(world: World, low: int, high: int, early_share: float | None, child: np.ndarray) -> np.ndarray:
    low, high = low + MARGIN_DAYS, high - MARGIN_DAYS
    if early_share is None:
        return world.uniform(low, high, child)
    middle = (low + high) // 2
    early = world.chance(early_share, child)
    return np.where(early, world.uniform(low, middle, child), world.uniform(middle, high, child))


def _beside(world: World, low: int, high: int, child: np.ndarray) -> np.ndarray:
    """Days just outside the window: before it where there is room, else after it."""
    after = world.uniform(high + MARGIN_DAYS, high + 90, child)
    if low < 60:
        return after
    return np.where(world.chance(0.5, child), world.uniform(25, low - MARGIN_DAYS, child), after)


def _escalate(world: World, name: str, child: np.ndarray, date: np.ndarray, days: np.ndarray) -> None:
    """A plan or care, often after new contacts and referrals; rarely so for a subgroup with a low signal multiplier.

    Those are index dates themselves, and easily told from others by what lies just behind them.
    """
    planted, prediction = world.truth.predictions[name], world.predictions[name]
    on = date + np.maximum(days, 24)
    signal_multiplier, _ = multiplier_and_shift(world.truth, world.people, child, date)
    for number in range(int(np.ceil(planted.returns))):
        back = world.chance((planted.returns - number) * np.minimum(signal_multiplier, 1), child)
        earliest = np.maximum(date[back] + 1, on[back] - 77)
        again = earliest + (world.draw(child[back]) * (on[back] - 16 - earliest)).astype(int)
        come_back(world, child[back], again)
    care = world.chance(0.25, child) if "plan_start" in prediction.steps[-1].any_of else np.ones(len(child), bool)
    if "care_start" not in prediction.steps[-1].any_of:
        care[:] = False
    start_care(world, child[care], on[care])
    start_plan(world, child[~care], on[~care])


def _open_case(world: World, name: str, child: np.ndarray, date: np.ndarray, days: np.ndarray) -> None:
    come_back(world, child, date + days)


def _refer_again(world: World, name: str, child: np.ndarray, date: np.ndarray, days: np.ndarray) -> None:
    source = world.source(child)
    record_contact(world, child, date + days, source)
    record_referral(world, child, date + days, source, further_action=False)


OUTCOMES = {
    ("plan_start", "care_start"): _escalate,
    ("plan_start",): _escalate,
    ("care_start",): _escalate,
    ("plan_start", "care_start", "adopted", "residence_order", "special_guardianship_order"): _escalate,
    ("need_start",): _open_case,
    ("referral",): _refer_again,
}
