"""A draft data protection impact assessment: filled with what the run knows, marked where the authority must decide.

It follows the seven steps of the Information Commissioner's sample template as we know it. Nothing in it is legal
advice.
"""

from collections.abc import Sequence

from analysis.book.sentences.words import count, is_missing
from analysis.disclosure import Released
from analysis.escape import one_line
from analysis.papers.facts import Facts
from analysis.papers.members import closing
from analysis.papers.word import WordPaper

TITLE = "Draft data protection impact assessment"
SPECIMEN = "This copy is a specimen: it was filled from the invented records of the book's synthetic edition."
DRAFT = (
    "A draft for the authority's data protection officer, and no legal advice. It follows the seven steps of the "
    "Information Commissioner's sample template as its authors know it; compare it with the current one."
)
PREDICTORS = (
    "Age, gender, disability, ethnicity group and the month of the event.",
    "What was open on that day: need, child protection plan, being looked after.",
    "Earlier contacts, referrals, assessments, plans and periods of care, with their sources and recorded needs.",
    "The same of brothers and sisters, where a table of families was supplied.",
    "Words of documents, after redaction, where documents were supplied.",
)
PROCESSING = (
    "Records are read once, on the authority's own computer. Nothing is sent over a network.",
    (
        "Identifiers become pseudonyms made with a secret key that lies outside the results. Dates of birth are cut to "
        "the month. Names, addresses and numbers are taken out of the text by rules, which miss some."
    ),
    "Models are fitted to past cases, tested on other past cases, and not saved for use. No score is given out.",
    "Only tables that passed disclosure control leave the folder of records. The book is made from them alone.",
)
RETENTION = (
    "Child-level files lie in folders named child_level, readable by their owner alone, until the command "
    "“python -m analysis delete” removes them. The secret key and the record of earlier releases remain after it."
)
RISKS = (
    (
        "A child is recognised in what is published",
        (
            "Small counts are withheld; each release is compared with earlier "
            "ones; the run tries to work out what is withheld before it releases."
        ),
    ),
    (
        "A name stays in redacted text",
        ("Redacted text is still child-level and is never shown; only general words that many families share are."),
    ),
    (
        "A model or a score is used to decide about a child",
        ("No model is saved and no score is given out. Every page says that none may be used."),
    ),
    (
        "Records are read by someone who should not",
        (
            "Folders are closed to all but their owner; nothing listens on the "
            "network; the computer and its back-ups are the authority's to guard."
        ),
    ),
    (
        "A weak result is read as a good one, or an uncertain one as none",
        ("Intervals, chance, simple rules and the pass mark stand beside each score; what cannot be said is said."),
    ),
    (
        "Some groups of children are served worse",
        ("Errors are reported by group where a group is large enough; see the draft equality impact assessment."),
    ),
)


def data_protection_draft(facts: Facts) -> bytes:
    """The draft as a Word file."""
    paper = WordPaper(TITLE, facts.cited)
    paper.paragraph(DRAFT)
    if facts.synthetic:
        paper.paragraph(SPECIMEN, lead="Specimen.")
    _need(paper, facts)
    _processing(paper, facts)
    _consultation(paper)
    _necessity(paper, facts)
    paper.heading("Steps 5 and 6. Risks, and what is done about them")
    risks = [(risk, measure, "", "") for risk, measure in RISKS]
    headings = ("Risk", "What the program does", "Likelihood and severity (authority)", "Further measures (authority)")
    paper.table(headings, risks, widths=(4, 6.2, 3.2, 3.2))
    paper.heading("Step 7. Sign-off")
    paper.decide("who approves the measures and the remaining risk; the advice of the data protection officer; the day "
                 "of the next review.")  # fmt: skip
    paper.paragraph(closing(facts), soft=True)
    return paper.content()


def _need(paper: WordPaper, facts: Facts) -> None:
    paper.heading("Step 1. Why an assessment is needed")
    paper.paragraph(
        "Records of children, some of them about health, ethnicity and harm, are processed by new means and on a large "
        "scale, to find out whether machine learning can tell whose case will become serious. Whose records: "
        f"{facts.authorities}."
    )
    predictions = {outcome: facts.protocol.predictions[outcome] for _, outcome in facts.evidence.world}
    paper.paragraph("What is predicted:")
    paper.bullets(f"{outcome}. {prediction.question}" for outcome, prediction in predictions.items())


def _processing(paper: WordPaper, facts: Facts) -> None:
    paper.heading("Step 2. What is processed, and how")
    paper.bullets(PROCESSING)
    if facts.supplied is None:
        paper.decide(
            "what was supplied: lists, period, numbers of children and documents. The extract was read elsewhere."
        )
    else:
        headings = ("Authority", "Form and lists", "Observed", "Children", "Documents")
        paper.table(headings, supplied_rows(facts.supplied), widths=(2.6, 6.8, 3.2, 2, 2))
    if facts.lacks:
        paper.paragraph(facts.lacks)
    paper.paragraph("What the models may see of a case:")
    paper.bullets(PREDICTORS)
    paper.paragraph(RETENTION, lead="How long it is held.")
    paper.decide("the day on which that command is run, and what happens to the extract itself.")
    paper.paragraph("By the program: nobody. Whoever runs it has the records already.", lead="Who receives records.")
    paper.decide("who runs it, who may see the book before it is published, and to whom released tables are sent.")


def _consultation(paper: WordPaper) -> None:
    paper.heading("Step 3. Consultation")
    paper.paragraph("Nobody was consulted by the program.")
    paper.decide("how children, families, care leavers and social workers are asked, or why they are not; and who else "
                 "is: information security, the safeguarding partners, the supplier of the case system.")  # fmt: skip


def _necessity(paper: WordPaper, facts: Facts) -> None:
    paper.heading("Step 4. Necessity and proportion")
    paper.decide("the lawful basis under Article 6 of the UK GDPR; the condition for special category data under "
                 "Article 9 and, for criminal offence data, Article 10; and whether the purpose is compatible with "
                 "the one for which the records were made.")  # fmt: skip
    bold, rest = facts.answer
    paper.paragraph(f"{bold} {rest} {facts.source}", lead="What is known of whether it works.")
    paper.paragraph(facts.disclosure, lead="Small numbers.")
    paper.paragraph(
        "Columns that the analysis does not use are not read into it. The synthetic edition lets the program be tried "
        "without any record of a child.",
        lead="No more data than needed.",
    )
    paper.decide("how people are informed, and how requests for access, objection and erasure are met.")


def supplied_rows(supplied: Released) -> Sequence[Sequence[str]]:
    """What each authority put in, a row each; a withheld number is said to be withheld."""
    return [
        (
            row.authority,
            f"{row.source}. {row.lists}",
            f"{row.first_month} to {row.last_month}",
            _number(row.children),
            _number(row.documents),
        )
        for row in supplied.frame.map(lambda value: one_line(value) if isinstance(value, str) else value).itertuples()
    ]


def _number(value: object) -> str:
    return "withheld" if is_missing(value) else count(value)
