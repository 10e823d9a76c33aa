"""Differencing across pages: the totals of several authorities and outcomes, and the attack on all pages at once."""

import dataclasses
from collections.abc import Iterator, Mapping
from itertools import combinations

import pandas as pd

from analysis.disclosure.attack import (
    Finding,
    findings,
    in_either_order,
    known_of_print,
    printed_rates,
    read_off,
    solve,
)
from analysis.disclosure.equations import Equation, drop_infeasible, total
from analysis.disclosure.relations import Counts, Relations, count_constraints
from analysis.disclosure.released import _RELEASE_TOKEN, Problem, Released
from analysis.disclosure.specification import TableSpecification
from analysis.protocol.values import Preset

Page = Mapping[str, Released]


def add_up(tables: Mapping[Problem, Released], by: tuple[str, ...]) -> Released:
    """Totals of a table's counts over authorities and outcomes: of the printed, rounded parts alone.

    A total is missing where any of its parts is: else it would tell the part.

    Parameters
    ----------
    tables : Mapping[Problem, Released]
    by : columns of the table
        Rows with the same labels are added.

    Returns
    -------
    Released
    """
    first = next(iter(tables.values()))
    specification = first.specification
    counts = [column.name for column in specification.named("count")]
    stacked = pd.concat([table.frame for table in tables.values()], ignore_index=True)
    summed = stacked.groupby(list(by), sort=False, dropna=False)[counts].agg(lambda part: part.sum(skipna=False))
    columns = tuple(column for column in specification.columns if column.name in (*by, *counts))
    ours = dataclasses.replace(specification, row="one total", columns=columns, rests_on=(), derived=True)
    note = "A total is left out where one of its parts is withheld."
    return Released(ours, summed.reset_index()[[c.name for c in columns]], first.preset, (note,), _RELEASE_TOKEN)


def attack_jointly(
    pages: Mapping[Problem, Page],
    preset: Preset,
    *,
    totals: Mapping[str, pd.DataFrame] | None = None,
    relations: Mapping[Problem, Relations] | None = None,
) -> tuple[Finding, ...]:
    """Small counts that can be recovered from all pages together, and from totals over them.

    Parameters
    ----------
    pages : dict of (authority, outcome) -> released tables
        All released under `preset`.
    preset : Preset
        Threshold, rounding and whether complementary suppression applies.
    totals : dict of table name -> frame, optional
        Counts that are printed as sums over all the pages, with the columns of that table.
    relations : dict of (authority, outcome) -> Relations, optional
        Those of each page's tables, where they are known already.

    Returns
    -------
    tuple of Finding

    Notes
    -----
    It looks at differences between outcomes of one authority, too; see `attack.other_outcome_pages`. Counts of two
    authorities stand in one equation only where totals over them are printed: without totals each is attacked alone.
    """
    if totals:
        return _attack_together(pages, preset, totals, relations)
    whose: dict[str, dict[Problem, Page]] = {}
    for problem, page in pages.items():
        whose.setdefault(problem[0], {})[problem] = page
    return tuple(finding for own in whose.values() for finding in _attack_together(own, preset, None, relations))


def _attack_together(
    pages: Mapping[Problem, Page],
    preset: Preset,
    totals: Mapping[str, pd.DataFrame] | None,
    relations: Mapping[Problem, Relations] | None = None,
) -> tuple[Finding, ...]:
    read = {
        problem: ({n: t.frame for n, t in page.items()}, {n: t.specification for n, t in page.items()})
        for problem, page in pages.items()
    }
    relations = relations or {problem: Relations(*page) for problem, page in read.items()}
    return in_either_order(read.values(), lambda ties: _attack(read, relations, preset, totals, ties))


def _attack(
    read: Mapping[Problem, tuple[Mapping[str, pd.DataFrame], Mapping[str, TableSpecification]]],
    relations: Mapping[Problem, Relations],
    preset: Preset,
    totals: Mapping[str, pd.DataFrame] | None,
    ties: int,
) -> tuple[Finding, ...]:
    equations: list[Equation] = []
    known: dict[str, tuple[int, int]] = {}
    related: dict[Problem, Counts] = {}
    for problem, (frames, specifications) in read.items():
        counts = related[problem] = relations[problem].counts(ties)
        own = [*counts.equations, *printed_rates(frames, specifications, counts, preset)]
        equations += [_within(problem, equation) for equation in own]
        bounds = known_of_print(counts, preset)
        known |= {_of(problem, name): bound for name, bound in bounds.items()}
    equations += _differences(related, preset)
    if totals:
        specifications = {name: one for _, of_page in read.values() for name, one in of_page.items()}
        whole = count_constraints(totals, {name: specifications[name] for name in totals})
        known |= {f"all pages: {n}": b for n, b in known_of_print(whole, preset).items()}
        equations += _sums_over_pages(whole, related)
    system = drop_infeasible(equations, known)
    limits = solve(system, known, preset.threshold)
    return findings(system, *limits, preset)


def _of(problem: Problem, quantity: str) -> str:
    return f"{'/'.join(problem)}: {quantity}"


def _within(problem: Problem, equation: Equation) -> Equation:
    terms = {_of(problem, name): coefficient for name, coefficient in equation.terms.items()}
    return Equation(terms, _of(problem, equation.words), equation.low, equation.high)


def _differences(related: Mapping[Problem, Counts], preset: Preset) -> Iterator[Equation]:
    """Counts of one authority that do not depend on the outcome, on two pages: larger = smaller + difference."""
    read = {problem: read_off(counts, preset) for problem, counts in related.items()}
    for one, other in combinations(related, 2):
        if one[0] != other[0]:
            continue
        for name in sorted(related[one].shared & related[other].shared):
            first, second = read[one][name], read[other][name]
            if first is not None and second is not None:
                more, fewer = (one, other) if first >= second else (other, one)
                gap = f"difference of {_of(more, name)} and {_of(fewer, name)}"
                yield total(_of(more, name), [_of(fewer, name), gap], gap)


def _sums_over_pages(whole: Counts, related: Mapping[Problem, Counts]) -> Iterator[Equation]:
    for name in whole.values:
        parts = [_of(problem, name) for problem, counts in related.items() if name in counts.values]
        if parts:
            yield total(f"all pages: {name}", parts, f"{name} over all pages = sum of the pages'")
