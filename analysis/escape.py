"""Words that are not ours, as text that no page, spreadsheet or folder takes for anything else.

The name of an authority, the title of an outcome, a code or a label of an extract, and everything that was sent by
someone else may hold markup, a script, a directive or a formula. Each target has one function here.
"""

import json
import re
from html import escape

import pandas as pd

# Characters that CommonMark, MyST or one of its extensions gives a meaning to; each may follow a backslash.
_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|$~&^!@=%+]|:(?=:)|(?<=:):")
_LINE_START = re.compile(r"^(?:[-:]|\d+(?=[.)]))")
# Control characters, and the invisible ones that turn the direction of what is read or break a word in two.
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def one_line(text: str) -> str:
    """The words on one line, without control characters and invisible marks.

    >>> one_line("child\\u202e protection\\n\\n:::plan")
    'child protection :::plan'
    """
    return re.sub(r"[\t\n\x0b\x0c\r\x85\u2028\u2029]+", " ", _INVISIBLE.sub("", str(text))).strip()


def as_myst(text: str) -> str:
    """The words as MyST Markdown that shows exactly them, on one line: no markup, role, directive, link or formula.

    >>> as_myst("A *title* with {raw}`html`")
    'A \\\\*title\\\\* with \\\\{raw\\\\}\\\\`html\\\\`'
    """
    marked = _MARKUP.sub(lambda match: f"\\{match[0]}", one_line(text))
    return _LINE_START.sub(lambda match: f"{match[0]}\\" if match[0].isdigit() else f"\\{match[0]}", marked)


def as_html(text: str) -> str:
    """The words as HTML, on one line: a blank line would end the HTML within a page of Markdown.

    >>> as_html("<b>1 & 2</b>")
    '&lt;b&gt;1 &amp; 2&lt;/b&gt;'
    """
    return escape(one_line(text))


def as_option(text: str) -> str:
    """The words as the value of a directive's option, in quotes where YAML would read them otherwise.

    >>> as_option("A line"), as_option("a #b")
    ('A line', '"a #b"')
    """
    words = " ".join(one_line(text).split())
    plain = words[:1].isalnum() and not re.search(r" #|: |:$", words)
    return words if plain else json.dumps(words, ensure_ascii=False)


def as_cell(text: object) -> object:
    """A cell that a spreadsheet takes for words, with a leading apostrophe if it would begin a formula.

    Numbers, also negative ones, and missing values come back as they are; `from_cell` undoes it.

    >>> as_cell("=1+1"), as_cell("-0.5"), as_cell("White")
    ("'=1+1", '-0.5', 'White')
    """
    if not isinstance(text, str) or _is_number(text) or not text.lstrip("' ").startswith(_FORMULA):
        return text
    return f"'{text}"


def from_cell(text: object) -> object:
    """The words that `as_cell` wrote.

    >>> from_cell("'=1+1"), from_cell("'tis")
    ('=1+1', "'tis")
    """
    if not isinstance(text, str) or not text.startswith("'"):
        return text
    return text[1:] if as_cell(text[1:]) == text else text


def as_csv(frame: pd.DataFrame) -> str:
    """A table as CSV, the same bytes on every machine: six figures of each measure, no cell that begins a formula."""
    safe = frame.copy()
    for name in safe.columns[[not pd.api.types.is_numeric_dtype(kind) for kind in safe.dtypes]]:
        safe[name] = safe[name].map(as_cell, na_action="ignore")
    return safe.to_csv(index=False, float_format="%.6g", lineterminator="\n")


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", text, re.IGNORECASE) is not None
