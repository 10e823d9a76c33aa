"""Every recount of a sentence, by module and function."""

import recounts_of_comparisons
import recounts_of_models
import recounts_of_networks

RECOUNTS = recounts_of_models.READ | recounts_of_comparisons.READ | recounts_of_networks.READ
COUNTED_ELSEWHERE = {
    "evidence_map.areas_text": "claims/test_evidence_map.py",
    "evidence_map.evidence_text": "claims/test_evidence_map.py",
    "front_page.chart_note": "claims/test_front_page.py",
    "front_page.chart_title": "claims/test_front_page.py",
    "front_page.first_screen": "claims/test_front_page.py",
    "front_page.what_else": "claims/test_front_page.py",
    "guidance.guidance_text": "claims/test_evidence_map.py",
    "measures.models_shown": "claims/test_findings_recounted.py",
    "records.model_card": "figures/test_recounts.py",
    "supplied_scores.which_scores": "figures/test_score_sentences.py",
    "verdict.verdict": "figures/test_recounts.py",
    "yardstick_measures.beyond_four_variables": "claims/test_findings_recounted.py",
    "planted_causes.made_when": "figures/test_recounts.py",
    "self_test.made_when": "figures/test_recounts.py",
}
"""Sentences that are made of more than one released table, and the tests that count them again."""
NO_NUMBERS = {
    "yardsticks.read_what_four_are": "the names of the variables",
    "next_authority.read_left_out": "the names of authorities",
    "supplied_scores.read_flagging": "a setting of the protocol",
    "supplied_scores.read_no_calibration": "the names of predictions",
    "citation.how_to_cite": "the version and date of CITATION.cff",
    "measures.left_out": "the names of authorities",
    "next_authority.whose_leaks": "the names of authorities",
    "papers.papers_line": "links",
    "problem.definition": "the protocol's words, tested in test_definitions",
    "problem.period": "the first and last month of the records, tested in test_sentences",
    "network.read_search": "a record of how the planted values were found, tested in test_network_study",
}
"""Functions whose sentence counts nothing in a table, and what it says instead."""
