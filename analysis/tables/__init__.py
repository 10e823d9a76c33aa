"""Tables of several problems, derived from released tables alone."""
