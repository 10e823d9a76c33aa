"""The words of a Word document, in the order in which they are read.

python-docx gives paragraphs and cells of the body alone; what stands in content controls, nested tables, tracked
insertions, text boxes, notes, headers and footers is read from the parts of the package themselves.
"""

import re
import zipfile
from pathlib import Path

from defusedxml import ElementTree

from analysis.extract.packages import check_archive

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# Text that was struck out, moved elsewhere, or is drawn a second time for an older Word.
_LEFT_OUT = {f"{_W}del", f"{_W}moveFrom", f"{_W}delText", f"{_W}instrText", f"{_W}pPr", f"{_W}rPr", _FALLBACK}
_NOTES = {f"{_W}footnote", f"{_W}endnote"}
_PARTS = ("header", "document", "footnotes", "endnotes", "footer")


def word_text(path: Path) -> str:
    """Each paragraph of a `.docx` file on a line: headers, body, notes, footers; a header that is repeated, once.

    Tracked deletions are left out and insertions kept. A merged cell is read once.

    Raises
    ------
    ValueError, KeyError, OSError
        If the file is no Word document. The message may quote the document.
    """
    with zipfile.ZipFile(path) as package:
        check_archive(package, "document")
        lines: list[str] = []
        for part in _text_parts(package.namelist()):
            of_part = _paragraphs(ElementTree.fromstring(package.read(part), forbid_dtd=True))
            is_body = part.endswith("document.xml")
            lines += [line for line in of_part if line.strip() and (is_body or line not in lines)]
    return "\n".join(lines)


def _text_parts(names: list[str]) -> list[str]:
    patterns = [re.compile(rf"word/{kind}\d*\.xml") for kind in _PARTS]
    wanted = [(rank, name) for name in names for rank, pattern in enumerate(patterns) if pattern.fullmatch(name)]
    if "word/document.xml" not in names:
        raise KeyError("word/document.xml")
    return [name for _, name in sorted(wanted)]


def _paragraphs(root) -> list[str]:
    """Every paragraph's text in order; one inside another (a text box) follows it."""
    lines: list[str] = []
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if element.tag in _LEFT_OUT or (element.tag in _NOTES and element.get(f"{_W}type")):
            continue
        if element.tag == f"{_W}p":
            pieces, inner = _pieces(element)
            lines.append("".join(pieces))
            waiting += reversed(inner)
        else:
            waiting += reversed(element)
    return lines


def _pieces(paragraph) -> tuple[list[str], list]:
    pieces, inner = [], []
    waiting = list(reversed(paragraph))
    while waiting:
        element = waiting.pop()
        if element.tag in _LEFT_OUT:
            continue
        if element.tag == f"{_W}p":
            inner.append(element)
        elif element.tag == f"{_W}t":
            pieces.append(element.text or "")
        elif element.tag in (f"{_W}tab", f"{_W}br", f"{_W}cr"):
            pieces.append(" ")
        elif element.tag == f"{_W}noBreakHyphen":
            pieces.append("-")
        else:
            waiting += reversed(element)
    return pieces, inner
