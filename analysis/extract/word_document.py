"""The words of a Word document, in the order in which they are read.

python-docx gives paragraphs and cells of the body alone; what stands in content controls, nested tables, tracked
insertions, text boxes, notes, headers and footers is read from the parts of the package themselves.
"""

import re
import zipfile
from pathlib import Path

from defusedxml import ElementTree

from analysis.extract.packages import check_archive

_BODY = re.compile(r"word/document\d*\.xml")
_CHOICES = "AlternateContent"
# Text that was struck out, moved elsewhere, or belongs to the form: instructions of fields, styles, prompts to type.
_LEFT_OUT = {"del", "moveFrom", "delText", "instrText", "pPr", "rPr", "sdtPr"}
_NOTES = {"footnote", "endnote"}
_PARTS = ("header", "document", "footnotes", "endnotes", "comments", "footer")
_INSERTED_FILES = (".htm", ".html", ".xhtml", ".rtf", ".txt")


def word_text(path: Path) -> str:
    """Each paragraph of a `.docx` file on a line: headers, body, notes, comments, footers; a repeated header once.

    Tracked deletions and prompts such as "Click here to enter text" are left out and insertions kept. A merged cell is
    read once. Of files that stand in the document as they are, those of text, HTML or RTF follow it as they are.

    Raises
    ------
    ValueError, KeyError, OSError
        If the file is no Word document. The message may quote the document.
    """
    with zipfile.ZipFile(path) as package:
        check_archive(package, "document")
        lines: list[str] = []
        names = package.namelist()
        for part in _text_parts(names):
            of_part = _paragraphs(ElementTree.fromstring(package.read(part), forbid_dtd=True))
            is_body = bool(_BODY.fullmatch(part))
            lines += [line for line in of_part if line.strip() and (is_body or line not in lines)]
        inserted = (name for name in names if name.startswith("word/") and name.lower().endswith(_INSERTED_FILES))
        lines += [package.read(name).decode("utf-8", "replace") for name in inserted]
    return "\n".join(lines)


def _text_parts(names: list[str]) -> list[str]:
    patterns = [re.compile(rf"word/{kind}\d*\.xml") for kind in _PARTS]
    wanted = [(rank, name) for name in names for rank, pattern in enumerate(patterns) if pattern.fullmatch(name)]
    if not any(_BODY.fullmatch(name) for name in names):
        raise KeyError("word/document.xml")
    return [name for _, name in sorted(wanted)]


def _paragraphs(root) -> list[str]:
    """Every paragraph's text in order; one inside another (a text box) follows it."""
    lines: list[str] = []
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if _name(element) == "p":
            pieces, inner = _pieces(element)
            lines.append("".join(pieces))
            waiting += reversed(inner)
        else:
            waiting += reversed(_read_of(element))
    return lines


def _pieces(paragraph) -> tuple[list[str], list]:
    pieces, inner = [], []
    waiting = list(reversed(_read_of(paragraph)))
    while waiting:
        element = waiting.pop()
        name = _name(element)
        if name == "p":
            inner.append(element)
        elif name == "t":
            pieces.append(element.text or "")
        elif name in ("tab", "br", "cr"):
            pieces.append(" ")
        elif name == "noBreakHyphen":
            pieces.append("-")
        else:
            waiting += reversed(_read_of(element))
    return pieces, inner


def _read_of(element) -> list:
    """The children of an element that are read."""
    name, children = _name(element), list(element)
    if name == _CHOICES:  # the same drawn for several versions of Word
        return children[:1]
    if name in _NOTES and any(key.endswith("}type") for key in element.attrib):  # lines that separate notes
        return []
    properties = {_name(of) for child in children if _name(child) in ("sdtPr", "trPr") for of in child}
    if "showingPlcHdr" in properties or (name == "tr" and "del" in properties):
        return []
    return [child for child in children if _name(child) not in _LEFT_OUT]


def _name(element) -> str:
    # Word's namespace is another in Strict Open XML, in drawings and in formulas.
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
