"""Pages, charts and sentences, from released tables alone."""
