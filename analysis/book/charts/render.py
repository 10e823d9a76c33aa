"""Draw a chart as SVG, for a light page and for a dark one: the same bytes each time."""

import io
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager

import matplotlib as mpl
import matplotlib.style
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.text import Text

from analysis.book.charts.charts import CHARTS, Chart
from analysis.book.charts.marks import NARROW, ROW_NAME, narrow_columns
from analysis.book.charts.recolour import STYLES, recoloured
from analysis.disclosure import Released
from analysis.disclosure.released import draw_with
from analysis.errors import DisclosureError

THEMES = ("light", "dark")
WIDTHS = {"wide": 6.2, "narrow": 3.6}  # inches: a column of text, and the screen of a telephone
ROW, LINE_HEIGHT, AROUND = 0.44, 0.26, 0.75  # inches of a narrow drawing
ABOVE_ALL, KEY_LINE = 0.6, 0.15  # inches above it
CHARACTERS = 58  # that fit on a line of a narrow drawing
# Measured in DejaVu Sans, which is wider than any of these, so that nothing overlaps in the reader's own font.
FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, sans-serif"


def render(chart: Chart, released: Released, theme: str, width: str = "wide") -> str:
    """The chart as SVG text.

    Parameters
    ----------
    chart : Chart
    released : Released
        What is drawn; the chart must have something to draw.
    theme : {'light', 'dark'}
        Colours for a page of that background; the picture itself has none.
    width : {'wide', 'narrow'}
        For a column of text, or for a narrow screen: panels below one another, names above their rows.

    Returns
    -------
    str
        The same bytes for the same table.
    """
    with style(theme):
        buffer = io.StringIO()
        metadata = {"Date": None, "Creator": None, "Format": None, "Type": None}
        draw_figure(chart, released, width).savefig(buffer, format="svg", metadata=metadata)
    return buffer.getvalue().replace("'DejaVu Sans', sans-serif", FONTS).replace("'DejaVu Sans'", FONTS)


def render_themes(chart: Chart, released: Released, width: str) -> dict[str, str]:
    """The chart as SVG text for each of `THEMES`, drawn once where the second is the first in other colours.

    Parameters
    ----------
    chart : Chart
    released : Released
        What is drawn; the chart must have something to draw.
    width : {'wide', 'narrow'}

    Returns
    -------
    dict of str to str
        As `render` gives each.
    """
    light = render(chart, released, "light", width)
    return {"light": light, "dark": recoloured(light) or render(chart, released, "dark", width)}


def draw_figure(chart: Chart, released: Released, width: str) -> Figure:
    """The chart as a figure, in the style in force.

    Parameters
    ----------
    chart : Chart
    released : Released
        What is drawn.
    width : {"wide", "narrow"}

    Returns
    -------
    Figure
    """
    figure = Figure(figsize=(WIDTHS[width], chart.inches(released, narrow=width == "narrow")))
    FigureCanvasSVG(figure)
    chart.plot(released, _panels(figure, chart, released))
    if width == "narrow":
        _wrap_words(figure)
        _give_rows_room(figure)
    _fix_layout(figure)
    return figure


@contextmanager
def style(theme: str) -> Iterator[None]:
    """The book's style, in force while a chart is drawn."""
    base = dict(mpl.rcParamsDefault)
    base.pop("backend", None)
    with mpl.rc_context(base), mpl.style.context([STYLES / "study.mplstyle", STYLES / f"{theme}.mplstyle"]):
        yield


def _panels(figure: Figure, chart: Chart, released: Released) -> Axes | np.ndarray:
    """The panels in the shape in which the chart is drawn, wherever they stand on the page."""
    shape = chart.panels(released)
    if figure.get_figwidth() >= NARROW:
        return figure.subplots(*shape)
    down, across = chart.narrow_panels(released)
    panels = figure.subplots(down, across, squeeze=False)
    panels = panels.T if (across, down) == shape else panels.reshape(-1)[: shape[0] * shape[1]].reshape(shape)
    return panels if min(shape) > 1 else panels.ravel() if max(shape) > 1 else panels.item()


def _wrap_words(figure: Figure) -> None:
    """Break titles and the names of axes that are longer than a narrow drawing is wide or high."""
    for axes in figure.axes:
        share = axes.get_subplotspec().get_position(figure)
        axes.set_xlabel(_wrapped(axes.get_xlabel(), int(CHARACTERS * share.width)))
        titles = {axes.get_title(loc=where) for where in ("left", "center")}
        for text in axes.get_children():
            if isinstance(text, Text) and text.get_text() in titles:
                text.set_text(_wrapped(text.get_text(), int(CHARACTERS * share.width)))
        axes.set_ylabel(_wrapped(axes.get_ylabel(), int(CHARACTERS * share.height * figure.get_figheight() / 3.6)))
    for text in figure.texts:
        text.set_text(_wrapped(text.get_text(), CHARACTERS))


def _give_rows_room(figure: Figure) -> None:
    """Make the panels high enough for the names that stand above their rows."""
    grid, height = figure.axes[0].get_gridspec(), figure.get_figheight()
    needed = [0.0] * grid.nrows
    for axes in figure.axes:
        place = axes.get_subplotspec()
        names = [text.get_text() for text in axes.texts if text.get_gid() == ROW_NAME]
        lines = max((name.count("\n") for name in names), default=0)
        room = height * place.get_position(figure).height
        room = max(room, AROUND + len(names) * (ROW + LINE_HEIGHT * lines)) if names else room
        needed[place.rowspan.start] = max(needed[place.rowspan.start], room)
    if any(text.get_gid() == ROW_NAME for axes in figure.axes for text in axes.texts):
        grid.set_height_ratios(needed)
        legends = [*figure.legends, *filter(None, (axes.get_legend() for axes in figure.axes))]
        keys = [[text.get_text() for text in legend.get_texts()] for legend in legends]
        lines = sum(-(-len(names) // narrow_columns(names)) for names in keys)
        figure.set_figheight(sum(needed) + max(ABOVE_ALL, KEY_LINE * (lines + 1)))


def _fix_layout(figure: Figure) -> None:
    """Lay the panels out once and round their places: the solver's last digits differ from run to run."""
    figure.get_layout_engine().execute(figure)
    with mpl.rc_context({"figure.constrained_layout.use": False}):
        figure.set_layout_engine(None)  # none at all: with one, even an idle one, saving first draws for the layout
    for axes in figure.axes:
        axes.set_position([round(edge, 4) for edge in axes.get_position().bounds])


def _wrapped(words: str, characters: int) -> str:
    return "\n".join(textwrap.fill(line, max(characters, 16)) for line in words.splitlines())


@draw_with
def draw(released: Released, chart: str, axes=None):
    """Draw a released table in a notebook editor, in the style of the book's light pages; see `Released.plot`.

    Parameters
    ----------
    released : Released
    chart : str
        A key of `CHARTS`.
    axes : Axes or ndarray of Axes, optional
        To draw on; new ones by default.

    Raises
    ------
    ValueError
        If there is no chart of that name.
    DisclosureError
        If there is nothing to draw, with the reason.
    """
    if chart not in CHARTS:
        raise ValueError(f"no chart is called {chart!r}; choose one of {', '.join(sorted(CHARTS))}")
    kind = CHARTS[chart].suited_to(released)
    if missing := kind.missing(released):
        raise DisclosureError(f"chart {chart!r}", missing)
    from matplotlib import pyplot  # here, since only a notebook editor needs it

    with style("light"):
        if axes is None:
            size = (WIDTHS["wide"], kind.inches(released))
            _, axes = pyplot.subplots(*kind.panels(released), figsize=size)
        kind.plot(released, axes)
    return axes
