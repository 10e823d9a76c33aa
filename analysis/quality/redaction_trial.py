"""How much redaction removes: documents whose identifiers are known, and sentences made to be hard.

No child's text is involved: the documents are invented by the generator, whatever data the run is on.
"""

import pandas as pd

from analysis.book.sentences.words import plural
from analysis.disclosure import Released, TableSpecification, release
from analysis.disclosure.catalogue import key, measure, setting
from analysis.disclosure.specification import EXPLORATORY
from analysis.protocol import Protocol
from analysis.quality.redaction_quality import NAMES_AT_LEAST, hard_sentences, redaction_quality, unlisted_sentences
from data_synthetic.england import labelled_text

DOCUMENTS = 500  # invented for the trial of redaction (ours)
SYNTHETIC, HARD, UNLISTED = "synthetic documents", "hard sentences", "sentences on people and places not listed"
KNOWN, STRANGER = "name that the extract knows", "name that nobody listed"
KINDS = {
    "name": KNOWN,
    "stranger": STRANGER,
    "relative": "relative whom nobody listed",
    "capitals": "name in a line of capitals",
    "professional": "professional by office",
    "misspelt": "listed name, misspelt",
    "plural": "family's name in the plural",
    "school": "school or nursery",
    "place": "town or other place",
    "event": "rare event",
    "nhs": "NHS number",
    "nino": "National Insurance number",
    "phone": "telephone number",
    "email": "e-mail address",
    "link": "link",
    "date": "date",
    "postcode": "postcode",
    "address": "street address",
    "plate": "number plate",
    "number": "other long number",
    "all": "all of them",
}

REDACTION = TableSpecification(
    "redaction",
    "How much redaction removes",
    "one set of texts and kind of identifier",
    (
        key("texts", "which texts"),
        key("kind", "kind of identifier"),
        setting("identifiers", "identifiers of this kind in the texts"),
        setting("removed", "how many are removed whole"),
        measure("recall", "share of them removed whole"),
        setting("passages", "passages removed as this kind"),
        measure("precision", "share of those passages that hold an identifier of some kind"),
    ),
    planned_by=EXPLORATORY,
)


def redaction_trial(protocol: Protocol) -> Released:
    """Recall and precision of redaction by kind of identifier, on invented documents and on hard sentences.

    The invented documents are redacted twice: knowing all names in them, as an extract with a table of names does,
    and knowing none, which gives the row of names that nobody listed. They come from a grammar whose few frames the
    rules know; the hard sentences say more of real notes, though whoever wrote the rules had read them.
    """
    documents = labelled_text(DOCUMENTS, seed=protocol.seeds.synthetic_england)
    texts = [document.text for document in documents]
    labels = [
        [(s.start, s.end, s.kind.removesuffix("_number")) for s in document.identifiers] for document in documents
    ]
    known = redaction_quality(texts, labels, {name for document in documents for name in document.names})
    unknown = redaction_quality(texts, labels, ()).query("kind == 'name'")
    unknown = unknown.assign(kind="stranger", passages=0, precision=float("nan"))
    sets = {SYNTHETIC: pd.concat([known, unknown]), HARD: redaction_quality(*hard_sentences())}
    sets[UNLISTED] = redaction_quality(*unlisted_sentences())
    frame = pd.concat([_in_words(table).assign(texts=name) for name, table in sets.items()])
    rules = protocol.disclosure
    return release(REDACTION, frame[list(REDACTION.column_names)], preset=rules.synthetic_data, rules=rules)


def read_redaction(trial: Released) -> str:
    """What was removed of the names that the extract knows and of those it does not, and whether that is enough."""
    frame = trial.frame.set_index(["texts", "kind"])
    found = {(texts, kind): frame.loc[(texts, kind)] for texts in (SYNTHETIC, HARD) for kind in (KNOWN, STRANGER)}
    known, stranger = (_share(found[SYNTHETIC, kind]) for kind in (KNOWN, STRANGER))
    hard_known, hard_stranger = (_share(found[HARD, kind]) for kind in (KNOWN, STRANGER))
    enough = found[SYNTHETIC, KNOWN]["recall"] > NAMES_AT_LEAST
    return (
        f"In the {SYNTHETIC}, {known} of the names that the extract knows are removed, "
        f"{'more' if enough else 'not more'} than the {NAMES_AT_LEAST:.0%} that redaction is held to; where nobody "
        f"listed them, {stranger} are. In the {HARD}, {hard_known} of the names that the extract knows are removed, "
        f"and {hard_stranger} of the others."
    )


def read_unlisted(trial: Released) -> str:
    """Of each kind of person, school and place that no list holds, how many were removed, the worst kind first."""
    frame = trial.frame[(trial.frame["texts"] == UNLISTED) & (trial.frame["identifiers"] > 0)]
    rows = frame[frame["kind"] != KINDS["all"]].sort_values("recall", kind="stable")
    kinds = [f"{row.kind} {int(row.removed)} of {int(row.identifiers)}" for row in rows.itertuples()]
    total = frame[frame["kind"] == KINDS["all"]].iloc[0]
    return (
        f"Of what the {UNLISTED} hold, {int(total['removed'])} of {plural(int(total['identifiers']), 'identifier')} "
        f"are removed whole. By kind, the worst first: {'; '.join(kinds)}. What was not removed stays in the text."
    )


def _share(row: pd.Series) -> str:
    return f"{int(row['removed']):,} of {plural(int(row['identifiers']), 'mention')}"


def _in_words(table: pd.DataFrame) -> pd.DataFrame:
    table = table.sort_values("kind", key=lambda kinds: kinds.map(list(KINDS).index))
    return table.assign(kind=table["kind"].map(KINDS))
