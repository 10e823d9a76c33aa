"""The first page says what the chapters say, and other published numbers make it say something else."""

import re

import pytest
import small_tables as small
import yaml

from analysis.book.sentences.words import spelled
from analysis.claims import Evidence, audit
from analysis.claims.front_page import (
    also_found,
    chart_note,
    chart_title,
    first_screen,
    own_answer,
    own_source,
    published_answer,
    published_tiles,
    what_else,
)
from analysis.disclosure.derive import derive
from analysis.published import read
from analysis.tables.front import published_front

CLAIMS = ("A-text-better", "A-text-worse", "A-earlier-drops")
SAYS = {claim["id"]: claim["says"] for claim in read.claim_values()}


def own_numbers() -> dict:
    return yaml.safe_load((read.FOLDER / "england.yml").read_text(encoding="utf-8"))


def test_the_large_numbers_and_the_heading_are_those_of_the_models_beside_them():
    """Counted again in the table of the first chart, whose CSV the page offers."""
    evidence = Evidence(small.world(), small.PROTOCOL, small.PROTOCOL)
    for models in (published_front(small.PROTOCOL), passing_front(3)):
        frame = models.frame
        passing = int((frame["average_precision"] > frame["mark"]).sum())
        heading = "No model reached the pass mark" if not passing else f"{passing} of {len(frame)} models passed"
        assert heading in chart_title(models)
        screen = first_screen(models, evidence, synthetic=True)
        text = " ".join(re.sub("<[^>]*>", " ", screen).split())
        assert f"{passing} of {len(frame)} passed the mark of 0.65" in text
        assert text.startswith("::::{div} answer **No") == (passing == 0)
        assert f"{passing or 'None'} of the {len(frame)} models passed" in text
    assert also_found()[0] in what_else(evidence, synthetic=True)


def test_the_answer_on_own_cases_is_never_no_where_a_pass_cannot_be_ruled_out():
    def own(value: float, high: float):
        frame = {"average_precision": value, "average_precision_high": high}
        return derive(
            published_front(small.PROTOCOL).specification, lambda f: f.assign(**frame), published_front(small.PROTOCOL)
        )

    assert own_answer(None).startswith("**Cannot tell.**")
    assert own_answer(own(0.7, 0.9)).startswith("**In part.** 24 of the 24 models passed")
    unsure = own_answer(own(0.5, 0.7))
    assert unsure.startswith("**Not shown.**") and "For 24 of them a pass cannot be ruled out" in unsure
    assert own_answer(own(0.3, 0.5)).startswith("**No, not on these cases.**")


def test_the_source_says_of_how_many_authorities_models_count_where_it_is_not_all():
    """An authority whose models leak is studied and not counted; a reader sees both numbers."""
    models = published_front(small.PROTOCOL)
    counted = sorted(models.frame["authority"].unique())
    assert own_source(models, counted) == own_source(None, counted)
    more = own_source(models, [*counted, "Leaking"])
    assert more.startswith("Computed from the cases of ")
    assert more.endswith(f" and Leaking; the models that count are of {spelled(len(counted))} of them.")
    assert own_source(models, [f"A{number}" for number in range(153)]).startswith("Computed from the cases of 153 ")


def test_the_published_answer_follows_the_published_shares(monkeypatch):
    """Were the models usually right, and did they find most children, the first page would say so."""
    said = published_answer(published_front(small.PROTOCOL))
    assert "most flags were false alarms and most children at risk were missed" in said
    monkeypatch.setattr("analysis.claims.front_page._published", lambda name: 0.1)
    otherwise = published_answer(passing_front(24))
    assert (
        otherwise.startswith("**In part") and "most flags were right and most children at risk were found" in otherwise
    )


def passing_front(passing: int):
    """The published models, of which the first few are given a pass."""
    table = published_front(small.PROTOCOL)

    def changed(frame):
        return frame.assign(average_precision=frame["average_precision"].where(frame.index >= passing, 0.9))

    return derive(table.specification, changed, table)


@pytest.fixture
def published(monkeypatch):
    """Changes the published table that the package reads."""

    def change(values: dict) -> None:
        given = read._values
        for reader in (read.england_cells, read._england_values):
            reader.cache_clear()
        monkeypatch.setattr(read, "_values", lambda name: values if name == "england" else given(name))

    yield change
    for reader in (read.england_cells, read._england_values):
        reader.cache_clear()


def test_the_first_page_counts_as_the_page_of_claims_does():
    """What a study's own tables give, such as "6 of 16", stands on the page of claims; the first page says the same."""
    frame = audit(Evidence(small.world(), small.PROTOCOL, small.PROTOCOL)).frame.set_index("says")
    counts = [re.match(r"(\d+) of (\d+)", frame.loc[SAYS[name], "published_tables_give"]).groups() for name in CLAIMS]
    (better, pairs), (worse, _), (drops, drops_of) = counts
    text, past = also_found()[:2]
    assert f"made {better} of {pairs} comparisons better and {worse} worse" in text
    assert f"made {drops} of {drops_of} worse" in past
    rising, curves = read.curves_said_to_rise()
    assert f"might help {rising} of {curves} models" in also_found()[3]
    assert f"{rising} of the {curves} models" in SAYS["A-curves-rising"]
    tile = published_tiles(published_front(small.PROTOCOL))[0]
    assert f"{tile.count} of {tile.of}" in frame.loc[SAYS["A-none-above-threshold"], "published_tables_give"]


def test_a_study_of_fewer_predictions_would_count_fewer_comparisons(published):
    values = own_numbers()
    del values["cells"]["P8"], values["cells"]["P7"]
    published(values)
    assert "of 12 comparisons better" in also_found()[0] and "of 12 worse" in also_found()[1]


def test_the_note_names_whoever_leaked_with_as_many_models_as_were_made_there(published):
    assert "LA1, with eight models." in chart_note(synthetic=True)
    published(own_numbers() | {"leaking": ["LA1", "LA3"]})
    assert "LA1 and LA3, with 16 models." in chart_note(synthetic=True)
