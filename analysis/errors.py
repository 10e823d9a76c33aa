"""What can go wrong for a reader of this book's machinery, as one tree of errors.

Each message says where, what was expected, what was found and what to do, and gathers every problem of one
file. None of them ever holds a value from a child's record.
"""

from collections.abc import Sequence


class AnalysisError(Exception):
    """Something the person running the analysis can put right.

    Parameters
    ----------
    where : str
        The file, sheet, key or step in which the problems lie.
    problems : sequence of str
        One sentence each: what was expected, what was found, what to do.
    """

    def __init__(self, where: str, problems: Sequence[str] | str):
        self.where = where
        self.problems = (problems,) if isinstance(problems, str) else tuple(problems)
        super().__init__(str(self))

    def __str__(self) -> str:
        count = len(self.problems)
        heading = f"{type(self).__name__}: {self.where}: {count} problem{'s' * (count != 1)}"
        return "\n".join([heading, *(f"  - {problem}" for problem in self.problems)])

    def __reduce__(self):
        return type(self), (self.where, self.problems)


class ProtocolError(AnalysisError):
    """The protocol holds something it should not, or lacks something it needs."""


class TableError(AnalysisError):
    """A workbook, a table or a document folder is not what the reader expects."""


class CohortError(AnalysisError):
    """A prediction cannot be studied on these cases (no events, one family, no full window).

    Its sentences stand on a page of the book, so they hold no count, and do not tell one small count from another.
    """


TOO_FEW_OUTCOMES = (
    "too few families have the outcome, or too few are without it, to learn from some and test on others; supply the "
    "lists that hold its events, study a longer period, or choose a more common outcome. The counts are in the account "
    "that `python -m analysis check` prints, which stays inside the authority"
)
"""The one sentence for every way in which outcomes are too rare, none among them: which way it was is a small count."""


class DisclosureError(AnalysisError):
    """A table would reveal something about a small group, or something not released was asked to be shown."""


class StepError(AnalysisError):
    """A step of the report failed; what was built before it stands."""
