"""The files of a page: each figure twice (light, dark) and the table it was drawn from."""

from pathlib import Path

from analysis.disclosure import Released
from analysis.escape import as_csv


def write_page_text(folder: Path, name: str, text: str) -> Path:
    """Write one of a page's files, the same bytes on every machine, and return its path.

    Parameters
    ----------
    folder : Path
        Made where there is none.
    name : str
        Of the file, with its ending.
    text : str

    Returns
    -------
    Path
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def write_table(folder: Path, name: str, released: Released) -> Path:
    """Write a released table as `<name>.csv`: exactly what the page draws or shows.

    Parameters
    ----------
    folder : Path
        Made where there is none.
    name : str
        Of the file, without its ending.
    released : Released

    Returns
    -------
    Path

    Raises
    ------
    TypeError
        If it is no Released table.
    """
    if not isinstance(released, Released):
        raise TypeError("a page shows Released tables only; pass the table through analysis.disclosure.release first")
    return write_page_text(folder, f"{name}.csv", as_csv(released.frame))
