"""Worlds in each of which one cause alone makes a model of earlier cases score lower on later ones."""

import numpy as np

from analysis.model import Cases, Predictors

START = np.datetime64("2012-03-01")
LAST_FAMILIES = 1760  # days: the last fifth of the families come from here on
EMBARGO = 184  # days: a window of six months
PLANTED = ("fewer_cases", "older_cases", "endings_not_known", "case_mix", "same_mix")
"""The causes that can be planted; the choice of another model is a consequence of others and no cause of its own."""


def planted(cause: str, seed: int) -> tuple[Cases, Predictors]:
    """Cases and predictors of a world with one planted cause, by its name in the table "time_causes"."""
    random = np.random.default_rng(seed)
    family, day = (
        _few_before(random) if cause == "fewer_cases" else _steady(random, 3000 if cause == "case_mix" else 1600)
    )
    values = random.normal(size=(len(day), 60 if cause == "fewer_cases" else 3))
    late = day >= LAST_FAMILIES
    log_odds = 2.5 * values[:, 0] - 2
    if cause == "fewer_cases":
        log_odds = 0.4 * values.sum(axis=1) - 5
    elif cause in ("older_cases", "endings_not_known"):
        # Another predictor counts from a day on; each is recorded only while it counts.
        new = day >= (LAST_FAMILIES if cause == "older_cases" else LAST_FAMILIES - EMBARGO + 30)
        log_odds = 2.5 * np.where(new, values[:, 1], values[:, 0]) - 2
        values[new, 0], values[~new, 1] = 0, 0
    elif cause == "case_mix":
        values[late, 0] *= 0.5
        log_odds = 2.5 * values[:, 0] - 2
    elif cause == "same_mix":
        log_odds = np.where(late, -2.0, log_odds)
    outcome = random.random(len(day)) < 1 / (1 + np.exp(-log_odds))
    return Cases(outcome, family, START + day), Predictors(
        values.astype(np.float32), np.zeros((len(day), 1), np.float32)
    )


def _steady(random: np.random.Generator, families: int) -> tuple[np.ndarray, np.ndarray]:
    """Families of two cases, on any day of 2,200."""
    family = np.repeat(np.arange(families), 2)
    late = families // 5
    came = np.r_[random.integers(LAST_FAMILIES, 2200, late), random.integers(0, LAST_FAMILIES - 7, families - late)]
    return family, came[family] + random.integers(0, 5, len(family))


def _few_before(random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Four families in five come early, with one case each, none during the embargo; the last have twenty each."""
    early, late = 400, 100
    family = np.r_[np.arange(early), np.repeat(np.arange(early, early + late), 20)]
    came = np.r_[random.integers(0, LAST_FAMILIES - 2 * EMBARGO, early), random.integers(LAST_FAMILIES, 2200, late)]
    return family, came[family]
