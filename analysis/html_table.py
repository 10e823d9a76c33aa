"""A table as HTML that everyone can read: a caption, headed rows and columns, a container that scrolls by itself."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.escape import as_html


@dataclass(frozen=True)
class Cell:
    """One cell.

    Attributes
    ----------
    words : str
        What it says. A span in brackets at the end of a number stays on one line.
    kind : str
        Its class: "number", "words" or none.
    below : tuple of str
        Smaller lines under it.
    link : str
        An address that the words lead to.
    shade : float or None
        How strongly it is shaded, 0 to 1.
    """

    words: str
    kind: str = ""
    below: tuple[str, ...] = ()
    link: str = ""
    shade: float | None = None


def html_table(
    caption: str,
    headings: Sequence[Cell | str],
    rows: Iterable[Sequence[Cell | str | int]],
    *,
    anchor: str = "",
    name: str = "",
    classes: str = "",
    groups: Sequence[tuple[str, int]] = (),
) -> str:
    """The table inside a container that can be focused; the first cell of each row heads it.

    Parameters
    ----------
    caption : str
        What the table shows.
    headings : sequence of Cell or str
        One for each column.
    rows : iterable of sequence of Cell or str or int
        Each of as many cells as there are headings; a whole number is written with thousands separators.
    anchor : str, optional
        The id of the container.
    name : str, optional
        Of the container, for a screen reader; by default the caption.
    classes : str, optional
        Of the table.
    groups : sequence of (str, int), optional
        A line of headings above the others, with the columns that each heads; an empty one heads nothing.

    Returns
    -------
    str
        HTML, with every word escaped.
    """
    above = "".join(
        f'<th scope="colgroup" colspan="{span}">{as_html(words)}</th>' if words else "<td></td>"
        for words, span in groups
    )
    head = "".join(_cell(heading, "th", "col") for heading in headings)
    body = "\n".join(
        f"<tr>{_cell(row[0], 'th', 'row')}{''.join(_cell(cell, 'td') for cell in row[1:])}</tr>" for row in rows
    )
    identity = f' id="{as_html(anchor)}"' if anchor else ""
    return "\n".join(
        [
            f'<div{identity} class="table-scroll" role="region" tabindex="0" aria-label="{as_html(name or caption)}">',
            f'<table class="{classes}">' if classes else "<table>",
            f"<caption>{as_html(caption)}</caption>",
            f"<thead>{f'<tr>{above}</tr>' if groups else ''}<tr>{head}</tr></thead>",
            f"<tbody>\n{body}\n</tbody>",
            "</table>",
            "</div>",
        ]
    )


def _cell(cell: Cell | str | int, tag: str, scope: str = "") -> str:
    if isinstance(cell, int):
        cell = Cell(f"{cell:,}", "number")
    elif isinstance(cell, str):
        cell = Cell(cell)
    words = as_html(cell.words)
    if cell.kind == "number":
        words = re.sub(r" (\([^()]+\))$", r' <span class="interval">\1</span>', words)
    if cell.link:
        words = f'<a class="reference internal" href="{as_html(cell.link)}">{words}</a>'
    words += "".join(f' <span class="below">{as_html(line)}</span>' for line in cell.below)
    names = " ".join(filter(None, (cell.kind, "" if cell.shade is None else "shaded")))
    given = {"scope": scope, "class": names, "style": "" if cell.shade is None else f"--shade: {cell.shade:.2f}"}
    attributes = "".join(f' {name}="{value}"' for name, value in given.items() if value)
    return f"<{tag}{attributes}>{words}</{tag}>"
