"""Cells as text, and text as dates, whole numbers and codes: a column at a time, each distinct value once."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl

from analysis.extract.definitions import code_forms, words

EARLIEST_YEAR = 1985  # a care leaver of 25 in the first year studied was born in 1987
DATE_FORMS = (
    "%Y-%m-%d",
    "%d/%m/%Y",
    "%d/%m/%y",
    "%d %b %Y",
    "%d %B %Y",
    "%d %b %y",
    "%Y%m%d",
    "%Y/%m/%d",
    "%d%m%Y",
)
# 14:30, 2:30:00 PM, 12.00.00.000000 AM, 00:00:00.0000000 +00:00, 00:00:00 GMT+0000 (Greenwich Mean Time)
TIME_OF_DAY = (
    r"(?i)[ T]\d{1,2}[:.]\d{2}([:.]\d{2}([.,]\d+)?)?( ?[ap]m)?( ?(Z|GMT|UTC|BST))?( ?[+-]\d\d:?\d\d)?( \([\w ]+\))?$"
)
BLANKS = ("", "n/a", "na", "null", "nan", "nat", "#n/a", "#ref!", "#value!", "#name?", "#div/0!")
DITTO = ('"', "''", "”", "„", "〃", "ditto", "as above", "same as above", "see above")
"""What stands for the cell above it; that cell is not looked up, so it is as good as blank."""
NOBODY = ("unknown", "not known", "n/k", "nk", "tbc", "tba", "none", "no id", "not recorded")
"""What is written where nobody's identifier is known, as is a zero or a sign without letters and digits."""
ERROR_VALUES = ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!")


def cell_text(values: Sequence[object]) -> pl.Series:
    """Cells of any type as trimmed text, the same text whichever kind of file they came from; blanks are null.

    A whole number loses its decimals (12.0 is "12"), a date is written 2019-01-31, a date and time loses its
    time of day, no-break spaces become spaces, and the apostrophe by which Excel marks text is dropped.
    """
    writers = {kind: _writer(kind) for kind in set(map(type, values))}
    if set(writers) - {str, type(None)}:
        values = [writers[type(value)](value) for value in values]
    text = pl.Series(values, dtype=pl.String)
    if text.is_empty():
        return text
    if text.str.contains(r"^'|[\s\u00a0\u200b\ufeff]").any():  # most columns need no tidying, and asking costs less
        text = text.str.replace_all(r"[\s\u00a0\u200b\ufeff]+", " ").str.strip_chars().str.replace(r"^'(\w)", "$1")
    if text.str.contains(r'^="').any():  # by which an export to CSV keeps Excel from reading a number
        text = text.str.replace(r'^="(.*)"$', "$1")
    blank = text.str.to_lowercase().is_in(BLANKS + DITTO) | text.str.contains(r"^-+$")  # a ruled line under headings
    return text.set(blank, None)


def identifiers(text: pl.Series) -> pl.Series:
    """Identifiers as text; a number written with decimals in one file is the same number without in another.

    What stands for nobody in particular (`NOBODY`, zeros, a sign) is missing: it would make one child of several.
    """
    text = text.str.replace(r"^(\d+)\.0+$", "$1")
    nobody = text.str.to_lowercase().is_in(NOBODY) | text.str.contains(r"^[0\W_]*$")
    return text.set(nobody.fill_null(False), None)


def dates(text: pl.Series, *, latest: date) -> tuple[pl.Series, pl.Series]:
    """Dates from the ways people write them, and a mask of the cells that hold something else.

    Reads 2019-01-31, 31/01/2019, 31-1-19, 31.01.2019, 31 Jan 2019, January 31st, 2019, 20190131, 31012019, with or
    without a weekday or a time of day, and the serial numbers of Excel. A date before 1985 or after `latest` is not
    believed.

    Parameters
    ----------
    text : polars.Series of String
        Trimmed, as `cell_text` gives it; blanks are null.
    latest : date
        A later date is not believed.

    Returns
    -------
    tuple of polars.Series and polars.Series
        Dates, null where there is none; and Booleans. Both in the order of `text`.
    """
    unique = text.drop_nulls().unique()
    tidy = unique.str.replace_all(r"[⁄∕]", "/").str.replace_all(r"[‐-―−]", "-").str.replace_all(r" ?/ ?", "/")
    tidy = tidy.str.replace(TIME_OF_DAY, "")
    tidy = tidy.str.replace(r"(?i)^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? ", "")
    tidy = tidy.str.replace(r"(?i)\bsept\b", "Sep").str.replace(r"([A-Za-z]{3})\.", "$1").str.replace(r"(?i) of ", " ")
    tidy = tidy.str.replace(r"^(\d{4})\.(\d{1,2})\.(\d{1,2})$", "$1/$2/$3")
    tidy = tidy.str.replace(r"^([A-Za-z]{3,9}) (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})$", "$2 $1 $3")
    tidy = tidy.str.replace(r"^(\d{1,2})[.\-](\d{1,2})[.\-](\d{2,4})$", "$1/$2/$3")
    tidy = tidy.str.replace(r"^(\d{1,2})(?:st|nd|rd|th)? ([A-Za-z]{3,9}),? (\d{2,4})$", "$1 $2 $3")
    tidy = tidy.str.replace(r"^(\d{1,2})[-/]([A-Za-z]{3,9})[-/](\d{2,4})$", "$1 $2 $3")
    read = [tidy.str.to_date(form, strict=False, exact=True) for form in DATE_FORMS]
    read.append(_serial_dates(tidy))
    believed = [day.set((day.dt.year() < EARLIEST_YEAR) | (day > latest), None) for day in read]
    days = pl.select(pl.coalesce(believed)).to_series() if len(unique) else pl.Series(dtype=pl.Date)
    result = text.replace_strict(unique, days, default=None, return_dtype=pl.Date)
    return result, text.is_not_null() & result.is_null()


def month_first(text: pl.Series) -> bool:
    """Whether some of these cells can only be dates with the month before the day.

    >>> month_first(pl.Series(["03/25/2019"])), month_first(pl.Series(["02/03/2019"]))
    (True, False)
    """
    return bool(text.str.contains(r"^(0?[1-9]|1[0-2])[/.\-](1[3-9]|2\d|3[01])[/.\-]\d{2,4}\b").any())


def whole_numbers(text: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Counts, and a mask of the cells that hold something else (text, fractions, negatives)."""
    numbers = text.cast(pl.Float64, strict=False)
    whole = numbers.is_not_null() & (numbers >= 0) & (numbers < 10_000) & (numbers == numbers.floor())
    result = numbers.set(~whole.fill_null(False), None).cast(pl.Int64)
    return result, text.is_not_null() & result.is_null()


def codes(text: pl.Series, code_set: str, meanings: Mapping[str, str] | None = None) -> tuple[pl.Series, pl.Series]:
    """Coded values by any accepted way of writing them, and a mask of the cells that are none of them.

    Parameters
    ----------
    text : polars.Series of String
        Trimmed, as `cell_text` gives it; blanks are null.
    code_set : str
        Of `analysis.extract.definitions.code_forms`.
    meanings : mapping of str to str or None
        Further ways, in bare words, with the value that each stands for.

    Returns
    -------
    tuple of polars.Series and polars.Series
        Values, null where there is none; and Booleans. Both in the order of `text`.
    """
    forms = {**code_forms(code_set), **(meanings or {})}
    text = text.set(text.str.to_lowercase().is_in(["none"]), None) if "none" not in forms else text
    unique = text.drop_nulls().unique().to_list()
    known = {value: code for value in unique if (code := _code(words(value), forms))}
    result = text.replace_strict(known, default=None, return_dtype=pl.String)
    return result, text.is_not_null() & result.is_null()


def _code(form: str, forms) -> str | None:
    # "n1 abuse or neglect of a child" is N1: a code of letters and digits at the start decides.
    if form in forms:
        return forms[form]
    letter, _, rest = form.partition(" ")
    if rest in forms and letter[0].isalpha() and (len(letter) == 1 or letter[1:].isdigit() and len(letter) == 2):
        return forms[rest]  # "t) NOBT": the letters of lists differ from one edition to the next, the codes do not
    head = form.split(" ")[:2]
    coded = [word for word in head if any(c.isdigit() for c in word) and any(c.isalpha() for c in word)]
    return forms.get(coded[0]) if coded and head[0] in (coded[0], head[0][:1]) else None


def _serial_dates(text: pl.Series) -> pl.Series:
    number = text.set(~text.str.contains(r"^\d{5}(\.\d+)?$"), None).cast(pl.Float64, strict=False)
    return (pl.select(pl.lit(date(1899, 12, 30)) + pl.duration(days=number.floor().cast(pl.Int64)))).to_series()


def _writer(kind: type) -> Callable[[Any], str | None]:
    if issubclass(kind, datetime):
        return lambda value: value.date().isoformat()
    if issubclass(kind, date):
        return lambda value: value.isoformat()
    if issubclass(kind, bool):
        return lambda value: "true" if value else "false"
    if issubclass(kind, float):
        return lambda value: str(int(value)) if value.is_integer() else (None if value != value else repr(value))
    if issubclass(kind, (str, int)):
        return str
    if issubclass(kind, (time, timedelta, type(None))):
        return lambda value: None
    return str
