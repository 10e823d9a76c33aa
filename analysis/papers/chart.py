"""The chart of the book's first page as a picture for papers, and its words."""

import io

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from analysis.book.charts import CHARTS
from analysis.book.charts.marks import FOURTH
from analysis.book.charts.render import draw_figure, style
from analysis.book.sentences.tiles import Tile
from analysis.claims.front_page import chart_title
from analysis.disclosure import Released
from analysis.papers.facts import Facts, plain

CHART = CHARTS["front"]
DOTS_PER_INCH = 200  # sharp on paper, some 100 kB
CARD = (12.0, 6.3)  # inches at 100 dots: the size that pages which show a link expect


def finding(facts: Facts) -> str:
    """What the chart shows, as its title."""
    return plain(chart_title(facts.models))


def can_be_drawn(models: Released) -> bool:
    """Whether there is a model to draw."""
    return not CHART.missing(models)


def chart_picture(models: Released) -> bytes:
    """Each model's score beside the pass mark, as a PNG on white."""
    with style("light"):
        return _as_png(draw_figure(CHART, models.as_written(), "wide"), DOTS_PER_INCH)


def chart_words(models: Released) -> str:
    """The chart for those who cannot see it."""
    return CHART.describe(models.as_written())


def link_card(facts: Facts) -> bytes:
    """The picture that stands for the book where somebody shares its address: the question, the answer, the chart."""
    with style("light"):
        figure = Figure(figsize=CARD)
        figure.set_layout_engine("none")
        bold, _ = facts.answer
        figure.text(0.05, 0.87, facts.cited.title, fontsize=21, fontweight="bold")
        figure.text(0.05, 0.77, bold, fontsize=21)
        figure.text(0.05, 0.04, facts.source, fontsize=12)
        if facts.models is not None and can_be_drawn(facts.models):
            CHART.plot(facts.models.as_written(), figure.add_axes((0.27, 0.2, 0.68, 0.5)))
        return _as_png(figure, 100)


def dots_picture(tile: Tile) -> bytes:
    """A share as a row of dots, as many as children, those counted filled."""
    with style("light"):
        figure = Figure(figsize=(0.42 * tile.of, 0.42))
        figure.set_layout_engine("none")
        axes = figure.add_axes((0, 0, 1, 1))
        filled = ["counted" if number < tile.count else "not" for number in range(tile.of)]
        colours = {"counted": (FOURTH, FOURTH), "not": ("white", FOURTH)}
        for number, kind in enumerate(filled):
            inside, edge = colours[kind]
            axes.plot(number, 0, "o", markersize=20, markerfacecolor=inside, markeredgecolor=edge, markeredgewidth=1.6)
        axes.set(xlim=(-0.5, tile.of - 0.5), ylim=(-0.5, 0.5))
        axes.set_axis_off()
        return _as_png(figure, DOTS_PER_INCH)


def _as_png(figure: Figure, dots_per_inch: int) -> bytes:
    FigureCanvasAgg(figure)
    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=dots_per_inch, facecolor="white", metadata={"Software": None})
    return picture.getvalue()
