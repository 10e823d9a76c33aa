"""Build folders as a run on an authority's own data would leave them, filled by hand, and the chapters made of them."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import small_tables as small

from analysis.book import page as pages
from analysis.disclosure import Released, write_released
from analysis.protocol import PredictionProblem, Protocol
from analysis.study.fingerprint import code_of
from analysis.study.paths import Paths
from analysis.study.settings import Settings, write_settings
from analysis.study.supplied import Supplied
from analysis.workflow.page import places_shown
from analysis.workflow.steps import EVIDENCE_MAP, PAGE, chapters

OF_THE_RUN = [path for path in chapters() if not path.stem.startswith(("network_", "redaction", "social_workers"))]


def own_build(
    build: Path,
    protocol: Protocol,
    problems: Sequence[PredictionProblem],
    *,
    supplied: Mapping[str, Supplied],
    deviations: Path,
    tables: Mapping[str, Released] | None = None,
) -> Path:
    """What a run of these problems leaves; `tables` are every problem's, by default invented ones."""
    names = {authority: given.name for authority, given in supplied.items()}
    settings = Settings(protocol, False, tuple(problems), deviations, network_world="small", names=names)
    write_settings(settings, build)
    write_released({}, Paths(build).networks("small"), provenance={})
    (build / "steps").mkdir(exist_ok=True)
    for problem in problems:
        folder = build / problem.slug / "released"
        facts = dict(supplied[problem.authority].provenance)
        write_released(small.page_tables() if tables is None else tables, folder, provenance=facts)
        manifest = build / "steps" / f"page-{problem.slug.replace('/', '-')}.json"
        manifest.write_text(json.dumps({"product": "0" * 64}))
    return build


def make_chapters(build: Path, monkeypatch) -> dict[str, str]:
    """The text of every chapter made of a build folder, by its notebook's name; the evidence map last."""
    made = {}
    for chapter in (*(path for path in OF_THE_RUN if path != EVIDENCE_MAP), EVIDENCE_MAP):
        shown: list[str] = []
        monkeypatch.setattr(pages, "_show", shown.append)
        code = code_of(chapter).replace('build = "build"', f"build = {str(build)!r}")
        exec(compile(code, chapter.name, "exec"), {})
        made[chapter.stem] = "\n\n".join(shown)
        notebook = build / "book" / "notebooks" / f"{chapter.stem}.ipynb"
        notebook.parent.mkdir(parents=True, exist_ok=True)
        notebook.write_text(json.dumps({"text": made[chapter.stem]}), encoding="utf-8")
    return made


def places(made: Mapping[str, str], example: PredictionProblem, build: Path) -> dict[str, frozenset[str]]:
    """The ids on each chapter, and those on a prediction's page, as a built book would have them."""
    anchors = {f"notebooks/{name}": frozenset(re.findall(r'\bid="([^"]+)"', text)) for name, text in made.items()}
    slug = example.slug.replace("/", "-").lower()
    named = {f"{kind}-{slug}-{name.replace('_', '-')}" for kind, name in places_shown(code_of(PAGE))}
    return anchors | {Paths(build).page(example.slug).relative_to(build / "book").with_suffix("").as_posix(): named}
