"""A Word document of the papers: one font, named styles, tables with headings, pictures with words for them."""

import io
from collections.abc import Iterable, Sequence

import docx
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from analysis.escape import one_line
from analysis.papers.package import LANGUAGE, finish
from analysis.publish.citation import Citation

FONT = "Arial"
INK, SOFT = RGBColor(0x1D, 0x24, 0x29), RGBColor(0x4D, 0x56, 0x5C)
A4 = (Cm(21.0), Cm(29.7))
DECIDE = "To be decided by the authority: "


class WordPaper:
    """A document on A4, written from the top down.

    Parameters
    ----------
    title : str
        Its first heading, and its title in the file's properties.
    cited : Citation
        Of the book that it belongs to.
    points : float
        Size of its text.
    margin : float
        In centimetres, on all sides.
    """

    def __init__(self, title: str, cited: Citation, *, points: float = 10.5, margin: float = 2.2):
        self.title, self.cited = title, cited
        self.document = docx.Document()
        section = self.document.sections[0]
        section.page_width, section.page_height = A4
        for side in ("left", "right", "top", "bottom"):
            setattr(section, f"{side}_margin", Cm(margin))
        self._set_styles(points)
        self.heading(title, level=1)

    def heading(self, words: str, *, level: int = 2) -> None:
        """A heading.

        Parameters
        ----------
        words : str
        level : int
            1 for the paper's title, 2 for its parts.
        """
        self.document.add_heading(one_line(words), level)

    def paragraph(self, words: str, *, lead: str = "", soft: bool = False) -> None:
        """A paragraph.

        Parameters
        ----------
        words : str
        lead : str
            What stands before them in bold; "" for nothing.
        soft : bool
            Whether it is small and grey.
        """
        paragraph = self.document.add_paragraph()
        if lead:
            paragraph.add_run(f"{one_line(lead)} ").bold = True
        run = paragraph.add_run(one_line(words))
        if soft:
            run.font.color.rgb, run.font.size = SOFT, Pt(self.points - 1.5)

    def bullets(self, items: Iterable[str]) -> None:
        for words in items:
            self.document.add_paragraph(one_line(words), style="List Bullet")

    def decide(self, words: str) -> None:
        """What only the authority can say, marked in words and in yellow."""
        paragraph = self.document.add_paragraph()
        for part, bold in ((DECIDE, True), (one_line(words), False)):
            run = paragraph.add_run(part)
            run.bold, run.font.highlight_color = bold, WD_COLOR_INDEX.YELLOW

    def table(self, headings: Sequence[str], rows: Iterable[Sequence[str]], *, widths: Sequence[float] = ()) -> None:
        """A table whose first row is repeated on each page.

        Parameters
        ----------
        headings : sequence of str
        rows : iterable of sequence of str
        widths : sequence of float
            Of its columns, in centimetres; by default as the words need.
        """
        table = self.document.add_table(rows=1, cols=len(headings), style="Table Grid")
        _fill(table.rows[0], headings, bold=True)
        mark = OxmlElement("w:tblHeader")
        mark.set(qn("w:val"), "true")
        table.rows[0]._tr.get_or_add_trPr().append(mark)
        for row in rows:
            _fill(table.add_row(), row)
        table.autofit = not widths
        for row in table.rows if widths else ():
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = Cm(width)
        self.document.add_paragraph()

    def numbers(self, numbers: Sequence[tuple[str, str]]) -> None:
        """Large numbers beside one another, each above its words."""
        table = self.document.add_table(rows=1, cols=len(numbers))
        for cell, (number, words) in zip(table.rows[0].cells, numbers, strict=True):
            large = cell.paragraphs[0].add_run(one_line(number))
            large.bold, large.font.size = True, Pt(2 * self.points)
            cell.add_paragraph(one_line(words))

    def picture(self, png: bytes, *, words: str, width: float) -> None:
        """A picture.

        Parameters
        ----------
        png : bytes
        words : str
            For those who cannot see it.
        width : float
            In centimetres.
        """
        shape = self.document.add_picture(io.BytesIO(png), width=Cm(width))
        properties = shape._inline.docPr
        properties.set("descr", one_line(words))
        properties.set("name", "Chart")

    def content(self) -> bytes:
        """The file, the same bytes on every day and machine."""
        return finish(self.document, self.document.part, self.title, self.cited)

    def _set_styles(self, points: float) -> None:
        self.points = points
        styles = self.document.styles
        sizes = {"Normal": points, "Heading 1": points + 8, "Heading 2": points + 2.5, "List Bullet": points}
        for name, size in sizes.items():
            style = styles[name]
            style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), INK
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for key in [key for key in fonts.attrib if "Theme" in key]:
                del fonts.attrib[key]  # the theme's font would win over the named one
            fonts.set(qn("w:eastAsia"), FONT)
        styles["Normal"].paragraph_format.space_after = Pt(points / 2)
        styles["List Bullet"].paragraph_format.space_after = Pt(points / 4)
        styles["Heading 1"].paragraph_format.space_before = Pt(0)
        styles["Heading 2"].paragraph_format.space_before = Pt(points * 0.9)
        for heading in ("Heading 1", "Heading 2"):
            styles[heading].paragraph_format.space_after = Pt(points / 3)
        for language in styles.element.iter(qn("w:lang")):
            language.set(qn("w:val"), LANGUAGE)


def _fill(row, values: Sequence[str], *, bold: bool = False) -> None:
    for cell, value in zip(row.cells, values, strict=True):
        cell.paragraphs[0].add_run(one_line(value)).bold = bold
        cell.paragraphs[0].paragraph_format.space_after = Pt(2)
