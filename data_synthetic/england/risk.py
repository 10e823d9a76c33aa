"""The latent risk of an outcome: what the record before the index date says, and what it cannot say."""

import numpy as np

from data_synthetic.england.history import History
from data_synthetic.england.people import People, day
from data_synthetic.england.truth import PredictionTruth, Truth

YEAR = 365  # days
CHANGE_WIDTH_DAYS = 120  # a change of practice takes about a year from a tenth to nine tenths


def features(history: History, people: People, child: np.ndarray, date: np.ndarray) -> dict[str, np.ndarray]:
    """What an analyst could compute from the record strictly before `date`, one array per feature.

    Parameters
    ----------
    history : History
    people : People
    child : ndarray of int
        Each at most once.
    date : ndarray of int
        Days since 1 January 1970.

    Returns
    -------
    dict of str to ndarray of float
    """

    def ever(event):
        return np.log1p(history.count(event, child, date))

    def year(event):
        return np.log1p(history.count(event, child, date, YEAR))

    age = (date - people.birth[child]) / 365.25
    return {
        "contacts": ever("contact"),
        "contacts_year": year("contact"),
        "contact_recent": np.exp(-history.days_since("contact", child, date) / 120),
        "police_contacts": ever("police_contact"),
        "health_contacts": ever("health_contact"),
        "referrals": ever("referral"),
        "referrals_year": year("referral"),
        "no_further_actions": ever("no_further_action"),
        "no_further_actions_year": year("no_further_action"),
        "early_help": ever("early_help_start"),
        "early_help_quarter": history.count("early_help_start", child, date, 92) * 1.0,
        "assessments": ever("assessment"),
        "assessments_year": year("assessment"),
        "section_47": ever("section_47"),
        "section_47_year": year("section_47"),
        "needs": ever("need_start"),
        "plans": ever("plan_start"),
        "care": ever("care_start"),
        "siblings_section_47": np.log1p(history.siblings_count("section_47", child, date)),
        "siblings_plans_or_care": np.log1p(
            history.siblings_count("plan_start", child, date) + history.siblings_count("care_start", child, date)
        ),
        "young": np.exp(-np.maximum(age, 0) / 3),
        "adolescent": np.clip((age - 10) / 4, 0, 1),
        "boy": (people.gender[child] == "a) Male") * 1.0,
        "disabled": (people.disability[child] == "a) Yes") * 1.0,
    }


def risk(
    truth: Truth,
    prediction: PredictionTruth,
    *,
    history: History,
    people: People,
    child: np.ndarray,
    date: np.ndarray,
    first_day: int,
) -> np.ndarray:
    """Probability of the outcome for each child at its index date.

    Parameters
    ----------
    truth : Truth
        What holds of every prediction.
    prediction : PredictionTruth
        Weights, drift and the scale of the signal.
    history : History
    people : People
    child : ndarray of int
        Each at most once.
    date : ndarray of int
        Index dates, in days since 1 January 1970.
    first_day : int
        The authority's first day, from which growth is counted; the same days.

    Returns
    -------
    ndarray of float
        From 0 to 1.
    """
    known = features(history, people, child, date)
    changed = 1 / (1 + np.exp(-(date - day(prediction.change)) / CHANGE_WIDTH_DAYS))
    score = np.zeros(len(child))
    for name, weight in prediction.coefficients.items():
        score += (weight + prediction.drift.get(name, 0) * changed) * known[name]
    signal_multiplier, log_odds_shift = multiplier_and_shift(truth, people, child, date)
    logit = prediction.intercept + prediction.growth * (date - first_day) / 365.25 + log_odds_shift
    logit += _blurred(prediction.signal * score, signal_multiplier)
    logit += prediction.family * people.family_effect[child] + prediction.hidden * people.hidden[child]
    return _with_pattern(prediction, prediction.ceiling / (1 + np.exp(-logit)), known, date, signal_multiplier)


def _blurred(signal: np.ndarray, signal_multiplier: np.ndarray) -> np.ndarray:
    """The signal drawn towards that of average risk (multiplier below 1), or driven further from it (above 1).

    So a subgroup with a low signal multiplier has the outcome about as often as others, but the record says less of
    who will.
    """
    if not len(signal):
        return signal
    average = np.log(np.mean(np.exp(signal - signal.max()))) + signal.max()
    return average + signal_multiplier * (signal - average)


def multiplier_and_shift(truth: Truth, people: People, child: np.ndarray, date: np.ndarray):
    """Multiplier of the signal and addition to the log-odds: clear for infants, blurred for others.

    Parameters
    ----------
    truth : Truth
    people : People
    child : ndarray of int
    date : ndarray of int
        Days since 1 January 1970.

    Returns
    -------
    tuple of two ndarrays of float
    """
    age = (date - people.birth[child]) / 365.25
    groups = {"under_1": age < 1, "over_16": age >= 16, "other_ethnicity": people.ethnicity[child] == "OOTH"}
    signal_multiplier, log_odds_shift = np.ones(len(child)), np.zeros(len(child))
    for name, member in groups.items():
        signal_multiplier *= np.where(member, truth.clarity[name], 1)
        log_odds_shift += np.where(member, truth.lift[name], 0)
    return signal_multiplier, log_odds_shift


def _with_pattern(
    prediction: PredictionTruth, chance: np.ndarray, known: dict, date: np.ndarray, signal_multiplier: np.ndarray
):
    """The chance, but for those whom the pattern fits; nothing is near certain of a subgroup with a low multiplier."""
    pattern = prediction.pattern
    if pattern is None:
        return chance
    fits = (date < day(pattern.until)) & (signal_multiplier >= 1)
    for name, least in pattern.all_of.items():
        fits &= known[name] >= least
    return np.where(fits, pattern.risk, chance)
