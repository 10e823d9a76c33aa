"""Charts of more authorities than can be named: strips of dots, and for a few authorities the chart as it was."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from test_charts import table_for

from analysis.book.charts import CHARTS
from analysis.book.charts.marks import ROW_NAME, number_array
from analysis.book.charts.render import draw_figure, render, style
from analysis.book.sentences.words import MOST_NAMED
from analysis.disclosure.catalogue import key
from analysis.disclosure.derive import derive
from analysis.tables.next_authority import BY_T, ONE_RESULT, SPREAD
from analysis.tables.summaries import with_titles

DESIGN = "structured-all_cases"


def spread_of(authorities: int):
    draw = np.random.default_rng(0)
    rows = [
        {"row": ONE_RESULT, "authority": f"A{number}", "outcome": outcome, "design": DESIGN,
         "auc": draw.uniform(0.5, 0.9), "in_verdict": "yes"}
        for number in range(authorities) for outcome in ("P1", "P2")
    ]  # fmt: skip
    rows.append({"row": BY_T, "authority": "", "outcome": "", "auc": 0.7, "auc_low": 0.41, "auc_high": 0.92})
    return derive(SPREAD, lambda: pd.DataFrame(rows).reindex(columns=list(SPREAD.column_names)))


def test_a_few_authorities_are_drawn_one_by_one_as_before():
    few = spread_of(MOST_NAMED)
    assert CHARTS["spread"].suited_to(few) is CHARTS["spread"]


def test_every_authority_has_a_dot_and_each_prediction_its_median():
    many = spread_of(60)
    chart = CHARTS["spread"].suited_to(many)
    with style("light"):
        (axes,) = draw_figure(chart, many, "wide").axes
    single = many.frame[many.frame["row"].eq(ONE_RESULT)]
    dots = [line for line in axes.lines if line.get_linestyle() == "None"]
    strokes = [line.get_xdata()[0] for line in axes.lines if len(line.get_xdata()) == 2 and line.get_linewidth() == 2]
    for (_, part), dot, stroke in zip(single.groupby("outcome"), dots, strokes, strict=True):
        assert sorted(dot.get_xdata()) == sorted(part["auc"].astype(float))
        assert stroke == pytest.approx(sorted(part["auc"])[29] / 2 + sorted(part["auc"])[30] / 2)


def test_the_interval_for_the_next_authority_stands_below_the_strips():
    many = spread_of(60)
    with style("light"):
        (axes,) = draw_figure(CHARTS["spread"].suited_to(many), many, "wide").axes
    (bar,) = axes.patches
    assert (bar.get_x(), bar.get_x() + bar.get_width()) == pytest.approx((0.41, 0.92))
    assert "0.41 to 0.92" in [text.get_text() for text in axes.texts]


def test_each_row_is_called_by_its_predictions_title():
    many = with_titles(spread_of(60), {"P1": "Re-referral", "P2": "Escalation of an open case"})
    with style("light"):
        (axes,) = draw_figure(CHARTS["spread"].suited_to(many), many, "wide").axes
    names = [" ".join(tick.get_text().split()) for tick in axes.get_yticklabels()]
    assert names[:2] == ["P1 Re-referral", "P2 Escalation of an open case"] and len(names) == 3


def test_a_drawing_is_as_high_for_a_country_as_for_a_dozen_authorities():
    dozen, country = spread_of(12), spread_of(153)
    chart = CHARTS["spread"]
    assert chart.suited_to(country).inches(country) == chart.suited_to(dozen).inches(dozen) < 4
    assert chart.inches(country) > 100


def test_what_is_said_counts_the_authorities_and_the_same_table_gives_the_same_bytes():
    many = spread_of(60)
    chart = CHARTS["spread"].suited_to(many)
    assert "one for each of 60 authorities" in chart.describe(many)
    assert render(chart, many, "dark", "narrow") == render(chart, many, "dark", "narrow")


def of_many(table, strip, authorities: int = 12):
    """The table once for each of so many authorities, with what a table of one prediction lacks."""
    described = table.specification.column_names
    more = tuple(key(name, name) for name in ("authority", "outcome") if name not in described)
    if "prediction" in described:
        more = tuple(column for column in more if column.name != "outcome")
    specification = dataclasses.replace(table.specification, columns=(*more, *table.specification.columns))

    def copies(frame: pd.DataFrame) -> pd.DataFrame:
        frame = frame.assign(**{column.name: frame.get(column.name, "P1") for column in more})
        together = strip.summary(frame) if strip.summary else pd.Series(False, index=frame.index)
        copied = [frame[~together].assign(authority=f"A{number}") for number in range(authorities)]
        return pd.concat([*copied, frame[together]], ignore_index=True)

    return derive(specification, copies, table)


@pytest.mark.parametrize("name", sorted(name for name, chart in CHARTS.items() if chart.strip))
def test_each_chart_of_many_authorities_has_a_dot_for_every_value(name):
    many = of_many(table_for(name), CHARTS[name].strip)
    chart = CHARTS[name].suited_to(many)
    assert chart is not CHARTS[name] and not chart.missing(many)
    with style("light"):
        (axes,) = draw_figure(chart, many, "wide").axes
    strip, frame = chart.strip, chart.strip.of(chart.of(many).frame)
    if strip.summary:
        frame = frame[~strip.summary(frame)]
    known = number_array(strip.value(frame) if callable(strip.value) else frame[strip.value])
    dots = [line for line in axes.lines if line.get_linestyle() == "None"]
    assert sum(len(line.get_xdata()) for line in dots) == np.isfinite(known).sum() > 0
    assert chart.inches(many) < 12 and "12 authorities" in chart.describe(many)


@pytest.mark.parametrize("name", sorted(name for name, chart in CHARTS.items() if chart.strip))
def test_no_dot_stands_behind_the_name_of_a_row_on_a_telephone(name):
    many = of_many(table_for(name), CHARTS[name].strip)
    with style("light"):
        figure = draw_figure(CHARTS[name].suited_to(many), many, "narrow")
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        (axes,) = figure.axes
    names = [text.get_bbox_patch().get_window_extent() for text in axes.texts if text.get_gid() == ROW_NAME]
    dots = [line for line in axes.lines if line.get_linestyle() == "None" and len(line.get_xdata())]
    assert names and dots
    places = np.concatenate([axes.transData.transform(line.get_xydata()) for line in dots])
    hidden = [box.count_contains(places) for box in names]
    assert sum(hidden) == 0 and places[:, 1].min() >= axes.bbox.y0


def test_an_axes_of_ones_own_is_drawn_on():
    many = spread_of(20)
    axes = Figure().subplots()
    CHARTS["spread"].suited_to(many).plot(many, axes)
    assert axes.lines
