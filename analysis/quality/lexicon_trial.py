"""How well the lexicon of vulnerabilities reads: documents whose answers are known, and sentences made to be hard.

No child's text is involved: the documents are invented by the generator, whatever data the run is on.
"""

import pandas as pd

from analysis.disclosure import Released, TableSpecification, release
from analysis.disclosure.catalogue import key, measure, setting
from analysis.disclosure.specification import EXPLORATORY
from analysis.protocol import Protocol
from analysis.text.lexicon import hard_sentences
from analysis.text.redact import redact
from analysis.text.vulnerabilities import lexicon_performance
from data_synthetic.england import labelled_text

DOCUMENTS = 500  # invented for the trial of the words of risk (ours)

LEXICON = TableSpecification(
    "lexicon",
    "How well the lexicon reads",
    "one set of texts whose answers are known",
    (
        key("texts", "which texts"),
        setting("mentions", "pairs of a text and a vulnerability that it affirms as current"),
        measure("precision", "share of what the lexicon finds that is so"),
        measure("recall", "share of what is so that the lexicon finds"),
        measure("precision_without_context", "precision of a reading that takes every mention as affirmed"),
        measure("recall_without_context", "recall of that reading"),
    ),
    planned_by=EXPLORATORY,
)


def lexicon_trial(protocol: Protocol) -> Released:
    """Precision and recall of the lexicon, with and without its reading of context.

    The invented documents are redacted first, as real ones are. They come from a grammar, whose few frames the
    lexicon knows; the hard sentences were labelled by hand before it was tried on them, and say more of real notes.
    """
    documents = labelled_text(DOCUMENTS, seed=protocol.seeds.synthetic_england)
    names = [name for document in documents for name in document.names]
    texts = redact([document.text for document in documents], names)
    on_documents = lexicon_performance(texts, [document.vulnerabilities for document in documents])
    rows = {
        "documents of the synthetic England, redacted": on_documents,
        "sentences written to be hard": lexicon_performance(*hard_sentences()),
    }
    overall = pd.concat([table[table["concept"] == "all"].assign(source=name) for name, table in rows.items()])
    frame = overall.rename(columns={"texts": "mentions"}).rename(columns={"source": "texts"})
    rules = protocol.disclosure
    return release(LEXICON, frame[list(LEXICON.column_names)], preset=rules.synthetic_data, rules=rules)
