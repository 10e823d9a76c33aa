"""A release as two people agree to it: what is to leave, every control with its result, and a second person's name."""
