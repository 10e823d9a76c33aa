"""How to cite the book, from the file that says so."""

from analysis.publish.citation import read_citation
from analysis.study.fingerprint import ROOT

CITATION = ROOT / "CITATION.cff"


def how_to_cite() -> str:
    """Authors, title, version and date of this edition of the program, as MyST."""
    cited = read_citation(CITATION)
    words = f"{cited.authors}. *{cited.title}* Version {cited.version}, {cited.released}."
    return f":::{{admonition}} How to cite\n\n{words} Please cite the two studies as well: {{doc}}`/references`.\n:::"
