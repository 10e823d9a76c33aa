"""Coarsening (global recoding) before publication: wider bins, fewer points, frequent terms only."""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from analysis.disclosure.specification import TableSpecification
from analysis.protocol.values import Disclosure, Preset

_POINT = ["true_positives", "false_positives"]
_FIXED = ("operating_point", "flags_compared")
Coarsened = tuple[pd.DataFrame, tuple[str, ...]]


def may_stand(count: float, threshold: int) -> bool:
    """Whether a count may be published as it is: none, or more than the threshold.

    Parameters
    ----------
    count : float
    threshold : int
        Counts of 1 to the threshold are small.

    Returns
    -------
    bool
    """
    return abs(count) < 0.5 or count > threshold


def merge_bins(frames: Mapping[str, pd.DataFrame], preset: Preset, rules: Disclosure) -> Coarsened:
    """Neighbouring calibration bins merged until each holds enough cases, and none or enough with the outcome.

    Parameters
    ----------
    frames : dict of table name -> DataFrame
    preset : Preset
        Threshold, rounding and whether complementary suppression applies.
    rules : Disclosure
        The protocol's section on disclosure control.

    Returns
    -------
    DataFrame and tuple of str
        The coarser table, and sentences on what was done to it.
    """
    frame = frames["calibration"]
    groups = [_merge_one(group, preset, rules) for _, group in frame.groupby("design", sort=False)]
    merged = pd.concat(groups, ignore_index=True) if groups else frame
    fewer = len(frame) - len(merged)
    note = f"Neighbouring groups of risks are merged so that each holds at least {rules.cases_per_bin} cases."
    return merged, (note,) * bool(fewer)


def _merge_one(group: pd.DataFrame, preset: Preset, rules: Disclosure) -> pd.DataFrame:
    def enough(rows: list[dict]) -> bool:
        cases, positives = (sum(row[name] for row in rows) for name in ("cases", "positives"))
        parts_stand = all(may_stand(part, preset.threshold) for part in (positives, cases - positives))
        return cases >= max(rules.cases_per_bin, preset.threshold + 1) and parts_stand

    bins = join_until(group.sort_values("bin", kind="stable").to_dict("records"), enough)
    return pd.DataFrame([_join(rows) for rows in bins], columns=group.columns)


def join_until(rows: list[dict], enough: Callable[[list[dict]], bool]) -> list[list[dict]]:
    """Neighbouring rows merged, first to last, until each group is large enough; what is left joins the last groups.

    Parameters
    ----------
    rows : list of dict
        From column to cell.
    enough : callable of rows -> bool
        Whether a group of rows is large enough.

    Returns
    -------
    list of list[dict]
    """
    groups: list[list[dict]] = [[]]
    for row in rows:
        groups[-1].append(row)
        if enough(groups[-1]):
            groups.append([])
    rest = groups.pop()
    while rest and groups and not enough(rest):
        rest = [*groups.pop(), *rest]
    return [*groups, rest] if rest else groups


def _join(rows: list[dict]) -> dict:
    cases = sum(row["cases"] for row in rows)
    risk = sum(row["mean_risk"] * row["cases"] for row in rows) / cases if cases else np.nan
    totals = {"cases": cases, "positives": sum(row["positives"] for row in rows), "mean_risk": risk}
    return rows[0] | totals


def thin_thresholds(frames: Mapping[str, pd.DataFrame], preset: Preset, rules: Disclosure) -> Coarsened:
    """Rows of the thresholds table far enough apart, and from the points of other tables on the same path.

    Parameters
    ----------
    frames : dict of table name -> DataFrame
    preset : Preset
        Threshold, rounding and whether complementary suppression applies.
    rules : Disclosure
        The protocol's section on disclosure control.

    Returns
    -------
    DataFrame and tuple of str
        The coarser table, and sentences on what was done to it.
    """
    fixed = [frames[name] for name in _FIXED if len(frames.get(name, ()))]
    if "thresholds_by_use" in frames:
        fixed.append(thin_thresholds_by_use(frames, preset, rules)[0])
    return _thin(frames["thresholds"], fixed, preset, rules)


def thin_thresholds_by_use(frames: Mapping[str, pd.DataFrame], preset: Preset, rules: Disclosure) -> Coarsened:
    """Thresholds by use far enough apart, and from the operating point and that of a decision, points like them.

    Parameters
    ----------
    frames : dict of table name -> DataFrame
    preset : Preset
        Threshold, rounding and whether complementary suppression applies.
    rules : Disclosure
        The protocol's section on disclosure control.

    Returns
    -------
    DataFrame and tuple of str
        The coarser table, and sentences on what was done to it.
    """
    fixed = [frames[name] for name in _FIXED if len(frames.get(name, ()))]
    return _thin(frames["thresholds_by_use"], fixed, preset, rules)


def _thin(frame: pd.DataFrame, fixed: list[pd.DataFrame], preset: Preset, rules: Disclosure) -> Coarsened:
    """Points of each design far enough apart, and from the fixed ones."""
    keep: list[int] = []
    for design, group in frame.groupby("design", sort=False):
        points = [np.empty((0, 2)), *(table.loc[table["design"] == design, _POINT].to_numpy(float) for table in fixed)]
        group = group.sort_values("flagged", kind="stable")
        keep += _far_apart(group, np.vstack(points), preset.threshold, rules.cases_per_bin)
    thinned = frame.loc[sorted(keep)].reset_index(drop=True)
    fewer = len(frame) - len(thinned)
    note = (
        f"{fewer} of {len(frame)} points are left out: fewer than {rules.cases_per_bin} cases, or too few of a kind, "
        "lie between them and their neighbours."
    )
    return thinned, (note,) * bool(fewer)


def _far_apart(group: pd.DataFrame, fixed: np.ndarray, threshold: int, gap: int) -> list[int]:
    """Rows with a publishable number of cases of either kind between them and each other, both ends and `fixed`."""
    positives, cases = group[["positives", "cases"]].to_numpy(float)[-1] if len(group) else (0.0, 0.0)
    kept = [np.zeros(2), np.array([positives, cases - positives]), *fixed]
    rows = []
    for row, point in zip(group.index, group[_POINT].to_numpy(float), strict=True):
        steps = np.abs(np.array(kept) - point)
        same = steps.sum(axis=1) < 0.5
        wide = (steps.sum(axis=1) >= gap) & ((steps < 0.5) | (steps > threshold)).all(axis=1)
        if (same | wide).all():
            rows.append(row)
            kept.append(point)
    return rows


def keep_frequent_topics(frames: Mapping[str, pd.DataFrame], preset: Preset, rules: Disclosure) -> Coarsened:
    """Topics that enough families' documents are about.

    Parameters
    ----------
    frames : dict of table name -> DataFrame
    preset : Preset
        Threshold, rounding and whether complementary suppression applies.
    rules : Disclosure
        The protocol's section on disclosure control.

    Returns
    -------
    DataFrame and tuple of str
        The coarser table, and sentences on what was done to it.
    """
    frame = frames["topics"]
    frequent = frame["families"].astype(float) >= rules.families_per_term
    fewer = int((~frequent).sum())
    note = f"{fewer} topics are left out: fewer than {rules.families_per_term} families have a document on them."
    return frame[frequent].reset_index(drop=True), (note,) * bool(fewer)


def drop_small_sizes(frames: Mapping[str, pd.DataFrame], preset: Preset, rules: Disclosure) -> Coarsened:
    """Sizes of learning curves with no more families with an outcome than the threshold are left out.

    A size is a fixed share of the training families, so a withheld one could be worked out from their number.

    Parameters
    ----------
    frames : dict of table name -> DataFrame
    preset : Preset
        Threshold, rounding and whether complementary suppression applies.
    rules : Disclosure
        The protocol's section on disclosure control.

    Returns
    -------
    DataFrame and tuple of str
        The coarser table, and sentences on what was done to it.
    """
    frame = frames["learning_curves"]
    may = np.array([may_stand(families, preset.threshold) for families in frame["positive_families"]], dtype=bool)
    fewer = int(frame.loc[~may, ["design", "size"]].drop_duplicates().shape[0])
    note = f"Sizes of the curves with 1 to {preset.threshold} families with the outcome are left out."
    return frame[may].reset_index(drop=True), (note,) * bool(fewer)


def round_measures(
    specification: TableSpecification, published: pd.DataFrame, values: pd.DataFrame, *, decimals: int
) -> pd.DataFrame:
    """A published table whose measures have fewer decimals: rounded from the values, for rounding twice may miss.

    Parameters
    ----------
    specification : TableSpecification
    published : dict of table name -> DataFrame
        As they would be published; changed in place.
    values : DataFrame
    decimals : int, 0 or more

    Returns
    -------
    DataFrame
    """
    measures = [column.name for column in specification.named("measure")]
    rounded = {name: values[name].astype(float).round(decimals).where(published[name].notna()) for name in measures}
    return published.assign(**rounded)
