"""What has happened to each child so far: the record that risks are computed from."""

import numpy as np

NEVER = np.iinfo(np.int32).max
EVENTS = (
    "contact",
    "police_contact",
    "health_contact",
    "early_help_start",
    "referral",
    "no_further_action",
    "assessment",
    "section_47",
    "need_start",
    "plan_start",
    "care_start",
)
PERIODS = ("early_help", "need", "plan", "care")
DEPTH = 24  # the latest so many events of a kind are kept; a child with more has more than enough


class History:
    """Dates of events and periods per child, and questions about what lay strictly before a day.

    Questions and records take arrays of children (positions) and of days, one element per child asked about;
    within one call no child appears twice.
    """

    def __init__(self, children: int, family: np.ndarray, siblings: np.ndarray):
        self.family, self.siblings = family, siblings
        self.dates = {event: np.full((children, DEPTH), NEVER, np.int32) for event in EVENTS}
        self.numbers = {event: np.zeros(children, np.int64) for event in EVENTS}
        self.ends = {period: np.full((children, DEPTH), NEVER, np.int32) for period in PERIODS}

    def record(self, event: str, child: np.ndarray, date: np.ndarray) -> None:
        """Write one event of each of these children.

        Parameters
        ----------
        event : str
            One of `EVENTS`.
        child : ndarray of int
        date : ndarray of int
            Days since 1 January 1970.
        """
        slot = self.numbers[event][child] % DEPTH
        self.dates[event][child, slot] = date
        self.numbers[event][child] += 1

    def record_period(self, period: str, child: np.ndarray, start: np.ndarray, end: np.ndarray) -> None:
        """Write one period of each of these children.

        Parameters
        ----------
        period : str
            One of `PERIODS`.
        child : ndarray of int
        start : ndarray of int
            Days since 1 January 1970.
        end : ndarray of int
            The same, not before the start.
        """
        slot = self.numbers[f"{period}_start"][child] % DEPTH
        self.ends[period][child, slot] = end
        self.record(f"{period}_start", child, start)

    def count(self, event: str, child: np.ndarray, before: np.ndarray, days: int | None = None) -> np.ndarray:
        """How many events lay before the day, or in the `days` days before it.

        Parameters
        ----------
        event : str
            One of `EVENTS`.
        child : ndarray of int
        before : ndarray of int
            Days since 1 January 1970.
        days : int or None
            Above 0; None for the whole of the record.

        Returns
        -------
        ndarray of int
            At most `DEPTH`.
        """
        dates, before = self.dates[event][child], before[:, None]
        seen = dates < before
        if days is not None:
            seen &= dates >= before - days
        return seen.sum(axis=1)

    def days_since(self, event: str, child: np.ndarray, before: np.ndarray) -> np.ndarray:
        """Days since the last such event before the day; infinite where there was none.

        Parameters
        ----------
        event : str
            One of `EVENTS`.
        child : ndarray of int
        before : ndarray of int
            Days since 1 January 1970.

        Returns
        -------
        ndarray of float
            1 or more; infinite where there was none.
        """
        dates = self.dates[event][child].astype(float)
        dates[dates >= before[:, None]] = -np.inf
        return before - dates.max(axis=1)

    def open(self, period: str, child: np.ndarray, at: np.ndarray) -> np.ndarray:
        """Whether such a period, begun before or on the day, has not ended by it.

        Parameters
        ----------
        period : str
            One of `PERIODS`.
        child : ndarray of int
        at : ndarray of int
            Days since 1 January 1970.

        Returns
        -------
        ndarray of bool
        """
        starts, ends, at = self.dates[f"{period}_start"][child], self.ends[period][child], at[:, None]
        return ((starts <= at) & (ends >= at)).any(axis=1)

    def next_start(self, period: str, child: np.ndarray, after: np.ndarray) -> np.ndarray:
        """The first day, this or later, on which such a period is already bound to start; `NEVER` if none is.

        Parameters
        ----------
        period : str
            One of `PERIODS`.
        child : ndarray of int
        after : ndarray of int
            Days since 1 January 1970.

        Returns
        -------
        ndarray of int
        """
        starts = self.dates[f"{period}_start"][child]
        return np.where(starts >= after[:, None], starts, NEVER).min(axis=1)

    def coming(self, period: str, child: np.ndarray, after: np.ndarray) -> np.ndarray:
        """Whether such a period is already bound to start on or after the day.

        Parameters
        ----------
        period : str
            One of `PERIODS`.
        child : ndarray of int
        after : ndarray of int
            Days since 1 January 1970.

        Returns
        -------
        ndarray of bool
        """
        return self.next_start(period, child, after) < NEVER

    def siblings_count(self, event: str, child: np.ndarray, before: np.ndarray) -> np.ndarray:
        """How many events the other children of the family had before the day.

        Parameters
        ----------
        event : str
            One of `EVENTS`.
        child : ndarray of int
        before : ndarray of int
            Days since 1 January 1970.

        Returns
        -------
        ndarray of int
        """
        rows = self.siblings[self.family[child]]
        seen = (self.dates[event][rows] < before[:, None, None]).sum(axis=2)
        return (seen * ((rows >= 0) & (rows != child[:, None]))).sum(axis=1)
