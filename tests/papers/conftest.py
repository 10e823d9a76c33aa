"""Facts of small invented worlds, and the words of what is made of them."""

import io
import sys
from pathlib import Path

import docx
import pytest
from pptx import Presentation

sys.path.insert(0, str(Path(__file__).parents[1] / "figures"))

import small_tables as small  # noqa: E402

from analysis.claims import Evidence  # noqa: E402
from analysis.disclosure import describe_preset  # noqa: E402
from analysis.papers import Facts  # noqa: E402
from analysis.publish import read_citation  # noqa: E402
from analysis.study.citation import CITATION  # noqa: E402


@pytest.fixture(scope="session")
def facts_of():
    """A function that gives the facts of a world, by default an authority's own; those are worked out once."""
    usual: dict[bool, Facts] = {}

    def facts(world=None, *, synthetic=False, **more) -> Facts:
        if world is None and not more:
            return usual.setdefault(synthetic, made(world, synthetic=synthetic))
        return made(world, synthetic=synthetic, **more)

    def made(world, *, synthetic, names=("Northshire Council",), preset="dfe", **more) -> Facts:
        evidence = Evidence(small.world() if world is None else world, small.PROTOCOL, small.PROTOCOL)
        disclosure = describe_preset(preset, small.PROTOCOL.disclosure)
        return Facts(synthetic, names, evidence, read_citation(CITATION), disclosure, **more)

    return facts


@pytest.fixture
def words_in():
    """A function that gives the words of a Word or PowerPoint file, a line for each paragraph or cell."""

    def words(content: bytes) -> list[str]:
        if b"ppt/presentation.xml" in content:
            shapes = [shape for slide in Presentation(io.BytesIO(content)).slides for shape in slide.shapes]
            return [p.text for shape in shapes if shape.has_text_frame for p in shape.text_frame.paragraphs]
        document = docx.Document(io.BytesIO(content))
        cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
        paragraphs = [*document.paragraphs, *(p for cell in cells for p in cell.paragraphs)]
        return [paragraph.text for paragraph in paragraphs]

    return words
