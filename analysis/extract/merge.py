"""Several extracts of one authority as one: the same record is counted once and the latest extract is believed.

All but the counts that an authority supplies beside a record ("in the last 12 months"): they may be as at the extract,
so the earliest extract that holds the record is believed, which knows least of what came later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from analysis.extract.definitions import Table
from analysis.extract.report import ReportBuilder

_OTHERWISE = "otherwise"
CHILD_FIELDS = ("gender", "ethnicity", "birth_date", "expected_birth_date", "disability", "forename", "surname")


def merge(table: Table, frames: Sequence[pl.DataFrame], names: Sequence[str], notes: ReportBuilder) -> pl.DataFrame:
    """One row per record of a list, from its rows in all extracts.

    Parameters
    ----------
    table : Table
        The list; the child and its `record` columns make a record.
    frames, names : sequence
        The rows of each extract and the extract's name, oldest first.
    notes : ReportBuilder
        Where the rows left out are explained and contradictions counted.

    Returns
    -------
    polars.DataFrame
        The rows kept, with `extract`, the position of the extract each comes from. Of the rows of one record the
        latest extract's is kept; within it the fullest one, and then the one that sorts last, so that the order of
        the rows does not matter. Its counts are those of the earliest extract that has them.
    """
    rows = pl.concat([frame.with_columns(extract=pl.lit(i, pl.Int64)) for i, frame in enumerate(frames)])
    if rows.is_empty() or table.about_adults:
        return rows
    rows, key = _with_key(rows, table)
    values = [name for name in rows.columns if name not in (*key, "row", "extract")]
    filled = pl.sum_horizontal(pl.col(values).is_not_null().cast(pl.Int64)) if values else pl.lit(0)
    ordered = rows.with_columns(filled=filled).sort(*key, "extract", "filled", *values, "row", nulls_last=False)
    kept = ordered.unique(key, keep="last", maintain_order=True)
    _explain(table, ordered, kept, names=names, key=key, notes=notes)
    _count_contradictions(table, rows, key=key, notes=notes)
    return _with_earliest_counts(table, kept, rows, key=key).drop("filled", "row", _OTHERWISE)


def _with_key(rows: pl.DataFrame, table: Table) -> tuple[pl.DataFrame, list[str]]:
    # The columns that make a record. Where all of them are blank (an assessment without its start, a conference without
    # an enquiry) the days of the row's other events tell it from the child's others.
    days = [pl.col(rule.date).cast(pl.String) for rule in table.events if rule.date not in table.record]
    blank = pl.all_horizontal(pl.col(table.record).is_null()) if table.record and days else pl.lit(False)
    otherwise = pl.when(blank).then(pl.concat_str(days, separator=" ", ignore_nulls=True)) if days else pl.lit(None)
    return rows.with_columns(otherwise.cast(pl.String).alias(_OTHERWISE)), ["child_id", *table.record, _OTHERWISE]


def _with_earliest_counts(table: Table, kept: pl.DataFrame, rows: pl.DataFrame, *, key: list[str]) -> pl.DataFrame:
    for name in (c.field for c in table.columns.values() if c.kind == "count" and c.field in rows.columns):
        known = rows.drop_nulls(name).sort("extract", name)
        earliest = known.unique(key, keep="first", maintain_order=True).select(*key, name)
        kept = kept.drop(name).join(earliest, on=key, how="left", nulls_equal=True, maintain_order="left")
    return kept.select(c for c in (*rows.columns, "filled") if c in kept.columns)


def count_records(frames: Mapping[str, Sequence[pl.DataFrame]], tables: Mapping[str, Table]) -> pl.DataFrame:
    """How many different records each extract holds, and how many of them no earlier one does.

    Parameters
    ----------
    frames : mapping of str to sequence of polars.DataFrame
        By list, its rows in each extract, the oldest first.
    tables : mapping of str to Table
        Every list of the source, by name.

    Returns
    -------
    polars.DataFrame
        extract (its position), records, new_records: one row per extract that holds any.
    """
    parts = []
    for name, own in frames.items():
        rows = pl.concat([frame.with_columns(extract=pl.lit(i, pl.Int64)) for i, frame in enumerate(own)])
        rows, key = _with_key(rows, tables[name])
        every = rows.select(*key, "extract").unique()
        first = every.group_by(key).agg(pl.col("extract").min()).group_by("extract").agg(new_records=pl.len())
        held = every.group_by("extract").agg(records=pl.len())
        parts.append(held.join(first, on="extract", how="left"))
    counts = (
        pl.concat(parts)
        if parts
        else pl.DataFrame(schema=dict.fromkeys(("extract", "records", "new_records"), pl.Int64))
    )
    return counts.group_by("extract").agg(pl.col("records", "new_records").sum()).sort("extract")


def _explain(table: Table, rows: pl.DataFrame, kept: pl.DataFrame, *, names, key, notes: ReportBuilder) -> None:
    last = kept.select(*key, last_extract="extract")
    dropped = rows.join(kept.select("extract", "row", *key), on=["extract", "row", *key], how="anti", nulls_equal=True)
    dropped = dropped.join(last, on=key, how="left", nulls_equal=True)
    for position, name in enumerate(names):
        own = dropped.filter(pl.col("extract") == position)
        again = len(own.filter(pl.col("last_extract") == position))
        later = len(own) - again
        reasons = {"the same record again": again, "the same record in a later extract": later}
        _move(notes, name, table.title, {reason: count for reason, count in reasons.items() if count})


def _move(notes: ReportBuilder, extract: str, title: str, reasons: Mapping[str, int]) -> None:
    # Rows that a list's account had as kept are now explained; several sheets of one list share the reasons.
    remaining = dict(reasons)
    for index, account in enumerate(notes.lists):
        if account.extract != extract or account.title != title:
            continue
        explained = dict(account.explained)
        kept = account.rows_kept
        for reason, count in remaining.items():
            moved = min(count, kept)
            remaining[reason] -= moved
            kept -= moved
            if moved:
                explained[reason] = explained.get(reason, 0) + moved
        notes.lists[index] = replace(account, rows_kept=kept, explained=explained)


def _count_contradictions(table: Table, rows: pl.DataFrame, *, key, notes: ReportBuilder) -> None:
    compared = [
        name
        for name, column in table.columns.items()
        if column.kind in ("code", "date", "count") and name not in key and name not in CHILD_FIELDS
    ]
    compared = [name for name in compared if name in rows.columns]
    if not compared:
        return
    differ = rows.group_by(key).agg(pl.col(compared).drop_nulls().n_unique() > 1).select(pl.col(compared).sum()).row(0)
    for name, count in zip(compared, differ, strict=True):
        if count:
            notes.contradictions[f"{table.title}, '{table.columns[name].heading}'"] = int(count)
