"""What a notebook opens: the data, the tables and the pages of a run."""
