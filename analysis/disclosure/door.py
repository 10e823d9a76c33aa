"""The one door: tables of results go in, tables anyone may see come out.

A page's tables pass together, because a reader has them together. They are made coarser, small counts and what
would give them away are withheld, the rest is rounded, rates are recomputed from what is left; then the attack is
run on the result, and a table from which a small count can still be worked out is withheld whole.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.disclosure import coarsen, notes
from analysis.disclosure.attack import attack
from analysis.disclosure.catalogue import PAGE_TABLES, TableSpecification
from analysis.disclosure.relations import TOTALS, Counts, relate
from analysis.disclosure.released import _DOOR, Released
from analysis.disclosure.suppression import protect
from analysis.errors import DisclosureError
from analysis.protocol.values import Disclosure, Preset

RATE_DECIMALS = 3
SETTING_DECIMALS = 3


def release(specification: TableSpecification, frame: pd.DataFrame, *, preset: str, rules: Disclosure) -> Released:
    """One table through the door by itself; see `release_all`, which judges the tables of a page together.

    Raises
    ------
    DisclosureError
        If the table has columns its specification does not describe, or lacks some.
    """
    specifications = {specification.name: specification}
    return release_all({specification.name: frame}, specifications, preset=preset, rules=rules)[specification.name]


def release_all(
    frames: Mapping[str, pd.DataFrame],
    specifications: Mapping[str, TableSpecification] = PAGE_TABLES,
    *,
    preset: str,
    rules: Disclosure,
    earlier: Mapping[str, Released] | None = None,
) -> dict[str, Released]:
    """All tables of a page through the door, safe to be read together.

    Parameters
    ----------
    frames : dict of table name -> frame
        With the columns of its specification, unrounded.
    preset : str
        Name of the rules in ``rules.presets``; a preset with threshold 0 and rounding 1 changes nothing.
    earlier : dict of table name -> Released, optional
        What was published of this page before: later minus earlier must not reveal a small count.

    Raises
    ------
    DisclosureError
        If a table has columns its specification does not describe, or lacks some.
    """
    for name, frame in frames.items():
        check_columns(specifications[name], frame)
    ordered = {
        name: frame[list(specifications[name].column_names)].reset_index(drop=True) for name, frame in frames.items()
    }
    values = rules.presets[preset]
    if values.threshold == 0 and values.rounding == 1:
        return {n: Released(specifications[n], frame.copy(), preset, (), _DOOR) for n, frame in ordered.items()}
    coarse = {name: _coarsen(name, ordered, values, rules) for name in ordered}
    before = {n: t.frame for n, t in (earlier or {}).items() if n in ordered}
    safe = _make_safe({n: frame for n, (frame, _) in coarse.items()}, specifications, values, before)
    said = {name: [*coarse[name][1], *notes_of] for name, (_, notes_of) in safe.items()}
    return {
        name: Released(specifications[name], frame, preset, tuple(said[name]), _DOOR)
        for name, (frame, _) in safe.items()
    }


def _make_safe(frames, specifications, preset: Preset, before) -> dict[str, tuple[pd.DataFrame, tuple[str, ...]]]:
    """Withhold counts, then whole tables while the attack on what is left succeeds."""
    counts = relate(frames, specifications)
    costs = _costs(counts, specifications)
    earlier = relate(before, specifications) if before else None
    withheld = protect(counts, preset, costs, earlier=earlier).withheld
    published = {
        name: _publish(
            specifications[name], frame, _hidden(name, frame, specifications[name], counts, withheld), preset
        )
        for name, frame in frames.items()
    }
    _withhold_what_rests_on(published, specifications)
    _draw_curves_through_thresholds(published)
    blocked: set[str] = set()
    while True:
        shown = {name: frame for name, frame in published.items() if name not in blocked}
        findings = attack(shown, specifications, preset, earlier=before)
        tables = {cell[0] for cell, quantity in relate(shown, specifications).cells.items()
                  if any(quantity in str(finding) for finding in findings)}  # fmt: skip
        if not findings:
            break
        blocked |= tables or set(shown)
    for name in blocked:
        published[name] = _emptied(specifications[name], published[name])
    return {
        name: (published[name], notes.describe(specifications[name], published[name], preset, name in blocked))
        for name in frames
    }


def _coarsen(name: str, frames: Mapping[str, pd.DataFrame], preset: Preset, rules: Disclosure) -> coarsen.Coarsened:
    makers = {
        "calibration": coarsen.merge_bins,
        "thresholds": coarsen.thin_thresholds,
        "topics": coarsen.keep_frequent_topics,
    }
    if name in makers:
        return makers[name](frames, preset, rules)
    return frames[name], ()


def _costs(counts: Counts, specifications: Mapping[str, TableSpecification]) -> dict[str, float]:
    """Cells of the page that would be blank without each count; between equals, the smaller count goes."""
    costs: dict[str, float] = {}
    for (table, _, column), quantity in counts.cells.items():
        named = (*specifications[table].named("rate"), *specifications[table].named("measure"))
        blank = 1 + sum(column in other.of for other in named)
        costs[quantity] = costs.get(quantity, 0.0) + blank * specifications[table].worth
    return {q: cost + min((counts.values[q] or 0) / 1e7, 0.9) for q, cost in costs.items()}


def _hidden(name, frame, specification, counts: Counts, withheld) -> pd.DataFrame:
    columns = [column.name for column in specification.named("count")]
    table = [[counts.cells[(name, row, column)] in withheld for column in columns] for row in range(len(frame))]
    return pd.DataFrame(table, columns=columns, index=frame.index, dtype=bool)


def _publish(
    specification: TableSpecification, frame: pd.DataFrame, hidden: pd.DataFrame, preset: Preset
) -> pd.DataFrame:
    """A table with counts rounded and withheld, rates of what is left, and measures to their decimals."""
    frame = frame.copy()
    for column in hidden:
        counts = frame[column].astype("Float64")
        rounded = (counts / preset.rounding).round() * preset.rounding
        frame[column] = rounded.mask(hidden[column]).astype("Int64")
    if preset.rounding > 1:
        for whole, parts in TOTALS.items():
            if {whole, *parts} <= set(hidden):
                summed = frame[parts[0]] + frame[parts[1]]
                frame[whole] = summed.fillna(frame[whole]).mask(hidden[whole])
    for column in specification.named("rate"):
        numerator, denominator = (frame[name].astype("Float64") for name in column.of)
        frame[column.name] = (numerator / denominator.replace(0, np.nan)).round(RATE_DECIMALS)
    for column in specification.named("measure"):
        without = hidden[list(column.of)].any(axis=1) if column.of else pd.Series(False, index=frame.index)
        frame[column.name] = frame[column.name].astype("Float64").round(column.decimals).mask(without)
    for column in specification.named("setting"):
        if pd.api.types.is_float_dtype(frame[column.name]):
            frame[column.name] = frame[column.name].round(SETTING_DECIMALS)
    return _without_telling_words(specification, frame, hidden.any(axis=1))


def _without_telling_words(specification: TableSpecification, frame: pd.DataFrame, small: pd.Series) -> pd.DataFrame:
    """Words that hold digits are replaced in rows with a withheld count: the digits could be that count."""
    for column in specification.named("text"):
        words = frame[column.name].astype("string")
        telling = small & words.str.contains(r"\d", regex=True).fillna(False)
        frame[column.name] = frame[column.name].mask(telling.to_numpy(bool), notes.TOO_FEW)
    return frame


def _withhold_what_rests_on(published: dict[str, pd.DataFrame], specifications) -> None:
    """Blank the measures of rows that rest on another table's withheld (or absent) counts."""
    for name, frame in published.items():
        for support in specifications[name].rests_on:
            shown = _shown(published.get(support.table), support)
            ours = list(zip(*(frame[mine].astype(str) for _, mine in support.match), strict=True))
            without = pd.Series([labels not in shown for labels in ours], index=frame.index, dtype=bool)
            for column in specifications[name].named("measure"):
                frame[column.name] = frame[column.name].mask(without)
            for column in specifications[name].named("text"):
                if column.name not in ("parameters", "family", "chosen"):
                    frame[column.name] = frame[column.name].mask(without, notes.TOO_FEW)


def _draw_curves_through_thresholds(published: dict[str, pd.DataFrame]) -> None:
    """Curves of a page pass through the printed rows of its thresholds table, so they tell nothing that it does not."""
    for name in {"roc_curve", "precision_recall_curve"} & set(published):
        points = published["thresholds"] if "thresholds" in published else None
        published[name] = coarsen.curve_through(points, list(published[name].columns))


def _shown(other: pd.DataFrame | None, support) -> set[tuple[str, ...]]:
    """Labels of the other table's rows whose counts are all printed."""
    if other is None:
        return set()
    rows = other.dropna(subset=list(support.counts))
    for column, label in support.only:
        rows = rows[rows[column] == label]
    return set(zip(*(rows[theirs].astype(str) for theirs, _ in support.match), strict=True))


def _emptied(specification: TableSpecification, frame: pd.DataFrame) -> pd.DataFrame:
    """A table without its rows: withheld whole."""
    return frame.iloc[0:0].copy()


def check_columns(specification: TableSpecification, frame: pd.DataFrame) -> None:
    expected, found = set(specification.column_names), set(frame.columns)
    problems = [f"column {name!r} is missing; add it" for name in sorted(expected - found)]
    problems += [f"column {name!r} is not described; describe it or drop it" for name in sorted(found - expected)]
    if problems:
        raise DisclosureError(f"table {specification.name!r}", problems)


def combine(tables: Mapping[tuple[str, str], Released]) -> Released:
    """Stack the released tables of several (authority, outcome) problems, which become its first two columns."""
    frames = [
        table.frame.assign(authority=authority, outcome=outcome) for (authority, outcome), table in tables.items()
    ]
    first = next(iter(tables.values()))
    frame = pd.concat(frames, ignore_index=True)
    frame = frame[["authority", "outcome", *first.specification.column_names]]
    notes = tuple(dict.fromkeys(note for table in tables.values() for note in table.notes))
    return Released(first.specification, frame, first.preset, notes, _DOOR)
