"""Draw a chart as SVG, for a light page and for a dark one: the same bytes each time."""

import io
from pathlib import Path

import matplotlib as mpl
import matplotlib.style
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from analysis.book.charts.charts import CHARTS, Chart
from analysis.disclosure import Released
from analysis.disclosure.released import draw_with
from analysis.errors import DisclosureError

STYLES = Path(__file__).parent
THEMES = ("light", "dark")
WIDTHS = {"wide": 6.2, "narrow": 3.6}  # inches: a column of text, and the screen of a telephone
# Measured in DejaVu Sans, which is wider than any of these, so that nothing overlaps in the reader's own font.
FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, sans-serif"


def render(chart: Chart, released: Released, theme: str, width: str = "wide") -> str:
    """The chart as SVG text.

    Parameters
    ----------
    theme : {'light', 'dark'}
        Colours for a page of that background; the picture itself has none.
    width : {'wide', 'narrow'}
        Narrow only for charts that have a drawing of their own for narrow screens.
    """
    plot = chart.plot if width == "wide" else chart.narrow
    base = dict(mpl.rcParamsDefault)
    base.pop("backend", None)
    with mpl.rc_context(base), mpl.style.context([STYLES / "study.mplstyle", STYLES / f"{theme}.mplstyle"]):
        figure = Figure(figsize=(WIDTHS[width], chart.inches(released, narrow=width == "narrow")))
        canvas = FigureCanvasSVG(figure)
        plot(released, figure.subplots(*chart.panels(released)))
        buffer = io.StringIO()
        metadata = {"Date": None, "Creator": None, "Format": None, "Type": None}
        canvas.figure.savefig(buffer, format="svg", metadata=metadata)
    return buffer.getvalue().replace("'DejaVu Sans', sans-serif", FONTS).replace("'DejaVu Sans'", FONTS)


@draw_with
def draw(released: Released, chart: str, axes=None):
    """Draw a released table in a notebook editor, in the style of the book's light pages; see `Released.plot`."""
    if chart not in CHARTS:
        raise ValueError(f"no chart is called {chart!r}; choose one of {', '.join(sorted(CHARTS))}")
    kind = CHARTS[chart]
    if missing := kind.missing(released):
        raise DisclosureError(f"chart {chart!r}", missing)
    from matplotlib import pyplot  # here, since only a notebook editor needs it

    with mpl.style.context([STYLES / "study.mplstyle", STYLES / "light.mplstyle"]):
        if axes is None:
            size = (WIDTHS["wide"], kind.inches(released))
            _, axes = pyplot.subplots(*kind.panels(released), figsize=size)
        kind.plot(released, axes)
    return axes
