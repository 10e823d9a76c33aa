"""General English words: what may be shown of a text, and what is no name although it has a capital.

The words are those of Debian's package `wbritish` (2020.12.07, made of SCOWL) that are written in lower-case letters
alone. `also_names.txt` holds the ones that the same list also has with a capital, with or without an s at the end
("cross", "will"; "brook" for Brooks). The copyright notice of SCOWL lies beside them.
"""

from functools import cache
from importlib.resources import files


@cache
def general_words() -> frozenset[str]:
    """Every lower-case word of the list, about 63,000, inflected forms included.

    Examples
    --------
    >>> "neglect" in general_words(), "fellgate" in general_words()
    (True, False)
    """
    return _read("words.txt")


@cache
def words_that_are_no_names() -> frozenset[str]:
    """The words of the list that it does not have with a capital as well.

    Examples
    --------
    >>> "school" in words_that_are_no_names(), "brook" in words_that_are_no_names()
    (True, False)
    """
    return general_words() - _read("also_names.txt")


def _read(name: str) -> frozenset[str]:
    return frozenset(files("analysis.text.english").joinpath(name).read_text(encoding="utf-8").split())
