"""What was checked of tables before they leave, each control with its result and what it looked at."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

from analysis.disclosure import PAGE_TABLES, Released, attack, attack_jointly, describe_preset
from analysis.disclosure.canaries import find_canaries
from analysis.disclosure.containment import CHILD_LEVEL
from analysis.disclosure.contradictions import contradictions
from analysis.disclosure.earlier import printed_before
from analysis.disclosure.ledger import Entry, ledger_folder, of_others, of_page, read_ledger
from analysis.disclosure.released import World
from analysis.errors import DisclosureError
from analysis.escape import as_csv
from analysis.protocol import Protocol
from analysis.protocol.values import Preset
from analysis.study.checked_tables import read_checked_tables
from analysis.study.paths import Paths

Result = Literal["passed", "failed", "not needed", "cannot tell"]


@dataclass(frozen=True)
class Control:
    """One control: its name, its result, and in a sentence what was looked at or found. No value is part of it."""

    name: str
    result: Result
    found: str

    def as_dict(self) -> dict[str, str]:
        """As it is written into the record of the pack."""
        return asdict(self)


def table_controls(pages: World, protocol: Protocol) -> list[Control]:
    """The controls of the tables of some pages that leave together: rules, small counts, the attack, agreement.

    Parameters
    ----------
    pages : dict of (authority, outcome) -> tables by name
    protocol : Protocol
        Its section on disclosure.

    Returns
    -------
    list of Control
        One control alone where the tables did not pass one and the same set of rules.
    """
    names = sorted({table.preset for tables in pages.values() for table in tables.values()})
    if len(names) != 1:
        found = "no table is among what is to leave" if not names else f"tables passed different rules: {names}"
        return [Control("rules of disclosure", "cannot tell" if not names else "failed", found)]
    preset = protocol.disclosure.presets[names[0]]
    rules = Control("rules of disclosure", "passed", f"{names[0]}: {describe_preset(names[0], protocol.disclosure)}")
    return [rules, _small(pages, preset), _attacked(pages, preset), _jointly(pages, preset), _agree(pages, preset)]


def _small(pages: World, preset: Preset) -> Control:
    """Whether any count from 1 to the threshold is printed."""
    printed = sum(
        int(pd.to_numeric(table.frame[column.name]).between(1, preset.threshold).sum())
        for tables in pages.values()
        for table in tables.values()
        for column in table.specification.named("count")
    )
    return _counted("small counts printed", printed, "counts from 1 to the threshold are printed", preset)


def _attacked(pages: World, preset: Preset) -> Control:
    frames = [{name: table.frame for name, table in tables.items()} for tables in pages.values()]
    found = sum(len(attack(page, PAGE_TABLES, preset)) for page in frames) if preset.threshold else 0
    return _counted("attack on each page", found, "small counts can be worked out from a page", preset)


def _jointly(pages: World, preset: Preset) -> Control:
    found = len(attack_jointly(pages, preset)) if preset.threshold else 0
    return _counted("attack on all pages together", found, "small counts can be worked out from the pages", preset)


def _counted(name: str, number: int, words: str, preset: Preset) -> Control:
    if not preset.threshold:
        return Control(name, "not needed", "the data are synthetic, and nothing is withheld")
    return Control(name, "failed" if number else "passed", f"{number} {words}")


def _agree(pages: World, preset: Preset) -> Control:
    found = sum(
        len(contradictions({name: table.frame for name, table in tables.items()}, PAGE_TABLES, preset))
        for tables in pages.values()
    )
    return Control("agreement of the tables", "failed" if found else "passed", f"{found} counts contradict others")


def earlier_control(pages: World, protocol: Protocol, *, synthetic: bool) -> Control:
    """Whether a small count can be worked out from a page beside any other release that the ledger holds.

    It cannot tell where the tables are not in the ledger of this user: they were released elsewhere, and so may others
    have been.

    Parameters
    ----------
    pages : World
        By (authority, outcome), tables by name.
    protocol : Protocol
        Its section on disclosure.
    synthetic : bool
        Whether the cases were invented; if so no control is needed.

    Returns
    -------
    Control
    """
    name = "earlier releases"
    if synthetic:
        return Control(name, "not needed", "the data are synthetic")
    found, compared, unknown = 0, 0, []
    for (authority, outcome), tables in pages.items():
        try:
            entries = read_ledger(ledger_folder("england", authority), PAGE_TABLES).entries
        except DisclosureError as error:
            return Control(name, "failed", "; ".join(error.problems))
        written = {table: _as_written(one) for table, one in tables.items()}
        own = [e for e in of_page(entries, outcome) if {n: _as_written(t) for n, t in e.tables.items()} == written]
        if not own:
            unknown.append(f"{authority}/{outcome}")
            continue
        others = [entry for entry in entries if entry not in own]
        compared += len(others)
        found += len(_beside(tables, outcome, others, protocol))
    if found:
        return Control(name, "failed", f"{found} small counts can be worked out beside other releases")
    if unknown:
        words = f"{', '.join(unknown)}: these tables are in no ledger of this user, so they were released elsewhere"
        return Control(name, "cannot tell", f"{words}; ask what else was released there")
    words = (
        f"compared with {compared} other releases in the ledger; ask whether any was made by another user or machine"
    )
    return Control(name, "passed", words)


def _as_written(table: Released) -> str:
    return as_csv(table.frame)


def _beside(tables: Mapping[str, Released], outcome: str, others: Sequence[Entry], protocol: Protocol):
    preset = protocol.disclosure.presets[next(iter(tables.values())).preset]
    before = printed_before([e.tables for e in of_page(others, outcome)], PAGE_TABLES, protocol.disclosure)
    other_outcomes = {
        name: {table: one.frame for table, one in page.items()} for name, page in of_others(others, outcome).items()
    }
    frames = {name: table.frame for name, table in tables.items()}
    return attack(frames, PAGE_TABLES, preset, earlier=before, other_outcomes=other_outcomes)


def containment_control(pack: Path, build: Path, authorities: Sequence[str]) -> Control:
    """Whether a pseudonym of a child or family of the run stands anywhere in the pack: in any byte, archives too.

    Parameters
    ----------
    pack : Path
        The folder that is to leave.
    build : Path
        The folder of the run's products, with its child-level data.
    authorities : sequence of str
        Names of their folders.

    Returns
    -------
    Control
        "cannot tell" where the child-level data have been deleted.
    """
    name = "nothing child-level in the pack"
    if any(CHILD_LEVEL in path.relative_to(pack).parts for path in pack.rglob("*")):
        return Control(name, "failed", "a child-level folder is among what is to leave")
    folders = [Paths(build).child_level(authority) for authority in authorities]
    if not all((folder / "children.parquet").is_file() for folder in folders):
        return Control(name, "cannot tell", "the child-level data are deleted, so nothing is left to search for")
    marks = {mark for folder in folders for mark in _pseudonyms(folder)}
    hits = find_canaries(pack, {f"mark {number}": mark for number, mark in enumerate(sorted(marks))})
    return Control(name, "failed" if hits else "passed", f"{len(marks):,} pseudonyms sought, {len(hits)} times found")


def _pseudonyms(folder: Path) -> set[str]:
    children = read_checked_tables(folder).children
    return {str(mark) for name in ("child_id", "family_id") if name in children.columns for mark in children[name]}
