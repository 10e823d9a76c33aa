"""Texts as they were typed: HTML and RTF reduced to their words, entities decoded, invisible characters taken out.

BeautifulSoup and striprtf read the two formats; both keep what they cannot understand rather than fail.
"""

import html
import re
import warnings

import polars as pl
from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning
from striprtf.striprtf import rtf_to_text

# Zero-width characters, soft hyphens and marks of direction: they break a name without being seen.
_INVISIBLE = "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
_TAGS = (
    "p|div|span|br|html|body|b|i|u|strong|em|font|table|td|tr|th|ul|ol|li|a|h[1-6]|style|head|img|hr|pre|blockquote|o:p"
)
_HTML = rf"(?i)</?(?:{_TAGS})(?:\s[^<>]*)?/?>|</[a-z][\w:.-]*\s*>|<!--|<!\[CDATA\["
_ENTITY = r"&(?:[A-Za-z]{2,8}|#\d{1,6}|#[xX][0-9A-Fa-f]{1,6});"
_RTF = r"(?i)\{\\rtf\d"
# Elements that stand within a word or a line; every other one begins and ends a line.
_INLINE = tuple(
    "a abbr b big bdi bdo cite code del em font i img ins kbd mark o:p q s samp small span "
    "strike strong sub sup time tt u var wbr".split()
)
# A picture pasted into a text: as data in HTML, as lines of hexadecimal digits in RTF.
_PICTURE = r"data:[\w/+.-]+;base64,[A-Za-z0-9+/=]*|(?:[0-9A-Fa-f]{64}\s*){4,}[0-9A-Fa-f]*"


def without_pictures(text: pl.Series) -> pl.Series:
    """Texts without the pictures that were pasted into them, which can be longer than all the words."""
    return text.str.replace_all(_PICTURE, "")


def plain_text(text: pl.Series) -> tuple[pl.Series, int]:
    """The words of each text, and how many texts held HTML or RTF.

    Parameters
    ----------
    text : polars.Series of String
        Texts as supplied; missing ones stay missing.

    Returns
    -------
    text : polars.Series of String
        Without markup, entities and invisible characters. A text without any of them is unchanged.
    marked_up : int
        How many held HTML, HTML entities or RTF.

    Examples
    --------
    >>> words, marked_up = plain_text(pl.Series(["<p>Ren&eacute;e said no.</p>", "2 < 3"]))
    >>> words.to_list(), marked_up
    (['Renée said no.', '2 < 3'], 1)
    """
    marked = (text.str.contains(_RTF) | text.str.contains(_HTML) | text.str.contains(_ENTITY)).fill_null(False)
    if marked.any():
        words = [_words_of(value) if is_marked else value for value, is_marked in zip(text, marked, strict=True)]
        text = pl.Series(text.name, words, dtype=pl.String)
    return text.str.replace_all(_INVISIBLE, ""), int(marked.sum())


def _words_of(text: str) -> str:
    if begin := re.search(_RTF, text):
        before, text = text[: begin.start()], text[begin.start() :]
        try:
            text = rtf_to_text(text, errors="ignore")
        except Exception:  # a damaged file: its control words go, its letters stay
            text = re.sub(r"\\[a-z]+-?\d* ?|[{}]", " ", text)
        text = f"{before}{text}"
    if re.search(_HTML, text):
        text = _words_of_html(text)
    return html.unescape(text).replace("\u00a0", " ").strip()


def _words_of_html(text: str) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        soup = BeautifulSoup(text, "html.parser")
    for hidden in soup(["style", "script", "head"]):
        hidden.decompose()
    for block in soup(lambda element: element.name not in _INLINE):
        block.insert_before("\n")
        block.insert_after("\n")
    return re.sub(r"\s*\n\s*", "\n", soup.get_text())
