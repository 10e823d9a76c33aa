"""A draft equality impact assessment: which groups were tested and with what result, and what remains to be decided."""

from collections.abc import Iterator, Sequence

import pandas as pd

from analysis.book.sentences.comparison import group_in_text, read_gaps, read_subgroup_pairs
from analysis.book.sentences.words import is_missing, label, listed, percentage, plural
from analysis.disclosure import Released
from analysis.papers.data_protection import SPECIMEN
from analysis.papers.facts import Facts, plain
from analysis.papers.members import closing
from analysis.papers.word import WordPaper
from analysis.tables.summaries import joint, subgroup_gaps

TITLE = "Draft equality impact assessment"
DRAFT = "A draft for whoever answers for equality in the authority. It is no legal advice."
NOT_TESTED = (
    "Religion or belief, sexual orientation, gender reassignment, marriage and civil partnership, pregnancy and "
    "maternity were not tested: the records that the program reads do not hold them in a form it can use. Nor was "
    "poverty, which is not a protected characteristic and matters as much. Not tested is not the same as no difference."
)
USED = (
    "Gender, disability and ethnicity group are among the facts that the models may use. The book says what changes "
    "when models are fitted without them."
)
HEADINGS = ("Characteristic", "Group", "Models that could be assessed", "Missed, of those with the outcome",
            "False alarms, of those flagged")  # fmt: skip


def equality_draft(facts: Facts) -> bytes:
    """The draft as a Word file."""
    paper = WordPaper(TITLE, facts.cited)
    paper.paragraph(DRAFT)
    if facts.synthetic:
        paper.paragraph(SPECIMEN, lead="Specimen.")
    paper.heading("1. What is assessed")
    paper.paragraph(
        f"A study of whether models can tell whose case will become serious, on cases of {facts.authorities}. No "
        "model is used to decide about a child."
    )
    paper.decide("whether this study, or a tool that it judges, is a policy or practice under the Public Sector "
                 "Equality Duty (Equality Act 2010, section 149).")  # fmt: skip
    paper.heading("2. Which groups were tested")
    subgroups = facts.protocol.subgroups
    paper.paragraph(
        f"Tested: {listed(map(label, subgroups.characteristics))}, with “not stated” as a group of its own. A group "
        f"with fewer than {plural(subgroups.smallest_positives, 'case')} with the outcome is too small to assess."
    )
    paper.paragraph(NOT_TESTED)
    paper.paragraph(USED)
    paper.heading("3. What was found")
    _results(paper, facts)
    paper.heading("4. What follows")
    for words in ("what the groups that cannot be assessed mean for the study, and who is asked about it.",
                  "whether a difference in errors would be acceptable, and to whom it would have to be explained.",
                  "what is done if a tool is used: who reviews errors by group, and how often."):  # fmt: skip
        paper.decide(words)
    paper.paragraph(closing(facts), soft=True)
    return paper.content()


def _results(paper: WordPaper, facts: Facts) -> None:
    subgroups = joint(facts.evidence.world, "subgroups")
    if subgroups is None:
        paper.paragraph("No result by group was released. That is no sign that there is no difference.")
        return
    for metric in ("missed", "wrongly_flagged"):
        gaps = subgroup_gaps(facts.evidence.world, metric)
        if gaps is not None:
            paper.paragraph(plain(read_gaps(gaps)))
    pairs = joint(facts.evidence.world, "subgroup_pairs")
    if pairs is not None:
        paper.paragraph(plain(read_subgroup_pairs(pairs)))
    paper.table(HEADINGS, list(group_rows(subgroups)))


def group_rows(subgroups: Released) -> Iterator[Sequence[str]]:
    """A row for each group: in how many models it could be assessed, and the range of its error rates over these."""
    for (characteristic, group), rows in subgroups.frame.groupby(["characteristic", "subgroup"], sort=False):
        known = rows[rows["assessable"].eq("yes")]
        assessed = f"{len(known)} of {len(rows)}"
        missed = _range(1 - known["recall"].astype("Float64"))
        alarms = _range(known["false_discovery_rate"].astype("Float64"))
        yield label(characteristic), group_in_text(str(group)), assessed, missed, alarms


def _range(values: pd.Series) -> str:
    """The lowest and the highest of some shares; that nothing can be said, where all are missing."""
    known = [float(value) for value in values if not is_missing(value)]
    if not known:
        return "cannot tell"
    low, high = percentage(min(known)), percentage(max(known))
    return low if low == high else f"{low} to {high}"
