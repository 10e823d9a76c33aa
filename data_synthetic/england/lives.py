"""The lives: visit by visit, what is recorded of each child, and what then becomes of it.

Each family is visited several times. A visit is a contact about some of its children and takes a pathway (no
more than a contact, early help, a referral with or without further action). The history so far decides the
risk of each outcome; the outcome is drawn, and only then are its events written, inside the window for those
it strikes and not for the others.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from analysis.protocol.values import Prediction
from data_synthetic.england.history import NEVER, History
from data_synthetic.england.people import CHILDHOOD_DAYS, People, choose, day
from data_synthetic.england.risk import risk
from data_synthetic.england.truth import AuthorityTruth, Truth

MARGIN_DAYS = 4  # no planted outcome lies nearer than this to an edge of its window
YEAR = 365


@dataclass
class World:
    """One authority while its children's lives are being written."""

    truth: Truth
    authority: AuthorityTruth
    predictions: dict[str, Prediction]  # of this authority, as the protocol declares them
    people: People
    rng: np.random.Generator
    history: History
    rows: dict[str, list[dict]] = field(default_factory=dict)
    no_referral_until: np.ndarray = None
    no_need_until: np.ndarray = None

    def write(self, table: str, **columns) -> None:
        """Add rows to a table of the record."""
        self.rows.setdefault(table, []).append(columns)

    def uniform(self, low: int, high: int, like: np.ndarray) -> np.ndarray:
        """Whole days from low to high - 1, one per element."""
        return self.rng.integers(low, high, len(like))

    def chance(self, share: float, like: np.ndarray) -> np.ndarray:
        """True with this probability, one per element."""
        return self.rng.random(len(like)) < share


def new_world(truth: Truth, authority: AuthorityTruth, predictions: dict, people: People, rng) -> World:
    """An authority in which nothing has happened yet."""
    nothing = np.zeros(len(people), np.int64)
    return World(
        truth=truth,
        authority=authority,
        predictions=predictions,
        people=people,
        rng=rng,
        history=History(len(people), people.family, people.siblings),
        no_referral_until=nothing.copy(),
        no_need_until=nothing.copy(),
    )


def live(world: World) -> None:
    """Write every family's visits, first visits of all families first."""
    for child, date in visits(world):
        visit(world, child, date)


def visits(world: World) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The first visit of each family, then the second, ...: the children seen, and the day."""
    authority, people, rng = world.authority, world.people, world.rng
    families = len(people.first_visit)
    shape = authority.visit_shape
    number = 1 + rng.poisson(rng.gamma(shape, authority.further_visits / shape, families))
    date, last = people.first_visit.copy(), day(authority.last_date)
    for visit_number in range(number.max()):
        if visit_number:
            date = date + 7 + rng.exponential(authority.gap_days, families).astype(int)
        going = (number > visit_number) & (date <= last)
        yield _seen(world, going, date)


def _seen(world: World, going: np.ndarray, date: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The children of the families visited: the one it is about, and often siblings."""
    people, rng = world.people, world.rng
    about = people.siblings[:, 0] + rng.integers(0, (people.siblings >= 0).sum(axis=1))
    children = np.arange(len(people))
    when = date[people.family]
    seen = going[people.family]
    seen &= (about[people.family] == children) | world.chance(world.truth.seen_together, children)
    seen &= (when - people.birth < CHILDHOOD_DAYS) & (when - people.birth > -150)
    return children[seen], when[seen]


def visit(world: World, child: np.ndarray, date: np.ndarray) -> None:
    """One visit to each of these children."""
    family = world.people.family[child]
    source = _of_family(world, family, choose(world.rng, world.truth.sources, len(world.people.siblings)))
    pathway = _pathway(world, child, date)
    # A contact with a referral of no further action has its outcome drawn at the referral, where that is studied.
    drawn = (pathway != 2) | (not _declares(world, "referral: no further action"))
    _draw_outcomes(world, "contact", child[drawn], date[drawn])
    record_contact(world, child, date, source)
    begin_early_help(world, child[pathway == 1], date[pathway == 1] + 5)
    # Where the leak is planted, a referral bears the date of its contact; elsewhere it follows within two days.
    days = 1 if world.authority.counts_as_at == "extract" else 3
    lag = _of_family(world, family, world.rng.integers(0, days, len(world.people.siblings)))
    referred = date + lag
    refer(world, child[pathway == 2], referred[pathway == 2], source[pathway == 2], further_action=False)
    refer(world, child[pathway == 3], referred[pathway == 3], source[pathway == 3], further_action=True)


def _of_family(world: World, family: np.ndarray, value_of_each_family: np.ndarray) -> np.ndarray:
    return value_of_each_family[family]


def _pathway(world: World, child: np.ndarray, date: np.ndarray) -> np.ndarray:
    """0 contact only, 1 early help, 2 no further action, 3 further action; siblings mostly share theirs."""
    shares = world.authority.pathways
    edges = np.cumsum([shares.contact_only, shares.early_help, shares.no_further_action])
    families = world.rng.random(len(world.people.siblings))
    draw = np.where(world.chance(0.15, child), world.rng.random(len(child)), families[world.people.family[child]])
    pathway = np.searchsorted(edges, draw, side="right")
    history = world.history
    busy = history.open("plan", child, date) | history.open("care", child, date)
    pathway = np.where(busy | (world.no_referral_until[child] >= date), 0, pathway)
    no_need = world.no_need_until[child] >= date
    return np.where((pathway == 3) & no_need, 2, pathway)


def record_contact(world: World, child: np.ndarray, date: np.ndarray, source: np.ndarray) -> None:
    """Write a contact of each child."""
    world.write("contacts", child=child, date=date, source=source)
    world.history.record("contact", child, date)
    for event, group in (("police_contact", ": Police"), ("health_contact", ": Health")):
        of_group = np.char.find(source, group) > 0
        world.history.record(event, child[of_group], date[of_group])


def begin_early_help(world: World, child: np.ndarray, date: np.ndarray) -> None:
    """Write a spell of early help; its end is an index date of its own."""
    end = date + world.uniform(45, 260, child)
    world.write("early_help", child=child, start=date, end=end)
    world.history.record_period("early_help", child, date, end)
    if _declares(world, "early_help_end"):
        world.no_referral_until[child] = np.maximum(world.no_referral_until[child], end + YEAR + MARGIN_DAYS)
        _draw_outcomes(world, "early_help_end", child, end)


def refer(world: World, child: np.ndarray, date: np.ndarray, source: np.ndarray, *, further_action: bool) -> None:
    """Write a referral and what follows of its own accord."""
    if further_action:
        _draw_outcomes(world, "referral: further action", child, date)
    else:
        first = world.chance(world.authority.early_help_first, child) & ~world.history.open("early_help", child, date)
        begin_early_help(world, child[first], date[first] - world.uniform(5, 60, child[first]))
        _draw_outcomes(world, "referral: no further action", child, date)
    record_referral(world, child, date, source, further_action=further_action)
    if further_action:
        follow_up(world, child, date)


def record_referral(
    world: World, child: np.ndarray, date: np.ndarray, source: np.ndarray, *, further_action: bool
) -> None:
    """Write a referral of each child."""
    world.write(
        "referrals", child=child, date=date, source=source, no_further_action=np.full(len(child), not further_action)
    )
    world.history.record("referral", child, date)
    if not further_action:
        world.history.record("no_further_action", child, date)


def follow_up(world: World, child: np.ndarray, date: np.ndarray) -> None:
    """After a referral with further action: need, assessment, perhaps a section 47 enquiry."""
    start_need(world, child, date)
    start = date + world.uniform(1, 8, child)
    authorised = start + world.uniform(18, 62, child)
    support = world.chance(0.66, child)
    world.write("assessments", child=child, start=start, authorised=authorised, support=support)
    enquiry = world.chance(world.authority.section_47, child)
    on = date[enquiry] + world.uniform(1, 15, date[enquiry])
    record_section_47(world, child[enquiry], on, conference=world.chance(0.15, on), plan=False)
    _draw_outcomes(world, "assessment", child, authorised)
    world.history.record("assessment", child, start)


def start_need(world: World, child: np.ndarray, date: np.ndarray) -> None:
    """Open a case of children in need where none is open."""
    new = ~world.history.open("need", child, date)
    length = np.exp(world.rng.normal(4.6, 0.9, new.sum())).astype(int) + 15
    world.history.record_period("need", child[new], date[new], date[new] + length)


def record_section_47(world: World, child, date, *, conference: np.ndarray, plan: bool) -> None:
    """Write a section 47 enquiry, with its conference about a fortnight later."""
    on = np.where(conference, date + world.uniform(10, 19, child), NEVER)
    world.write("section_47", child=child, date=date, conference=on, plan=np.full(len(child), plan))
    world.history.record("section_47", child, date)


def start_plan(world: World, child: np.ndarray, date: np.ndarray) -> None:
    """A child protection plan, after a section 47 enquiry and with a case open."""
    enquiry = date - 15
    world.write("section_47", child=child, date=enquiry, conference=date, plan=np.ones(len(child), bool))
    world.history.record("section_47", child, enquiry)
    start_need(world, child, enquiry - 1)
    world.history.record_period("plan", child, date, date + world.uniform(90, 420, child))


def start_care(world: World, child: np.ndarray, date: np.ndarray) -> None:
    """A period of being looked after, with a case open."""
    start_need(world, child, date)
    length = np.exp(world.rng.normal(5.6, 1.0, len(child))).astype(int) + 3
    world.history.record_period("care", child, date, date + length)


# ---- outcomes -------------------------------------------------------------------------------------


def _index_name(prediction: Prediction) -> str:
    index = prediction.index
    name = "assessment" if index.event == "assessment_authorised" else index.event
    return f"{name}: {index.outcome}" if index.outcome else name


def _declares(world: World, index: str) -> bool:
    return any(_index_name(prediction) == index for prediction in world.predictions.values())


def _draw_outcomes(world: World, index: str, child: np.ndarray, date: np.ndarray) -> None:
    """For every prediction with this index event: draw who is struck, and write what then happens."""
    for name, prediction in world.predictions.items():
        if _index_name(prediction) != index or not len(child):
            continue
        free = _free(world, child, date)
        _strike(world, name, prediction, child[free], date[free])


def _free(world: World, child: np.ndarray, date: np.ndarray) -> np.ndarray:
    """Neither on a plan nor looked after, and not already bound to be."""
    history = world.history
    bound = history.coming("plan", child, date) | history.coming("care", child, date)
    return ~(bound | history.open("plan", child, date) | history.open("care", child, date))


def _strike(world: World, name: str, prediction: Prediction, child: np.ndarray, date: np.ndarray) -> None:
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
    draw = world.rng.random(len(child))
    struck = draw < chance
    low, high = _window(prediction)
    write = OUTCOMES[prediction.steps[-1].any_of]
    write(world, name, child[struck], date[struck], _within(world, low, high, planted.early_share, child[struck]))
    if "need_start" in prediction.steps[-1].any_of:
        world.no_need_until[child] = np.maximum(world.no_need_until[child], date + high + MARGIN_DAYS)
    near = ~struck & (draw < chance * (1 + planted.near_miss))
    write(world, name, child[near], date[near], _beside(world, low, high, child[near]))


def _window(prediction: Prediction) -> tuple[int, int]:
    """First and last day of the last step's window, counted from the index date."""
    step = prediction.steps[-1]
    first, last = (d.days if d.months is None else int(round(d.months * 30.4375)) for d in (step.from_, step.to))
    return first, last


def _within(world: World, low: int, high: int, early_share: float | None, like: np.ndarray) -> np.ndarray:
    low, high = low + MARGIN_DAYS, high - MARGIN_DAYS
    if early_share is None:
        return world.uniform(low, high, like)
    middle = (low + high) // 2
    early = world.chance(early_share, like)
    return np.where(early, world.uniform(low, middle, like), world.uniform(middle, high, like))


def _beside(world: World, low: int, high: int, like: np.ndarray) -> np.ndarray:
    """Days just outside the window: before it where there is room, else after it."""
    after = world.uniform(high + MARGIN_DAYS, high + 90, like)
    if low < 60:
        return after
    return np.where(world.chance(0.5, like), world.uniform(25, low - MARGIN_DAYS, like), after)


def _escalate(world: World, name: str, child: np.ndarray, date: np.ndarray, days: np.ndarray) -> None:
    """A plan or care, often after a new contact and referral (always, where coming back is part of the outcome)."""
    planted, prediction = world.truth.predictions[name], world.predictions[name]
    on = date + np.maximum(days, 24)
    for number in range(int(np.ceil(planted.returns))):
        back = world.chance(planted.returns - number, child)
        earliest = np.maximum(date[back] + 1, on[back] - 77)
        again = earliest + (world.rng.random(back.sum()) * (on[back] - 16 - earliest)).astype(int)
        come_back(world, child[back], again)
    care = world.chance(0.25, child) if "plan_start" in prediction.steps[-1].any_of else np.ones(len(child), bool)
    if "care_start" not in prediction.steps[-1].any_of:
        care[:] = False
    start_care(world, child[care], on[care])
    start_plan(world, child[~care], on[~care])


def come_back(world: World, child: np.ndarray, date: np.ndarray) -> None:
    """A new contact and a referral with further action, out of the family's round of visits."""
    source = choose(world.rng, world.truth.sources, len(child))
    record_contact(world, child, date, source)
    record_referral(world, child, date, source, further_action=True)
    start_need(world, child, date)


def _open_case(world: World, name: str, child: np.ndarray, date: np.ndarray, days: np.ndarray) -> None:
    come_back(world, child, date + days)


def _refer_again(world: World, name: str, child: np.ndarray, date: np.ndarray, days: np.ndarray) -> None:
    source = choose(world.rng, world.truth.sources, len(child))
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
