"""Large numbers on the first page, in whole models and whole children."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

DOTS = 10  # at most; more are not counted at a glance


@dataclass(frozen=True)
class Tile:
    """One large number with its words.

    Attributes
    ----------
    count, of : int
        The number, as in "6 in 10" or "0 of 24".
    words : str
        What is counted.
    joined : str
        " in " for a share in whole children, " of " for a count.
    """

    count: int
    of: int
    words: str
    joined: str = " in "


def share_tile(share: float, of: int, words: str) -> Tile:
    """A share as whole children out of `of`.

    Parameters
    ----------
    share : float
        From 0 to 1.
    of : int
        How many children it speaks of, 1 or more.
    words : str
        What is counted.

    Returns
    -------
    Tile

    Examples
    --------
    >>> share_tile(0.58, 10, "flagged wrongly").count
    6
    """
    return Tile(round(share * of), of, words)


def tiles_html(tiles: Sequence[Tile]) -> str:
    """The tiles as a list, each share with as many dots as children."""
    items = "\n".join(_item(tile) for tile in tiles)
    return f'<ul class="tiles">\n{items}\n</ul>'


def _item(tile: Tile) -> str:
    number = f"{tile.count:,}{tile.joined}{tile.of:,}"
    dots = ""
    if tile.joined == " in " and tile.of <= DOTS:
        marks = "".join(f'<span class="{"dot-counted" if i < tile.count else "dot"}"></span>' for i in range(tile.of))
        dots = f'<span class="tile-dots" aria-hidden="true">{marks}</span>'
    return f'<li><strong>{number}</strong>{dots}<span class="tile-words">{escape(tile.words)}</span></li>'
