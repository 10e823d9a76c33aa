"""For parents and young people: what was found, in short sentences and large type, on one side of A4."""

from collections.abc import Iterator

from analysis.book.sentences.tiles import Tile
from analysis.papers.chart import dots_picture
from analysis.papers.facts import Facts
from analysis.papers.word import WordPaper

TITLE = "Can a computer tell which children need help?"
WHAT_IT_IS = (
    "Councils write records about children.",
    "Some computer programs read these records.",
    "They guess which child will need more help later.",
    "The guess is called a score.",
)
WHAT_IT_MEANS = (
    "A low score does not mean that a child is safe.",
    "A high score does not mean that a child is in danger.",
    "No program in this book may be used to decide about your child.",
)
FOUND = {
    "flagged children": "A program picked children out. For {count} in every {of} of them, things did not get worse.",
    "missed": "Some children did need more help later. The programs missed {count} in every {of} of them.",
}
TOO_FEW = "We cannot say how often they were wrong. There were too few children."
MADE_UP = "This book also has a practice run. The children in it are made up."
TO_ASK = (
    "Do you use a program like this?",
    "What does it say about my child, and who can see it?",
    "Who checks if it is right?",
    "How can I say that it is wrong?",
)


def easy_read(facts: Facts) -> bytes:
    """The paper as a Word file."""
    paper = WordPaper(TITLE, facts.cited, points=14, margin=1.8)
    paper.heading("What is this about?")
    paper.bullets(WHAT_IT_IS)
    paper.heading("What did we find?")
    for words, tile in what_was_found(facts):
        paper.bullets([words])
        if tile:
            alternative = f"{tile.of} dots, one for each child. {tile.count} of them are filled."
            paper.picture(dots_picture(tile), words=alternative, width=0.8 * tile.of)
    paper.heading("What does it mean?")
    paper.bullets(WHAT_IT_MEANS)
    paper.heading("What can you ask your council?")
    paper.bullets(TO_ASK)
    paper.paragraph(" ".join([facts.source, *([MADE_UP] if facts.synthetic else [])]), soft=True)
    return paper.content()


def what_was_found(facts: Facts) -> Iterator[tuple[str, Tile | None]]:
    """The answer in short sentences, each number in whole programs or whole children, with the share to be drawn."""
    where = "in England" if facts.synthetic else f"on the records of {facts.authorities}"
    if facts.passed is None:
        yield f"We tested programs {where}.", None
        yield "We cannot tell how good they are. There were too few children.", None
        return
    passing, tested = facts.passed
    yield f"{'Researchers' if facts.synthetic else 'We'} tested {tested} programs {where}.", None
    yield f"{'None of them' if passing == 0 else f'{passing} of them'} did well enough to pass the test.", None
    for about, words in FOUND.items():
        tile = facts.tile(about)
        yield (words.format(count=tile.count, of=tile.of) if tile else TOO_FEW), tile
