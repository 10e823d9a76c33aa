"""Papers for a meeting and for an authority's file, made from released tables: to add one, add a line to `PAPERS`."""

from collections.abc import Callable
from dataclasses import dataclass

from analysis.papers.chart import link_card
from analysis.papers.data_protection import data_protection_draft
from analysis.papers.easy_read import easy_read
from analysis.papers.equality import equality_draft
from analysis.papers.facts import Facts
from analysis.papers.members import members_paper
from analysis.papers.slides import slides

FOLDER = "papers"
CARD = "card.png"


@dataclass(frozen=True)
class Paper:
    """One paper.

    Attributes
    ----------
    file : str
        Its name, alike in every edition.
    words : str
        Of a link to it.
    make : callable
        ``make(facts) -> bytes``: the file.
    """

    file: str
    words: str
    make: Callable[[Facts], bytes]


PAPERS = (
    Paper("members.docx", "One side of A4 for members (Word)", members_paper),
    Paper("slides.pptx", "Four slides (PowerPoint)", slides),
    Paper("easy-read.docx", "An easy read for parents (Word)", easy_read),
    Paper("data-protection-draft.docx", "Draft data protection impact assessment (Word)", data_protection_draft),
    Paper("equality-draft.docx", "Draft equality impact assessment (Word)", equality_draft),
)
FILES = {paper.file: paper.make for paper in PAPERS} | {CARD: link_card}


def papers_line(root: str) -> str:
    """Links to the papers, as a line of HTML.

    Parameters
    ----------
    root : str
        From the page to the book's root, such as "../".
    """
    links = (f'<a href="{root}{FOLDER}/{paper.file}" download>{paper.words}</a>' for paper in PAPERS)
    return f'<p class="papers"><strong>For a meeting.</strong> {" · ".join(links)}</p>'
