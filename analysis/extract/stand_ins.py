"""What stands where a value should: placeholders for "not yet", and words beside a code that is blank or unknown."""

import polars as pl

from analysis.extract import cells
from analysis.extract.definitions import Table
from analysis.extract.report import ReportBuilder, number


def without_placeholders(frame: pl.DataFrame, table: Table, *, where: str, notes: ReportBuilder) -> pl.DataFrame:
    """A list's cells as text, blank where they hold a placeholder of the list's source; the placeholders are counted.

    Parameters
    ----------
    frame : polars.DataFrame
        Text, a column per field, and `row`.
    table : Table
        With `placeholders`: what the source writes where a date or a code has not come yet.
    where : str
        The list, for the account.
    notes : ReportBuilder

    Returns
    -------
    polars.DataFrame
    """
    text = [name for name, kind in frame.schema.items() if kind == pl.String]
    if not table.placeholders or not text:
        return frame
    # A date may carry a time of day: 1900-01-01 00:00:00.000.
    stands_in = pl.col(text).str.replace(r"[ T]0{1,2}:00.*$", "").is_in(table.placeholders)
    counts = frame.select(stands_in.sum()).row(0)
    if placed := sum(counts):
        names = [table.columns[name].heading for name, count in zip(text, counts, strict=True) if count]
        headings = ", ".join(f"'{name}'" for name in names)
        notes.problem(where, f"{number(placed, 'cell')} with a placeholder ({headings}), taken as not yet known")
    return frame.with_columns(pl.when(~stands_in.fill_null(False)).then(pl.col(text)))


def filled_from_words(
    values: pl.Series, wrong: pl.Series, described: pl.Series, code_set: str
) -> tuple[pl.Series, pl.Series]:
    """Codes, and where a code is blank or unknown what the words beside it say; and which cells stay unread.

    Parameters
    ----------
    values, wrong : polars.Series
        The codes read, and a mask of the cells that hold something that is no known code.
    described : polars.Series
        The words beside each code.
    code_set : str

    Returns
    -------
    tuple of polars.Series
        The codes, and the mask of the cells that neither the code nor the words explain.

    Examples
    --------
    >>> codes, unread = pl.Series([None, "police"], dtype=pl.String), pl.Series([True, False])
    >>> filled, left = filled_from_words(codes, unread, pl.Series(["School", None]), "source")
    >>> filled.to_list(), left.to_list()
    (['schools', 'police'], [False, False])
    """
    from_words, not_understood = cells.codes(described, code_set)
    result = pl.select(pl.coalesce(values, from_words)).to_series()
    return result, (wrong | not_understood) & result.is_null()
