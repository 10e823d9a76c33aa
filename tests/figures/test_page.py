"""What a notebook shows: one figure with words, data and code; one accessible table; never anything not released."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
import small_tables as small

from analysis.book import page as pages
from analysis.book.badges import badges as badges_of
from analysis.book.charts import CHARTS
from analysis.book.explorer import COUNTS, threshold_explorer
from analysis.book.page import Page, figure_text
from analysis.book.sentences.grid import prediction_grids
from analysis.book.sentences.table import released_table, table_note
from analysis.claims.records import model_card
from analysis.claims.transparency import transparency_fields, transparency_file
from analysis.disclosure import combine
from analysis.disclosure.derive import derive
from analysis.html_table import Cell
from analysis.study.evidence_files import read_self_test
from analysis.tables.self_test import self_test_table
from analysis.tables.summaries import joint, poll, with_published


@pytest.fixture
def shown(monkeypatch):
    """What a notebook's cell would emit."""
    texts = []
    for name in ("JPY_SESSION_NAME", "VSCODE_PID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pages, "_show", texts.append)
    return texts


@pytest.fixture
def page(tmp_path) -> Page:
    return Page("LA1-P1", tmp_path / "LA1-P1", "book/notebooks/problem.md", True, {"protocol": "0123456789ab"})


class Elements(HTMLParser):
    """(tag, attributes) of every element, and the text of every heading cell."""

    def __init__(self, html: str):
        super().__init__()
        self.found, self.headings, self._in_heading = [], [], False
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))
        self._in_heading = tag == "th"
        if self._in_heading:
            self.headings.append("")

    def handle_endtag(self, tag):
        self._in_heading = False

    def handle_data(self, data):
        if self._in_heading:
            self.headings[-1] += data


def test_a_figure_is_light_and_dark_wide_and_narrow_with_one_description(page, shown):
    pages.show_figure(page, "average_precision", small.performance(), caption="Average precision, test cases.")
    (text,) = shown
    assert (
        text.count("```{image}") == 4
        and ":class: only-light wide-screen" in text
        and ":class: only-dark narrow-screen" in text
    )
    alternatives = re.findall(r":alt: (.*)", text)
    assert len(set(alternatives)) == 1 and len(alternatives[0]) > 40
    assert 'id="fig-la1-p1-average-precision"' in text
    assert {path.name for path in page.folder.iterdir()} == {
        "LA1-P1-average_precision-light.svg",
        "LA1-P1-average_precision-dark.svg",
        "LA1-P1-average_precision-narrow-light.svg",
        "LA1-P1-average_precision-narrow-dark.svg",
        "LA1-P1-average_precision.csv",
    }


def test_the_csv_is_exactly_what_is_drawn(page, shown):
    table = small.performance()
    pages.show_figure(page, "average_precision", table, caption="x")
    found = pd.read_csv(page.folder / "LA1-P1-average_precision.csv")
    assert list(found) == list(table.specification.column_names)
    assert found["value"].tolist() == pytest.approx(table.frame["value"].tolist(), abs=1e-6)


def test_the_code_that_drew_a_figure_is_one_click_away(page, shown):
    pages.show_figure(page, "roc_curve", small.curves()[1], caption="x")
    assert (
        "<details" in shown[0]
        and "def plot_roc_curve" in shown[0]
        and "analysis/book/charts/performance.py" in shown[0]
    )


def test_nothing_that_is_not_released_can_be_shown(page, shown):
    frame = small.performance().frame
    with pytest.raises(TypeError, match="Released"):
        figure_text(page, "x", frame, caption="x", chart=CHARTS["average_precision"])
    with pytest.raises(TypeError, match="Released"):
        pages.show_table(page, frame, caption="x", name="x")
    assert shown == [] and not page.folder.exists()


def test_what_was_withheld_is_a_sentence_and_no_picture(page, shown):
    table = small.outcome_by_year(cases=(900, 900), positives=(2, 3), preset="dfe")
    pages.show_figure(page, "outcome_by_year", table, caption="Outcomes by year.")
    assert "too small" in shown[0] and "{image}" not in shown[0] and "withheld" in shown[0]
    assert {path.suffix for path in page.folder.iterdir()} == {".csv"}


def test_a_table_that_no_problem_released_is_said_to_be_missing(page, shown):
    pages.show_table(page, None, caption="Topics.")
    pages.show_figure(page, "learning_curves", None, caption="Curves.")
    assert all("no table of this kind was released" in text for text in shown)


@pytest.mark.parametrize(
    ("changes", "badge"),
    [
        ({}, "pre-registered"),
        ({"deviating": frozenset({"success"})}, "deviation"),
        ({"deviating": frozenset({"leakage"})}, "pre-registered"),  # performance does not rest on the leakage limits
        ({"registered": False}, "exploratory"),
        ({"amended": frozenset({"success"})}, "added-later"),
        ({"amended": frozenset({"success"}), "deviating": frozenset({"success"})}, "deviation"),
    ],
)
def test_a_badge_follows_from_the_protocol(page, shown, changes, badge):
    other = Page(**{**vars(page), **changes})
    pages.show_figure(other, "average_precision", small.performance(), caption="x")
    assert f"badge-{badge}" in shown[0]


def test_published_figures_are_marked_as_published(page, shown):
    pages.show_figure(page, "poll_role", poll("role", level=0.95), caption="x", chart="poll")
    assert "badge-published" in shown[0]


def test_a_table_can_be_read_by_everyone():
    html = released_table(small.operating_point(), caption="Counts & shares", anchor="table-x")
    elements = Elements(html)
    tags = [tag for tag, _ in elements.found]
    assert tags.count("caption") == 1 and "<caption>Counts &amp; shares</caption>" in html
    assert all(attributes.get("scope") in ("col", "row") for tag, attributes in elements.found if tag == "th")
    assert all(heading.strip() for heading in elements.headings)
    box = elements.found[0][1]
    assert box == {
        "id": "table-x", "class": "table-scroll", "role": "region", "tabindex": "0", "aria-label": "Counts & shares",
    }  # fmt: skip
    assert "\n\n" not in html  # a blank line would end the block of HTML


def test_an_interval_is_one_cell():
    html = released_table(small.operating_point(), caption="x", columns=["design", "precision", "precision_low"])
    assert (
        '<td class="number">40% <span class="interval">(20% to 60%)</span></td>' in html
        and "low" not in html.lower().split("<tbody>")[0]
    )


def test_a_withheld_count_and_what_rests_on_it_are_marked():
    table = small.operating_point(positives=4, flagged=20, true_positives=2, preset="dfe")
    html = released_table(table, caption="x", columns=["design", "positives", "flagged", "precision", "recall"])
    row = html.split("<tbody>")[1].split("</tr>")[0]
    assert re.findall(r"<td[^>]*>([^<]*)</td>", row) == ["c", "20", "c", "c"]
    assert "withheld" in table_note(table)


def test_a_long_table_is_cut_on_the_page_but_not_in_its_csv(page, shown):
    table = small.subgroups()  # 4 designs x 10 subgroups
    html = released_table(table, caption="x", most_rows=5)
    assert html.count("<tr>") == 1 + 5
    assert "first 5 of 40 rows" in table_note(table, most_rows=5)
    pages.show_table(page, table, caption="x")
    assert len(pd.read_csv(page.folder / "LA1-P1-subgroups.csv")) == 40


def test_a_long_table_waits_behind_its_caption_with_its_anchor_and_its_csv(page, shown):
    pages.show_table(page, small.subgroups(), caption="By subgroup")  # 40 rows
    assert '<details class="folded-table" id="table-la1-p1-subgroups">' in shown[0]
    assert "<summary>By subgroup <span>40 rows</span></summary>" in shown[0]
    assert shown[0].index("<summary>") < shown[0].index("{download}") < shown[0].index("</details>")
    assert shown[0].count("table-la1-p1-subgroups") == 1


@pytest.mark.parametrize(("folded", "behind"), [(None, False), (False, False), (True, True)])
def test_a_short_table_is_open_unless_asked_otherwise(page, shown, folded, behind):
    pages.show_table(page, small.operating_point(), caption="Counts", folded=folded)  # 4 rows
    assert ("<details" in shown[0]) is behind and 'id="table-la1-p1-operating-point"' in shown[0]


def test_small_measures_keep_the_decimal_in_which_they_differ():
    table = small.comparisons(text=(-0.051, 0.012), earlier=(-0.03, -0.015), half_width=0.004)
    rows = released_table(table, caption="x", columns=["comparison", "difference"]).split("<tbody>")[1]
    assert '−0.051 <span class="interval">(−0.055 to −0.047)</span>' in rows


def test_what_is_drawn_is_no_finer_than_its_csv():
    table = small.performance(average_precision=(0.123456789, 0.2, 0.2, 0.2))
    assert table.as_written().frame["value"].iloc[0] == 0.123457


def test_a_table_of_every_problem_is_drawn_too(page, shown):
    pages.show_figure(page, "x", joint(small.world(), "comparisons"), caption="x", chart="text_v_structured")
    assert "```{image}" in shown[0]


def test_a_table_withheld_whole_says_so(page, shown):
    table = small.outcome_by_year(cases=(1000, 1000), positives=(3, 4), preset="dfe")
    pages.show_table(page, table.where(year="none of them"), caption="Years.")
    assert "withheld" in shown[0] and "None." not in shown[0]


def test_the_banner_says_on_which_data_the_page_stands(page, shown):
    pages.show_banner(page)
    words = "Counts of 1 to 5 are withheld."
    pages.show_banner(Page(**{**vars(page), "data_is_synthetic": False, "disclosure": words}))
    assert (
        "What this run computed is about invented children" in shown[0]
        and "own extract" in shown[1]
        and words in shown[1]
    )


def test_the_banner_has_the_class_that_the_stylesheet_knows(page, shown):
    for synthetic in (True, False):
        pages.show_banner(Page(**{**vars(page), "data_is_synthetic": synthetic}))
    stylesheet = (Path(__file__).parents[2] / "book" / "_static" / "book.css").read_text(encoding="utf-8")
    for text in shown:
        (classes,) = re.findall(r":class: (.*)", text)
        assert all(re.search(rf"\.{name}\b(?!-)", stylesheet) for name in classes.split()), classes


def test_the_banner_says_whose_extract_it_is_and_what_it_lacks(page, shown):
    lacks = "The authority supplied no documents, so no model reads text."
    values = {"data_is_synthetic": False, "made_from": "Anyborough Council's own extract", "lacks": lacks}
    pages.show_banner(Page(**{**vars(page), **values}))
    assert "made from Anyborough Council's own extract" in shown[0] and lacks in shown[0]


def badges(text: str) -> list[str]:
    return re.findall(r'badge-quiet badge-[a-z-]+" title="[^"]*">([^<]*)<', text)


def of_outcomes(*outcomes: str):
    return combine({("Anyborough", outcome): small.page_tables()["performance"] for outcome in outcomes})


def test_what_is_said_of_a_prediction_of_ones_own_is_never_called_pre_registered(page, shown):
    own = Page(**{**vars(page), "added": frozenset({"P9"})})
    for outcomes in (("P5",), ("P5", "P9"), ("P9",)):
        pages.show_table(own, of_outcomes(*outcomes), caption="x")
    expected = [["pre-registered"], ["pre-registered", "P9: exploratory"], ["exploratory"]]
    assert [badges(text) for text in shown] == expected


def test_a_place_that_a_run_cannot_fill_is_there_and_says_so(page, shown):
    pages.show_figure(page, "roc_curve", None, caption="x")
    pages.show_table(page, None, caption="x", name="results")
    pages.show_table(page, None, caption="x", name="topics", otherwise="")
    for text, anchor in zip(shown, (page.anchor("fig", "roc_curve"), page.anchor("table", "results")), strict=False):
        assert f'<div id="{anchor}" class="{pages.NOT_MADE}">' in text and "Not shown" in text
    assert shown[2:] in ([], [""])


def test_where_there_is_nothing_to_say_nothing_is_shown(monkeypatch):
    emitted = []
    monkeypatch.setattr(pages, "display", emitted.append)
    pages.show_sentence("", "")
    assert not emitted


def test_the_provenance_can_be_read_by_a_machine(page, shown):
    pages.show_provenance(page)
    attributes = Elements(shown[0]).found[0][1]
    assert attributes["data-protocol"] == "0123456789ab"


def test_an_explorer_of_withheld_counts_is_a_sentence(page, shown):
    frame = small.thresholds().frame.assign(flagged=pd.NA)
    pages.show_explorer(
        page, derive(small.thresholds().specification, lambda: frame), small.operating_point(), caption="Thresholds."
    )
    assert "too small to be published" in shown[0] and "<select" not in shown[0]


def test_the_explorer_is_a_table_without_script_and_labelled_controls_with_it():
    own = small.operating_point()
    html = threshold_explorer(small.thresholds(), own, caption="Thresholds", identity="explorer-1")
    elements = Elements(html)
    labels = {attributes["for"] for tag, attributes in elements.found if tag == "label"}
    controls = {attributes["id"] for tag, attributes in elements.found if tag in ("select", "input")}
    assert labels == controls and len(controls) == 2
    assert html.count('<th scope="row">') == 4 * 8  # four designs, seven thresholds and the model's own
    assert "\n\n" not in html and "http" not in html
    assert '"hidden"' in html or "hidden>" in html.split("</div>")[0].split("explorer-controls")[1]


def explorer_models(own) -> dict:
    html = threshold_explorer(small.thresholds(), own, caption="x", identity="e")
    return json.loads(re.search(r'<script type="application/json">(.*?)</script>', html)[1])


def test_the_explorer_holds_whole_children_of_a_thousand():
    # The highest threshold flags 10 of 1,000, 5 of them rightly; 45 of 50 are missed.
    point = explorer_models(small.operating_point())["structured-all_cases"]["points"][0]
    assert (point["threshold"], point["own"]) == ("0.990", False)
    assert [point[name] for name in COUNTS] == [10, 5, 5, 45]  # flagged, rightly, wrongly, missed
    assert "It finds 5 of the 50 with the outcome" in point["words"]


@pytest.mark.parametrize(("threshold", "place"), [(0.2, 5), (0.999, 0)])
def test_the_explorer_opens_at_the_models_own_threshold(threshold, place):
    """Thresholds are 0.99, 0.98, 0.95, 0.9, 0.8, 0.5 and 0; own is 0.2, or above them all."""
    frame = small.operating_point().frame.assign(threshold=threshold)
    own = derive(small.operating_point().specification, lambda: frame)
    model = explorer_models(own)["structured-all_cases"]
    assert model["own"] == (6 if place else 0) and model["points"][model["own"]]["own"]
    assert "the model’s own threshold" in model["points"][model["own"]]["words"]


def test_a_withheld_threshold_says_so_in_the_explorer():
    frame = small.operating_point().frame.assign(true_positives=pd.NA)
    own = derive(small.operating_point().specification, lambda: frame)
    model = explorer_models(own)["structured-all_cases"]
    assert "a withheld number rightly" in model["points"][model["own"]]["words"]


def test_a_model_card_opens_with_a_warning_and_says_what_the_models_are_for():
    problem, tables = small.PROTOCOL.problem("P6"), small.page_tables()
    card = model_card(problem, small.PROTOCOL, tables)
    assert "Not for use in decisions" in card.splitlines()[0] and "To measure how well such models do" in card
    assert "Not released." in model_card(problem, small.PROTOCOL, {})
    fields = transparency_fields(problem, small.PROTOCOL, tables, name="Anyborough")
    record = transparency_file(fields)
    assert "To be completed by the authority" in record and "Anyborough: Referral after early help" in record
    assert "0.40 (0.35 to 0.45)" in record


def grids(table, mark=0.39) -> str:
    names = {("LA1", "P6"): Cell("Referral", below=("P6 · LA1",)), ("LA2", "P3"): Cell("Not studied")}
    return prediction_grids(combine({("LA1", "P6"): table}), names, caption="x", anchor="a", mark=mark)


def test_a_grid_has_a_row_for_each_prediction_and_says_which_models_pass():
    """Average precisions 0.4, 0.35, 0.1, 0.2: the first passes a mark of 0.39, all of them one of 0.05, none 0.4."""
    first = grids(small.performance()).split(":::{tab-item}")[1]
    assert re.findall(r'number shaded" style="--shade: ([\d.]+)">([\d.]+)', first) == [
        ("0.40", "0.40"), ("0.35", "0.35"), ("0.10", "0.10"), ("0.20", "0.20")]  # fmt: skip
    assert first.count("<tr>") == 3 and "Not studied" not in first and "0.35 to 0.45" in first
    assert [grids(small.performance(), mark).count("✓ passes") for mark in (0.39, 0.05, 0.4)] == [1, 4, 0]


def test_a_withheld_model_is_marked_in_its_grid():
    first = grids(small.performance(cases=1000, positives=4, preset="dfe")).split(":::{tab-item}")[1]
    assert re.findall(r'<td class="number">([^<]*)</td>', first) == ["c"] * 4 and "passes" not in first


def test_the_measures_of_one_prediction_are_rows_of_one_grid(page, shown):
    table = with_published(small.performance(), "P6")
    pages.show_measures(page, table, caption="Every measure", mark=0.39)
    assert "<span>2 measures</span>" in shown[0] and shown[0].count('<th scope="row">') == 2
    assert "published" in shown[0] and "chance 0.05" in shown[0] and shown[0].count(">✓ passes<") == 1
    assert len(pd.read_csv(page.folder / "LA1-P1-performance.csv")) == 8


def test_the_transparency_record_can_be_submitted_as_a_file(page, shown):
    fields = transparency_fields(small.PROTOCOL.problem("P6"), small.PROTOCOL, small.page_tables(), name="Anyborough")
    pages.show_file(page, "transparency_record.csv", transparency_file(fields), words="The record")
    (written,) = page.folder.iterdir()
    rows = pd.read_csv(written)
    assert written.name in shown[0] and list(rows) == ["section", "field", "answer"] and rows.notna().all(axis=None)
    assert rows["answer"].iloc[0].endswith("version 4.0")
    assert len(rows) == 1 + sum(map(len, fields.values()))
    for section in ("3. Deployment context", "4.3 Development data", "4.4 Operational data"):
        assert rows["section"].str.startswith(section).any()
    assert {"Third party involvement", "Required training", "System-level input"} <= set(rows["field"])


def test_a_page_writes_only_in_its_own_folder(page, shown):
    pages.show_table(page, small.sample(), caption="x")
    pages.show_explorer(page, small.thresholds(), small.operating_point(), caption="x")
    assert {path.parent for path in Path(page.folder.parent).rglob("*") if path.is_file()} == {page.folder}


def test_in_a_notebook_editor_a_figure_shows_itself_without_the_book(page, monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", "problem.ipynb")
    emitted = []
    monkeypatch.setattr(pages, "display", emitted.append)
    pages.show_figure(page, "average_precision", small.performance(), caption="x")
    assert "data:image/svg+xml;base64," in emitted[0].data and "```" not in emitted[0].data


def test_a_record_of_another_day_is_not_called_published():
    nothing: frozenset[str] = frozenset()
    table = self_test_table(read_self_test())
    marks = badges_of(table, deviating=nothing, amended=nothing, added=nothing, registered=True)
    assert ["dated record" in mark for mark in marks] == [True]
