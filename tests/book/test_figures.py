"""Every figure of the book: words for those who cannot see it, and a CSV from which the very picture can be drawn."""

import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup, Tag
from recounting import A_NUMBER, check
from recounts import RECOUNTS

from analysis.book.charts import CHARTS, Chart
from analysis.book.charts.render import render
from analysis.disclosure import Released, TableSpecification
from analysis.disclosure.derive import derive
from analysis.disclosure.specification import EXPLORATORY, key, measure

BY_NAME = {"precision_recall_curve": "performance.read_curve", "roc_curve": "performance.read_curve of ROC"}
BY_NAME |= {"self_test": "charts.describe_self_test"}
"""Charts whose sentence is not that of one named function."""
WHOLE = {"comparison.read_leakage", "comparison.read_subgroups", "supplied_scores.read_accuracy"}
"""Sentences that count the rows of which nothing is drawn, too."""
OF_AUTHORITIES = ("authority", "made_in", "moved_to")
NUMBER = re.compile(r"-?\d+\.?\d*")
NAME = re.compile(r"\b[mp][0-9a-f]{10}\b")  # of a shape, which matplotlib names by its exact coordinates
POINT = 0.05  # of an SVG's units, 72 to the inch: the CSV holds six figures of each value


def read_of(chart: Chart) -> str:
    """The function that says what a chart shows, as the recounts name it."""
    function = chart.read.func if isinstance(chart.read, partial) else chart.read
    named = f"{function.__module__.rpartition('.')[2]}.{function.__name__}" if function else ""
    return BY_NAME.get(chart.name, named)


READS = {name: read_of(chart) for name, chart in CHARTS.items() if read_of(chart) in RECOUNTS}


@dataclass(frozen=True)
class Shown:
    """A figure of a built page, and where its files lie."""

    page: Path
    figure: Tag

    @property
    def name(self) -> str:
        return f"{self.page.stem}#{self.figure['id']}"

    def picture(self, theme: str) -> Tag:
        return self.figure.select_one(f"img.only-{theme}")

    def file(self, address: str) -> Path:
        return (self.page.parent / address).resolve()

    def charts(self) -> list[Chart]:
        """The kinds of chart that the function shown as its code draws."""
        function, where = re.match(r"Code: (\w+) in (\S+)\.py", self.figure.summary.get_text(strip=True)).groups()
        of = (where.replace("/", "."), function)
        return [chart for chart in CHARTS.values() if (chart.plot.__module__, chart.plot.__name__) == of]

    def address_of_csv(self) -> Path:
        return self.file(self.figure.select_one("a.download")["href"])

    def csv(self) -> pd.DataFrame:
        """The CSV, in which only an empty cell is missing."""
        return pd.read_csv(self.address_of_csv(), keep_default_na=False, na_values=[""])

    def drawn(self) -> pd.DataFrame:
        """The rows of the CSV of which something is drawn: where all of it is withheld, nothing is said."""
        frame = self.csv()
        columns = [name for chart in self.charts() for name in chart.draws if name in frame]
        return frame.dropna(subset=columns, how="all") if columns else frame

    def names(self) -> set[str]:
        """Of authorities, which may hold a number, such as "Local authority 4"."""
        frame = self.csv()
        return {str(name) for column in OF_AUTHORITIES if column in frame for name in frame[column].dropna()}

    def said(self) -> str:
        """The sentence after the figure's caption."""
        paragraph = self.figure.select_one("figcaption p")
        return paragraph.get_text().removeprefix(paragraph.strong.get_text())

    def table(self) -> Released:
        """What a reader who downloads the CSV has."""
        frame = pd.read_csv(self.address_of_csv())
        columns = (measure(c, c) if pd.api.types.is_numeric_dtype(frame[c]) else key(c, c) for c in frame)
        return derive(
            TableSpecification("read", "Read back", "one row", tuple(columns), planned_by=EXPLORATORY), lambda: frame
        )


@pytest.fixture(scope="module")
def figures(book) -> list[Shown]:
    """Every figure that is drawn, on every page."""
    found = []
    for page in sorted(book.rglob("*.html")):
        if "_static" not in page.parts:
            soup = BeautifulSoup(page.read_text(encoding="utf-8"), "lxml")
            found += [Shown(page, figure) for figure in soup.select("figure.study-figure")]
    assert found
    return found


def test_every_figure_says_in_words_what_it_shows(figures):
    for shown in figures:
        alternatives = {shown.picture(theme)["alt"] for theme in ("light", "dark")}
        assert len(alternatives) == 1 and len(alternatives.pop()) > 40, shown.name


def test_the_words_are_those_of_the_figures_own_values(figures):
    """What is said of the picture is what its chart says of the CSV."""
    for shown in figures:
        described = {" ".join(chart.describe(shown.table()).split()) for chart in shown.charts()}
        assert shown.picture("light")["alt"] in described, shown.name


def test_the_numbers_under_every_figure_are_those_of_its_csv(figures):
    """Counted again by code that shares none of the sentence's."""
    for shown in figures:
        reads = {READS[chart.name] for chart in shown.charts() if chart.name in READS}
        assert len(reads) == 1 or not reads, shown.name
        for read in reads:
            if A_NUMBER.search(shown.said()):  # or the sentence says why it has none
                frame = shown.csv() if read in WHOLE else shown.drawn()
                check(shown.said(), RECOUNTS[read].count(frame), shown.names())


def test_every_chart_of_models_has_its_numbers_counted_again():
    assert set(CHARTS) - set(READS) == {"network_selection", "network_tree_incidence"}


def test_every_picture_can_be_drawn_again_from_its_csv(figures):
    for shown in figures:
        for theme in ("light", "dark"):
            drawn = shown.file(shown.picture(theme)["src"]).read_text(encoding="utf-8")
            again = [render(chart, shown.table(), theme) for chart in shown.charts()]
            assert any(same_picture(drawn, other) for other in again), f"{shown.name}, {theme}"


def test_another_value_draws_another_picture(figures):
    """So the test above can fail."""
    shown = figures[0]
    (chart,) = shown.charts()
    table = shown.table()
    column = next(name for name in chart.draws if pd.api.types.is_float_dtype(table.frame[name]))
    other = derive(table.specification, lambda frame: frame.assign(**{column: frame[column] * 0.9}), table)
    assert not same_picture(render(chart, table, "light"), render(chart, other, "light"))


def same_picture(one: str, other: str) -> bool:
    """Whether two SVGs have the same elements and words, and their numbers differ by no more than rounding."""
    one, other = NAME.sub("", one), NAME.sub("", other)
    if NUMBER.sub("", one) != NUMBER.sub("", other):
        return False
    pairs = zip(NUMBER.findall(one), NUMBER.findall(other), strict=True)
    return all(abs(float(a) - float(b)) <= POINT for a, b in pairs)
