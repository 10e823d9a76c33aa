"""Rounding: how exactly a table is printed. Counts are rounded, rates recomputed, measures cut to decimals."""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from analysis.disclosure.notes import TOO_FEW, WITHHELD
from analysis.disclosure.populations import SPLITS, TOTALS
from analysis.disclosure.specification import Support, TableSpecification
from analysis.protocol.values import Preset

Recompute = Callable[[pd.DataFrame], pd.DataFrame]
RATE_DECIMALS = 3  # of a share: tenths of a per cent (ours)
SETTING_DECIMALS = 3  # of a number that is no estimate (ours)
# Words about the analysis, not about the cases.
_SETTINGS_IN_WORDS = {"parameters", "family", "chosen", "first", "second"}


def print_table(
    specification: TableSpecification, frame: pd.DataFrame, hidden: pd.DataFrame, preset: Preset
) -> pd.DataFrame:
    """A table as it is published.

    Parameters
    ----------
    specification : TableSpecification
    frame : DataFrame
    hidden : frame of bool
        One column per count column: which cells are withheld. What rests on them is withheld with them.
    preset : Preset
        Threshold, rounding and whether complementary suppression applies.

    Returns
    -------
    DataFrame
    """
    withheld = {name: hidden[name].to_numpy(bool) for name in hidden}
    counts = {name: _rounded(frame[name], withheld[name], preset) for name in hidden}
    if preset.rounding > 1:
        _sum_rounded_parts(counts)
    printed: dict[str, object] = {name: pd.array(values, dtype="Int64") for name, values in counts.items()}
    with np.errstate(divide="ignore", invalid="ignore"):
        for rate in specification.named("rate"):
            part, whole = (counts[name] for name in rate.of)
            share = np.minimum(part / whole, 1)  # a whole that is the sum of rounded parts may be below its part
            printed[rate.name] = np.where(whole > 0, share, np.nan).round(RATE_DECIMALS)
    exact = _exact_ends(specification, frame, counts) if preset.rounding > 1 else {}
    small_rest = _small_rest(specification, frame, withheld, preset)
    for measure in specification.named("measure"):
        without = np.any([withheld[name] for name in measure.of], axis=0) if measure.of else False
        values = exact.get(measure.name, frame[measure.name]).to_numpy(float, na_value=np.nan).round(measure.decimals)
        printed[measure.name] = np.where(without | small_rest.get(measure.name, False), np.nan, values)
    for setting in specification.named("setting"):
        if pd.api.types.is_float_dtype(frame[setting.name]):
            printed[setting.name] = frame[setting.name].to_numpy(float, na_value=np.nan).round(SETTING_DECIMALS)
    small = np.any(list(withheld.values()), axis=0) if withheld else np.zeros(len(frame), bool)
    for words in specification.named("text"):
        if words.of:
            without = np.any([withheld[name] for name in words.of], axis=0)
            printed[words.name] = frame[words.name].astype(object).mask(without, WITHHELD)
        else:
            shown = zip(frame[words.name], small, strict=True)
            printed[words.name] = [_without_digits(word, few) for word, few in shown]
    return frame.assign(**printed)


def _rounded(counts: pd.Series, withheld: np.ndarray, preset: Preset) -> np.ndarray:
    values = counts.to_numpy(float, na_value=np.nan)
    return np.where(withheld, np.nan, np.round(values / preset.rounding) * preset.rounding)


def _exact_ends(
    specification: TableSpecification, frame: pd.DataFrame, counts: Mapping[str, np.ndarray]
) -> dict[str, pd.Series]:
    """The far ends of the intervals of shares of none or of all, as they are for the printed, rounded number of cases.

    They are those of Clopper and Pearson, 1 - a^(1/n) and a^(1/n), and would tell how many cases n there are.
    """
    ends = {}
    for rate in specification.named("rate"):
        if f"{rate.name}_high" not in frame:
            continue
        part, whole = (frame[name].to_numpy(float, na_value=np.nan) for name in rate.of)
        with np.errstate(divide="ignore", invalid="ignore"):
            power = np.where(whole > 0, whole / counts[rate.of[1]], np.nan)
        high, low = frame[f"{rate.name}_high"].astype(float), frame[f"{rate.name}_low"].astype(float)
        ends[f"{rate.name}_high"] = high.where(part != 0, 1 - (1 - high) ** power)
        ends[f"{rate.name}_low"] = low.where(part != whole, low**power)
    return ends


def _small_rest(
    specification: TableSpecification, frame: pd.DataFrame, withheld: Mapping[str, np.ndarray], preset: Preset
) -> dict[str, np.ndarray]:
    """Rows in which the interval of a share tells of those of its whole that are not its part.

    Each end is a quantile of resampled families: it depends on the rest as it does on the part. Where the rest is
    small, or withheld, rounded counts of the whole and the part do not give it away, and the interval would.
    """
    telling = {}
    for rate in specification.named("rate"):
        ends = [name for name in (f"{rate.name}_low", f"{rate.name}_high") if name in frame]
        if not ends:
            continue
        part, whole = (frame[name].to_numpy(float, na_value=np.nan) for name in rate.of)
        rest = whole - part
        rows = (rest > 0) & (rest <= preset.threshold)
        for other in _others(*rate.of):
            rows |= withheld.get(other, False)
        telling |= dict.fromkeys(ends, rows)
    return telling


def _others(part: str, whole: str) -> set[str]:
    """The other part of a whole, by name."""
    return {name for split, parts in SPLITS if split == whole and part in parts for name in parts if name != part}


def _sum_rounded_parts(counts: dict[str, np.ndarray]) -> None:
    for whole, parts in TOTALS.items():
        if {whole, *parts} <= set(counts):
            summed = counts[parts[0]] + counts[parts[1]]
            printable = np.isfinite(summed) & np.isfinite(counts[whole])
            counts[whole] = np.where(printable, summed, counts[whole])


def _without_digits(words: object, few: bool) -> object:
    """In a row with a withheld count, words with digits are not printed: the digits could be that count."""
    return TOO_FEW if few and any(letter.isdigit() for letter in str(words)) else words


def derive_from_print(published: dict[str, pd.DataFrame], specifications: Mapping[str, TableSpecification]) -> None:
    """Recompute, in place, what follows from printed counts: chance levels, benefit of flagging everyone, curves.

    Parameters
    ----------
    published : dict of table name -> DataFrame
        As they would be published; changed in place.
    specifications : dict of table name -> TableSpecification
    """
    for name in published:
        if derive := specifications[name].from_print:
            published[name] = derive(published, published[name])


def with_chance(published: Mapping[str, pd.DataFrame], performance: pd.DataFrame) -> pd.DataFrame:
    """Metrics of each design beside their value for a useless model, from the printed prevalence.

    Parameters
    ----------
    published : dict of table name -> DataFrame
    performance : DataFrame
        The table "performance".

    Returns
    -------
    DataFrame
    """
    prevalence = _share(performance["positives"], performance["cases"])
    chance = performance["chance"].to_numpy(float, na_value=np.nan)
    for metric, level in (("average_precision", prevalence), ("brier_score", prevalence * (1 - prevalence))):
        chance = np.where(performance["metric"] == metric, level.round(RATE_DECIMALS), chance)
    return performance.assign(chance=chance)


def with_benefit_of_everyone(published: Mapping[str, pd.DataFrame], curve: pd.DataFrame) -> pd.DataFrame:
    """Net benefit of flagging everyone, from the printed prevalence of a design's test cases.

    Parameters
    ----------
    published : dict of table name -> DataFrame
        The counts of the test cases are those of its "operating_point".
    curve : DataFrame
        The table "decision_curve".

    Returns
    -------
    DataFrame
    """
    whole = published.get("operating_point")
    if whole is None:
        return curve
    prevalence = dict(zip(whole["design"], _share(whole["positives"], whole["cases"]), strict=True))
    ours = curve["design"].map(prevalence).to_numpy(float)
    odds = (curve["threshold"] / (1 - curve["threshold"])).to_numpy(float)
    return curve.assign(net_benefit_all=(ours - (1 - ours) * odds).round(RATE_DECIMALS))


def _share(part: pd.Series, whole: pd.Series) -> np.ndarray:
    part, whole = (series.to_numpy(float, na_value=np.nan) for series in (part, whole))
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1), np.nan)


def withhold_what_rests_on(
    published: dict[str, pd.DataFrame], specifications: Mapping[str, TableSpecification]
) -> set[str]:
    """Blank or leave out, in place, rows that rest on another table's withheld or absent counts.

    Parameters
    ----------
    published : dict of table name -> DataFrame
        As they would be published; changed in place.
    specifications : dict of table name -> TableSpecification

    Returns
    -------
    set of str
        Names of the tables in which something was blanked or left out.
    """
    blanked = set()
    for name in published:
        for support in specifications[name].rests_on:
            frame = published[name]
            without = _rests_on_nothing(frame, published.get(support.table), support)
            if support.absent:  # whether any row was left out is not said, but whether one could have been
                published[name] = frame[~without]  # its index says which rows are left
                blanked |= {name} if _anything_withheld(published.get(support.table), support) else set()
            elif without.any():
                blanked.add(name)
                _blank(specifications[name], frame, without)
    return blanked


def compute_over_rows(
    specification: TableSpecification, published: pd.DataFrame, frame: pd.DataFrame, recompute: Recompute | None
) -> pd.DataFrame:
    """A published table that may have lost rows, with its columns that depend on which rows there are computed anew.

    Parameters
    ----------
    specification : TableSpecification
    published : frame
        Its index says which rows of `frame` are left.
    frame : frame
        The table as it was before the release gate.
    recompute : callable, optional
        ``recompute(rows)``: the rows with these columns as of them alone; without it the columns are withheld.

    Returns
    -------
    DataFrame
    """
    if not specification.over_rows:
        return published
    rows = recompute(frame.loc[published.index]) if recompute else None
    for column in (column for column in specification.columns if column.name in specification.over_rows):
        if rows is None:
            published = published.assign(**{column.name: TOO_FEW if column.role == "text" else np.nan})
        elif column.role == "measure":
            again = rows[column.name].astype(float).round(column.decimals)
            published = published.assign(**{column.name: again.where(published[column.name].notna())})
        else:
            published = published.assign(**{column.name: rows[column.name]})
    return published.reset_index(drop=True)


def withhold_measures(
    published: dict[str, pd.DataFrame], specifications: Mapping[str, TableSpecification], whose: Mapping[str, str]
) -> None:
    """Blank, in place, every measure of one design, or of one of its subgroups.

    Parameters
    ----------
    published : dict of table name -> DataFrame
        As they would be published; changed in place.
    specifications : dict of table name -> TableSpecification
    whose : dict of column -> label
        Of the subgroup's row in the table of subgroups, or the design alone.
    """
    if "subgroup" in whose:
        frame = published["subgroups"]
        _blank(specifications["subgroups"], frame, np.all([frame[c] == label for c, label in whose.items()], axis=0))
        return
    for name, frame in published.items():
        named = [column for column in ("design", "first", "second", "subject") if column in frame]
        on_test_cases = "positives" in frame or any(s.table == "operating_point" for s in specifications[name].rests_on)
        if named and on_test_cases and not {"characteristic", "recall"} & set(frame):
            rows = (frame[named] == whose["design"]).any(axis=1).to_numpy()
            _blank(specifications[name], frame, rows)


def _rests_on_nothing(frame: pd.DataFrame, other: pd.DataFrame | None, support: Support) -> np.ndarray:
    every, shown = _shown(other, support)
    ours = zip(*(frame[mine].astype(str) for _, mine in support.match), strict=True)
    return np.array([labels not in shown and (labels in every or not support.partly) for labels in ours], dtype=bool)


def _anything_withheld(other: pd.DataFrame | None, support: Support) -> bool:
    return other is None or not len(other) or bool(other[list(support.counts)].isna().any(axis=None))


def _blank(specification: TableSpecification, frame: pd.DataFrame, rows: np.ndarray) -> None:
    for measure in specification.named("measure"):
        frame[measure.name] = frame[measure.name].mask(rows)
    for words in specification.named("text"):
        if words.name not in _SETTINGS_IN_WORDS:
            frame[words.name] = frame[words.name].mask(rows, TOO_FEW)


def curve_through(published: Mapping[str, pd.DataFrame], curve: pd.DataFrame) -> pd.DataFrame:
    """A curve through printed counts.

    Parameters
    ----------
    published : dict of table name -> DataFrame
        The points are those of its "thresholds".
    curve : DataFrame
        Its columns are design and two of recall, precision and false_positive_rate.

    Returns
    -------
    DataFrame
    """
    points, columns = published.get("thresholds"), list(curve.columns)
    if points is None:
        return pd.DataFrame({name: pd.Series(dtype="object" if name == "design" else "float64") for name in columns})
    points = points.dropna(subset=["cases", "positives", "true_positives", "false_positives"])
    counts = {
        name: points[name].astype("float64") for name in ("cases", "positives", "true_positives", "false_positives")
    }
    hits, misses = counts["true_positives"], counts["false_positives"]
    through = pd.DataFrame({
        "design": points["design"],
        "recall": (hits / counts["positives"]).round(3),
        "precision": (hits / (hits + misses).replace(0, np.nan)).round(3),
        "false_positive_rate": (misses / (counts["cases"] - counts["positives"])).round(3),
    })  # fmt: skip
    return through[columns].dropna().drop_duplicates().sort_values(columns[:2], kind="stable").reset_index(drop=True)


def _shown(other: pd.DataFrame | None, support: Support) -> tuple[set[tuple[str, ...]], set[tuple[str, ...]]]:
    """Labels of the other table's rows: of all, and of those whose counts are all printed."""
    if other is None:
        return set(), set()
    for column, label in support.only:
        other = other[other[column] == label]
    every = list(zip(*(other[theirs].astype(str) for theirs, _ in support.match), strict=True))
    whole = other[list(support.counts)].notna().all(axis=1)
    return set(every), {labels for labels, printed in zip(every, whole, strict=True) if printed}
