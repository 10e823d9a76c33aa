"""The account of an extract as one accessible page that needs nothing else: no script, no font, no network."""

from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby

from analysis.extract.readiness import CANNOT, NOT_TRUSTED
from analysis.extract.report import ColumnAccount, ExtractReport, number
from analysis.extract.size import ANSWERS, LARGE, SMALL
from analysis.html_table import Cell, html_table

STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1b; --paper: #fff; --line: #8a8a8a; --soft: #f1f3f5; --link: #0b4f8a; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #f2f2f2; --paper: #161a1d; --line: #7d858c; --soft: #22282d; --link: #9fcbf5; } }
body { font: 1rem/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 0 auto;
  max-width: 72rem; padding: 1rem; overflow-wrap: anywhere; }
a { color: var(--link); } h1, h2, h3 { line-height: 1.2; text-wrap: balance; } h3 { margin-top: 2.5rem; }
p, li { max-width: 46rem; }
.table-scroll { overflow-x: auto; } .table-scroll:focus, summary:focus { outline: 3px solid var(--link); }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin-bottom: 1rem; overflow-wrap: normal; }
caption { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .6rem; text-align: start; vertical-align: top; }
thead th { background: var(--soft); } th.number, td.number { text-align: end; } tbody th { font-weight: 600; }
details { border-bottom: 1px solid var(--line); padding: .3rem 0; } summary { cursor: pointer; padding: .2rem 0; }
.note { border-inline-start: .3rem solid var(--line); background: var(--soft); padding: .5rem 1rem; }
"""
VERDICTS = (ANSWERS, LARGE, SMALL, CANNOT, NOT_TRUSTED)
NUMBERS = ("count", "read", "kept", "records", "cells", "blank", "not read", "cases", "families", "index events",
           "with the outcome", "months of full follow-up", "cases with a document", "not in an earlier extract",
           "records or children")  # fmt: skip


def check_page(authorities: Sequence, passed_over: Sequence[str] = ()) -> str:
    """The page of `CheckReport.authorities`, and what stands beside their folders and was not read.

    Parameters
    ----------
    authorities : sequence
        As `CheckReport.authorities` holds them.
    passed_over : sequence of str
        What stands beside their folders, one line each.

    Returns
    -------
    str
        HTML. Its counts may be small.
    """
    names = ", ".join(authority.name for authority in authorities)
    links = "".join(f'<li><a href="#{escape(one.name)}">{escape(one.name)}</a></li>' for one in authorities)
    body = "".join(_authority(authority) for authority in authorities)
    if passed_over:
        body += f"<section><h2>Not read</h2>{_list(passed_over)}</section>"
    return (
        '<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>What the extract holds: {escape(names)}</title><style>{STYLE}</style></head><body><main>"
        f"<h1>What the extract holds: {escape(names)}</h1>"
        '<p class="note">Nothing was fitted. This page has counts that may be small, and no value from any record. '
        "It is for the people who made the extract: do not publish it.</p>"
        f"{f'<ul>{links}</ul>' if len(authorities) > 1 else ''}{body}</main></body></html>\n"
    )


def _authority(authority) -> str:
    heading = f'<h2 id="{escape(authority.name)}">{escape(authority.name)}</h2>'
    if authority.report is None:
        return f"<section>{heading}<p>The extract cannot be read.</p>{_list(authority.problems)}</section>"
    report: ExtractReport = authority.report
    parts = [
        heading,
        f"<p>{escape(report.summary())} {escape(report.period)}. {_answers(authority.readiness)}</p>",
        _readiness(authority.readiness, authority.name),
        _problems(report),
        _table(
            "Rows: each one kept or explained",
            ("list", "read", "kept", "explained", "extract"),
            ((r.title, r.rows_read, r.rows_kept, _explained(r), r.extract) for r in report.lists),
            authority.name,
        ),
        _columns(report.columns, authority.name),
        _table(
            "What each extract added",
            ("extract", "first date", "last date", "records", "not in an earlier extract"),
            ((e.name, _day(e.first_date), _day(e.last_date), e.records, e.new_records) for e in report.extracts),
            authority.name,
        ),
        _table(
            "Contradictions between records (the latest extract is believed)",
            ("what", "records or children"),
            report.contradictions.items(),
            authority.name,
        ),
        _table("What was found", ("what", "count"), report.counts.items(), authority.name),
        _table("Versions of what was read by", ("file", "version"), report.versions.items(), authority.name),
    ]
    return f"<section>{''.join(parts)}</section>"


def _answers(rows: Sequence) -> str:
    tally = Counter(row.verdict for row in rows)
    said = "; ".join(f"{verdict}: {tally[verdict]:,}" for verdict in VERDICTS if tally[verdict])
    return f"Of {number(len(rows), 'prediction')}, {said}."


def _readiness(rows: Iterable, name: str) -> str:
    columns = (
        "prediction", "what it can answer", "index events", "cases", "with the outcome", "families",
        "months of full follow-up", "cases with a document",
    )  # fmt: skip
    cells = (
        (
            f"{row.prediction} {row.title}",
            row.verdict + (f": {row.reason}" if row.reason else ""),
            *(row.index_events, row.cases, row.outcomes, row.families, row.months, row.documented),
        )
        for row in rows
    )
    return _table("What it can answer", columns, cells, name)


def _problems(report: ExtractReport) -> str:
    lines = [f"<li><strong>{escape(one.where)}</strong>: {escape(one.sentence)}</li>" for one in report.problems]
    listed = f"<ul>{''.join(lines)}</ul>" if lines else "<p>None.</p>"
    ignored = f"<h3>Not read</h3>{_list(report.ignored)}" if report.ignored else ""
    return f"<h3>Problems ({len(lines)})</h3>{listed}{ignored}"


def _columns(columns: Sequence[ColumnAccount], name: str) -> str:
    """One table for each list of each extract, folded away but for its line."""
    folded = []
    for (extract, title), group in groupby(columns, key=lambda column: (column.extract, column.title)):
        own = list(group)
        rows = ((c.column, c.heading, c.became, c.cells, c.blank, c.not_read) for c in own)
        headings = ("column", "heading", "became", "cells", "blank", "not read")
        table = _bare_table(f"{extract}, {title}", headings, rows, name)
        doubtful = sum(column.not_read > 0 for column in own)
        line = f"{extract}, {title}: {number(len(own), 'column')}" + (
            f", {doubtful:,} with cells that could not be read" if doubtful else ""
        )
        folded.append(f"<details><summary>{escape(line)}</summary>{table}</details>")
    return f"<h3>What each column became</h3>{''.join(folded)}" if folded else ""


def _table(caption: str, columns: Sequence[str], rows: Iterable[Sequence], authority: str) -> str:
    table = _bare_table(caption, columns, rows, authority)
    return table and f"<h3>{escape(caption)}</h3>{table}"


def _bare_table(caption: str, columns: Sequence[str], rows: Iterable[Sequence], authority: str) -> str:
    rows = list(rows)
    if not rows:
        return ""
    headings = [Cell(column, "number" if column in NUMBERS else "") for column in columns]
    cells = [[str(row[0]), *(cell if isinstance(cell, int) else str(cell) for cell in row[1:])] for row in rows]
    return html_table(caption, headings, cells, name=f"{authority}: {caption}")


def _list(lines: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"


def _explained(account) -> str:
    return "; ".join(f"{reason}: {count:,}" for reason, count in account.explained.items())


def _day(day) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
