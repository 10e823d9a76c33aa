"""The evidence map cannot point to what is not there."""

import re
from pathlib import Path

import pytest
import small_tables as small
from docutils.nodes import make_id
from pydantic import ValidationError

from analysis.claims import Evidence
from analysis.claims.evidence_map import (
    NOT_MADE_HERE,
    Area,
    EvidenceError,
    Item,
    areas_text,
    check_places,
    check_values,
    evidence_frame,
    evidence_text,
)
from analysis.claims.guidance import Point, guidance_text
from analysis.claims.quantities import NOT_IN_THIS_RUN
from analysis.errors import ProtocolError
from analysis.study.evidence_files import (
    GUIDANCE,
    check_conformance,
    page_anchors,
    read_areas,
    read_deviations,
    read_evidence_map,
    read_guidance,
    read_registered,
)

BOOK = Path(__file__).parents[2] / "book"
ITEMS = read_evidence_map()
EXAMPLE = "LA1/P1"
MET = {"study_a": "met", "study_b": "met", "this_run": "met"}
EVIDENCE = Evidence(small.world(), small.PROTOCOL, small.PROTOCOL)


def all_places() -> dict[str, frozenset[str]]:
    places: dict[str, set] = {}
    for item in ITEMS:
        page, anchor = item.at(EXAMPLE)
        places.setdefault(page, set()).add(anchor)
    return {page: frozenset(anchors) for page, anchors in places.items()}


def test_every_main_item_of_the_guideline_is_there():
    assert {int("".join(c for c in item.item if c.isdigit())) for item in ITEMS} == set(range(1, 28))
    assert len({item.item for item in ITEMS}) == len(ITEMS)


def test_a_book_with_every_place_passes():
    check_places(ITEMS, EXAMPLE, all_places())


def test_a_deleted_figure_stops_the_build_and_is_named():
    places = all_places()
    places["notebooks/performance"] -= {"table-performance-results"}
    with pytest.raises(
        EvidenceError, match="item 23a: page 'notebooks/performance' has nothing at #table-performance-results"
    ):
        check_places(ITEMS, EXAMPLE, places)


def test_a_deleted_page_stops_the_build():
    places = all_places()
    del places["discussion"]
    with pytest.raises(EvidenceError, match="item 26: the book has no page 'discussion'"):
        check_places(ITEMS, EXAMPLE, places)


def test_a_value_that_nothing_computes_is_refused():
    item = Item(item="1", section="x", asks="x", place="about", value="the moon", **MET)
    with pytest.raises(EvidenceError, match="item 1: 'the moon' is not a quantity"):
        check_values([item])


def test_the_values_are_those_of_the_run():
    frame = evidence_frame(ITEMS, EVIDENCE, example=EXAMPLE).set_index("item")
    assert frame.loc["2", "value"] == "0 of 24 models above 0.65; highest 0.40"
    assert frame.loc["20a", "value"] == "1,500 to 1,500 cases"  # 400 + 500 + 600 in each problem
    assert frame.loc["20a", "place"] == "results/LA1/P1#table-la1-p1-flow"
    empty = evidence_frame(ITEMS, Evidence({}, small.PROTOCOL, small.PROTOCOL), example=EXAMPLE).set_index("item")
    assert empty.loc["20a", "value"] == NOT_IN_THIS_RUN


def test_an_item_that_is_not_met_needs_a_reason():
    with pytest.raises(ValidationError, match="needs a reason"):
        Item(item="1", section="x", asks="x", place="about", value="poll", **MET | {"this_run": "not met"})


def test_what_is_still_to_be_stated_is_not_met():
    unstated = [item for item in ITEMS if item.value == "to_be_stated"]
    assert unstated and {item.this_run for item in unstated} == {"not met"}


def test_the_map_can_say_no_of_each_and_cannot_tell_of_the_studies():
    assert {item.this_run for item in ITEMS} >= {"met", "partly", "not met", "not applicable"}
    assert "cannot tell" in {item.study_a for item in ITEMS} & {item.study_b for item in ITEMS}
    text = evidence_text(ITEMS, EVIDENCE, example=EXAMPLE, root="../")
    assert "<td>not met</td>" in text and "The book names no funding." in text


REFORMS_ITEMS = {1: "abc", 2: "abcde", 3: "abcdefg", 4: "abc", 5: "abcdef", 6: "abc", 7: "abc", 8: "ab"}
PROBAST_ITEMS = {"D": (3, 4, 4, 5), "E": (3, 4, 4, 7)}
AREAS = read_areas()


def test_both_further_guidelines_are_judged_by_each_of_their_items():
    of = {name: [area.item for area in AREAS if area.guideline == name] for name in ("PROBAST+AI", "REFORMS")}
    assert sum(map(len, of.values())) == len(AREAS)
    assert of["REFORMS"] == [f"{number}{letter}" for number, letters in REFORMS_ITEMS.items() for letter in letters]
    assert of["PROBAST+AI"] == [
        f"{part}{area}.{number}"
        for part, areas in PROBAST_ITEMS.items()
        for area, questions in enumerate(areas, start=1)
        for number in range(1, questions + 1)
    ]
    for name in of:
        assert {area.this_run for area in AREAS if area.guideline == name} >= {"met", "partly", "not met"}
    text = areas_text(AREAS, example=EXAMPLE, root="../")
    assert text.count('<th scope="row">') == len(AREAS) and 'id="table-risk-of-bias"' in text
    assert 'href="../methods.html#four-designs"' in text


def test_an_item_that_no_place_answers_is_not_met():
    with pytest.raises(ValidationError, match="no place in the book answers"):
        Area(guideline="REFORMS", item="1a", area="x", asks="x", **MET)


ANSWERED = [item for item in (*ITEMS, *AREAS) if item.place and item.this_run in ("met", "partly")]


@pytest.mark.parametrize("edition", ["synthetic", "own"])
@pytest.mark.parametrize("item", ANSWERED, ids=lambda item: item.item)
def test_the_place_of_an_item_holds_the_words_that_answer_it(item, edition):
    page, anchor = item.at(EXAMPLE)
    source = BOOK / f"{page}.md"
    made_by_each_run = not source.is_file() or anchor.startswith(("fig-", "table-"))
    if item.answers:
        words = " ".join(item.answers.split()).lower()
        page = in_edition(source.read_text(encoding="utf-8"), edition)
        assert words in section(page, anchor).lower(), f"{item.place}: {item.answers}"
    else:
        assert made_by_each_run or page.startswith("notebooks/"), f"{item.item}: which words at {item.place} answer it?"


def in_edition(page: str, edition: str) -> str:
    """The page without what stands in the other edition alone."""
    return re.sub(rf"(?ms)^(:{{3,}}){{edition}} (?!{edition}$).*?^\1$", "", page)


def section(page: str, anchor: str) -> str:
    """The text under a heading, on one line; of the whole page if no anchor is given."""
    parts = re.split(r"(?m)^#+ (.+)$", page)
    under = {slug(heading): text for heading, text in zip(parts[1::2], parts[2::2], strict=True)}
    return " ".join((under[anchor] if anchor else page).split())


def slug(heading: str) -> str:
    """The id that Sphinx gives to a heading, without the apostrophes that it prints as others."""
    return make_id(re.sub("['’]", "", heading))


def test_the_map_links_from_its_page():
    text = evidence_text(ITEMS, EVIDENCE, example=EXAMPLE, root="../")
    assert 'href="../results/LA1/P1.html#table-la1-p1-flow"' in text and "\n\n" not in text


def test_ids_are_read_from_built_pages(tmp_path):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "text.html").write_text('<h1 id="a">x</h1><figure class="f" id="fig-b"></figure>')
    assert page_anchors(tmp_path) == {"notebooks/text": frozenset({"a", "fig-b"})}


def test_the_registration_can_be_read():
    assert read_registered().registered == small.PROTOCOL.registered
    (deviation,) = read_deviations()
    assert deviation.address == "seeds.synthetic_england"
    assert deviation.executed == small.PROTOCOL.seeds.synthetic_england


def test_a_deviation_without_a_reason_is_refused(tmp_path):
    (tmp_path / "deviations.yml").write_text("- {address: splits.folds, executed: 3, when: 2026-12-01}\n")
    with pytest.raises(ProtocolError, match="entry 1: why is missing"):
        read_deviations(tmp_path)


def test_the_registered_threshold_is_held(tmp_path):
    executed = small.PROTOCOL.model_copy(
        update={"success": small.PROTOCOL.success.model_copy(update={"threshold": 0.6})}
    )
    with pytest.raises(ProtocolError, match="'success.threshold' is registered as 0.65 and executed as 0.6"):
        check_conformance(executed)


POINTS = read_guidance()


def test_the_guidance_is_answered_by_places_that_exist_and_its_two_sources_are_told_apart():
    places: dict[str, set] = {}
    for point in POINTS:
        page, anchor = point.at(EXAMPLE)
        places.setdefault(page, set()).add(anchor)
    anchors = {page: frozenset(found) for page, found in places.items()}
    check_places(POINTS, EXAMPLE, anchors, GUIDANCE)
    with pytest.raises(EvidenceError, match=f"(?s){GUIDANCE}.*notebooks/leakage"):
        check_places(POINTS, EXAMPLE, {page: a for page, a in anchors.items() if page != "notebooks/leakage"}, GUIDANCE)
    text = guidance_text(POINTS, EVIDENCE, example=EXAMPLE)
    assert text.count("From the announcement.") == sum(point.source == "announcement" for point in POINTS) > 5
    assert text.count("not checked against the guidance") == sum(point.source == "ours" for point in POINTS) > 5


def test_a_point_that_is_not_met_needs_its_reason_and_each_leaves_something_to_the_authority():
    point = POINTS[0].model_dump() | {"this_run": "partly", "why": ""}
    with pytest.raises(ValidationError, match="needs a reason"):
        Point(**point)
    assert all(point.authority for point in POINTS)


def test_a_place_of_the_guidance_that_this_run_could_not_make_is_named():
    poll = next(point for point in POINTS if point.place.endswith("poll-role"))
    _, anchor = poll.at(EXAMPLE)
    assert NOT_MADE_HERE in guidance_text([poll], EVIDENCE, example=EXAMPLE, not_made={anchor})
    assert NOT_MADE_HERE not in guidance_text([poll], EVIDENCE, example=EXAMPLE)
