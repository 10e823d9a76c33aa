"""Words that are not ours stay words: on a page, in HTML, in a spreadsheet."""

import doctest
import io
from html import unescape

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

import analysis.escape
from analysis.escape import as_cell, as_csv, as_html, as_myst, as_option, from_cell, one_line

HOSTILE = (
    "<script>window.owned = 1</script>",
    "{raw}`html <script>`",
    ":::{raw} html\n<script>window.owned = 1</script>\n:::",
    "```{eval-rst}\n.. raw:: html\n```",
    "$x$ and $$y$$",
    "[press](javascript:window.owned=1)",
    "![x](http://example.org/x.png)",
    "a\n\n# heading\n\n- item",
    "{{ substitution }}",
    "(target)=",
    '+++ {"a": 1}',
    "% comment",
    "1. item",
    "- item",
    "&lt;b&gt; &#60;",
    "\u202egnp.exe\u202c",
    "a\\`b\\",
    "[^1] and {cite}`a`",
    "a: b\n: c",
)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=40) | st.text("<>[](){}`$*_\\#:-+=%^~|&!@1.a \n", max_size=30)


def myst() -> MarkdownIt:
    """The parser of the book, with its extensions."""
    enabled = {"attrs_inline", "colon_fence", "deflist", "dollarmath", "smartquotes", "substitution"}
    return create_md_parser(MdParserConfig(enable_extensions=enabled - {"smartquotes"}), RendererHTML)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_one_paragraph_of_text(text):
    _is_text(text)


@given(TEXTS)
@example("a  b")
def test_any_words_are_one_paragraph_of_text(text):
    _is_text(text)


def _is_text(text: str) -> None:
    for before in ("", "# P9: "):
        tokens = myst().parse(before + as_myst(text))
        inline = [token for token in tokens if token.type == "inline"]
        assert [t.type for t in tokens if t.type.startswith(("html", "fence", "colon", "math", "myst"))] == []
        shown = "".join(child.content for token in inline for child in token.children or ())
        assert {c.type for t in inline for c in t.children or ()} <= {"text", "text_special"}, tokens
        assert _words(shown) == _words(before.lstrip("# ") + one_line(text))


def _words(text: str) -> list[str]:
    return text.split()


@given(TEXTS)
def test_any_words_in_html_are_on_one_line_without_a_tag(text):
    html = as_html(text)
    assert not set(html) & set('<>"\n') and unescape(html) == one_line(text)


@given(TEXTS)
def test_an_option_is_one_line(text):
    assert "\n" not in as_option(text)


@given(st.lists(TEXTS, min_size=1, max_size=4))
@example(['=HYPERLINK("http://example.org")', "+1+1", "-x", "@SUM(A1)", "\t=1", "'=1", "''=1"])
def test_no_cell_begins_a_formula_and_every_cell_comes_back(texts):
    cells = [as_cell(text) for text in texts]
    for cell in cells:
        assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r")) or _number(cell)
    assert [from_cell(cell) for cell in cells] == texts


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def test_negative_numbers_stay_numbers():
    frame = pd.DataFrame({"word": ["-0.5", "=1"], "measure": [-0.5, 2.0], "count": pd.array([1, None], dtype="Int64")})
    assert as_csv(frame).splitlines() == ["word,measure,count", "-0.5,-0.5,1", "'=1,2,"]
    assert pd.read_csv(io.StringIO(as_csv(frame)))["measure"].tolist() == [-0.5, 2.0]


def test_the_examples_of_the_docstrings_hold():
    assert doctest.testmod(analysis.escape).failed == 0
