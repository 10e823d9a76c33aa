"""The words of the book: chapters that exist, terms defined once and used, no result typed."""

import re
from pathlib import Path

import pytest
from mini_book import ROOT, chapters_of

BOOK = ROOT / "book"
GENERATED = {"results/pages", "definitions", "tripod", "changes"}
PROSE = sorted(path for path in BOOK.rglob("*.md") if "_" not in path.parts[-2][:1])


def words_of(path: Path) -> str:
    """A chapter's text without its formulas, tables, names of authorities and targets of roles."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"\$\$.*?\$\$|\$[^$\n]+\$|^```\{list-table\}.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"\bLA\d\b|\{(?!cite)\w+\}`[^`]*`", "", text)


def terms() -> list[str]:
    """The glossary's terms: lines at the margin of its glossary blocks."""
    blocks = re.findall(r"^```\{glossary\}\n(.*?)^```", (BOOK / "glossary.md").read_text(), re.DOTALL | re.MULTILINE)
    return [line for block in blocks for line in block.splitlines() if line and not line.startswith(" ")]


def used_terms() -> set[str]:
    found = re.findall(r"\{term\}`([^`]+)`", " ".join(path.read_text().replace("\n", " ") for path in PROSE))
    return {re.sub(r".*<(.+)>$", r"\1", term).strip().lower() for term in found}


@pytest.mark.parametrize("chapter", [chapter for chapter in chapters_of() if chapter not in GENERATED])
def test_every_chapter_of_the_contents_is_written(chapter):
    if chapter == "run_it_on_your_data" and not (BOOK / f"{chapter}.md").is_file():
        pytest.skip("written with the reader of extracts")
    assert (BOOK / f"{chapter}.md").is_file()


def test_every_term_is_defined_once():
    lower = [term.lower() for term in terms()]
    assert len(lower) == len(set(lower)) > 50


def test_every_term_is_used_somewhere():
    assert not {term.lower() for term in terms()} - used_terms()


@pytest.mark.parametrize("chapter", ["about", "authorities_and_data", "machine_learning", "ethics", "discussion"])
def test_every_number_in_the_prose_is_cited(chapter):
    """What a run finds is never typed; what was published is, beside its source."""
    typed = [
        paragraph
        for paragraph in re.split(r"\n\s*\n", words_of(BOOK / f"{chapter}.md"))
        if re.search(r"\d", paragraph) and "{cite}" not in paragraph
    ]
    assert not typed, "cite the source, or bind the number to computation: " + " … ".join(typed)


def test_every_work_in_the_bibliography_is_cited():
    keys = set(re.findall(r"^@\w+\{(\w+),", (BOOK / "references.bib").read_text(), re.MULTILINE))
    cited = {
        key
        for path in PROSE
        for group in re.findall(r"\{cite\}`([^`]+)`", path.read_text())
        for key in group.split(",")
    }
    assert keys == cited


def test_every_registered_value_in_the_prose_is_in_the_protocol():
    import registered
    import yaml

    protocol = yaml.safe_load((ROOT / "protocol.yml").read_text())
    named = {address for path in PROSE for address in re.findall(r"\{registered\}`([^`%]+)%?`", path.read_text())}
    assert named
    for address in named:
        registered.value_at(protocol, address)
