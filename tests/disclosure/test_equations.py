"""Solving for counts: by hand, and against trying every possibility."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import OptimizeResult

from analysis.disclosure import exact_bounds
from analysis.disclosure.equations import LARGEST_COUNT, Equation, System, drop_infeasible, propagate_bounds, total
from analysis.disclosure.exact_bounds import solve_exact_bounds
from analysis.errors import DisclosureError


def solved(equations, known, width=2):
    system = System(equations, known)
    low, high = propagate_bounds(system, *system.bounds(known))
    low, high = solve_exact_bounds(system, low, high, range(len(system.names)), width)
    return {name: (int(low[place]), int(high[place])) for name, place in system.position.items()}


def test_a_part_is_the_whole_without_the_other_part():
    bounds = solved([total("cases", ["boys", "girls"], "")], {"cases": (20, 20), "girls": (17, 17)})
    assert bounds["boys"] == (20 - 17, 20 - 17)


def test_two_withheld_parts_hide_each_other():
    bounds = solved([total("cases", ["boys", "girls"], "")], {"cases": (8, 8), "girls": (1, 99), "boys": (1, 99)})
    assert bounds["boys"] == (1, 8 - 1)


def test_equations_that_tell_nothing_alone_tell_a_count_together():
    # a + b = 10, b + c = 11, a + c = 9: adding all, a + b + c = 15, so a = 15 - 11 = 4. No single one tells it.
    equations = [total("ten", "ab", ""), total("eleven", "bc", ""), total("nine", "ac", "")]
    bounds = solved(equations, {"ten": (10, 10), "eleven": (11, 11), "nine": (9, 9)})
    assert bounds["a"] == (15 - 11, 15 - 11)


def test_an_equation_that_does_not_hold_is_set_aside():
    equations = [total("whole", ["part", "rest"], "holds"), total("whole", ["part", "other"], "does not")]
    system = drop_infeasible(equations, {"whole": (5, 5), "part": (3, 3), "rest": (2, 2), "other": (9, 9)})
    assert [equation.words for equation in system.equations] == ["holds"]


def test_a_program_that_cannot_be_solved_stops_the_release(monkeypatch):
    unsolved = OptimizeResult(x=None, status=1, message="out of time")
    monkeypatch.setattr("analysis.disclosure.exact_bounds.milp", lambda *_, **__: unsolved)
    with pytest.raises(DisclosureError, match="out of time"):
        solved([Equation({"a": 2.0, "b": 3.0, "c": 5.0}, "", 17, 17)], {})


def test_a_term_times_nothing_tells_nothing():
    assert solved([Equation({"a": 1.0, "b": 0.0}, "", 3, 3)], {"b": (1, 9)})["a"] == (3, 3)


@settings(max_examples=60, deadline=None)
@given(
    coefficients=st.lists(st.lists(st.sampled_from([-2, -1, 0, 1, 1]), min_size=3, max_size=3), min_size=1, max_size=3),
    truth=st.lists(st.integers(0, 4), min_size=3, max_size=3),
)
def test_bounds_are_those_of_trying_every_possibility(coefficients, truth):
    names = ["a", "b", "c"]
    equations = [
        Equation(dict(zip(names, row, strict=True)), "", np.dot(row, truth), np.dot(row, truth)) for row in coefficients
    ]
    possible = [
        values for values in product(range(5), repeat=3)
        if all(np.dot(row, values) == np.dot(row, truth) for row in coefficients)
    ]  # fmt: skip
    bounds = solved(equations, dict.fromkeys(names, (0, 4)), width=1)
    for place, name in enumerate(names):
        column = [values[place] for values in possible]
        low, high = bounds[name]
        assert low <= min(column) and max(column) <= high
        if min(column) == max(column) >= 1:
            assert low == high


@pytest.mark.parametrize("least", [0, 1])
def test_a_count_that_may_be_none_is_not_told(least):
    # a + b = 1: if both may be 0, either could be the one.
    bounds = solved([total("one", "ab", "")], {"one": (1, 1), "a": (least, 9)})
    assert bounds["a"] == ((1, 1) if least else (0, 1))


GROUPS, LEVELS = 4, 3


def growing_page(random: np.random.Generator) -> tuple[list[Equation], dict[str, int]]:
    """A table of counts with its margins and a printed rate of each group, and the counts."""
    counts = random.integers(0, 9, (GROUPS, LEVELS))
    cells = [[f"{group} {level}" for level in range(LEVELS)] for group in range(GROUPS)]
    equations = [total(f"group {group}", cells[group], "") for group in range(GROUPS)]
    equations += [total(f"level {level}", [row[level] for row in cells], "") for level in range(LEVELS)]
    known = {
        name: int(value)
        for row, values in zip(cells, counts, strict=True)
        for name, value in zip(row, values, strict=True)
    }
    known |= {f"group {group}": int(counts[group].sum()) for group in range(GROUPS)}
    known |= {f"level {level}": int(counts[:, level].sum()) for level in range(LEVELS)}
    for group in range(GROUPS):
        if whole := known[f"group {group}"]:
            share = round(known[f"{group} 0"] / whole, 2)
            terms = {f"{group} 0": 1.0, f"group {group}": -share}
            equations.append(Equation(terms, "", -0.005 * whole, 0.005 * whole))
    return equations, known


@pytest.mark.parametrize("seed", range(12))
def test_what_was_found_before_changes_no_bound(seed, monkeypatch):
    """The oracle begins anew each time one count more is withheld, and proves nothing but by integer programs."""
    random = np.random.default_rng(seed)
    equations, counts = growing_page(random)
    shared, programs = System(equations, counts), {"with": 0, "without": 0}
    solve = exact_bounds.milp

    def solving(which: str, system: System, known: dict) -> tuple[np.ndarray, np.ndarray]:
        def counted(*arguments, **options):
            programs[which] += 1
            return solve(*arguments, **options)

        exact_bounds._SOLVED.clear()
        monkeypatch.setattr(exact_bounds, "milp", counted)
        start = propagate_bounds(system, *system.bounds(known))
        return solve_exact_bounds(system, *start, range(len(system.names)), 2)

    withheld: list[str] = []
    for name in random.permutation(list(counts)):
        withheld.append(str(name))
        known = {
            name: (1, LARGEST_COUNT) if name in withheld and value else (value, value) for name, value in counts.items()
        }
        found = solving("with", shared, known)
        with monkeypatch.context() as oracle:
            oracle.setattr(exact_bounds._Search, "_reached", lambda search, place, sign: None)
            expected = solving("without", System(equations, counts), known)
        np.testing.assert_array_equal(found, expected)
    assert programs["with"] < programs["without"]


# a + b = 10, b + c = 11, a + c + d = 10: adding all, 2 (a + b + c) + d = 31, so d is odd and a = (9 - d) / 2.
OF_THREE = [total("ten", "ab", ""), total("eleven", "bc", ""), total("nine", "acd", "")]
PRINTED = {"ten": (10, 10), "eleven": (11, 11), "nine": (10, 10)}


@pytest.mark.parametrize(
    ("before", "then"),
    [
        (PRINTED | {"d": (0, 8)}, PRINTED | {"d": (0, 1)}),  # what was found has another d, and satisfies the equations
        (
            {"ten": (8, 12), "eleven": (9, 13), "nine": (8, 12), "d": (0, 1)},
            PRINTED | {"d": (0, 1)},
        ),  # what was found adds up to other totals
    ],
)
def test_solutions_that_no_longer_agree_are_not_believed(before, then):
    system = System(OF_THREE, PRINTED)
    exact_bounds._SOLVED.clear()  # of the other case
    for known in (before, then):
        start = propagate_bounds(system, *system.bounds(dict.fromkeys("abc", (1, 99)) | known))
        low, high = solve_exact_bounds(system, *start, range(len(system.names)), 2)
        assert len(system.solutions)
    assert (low[system.position["a"]], high[system.position["a"]]) == (4, 4)
