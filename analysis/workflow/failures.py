"""An error in words that hold no value of a record, and what to do if the machine ran out of something."""

import re

from analysis.errors import AnalysisError

RESUME = "then run the same command to resume"
_DISK = f"the disk is full; free some space, {RESUME}"
_MEMORY = f"memory ran out; close other applications or give --workers 1, {RESUME}"
_DIED = (
    "its process was ended from outside, most often because memory ran out; close other applications or give "
    f"--workers 1, {RESUME}"
)
# Libraries name it in many ways. The first that matches "<type>: <text>" is said.
_SIGNS = {
    _DISK: r"No space left on device|Disk quota exceeded|not enough space on the disk|disk is full",
    _MEMORY: r"^\w*MemoryError|^OutOfMemoryException|Cannot allocate memory|can't start new thread|"
    r"^SystemError: .*(without exception set|without setting an exception|raised unreported exception)|"
    r"failed to map segment|bad_alloc|memory allocation .*failed|Unable to allocate|out of memory",
    _DIED: r"^BrokenProcessPool|^KilledWorker",
}


def shortage(kind: str, text: str) -> str | None:
    """What ran out, in a sentence of ours that holds nothing of `text`; None if nothing did.

    Parameters
    ----------
    kind, text : str
        Name of an error's type, and its message.

    Returns
    -------
    str or None
    """
    line = f"{kind}: {text}"
    return next((sentence for sentence, signs in _SIGNS.items() if re.search(signs, line)), None)


def shortage_of(error: BaseException) -> str | None:
    """The same of an error, or of the one that it arose from."""
    seen: BaseException | None = error
    while seen is not None:
        kind = "MemoryError" if isinstance(seen, MemoryError) else type(seen).__name__
        sentence = shortage(kind, str(seen))
        if sentence:
            return sentence
        seen = seen.__cause__ or seen.__context__
    return None


class StoppedError(Exception):
    """What stopped a step, in words that hold no value of a record, so that it may cross to another process."""


def describe(error: BaseException) -> str:
    """An error in words: ours whole, another's by its type alone, since its text might hold a child's value."""
    if isinstance(error, AnalysisError):
        return f"{error.where}: {'; '.join(error.problems)}"
    if isinstance(error, StoppedError):
        return str(error)
    return shortage_of(error) or f"stopped by {type(error).__name__}; run the same command with --debug to see where"
