"""A table that has passed the release gate."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.disclosure.specification import TableSpecification
from analysis.escape import as_html

ROWS_SHOWN = 60  # of a table in a notebook editor (ours)
_RELEASE_TOKEN = object()
_drawing: list[Callable] = []


@dataclass(frozen=True, eq=False)
class Released:
    """A table anyone may see. Only `analysis.disclosure` can make one.

    Attributes
    ----------
    specification : TableSpecification
        What its rows and columns are.
    frame : pandas.DataFrame
        The table; a withheld cell is missing.
    preset : str
        The rules it passed.
    notes : tuple of str
        What the rules did to it, as sentences for the page; empty if nothing.
    """

    specification: TableSpecification
    frame: pd.DataFrame
    preset: str
    notes: tuple[str, ...]
    token: object

    def __post_init__(self):
        if self.token is not _RELEASE_TOKEN:
            raise TypeError("only analysis.disclosure makes a Released table; call release(name, frame, ...)")

    @property
    def name(self) -> str:
        return self.specification.name

    def plot(self, chart: str = "", axes: Any = None) -> Any:
        """Draw the table as the book does.

        Parameters
        ----------
        chart : str, optional
            The kind of chart, a name in `analysis.book.charts.CHARTS`; by default the table's own.
        axes : matplotlib Axes or array of them, optional
            What to draw on; by default a new figure.

        Returns
        -------
        matplotlib Axes or array of them

        Raises
        ------
        ValueError
            If there is no chart of this name.
        DisclosureError
            If nothing is left to draw.
        """
        if not _drawing:
            raise RuntimeError("no charts are loaded; import analysis.book.charts, or open a study, first")
        return _drawing[-1](self, chart or self.name, axes)

    def _repr_html_(self) -> str:
        """The table as a notebook editor shows it, with what disclosure control did to it."""
        table = self.frame.to_html(index=False, na_rep="–", border=0, max_rows=ROWS_SHOWN, float_format="{:.6g}".format)
        notes = "".join(f"<p>{as_html(note)}</p>" for note in self.notes)
        title = f"<caption>{as_html(self.specification.title)}</caption>"
        return table.replace("<thead>", f"{title}<thead>", 1) + notes

    def where(self, **labels) -> "Released":
        """The rows with these labels, e.g. ``released.where(design="structured-all_cases")``."""
        frame = rows_with(self.frame, **labels)
        return Released(self.specification, frame, self.preset, self.notes, _RELEASE_TOKEN)

    def without(self, **labels) -> "Released":
        """The rows with none of these labels."""
        drop = pd.Series(False, index=self.frame.index)
        for column, label in labels.items():
            drop |= self.frame[column].eq(label)
        frame = self.frame[~drop].reset_index(drop=True)
        return Released(self.specification, frame, self.preset, self.notes, _RELEASE_TOKEN)

    def as_written(self) -> "Released":
        """The table to the six figures of its CSV, so that what is drawn and said is what a reader can download.

        Without it a difference too small for the CSV could still decide a word: above, or not above.
        """
        measures = [name for name in self.frame if pd.api.types.is_float_dtype(self.frame[name])]
        frame = self.frame.copy()
        for name in measures:
            frame[name] = frame[name].map(lambda value: float(f"{value:.6g}"), na_action="ignore")
        return Released(self.specification, frame, self.preset, self.notes, _RELEASE_TOKEN)


def draw_with(function: Callable) -> Callable:
    """Register what draws a released table: ``function(released, chart, axes)``. The charts lie above this package."""
    _drawing[:] = [function]
    return function


def rows_with(frame: pd.DataFrame, **labels: str) -> pd.DataFrame:
    """The rows that have these labels in the columns of these names.

    Parameters
    ----------
    frame : pandas.DataFrame

    Returns
    -------
    pandas.DataFrame
        Numbered from 0.
    """
    for column, label in labels.items():
        frame = frame[frame[column].eq(label)]
    return frame.reset_index(drop=True)


Problem = tuple[str, str]
"""Authority and outcome."""
PageTables = Mapping[str, Released]
"""One problem's tables by name."""
World = Mapping[Problem, PageTables]
"""The tables of every problem of a run."""
