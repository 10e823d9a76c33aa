"""The files of a page: each figure twice (light, dark) and the table it was drawn from."""

from pathlib import Path

import pandas as pd

from analysis.disclosure import Released
from analysis.disclosure.derive import derive


def as_written(released: Released) -> Released:
    """The table to the six figures of its CSV, so that what is drawn and said is what a reader can download.

    Without it a difference too small for the CSV could still decide a word: above, or not above.
    """

    def to_six_figures(frame: pd.DataFrame) -> pd.DataFrame:
        decimals = {name for name in frame if pd.api.types.is_float_dtype(frame[name])}
        return frame.assign(**{n: frame[n].map(lambda v: float(f"{v:.6g}"), na_action="ignore") for n in decimals})

    return derive(released.specification, to_six_figures, released)


def write_page_text(folder: Path, name: str, text: str) -> Path:
    """Write one of a page's files, the same bytes on every machine, and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def write_table(folder: Path, name: str, released: Released) -> Path:
    """Write a released table as `<name>.csv`: exactly what the page draws or shows."""
    if not isinstance(released, Released):
        raise TypeError("a page shows Released tables only; pass the table through analysis.disclosure.release first")
    text = released.frame.to_csv(index=False, float_format="%.6g", lineterminator="\n")
    return write_page_text(folder, f"{name}.csv", text)
