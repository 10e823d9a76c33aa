"""Where no prediction can be studied, every chapter on England is still made, and says so."""

import json

import pytest

from analysis.book import page as pages
from analysis.disclosure import write_released
from analysis.protocol import load_protocol
from analysis.study.fingerprint import code_of
from analysis.study.paths import Paths
from analysis.study.problem import ProblemStudy
from analysis.study.settings import Settings, choose_problems, write_settings
from analysis.workflow.steps import chapters

CHAPTERS = [path for path in chapters() if not path.stem.startswith("network_")]
ON_CASES = {"choice_of_metric", "earlier_cases", "leakage", "learning_curves", "performance", "subgroups", "text"}
NOTHING = ("no table of this kind was released in this run", "No prediction could be studied")


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    """What a run leaves whose one page says that the prediction cannot be studied."""
    folder = tmp_path_factory.mktemp("nothing")
    (folder / "steps").mkdir()
    for step in ("extract-Northshire", "page-Northshire-P7"):
        (folder / "steps" / f"{step}.json").write_text(json.dumps({"product": "0" * 64}))
    protocol = load_protocol()
    settings = Settings(protocol, False, choose_problems(protocol, ["Northshire"], ["P7"]), network_world="small")
    write_settings(settings, folder)
    ProblemStudy(settings, folder, settings.problems[0]).release({})
    write_released({}, Paths(folder).networks("small"), provenance={})
    return folder


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_with_no_cases_behind_it_says_so(chapter, build, monkeypatch):
    shown = []
    monkeypatch.setattr(pages, "_show", shown.append)
    code = code_of(chapter).replace('build = "build"', f"build = {str(build)!r}")
    exec(compile(code, chapter.name, "exec"), {})
    if chapter.stem in ON_CASES:
        assert any(words in text for text in shown for words in NOTHING)
