"""A table that has passed the release gate."""

from dataclasses import dataclass

import pandas as pd

from analysis.disclosure.specification import TableSpecification

_RELEASE_TOKEN = object()


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

    def where(self, **labels) -> "Released":
        """The rows with these labels, e.g. ``released.where(design="structured-all_cases")``."""
        keep = pd.Series(True, index=self.frame.index)
        for column, label in labels.items():
            keep &= self.frame[column].eq(label)
        frame = self.frame[keep].reset_index(drop=True)
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
