"""Four slides: the answer, the chart, what else was found, what to ask and not to conclude."""

import io
from collections.abc import Iterable

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import PP_ALIGN
from pptx.util import Cm, Pt

from analysis.escape import one_line
from analysis.papers.chart import can_be_drawn, chart_picture, chart_words, finding
from analysis.papers.facts import Facts
from analysis.papers.members import NOT_CONCLUDED, TO_ASK, tile_number
from analysis.papers.package import LANGUAGE, finish

WIDTH, HEIGHT, EDGE = Cm(33.867), Cm(19.05), Cm(1.8)
TITLE_ONLY = 5  # of the layouts that the library brings
FONT, INK, SOFT = "Arial", RGBColor(0x1D, 0x24, 0x29), RGBColor(0x4D, 0x56, 0x5C)


def slides(facts: Facts) -> bytes:
    """The slides as a PowerPoint file."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    _answer(_slide(deck, facts.cited.title), facts)
    _chart(_slide(deck, finding(facts)), facts)
    _write(_slide(deck, "Also found"), facts.also, top=4.2, points=20, bullets=True)
    last = _slide(deck, "What to ask, and what not to conclude")
    _write(last, TO_ASK, top=4.2, points=18, bullets=True)
    _write(last, NOT_CONCLUDED, top=11.2, points=18, bullets=True)
    _write(last, [facts.cited.words], top=17, points=12, colour=SOFT)
    return finish(deck, deck.part, facts.cited.title, facts.cited)


def _slide(deck, title: str):
    """A slide with its title set from the left."""
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    shape = slide.shapes.title
    shape.left, shape.top, shape.width, shape.height = EDGE, Cm(1), WIDTH - 2 * EDGE, Cm(2.6)
    _fill(shape.text_frame, [title], points=32, bold=True)
    return slide


def _answer(slide, facts: Facts) -> None:
    bold, rest = facts.answer
    _write(slide, [bold], top=3.9, points=28, bold=True)
    _write(slide, [rest], top=5.5, points=20)
    width = (WIDTH - 2 * EDGE) // max(len(facts.tiles), 1)
    for number, tile in enumerate(facts.tiles):
        left = EDGE + number * width
        _write(slide, [tile_number(tile)], top=9, points=40, bold=True, left=left, width=width)
        _write(slide, [tile.words], top=11.1, points=16, left=left, width=width)
    _write(slide, [facts.source, facts.whose], top=15, points=14, colour=SOFT)


def _chart(slide, facts: Facts) -> None:
    if facts.models is None or not can_be_drawn(facts.models):
        _write(
            slide, ["No score can be shown: the groups behind it are too small, or there were none."], top=5, points=20
        )
        return
    shape = slide.shapes.add_picture(io.BytesIO(chart_picture(facts.models)), EDGE, Cm(3.8), height=Cm(12.6))
    shape.left = (WIDTH - shape.width) // 2
    shape._element.nvPicPr.cNvPr.set("descr", one_line(chart_words(facts.models)))
    words = "The score is average precision: a model that finds the right children and flags no others scores one."
    _write(slide, [words, facts.source], top=16.6, points=14, colour=SOFT)


def _write(slide, lines: Iterable[str], *, top: float, points: int, left=EDGE, width=None, **look) -> None:
    """Lines in a box of their own, `top` in centimetres."""
    box = slide.shapes.add_textbox(left, Cm(top), width or WIDTH - 2 * EDGE, Cm(1.5))
    box.text_frame.word_wrap = True
    _fill(box.text_frame, lines, points=points, **look)


def _fill(frame, lines: Iterable[str], *, points: int, bold: bool = False, colour=INK, bullets: bool = False) -> None:
    for number, words in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.alignment, paragraph.space_after = PP_ALIGN.LEFT, Pt(points / 2)
        run = paragraph.add_run()
        run.text = f"• {one_line(words)}" if bullets else one_line(words)
        run.font.size, run.font.bold, run.font.name, run.font.color.rgb = Pt(points), bold, FONT, colour
        run._r.get_or_add_rPr().set("lang", LANGUAGE)
