"""Words for numbers and directions, always computed, so that a sentence is true of whatever data it is about."""
