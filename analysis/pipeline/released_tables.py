"""Every problem's released tables, as the summary chapters read them."""

from collections.abc import Mapping
from pathlib import Path

from analysis.disclosure import PAGE_TABLES, Released, combine, read_released
from analysis.pipeline.settings import read_settings

Pair = tuple[str, str]


def read_all_released(build: Path) -> dict[Pair, dict[str, Released]]:
    """Released tables of every problem that could be studied, keyed by (authority, outcome)."""
    problems = read_settings(build).problems
    tables = {
        (problem.authority, problem.outcome): read_released(build / problem.slug / "released", PAGE_TABLES)
        for problem in problems
    }
    return {pair: released for pair, released in tables.items() if released}


def combine_all(tables: Mapping[Pair, Mapping[str, Released]]) -> dict[str, Released]:
    """One joint table per name, its first two columns the authority and the outcome."""
    names = dict.fromkeys(name for released in tables.values() for name in released)
    return {name: combine({pair: t[name] for pair, t in tables.items() if name in t}) for name in names}
