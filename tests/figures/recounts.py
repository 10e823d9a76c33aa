"""Every recount of a sentence, by module and function."""

import recounts_of_comparisons
import recounts_of_models
import recounts_of_networks

RECOUNTS = recounts_of_models.READ | recounts_of_comparisons.READ | recounts_of_networks.READ
NO_NUMBERS = {
    "yardsticks.read_what_four_are": "the names of the variables",
    "next_authority.read_left_out": "the names of authorities",
    "supplied_scores.read_flagging": "a setting of the protocol",
    "supplied_scores.read_no_calibration": "the names of predictions",
    "network.read_search": "a record of how the planted values were found, tested in test_network_study",
}
"""Functions whose sentence counts nothing in a table, and what it says instead."""
