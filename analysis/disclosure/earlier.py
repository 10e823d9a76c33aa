"""Differencing against earlier releases: every count that was printed before, and how far it has moved since."""

from collections.abc import Iterable, Iterator, Mapping

import pandas as pd

from analysis.disclosure.equations import Equation
from analysis.disclosure.relations import count_constraints
from analysis.disclosure.released import Released
from analysis.disclosure.specification import TableSpecification
from analysis.protocol.values import Disclosure, Preset

Interval = tuple[int, int, int]  # as printed, and the lowest and highest count that would be printed so
Before = Mapping[str, frozenset[Interval]]  # by quantity: each value it was ever printed with, once


def printed_before(
    pages: Iterable[Mapping[str, Released]], specifications: Mapping[str, TableSpecification], rules: Disclosure
) -> Before:
    """Every value each count was ever printed with.

    What is compared later grows with the distinct values of a cell, not with the number of releases.

    Parameters
    ----------
    pages : iterable of (table name -> Released)
        Every earlier release of one page, in any order. Each is read by the rules that it passed, or, if the
        protocol no longer has these, as printed exactly.
    specifications : dict of table name -> TableSpecification
    rules : Disclosure
        The protocol's section on disclosure control.

    Returns
    -------
    Before
    """
    before: dict[str, set[Interval]] = {}
    for page in pages:
        known = {name: table for name, table in page.items() if name in specifications}
        frames = {n: t.frame.reindex(columns=list(specifications[n].column_names)) for n, t in known.items()}
        preset = next((rules.presets.get(table.preset) for table in known.values()), None)
        for name, values in _intervals(frames, specifications, preset).items():
            before.setdefault(name, set()).add(values)
    return {name: frozenset(values) for name, values in before.items()}


def printed_in(
    frames: Mapping[str, pd.DataFrame], specifications: Mapping[str, TableSpecification], preset: Preset
) -> Before:
    """`printed_before` of one release, from its frames as published.

    Parameters
    ----------
    frames : dict of table name -> DataFrame
        As published.
    specifications : dict of table name -> TableSpecification
    preset : Preset
        Threshold, rounding and whether complementary suppression applies.

    Returns
    -------
    Before
    """
    return {name: frozenset({values}) for name, values in _intervals(frames, specifications, preset).items()}


def _intervals(frames, specifications, preset: Preset | None) -> dict[str, Interval]:
    half = preset.rounding // 2 if preset else 0
    values = count_constraints(frames, specifications).values
    return {
        name: (v, v, v) if v == 0 or not half or preset is None else (v, max(v - half, preset.threshold + 1), v + half)
        for name, v in values.items()
        if v is not None
    }


def changes(before: Before, now: Mapping[str, int | None]) -> Iterator[Equation]:
    """One equation for each earlier value that a count no longer has: the larger = the smaller + the change.

    An earlier value is public, so it stands as a number. A change is a count of children, and may not be small.

    Parameters
    ----------
    before : what was printed before
        Intervals of each count in any earlier release.
    now : dict of quantity -> int or None
        Counts as they are printed now.

    Returns
    -------
    iterator of Equation
    """
    for name in before.keys() & now.keys():
        new = now[name]
        if new is None:
            continue
        for number, (old, low, high) in enumerate(sorted(before[name]), start=1):
            if new != old:
                sign = -1.0 if new > old else 1.0
                words = f"change of {name} since an earlier release ({number})"
                yield Equation({name: 1.0, words: sign}, words, low, high)


def only_a_few_changed(
    page: Mapping[str, Released],
    frames: Mapping[str, pd.DataFrame],
    specifications: Mapping[str, TableSpecification],
    preset: Preset,
) -> bool:
    """Whether the cases of an earlier release have changed since, but by so few that a new one would tell of them.

    Somebody may know that one child was erased: a count that was printed and now is not, or the one count that is
    one lower, then tells what that child was. Nothing that is withheld of the new release helps; that it is another
    release is what tells.

    Parameters
    ----------
    page : dict of table name -> Released
        The earlier release, with the tables and columns of this one, or it is not comparable.
    frames : dict of table name -> frame
        With true counts.
    specifications : dict of table name -> TableSpecification
    preset : Preset
        Threshold, rounding and whether complementary suppression applies.

    Returns
    -------
    bool
    """
    columns = {name: list(specifications[name].column_names) for name in frames}
    if {name: list(table.frame) for name, table in page.items()} != columns:
        return False
    cohort = [name for name in frames if specifications[name].cohort]
    old = {name: page[name].frame for name in cohort}
    printed = _intervals(old, specifications, preset)
    then = count_constraints(old, specifications).values
    now = count_constraints({name: frames[name][columns[name]] for name in cohort}, specifications).values
    moved = [0]
    for name in then.keys() | now.keys():
        if then.get(name, 0) is not None:  # a row that was not there held nobody
            value, (_, low, high) = now.get(name) or 0, printed.get(name, (0, 0, 0))
            moved.append(max(low - value, value - high, 0))
    return 1 <= max(moved) <= preset.threshold


def moved_little(before: Before, now: Mapping[str, int | None], preset: Preset) -> set[str]:
    """Counts above the threshold that differ from an earlier value by 1 to the threshold.

    Parameters
    ----------
    before : what was printed before
        Intervals of each count in any earlier release.
    now : dict of quantity -> int or None
        Counts as they are printed now.
    preset : Preset
        Threshold, rounding and whether complementary suppression applies.

    Returns
    -------
    set of str
    """
    return {
        name
        for name in before.keys() & now.keys()
        if (now[name] or 0) > preset.threshold
        and any(1 <= abs(now[name] - old) <= preset.threshold for old, _, _ in before[name])
    }
