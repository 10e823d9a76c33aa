"""What the release gate costs: by the groups of one table, and beside the page whose tables it releases."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from analysis.disclosure import PAGE_TABLES, read_released, release_all
from analysis.protocol import load_protocol
from analysis.study.paths import RELEASED
from benchmarks.report import finished_report
from benchmarks.timing import Cost, cost_of, row, with_exponent
from tests.disclosure.test_attack_benchmark import frames_of, simulate_table

GROUPS = (5, 10, 20, 40, 80)
TABLES, SEED = 5, 20261130  # of each size, for a table costs by how its small counts happen to lie
SHARE_OF_PAGE = 0.1  # at most


def run() -> Iterator[dict]:
    """One row for each number of groups, the last with the exponent; then one for each page of the last report."""
    rules = load_protocol().disclosure

    def release(groups: int) -> Cost:
        rng = np.random.default_rng(SEED)
        tables = [frames_of(simulate_table(rng, groups), PAGE_TABLES) for _ in range(TABLES)]
        return cost_of(lambda: [release_all(frames, preset=rules.own_data, rules=rules) for frames in tables])

    costs = {groups: release(groups) for groups in GROUPS}
    named = [row(f"release gate: {TABLES} tables of {groups} groups", cost) for groups, cost in costs.items()]
    yield from with_exponent(GROUPS, named)
    yield from _pages(finished_report())


def _pages(build: Path) -> Iterator[dict]:
    """Each page's tables released under the rules for own data, beside what the whole page cost in the report."""
    protocol = load_protocol()
    rules, pages = protocol.disclosure, json.loads((build / "timings.json").read_text(encoding="utf-8"))
    for problem in protocol.problems:
        folder = build / problem.authority / problem.outcome / RELEASED
        frames = {name: table.frame for name, table in read_released(folder, PAGE_TABLES).items()}
        cost = cost_of(lambda frames=frames: release_all(frames, preset=rules.own_data, rules=rules))
        share = cost.cpu_seconds / pages[f"page/{problem.slug}"]["cpu_seconds"]
        yield row(f"release gate: every table of {problem.slug}", cost, share_of_page=share, at_most=SHARE_OF_PAGE)
