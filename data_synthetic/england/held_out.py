"""Seeds of the worlds held out while the truth was tuned: fixed by a hash before tuning, opened once, after it."""

from hashlib import sha256

RECORDED = "9d63b425c447e404afe52c58ebdcf5028703cf9e514514801a89f07318bc5bf3"
"""SHA-256 of the word that the seeds come from, recorded before the truth was tuned for the mean over many worlds."""
WORD = "887a3734140949326df4cb4fd6d4b906"
"""The word itself, written here when the truth had been tuned."""
COUNT = 21  # odd, so that one of the worlds is the median


def seeds_from(word: str) -> tuple[int, ...]:
    """The `COUNT` seeds, each from 0 to 2**31 - 1, that come of a word.

    Raises
    ------
    ValueError
        If it is not the word whose hash was recorded.
    """
    if sha256(word.encode()).hexdigest() != RECORDED:
        raise ValueError("this is not the word whose hash was recorded before tuning")
    return tuple(int(sha256(f"{word} {number}".encode()).hexdigest()[:8], 16) // 2 for number in range(COUNT))


def seeds_held_out() -> tuple[int, ...]:
    """The seeds of the worlds held out."""
    return seeds_from(WORD)
