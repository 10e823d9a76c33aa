"""Every chart is drawn from a released table, the same each time, and can be read without being seen."""

import dataclasses
import inspect
import re
import xml.etree.ElementTree as ElementTree
from functools import cache

import next_tables
import numpy as np
import pandas as pd
import pytest
import score_tables
import small_tables as small
from matplotlib.figure import Figure

from analysis.book.charts import CHARTS
from analysis.book.charts import subgroups as subgroup_charts
from analysis.book.charts.learning import joint_with_verdicts, with_verdicts
from analysis.book.charts.marks import PALE, strengths
from analysis.book.charts.marks import key as key_of
from analysis.book.charts.recolour import recoloured
from analysis.book.charts.render import THEMES, WIDTHS, draw_figure, render, render_themes, style
from analysis.book.sentences.words import label
from analysis.disclosure import Released
from analysis.disclosure.catalogue import key
from analysis.disclosure.derive import derive
from analysis.study.evidence_files import read_fresh_worlds, read_self_test
from analysis.tables.agreement import worlds_beside
from analysis.tables.flags import flags
from analysis.tables.front import published_front
from analysis.tables.results_table import results_table, with_mark
from analysis.tables.self_test import self_test_table
from analysis.tables.slopes import slopes
from analysis.tables.summaries import (
    england_summary,
    joint,
    metric_choice,
    poll,
    subgroup_gaps,
    timeline,
    with_chance,
    with_published,
    with_titles,
)
from analysis.tables.uses import risk_by_outcome

TITLES = {name: prediction.title for name, prediction in small.PROTOCOL.predictions.items()}
TWO_SCORED = (("LA2", "P3"), ("LA2", "P4"))


def joint_flags(world) -> Released:
    return flags(joint(world, "operating_point"), joint(world, "early_outcomes"))


@cache
def table_for(name: str) -> Released:
    page, world = small.page_tables(), small.world()
    tables = {
        "average_precision": lambda: with_published(page["performance"], "P3"),
        "precision_recall_curve": lambda: with_chance(page["precision_recall_curve"], page["performance"]),
        "confusion_per_100": lambda: flags(page["operating_point"], page["early_outcomes"]),
        "joint_confusion_per_100": lambda: joint_flags(world),
        "auc_by_half_year": lambda: joint(world, "half_years"),
        "risk_by_outcome": lambda: risk_by_outcome(page["thresholds"]),
        "text_v_structured": lambda: joint(world, "comparisons"),
        "earlier_v_all": lambda: joint(world, "time_parts"),
        "beyond_four_variables": lambda: joint(world, "yardsticks"),
        "agreed": lambda: joint(world, "equally_good"),
        "joint_dependence": lambda: joint(world, "dependence"),
        "subgroup_gaps": lambda: subgroup_gaps(world, "auc"),
        "learning_curves": lambda: with_verdicts(page["learning_curves"], page["learning_curve_verdicts"]),
        "slopes": lambda: slopes(world, small.LEFT_OUT, margin=0.01, level=0.95),
        "timeline": lambda: timeline(small.PROTOCOL.predictions, world),
        "metric_choice": lambda: metric_choice(world, small.S_ALL),
        "front": lambda: published_front(small.PROTOCOL),
        "against_mark": lambda: with_mark(results_table(world, small.LEFT_OUT), small.PROTOCOL),
        "published_v_run": lambda: england_summary(world),
        "worlds_beside": lambda: worlds_beside(england_summary(world), read_fresh_worlds(), small.LEFT_OUT, mark=0.65),
        "poll": lambda: poll("uses", level=0.95),
        "spread": next_tables.spread_table,
        "league": next_tables.league_table,
        "transport": next_tables.transport_table,
        "use_of_models": next_tables.use_table,
        "self_test": lambda: self_test_table(read_self_test()),
        "score_accuracy": score_tables.accuracy_table,
        "score_comparisons": lambda: score_tables.joint("score_comparisons"),
        "score_per_100": lambda: score_tables.joint("operating_point"),
        "score_calibration": lambda: score_tables.joint("calibration", TWO_SCORED),
        "score_decision_curve": lambda: score_tables.joint("decision_curve", TWO_SCORED),
        "score_subgroups": lambda: score_tables.joint("subgroups", TWO_SCORED),
    }
    return tables.get(name, lambda: page[name])()


OURS = [name for name in CHARTS if not name.startswith("network")]


@cache
def drawing(name: str, theme: str, width: str) -> str:
    return render(CHARTS[name], table_for(name), theme, width)


@pytest.mark.parametrize("name", OURS)
def test_a_chart_is_drawn_with_the_same_bytes_each_time_and_for_dark_pages_in_other_colours_alone(name):
    for width in WIDTHS:
        light, dark = (drawing(name, theme, width) for theme in THEMES)
        assert render_themes(CHARTS[name], table_for(name), width) == {"light": light, "dark": dark}
        assert light != dark and light.count("<path") == dark.count("<path")
        assert [e.text for e in texts(light)] == [e.text for e in texts(dark)]
        assert not any(trace in light for trace in ("<dc:date>", "<image", "http://matplotlib"))


def test_a_drawing_is_recoloured_only_where_that_is_all_there_is_to_do():
    light = drawing("roc_curve", "light", "wide")
    marker = re.search(r'<path id="(m[0-9a-f]{10})"', light)[1]
    assert recoloured(light) and marker not in recoloured(light)
    assert recoloured(light.replace("#0b6aa8", "#0b6aa9")) is None  # a colour that is not of the style
    assert recoloured(light.replace(marker, "m0123456789")) is None  # named otherwise than we know of
    hatched = drawing("confusion_per_100", "light", "wide")
    assert recoloured(hatched)
    assert recoloured(hatched.replace(re.search(r'<pattern id="(\w+)"', hatched)[1], "h0123456789")) is None


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", OURS)
def test_nothing_of_a_chart_stands_outside_the_picture(name, width):
    with style("light"):
        figure = draw_figure(CHARTS[name], with_titles(table_for(name), TITLES), width)
        figure.draw_without_rendering()
        drawn, (wide, high) = figure.get_tightbbox(), figure.get_size_inches()
    slack = 0.03  # inches
    assert min(drawn.x0, drawn.y0) >= -slack and drawn.x1 <= wide + slack and drawn.y1 <= high + slack, drawn


@pytest.mark.parametrize("reason", ["no: leakage found", "no: not registered"])
def test_the_key_gives_no_reason_for_a_pale_mark_for_there_are_two(reason):
    axes = Figure().subplots()
    assert list(strengths(pd.Series(["yes", reason]), axes)) == [1, PALE]
    assert axes.get_legend_handles_labels()[1] == ["pale: left out of the verdict"]


def texts(svg: str):
    return ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")


@pytest.mark.parametrize("name", OURS)
def test_a_chart_says_its_main_reading_in_words(name):
    description = CHARTS[name].describe(table_for(name))
    assert len(description) > 40
    assert description.endswith(".") and "nan" not in description.lower() and "<NA>" not in description
    assert any(character.isdigit() for character in description) or "nothing" in description


@pytest.mark.parametrize("name", OURS)
def test_a_chart_with_nothing_to_draw_is_a_sentence(name):
    chart, table = CHARTS[name], table_for(name)
    assert chart.missing(table) is None
    first_column = table.frame.columns[0]
    assert "nothing to draw" in chart.missing(table.where(**{first_column: "no such row"}))


def test_a_withheld_chart_is_a_sentence():
    """Of 1,000 cases 3 positives: under the rule that hides 1 to 5, no rate can be drawn."""
    table = small.outcome_by_year(cases=(1000, 1000), positives=(3, 4), preset="dfe")
    assert "too small" in CHARTS["outcome_by_year"].missing(table)


@pytest.mark.parametrize(("hidden", "drawn"), [("text_v_structured", False), ("earlier_v_all", True)])
def test_a_chart_of_one_comparison_does_not_look_at_the_other(hidden, drawn):
    """All of one comparison is withheld and none of the other: the chart of text is a sentence, or is drawn."""
    table = small.comparisons()
    ends = ["difference", "first_average_precision", "second_average_precision"]
    frame = table.frame.assign(**{end: table.frame[end].mask(table.frame["comparison"].eq(hidden)) for end in ends})
    withheld = derive(table.specification, lambda _: frame, table)
    chart = CHARTS["text_v_structured"]
    if drawn:
        render(chart, withheld, "light")
    assert (chart.missing(withheld) is None) == drawn


@pytest.mark.parametrize("name", ["metric_choice", "joint_confusion_per_100", "learning_curves"])
def test_one_prediction_studied_by_several_authorities_is_told_apart(name):
    tables = next(iter(small.world().values()))
    world = {(authority, "P7"): tables for authority in ("Eastshire", "Westshire")}
    table = {
        "metric_choice": lambda: metric_choice(world, small.T_ALL),
        "joint_confusion_per_100": lambda: joint_flags(world),
        "learning_curves": lambda: joint_with_verdicts(world),
    }[name]()
    drawn = " ".join(e.text for e in texts(render(CHARTS[name], table, "light")))
    assert "P7 · Eastshire" in drawn and "P7 · Westshire" in drawn


@pytest.mark.parametrize("name", ["score_calibration", "score_decision_curve", "score_subgroups"])
@pytest.mark.parametrize("scored", [1, 3])
def test_a_tool_has_a_panel_or_a_mark_for_each_prediction_that_it_scored(name, scored):
    problems = [("LA4", f"P{number}") for number in range(6, 6 + scored)]
    table = score_tables.joint(name.removeprefix("score_"), problems)
    for width in WIDTHS:
        drawn = " ".join("".join(e.itertext()) for e in texts(render(CHARTS[name], table, "light", width)))
        named = name != "score_subgroups" or scored > 1
        assert all(drawn.count(f"{outcome} · LA4") == named for _, outcome in problems)


def test_subgroups_are_shown_for_the_design_of_which_most_can_be_shown():
    table = small.subgroups()
    frame = table.frame.assign(recall=table.frame["recall"].mask(table.frame["design"].ne(small.S_EARLIER)))
    drawn = " ".join(
        e.text for e in texts(render(CHARTS["subgroups"], derive(table.specification, lambda: frame), "light"))
    )
    assert "structured data, earlier cases" in drawn and "withheld" not in drawn


def test_of_many_models_the_gaps_are_bars_that_hold_nine_in_ten(monkeypatch):
    few = table_for("subgroup_gaps")

    def of_21_models(frame):
        frame = frame.astype({"gap": float})
        return pd.concat([frame.assign(gap=frame["gap"] + apart / 100) for apart in range(21)])

    many, chart = derive(few.specification, of_21_models, few), CHARTS["subgroup_gaps"]
    monkeypatch.setattr(subgroup_charts, "MOST_DOTS", len(few.frame))
    with style("light"):
        (axes,) = draw_figure(chart, many, "wide").axes
    gaps = many.frame.groupby(["characteristic", "subgroup"])["gap"]
    ends = np.column_stack([gaps.quantile(0.05).dropna(), gaps.quantile(0.95).dropna()])
    lines = [collection for collection in axes.collections if hasattr(collection, "get_segments")]
    bars = np.array([segment[:, 0] for drawn in lines for segment in drawn.get_segments()])
    assert np.allclose(np.sort(bars, axis=0), np.sort(ends, axis=0)) and (ends[:, 0] < ends[:, 1]).all()
    assert chart.describe(many).startswith("Bars that hold nine in ten models")
    assert chart.describe(few).startswith("Dots, one for each model")


def test_a_chart_of_a_table_withheld_whole_does_not_say_that_there_was_nothing():
    table = small.outcome_by_year(cases=(1000, 1000), positives=(3, 4), preset="dfe")
    words = CHARTS["outcome_by_year"].missing(table.where(year="none of them"))
    assert "withheld" in words and "no rows" not in words


def test_a_partly_withheld_chart_is_drawn():
    table = small.outcome_by_year(cases=(1000, 1000, 1000), positives=(30, 3, 40), preset="dfe")
    svg = render(CHARTS["outcome_by_year"], table, "light")
    assert [e.text for e in texts(svg)].count("c") == 1


def test_one_design_alone_is_drawn():
    table = small.performance().where(design=small.T_EARLIER)
    assert "text and structured data" in CHARTS["average_precision"].describe(table)
    render(CHARTS["average_precision"], table, "dark")


def test_the_joint_learning_curves_have_a_panel_for_each_model():
    world = dict(list(small.world().items())[:2])
    table = joint_with_verdicts(world)
    # 2 problems x 4 designs in rows of four
    assert CHARTS["learning_curves"].panels(table) == (2, 4)
    assert "four are rising" in CHARTS["learning_curves"].describe(table)


def test_a_curve_whose_companion_is_withheld_is_named():
    points, verdicts = small.learning()
    rows = points.frame.copy()
    rows.loc[rows["curve"].eq("training"), "average_precision"] = np.nan
    alone = with_verdicts(dataclasses.replace(points, frame=rows), verdicts)
    named = {e.text for e in texts(render(CHARTS["learning_curves"], alone, "light"))}
    assert "on validation cases" in named and "on training cases" not in named


def test_what_is_drawn_is_what_is_written(tmp_path):
    """Every value label of the chart is a value of the table."""
    table = small.performance(average_precision=(0.41, 0.32, 0.13, 0.24))
    drawn = {e.text for e in texts(render(CHARTS["average_precision"], table, "light"))}
    assert {"0.41 (0.36 to 0.46)", "0.32 (0.27 to 0.37)", "0.13 (0.08 to 0.18)", "0.24 (0.19 to 0.29)"} <= drawn


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", OURS)
def test_a_chart_stands_gaps_anywhere(name, seed):
    """A third of all numbers withheld, at random: whatever is left is drawn and described."""
    table = with_gaps(table_for(name), seed)
    chart = CHARTS[name]
    if chart.missing(table) is None:
        ElementTree.fromstring(render(chart, table, "light"))
        assert "nan" not in chart.describe(table).lower().replace("finance", "")


def with_gaps(table: Released, seed: int) -> Released:
    random = np.random.default_rng(seed)
    frame = table.frame.copy()
    columns = [c.name for role in ("count", "rate", "measure") for c in table.specification.named(role)]
    for column in columns:
        values = frame[column].astype("Float64")
        frame[column] = values.mask(random.random(len(frame)) < 1 / 3)
    text = [c for c in ("authority", "outcome") if c in frame and c not in table.specification.column_names]
    specification = dataclasses.replace(
        table.specification, columns=(*(key(name, name) for name in text), *table.specification.columns)
    )
    return derive(specification, lambda: frame)


@pytest.mark.parametrize("name", ["text_v_structured", "earlier_v_all"])
def test_every_prediction_stands_in_both_panels(name):
    """Named once, at the left, for rows of the same height."""
    with style("light"):
        figure = draw_figure(CHARTS[name], table_for(name), "wide")
    left, right = figure.axes[:2]
    assert [words.get_text().split()[0] for words in left.get_yticklabels()] == [f"P{n}" for n in range(1, 9)]
    for panel in (left, right):
        lines = [line.get_ydata() for line in panel.lines]
        dots = [np.asarray(collection.get_offsets())[:, 1] for collection in panel.collections]
        drawn = np.concatenate([*lines, *dots]).astype(float)
        assert {round(y) for y in drawn[np.isfinite(drawn)]} >= set(range(8))
        assert panel.get_ylim() == left.get_ylim()


def test_a_chart_without_a_published_value_does_not_blame_small_groups():
    said = CHARTS["published_v_run"].missing(england_summary({("Anyborough", "P9"): small.page_tables()}))
    assert said == "There is nothing to draw here: nothing was published to set beside these results."


def test_bands_of_risk_of_which_every_threshold_is_withheld_are_a_sentence():
    """As in an extract too small for any threshold to be printed."""
    none = risk_by_outcome(small.page_tables()["thresholds"].where(design="none"))
    assert none.frame.empty and CHARTS["risk_by_outcome"].missing(none.as_written())
    assert "too small" in CHARTS["risk_by_outcome"].read(none)


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_shown_as_code_names_no_design_of_its_own(name):
    """Its page prints its code, also where the authority supplied no documents and nothing reads text."""
    assert label("text_and_structured") not in inspect.getsource(CHARTS[name].plot)


def test_slopes_of_structured_data_alone_are_named_without_text():
    both = table_for("slopes")
    alone = both.without(design="text_and_structured-all_cases").without(design="text_and_structured-earlier_cases")
    said = [[text.text for text in texts(render(CHARTS["slopes"], table, "light"))] for table in (both, alone)]
    assert [any("text and structured" in line for line in lines) for lines in said] == [True, False]


def test_a_key_of_one_panel_leaves_the_others_their_width_on_a_narrow_screen():
    with style("light"):
        figure = Figure(figsize=(WIDTHS["narrow"], 6), layout="constrained")
        panels = figure.subplots(3, 1)
        for panel in panels:
            panel.plot([0, 1], [0, 1], label="predictors of the whole life")
        key_of(panels[0], left=-0.35, ncols=1)
        figure.draw_without_rendering()
    assert min(panel.get_position().width for panel in panels) > 0.6
