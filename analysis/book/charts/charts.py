"""What every chart of the book is: how it is drawn, what it says, and when it must not be drawn."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from analysis.book.charts.strips import Strip
from analysis.book.sentences.words import MOST_NAMED
from analysis.disclosure import Released
from analysis.disclosure.derive import PUBLISHED


@dataclass(frozen=True)
class Chart:
    """One kind of chart.

    Attributes
    ----------
    name : str
        Its name in `CHARTS`, and the default name of a figure on a page.
    plot : callable
        ``plot(released, axes)`` draws on one axes, or on an array of them where `panels` gives several.
    describe : callable
        ``describe(released) -> str``: the text for those who cannot see it, with its main reading.
    draws : tuple of str
        Columns without which nothing can be drawn; rows in which all of them are missing were withheld.
    height : float or callable
        Height in inches, or ``height(released)``.
    panels : callable
        ``panels(released) -> (rows, columns)``.
    of : callable
        ``of(released)``: the rows it draws, where it draws only some.
    read : callable, optional
        ``read(released) -> str``: the one sentence under the figure; by default `describe`.
    narrow_columns : int or callable
        Panels beside one another on a narrow screen.
    strip : Strip, optional
        How it is drawn where there are more authorities than can be shown one by one.
    drawn_by : callable, optional
        What draws it, if not `plot` itself.
    """

    name: str
    plot: Callable
    describe: Callable[[Released], str]
    draws: tuple[str, ...]
    height: float | Callable[[Released], float] = 3.4
    panels: Callable[[Released], tuple[int, int]] = field(default=lambda released: (1, 1))
    of: Callable[[Released], Released] = field(default=lambda released: released)
    read: Callable[[Released], str] | None = None
    narrow_columns: int | Callable[[Released], int] = 1
    strip: Strip | None = None
    drawn_by: Callable | None = None

    @property
    def code(self) -> Callable:
        """The function that a reader is shown as the one that draws it."""
        return self.drawn_by or self.plot

    def suited_to(self, released: Released) -> "Chart":
        """This chart, or the same as strips of dots where the table is of more authorities than can be named."""
        if self.strip is None or self.strip.authorities(released) <= MOST_NAMED:
            return self
        strip = self.strip
        return replace(
            self,
            plot=lambda whole, axes: strip.plot(self.of(whole), axes),
            describe=lambda whole: f"{strip.describe(self.of(whole))} {self.reading(whole)}",
            height=lambda whole: strip.height(self.of(whole)),
            panels=lambda whole: (1, 1),
            read=self.reading,
            narrow_columns=1,
            drawn_by=strip.plot,
        )

    def inches(self, released: Released, *, narrow: bool = False) -> float:
        """Height of the drawing in inches, of which a narrow one needs more, its panels standing below one another.

        Parameters
        ----------
        released : Released
            What is drawn.
        narrow : bool
            Whether it is drawn for a narrow screen.

        Returns
        -------
        float
        """
        height = self.height(released) if callable(self.height) else self.height
        if not narrow:
            return height
        return height * self.narrow_panels(released)[0] / self.panels(released)[0]

    def narrow_panels(self, released: Released) -> tuple[int, int]:
        """(rows, columns) of panels on a narrow screen."""
        columns = self.narrow_columns(released) if callable(self.narrow_columns) else self.narrow_columns
        down, across = self.panels(released)
        return -(-down * across // columns), columns

    def reading(self, released: Released) -> str:
        """The sentence under the figure."""
        return (self.read or self.describe)(released)

    def missing(self, released: Released) -> str | None:
        """The sentence that stands in for a chart which would be empty; None if there is something to draw."""
        frame = self.of(released).frame
        if frame.empty and released.notes:
            return "This chart is not drawn: its table was withheld, in whole or in all its rows."
        if released.preset == PUBLISHED and frame[list(self.draws)].isna().any(axis=1).all():
            return "There is nothing to draw here: this run has no result to set beside what was published."
        if frame.empty:
            return "There is nothing to draw here: the analysis made no rows for this chart."
        if self._lacks_only_a_setting(released):
            return "There is nothing to draw here: nothing was published to set beside these results."
        if frame[list(self.draws)].isna().any(axis=1).all():
            return "This chart is not drawn: the groups behind it are too small for their results to be published."
        return None

    def _lacks_only_a_setting(self, released: Released) -> bool:
        """Whether there are results, but in no row the setting (a published value) that they are drawn against."""
        rows, settings = self.of(released).frame, {c.name for c in released.specification.named("setting")}
        fixed, measured = ([n for n in self.draws if (n in settings) is given] for given in (True, False))
        with_results = rows[rows[measured].notna().all(axis=1)]
        return bool(fixed) and len(with_results) > 0 and bool(with_results[fixed].isna().any(axis=1).all())


CHARTS: dict[str, Chart] = {}


def chart(name: str, *, describe: Callable[[Released], str], draws: tuple[str, ...], **layout):
    """Register the function below as the chart of this name.

    Each takes a released table that has something to draw (`Chart.missing` gives None), and one axes, or an array of
    them where `panels` gives several. It draws on them, with statistics that are already in the table, and gives
    nothing back.

    Parameters
    ----------
    name : str
        By which a page asks for it.
    describe : callable
        The text for those who cannot see it.
    draws : tuple of str
        Columns without which nothing can be drawn.
    **layout
        Further attributes of `Chart`.

    Returns
    -------
    callable
        A decorator that leaves the function as it is.
    """

    def register(plot: Callable) -> Callable:
        CHARTS[name] = Chart(name, plot, describe, draws, **layout)
        return plot

    return register
