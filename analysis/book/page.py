"""What a notebook calls to show something: a figure, a table, a sentence, a badge, where it all comes from.

Everything is emitted as MyST Markdown, so that captions and alternative texts can be computed, and only from
Released tables. Beside each figure and table lie its data as CSV.
"""

import base64
import inspect
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from IPython.display import HTML, Markdown, display

from analysis.book.badges import badges
from analysis.book.charts import CHARTS, Chart
from analysis.book.charts.render import WIDTHS, render, render_themes
from analysis.book.explorer import describe_thresholds, threshold_explorer
from analysis.book.page_files import write_page_text, write_table
from analysis.book.sentences.grid import GRID_NOTE, measure_grid, prediction_grids
from analysis.book.sentences.table import released_table, table_note
from analysis.book.sentences.words import count
from analysis.disclosure import Released
from analysis.escape import as_html, as_myst, as_option
from analysis.html_table import Cell
from analysis.tables.summaries import with_titles

FOLDED_ABOVE = 16  # rows: a longer table waits behind its caption, so that the page can be read


@dataclass(frozen=True)
class Shown:
    """What was shown, as Markdown or HTML. As the last value of a cell it is not shown a second time."""

    text: str

    def __str__(self) -> str:
        return self.text

    def _ipython_display_(self) -> None:
        """It has been shown."""


NOT_DRAWN = "There is no picture of it in a book of so many pages; its numbers are in the file below."
NOT_RELEASED = "**{caption}** Not shown: no table of this kind was released in this run."
AN_EXTRACT = "an authority's own extract"
NOT_MADE = "not-made"
"""The class of a place in the book that this run could not fill."""


@dataclass(frozen=True)
class Page:
    """The page a notebook makes.

    Attributes
    ----------
    slug : str
        Such as "LA1/P1"; the page's files lie under `/_files/<slug>/` in the book.
    folder : pathlib.Path
        Where those files are written: `build/book/_files/<slug>/`.
    source : str
        The notebook's text in the repository, such as "book/notebooks/prediction.md".
    data_is_synthetic : bool
    provenance : mapping of str to str
        What the page was made from: data fingerprint, code version, protocol hash ...
    deviating : frozenset of str
        Sections of the protocol in which the run deviates from what was registered.
    amended : frozenset of str
        Sections that a later version of the protocol added.
    added : frozenset of str
        Predictions of the run that were not registered: whatever is said of them is exploratory.
    registered : bool
        Whether what the page predicts was registered.
    disclosure : str
        What disclosure control does to the page's tables, in a sentence; "" where no case is behind them.
    made_from : str
        Whose own extracts, in words, such as "Anyborough Council's own extract"; "" where that is not said.
    lacks : str
        What the extract did not hold, in sentences; "" where nothing is missing.
    titles : mapping of str to str
        What each prediction of the run is of, in words.
    drawn : frozenset of str or None
        Names of the figures that are drawn, where the others are left to their sentences; None for all of them.
    """

    slug: str
    folder: Path
    source: str
    data_is_synthetic: bool
    provenance: Mapping[str, str] = field(default_factory=dict)
    deviating: frozenset[str] = frozenset()
    amended: frozenset[str] = frozenset()
    added: frozenset[str] = frozenset()
    registered: bool = True
    disclosure: str = ""
    made_from: str = ""
    lacks: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    drawn: frozenset[str] | None = None

    def anchor(self, kind: str, name: str) -> str:
        """The id of a figure or table, alike in every build: 'fig-la1-p1-roc-curve'.

        Parameters
        ----------
        kind : str
            Such as "fig", "table" or "explorer".
        name : str
            Unique on the page.

        Returns
        -------
        str
        """
        return re.sub(r"[^a-z0-9]+", "-", f"{kind}-{self.slug}-{name}".lower()).strip("-")

    def stem(self, name: str) -> str:
        """How the files of a figure or table begin, unlike those of any other page: 'LA1-P1-roc_curve'."""
        return f"{self.slug.replace('/', '-')}-{name}"

    def address(self, file: str) -> str:
        """Where the book finds one of the page's files."""
        return f"/_files/{self.slug}/{file}"


def show_figure(
    page: Page,
    name: str,
    released: Released | None,
    *,
    caption: str,
    chart: str | Chart | None = None,
    reading: str = "",
) -> Shown:
    """Show a chart, light and dark, with caption, one computed sentence, its data, its code and its badge.

    Where its table is of several predictions, the chart names them by their titles.

    Parameters
    ----------
    page : Page
    name : str
        Unique on the page; names the files and the anchor.
    released : Released or None
        What to draw; None where no problem of the run released such a table, which is then said.
    caption : str
        What is drawn, for whom, when. The reading is computed and follows it.
    chart : str or Chart, optional
        The kind of chart, if it is not `name`.
    reading : str, optional
        A sentence made by `analysis.book.sentences`, if not the chart's own.

    Returns
    -------
    Shown
    """
    if released is None:
        return _show(not_made(page.anchor("fig", name), NOT_RELEASED.format(caption=caption)))
    released = with_titles(released, page.titles)
    kind = (chart if isinstance(chart, Chart) else CHARTS[chart or name]).suited_to(released)
    if in_a_notebook_editor() and not kind.missing(released):
        return _show(_plain_figure(released, caption, kind, reading), HTML)
    return _show(figure_text(page, name, released, caption=caption, chart=kind, reading=reading))


def show_table(
    page: Page,
    released: Released | None,
    *,
    caption: str,
    name: str | None = None,
    columns: Sequence[str] | None = None,
    headings: Mapping[str, str] | None = None,
    reading: str = "",
    folded: bool | None = None,
    otherwise: str | None = None,
) -> Shown:
    """Show a table with its caption, an optional computed sentence, its full data as CSV and its badge.

    Parameters
    ----------
    page : Page
    released : Released or None
        None where no problem of the run released such a table, which is then said.
    caption : str
        What is shown, for whom, when.
    name : str, optional
        Unique on the page; by default the released table's name.
    columns, headings
        See `analysis.book.sentences.table.released_table`. The CSV always holds every column.
    reading : str
        A sentence made by `analysis.book.sentences`.
    folded : bool, optional
        Whether it waits behind its caption; by default if it has more than `FOLDED_ABOVE` rows.
    otherwise : str, optional
        What to say where there is no such table, if not that there is none; "" says nothing.

    Returns
    -------
    Shown
    """
    if released is None:
        if otherwise is not None:
            return _show(otherwise)
        said = NOT_RELEASED.format(caption=caption)
        return _show(not_made(page.anchor("table", name), said) if name else said)
    name = name or released.name
    write_table(page.folder, page.stem(name), released)
    anchor = page.anchor("table", name)
    if released.frame.empty:
        return _show(f'<div id="{anchor}">\n\n**{caption}** {_notes(released) or "None."}\n\n</div>')
    long = len(released.frame) > FOLDED_ABOVE if folded is None else folded
    table = released_table(released, caption=caption, columns=columns, headings=headings, anchor="" if long else anchor)
    footer = _footer(page, [_download(page, name)], table_note(released), released)
    parts = filter(None, [table, reading, footer])
    if long:
        return _show(folded_text(anchor, caption, "\n\n".join(parts), rows=len(released.frame)))
    return _show("\n\n".join(parts))


def show_predictions(
    page: Page, measures: Released | None, names: Mapping[tuple, Cell], *, name: str, caption: str, mark: float
) -> Shown:
    """Show every measure of every model, predictions by designs, one measure at a time.

    Parameters
    ----------
    page : Page
    measures, names, mark
        See `analysis.book.sentences.grid.prediction_grids`; None where no problem of the run has released any.
    name : str
        Unique on the page; names the file and the anchor.
    caption : str
        What is shown, for whom, when.

    Returns
    -------
    Shown
    """
    anchor = page.anchor("table", name)
    if measures is None:
        return _show(not_made(anchor, NOT_RELEASED.format(caption=caption)))
    write_table(page.folder, page.stem(name), measures)
    grids = prediction_grids(measures, names, caption=caption, anchor=anchor, mark=mark)
    return _show(f"{grids}\n\n{_footer(page, [_download(page, name)], GRID_NOTE, measures)}")


def show_measures(page: Page, performance: Released, *, caption: str, mark: float | None) -> Shown:
    """Show every measure of one prediction's models, measures by designs, behind its caption.

    Parameters
    ----------
    page : Page
    performance : Released
        Of one prediction.
    caption : str
        What is shown, for whom, when.
    mark : float or None
        The average precision that a model had to pass; None for a prediction that has no mark.

    Returns
    -------
    Shown
    """
    name = performance.name
    write_table(page.folder, page.stem(name), performance)
    anchor = page.anchor("table", name)
    grid = measure_grid(performance, caption=caption, anchor=f"{anchor}-grid", mark=mark)
    footer = _footer(page, [_download(page, name)], GRID_NOTE, performance)
    rows = performance.frame["metric"].nunique()
    return _show(folded_text(anchor, caption, f"{grid}\n\n{footer}", rows=rows, of="measures"))


def show_explorer(page: Page, thresholds: Released, own: Released, *, caption: str, name: str = "thresholds") -> Shown:
    """Show the threshold explorer with its sentence, its data and its badge.

    Parameters
    ----------
    page : Page
    thresholds : Released
        A problem's "thresholds".
    own : Released
        The operating point of each model, at which the explorer opens.
    caption : str
        What is shown, for whom, when.
    name : str
        Unique on the page.

    Returns
    -------
    Shown
    """
    write_table(page.folder, page.stem(name), thresholds)
    anchor, nothing = page.anchor("explorer", name), thresholds.frame["flagged"].isna().all()
    box = f'<div id="{anchor}"></div>'
    if not nothing:
        box = threshold_explorer(thresholds, own, caption=caption, identity=anchor)
    footer = _footer(page, [_download(page, name)], _notes(thresholds), thresholds)
    return _show("\n\n".join([box, f"**{caption}** {describe_thresholds(thresholds, own)}", footer]))


def show_sentence(*sentences: str) -> Shown:
    """Show computed sentences as one paragraph."""
    return _show(" ".join(sentence.strip() for sentence in sentences if sentence))


def show_list(sentences: Sequence[str]) -> Shown:
    """Show computed sentences as a list."""
    return _show("\n".join(f"- {sentence}" for sentence in sentences))


def show_markdown(text: str) -> Shown:
    """Show MyST made by one of our generators (a model card, a claim, the threshold explorer)."""
    return _show(text)


def show_file(page: Page, file: str, text: str, *, words: str) -> Shown:
    """Offer a text made by one of our generators as a file of the page.

    Parameters
    ----------
    page : Page
    file : str
        Its name, unique on the page, such as "transparency_record.csv".
    text : str
        What the file holds.
    words : str
        Of the link.

    Returns
    -------
    Shown
    """
    write_page_text(page.folder, page.stem(file), text)
    return _show(f"{{download}}`{words} <{page.address(page.stem(file))}>`")


def show_banner(page: Page) -> Shown:
    """Say on which data the page stands, and what disclosure control did to them."""
    return _show(banner_text(page))


def banner_text(page: Page) -> str:
    """What `show_banner` shows, as MyST."""
    if page.data_is_synthetic:
        heading = "Synthetic data"
        words = (
            "What this run computed is about invented children. Their cases resemble those of the published study, so "
            "it shows how the analysis works, not how well it would do anywhere. What is marked as published is about "
            "real children."
        )
    else:
        heading = "An authority's own cases"
        words = (
            f"This page was made from {page.made_from or AN_EXTRACT}. It is about how well models do, and must not be "
            "used to decide about a child."
        )
    kind = "synthetic" if page.data_is_synthetic else "own"
    said = " ".join(filter(None, (words, page.disclosure, page.lacks)))
    return f":::{{admonition}} {heading}\n:class: data-banner {kind}-data\n\n{said}\n:::"


def show_provenance(page: Page) -> Shown:
    """Show what the page was made from, for readers and, as data attributes, for the build's own check."""
    data = "".join(f' data-{_attribute(key)}="{as_html(value)}"' for key, value in page.provenance.items())
    items = "\n".join(
        f"<dt>{as_html(key)}</dt><dd><code>{as_html(value)}</code></dd>" for key, value in page.provenance.items()
    )
    return _show(
        f'<details class="provenance"{data}>\n<summary>What this page was made from</summary>\n<dl>\n{items}\n'
        f"<dt>notebook</dt><dd><code>{as_html(page.source)}</code></dd>\n</dl>\n</details>"
    )


def figure_text(page: Page, name: str, released: Released, *, caption: str, chart: Chart, reading: str = "") -> str:
    """The MyST of a figure, or of the sentence that replaces one; writes the files it refers to.

    Parameters
    ----------
    page : Page
    name : str
        Unique on the page; names the files and the anchor.
    released : Released
        What is drawn.
    caption : str
        What is drawn, for whom, when.
    chart : Chart
    reading : str
        A sentence to stand in place of the chart's own.

    Returns
    -------
    str
    """
    write_table(page.folder, page.stem(name), released)
    released = released.as_written()
    anchor = page.anchor("fig", name)
    missing = chart.missing(released)
    if not missing and page.drawn is not None and name not in page.drawn:
        missing = f"{reading or chart.reading(released)} {NOT_DRAWN}"
    if missing:
        footer = _footer(page, [_download(page, name)], _notes(released), released)
        return f'<div id="{anchor}" class="study-figure not-drawn">\n\n**{caption}** {missing}\n\n{footer}\n\n</div>'
    alternative = as_option(chart.describe(released))
    images = "\n\n".join(
        _image(page, name, svg, theme=theme, width=width, alternative=alternative)
        for width in WIDTHS
        for theme, svg in render_themes(chart, released, width).items()
    )
    links = [_download(page, name)]
    footer = _footer(page, links, _notes(released), released)
    return "\n\n".join(
        [
            f'<figure class="study-figure" id="{anchor}">',
            images,
            "<figcaption>",
            f"**{caption}** {reading or chart.reading(released)}",
            footer,
            _code(chart.code),
            "</figcaption>\n</figure>",
        ]
    )


def _image(page: Page, name: str, svg: str, *, theme: str, width: str, alternative: str) -> str:
    """One drawing of a figure: for a light or a dark page, for a wide or a narrow screen."""
    file = f"{page.stem(name)}-{theme}.svg" if width == "wide" else f"{page.stem(name)}-narrow-{theme}.svg"
    write_page_text(page.folder, file, svg)
    classes = f"only-{theme} {width}-screen"
    return f"```{{image}} {page.address(file)}\n:alt: {alternative}\n:class: {classes}\n```"


def not_made(anchor: str, words: str = "") -> str:
    """A place of the book that this run could not fill: links lead there, and the evidence map says so.

    Parameters
    ----------
    anchor : str
        The id of the place.
    words : str
        What stands there.

    Returns
    -------
    str
    """
    return f'<div id="{anchor}" class="{NOT_MADE}">\n\n{words}\n\n</div>'


def in_a_notebook_editor() -> bool:
    """Whether someone is running the notebook in JupyterLab or VS Code, which do not know the book's directives."""
    return "JPY_SESSION_NAME" in os.environ or "VSCODE_PID" in os.environ


def _plain_figure(released: Released, caption: str, chart: Chart, reading: str) -> str:
    """The figure as HTML that stands alone."""
    picture = base64.b64encode(render(chart, released, "light").encode()).decode()
    alternative = as_html(" ".join(chart.describe(released).split()))
    words = f"<strong>{as_html(caption)}</strong> {as_html(reading or chart.reading(released))}"
    image = f'<img style="background: white" src="data:image/svg+xml;base64,{picture}" alt="{alternative}">'
    return f"<figure>{image}<figcaption>{words}</figcaption></figure>"


def folded_text(anchor: str, caption: str, inside: str, *, rows: int, of: str = "rows") -> str:
    """A table with its notes behind its caption, one click or one key away; a link to it opens it.

    Parameters
    ----------
    anchor : str
        The id of the table.
    caption : str
        What is seen before it is opened.
    inside : str
        MyST.
    rows : int
        How many rows there are.
    of : str
        What the rows are called, in the plural.

    Returns
    -------
    str
    """
    return (
        f'<details class="folded-table" id="{anchor}">\n<summary>{as_html(caption)} <span>{count(rows)} {of}</span>'
        f"</summary>\n\n{inside}\n\n</details>"
    )


def _show(text: str, kind: Callable = Markdown) -> Shown:
    if text:  # an empty one would be shown as the name of its class
        display(kind(text.replace("<summary>", _FOLD) if in_a_notebook_editor() else text))
    return Shown(text)


_FOLD = '<summary style="cursor: pointer">▸ '
"""In JupyterLab, which takes away the mark by which a reader sees that there is something to open."""


def _notes(released: Released) -> str:
    return " ".join(map(as_myst, released.notes))


def _download(page: Page, name: str) -> str:
    return f"{{download}}`Data (CSV) <{page.address(f'{page.stem(name)}.csv')}>`"


def _footer(page: Page, links: Sequence[str], note: str, released: Released) -> str:
    marks = badges(
        released, deviating=page.deviating, amended=page.amended, added=page.added, registered=page.registered
    )
    return " · ".join([*marks, *links]) + (f"\n\n{note}" if note else "")


def _code(plot: Callable) -> str:
    """The function that drew a figure, one click away."""
    where = f"{plot.__module__.replace('.', '/')}.py"
    source = inspect.getsource(plot)
    source = source[source.index("def ") :]
    return (
        f'<details class="figure-code">\n<summary>Code: {plot.__name__} in {where}</summary>\n\n'
        f"```python\n{source}```\n\n</details>"
    )


def _attribute(key: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", key.lower()).strip("-")
