"""For members of a council: the answer, four numbers, one chart and what to ask, on one side of A4."""

from analysis.book.sentences.tiles import Tile
from analysis.papers.chart import can_be_drawn, chart_picture, chart_words, finding
from analysis.papers.facts import Facts
from analysis.papers.word import WordPaper

TO_ASK = (
    (
        "On cases later than those it learned from: of 100 children flagged, how many had the outcome? How many who "
        "had it were missed?"
    ),
    "The same for girls and boys, for each age, each ethnic group and disabled children, with intervals?",
    "What was it compared with: chance, age alone, today's own rule?",
)
NOT_CONCLUDED = (
    "No model here may be used to decide about a child.",
    "A better or worse score does not mean a better or worse service.",
    "“No clear difference” does not mean “no difference”.",
)


def members_paper(facts: Facts) -> bytes:
    """The paper as a Word file."""
    paper = WordPaper(facts.cited.title, facts.cited, points=9, margin=1.5)
    bold, rest = facts.answer
    paper.paragraph(rest, lead=bold)
    if facts.tiles:
        paper.numbers([(tile_number(tile), tile.words) for tile in facts.tiles])
    paper.paragraph(f"{facts.source} {facts.whose}", soft=True)
    if facts.models is not None and can_be_drawn(facts.models):
        paper.heading(finding(facts))
        paper.picture(chart_picture(facts.models), words=chart_words(facts.models), width=13)
    paper.heading("Also found")
    paper.bullets(facts.also)
    paper.heading("What to ask of anyone who offers such a tool")
    paper.bullets(TO_ASK)
    paper.paragraph(" ".join(NOT_CONCLUDED), lead="What must not be concluded.")
    paper.paragraph(closing(facts), soft=True)
    return paper.content()


def tile_number(tile: Tile) -> str:
    """A large number as it is printed."""
    return f"{tile.count}{tile.joined}{tile.of}"


def closing(facts: Facts) -> str:
    """Where a paper comes from, in a line."""
    return f"Made from released tables alone. {facts.disclosure} {facts.cited.words}"
