"""The finding on four variables is computed: other tables, another finding."""

import small_tables as small

from analysis.claims import Evidence
from analysis.claims.front_page import against_simple_rules, what_else
from analysis.claims.yardstick_measures import beyond_four_variables, models_clearly_beating


def evidence(four):
    world = {problem: tables | {"yardsticks": small.yardsticks(four=four)} for problem, tables in small.world().items()}
    return Evidence(world, small.PROTOCOL, small.PROTOCOL)


def test_models_of_authorities_that_leak_do_not_count():
    found = models_clearly_beating(evidence((0.2, 0.0, 0.0, 0.0)), yardstick="four_variables")
    assert found.shown == "6 of 24"  # one of the four models of six predictions; LA1's two leak


def test_the_front_page_says_how_many_and_says_otherwise_where_it_is_otherwise():
    none, all_of_them = evidence((0.0, 0.0, 0.0, 0.0)), evidence((0.2, 0.2, 0.2, 0.2))
    assert beyond_four_variables(none).startswith("None of 24 models clearly beat a simple rule")
    assert beyond_four_variables(all_of_them).startswith("24 of 24 models clearly beat a simple rule")
    for world, said in ((none, "None of 24 models"), (all_of_them, "24 of 24 models")):
        assert said in against_simple_rules(world)[0]
        assert f"a rehearsal and no evidence: {said}" in what_else(world, synthetic=True)


def test_the_front_page_tells_the_finding_on_a_tool_where_the_data_are_an_authoritys_own():
    world, tool = evidence((0.0, 0.0, 0.0, 0.0)), "The tool is clearly better."
    own = what_else(world, synthetic=False, tool=tool)
    assert "- None of 24 models" in own and f"- {tool} {{doc}}`The tool" in own and "rehearsal" not in own
    assert tool not in what_else(world, synthetic=True, tool=tool)
    assert against_simple_rules(world)[1] == ""


def test_a_run_without_such_tables_says_that_it_cannot_tell():
    world = {
        problem: {n: t for n, t in tables.items() if n != "yardsticks"} for problem, tables in small.world().items()
    }
    said = beyond_four_variables(Evidence(world, small.PROTOCOL, small.PROTOCOL))
    assert "cannot be said here" in said
