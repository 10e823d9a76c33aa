"""The book's words are plain: no archaic or American word, no sentence too long, nothing above what 14-year-olds read.

The grade is Flesch and Kincaid's, 0.39 words per sentence + 11.8 syllables per word - 15.59, in American school years;
years of age are five more. Syllables are counted as groups of vowels, without a silent e at the end, which is right
within a tenth or so over a chapter.

References
----------
Kincaid, Fishburne, Rogers and Chissom (1975), Derivation of new readability formulas for Navy enlisted personnel.
"""

import ast
import re
from pathlib import Path

import jupytext
import pytest
from mini_book import ROOT

LISTS = {"methods", "run_it_on_your_data"}
"""Chapters whose longest sentences are lists, of steps or of what a file may look like; no length is asked of them."""
HARDEST = 10.0  # grade: the New Zealand models and the rehearsal are for those who know the studies
HARD = {"network_models", "rehearsal"}
GRADE, LONGEST = 9.0, 45  # years of school; words of a sentence
ARCHAIC = (
    r"noughts?|whence|thence|hence|hither|thereof|thereby|whereby|wherein|lest|ere|amongst|whilst|upon|heeds?|heeded|"
    r"foreseen|forthwith|albeit|betwixt|naught|unto|beget|behold|programmes?"
)
AMERICAN = r"(?:analy|organi|recogni|summari|standardi|minimi|maximi)z(?:e|es|ed|ing)|behaviors?|colors?|centers?|gray"
TEASING = r"at the door|speaks? for itself|heading for serious trouble|needless to say|it goes without"
BANNED = re.compile(rf"\b(?:{ARCHAIC}|{AMERICAN}|{TEASING})\b", re.IGNORECASE)
CODE = ("analysis/book", "analysis/claims", "analysis/papers", "analysis/tables", "analysis/study")


def prose(path: Path) -> str:
    """A page's paragraphs and lists without code, tables, formulas, directives, roles, links and headings."""
    cells = jupytext.read(path).cells if path.parent.name == "notebooks" else None
    text = "\n\n".join(c.source for c in cells if c.cell_type == "markdown") if cells else path.read_text("utf-8")
    text = re.sub(r"^---\n.*?^---\n", "", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"^(```|~~~|:::)[^\n]*\n.*?^\1\s*$|\$\$.*?\$\$|<[^>]+>", "", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"^\s*(?:\||#|\+\+\+|\(.*\)=|:{3,}|>).*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"\{cite\}`[^`]*`|\$[^$\n]*\$", "", text)
    text = re.sub(r"\{\w+\}`([^`<]*?)(?:\s*<[^`]*>)?`", r"\1", text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"^\s*(?:[-*:]|\d+\.)\s+", "\n\n", text, flags=re.MULTILINE).replace("*", "").replace("`", "")


def sentences(text: str) -> list[list[str]]:
    """The words of each sentence; a colon or a semicolon in a list of clauses does not end one."""
    paragraphs = (" ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n", text))
    parts = [part for p in paragraphs for part in re.split(r"(?<=[.!?])[\"”’')]*\s+(?=[A-Z“\"'(])", p)]
    return [words for part in parts if (words := re.findall(r"[A-Za-z][A-Za-z'’-]*", part))]


def syllables(word: str) -> int:
    """Groups of vowels, without a silent e at the end.

    >>> syllables("table"), syllables("made"), syllables("children"), syllables("area")
    (2, 1, 2, 2)
    """
    letters = re.sub(r"(?:[^laeiouy]e|[^laeiouytd]ed)$", "", word.lower()) or word
    return max(len(re.findall(r"[aeiouy]+", letters)), 1)


def grade(text: str) -> float:
    spoken = sentences(text)
    words = [word for sentence in spoken for word in sentence]
    per_word = sum(map(syllables, words)) / len(words)
    return 0.39 * len(words) / len(spoken) + 11.8 * per_word - 15.59


def strings(path: Path) -> list[str]:
    """The words that a module may show: its strings, but for names, patterns and documentation."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)}
    constants = [n for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    return [constant.value for constant in constants if id(constant) not in said and " " in constant.value]


PAGES = sorted([*(ROOT / "book").glob("*.md"), *(ROOT / "book" / "notebooks").glob("*.md")])
READ = [path for path in PAGES if len(sentences(prose(path))) >= 5]
OF_SENTENCES = [path for path in READ if path.stem not in LISTS]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_no_page_has_an_archaic_american_or_teasing_word(path):
    assert BANNED.findall(prose(path)) == []


def test_no_computed_sentence_has_one():
    modules = [path for folder in CODE for path in sorted((ROOT / folder).rglob("*.py"))]
    found = {str(path): hits for path in modules if (hits := BANNED.findall(" ".join(strings(path))))}
    assert modules and found == {}


@pytest.mark.parametrize("path", OF_SENTENCES, ids=lambda path: path.stem)
def test_no_sentence_is_too_long(path):
    assert [" ".join(words) for words in sentences(prose(path)) if len(words) > LONGEST] == []


@pytest.mark.parametrize("path", READ, ids=lambda path: path.stem)
def test_a_page_reads_at_its_grade(path):
    assert grade(prose(path)) <= (HARDEST if path.stem in HARD else GRADE)


@pytest.mark.parametrize(
    ("text", "most"),
    [("The cat sat on the mat. It was fat.", 1), ("Children and families meet a social worker at home.", 9)],
)
def test_plain_words_have_a_low_grade(text, most):
    assert grade(text) <= most


def test_long_words_and_long_sentences_have_a_high_grade():
    assert grade("Institutional considerations necessitate comprehensive interdisciplinary review.") > 20


def test_banned_words_are_found_whatever_their_case():
    found = BANNED.findall("Whence the programme came, lest it be foreseen")
    assert found == ["Whence", "programme", "lest", "foreseen"]
