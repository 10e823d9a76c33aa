"""From checked tables to cases: who is in the study, what happened to them, and what was known beforehand.

Frames in, new frames out; nothing here reads or writes a file of a child's.
"""

from analysis.cohort.cases import Cohort, build_cohort, find_cases
from analysis.cohort.characteristics import characteristics
from analysis.cohort.predictor_catalogue import PREDICTORS, Predictor
from analysis.cohort.predictor_values import predictors, predictors_table
from analysis.cohort.tables import outcome_by_year
from analysis.leakage.audit import audit
from analysis.leakage.masking import giveaway_variants, mask_giveaway_terms
from analysis.text.documents import CaseDocuments, documents_before, documents_table
from analysis.text.language import linguistic_features, unfitted_text
from analysis.text.lexicon import hard_sentences
from analysis.text.tables import topic_table, vulnerability_table
from analysis.text.vulnerabilities import lexicon_performance, vulnerabilities
from analysis.text.words import TextFeatures, WordCounts, word_counts

__all__ = [
    "PREDICTORS",
    "CaseDocuments",
    "Cohort",
    "Predictor",
    "TextFeatures",
    "WordCounts",
    "audit",
    "build_cohort",
    "characteristics",
    "documents_before",
    "documents_table",
    "find_cases",
    "giveaway_variants",
    "hard_sentences",
    "lexicon_performance",
    "linguistic_features",
    "mask_giveaway_terms",
    "outcome_by_year",
    "predictors",
    "predictors_table",
    "topic_table",
    "unfitted_text",
    "vulnerabilities",
    "vulnerability_table",
    "word_counts",
]
