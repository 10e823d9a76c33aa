"""How to cite the book, from the file that says so."""

import yaml

from analysis.study.fingerprint import ROOT

CITATION = ROOT / "CITATION.cff"


def how_to_cite() -> str:
    """Authors, title, version and date of this edition of the program, as MyST."""
    cited = yaml.safe_load(CITATION.read_text(encoding="utf-8"))
    authors, title = cited["authors"][0]["name"], cited["title"]
    words = f"{authors}. *{title}* Version {cited['version']}, {cited['date-released']}."
    return f":::{{admonition}} How to cite\n\n{words} Please cite the two studies as well: {{doc}}`/references`.\n:::"
