"""A run's build folder, filled by hand with released tables, from which real chapters are made."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "figures"))

import small_tables as small  # noqa: E402

from analysis.disclosure import Released, write_released  # noqa: E402
from analysis.study.paths import Paths  # noqa: E402
from analysis.study.settings import Settings, write_settings  # noqa: E402


def write_build(build: Path, world: Mapping[tuple[str, str], Mapping[str, Released]]) -> Path:
    """Leave behind what a run of these problems would have: settings, released tables, each page's manifest."""
    problems = tuple(problem for problem in small.PROTOCOL.problems if (problem.authority, problem.outcome) in world)
    write_settings(Settings(small.PROTOCOL, True, problems, network_world="small"), build)
    write_released({}, Paths(build).networks("small"), provenance={})
    (build / "steps").mkdir()
    for problem in problems:
        tables = world[problem.authority, problem.outcome]
        write_released(tables, build / problem.slug / "released", provenance={})
        manifest = build / "steps" / f"page-{problem.slug.replace('/', '-')}.json"
        manifest.write_text(json.dumps({"product": problem.slug}))
    return build


@pytest.fixture
def build_of(tmp_path):
    """A function that leaves behind a run with these tables."""
    return lambda world, name="build": write_build(tmp_path / name, world)
