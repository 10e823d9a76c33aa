"""The account of an extract for the person who made it: what was found, what is wrong, what it can answer."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from analysis.errors import TableError
from analysis.extract.authority import find_authorities, passed_over
from analysis.extract.check_page import check_page
from analysis.extract.read import read_extract
from analysis.extract.readiness import Readiness, readiness
from analysis.extract.report import ExtractReport
from analysis.protocol import Protocol


@dataclass(frozen=True)
class AuthorityCheck:
    """One authority's account: its report and readiness, or the problems that stopped the reading."""

    name: str
    report: ExtractReport | None
    readiness: tuple[Readiness, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True)
class CheckReport:
    """What `check` found, for each authority. It holds counts that may be small: it stays in the authority."""

    authorities: tuple[AuthorityCheck, ...]
    passed_over: tuple[str, ...] = ()  # what stands beside the authorities' folders

    @property
    def readable(self) -> bool:
        return all(authority.report is not None for authority in self.authorities)

    def text(self) -> str:
        """The account as plain text."""
        beside = ["\n".join(["Not read", *(f"  {line}" for line in self.passed_over)])] if self.passed_over else []
        return "\n\n".join([*map(_text, self.authorities), *beside])

    def html(self) -> str:
        """The account as one self-contained page."""
        return check_page(self.authorities, self.passed_over)


def check(data: Path, protocol: Protocol, *, today: date | None = None, mapping: Path | None = None) -> CheckReport:
    """Read every extract at `data` and say what it holds and what it can answer; nothing is fitted or stored.

    Parameters
    ----------
    data : Path
        An extract, or a folder with one for each authority.
    protocol : Protocol
        Its predictions and study period.
    today : date or None
        No record can be dated later; the day of reading unless given.
    mapping : Path or None
        A workbook that says what headings and codes mean; it need not be there yet.

    Returns
    -------
    CheckReport

    Raises
    ------
    TableError
        If there is no extract at `data` at all. What is wrong with one authority's extract is part of the report.
    """
    authorities = find_authorities(Path(data))
    accounts = tuple(_check(name, folder, protocol, today, mapping) for name, folder in authorities.items())
    return CheckReport(accounts, passed_over(Path(data)))


def _check(name: str, folder: Path, protocol: Protocol, today: date | None, mapping: Path | None) -> AuthorityCheck:
    try:
        how = {"study": protocol.study, "today": today, "mapping": mapping if mapping and mapping.is_file() else None}
        tables, report = read_extract(folder, secret=secrets.token_bytes(32), **how)
    except TableError as error:
        return AuthorityCheck(name, None, (), tuple(f"{error.where}: {problem}" for problem in error.problems))
    rows = readiness(tables, protocol, carries=report.carries, unseen=report.unseen)
    return AuthorityCheck(name, report, rows, ())


def _text(authority: AuthorityCheck) -> str:
    if authority.report is None:
        lines = [f"{authority.name}: the extract cannot be read", *(f"  - {problem}" for problem in authority.problems)]
        return "\n".join(lines)
    known_as = "" if authority.name == authority.report.name else f"(on pages: {authority.name}) "
    return f"{known_as}{account_text(authority.report, authority.readiness)}"


def account_text(report: ExtractReport, readiness: Sequence[Readiness]) -> str:
    """What reading an extract found and what each prediction would stand on, as plain text.

    Parameters
    ----------
    report : ExtractReport
    readiness : sequence of Readiness
        As `analysis.extract.readiness.readiness` returns it.

    Returns
    -------
    str
        Its counts may be small.
    """
    lines = [report.text(), "", "What it can answer"]
    for row in readiness:
        lines.append(f"  {row.prediction} {row.title}: {row.verdict}{f': {row.reason}' if row.reason else ''}")
        lines.append(
            f"     {row.index_events:,} index events, {row.cases:,} cases in {row.families:,} families, "
            f"{row.outcomes:,} with the outcome, {row.documented:,} with a document, "
            f"{row.months} months of full follow-up"
        )
    return "\n".join(lines)
