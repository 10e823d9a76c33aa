"""Training and test cases: split by family, and forward in time under an embargo."""

from dataclasses import dataclass, field

import numpy as np
from sklearn.model_selection import StratifiedKFold, train_test_split

from analysis.errors import TOO_FEW_OUTCOMES, CohortError
from analysis.model.cases import Cases
from analysis.protocol.values import Splits

ONE_DAY = np.timedelta64(1, "D")
Fold = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Split:
    """Row numbers to learn from and to test on, and the folds inside the former.

    Attributes
    ----------
    train, test : ndarray of int
    folds : tuple of (fit rows, validation rows)
        Subsets of `train`.
    folds_run : {"across families", "forward in time"}
    returning : ndarray of int
        Cases from the first test date on of families that came before it. They are neither learned from nor tested
        on, but a tool in use would meet them. None where the split is not by time.
    """

    train: np.ndarray
    test: np.ndarray
    folds: tuple[Fold, ...]
    folds_run: str
    returning: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=int))


def split_cases(learned_from: str, cases: Cases, splits: Splits, *, window_months: float, seed: int) -> Split:
    """Divide the cases as a design asks; every family lies wholly on one side.

    Parameters
    ----------
    learned_from : {"all_cases", "earlier_cases"}
    cases : Cases
    splits : Splits
        The protocol's section on splits.
    window_months : float
        Length of the outcome window, which is also the embargo; parts of a month count as a whole one.
    seed : int
        From the protocol; the same seed gives the same result.

    Returns
    -------
    Split

    Raises
    ------
    CohortError
        If either side lacks cases with the outcome, or without it.
    """
    if learned_from == "all_cases":
        return split_all_cases(cases, splits, seed=seed)
    return split_earlier_cases(cases, splits, window_months=window_months, seed=seed)


def split_all_cases(cases: Cases, splits: Splits, *, seed: int) -> Split:
    """Hold out a random share of the families, stratified by whether one of their cases has the outcome.

    Parameters
    ----------
    cases : Cases
    splits : Splits
        The protocol's section on splits.
    seed : int
        From the protocol; the same seed gives the same result.

    Returns
    -------
    Split
    """
    families, positive = family_outcomes(cases, np.arange(len(cases)))
    where = "split of all cases"
    if min(positive.sum(), (~positive).sum()) < 3:
        raise CohortError(where, TOO_FEW_OUTCOMES)
    learned, kept = train_test_split(
        families, test_size=splits.test_share_of_families, stratify=positive, random_state=seed
    )
    train, test = _rows_of(cases, learned), _rows_of(cases, kept)
    _check_outcomes(where, cases, train, test)
    return Split(train, test, family_folds(cases, train, splits.folds, seed=seed), "across families")


def split_earlier_cases(cases: Cases, splits: Splits, *, window_months: float, seed: int) -> Split:
    """Hold out the families with the latest first index date; learn from cases whose outcome was known before them.

    The first test date is the earliest first index date of a held-out family.
    A case is learned from if its whole outcome window had passed by the day before (the embargo).

    Parameters
    ----------
    cases : Cases
    splits : Splits
        The protocol's section on splits.
    window_months : float
        Length of the outcome window, in months, which is also the embargo.
    seed : int
        From the protocol; the same seed gives the same result.

    Returns
    -------
    Split

    Notes
    -----
    Folds run forward in time under the same embargo. Where the training period is too short for two such folds,
    they run across families instead: every training outcome was known by then, so the test stays honest.
    """
    first_index_date = first_dates(cases)
    by_date = np.sort(first_index_date)
    first_test_date = by_date[int((1 - splits.test_share_of_families) * len(by_date))]
    known = window_end(cases.index_date, window_months)
    test = np.flatnonzero(first_index_date[cases.family] >= first_test_date)
    train = np.flatnonzero((first_index_date[cases.family] < first_test_date) & (known < first_test_date))
    _check_outcomes("split by time (the last families, after an embargo)", cases, train, test)
    returning = np.flatnonzero(
        (first_index_date[cases.family] < first_test_date) & (cases.index_date >= first_test_date)
    )
    folds = forward_folds(cases, train, splits, window_months=window_months)
    if folds:
        return Split(train, test, folds, "forward in time", returning)
    return Split(train, test, family_folds(cases, train, splits.folds, seed=seed), "across families", returning)


def family_folds(cases: Cases, rows: np.ndarray, folds: int, *, seed: int) -> tuple[Fold, ...]:
    """Folds across families, those with an outcome spread evenly; fewer folds where families with one are few.

    Parameters
    ----------
    cases : Cases
    rows : ndarray of int
        Row numbers in `cases`.
    folds : int, 2 or more
        At most so many.
    seed : int
        From the protocol; the same seed gives the same result.

    Returns
    -------
    tuple of (fit rows, validation rows)
    """
    families, positive = family_outcomes(cases, rows)
    folds = int(min(folds, positive.sum(), (~positive).sum()))
    if folds < 2:
        raise CohortError("folds", TOO_FEW_OUTCOMES)
    by_family = StratifiedKFold(folds, shuffle=True, random_state=seed).split(families, positive)
    member = cases.family[rows]
    return tuple((rows[np.isin(member, families[a])], rows[np.isin(member, families[b])]) for a, b in by_family)


def forward_folds(cases: Cases, rows: np.ndarray, splits: Splits, *, window_months: float) -> tuple[Fold, ...]:
    """Folds that each learn from the past alone, under the embargo; none where two cannot be had.

    The validation families of a fold have their first index date in one period; the periods hold equal numbers of
    families with an outcome.

    Parameters
    ----------
    cases : Cases
    rows : ndarray of int
        Row numbers in `cases`.
    splits : Splits
        The protocol's section on splits.
    window_months : float
        Length of the outcome window, in months, which is also the embargo.

    Returns
    -------
    tuple of (fit rows, validation rows)
    """
    for folds in range(splits.folds, 1, -1):
        starts = _validation_periods(cases, rows, folds, splits.smallest_positive_families, window_months)
        made = tuple(
            _forward_fold(cases, rows, start, end, window_months)
            for start, end in zip(starts[:-1], starts[1:], strict=True)
        )
        enough = splits.smallest_positive_families
        if made and all(_positive_families(cases, part) >= enough for fold in made for part in fold):
            return made
    return ()


def window_end(index_date: np.ndarray, months: float) -> np.ndarray:
    """The last day of the outcome window: calendar months later, cut to the last day of a short month.

    Parameters
    ----------
    index_date : ndarray of datetime64[D], shape (cases,)
    months : float

    Returns
    -------
    ndarray

    >>> window_end(np.array(["2015-01-31"], dtype="datetime64[D]"), 1)
    array(['2015-02-28'], dtype='datetime64[D]')
    """
    month = index_date.astype("datetime64[M]")
    target = month + np.timedelta64(int(np.ceil(months)), "M")
    last_day = (target + np.timedelta64(1, "M")).astype("datetime64[D]") - ONE_DAY
    return np.minimum(target.astype("datetime64[D]") + (index_date - month.astype("datetime64[D]")), last_day)


def first_dates(cases: Cases) -> np.ndarray:
    """The date of each family's first case, by family code."""
    first_index_date = np.full(cases.family.max() + 1, np.datetime64("9999-12-31"))
    np.minimum.at(first_index_date, cases.family, cases.index_date)
    return first_index_date


def family_outcomes(cases: Cases, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The families of these rows, and whether any of their cases among the rows had the outcome.

    Parameters
    ----------
    cases : Cases
    rows : ndarray of int
        Row numbers in `cases`.

    Returns
    -------
    tuple of two ndarrays
    """
    families, member = np.unique(cases.family[rows], return_inverse=True)
    return families, np.bincount(member, weights=cases.outcome[rows]) > 0


def _validation_periods(cases: Cases, rows: np.ndarray, folds: int, smallest: int, months: float) -> np.ndarray:
    """Start dates of the validation stretches, and the day after the last one ends."""
    positive = rows[cases.outcome[rows]]
    known = np.sort(_first_by_family(window_end(cases.index_date[positive], months), cases.family[positive]))
    first_index_date = np.sort(first_dates(cases)[np.unique(cases.family[positive])])
    if len(first_index_date) < smallest * (folds + 1):
        return first_index_date[:0]
    learned_enough = max(known[smallest - 1] + ONE_DAY, first_index_date[len(first_index_date) // (folds + 1)])
    later = first_index_date[first_index_date >= learned_enough]
    if len(later) < smallest * folds:
        return first_index_date[:0]
    starts = [stretch[0] for stretch in np.array_split(later, folds)]
    return np.array([*starts, cases.index_date[rows].max() + ONE_DAY])


def _forward_fold(cases: Cases, rows: np.ndarray, start, end, months: float) -> Fold:
    first_index_date = first_dates(cases)[cases.family[rows]]
    known = window_end(cases.index_date[rows], months)
    return rows[(first_index_date < start) & (known < start)], rows[
        (first_index_date >= start) & (first_index_date < end)
    ]


def _first_by_family(dates: np.ndarray, family: np.ndarray) -> np.ndarray:
    order = np.lexsort((dates, family))
    return dates[order][np.unique(family[order], return_index=True)[1]]


def _positive_families(cases: Cases, rows: np.ndarray) -> int:
    return len(np.unique(cases.family[rows[cases.outcome[rows]]]))


def _rows_of(cases: Cases, families: np.ndarray) -> np.ndarray:
    return np.flatnonzero(np.isin(cases.family, families))


def _check_outcomes(where: str, cases: Cases, train: np.ndarray, test: np.ndarray) -> None:
    for rows in (train, test):
        _, positive = family_outcomes(cases, rows)
        if min(positive.sum(), (~positive).sum()) < 2:
            raise CohortError(where, TOO_FEW_OUTCOMES)
