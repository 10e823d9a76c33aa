"""From checked tables to cases: who is in the study, what happened to them, and what was known beforehand.

Frames in, new frames out; nothing here reads or writes a file of a child's.
"""

from analysis.cohort.cases import Cohort, build_cohort, find_cases
from analysis.cohort.characteristics import characteristics
from analysis.cohort.documents import CaseDocuments, documents_before, documents_table
from analysis.cohort.giveaway import giveaway_variants, mask_giveaway_terms
from analysis.cohort.language import linguistic_features, unfitted_text
from analysis.cohort.leakage import audit
from analysis.cohort.lexicon import hard_sentences
from analysis.cohort.outcome_tables import outcome_by_year
from analysis.cohort.predictor_catalogue import PREDICTORS, Predictor
from analysis.cohort.predictor_values import predictors, predictors_table
from analysis.cohort.text_tables import topic_table, vulnerability_table
from analysis.cohort.vulnerabilities import lexicon_performance, vulnerabilities
from analysis.cohort.words import TextFeatures, WordCounts, word_counts

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
