"""The release gate: statistical disclosure control of tables of results, the only way in which one is published.

A page's tables pass together, because a reader has them together. They are made coarser; small counts (primary
suppression) and the counts they could be worked out from (complementary suppression) are withheld; the rest is
rounded, and rates are recomputed from what is left. Then the attack is run on the result, and a table from which a
small count can still be worked out is withheld whole.
"""

import hashlib
from collections.abc import Mapping, Sequence, Set

import pandas as pd

from analysis.disclosure import coarsen, notes, printing
from analysis.disclosure.attack import Finding, attack
from analysis.disclosure.catalogue import PAGE_TABLES
from analysis.disclosure.earlier import moved_little, printed_before
from analysis.disclosure.relations import Counts, count_constraints
from analysis.disclosure.released import _RELEASE_TOKEN, Released
from analysis.disclosure.specification import TableSpecification
from analysis.disclosure.suppression import protect
from analysis.errors import DisclosureError
from analysis.protocol.values import Disclosure, Preset


def release(specification: TableSpecification, frame: pd.DataFrame, *, preset: str, rules: Disclosure) -> Released:
    """One table through the release gate by itself; see `release_all`, which judges the tables of a page together.

    Parameters
    ----------
    specification : TableSpecification
    frame : DataFrame
    preset : str
        Name of the rules in ``rules.presets``.
    rules : Disclosure
        The protocol's section on disclosure control.

    Returns
    -------
    Released

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
    earlier: Sequence[Mapping[str, Released]] = (),
    other_outcomes: Mapping[str, Mapping[str, Released]] | None = None,
    recompute: Mapping[str, printing.Recompute] | None = None,
) -> dict[str, Released]:
    """All tables of a page through the release gate, safe to be read together.

    Parameters
    ----------
    frames : dict of table name -> frame
        With the columns of its specification, unrounded.
    specifications : dict of table name -> TableSpecification, optional
    preset : str
        Name of the rules in ``rules.presets``; a preset with threshold 0 and rounding 1 changes nothing.
    rules : Disclosure
        The protocol's section on disclosure control.
    earlier : sequence of (dict of table name -> Released), optional
        All that was ever published of this page: later minus any of them must not reveal a small count.
    other_outcomes : dict of outcome -> tables by name, optional
        The authority's pages on other outcomes, already released: nor must the difference of two outcomes' cases.
    recompute : dict of table name -> function of its rows, optional
        How columns that depend on which rows a table has are computed again once rows were left out.

    Returns
    -------
    dict of table name -> Released

    Raises
    ------
    DisclosureError
        If a table has columns its specification does not describe, or lacks some.
    """
    for name, frame in frames.items():
        _check(specifications[name], frame)
    ordered = {
        name: frame[list(specifications[name].column_names)].reset_index(drop=True) for name, frame in frames.items()
    }
    values = rules.presets[preset]
    if values.threshold == 0 and values.rounding == 1:
        return {
            n: Released(specifications[n], frame.copy(), preset, (), _RELEASE_TOKEN) for n, frame in ordered.items()
        }
    coarse = {
        name: coarser(ordered, values, rules) if (coarser := specifications[name].coarsen) else (frame, ())
        for name, frame in ordered.items()
    }
    before = printed_before(earlier, specifications, rules)
    beside = {outcome: {n: t.frame for n, t in page.items()} for outcome, page in (other_outcomes or {}).items()}
    tables = {n: frame for n, (frame, _) in coarse.items()}
    safe = _make_safe(tables, specifications, values, (before, beside), recompute or {})
    said = {name: [*coarse[name][1], *notes_of] for name, (_, notes_of) in safe.items()}
    return {
        name: Released(specifications[name], frame, preset, tuple(said[name]), _RELEASE_TOKEN)
        for name, (frame, _) in safe.items()
    }


def _make_safe(
    frames, specifications, preset: Preset, others, recompute
) -> dict[str, tuple[pd.DataFrame, tuple[str, ...]]]:
    """Withhold counts, then whole tables while the attack on what is left, and on `others` beside it, succeeds."""
    before, beside = others
    counts = count_constraints(
        {name: frame for name, frame in frames.items() if not specifications[name].net_benefit}, specifications
    )
    other_outcomes = {outcome: count_constraints(page, specifications) for outcome, page in beside.items()}
    withheld = protect(
        counts, preset, _costs(counts, specifications), earlier=before, other_outcomes=other_outcomes
    ).withheld
    moved = withheld & moved_little(before, counts.values, preset)
    published = {
        name: printing.print_table(
            specifications[name], frame, _hidden(specifications[name], frame, counts, withheld), preset
        )
        for name, frame in frames.items()
    }
    blocked: list[str] = []
    blanked: set[str] = set()
    coarser: list[str] = []
    while True:
        blanked |= printing.withhold_what_rests_on(published, specifications)
        printing.derive_from_print(published, specifications)
        found = attack(published, specifications, preset, earlier=before, other_outcomes=beside)
        if not found:
            break
        by_measures = {finding.labels for finding in found if finding.labels}
        for labels in by_measures:
            printing.withhold_measures(published, specifications, dict(labels))
        if by_measures:
            continue
        worst = _least_missed(found, published, specifications)
        if specifications[worst].net_benefit and worst not in coarser:
            rounded = coarsen.round_measures(specifications[worst], published[worst], frames[worst], decimals=2)
            published[worst] = rounded
            coarser.append(worst)
        else:
            published[worst] = published[worst].iloc[0:0].copy()
            blocked.append(worst)
    said = {
        name: notes.describe(
            specifications[name], published[name], preset, withheld_whole=name in blocked, blanked=name in blanked
        )
        for name in frames
    }
    for name in {cell[0] for cell, quantity in counts.cells.items() if quantity in moved}:
        said[name] = (*said[name], notes.BESIDE_EARLIER)
    return {
        name: (
            printing.compute_over_rows(specifications[name], table, frames[name], recompute.get(name))
            if name in blanked
            else table.reset_index(drop=True),
            said[name],
        )
        for name, table in published.items()
    }


def _least_missed(found: tuple[Finding, ...], published: Mapping[str, pd.DataFrame], specifications) -> str:
    """The table to withhold: one of net benefit, from which no count was withheld; else that of least utility."""
    net_benefit = [name for name, frame in published.items() if specifications[name].net_benefit and len(frame)]
    if net_benefit:
        return net_benefit[0]
    involved = frozenset().union(*(finding.involved for finding in found))
    counts = count_constraints(published, specifications)
    tables = {cell[0] for cell, quantity in counts.cells.items() if quantity in involved}
    return min(tables or {cell[0] for cell in counts.cells}, key=lambda name: specifications[name].utility)


def _costs(counts: Counts, specifications: Mapping[str, TableSpecification]) -> dict[str, float]:
    """Cells of the page that would be blank without each count.

    Between equals the choice is by a digest of what the count is, never by its value: a reader who knows the rule
    could else leave out every value with which another count would have been withheld.
    """
    costs: dict[str, float] = {}
    for (table, _, column), quantity in counts.cells.items():
        named = (*specifications[table].named("rate"), *specifications[table].named("measure"))
        blank = 1 + sum(column in other.of for other in named)
        costs[quantity] = costs.get(quantity, 0.0) + blank * specifications[table].utility
    return {quantity: cost + _order(quantity) for quantity, cost in costs.items()}


def _order(quantity: str) -> float:
    """A number from 0 to below a tenth, by the name alone."""
    return int.from_bytes(hashlib.sha256(quantity.encode()).digest()[:6], "big") / (10 * 2**48)


def _hidden(specification: TableSpecification, frame: pd.DataFrame, counts: Counts, withheld: Set[str]) -> pd.DataFrame:
    columns, name = [column.name for column in specification.named("count")], specification.name
    table = [[counts.cells[name, row, column] in withheld for column in columns] for row in range(len(frame))]
    return pd.DataFrame(table, columns=columns, index=frame.index, dtype=bool)


def _check(specification: TableSpecification, frame: pd.DataFrame) -> None:
    """Raise if the frame is not as described, or the table's record does not say whose cases it counts."""
    if specification.derived:
        raise DisclosureError(
            f"table {specification.name!r}",
            "it is computed from released tables, and its record does not say whose cases it counts; use `derive`",
        )
    check_columns(specification, frame)


def check_columns(specification: TableSpecification, frame: pd.DataFrame) -> None:
    """Raise `DisclosureError` unless the frame has exactly the columns that the record describes.

    Parameters
    ----------
    specification : TableSpecification
    frame : DataFrame
    """
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
    said = notes.add_up_notes(note for table in tables.values() for note in table.notes)
    return Released(first.specification, frame, first.preset, said, _RELEASE_TOKEN)
