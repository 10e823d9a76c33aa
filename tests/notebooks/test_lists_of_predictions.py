"""Other lists of predictions, other councils: every chapter is made of them, and claims no more than it may."""

import re
from datetime import date

import pytest
import small_tables as small
from own_builds import make_chapters, own_build, places

from analysis.claims.evidence_map import NOT_MADE_HERE, check_places
from analysis.protocol.values import Authority
from analysis.study.evidence_files import read_evidence_map
from analysis.study.settings import choose_problems
from analysis.study.supplied import Supplied, what_is_lacking
from analysis.workflow import report as reports

pytestmark = pytest.mark.slow

OWN = small.PROTOCOL.predictions["P6"].model_copy(update={"title": "Return to early help", "authority": "Anyborough"})
NAMES = {"Anyborough": "Anyborough Council", "Safeford": "Safeford & Dale"}


def asked(*outcomes: str, study=None, **own):
    """The registered protocol with only these of its predictions, and others, for councils of its own."""
    predictions = {outcome: small.PROTOCOL.predictions[outcome] for outcome in outcomes} | own
    declared = {slug: Authority(name=name, source="ourselves") for slug, name in NAMES.items()}
    changed = {"predictions": predictions, "authorities": dict(small.PROTOCOL.authorities) | declared}
    return small.PROTOCOL.model_copy(update=changed | ({"study": study} if study else {}))


LATER = small.PROTOCOL.study.model_copy(update={"first_date": date(2019, 1, 1), "last_date": date(2025, 12, 31)})
VARIATIONS = {
    "four struck out": (asked("P5", "P6", "P7", "P8"), ["Anyborough"]),
    "one kept": (asked("P7"), ["Anyborough"]),
    "none kept": (asked(P9=OWN), ["Anyborough"]),
    "two councils with different sets": (asked("P7", P9=OWN), ["Anyborough", "Safeford"]),
    "a study period of its own": (asked("P5", study=LATER, P9=OWN), ["Anyborough"]),
}


def extract_of(folder, authorities):
    for authority in authorities:
        (folder / authority / "annex_a").mkdir(parents=True)
    return folder


@pytest.fixture(params=VARIATIONS.values(), ids=list(VARIATIONS))
def variation(request):
    protocol, authorities = request.param
    return protocol, authorities, choose_problems(protocol, authorities)


def test_a_report_starts_whatever_predictions_are_asked(variation, tmp_path, monkeypatch):
    """What is refused before anything runs (claims, typed results, conformance) refuses none of them."""
    protocol, authorities, problems = variation
    path = tmp_path / "own.yml"
    path.write_text(protocol.model_dump_json(by_alias=True, exclude_none=True), encoding="utf-8")
    started = []

    class Nothing:
        def raise_failures(self):
            return None

    monkeypatch.setattr(
        reports, "run_steps", lambda steps, *_, **__: started.append([s.name for s in steps]) or Nothing()
    )
    data = extract_of(tmp_path / "data", authorities)
    reports.report(build=tmp_path / "build", data=data, protocol_path=path, network_world="small")
    first, all_steps = started
    assert first == [f"extract/{authority}" for authority in authorities]
    assert {f"page/{problem.slug}" for problem in problems} | {"book", "evidence"} <= set(all_steps)


def test_every_chapter_is_made_and_the_evidence_map_holds(variation, tmp_path, monkeypatch):
    protocol, authorities, problems = variation
    supplied = {authority: Supplied(NAMES[authority]) for authority in authorities}
    build = own_build(tmp_path / "build", protocol, problems, supplied=supplied, deviations=tmp_path)
    made = make_chapters(build, monkeypatch)
    anchors = places(made, problems[0], build)
    items = [item for item in read_evidence_map() if item.at(problems[0].slug)[0] in anchors]
    assert len(items) > 15
    check_places([item for item in items if "#fig" in item.place or "#table" in item.place], problems[0].slug, anchors)
    assert NOT_MADE_HERE not in made["tripod"]
    assert "Its own tables give" in made["claims"] and "14 of 24" in made["claims"]
    own_data_is_told_apart(made, problems, protocol)


def own_data_is_told_apart(made, problems, protocol):
    everything = "\n".join(text for name, text in made.items() if name not in ("claims", "performance"))
    assert not re.search(r"\bLA[1-4]\b", everything)
    if all(problem.outcome not in small.PROTOCOL.predictions for problem in problems):
        assert ">pre-registered<" not in made["performance"]
        assert set(re.findall(r"agreement-([a-z-]+)", made["findings"])) <= {"cannot-be-assessed"}
    elif any(problem.outcome == "P9" for problem in problems):
        assert "P9: exploratory" in made["performance"] and "not counted: not registered" in made["performance"]
        assert "P9, Return to early help (Anyborough Council)" in made["findings"]
    for problem in problems:
        assert NAMES[problem.authority].replace("&", "&amp;") in made["performance"].replace("& ", "&amp; ")


def test_a_run_without_any_result_says_on_the_map_what_could_not_be_made(tmp_path, monkeypatch):
    protocol = asked("P7")
    problems = choose_problems(protocol, ["Anyborough"])
    supplied = {"Anyborough": Supplied("Anyborough Council", families=False, documents=False)}
    folder = tmp_path / "build"
    build = own_build(folder, protocol, problems, supplied=supplied, deviations=tmp_path, tables={})
    made = make_chapters(build, monkeypatch)
    anchors = places(made, problems[0], build)
    items = [item for item in read_evidence_map() if "#fig" in item.place or "#table" in item.place]
    check_places([item for item in items if item.at(problems[0].slug)[0] in anchors], problems[0].slug, anchors)
    row = next(row for row in made["tripod"].splitlines() if "differences between authorities were handled" in row)
    assert NOT_MADE_HERE in row and "notebooks/performance.html#table-performance-results" in row
    for chapter in ("performance", "subgroups", "leakage", "learning_curves", "earlier_cases", "text"):
        assert "each child counts as a family of one" in made[chapter], chapter
    assert "supplied no documents" in made["text"]


def test_what_is_lacking_is_said_of_those_who_lack_it():
    both, neither = Supplied("Safeford"), Supplied("Anyborough", families=False, documents=False)
    assert what_is_lacking([both, both]) == ""
    assert what_is_lacking([neither]).startswith("The authority supplied no table of families")
    assert "Anyborough supplied no documents" in what_is_lacking([both, neither])
    assert "Safeford" not in what_is_lacking([both, neither])
