"""Merged lists as the checked tables' events, supplied counts and children."""

from collections.abc import Mapping
from datetime import timedelta

import polars as pl

from analysis.extract.definitions import EventRule, Table, events_from_reasons
from analysis.extract.merge import CHILD_FIELDS
from analysis.extract.report import ReportBuilder, number
from analysis.extract.tables import LONGEST_PREGNANCY
from analysis.schemas import ETHNICITY_GROUPS, PERIODS, SCHEMAS

_EVENT = {"child_id": pl.String, "event": pl.String, "date": pl.Date, "code": pl.String, "outcome": pl.String}
_PERIOD_EDGES = [edge for edges in PERIODS.values() for edge in edges]


def events(lists: Mapping[str, pl.DataFrame], tables: Mapping[str, Table], notes: ReportBuilder) -> pl.DataFrame:
    """Everything that the lists say happened, with the columns of the checked table `events`.

    A child has one start (or end) of a kind of period on a day, and one event of any other kind with one code on a
    day; where rows disagree the latest extract is believed. Where a list shows only a child's latest period, one that
    an extract left open is ended on the day on which the child's next period of that kind begins.

    Parameters
    ----------
    lists : mapping of str to polars.DataFrame
        Merged lists by name, as `analysis.extract.merge.merge` returns each.
    tables : mapping of str to Table
        Every list of the source, by name, with the rules that make events of its rows.
    notes : ReportBuilder
        Where periods that had to be ended are counted.

    Returns
    -------
    polars.DataFrame
        Once each, sorted by child, event and date; the children's identifiers as supplied.
    """
    parts = [
        _events_of_rule(lists[name], rule).with_columns(identity=_identity(rule)).select(*_EVENT, "extract", "identity")
        for name, table in tables.items()
        if name in lists
        for rule in table.events
    ]
    every = pl.concat([pl.DataFrame(schema={**_EVENT, "extract": pl.Int64, "identity": pl.String}), *parts])
    every = _latest(every)
    every = pl.concat([every, _from_reasons(every)]).unique(list(_EVENT))
    every = pl.concat([every, _unseen_ends(lists, tables, notes)]).unique(list(_EVENT))
    return every.sort(list(_EVENT), nulls_last=True)


def supplied_counts(lists: Mapping[str, pl.DataFrame], tables: Mapping[str, Table]) -> pl.DataFrame:
    """The backward-looking counts that the lists hold, each dated as the record beside which it stands.

    Such a count may be as at the extract rather than as at its record, so the latest extract knows most of what came
    later. The earliest that holds the record is believed (see `merge`); of two records of one day, the smaller count.

    Parameters
    ----------
    lists : mapping of str to polars.DataFrame
        Merged lists by name.
    tables : mapping of str to Table
        Every list of the source, by name.

    Returns
    -------
    polars.DataFrame
        With the columns of the checked table `supplied_counts`; the children's identifiers as supplied.
    """
    parts = [pl.DataFrame(schema=SCHEMAS["supplied_counts"])]
    for name, table in tables.items():
        for count_name, source in table.counts.items() if name in lists else ():
            columns = {"date": source["date"], "value": source["column"]}
            counts = lists[name].select("child_id", **columns, count_name=pl.lit(count_name))
            parts.append(counts.select(parts[0].columns).drop_nulls())
    every = pl.concat(parts).sort("value")
    return every.unique(["child_id", "date", "count_name"], keep="first").sort("child_id", "date", "count_name")


def children(lists: Mapping[str, pl.DataFrame], tables: Mapping[str, Table], notes: ReportBuilder) -> pl.DataFrame:
    """One row per child with `birth_date`, gender, ethnicity and disability, missing where nobody recorded them.

    Where rows disagree, the latest extract is believed, and in it the commonest value.

    Parameters
    ----------
    lists : mapping of str to polars.DataFrame
        Merged lists by name.
    tables : mapping of str to Table
        Every list of the source, by name.
    notes : ReportBuilder
        Where children with contradictory values are counted.

    Returns
    -------
    polars.DataFrame
        Sorted by child_id, as supplied.
    """
    parts = []
    for name, table in tables.items():
        if name not in lists or table.about_adults:
            continue
        present = [field for field in CHILD_FIELDS[:5] if field in lists[name].columns]
        parts.append(lists[name].select("child_id", "extract", *present))
    rows = (
        pl.concat(parts, how="diagonal") if parts else pl.DataFrame(schema={"child_id": pl.String, "extract": pl.Int64})
    )
    missing = {
        "birth_date": pl.Date,
        "expected_birth_date": pl.Date,
        "gender": pl.String,
        "ethnicity": pl.String,
        "disability": pl.String,
    }
    rows = rows.with_columns(
        pl.lit(None, kind).alias(field) for field, kind in missing.items() if field not in rows.columns
    )
    rows = rows.with_columns(birth_date=pl.coalesce("birth_date", "expected_birth_date")).drop("expected_birth_date")
    result = rows.select("child_id").unique().sort("child_id")
    for field in ("birth_date", "gender", "ethnicity", "disability"):
        known = rows.select("child_id", "extract", field).drop_nulls(field)
        if field in ("gender", "ethnicity", "disability"):
            # Anything said is better than "not stated".
            vague = pl.col(field).is_in(["not stated", "unknown", "NOBT", "REFU"])
            known = known.with_columns(said=~vague)
        else:
            known = known.with_columns(said=pl.lit(True))
        votes = known.group_by("child_id", "said", "extract", field).agg(pl.len().alias("votes"))
        chosen = votes.sort("child_id", "said", "extract", "votes", field).unique("child_id", keep="last")
        result = result.join(chosen.select("child_id", field), on="child_id", how="left")
        differ = known.filter("said").group_by("child_id").agg(pl.col(field).n_unique() > 1)[field].sum()
        if differ:
            notes.contradictions[f"children with more than one {field.replace('_', ' ')}"] = int(differ)
    return result


def checked_children(children: pl.DataFrame) -> pl.DataFrame:
    """Children with the month of birth and the values of the checked table, before families are known."""
    groups = {code: group for group, codes in ETHNICITY_GROUPS.items() for code in codes}
    ethnicity = pl.col("ethnicity").fill_null("NOBT")
    return children.select(
        "child_id",
        birth_month=pl.col("birth_date").dt.month_start(),
        gender=pl.col("gender").fill_null("not stated"),
        ethnicity=ethnicity,
        ethnicity_group=ethnicity.replace_strict(groups, default="Missing", return_dtype=pl.String),
        disability=pl.col("disability").fill_null("unknown"),
    )


def not_before_birth(
    rows: pl.DataFrame, children: pl.DataFrame, *, what: str, where: str, notes: ReportBuilder
) -> pl.DataFrame:
    """Rows dated no earlier than a pregnancy (310 days) before the child's birth; the others are counted and left out.

    Parameters
    ----------
    rows : polars.DataFrame
        With child_id and date; events also with event, documents with kind.
    children : polars.DataFrame
        With child_id and birth_date; of a child whose birth date is missing every row stays.
    what : str
        What one row is: "event", "document" or "score".
    where : str
        What messages call the table.
    notes : ReportBuilder

    Returns
    -------
    polars.DataFrame
        In the order of `rows`.
    """
    births = children.select("child_id", "birth_date")
    rows = rows.join(births, on="child_id", how="left", maintain_order="left")
    early = (pl.col("date") < pl.col("birth_date") - timedelta(days=LONGEST_PREGNANCY.days)).fill_null(False)
    kept = rows.filter(~early).drop("birth_date")
    if dropped := len(rows) - len(kept):
        dated = f"dated more than {LONGEST_PREGNANCY.days} days before the child's birth"
        sentence = f"{number(dropped, what)} {dated}"
        if kind_of := {"event": "event", "document": "kind"}.get(what):
            kinds = rows.filter(early)[kind_of].value_counts().sort(pl.all())
            which = ", ".join(f"{str(kind).replace('_', ' ')} {count:,}" for kind, count in kinds.iter_rows())
            sentence += f" ({which})"
        notes.problem(where, f"{sentence}; left out; correct the date or the date of birth")
    return kept


def _events_of_rule(rows: pl.DataFrame, rule: EventRule) -> pl.DataFrame:
    text = pl.lit(None, pl.String)
    return _records(rows, rule).select(
        "child_id",
        event=pl.lit(rule.event),
        date=rule.date,
        code=pl.col(rule.code) if rule.code else text,
        outcome=pl.col(rule.outcome) if rule.outcome else text,
        extract="extract",
        **{f"same_{i}": field for i, field in enumerate(rule.same)},
    )


def _identity(rule: EventRule) -> pl.Expr:
    # What, with the child and the event, makes two rows one event.
    if rule.same:
        return pl.concat_str([pl.col(f"same_{i}").cast(pl.String) for i in range(len(rule.same))], ignore_nulls=True)
    if rule.event in _PERIOD_EDGES or not rule.code:
        return pl.col("date").cast(pl.String)
    return pl.concat_str(pl.col("date").cast(pl.String), pl.col("code"), separator=" ", ignore_nulls=True)


def _latest(every: pl.DataFrame) -> pl.DataFrame:
    order = ["child_id", "event", "identity", "extract", "date", "code", "outcome"]
    return every.sort(order, nulls_last=False).unique(order[:3], keep="last").select(list(_EVENT))


def _from_reasons(every: pl.DataFrame) -> pl.DataFrame:
    parts = [pl.DataFrame(schema=_EVENT)]
    for event, reasons in events_from_reasons().items():
        for end, codes in reasons.items():
            ended = every.filter(pl.col("event") == end, pl.col("code").is_in(list(codes)))
            parts.append(ended.with_columns(event=pl.lit(event), code=pl.lit(None, pl.String)))
    return pl.concat(parts)


def _unseen_ends(lists: Mapping[str, pl.DataFrame], tables: Mapping[str, Table], notes: ReportBuilder) -> pl.DataFrame:
    parts = [pl.DataFrame(schema=_EVENT)]
    for start, end in PERIODS.values():
        for name, table in tables.items():
            edges = {rule.event: rule for rule in table.events if rule.event in (start, end)}
            if len(edges) < 2 or name not in lists or not table.latest_period_only:
                continue
            began, begin = _records(lists[name], edges[start]), edges[start].date
            ended = _records(lists[name], edges[end]).select("child_id", begin)
            following = began.select("child_id", begin).unique().sort("child_id", begin)
            following = following.with_columns(date=pl.col(begin).shift(-1).over("child_id")).drop_nulls("date")
            unseen = following.join(ended, on=["child_id", begin], how="anti")
            text = pl.lit(None, pl.String)
            parts.append(unseen.select("child_id", event=pl.lit(end), date="date", code=text, outcome=text))
            if len(unseen):
                sentence = f"{number(len(unseen), 'period')} with no recorded end, followed by another"
                notes.problem(table.title, f"{sentence}; ended on the day on which the next begins")
    return pl.concat(parts)


def _records(rows: pl.DataFrame, rule: EventRule) -> pl.DataFrame:
    conditions = [pl.col(field) == value for field, value in rule.only.items()]
    for field, values in rule.unless.items():
        conditions.append(~pl.col(field).is_in([values] if isinstance(values, str) else values).fill_null(False))
    if rule.with_any:
        conditions.append(pl.any_horizontal(pl.col(rule.with_any).is_not_null()))
    return rows.filter(pl.col(rule.date).is_not_null(), *conditions)
